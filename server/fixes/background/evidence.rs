//! Which task queue the project uses already, and where: its imports, what it declares and what is installed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::backend::Backend;
use super::project::{Project, imports_of};
use crate::syntax::python::PythonFile;

/// What speaks for each task queue.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Those that the project's files import, or name in Django's `INSTALLED_APPS`.
    pub imported: Vec<Backend>,
    /// The normalized names of the distributions that the project declares.
    pub declared: Vec<String>,
    /// The same of those that are installed.
    pub installed: Vec<String>,
    /// Whether the app is one of Django.
    pub django: bool,
    /// Whether the host is PythonAnywhere, which has neither Celery nor Redis, and where SQLite is at hand.
    pub pythonanywhere: bool,
}

impl Evidence {
    /// The task queue to use. What is imported counts more than what is declared, and that more than what happens to be
    /// installed; without anything, it is the one that needs the least around it.
    pub fn choose(&self) -> Backend {
        let fits = |backend: &Backend| {
            backend.works_with(self.django) && !(self.pythonanywhere && backend.needs_redis())
        };
        let named = |names: &[String], backend: Backend| {
            backend.distributions().iter().any(|one| names.iter().any(|name| name == one))
        };
        let candidates = || Backend::ALL.into_iter().filter(fits);
        candidates()
            .find(|backend| self.imported.contains(backend))
            .or_else(|| candidates().find(|backend| named(&self.declared, *backend)))
            .or_else(|| candidates().find(|backend| named(&self.installed, *backend)))
            .unwrap_or(if self.django && self.pythonanywhere { Backend::DjangoQ } else { Backend::Huey })
    }
}

/// The project's files that use a task queue.
pub(super) struct Users {
    files: Vec<(PathBuf, Arc<PythonFile>, Backend)>,
}

/// Where the project keeps its tasks, and what it makes them with.
pub(super) struct Existing {
    pub path: PathBuf,
    pub file: Arc<PythonFile>,
    /// What decorates the tasks there: `celery.task`, `shared_task`.
    pub decorator: Option<String>,
    /// The name of the queue or app that the file makes.
    pub instance: Option<String>,
}

impl Users {
    /// Looks through the project's files.
    pub fn find(project: &Project<'_>) -> Self {
        const WORDS: &[&str] =
            &["celery", "rq", "huey", "dramatiq", "django_q", "django.tasks", "django_tasks"];
        let mut files = Vec::new();
        for path in project.files() {
            let Some((source, _)) = project.snapshot().text(path) else { continue };
            if !WORDS.iter().any(|word| source.text().contains(word)) {
                continue;
            }
            let Some(file) = project.python(path) else { continue };
            for backend in Backend::ALL {
                let imports = imports_of(file.body())
                    .any(|import| backend.modules().iter().any(|module| import.is_from(module)));
                let is_settings =
                    path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("settings"));
                let installed = is_settings
                    && backend.modules().iter().any(|app| {
                        ["\"", "'"].iter().any(|quote| source.text().contains(&format!("{quote}{app}")))
                    });
                if imports || installed {
                    files.push((path.clone(), file.clone(), backend));
                }
            }
        }
        let mut users = Self { files };
        users.add_importers(project);
        users
    }

    /// Adds the files that take the queue or app from the file that makes it, and so need not import the task queue itself.
    fn add_importers(&mut self, project: &Project<'_>) {
        let made: Vec<(PathBuf, String, Backend)> = self
            .files
            .iter()
            .filter_map(|(path, file, backend)| {
                let name = file.body().iter().find_map(|stmt| instance(stmt, *backend))?;
                Some((path.clone(), name, *backend))
            })
            .collect();
        for (maker, name, backend) in made {
            for (path, file) in project.files_with(&format!("@{name}.")) {
                let known = self.files.iter().any(|(own, _, of)| own == path && *of == backend);
                let imports = imports_of(file.body())
                    .any(|import| import.binds() == name && project.files_of(path, &import).contains(&maker));
                if imports && !known {
                    self.files.push((path.to_owned(), file, backend));
                }
            }
        }
    }

    /// The task queues that are used.
    pub fn backends(&self) -> Vec<Backend> {
        self.files.iter().map(|(_, _, backend)| *backend).collect()
    }

    /// The module of the project that holds tasks of this kind already, or makes the queue: the nearest to a folder.
    pub fn existing(&self, backend: Backend, folder: &Path) -> Option<Existing> {
        let of_backend = self.files.iter().filter(|(_, _, own)| *own == backend);
        let all = of_backend.filter_map(|(path, file, _)| {
            let decorator = file.body().iter().find_map(|stmt| task_decorator(file, stmt, backend));
            let instance = file.body().iter().find_map(|stmt| instance(stmt, backend));
            let useful = decorator.is_some() || instance.is_some();
            useful.then(|| Existing { path: path.clone(), file: file.clone(), decorator, instance })
        });
        all.min_by_key(|one| {
            (one.decorator.is_none(), one.path.parent() != Some(folder), one.path.components().count())
        })
    }

    /// The name that the project gives to RQ's queue, as a word of a command line; empty for the usual one.
    pub fn queue_name(&self) -> String {
        let of_rq = self.files.iter().filter(|(_, _, own)| *own == Backend::Rq);
        let named = of_rq.flat_map(|(_, file, _)| file.body()).find_map(|stmt| {
            instance(stmt, Backend::Rq)?;
            let Stmt::Assign(assign) = stmt else { return None };
            let Expr::Call(call) = &*assign.value else { return None };
            match call.arguments.find_argument_value("name", 0)? {
                Expr::StringLiteral(text) => Some(text.value.to_str().to_owned()),
                _ => None,
            }
        });
        named.unwrap_or_default()
    }

    /// The file that makes the queue or app, and its name there.
    pub fn instance(&self, backend: Backend) -> Option<(&Path, &PythonFile, String)> {
        self.files.iter().filter(|(_, _, own)| *own == backend).find_map(|(path, file, _)| {
            let name = file.body().iter().find_map(|stmt| instance(stmt, backend))?;
            Some((path.as_path(), &**file, name))
        })
    }
}

fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

/// What decorates a task, without its arguments.
fn task_decorator(file: &PythonFile, stmt: &Stmt, backend: Backend) -> Option<String> {
    let Stmt::FunctionDef(def) = stmt else { return None };
    def.decorator_list.iter().find_map(|decorator| {
        let callee = match &decorator.expression {
            Expr::Call(call) => &*call.func,
            other => other,
        };
        backend.task_decorators().contains(&last_name(callee)?).then(|| file.slice(callee.range()).to_owned())
    })
}

/// The name that a statement of the module gives to a queue or app.
fn instance(stmt: &Stmt, backend: Backend) -> Option<String> {
    let Stmt::Assign(assign) = stmt else { return None };
    let (Some(Expr::Name(name)), Expr::Call(call)) = (assign.targets.first(), &*assign.value) else {
        return None;
    };
    let class = last_name(&call.func)?;
    let is_one = match backend {
        Backend::Celery => class == "Celery",
        Backend::Rq => class == "Queue",
        Backend::Huey => class.ends_with("Huey"),
        Backend::Dramatiq => class.ends_with("Broker"),
        Backend::DjangoQ | Backend::DjangoTasks => false,
    };
    is_one.then(|| name.id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_that_the_project_uses_is_taken() {
        let evidence =
            |imported: &[Backend], declared: &[&str], installed: &[&str], django, pythonanywhere| Evidence {
                imported: imported.to_vec(),
                declared: declared.iter().map(ToString::to_string).collect(),
                installed: installed.iter().map(ToString::to_string).collect(),
                django,
                pythonanywhere,
            };
        for (evidence, chosen) in [
            (evidence(&[], &[], &[], false, false), Backend::Huey),
            (evidence(&[], &[], &[], false, true), Backend::Huey),
            (evidence(&[], &[], &[], true, false), Backend::Huey),
            (evidence(&[], &[], &[], true, true), Backend::DjangoQ),
            (evidence(&[], &[], &["dramatiq"], false, false), Backend::Dramatiq),
            (evidence(&[], &["rq"], &["dramatiq"], false, false), Backend::Rq),
            (evidence(&[Backend::Celery], &["rq"], &[], false, false), Backend::Celery),
            (evidence(&[Backend::Celery], &["rq"], &[], false, true), Backend::Huey),
            (evidence(&[Backend::Celery], &["django-q2"], &[], true, true), Backend::DjangoQ),
            (evidence(&[Backend::DjangoTasks], &[], &[], true, true), Backend::DjangoTasks),
            (evidence(&[], &["django-q2"], &[], false, false), Backend::Huey),
            (evidence(&[], &["rq"], &[], true, false), Backend::Huey),
        ] {
            assert_eq!(evidence.choose(), chosen, "{evidence:?}");
        }
    }
}
