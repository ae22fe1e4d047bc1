//! Load: what happens when a host imports an entry and everything that it imports.

mod effect;

use std::path::Path;
use std::sync::Arc;

pub use effect::{Certainty, Effect, EffectKind, Site, Step, StepKind};

use crate::hosting::Deployment;
use crate::syntax::python::PythonFile;
use crate::workspace::Snapshot;

/// What one load does, in the order in which it happens.
#[derive(Debug, Default)]
pub struct Load {
    /// What the host cares about, in order.
    pub effects: Vec<Effect>,
    /// The project's files that were executed, in the order in which they started; the entry comes first.
    pub modules: Vec<LoadedModule>,
}

/// One project file that the load executed.
#[derive(Clone, Debug)]
pub struct LoadedModule {
    /// The dotted name under which it was imported.
    pub name: String,
    /// Its path, absolute.
    pub path: Arc<Path>,
    /// Its facts.
    pub file: Arc<PythonFile>,
}

/// Simulates the import of a deployment's entry. Pure: everything is read from the snapshot.
pub fn load(snapshot: &Snapshot, deployment: &Deployment) -> Load {
    let mut load = Load::default();
    let Some(file) = snapshot.python(&deployment.entry, deployment.python) else { return load };
    let path: Arc<Path> = Arc::from(deployment.entry.as_path());
    if let Some(problem) = file.problems().first() {
        load.effects.push(Effect {
            kind: EffectKind::SyntaxError,
            site: Site { path: path.clone(), range: problem.range },
            trail: Vec::new(),
            certainty: Certainty::Certain,
        });
    }
    load.modules.push(LoadedModule { name: "application".to_owned(), path, file });
    load
}
