//! Load: what happens when a host imports an entry and everything that it imports.
//!
//! The entry is executed abstractly, statement by statement, in Python's order: [`interp`] keeps the process and its
//! certainty, [`stmt`], [`expr`] and [`call`] execute, [`import`] and [`find`] load modules, [`library`] knows what libraries
//! do, [`application`] judges what is left under the callable's name.

mod ahead;
mod answer;
mod application;
mod attribute;
mod bindings;
mod branches;
mod call;
mod classes;
mod clock;
mod compare;
mod comparison;
pub(crate) mod comprehend;
mod data_class;
mod define;
mod dunder;
mod effect;
mod environment;
mod exceptions;
mod expr;
mod find;
mod folder;
mod fork;
mod format;
mod heap;
mod import;
pub(crate) mod inherit;
mod installed;
pub(crate) mod interp;
mod items;
mod iterate;
mod lacks;
pub(crate) mod library;
mod loops;
mod mentions;
mod module;
mod names;
mod ops;
mod patterns;
mod places;
mod progress;
mod read_only;
mod recursion;
mod rehearse;
mod rendezvous;
mod requirements;
pub(crate) mod respond;
mod reuse;
mod shape;
mod stmt;
mod templates;
mod typing;
mod urls;
pub(crate) mod value;

use std::path::Path;
use std::sync::Arc;

use typed_arena::Arena;

pub use ahead::while_reading_ahead;
pub use application::{Application, Candidates, Fault, Missing};
pub use bindings::Place;
pub use effect::{
    Block, BlockKind, Certainty, Effect, EffectKind, Exit, Phase, Raise, RaiseCause, Refusal, ServerStart,
    Site, StartOutcome, Step, StepKind, Window, Work,
};
pub use suggest::similar_names;

use crate::hosting::{Deployment, Host};
use crate::syntax::python::PythonFile;
use crate::text::{TextRange, suggest};
use crate::workspace::Snapshot;
use value::Id;

pub(crate) use interp::{Interp, Stop};
pub(crate) use places::{Places, Told};
use reuse::Known;
pub use reuse::Memory;

/// What one load does, in the order in which it happens.
#[derive(Clone, Debug)]
pub struct Load {
    /// What the host cares about, in order.
    pub effects: Vec<Effect>,
    /// The project's files that were executed, in the order in which they started; the entry comes first.
    pub modules: Vec<LoadedModule>,
    /// What is bound to the callable's name when the load is over.
    pub application: Application,
    /// Whether Django's `DEBUG` is on, where Django is used and that is known.
    pub django_debug: Option<bool>,
    /// Whether a name was passed over because somebody types there at the moment.
    pub half_typed: bool,
}

/// One project file that the load executed.
#[derive(Clone, Debug)]
pub struct LoadedModule {
    /// The dotted name under which it was imported.
    pub name: String,
    /// Its path, absolute.
    pub path: Arc<Path>,
    /// Its facts, for rules; the simulation asks the module's context, so that it is known what it read.
    pub file: Arc<PythonFile>,
}

impl Default for Load {
    /// A load that executed nothing.
    fn default() -> Self {
        let application = Application::NotReached;
        Self { effects: Vec::new(), modules: Vec::new(), application, django_debug: None, half_typed: false }
    }
}

/// Simulates the import of a deployment's entry, and hands the process that it leaves to `then`, together with the namespace
/// of the entry; that is `None` when the load did not come to its end or left nothing that could be asked. Pure: everything
/// is read from the snapshot, and `memory` only makes it cheaper.
pub(crate) fn simulate<T: Told>(
    snapshot: &Snapshot,
    deployment: &Deployment,
    memory: &mut Memory<T>,
    then: impl for<'a> FnOnce(&mut Interp<'a>, Option<Id>) -> T,
) -> (Load, T) {
    memory.recall(snapshot, deployment).unwrap_or_else(|| {
        let known = simulate_anew(snapshot, deployment, then);
        let mut told = known.told().clone();
        memory.remember(known);
        typing::follow(&mut told, snapshot, deployment.python);
        told
    })
}

