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
    /// The name of the callable in that file.
    pub callable: String,
    /// The folder that is checked, absolute and normalized.
    pub root: PathBuf,
    /// Where the process starts, absolute.
    pub working_directory: PathBuf,
    /// The version of Python that the host runs, and whether it is known or only assumed.
    pub python: PythonVersion,
    /// Whether `python` was read from somewhere.
    pub python_is_known: bool,
    /// The virtual environment that the host uses, absolute.
    pub virtualenv: Option<PathBuf>,
    /// What says that this is a deployment.
    pub wiring: Wiring,
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
