//! Deployments, found by the names of files, and by what the user says.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::entry_file::{self, DEFAULT_CALLABLE};
use super::evidence;
use super::python_version::{self, Interpreter};
use super::wiring::{self, Deployer};
use super::{Deployment, DiscoveryError, Host, Limits, Process, Wiring};
use crate::syntax::config::ConfigKind;
use crate::workspace::{Settings, Snapshot, normalize, walk};

/// What the command line and the environment say; it wins over all settings, except that the active environment only
/// counts where no setting names one.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The host.
    pub host: Option<Host>,
    /// The entry, relative to the checked folder.
    pub entry: Option<PathBuf>,
    /// The virtual environment that is active where we run (`VIRTUAL_ENV`).
    pub active_virtualenv: Option<PathBuf>,
}

/// What is looked for, for the message that says that nothing was found.
pub const LOOKED_FOR: &str = "`*_wsgi.py` (PythonAnywhere), `wsgi.py`, `passenger_wsgi.py`, `*.wsgi`, and a `flask_app.py`, \
     `app.py` or `main.py` that creates an application";

/// Scripts that are entries where nothing else is, best first.
const SCRIPTS: [&str; 3] = ["flask_app.py", "app.py", "main.py"];

/// Folders whose files are examples of entries, not entries.
const SAMPLE_FOLDERS: [&str; 8] =
    ["doc", "docs", "project_name", "template", "templates", "test", "testing", "tests"];

/// What a folder holds.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The hosted apps.
    pub deployments: Vec<Deployment>,
    /// The configuration files, but for examples and templates.
    pub configurations: Vec<PathBuf>,
}

/// Finds the deployments of a folder (absolute, normalized).
///
/// # Errors
/// When the user named a host, an entry or a version that cannot be used.
pub fn discover(
    snapshot: &Snapshot,
    root: &Path,
    settings: &Settings,
    overrides: &Overrides,
) -> Result<Vec<Deployment>, DiscoveryError> {
    survey(snapshot, root, settings, overrides).map(|found| found.deployments)
}

/// Finds the deployments and the configuration files of a folder (absolute, normalized). Whoever names an entry on the command line
/// wants to know of that alone.
///
/// # Errors
/// When the user named a host, an entry or a version that cannot be used.
pub fn survey(
    snapshot: &Snapshot,
    root: &Path,
    settings: &Settings,
    overrides: &Overrides,
) -> Result<Found, DiscoveryError> {
    let named_host = match (&overrides.host, &settings.host) {
        (Some(host), _) => Some(*host),
        (None, Some(name)) => {
            Some(Host::from_name(name).ok_or_else(|| DiscoveryError::UnknownHost(name.clone()))?)
        }
        (None, None) => None,
    };
    let interpreter = python_version::find(snapshot, root, settings, overrides)?;
    let search = Search { snapshot, root, settings, named_host, interpreter };
    match overrides.entry.as_ref().or(settings.entry.as_ref()) {
        Some(entry) => {
            let path = normalize(&root.join(entry));
            if !snapshot.is_file(&path) {
                return Err(DiscoveryError::MissingEntry(path));
            }
            let configurations =
                if overrides.entry.is_none() { search.files(ConfigKind::may_be) } else { Vec::new() };
            Ok(Found { deployments: vec![search.named(path)], configurations })
        }
        None => Ok(search.found()),
    }
}

/// What configuration files describe.
struct Told {
    deployments: Vec<Deployment>,
    /// The entries that they give to servers which are no hosts of ours.
    served_elsewhere: Vec<PathBuf>,
    /// Configuration files that only they name.
    more: Vec<PathBuf>,
}

struct Search<'a> {
    snapshot: &'a Snapshot,
    root: &'a Path,
    settings: &'a Settings,
    named_host: Option<Host>,
    interpreter: Interpreter,
}

