//! The refactoring that moves work to a background task: offered on findings that ask for it, on a selection and on a call.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp_server::ls_types::{Diagnostic, Location, Uri};

use super::convert::{self, path_of};
use super::results::{FileEdits, Results, View};
use super::session::Session;
use crate::fixes::background::{Offer, Refusal, move_to_background};
use crate::rules::background::{named_modules, surroundings};
use crate::text::{self, Encoding, Source, TextRange, offset_of};

/// The rules whose findings are mended by moving the work.
pub const ASKED_BY: &[&str] = &["slow-request", "unbounded-wait", "heavy-work-in-request"];

/// A refactoring in the client's terms.
#[derive(Debug)]
pub struct Refactoring {
    /// What it does, in the imperative.
    pub title: String,
    /// The edits, one entry for each file.
    pub edits: Vec<FileEdits>,
    /// What is left to do by hand.
    pub next_steps: String,
}

/// What is offered for a range: a refactoring, or the reason why it is refused; `None` where nobody would expect one.
pub type Offered = Option<Result<Refactoring, String>>;

/// What is offered for each of some places, in order; `None` in files that belong to no deployment.
///
/// It looks at more of the project than an analysis does, and only when somebody asks.
pub async fn refactorings(session: &Arc<Session>, results: &Results, places: Vec<Location>) -> Vec<Offered> {
    let (encoding, spelled) = session.with(|state| (state.features.encoding, state.spelled.clone()));
    // The versions that were analysed: a client refuses an edit of a text that has changed since.
    let versions = results.files.iter().filter_map(|(uri, report)| Some((uri.clone(), report.version?)));
    let terms = Terms { encoding, spelled, versions: versions.collect() };
    let offered = session.look(move |view| places.iter().map(|place| look(view, &terms, place)).collect());
    offered.await.unwrap_or_default()
}

/// The places at which the work behind a finding can be moved: its own, and those of the calls that lead there, because what
/// a function does is moved where a handler calls it. Nearest first.
pub fn places_of(uri: &Uri, diagnostic: &Diagnostic) -> Vec<Location> {
    let own = Location { uri: uri.clone(), range: diagnostic.range };
    let related = diagnostic.related_information.iter().flatten().rev().map(|one| one.location.clone());
    std::iter::once(own).chain(related).collect()
}

/// What turns our terms into the client's.
struct Terms {
    encoding: Encoding,
    spelled: HashMap<PathBuf, Uri>,
    versions: HashMap<Uri, i32>,
}

fn look(view: &View, terms: &Terms, place: &Location) -> Offered {
    let path = path_of(&place.uri)?;
    let judged = view.judged(&path)?;
    let (source, _) = view.snapshot.text(&path)?;
    let around = surroundings(&view.snapshot, &judged.deployment, named_modules(&judged.load.modules));
    let at = |place| offset_of(&source, convert::position(place), terms.encoding);
    let (start, end) = (at(place.range.start), at(place.range.end));
    match move_to_background(&around, &path, TextRange::new(start, end.max(start))) {
        Ok(offer) => terms.refactoring(view, offer).map(Ok),
        Err(Refusal::Because(reason)) => Some(Err(reason)),
        Err(Refusal::NotHere) => None,
    }
}

impl Terms {
    fn refactoring(&self, view: &View, offer: Offer) -> Option<Refactoring> {
        let mut by_file: Vec<(Arc<Path>, Vec<text::TextEdit>)> = Vec::new();
        for (path, edit) in offer.edits {
            match by_file.iter_mut().find(|(own, _)| *own == path) {
                Some((_, edits)) => edits.push(edit),
                None => by_file.push((path, vec![edit])),
            }
        }
        let edits = by_file.into_iter().map(|(path, mut edits)| {
            let uri = self.spelled.get(&*path).cloned().or_else(|| convert::uri_of(&path))?;
            let known = view.snapshot.text(&path);
            let creates = known.is_none();
            let source = known.map_or_else(|| Source::new(""), |(source, _)| source);
            edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
            let edits = convert::text_edits(&source, &edits, self.encoding);
            Some(FileEdits { version: self.versions.get(&uri).copied(), uri, edits, creates })
        });
        let edits: Option<Vec<FileEdits>> = edits.collect();
        Some(Refactoring { title: offer.title, edits: edits?, next_steps: offer.next_steps })
    }
}
