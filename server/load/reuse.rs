//! From one keystroke to the next: a load is simulated anew only when something changed that it read.
//!
//! A load reads the statements of its modules and the bodies of the functions that are called meanwhile, which are few.
//! When a text changed elsewhere (in another function, in a comment, in a blank line), the load before is the load now, at
//! other places.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;
use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::Shifts;
use super::effect::EffectKind;
use super::module::{ModuleContext, Reads};
use super::places::{Told, move_all};
use super::typing::edits_alias;
use super::{Load, typing};
use crate::hosting::Deployment;
use crate::syntax::python::PythonFile;
use crate::text::TextRange;
use crate::workspace::{Asked, Question, Snapshot};

/// The newest loads of some deployments. It makes the next ones cheaper and changes no result.
#[derive(Debug, Default)]
pub struct Memory<T> {
    known: Vec<Known<T>>,
}

/// A load, with all that it depends on.
#[derive(Debug)]
pub(super) struct Known<T> {
    deployment: Deployment,
    snapshot: Snapshot,
    asked: Arc<Asked>,
    /// The load, and what was found out from the process that it left, at the places of the texts that were executed.
    told: (Load, T),
    files: FxHashMap<Arc<Path>, FileKnown>,
}

/// What a load executed of one file.
#[derive(Debug)]
struct FileKnown {
    executed: Arc<PythonFile>,
    compiled: bool,
    reads: Reads,
}

impl<T> Memory<T> {
    /// Whether nothing is known yet.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Forgets the loads of all other deployments.
    pub fn keep(&mut self, deployments: &[Deployment]) {
        self.known.retain(|known| deployments.contains(&known.deployment));
    }

    /// The load of a deployment, when nothing changed that it depends on.
    pub(super) fn recall(&self, snapshot: &Snapshot, deployment: &Deployment) -> Option<(Load, T)>
    where
        T: Told,
    {
        let known = self.known.iter().filter(|known| known.deployment == *deployment);
        known.filter_map(|known| known.load_in(snapshot)).next()
    }

    /// Remembers a load; of each deployment one without and one with a half-typed file, for people go back and forth.
    pub(super) fn remember(&mut self, new: Known<T>)
    where
        T: Told,
    {
        self.known.retain(|old| old.deployment != new.deployment || old.half_typed() != new.half_typed());
        self.known.push(new);
    }
}