impl Search<'_> {
    /// The deployment of an entry that the user named: it is taken as it is.
    fn named(&self, entry: PathBuf) -> Deployment {
        let name = file_name(&entry);
        let host = match name_host(name) {
            Some(Host::Uwsgi) | None => {
                evidence::host_of(self.snapshot, self.root, &entry).unwrap_or(Host::Uwsgi)
            }
            Some(host) => host,
        };
        self.deployment(entry, host, DEFAULT_CALLABLE, Wiring::Named)
    }

    /// The files below the checked folder whose names are wanted.
    fn files(&self, wanted: impl Fn(&std::ffi::OsStr) -> bool) -> Vec<PathBuf> {
        let mut files = walk(self.snapshot, self.root, &self.settings.exclude, wanted);
        files.retain(|path| !self.is_sample(path));
        files
    }

    fn found(&self) -> Found {
        let is_entry = |name: &std::ffi::OsStr| {
            name.to_str().is_some_and(|name| name_host(name).is_some() || SCRIPTS.contains(&name))
        };
        let wanted = |name: &std::ffi::OsStr| is_entry(name) || ConfigKind::may_be(name);
        let (files, mut configurations): (Vec<PathBuf>, Vec<PathBuf>) =
            self.files(wanted).into_iter().partition(|path| path.file_name().is_some_and(is_entry));
        let told = self.by_configuration(&configurations);
        configurations.extend(told.more);
        let deployments = self.deployments(&files, told.deployments, &told.served_elsewhere);
        Found { deployments, configurations }
    }

    fn deployments(
        &self,
        files: &[PathBuf],
        told: Vec<Deployment>,
        served_elsewhere: &[PathBuf],
    ) -> Vec<Deployment> {
        let on_pythonanywhere = files
            .iter()
            .map(|path| file_name(path))
            .any(|name| name_host(name) == Some(Host::PythonAnywhere) && is_domain(name));
        let mut entries: Vec<Deployment> = files
            .iter()
            .filter(|path| !told.iter().any(|known| known.entry == **path) && !self.is_copy(path, files))
            .filter_map(|path| self.by_name(path, on_pythonanywhere))
            .collect();
        entries.extend(told);
        entries.sort_by_cached_key(|one| (one.entry.components().count(), one.entry.clone()));
        if !entries.is_empty() {
            return entries;
        }
        let mut scripts: Vec<&PathBuf> =
            files.iter().filter(|path| !served_elsewhere.contains(path)).collect();
        // The walk sorts by name; inside one folder the host's own name comes first.
        scripts.sort_by_key(|path| {
            let rank = SCRIPTS.iter().position(|name| *name == file_name(path));
            (path.components().count(), path.parent(), rank)
        });
        let mut deployments: Vec<Deployment> = Vec::new();
        for path in scripts {
            if deployments.iter().any(|known| known.entry.parent() == path.parent()) {
                continue;
            }
            deployments.extend(self.by_content(path));
        }
        deployments
    }

    /// What configuration files describe. What is described more than once is one deployment.
    fn by_configuration(&self, configs: &[PathBuf]) -> Told {
        let deployer = Deployer { snapshot: self.snapshot, root: self.root, interpreter: &self.interpreter };
        let mut deployments: Vec<Deployment> = Vec::new();
        let mut of_entry: FxHashMap<PathBuf, Vec<usize>> = FxHashMap::default();
        let mut elsewhere = Vec::new();
        let (launches, more) = wiring::find(self.snapshot, self.root, configs);
        for launch in launches {
            let Some((entry, deployment)) = deployer.deploy(&launch) else { continue };
            let Some(mut deployment) = deployment else {
                elsewhere.push(entry);
                continue;
            };
            if self.named_host.is_some_and(|host| host != deployment.host) {
                continue;
            }
            if !of_entry.contains_key(&entry) && self.is_template(&entry) {
                continue;
            }
            if let Some(callable) = &self.settings.callable {
                deployment.callable.clone_from(callable);
                deployment.calls_factory = false;
            }
            let known = of_entry.entry(entry).or_default();
            match known.iter().copied().find(|at| deployments[*at].is_same_as(&deployment)) {
                Some(at) => {
                    let known = &mut deployments[at];
                    known.places.append(&mut deployment.places);
                    deployment.told_in.retain(|told| !known.told_in.contains(told));
                    known.told_in.append(&mut deployment.told_in);
                }
                None => {
                    known.push(deployments.len());
                    deployments.push(deployment);
                }
            }
        }
        Told { deployments, served_elsewhere: elsewhere, more }
    }

    fn is_template(&self, path: &Path) -> bool {
        self.snapshot.text(path).is_some_and(|(source, _)| entry_file::is_template(source.text()))
    }

    /// A file whose name only hosts use, unless its text shows that it is something else.
    fn by_name(&self, path: &Path, on_pythonanywhere: bool) -> Option<Deployment> {
        let name = file_name(path);
        let host = name_host(name)?;
        let file = self.snapshot.python(path, self.interpreter.version)?;
        if entry_file::is_template(file.source().text()) {
            return None;
        }
        let is_outermost =
            path.parent() == Some(self.root) && !self.snapshot.is_file(&self.root.join("__init__.py"));
        let (host, callable) = match host {
            Host::ModWsgi if entry_file::is_access_script(&file) => return None,
            Host::PythonAnywhere if !is_domain(name) && entry_file::is_library(&file) => return None,
            Host::Uwsgi if !is_outermost && entry_file::is_library(&file) => return None,
            Host::Uwsgi if entry_file::starts_a_server(&file) => return None,
            Host::Uwsgi => {
                let told_host = evidence::host_of(self.snapshot, self.root, path);
                // PythonAnywhere loads its own file and nothing else; Django's stock `wsgi.py` beside it is not hosted.
                let is_idle = on_pythonanywhere && told_host.is_none();
                if is_idle && self.named_host.is_none_or(|host| host == Host::PythonAnywhere) {
                    return None;
                }
                let host = told_host.unwrap_or(Host::Uwsgi);
                // Servers that are told `module:callable` may have been told another name than PEP 3333's.
                let told = matches!(self.named_host.unwrap_or(host), Host::Uwsgi | Host::Gunicorn);
                let callable = if told { entry_file::likely_callable(&file) } else { DEFAULT_CALLABLE };
                (host, callable)
            }
            other => (other, DEFAULT_CALLABLE),
        };
        Some(self.deployment(path.to_owned(), host, callable, Wiring::FileName))
    }

    /// A script that creates an application at module level, or completes one that it imports.
    fn by_content(&self, path: &Path) -> Option<Deployment> {
        let file = self.snapshot.python(path, self.interpreter.version)?;
        if entry_file::is_template(file.source().text()) {
            return None;
        }
        let created = entry_file::created_application(&file);
        let callable = created.or_else(|| entry_file::used_application(&file))?;
        let host = if file_name(path) == SCRIPTS[0] { Host::PythonAnywhere } else { Host::Gunicorn };
        let mut deployment = self.deployment(path.to_owned(), host, callable, Wiring::CreatesApplication);
        // Whoever imports so starts it from the checked folder, by its dotted name.
        if entry_file::imports_relatively(&file) && path.parent() != Some(self.root) {
            deployment.module = dotted(path, self.root);
            deployment.working_directory = self.root.to_owned();
            deployment.search_path = vec![self.root.to_owned()];
        }
        Some(deployment)
    }

    fn deployment(&self, entry: PathBuf, host: Host, callable: &str, wiring: Wiring) -> Deployment {
        let host = self.named_host.unwrap_or(host);
        let folder = entry.parent().unwrap_or(self.root).to_owned();
        let by_path = matches!(name_host(file_name(&entry)), Some(Host::PythonAnywhere | Host::ModWsgi));
        let base = if by_path { folder.clone() } else { self.base_of(&folder) };
        let module = (!by_path).then(|| dotted(&entry, &base)).flatten();
        let working_directory = if by_path || wiring == Wiring::Named && base == folder {
            self.root.to_owned()
        } else {
            base.clone()
        };
        let mut search_path = vec![base];
        if search_path[0] != self.root {
            search_path.push(self.root.to_owned());
        }
        Deployment {
            host,
            module,
            callable: self.settings.callable.clone().unwrap_or_else(|| callable.to_owned()),
            root: self.root.to_owned(),
            working_directory,
            search_path,
            python: self.interpreter.version,
            python_is_known: self.interpreter.is_known,
            virtualenv: self.interpreter.virtualenv.clone(),
            wiring,
            calls_factory: false,
            process: Process::default(),
            limits: Limits::default(),
            places: Vec::new(),
            told_in: Vec::new(),
            entry,
        }
    }

    /// The folder from which the modules of `folder` are imported: above all packages that it lies in, and where
    /// `manage.py` is. Never above the checked folder.
    fn base_of(&self, folder: &Path) -> PathBuf {
        let mut base = folder;
        while base != self.root {
            let Some(parent) = base.parent() else { break };
            let is_package = self.snapshot.is_file(&base.join("__init__.py"));
            let is_django_project = base == folder && self.snapshot.is_file(&parent.join("manage.py"));
            if !is_package && !is_django_project {
                break;
            }
            base = parent;
            // Django's commands run where `manage.py` is, even where somebody made a package of that folder.
            if is_django_project {
                break;
            }
        }
        base.to_owned()
    }

    /// Whether the project is there a second time, further out: `backup/mysite/wsgi.py` or `build/lib/mysite/wsgi.py` beside
    /// `mysite/wsgi.py`.
    fn is_copy(&self, path: &Path, files: &[PathBuf]) -> bool {
        let inner = path.strip_prefix(self.root).unwrap_or(path);
        let mut tail = inner.components();
        while tail.next().is_some() && tail.clone().count() >= 2 {
            if files.contains(&self.root.join(tail.as_path())) {
                return true;
            }
        }
        false
    }

    fn is_sample(&self, path: &Path) -> bool {
        let inner = path.strip_prefix(self.root).unwrap_or(path);
        inner.parent().is_some_and(|folders| {
            folders.iter().any(|folder| {
                let folder = folder.to_string_lossy();
                SAMPLE_FOLDERS.contains(&&*folder) || folder.contains("{{")
            })
        })
    }
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or("")
}

