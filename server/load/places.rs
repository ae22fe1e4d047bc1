//! Every place that a load tells of, for texts that have changed since they were executed.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::application::{Application, Fault, Missing};
use super::bindings::Place;
use super::effect::{Effect, EffectKind, RaiseCause, Site};
use super::{Candidates, Load};
use crate::text::TextRange;

/// Where the places of one executed text stand in another text of the same file.
pub(super) trait Movement {
    /// Where a place stands now; `None` when it was edited.
    fn moved(&self, range: TextRange) -> Option<TextRange>;

    /// Where a place stands now that only explains something, with all of the edit if it was edited.
    fn stretched(&self, range: TextRange) -> TextRange;
}

/// Gives the movement of a file.
pub(super) type Movements<'m> = &'m mut dyn FnMut(&Arc<Path>) -> Option<Rc<dyn Movement>>;

/// Moves every place of a load; `movement` gives the movement of a file, or nothing when its text is the one that was
/// executed. An effect whose own place was edited is dropped, for nobody knows what it has become.
pub(super) fn move_all((load, more): &mut (Load, impl Told), movement: Movements<'_>) {
    let mut places = Places { movement, known: FxHashMap::default(), last: None };
    more.move_places(&mut places);
    load.effects.retain_mut(|effect| places.effect(effect));
    let application = std::mem::replace(&mut load.application, Application::NotReached);
    load.application = places.application(application);
}

/// What else was found out from the process that a load leaves.
pub(crate) trait Told: Clone + Default {
    /// Moves every place that it tells of.
    fn move_places(&mut self, places: &mut Places<'_>);
}

impl Told for () {
    fn move_places(&mut self, _: &mut Places<'_>) {}
}

/// The places of a load that are being moved.
pub(crate) struct Places<'m> {
    movement: Movements<'m>,
    known: FxHashMap<Arc<Path>, Moved>,
    /// The answer before: most places stand beside others of the same file.
    last: Option<(Arc<Path>, Moved)>,
}

/// How the places of a file move, where they do.
type Moved = Option<Rc<dyn Movement>>;

impl Places<'_> {
    fn edit(&mut self, path: &Arc<Path>) -> Moved {
        if let Some((_, movement)) = self.last.as_ref().filter(|(last, _)| Arc::ptr_eq(last, path)) {
            return movement.clone();
        }
        let movement = match self.known.get(path) {
            Some(known) => known.clone(),
            None => {
                let movement = (self.movement)(path);
                self.known.insert(path.clone(), movement.clone());
                movement
            }
        };
        self.last = Some((path.clone(), movement.clone()));
        movement
    }

    /// Moves an effect; whether it is still there.
    pub fn effect(&mut self, effect: &mut Effect) -> bool {
        for step in &mut effect.trail {
            if let Some(edit) = self.edit(&step.site.path) {
                step.site.range = edit.stretched(step.site.range);
                step.statement = edit.stretched(step.statement);
            }
        }
        if let EffectKind::Raises(raise) = &mut effect.kind
            && let RaiseCause::MissingModule { bad_path_entry: Some((_, site)), .. } = &mut raise.cause
        {
            self.stretch(site);
        }
        // The place of a syntax error is one of the current text.
        if effect.kind == EffectKind::SyntaxError {
            return true;
        }
        let Some(edit) = self.edit(&effect.site.path) else { return true };
        let Some(range) = edit.moved(effect.site.range) else { return false };
        effect.site.range = range;
        effect.statement = edit.stretched(effect.statement);
        true
    }

    fn application(&mut self, application: Application) -> Application {
        match application {
            Application::NotReached => Application::NotReached,
            Application::Usable { bound_at, what } => {
                Application::Usable { bound_at: bound_at.and_then(|site| self.moved(site)), what }
            }
            Application::Missing(missing) => Application::Missing(self.missing(missing)),
            Application::Hidden(site) => {
                self.moved(site).map_or(Application::NotReached, Application::Hidden)
            }
            Application::Unusable { bound_at, mut fault, mut candidates } => {
                let Some(bound_at) = self.moved(bound_at) else { return Application::NotReached };
                if !self.fault(&mut fault) {
                    return Application::NotReached;
                }
                self.candidates(&mut candidates);
                Application::Unusable { bound_at, fault, candidates }
            }
        }
    }

    fn missing(&mut self, mut missing: Missing) -> Missing {
        let named = [&mut missing.similar, &mut missing.other_applications, &mut missing.factories];
        for (_, site) in named.into_iter().flatten() {
            self.stretch(site);
        }
        for site in [&mut missing.removed_at, &mut missing.star_import].into_iter().flatten() {
            self.stretch(site);
        }
        if let Some((place, site)) = &mut missing.elsewhere {
            if let Place::Condition(test) = place
                && let Some(edit) = self.edit(&site.path)
            {
                *test = edit.stretched(*test);
            }
            self.stretch(site);
        }
        missing
    }

    fn candidates(&mut self, candidates: &mut Candidates) {
        for (_, site) in &mut candidates.here {
            self.stretch(site);
        }
    }

    /// Moves the place of a fault; whether it is still there.
    fn fault(&mut self, fault: &mut Fault) -> bool {
        let site = match fault {
            Fault::NotCallable(_)
            | Fault::Factory { .. }
            | Fault::ClassNotInstance { .. }
            | Fault::Wsgi(_)
            | Fault::HoldsApplication { .. } => return true,
            Fault::WrongSignature { defined_at: site, .. } | Fault::Asgi { coroutine: site, .. } => {
                let Some(site) = site else { return true };
                site
            }
            Fault::ReturnsText(site)
            | Fault::ReturnsBytes(site)
            | Fault::ReturnsNothing { at: site, .. }
            | Fault::BadHeaders(site)
            | Fault::NeverStartsResponse(site) => site,
        };
        self.moved(site.clone()).map(|moved| *site = moved).is_some()
    }

    fn moved(&mut self, site: Site) -> Option<Site> {
        match self.edit(&site.path) {
            Some(edit) => Some(Site { range: edit.moved(site.range)?, path: site.path }),
            None => Some(site),
        }
    }

    /// Moves a place that only explains something.
    pub fn stretch(&mut self, site: &mut Site) {
        if let Some(edit) = self.edit(&site.path) {
            site.range = edit.stretched(site.range);
        }
    }

    /// The same for a range of a file.
    pub fn stretch_range(&mut self, path: &Arc<Path>, range: &mut TextRange) {
        if let Some(edit) = self.edit(path) {
            *range = edit.stretched(*range);
        }
    }
}
