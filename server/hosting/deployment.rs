//! One hosted app.

use std::path::PathBuf;

use ruff_python_ast::PythonVersion;

use super::Host;

/// One hosted app: who loads which file, and what it takes from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Who loads it.
    pub host: Host,
    /// The file that the host loads, absolute and normalized.
    pub entry: PathBuf,
    /// The dotted name under which the host imports the entry, such as `mysite.wsgi`; `None` when it is loaded by its path
    /// (`*.wsgi`, PythonAnywhere's file in `/var/www`).
    pub module: Option<String>,
    /// The name of the callable in that file.
    pub callable: String,
    /// The folder that is checked, absolute and normalized.
    pub root: PathBuf,
    /// Where the process starts, absolute: for a Django project the folder of `manage.py`, for a module of a package the
    /// folder that holds the package.
    pub working_directory: PathBuf,
    /// The project's folders on `sys.path` before the entry runs, absolute, in order. The checked folder is the last of
    /// them also where only a configuration that we did not see would put it there.
    pub search_path: Vec<PathBuf>,
    /// The version of Python that the host runs, known or assumed.
    pub python: PythonVersion,
    /// Whether `python` was read from somewhere.
    pub python_is_known: bool,
    /// The virtual environment that the host uses, absolute.
    pub virtualenv: Option<PathBuf>,
    /// What says that this is a deployment.
    pub wiring: Wiring,
}

impl Deployment {
    /// Whether the entry is a module of a package, so that hosts are told its dotted name.
    pub fn is_in_package(&self, snapshot: &crate::workspace::Snapshot) -> bool {
        self.module.as_ref().is_some_and(|module| module.contains('.'))
            || self.entry.parent().is_some_and(|folder| snapshot.is_file(&folder.join("__init__.py")))
    }
}

/// The place that says who serves what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wiring {
    /// The user named it.
    Named,
    /// A file whose name only a host uses: `*_wsgi.py`, `wsgi.py`, `passenger_wsgi.py`, `*.wsgi`.
    FileName,
    /// A file that creates an application, in a project that has no other entry.
    CreatesApplication,
}