fn simulate_anew<T: Told>(
    snapshot: &Snapshot,
    deployment: &Deployment,
    then: impl for<'a> FnOnce(&mut Interp<'a>, Option<Id>) -> T,
) -> Known<T> {
    let asked = Arc::default();
    let noting = snapshot.noting(Arc::clone(&asked));
    let environment = environment::Environment::find(&noting, deployment);
    let arena = Arena::new();
    let mut interp = Interp::new(&noting, deployment, &environment, &arena);
    let file = noting.python(&deployment.entry, deployment.python);
    let told = file.map(|file| run(&mut interp, file, then)).unwrap_or_default();
    Known::new(deployment, snapshot, asked, told, &interp.ran)
}

/// Imports the entry as its host does.
fn run<'a, T: Told>(
    interp: &mut Interp<'a>,
    file: Arc<PythonFile>,
    then: impl FnOnce(&mut Interp<'a>, Option<Id>) -> T,
) -> (Load, T) {
    let mut load = Load::default();
    let deployment = interp.deployment;
    let path: Arc<Path> = Arc::from(deployment.entry.as_path());
    let name = entry_name(interp.snapshot, deployment);
    let package = name.rsplit_once('.').map(|(package, _)| package);
    let ran = match package.map(|package| interp.import_module(package, TextRange::default())) {
        Some(Err(stop)) => Err(stop),
        Some(Ok(_)) | None => {
            let is_package = deployment.module.is_some() && is_package_file(&path);
            interp.run_module(&name, path, file, is_package)
        }
    };
    let mut entry = None;
    match ran {
        Ok(scope) => match interp.call_factory(scope) {
            Ok(()) => {
                load.application = interp.application(scope);
                interp.first_django_request();
                interp.check_allowed_hosts();
                interp.find_lost_workers(scope);
                entry = Some(scope).filter(|_| matches!(load.application, Application::Usable { .. }));
            }
            Err(Stop::Raise(exception)) => interp.effects.push(exception.effect),
            Err(Stop::Halt) => {}
        },
        Err(Stop::Raise(exception)) => interp.effects.push(exception.effect),
        Err(Stop::Halt) => {}
    }
    load.django_debug = interp.django_debug();
    let more = then(interp, entry);
    load.half_typed = interp.half_typed;
    load.effects = std::mem::take(&mut interp.effects);
    load.modules = std::mem::take(&mut interp.loaded);
    // The packages around the entry are executed before it.
    if let Some(at) = load.modules.iter().position(|module| *module.path == *deployment.entry) {
        load.modules[..=at].rotate_right(1);
    }
    (load, more)
}

/// The distributions of a deployment by their normalized names.
#[derive(Clone, Debug, Default)]
pub struct Distributions {
    /// Those that the project declares to need.
    pub declared: Vec<String>,
    /// Those that are installed in the virtual environment, with their versions, in order of their names.
    pub installed: Vec<(String, String)>,
}

/// What a deployment declares and has installed, as far as its files tell. Pure: everything is read from the snapshot.
pub fn distributions(snapshot: &Snapshot, deployment: &Deployment) -> Distributions {
    let environment = environment::Environment::find(snapshot, deployment);
    Distributions {
        declared: requirements::declared(snapshot, &deployment.root),
        installed: environment.distributions(),
    }
}

/// Whether a file is a package's own.
fn is_package_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "__init__.py")
}

/// The name under which the host imports the entry.
fn entry_name(snapshot: &Snapshot, deployment: &Deployment) -> String {
    let is_package = is_package_file(&deployment.entry);
    if let Some(module) = deployment.module.as_ref().filter(|module| is_package || module.contains('.')) {
        return module.clone();
    }
    let stem =
        deployment.entry.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    // A package of the same name beside the file is what an import of that name gives.
    let package = deployment.entry.with_extension("").join("__init__.py");
    match deployment.host {
        _ if snapshot.is_file(&package) => format!("{stem}_file"),
        Host::Uwsgi => format!("uwsgi_file_{stem}"),
        Host::ModWsgi => "_mod_wsgi_".to_owned(),
        Host::PythonAnywhere | Host::Gunicorn | Host::Passenger => stem,
    }
}
