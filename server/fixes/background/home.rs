//! The module that the task is written to: the project's own module of tasks, or a new one beside the handler.

use std::path::PathBuf;
use std::sync::Arc;

use super::backend::{Backend, Given};
use super::evidence::Users;
use super::project::{Project, imports_of};
use super::{Refusal, because};
use crate::syntax::python::PythonFile;

/// The module that the task is written to.
pub(super) struct Home {
    pub path: PathBuf,
    /// What it holds already; `None` when it is new.
    pub file: Option<Arc<PythonFile>>,
    /// Its dotted name.
    pub module: String,
    /// Whether it is the handler's own module.
    pub is_handlers: bool,
    /// Whether its import leads to the handler's module, so that the handler cannot import it at its top.
    pub in_circle: bool,
    /// The name of the queue or app there.
    pub instance: Option<String>,
    /// What decorates its tasks.
    pub decorator: Option<String>,
    /// Whether the project makes the queue or app somewhere.
    pub configured: bool,
    /// The name of RQ's queue, as the project gives it.
    pub queue: String,
    /// The module that a worker is told.
    pub worker_module: String,
}

impl Home {
    /// Finds the module.
    pub fn find(project: &Project<'_>, users: &Users, backend: Backend) -> Result<Self, Refusal> {
        let existing = users.existing(backend, project.folder());
        let made = users.instance(backend);
        let configured = made.is_some() || existing.is_some();
        let worker_module = made.as_ref().and_then(|(path, _, _)| project.module_name(path));
        let (path, file, decorator, instance) = match existing {
            Some(existing) => {
                // Tasks of a file that imports the queue are decorated with it, too.
                let imported =
                    made.as_ref().filter(|(path, ..)| **path != *existing.path).map(|(.., name)| name);
                let imported = imported
                    .filter(|name| imports_of(existing.file.body()).any(|one| one.binds() == name.as_str()));
                let instance = existing.instance.or_else(|| imported.cloned());
                (existing.path, Some(existing.file), existing.decorator, instance)
            }
            None => {
                let (path, file) = beside(project, backend);
                (path, file, None, None)
            }
        };
        let is_handlers = path == project.path;
        let Some(module) = project.module_name(&path) else {
            return Err(because("A worker cannot import a module from this folder."));
        };
        if is_handlers
            && project.surroundings.modules.iter().any(|(name, own)| **own == *path && *name != module)
        {
            return Err(because(
                "The tasks stand in the file that the host loads by its path, so a worker would know them by another name. Put them in a module of their own.",
            ));
        }
        if backend == Backend::Celery && configured && !keeps_results(project) {
            return Err(because(
                "Celery keeps no results in this project: give the app a `result_backend` first.",
            ));
        }
        if backend == Backend::Dramatiq && configured && project.files_with("Results(").next().is_none() {
            return Err(because(
                "Dramatiq keeps no results in this project: add its `Results` middleware to the broker first.",
            ));
        }
        let in_circle = !is_handlers && file.is_some() && project.leads_to(&path, project.path);
        let worker_module = worker_module.unwrap_or_else(|| module.clone());
        let queue = users.queue_name();
        Ok(Self {
            queue,
            path,
            file,
            module,
            is_handlers,
            in_circle,
            instance,
            decorator,
            configured,
            worker_module,
        })
    }

    /// What the module has already.
    pub fn given(&self, project: &Project<'_>) -> Given<'_> {
        Given {
            django: project.is_django(),
            instance: self.instance.as_deref(),
            decorator: self.decorator.as_deref(),
            configured: self.configured,
            django_tasks: django_tasks(project),
        }
    }

    /// Whether it binds a name.
    pub fn binds(&self, name: &str) -> bool {
        self.file.as_ref().is_some_and(|file| super::flow::bound(file.body()).contains(name))
    }

    /// How a file of the project imports it.
    pub fn import_path(&self, project: &Project<'_>, importer: &PythonFile) -> String {
        let beside = self.path.parent() == Some(project.folder());
        let relative = imports_of(importer.body()).any(|import| matches!(import.from, Some((1, _))));
        match self.path.file_stem() {
            Some(stem) if beside && relative => format!(".{}", stem.to_string_lossy()),
            _ => self.module.clone(),
        }
    }
}

/// `tasks.py` beside the handler; another name where that is taken by something else.
fn beside(project: &Project<'_>, backend: Backend) -> (PathBuf, Option<Arc<PythonFile>>) {
    for name in ["tasks.py", "background_tasks.py", "background_jobs.py"] {
        let path = project.folder().join(name);
        match project.python(&path) {
            None => return (path, None),
            // A module of the name that task queues look for; in a project with another one it may be anything.
            Some(file) if file.compiles() && (project.is_django() || uses(&file, backend)) => {
                return (path, Some(file));
            }
            Some(_) => {}
        }
    }
    (project.folder().join("jobs_for_the_worker.py"), None)
}

fn uses(file: &PythonFile, backend: Backend) -> bool {
    imports_of(file.body()).any(|import| backend.modules().iter().any(|module| import.is_from(module)))
        || super::flow::bound(file.body()).contains("job_status")
}

fn keeps_results(project: &Project<'_>) -> bool {
    let in_calls = project.files_with("Celery(").any(|(_, file)| file.source().text().contains("backend="));
    in_calls
        || ["result_backend", "RESULT_BACKEND"].iter().any(|word| project.files_with(word).next().is_some())
}

/// Django's own tasks, or their backport for older versions.
fn django_tasks(project: &Project<'_>) -> &'static str {
    let imports = |module: &str| {
        project
            .files_with(module)
            .any(|(_, file)| imports_of(file.body()).any(|import| import.is_from(module)))
    };
    if imports("django.tasks") {
        return "django.tasks";
    }
    let surroundings = project.surroundings;
    let backport = imports("django_tasks")
        || surroundings.declared.iter().chain(&surroundings.installed).any(|name| name == "django-tasks");
    let old = surroundings.django_version.as_ref().is_some_and(|version| {
        version.split('.').next().and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major < 6)
    });
    if old || (backport && surroundings.django_version.is_none()) { "django_tasks" } else { "django.tasks" }
}