impl<T: Told> Known<T> {
    /// What there is to know when a load is over; `told` is at the places of the texts that were executed.
    pub fn new(
        deployment: &Deployment,
        snapshot: &Snapshot,
        asked: Arc<Asked>,
        told: (Load, T),
        ran: &[Rc<ModuleContext<'_>>],
    ) -> Self {
        let mut files: FxHashMap<Arc<Path>, FileKnown> = FxHashMap::default();
        for module in ran {
            let now = snapshot.python(&module.path, deployment.python);
            let compiled = now.is_some_and(|file| file.compiles());
            let known = files.entry(module.path.clone()).or_insert_with(|| FileKnown {
                executed: module.executed(),
                compiled,
                reads: Reads::default(),
            });
            known.reads.add(&module.reads.borrow());
        }
        Self { deployment: deployment.clone(), snapshot: snapshot.clone(), asked, told, files }
    }

    /// What was found out, at the places of the texts that were executed.
    pub fn told(&self) -> &(Load, T) {
        &self.told
    }

    /// Whether the load itself came to a file that does not compile. Where only a request does, the place of the mistake is told
    /// among what requests do.
    fn tells_of_syntax_while_loading(&self, path: &Path) -> bool {
        let effects = &self.told.0.effects;
        effects.iter().any(|effect| effect.kind == EffectKind::SyntaxError && *effect.site.path == *path)
    }

    fn half_typed(&self) -> bool {
        self.files.values().any(|file| !file.compiled)
    }

    /// This load as it is in another snapshot; `None` when it may be a different one there.
    fn load_in(&self, snapshot: &Snapshot) -> Option<(Load, T)> {
        let python = self.deployment.python;
        let mut shifts: FxHashMap<&Path, Rc<Shifts>> = FxHashMap::default();
        let edited = snapshot.edited_since(&self.snapshot)?;
        for (path, file) in self.files.iter().filter(|(path, _)| !edited.contains(&&***path)) {
            if file.is_read_where_typed(&file.executed, self.snapshot.typed_word(path))
                || file.is_read_where_typed(&file.executed, snapshot.typed_word(path))
            {
                return None;
            }
        }
        for path in edited {
            if self.asked.was(path, Question::Text) {
                return None;
            }
            if self.asked.was(path, Question::Python) {
                let now = snapshot.python(path, python)?;
                let known = self.files.get(path).filter(|known| known.compiled == now.compiles())?;
                let runs =
                    if known.compiled { now.clone() } else { snapshot.last_good_python(path, python)? };
                let typed = known.is_read_where_typed(&known.executed, self.snapshot.typed_word(path))
                    || known.is_read_where_typed(&runs, snapshot.typed_word(path));
                let saved = snapshot.is_unsaved(path) == self.snapshot.is_unsaved(path);
                let half_typed = !known.compiled
                    && (edits_alias(&runs, &now) || !self.tells_of_syntax_while_loading(path));
                if typed || !saved || half_typed {
                    return None;
                }
                shifts.insert(path, Rc::new(known.shifts_to(&runs)?));
            }
        }
        let mut told = self.told.clone();
        move_all(&mut told, &mut |path| Some(shifts.get(&**path)?.clone()));
        if shifts.values().any(|shifts| shifts.lost.get()) {
            return None;
        }
        let load = &mut told.0;
        for module in load.modules.iter_mut().filter(|module| shifts.contains_key(&*module.path)) {
            module.file = snapshot.python(&module.path, python)?;
        }
        for effect in &mut load.effects {
            if effect.kind == EffectKind::SyntaxError && shifts.contains_key(&*effect.site.path) {
                let file = snapshot.python(&effect.site.path, python)?;
                effect.site.range = file.problems().first()?.range;
            }
        }
        typing::follow(&mut told, snapshot, python);
        Some(told)
    }
}

impl FileKnown {
    /// Whether the dotted name at which somebody types stands in what was read; `now` is like what was executed, but for
    /// what was not read. While a file does not compile, nobody asks for that name.
    fn is_read_where_typed(&self, now: &PythonFile, word: Option<TextRange>) -> bool {
        word.is_some_and(|word| self.compiled && self.reads.reach(self.executed.body(), now.body(), word))
    }

    /// Where everything that was read stands in another text; `None` when some of it changed.
    fn shifts_to(&self, runs: &Arc<PythonFile>) -> Option<Shifts> {
        // What became of a half-typed statement depends on where the edit is; a file that never compiled was not executed.
        if self.reads.stumbled || !self.executed.compiles() {
            return None;
        }
        if Arc::ptr_eq(&self.executed, runs) {
            return Some(Shifts::none(runs));
        }
        if self.reads.whole || self.reads.changes && self.executed.changes() != runs.changes() {
            return None;
        }
        Shifts::between(&self.executed, runs, &self.reads)
    }
}

impl Reads {
    /// Whether a place of the second tree, which is like the first as far as that was read, stands in what was read.
    fn reach(&self, old: &[Stmt], new: &[Stmt], place: TextRange) -> bool {
        let around = |stmts: &[Stmt]| stmts.iter().position(|stmt| stmt.range().intersect(place).is_some());
        let Some((old, new)) = around(new).and_then(|at| Some((old.get(at)?, new.get(at)?))) else {
            return false;
        };
        let within = |body: &[Stmt]| body.first().is_some_and(|first| first.start() <= place.start());
        match (old, new) {
            (Stmt::FunctionDef(a), Stmt::FunctionDef(b)) if within(&b.body) => {
                self.looked_into.contains(&a.range)
                    || self.entered.contains(&a.range) && self.reach(&a.body, &b.body, place)
            }
            (Stmt::ClassDef(a), Stmt::ClassDef(b)) if within(&b.body) => self.reach(&a.body, &b.body, place),
            _ => true,
        }
    }