/// The host that uses files of this name; uWSGI stands for all hosts that load a `wsgi.py`.
fn name_host(name: &str) -> Option<Host> {
    match name {
        "wsgi.py" => Some(Host::Uwsgi),
        "passenger_wsgi.py" => Some(Host::Passenger),
        _ if name.ends_with("_wsgi.py") && !name.starts_with("test_") => Some(Host::PythonAnywhere),
        _ if name.ends_with(".wsgi") && !name.starts_with('.') => Some(Host::ModWsgi),
        _ => None,
    }
}

/// Whether the name is made from a domain, as PythonAnywhere makes them: `jane_pythonanywhere_com_wsgi.py`.
fn is_domain(name: &str) -> bool {
    name.matches('_').count() >= 2 || name == "pythonanywhere_wsgi.py"
}

/// The dotted name of a file below a folder; `None` when a part of it is no identifier, so that nothing imports it by name.
fn dotted(entry: &Path, base: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = entry.strip_prefix(base).ok()?.iter().map(|part| part.to_str()).collect();
    let mut parts = parts?;
    let last = parts.pop()?.strip_suffix(".py")?;
    parts.push(last);
    let is_identifier = |part: &&str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !part.starts_with(|c: char| c.is_ascii_digit())
    };
    parts.iter().all(is_identifier).then(|| parts.join("."))
}

#[cfg(test)]
mod tests;
