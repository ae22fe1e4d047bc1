//! One hosted app.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ruff_python_ast::PythonVersion;

use super::{Failure, Host, VisitorSees};
use crate::text::TextRange;

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
    /// Whether the host calls what `callable` names, without arguments that matter, and serves what it returns:
    /// `app:create_app()`.
    pub calls_factory: bool,
    /// How the host's processes load and call the app.
    pub process: Process,
    /// What limits a request.
    pub limits: Limits,
    /// The places of the configuration files that name the entry; empty when none does.
    pub places: Vec<ConfigPlace>,
    /// What its server reads when it starts: command lines and whole files; empty when nobody knows.
    pub told_in: Vec<ConfigPlace>,
}

/// How the host's processes load and call an app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Whether each worker loads the app for itself, after the fork; `None` for the host's default: uWSGI loads before
    /// (unless `lazy-apps`), gunicorn after (unless `preload_app`).
    pub loads_in_worker: Option<bool>,
    /// Whether uWSGI gives up when there is no app (`need-app`).
    pub needs_app: bool,
    /// Whether the app is called as ASGI says.
    pub is_asgi: bool,
    /// Environment variables that the configuration sets, with their values where they are known.
    pub environment: Vec<(String, Option<String>)>,
}

/// What limits a request; `None` stands for the host's default everywhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// After so many seconds the worker is killed: uWSGI's `harakiri`, gunicorn's `timeout`, mod_wsgi's `request-timeout`.
    /// 0 is no limit at all.
    pub request_seconds: Option<f64>,
    /// Worker processes.
    pub workers: Option<u32>,
    /// Threads in each worker process.
    pub threads: Option<u32>,
    /// gunicorn's worker class, as it is named.
    pub worker_class: Option<String>,
}

impl Eq for Limits {}

/// A place in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigPlace {
    /// The file, absolute.
    pub path: Arc<Path>,
    /// The range in its text (bytes).
    pub range: TextRange,
}

impl Deployment {
    /// Whether both load the same app in the same way, so that one verdict is enough for both.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let way = |one: &Self| (one.process.loads_in_worker, one.process.needs_app, one.process.is_asgi);
        self.host == other.host
            && self.entry == other.entry
            && self.module == other.module
            && self.callable == other.callable
            && self.calls_factory == other.calls_factory
            && way(self) == way(other)
    }

    /// Whether the processes that serve are forked after the app was loaded.
    pub fn loads_before_fork(&self) -> bool {
        match self.host {
            Host::Uwsgi | Host::PythonAnywhere => self.process.loads_in_worker != Some(true),
            Host::Gunicorn => self.process.loads_in_worker == Some(false),
            Host::ModWsgi | Host::Passenger => false,
        }
    }

    /// What a visitor gets when the app fails in this way.
    pub fn visitor_sees(&self, failure: Failure) -> VisitorSees {
        use Failure as F;
        let usual = self.host.visitor_sees(failure);
        let is_no_app = matches!(
            failure,
            F::Raises | F::RaisesBase | F::NoApplication | F::HiddenApplication | F::KeepsServerDown
        );
        match self.host {
            Host::Uwsgi if self.process.needs_app && is_no_app && usual == VisitorSees::ServerError => {
                // A worker that finds no app ends, and the master starts the next one, for ever.
                if self.loads_before_fork() { VisitorSees::BadGateway } else { VisitorSees::Timeout }
            }
            // The socket stays open while workers are started again and again.
            Host::Uwsgi
                if !self.loads_before_fork() && matches!(failure, F::Exits | F::Reloads | F::PortTaken) =>
            {
                VisitorSees::Timeout
            }
            // What ends gunicorn's master ends all of it.
            Host::Gunicorn
                if self.loads_before_fork()
                    && matches!(failure, F::Exits | F::Reloads | F::PortTaken | F::RaisesBase) =>
            {
                VisitorSees::BadGateway
            }
            // What kills late workers can be switched off, and a proxy gives up then.
            Host::Uwsgi | Host::Gunicorn
                if self.limits.request_seconds == Some(0.0) || self.serves_several() =>
            {
                if usual.is_late() {
                    VisitorSees::Timeout
                } else {
                    usual
                }
            }
            // Apache itself only gives up; the process goes on.
            Host::ModWsgi if self.limits.request_seconds.is_some_and(|seconds| seconds > 0.0) => {
                match failure {
                    F::OutlastsRequest | F::NeverAnswers => VisitorSees::KilledServerError,
                    _ => usual,
                }
            }
            _ => usual,
        }
    }

    /// Whether a worker of gunicorn goes on with other requests while one of them waits.
    pub fn serves_several(&self) -> bool {
        let class = self.limits.worker_class.as_deref().unwrap_or("sync");
        self.host == Host::Gunicorn
            && (self.limits.threads.is_some_and(|threads| threads > 1) || class != "sync")
    }

    /// Whether a few requests that wait keep all others waiting: PythonAnywhere gives two or three workers, and servers that are told
    /// nothing start one.
    pub fn has_few_workers(&self) -> bool {
        !self.serves_several() && self.limits.workers.is_none_or(|workers| workers <= 4)
    }

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
    /// A configuration file names it.
    Configuration,
    /// A file whose name only a host uses: `*_wsgi.py`, `wsgi.py`, `passenger_wsgi.py`, `*.wsgi`.
    FileName,
    /// A file that creates an application, in a project that has no other entry.
    CreatesApplication,
}