    fn add(&mut self, other: &Self) {
        let join = |all: &mut FxHashSet<TextRange>, more: &FxHashSet<TextRange>| all.extend(more);
        join(&mut self.entered, &other.entered);
        join(&mut self.looked_into, &other.looked_into);
        self.whole |= other.whole;
        self.stumbled |= other.stumbled;
        self.changes |= other.changes;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::hosting::{Overrides, discover};
    use crate::text::Source;
    use crate::workspace::{FileStore, Overlay, Settings};

    const ENTRY: &str = "/site/wsgi.py";
    const TEXT: &str = "\
from flask import Flask

application = Flask(__name__)


class Shop:
    def open(self):
        return 1


def name():
    return __name__


@application.route('/')
def index():
    return 'Hello'


print(name())
";

    /// A session with one open file, whose first text is [`TEXT`].
    struct Session {
        store: Arc<FileStore>,
        before: Arc<Overlay>,
        memory: Memory<()>,
    }

    impl Session {
        fn new() -> Self {
            let before = Arc::new(Overlay::new(Source::new(TEXT), None));
            let mut session = Self { store: Arc::default(), before, memory: Memory::default() };
            assert!(!session.recalls(TEXT), "nothing is known at first");
            session
        }

        /// Whether the load of this text is known already; it is afterwards.
        fn recalls(&mut self, text: &str) -> bool {
            let overlay = Arc::new(Overlay::new(Source::new(text), self.before.newest_good()));
            self.before = overlay.clone();
            let overlays = std::iter::once((ENTRY.into(), overlay)).collect();
            let snapshot = Snapshot::with_overlays(self.store.clone(), overlays);
            let root = Path::new("/site");
            let settings = Settings { entry: Some(ENTRY.into()), ..Settings::default() };
            let deployment = discover(&snapshot, root, &settings, &Overrides::default()).unwrap().remove(0);
            let known = self.memory.recall(&snapshot, &deployment).is_some();
            super::super::simulate(&snapshot, &deployment, &mut self.memory, |_, _| ());
            known
        }

        /// Whether the load is known after one piece of the first text was replaced.
        fn survives(old: &str, new: &str) -> bool {
            assert!(TEXT.contains(old));
            Self::new().recalls(&TEXT.replacen(old, new, 1))
        }
    }

    #[test]
    fn what_a_load_does_not_read_does_not_change_it() {
        assert!(Session::survives("Flask\n", "Flask\n\n# A comment.\n"));
        assert!(Session::survives("    return 'Hello'", "    page = 1\n    return page"));
        assert!(Session::survives("        return 1", "        return 2"));
        assert!(Session::survives("def name():", "\n\ndef name():"));
    }

    #[test]
    fn what_a_load_reads_changes_it() {
        // A statement, a function that is called, the head of one that is not, and what a call of it gives.
        assert!(!Session::survives("print(", "print(2, "));
        assert!(!Session::survives("return __name__", "return 1"));
        assert!(!Session::survives("def index():", "def index(page):"));
        assert!(!Session::survives("return 'Hello'", "yield 'Hello'"));
        assert!(!Session::survives("class Shop:\n", "class Shop:\n    size = 1\n"));
    }

    #[test]
    fn both_sides_of_a_half_typed_line_stay_known() {
        let mut session = Session::new();
        let half = TEXT.replace("return 'Hello'", "return (");
        assert!(!session.recalls(&half));
        assert!(session.recalls(&half.replace("return (", "return (1")));
        assert!(session.recalls(&TEXT.replace("return 'Hello'", "return (1)")));
        assert!(session.recalls(&half.replace("return (", "return (1).")));
    }
}
