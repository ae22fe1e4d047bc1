//! What surrounds the process: the search path, the installed packages, the environment variables.

use std::cell::{OnceCell, RefCell};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::mentions::{self, contains_word};
use super::requirements;
use crate::catalog::calls::{self, Removed};
use crate::hosting::{Deployment, Host, Wiring};
use crate::workspace::{EntryKind, Snapshot, normalize};

/// The place of the standard library in `sys.path`.
pub(super) const STANDARD_LIBRARY: &str = "<standard library>";
/// The place of the installed packages in `sys.path`.
pub(super) const SITE_PACKAGES: &str = "<site-packages>";

/// What surrounds the process when it starts.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// `sys.path`; the two marked places stand for what no project file lives in.
    pub search_path: Vec<PathBuf>,
    site_packages: Vec<PathBuf>,
    /// Whether every package that the host has was seen.
    pub is_complete: bool,
    /// Distributions by their normalized name, with their version.
    distributions: FxHashMap<String, String>,
    /// The releases that the project pins.
    pinned: FxHashMap<String, String>,
    root: PathBuf,
    entry: PathBuf,
    /// The version of Python, where it is known.
    python: Option<String>,
    mentions: OnceCell<String>,
    installed: RefCell<FxHashMap<String, bool>>,
}

/// What is known of an environment variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variable {
    /// Nothing in the project sets or mentions it.
    Unset,
    /// The host sets it, to something unknown.
    Set,
    /// Somebody may set it.
    Unknown,
}

/// A web framework or server among the packages shows that they are the app's own, not some tool's.
const FRAMEWORKS: &[&str] = &[
    "flask",
    "django",
    "bottle",
    "falcon",
    "pyramid",
    "tornado",
    "fastapi",
    "cherrypy",
    "webob",
    "werkzeug",
    "gunicorn",
    "uwsgi",
    "starlette",
    "quart",
    "aiohttp",
    "sanic",
    "dash",
    "web",
];

impl Environment {
    /// Finds what surrounds a deployment.
    pub fn find(snapshot: &Snapshot, deployment: &Deployment) -> Self {
        let mut search_path = deployment.search_path.clone();
        // uWSGI and mod_wsgi load a file by its path and do not search its folder.
        let by_path = deployment.host == Host::Uwsgi
            && deployment.wiring == Wiring::Named
            && !deployment.is_in_package(snapshot);
        let told = deployment.wiring == Wiring::Configuration;
        if by_path || deployment.host == Host::ModWsgi && !told {
            search_path = vec![deployment.root.clone()];
        }
        // PythonAnywhere imports the file by its name, from its own folder.
        let by_name = deployment.host == Host::PythonAnywhere && !deployment.is_in_package(snapshot);
        if let Some(folder) = deployment.entry.parent()
            && by_name
            && !search_path.iter().any(|known| known == folder)
        {
            search_path.push(folder.to_owned());
        }
        search_path.push(PathBuf::from(STANDARD_LIBRARY));
        search_path.push(PathBuf::from(SITE_PACKAGES));
        let python = deployment.python_is_known.then(|| deployment.python.to_string());
        // Each service of a larger project has requirements of its own.
        let above = deployment.entry.ancestors().skip(1);
        let above = above.take_while(|folder| folder.starts_with(&deployment.root)).collect::<Vec<_>>();
        let pinned = above.iter().rev().flat_map(|folder| requirements::pinned(snapshot, folder)).collect();
        let (root, entry) = (deployment.root.clone(), deployment.entry.clone());
        let mut environment = Self { search_path, root, entry, python, pinned, ..Self::default() };
        if let Some(virtualenv) = &deployment.virtualenv {
            environment.read_virtualenv(snapshot, virtualenv);
        }
        environment
    }

    fn read_virtualenv(&mut self, snapshot: &Snapshot, virtualenv: &Path) {
        let mut folders = vec![virtualenv.join("Lib").join("site-packages")];
        for lib in ["lib", "lib64"] {
            let lib = virtualenv.join(lib);
            for entry in snapshot.entries(&lib).iter().flat_map(|entries| entries.iter()) {
                if entry.name.to_string_lossy().starts_with("python") {
                    folders.push(lib.join(&entry.name).join("site-packages"));
                }
            }
        }
        folders.retain(|folder| snapshot.is_dir(folder));
        if folders.is_empty() {
            return;
        }
        self.is_complete = true;
        let config = snapshot.text(&virtualenv.join("pyvenv.cfg"));
        let shares_system = config.is_some_and(|(source, _)| {
            source.text().lines().any(|line| {
                let (key, value) = line.split_once('=').unwrap_or((line, ""));
                key.trim() == "include-system-site-packages" && value.trim().eq_ignore_ascii_case("true")
            })
        });
        self.is_complete &= !shares_system;
        for folder in folders {
            self.read_site_packages(snapshot, &folder);
        }
        self.is_complete &= FRAMEWORKS.iter().any(|name| self.has_top_level(snapshot, name));
        self.is_complete &= self.has_what_is_declared(snapshot);
    }

    /// An environment that lacks much of what the project declares belongs to something else.
    fn has_what_is_declared(&self, snapshot: &Snapshot) -> bool {
        let declared = requirements::declared(snapshot, &self.root);
        let installed = declared.iter().filter(|name| self.distributions.contains_key(*name)).count();
        installed * 3 >= declared.len() * 2
    }

    fn read_site_packages(&mut self, snapshot: &Snapshot, folder: &Path) {
        self.site_packages.push(folder.to_owned());
        for entry in snapshot.entries(folder).iter().flat_map(|entries| entries.iter()) {
            let name = entry.name.to_string_lossy();
            if let Some((distribution, version)) =
                name.strip_suffix(".dist-info").and_then(|s| s.rsplit_once('-'))
            {
                self.distributions.insert(normalized(distribution), version.to_owned());
            } else if name.ends_with(".pth") && entry.kind == EntryKind::File {
                self.read_pth(snapshot, folder, &folder.join(&entry.name));
            } else if name.ends_with(".egg-link") {
                self.is_complete = false;
            }
        }
    }

    /// A `.pth` file names folders, one a line; lines that import run code, such as an editable install's finder.
    fn read_pth(&mut self, snapshot: &Snapshot, folder: &Path, path: &Path) {
        let Some((source, _)) = snapshot.text(path) else { return };
        for line in source.text().lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.starts_with("import ") || line.starts_with("import\t") {
                // An editable install finds modules by rules of its own.
                self.is_complete &= !line.contains("__editable__");
                continue;
            }
            let added = normalize(&folder.join(line));
            if snapshot.is_dir(&added) {
                self.search_path.push(added);
            }
        }
    }

    /// Whether an installed package or module has this top-level name.
    pub fn has_top_level(&self, snapshot: &Snapshot, name: &str) -> bool {
        if let Some(known) = self.installed.borrow().get(name) {
            return *known;
        }
        let starts = format!("{name}.");
        let found = self.site_packages.iter().any(|folder| {
            snapshot.entries(folder).is_some_and(|entries| {
                entries.iter().any(|entry| {
                    let entry_name = entry.name.to_string_lossy();
                    match entry.kind {
                        EntryKind::Directory => entry_name == name,
                        EntryKind::File => entry_name.strip_prefix(&starts).is_some_and(|rest| {
                            rest == "py"
                                || rest == "so"
                                || rest == "pyd"
                                || rest.ends_with(".so")
                                || rest.ends_with(".pyd")
                        }),
                    }
                })
            })
        });
        self.installed.borrow_mut().insert(name.to_owned(), found);
        found
    }

    /// The top-level names of all installed packages, for "did you mean".
    pub fn top_levels(&self, snapshot: &Snapshot) -> Vec<String> {
        let entries = self.site_packages.iter().filter_map(|folder| snapshot.entries(folder));
        let mut names: Vec<String> = Vec::new();
        for entry in entries.flat_map(|entries| entries.to_vec()) {
            let name = entry.name.to_string_lossy().into_owned();
            match entry.kind {
                EntryKind::Directory if !name.contains('.') && !name.contains('-') => names.push(name),
                EntryKind::File => names.extend(name.strip_suffix(".py").map(str::to_owned)),
                EntryKind::Directory => {}
            }
        }
        names
    }

    /// The folders of the installed packages.
    pub fn site_packages(&self) -> &[PathBuf] {
        &self.site_packages
    }

    /// The installed version of a distribution.
    pub fn version(&self, distribution: &str) -> Option<&str> {
        self.distributions.get(&normalized(distribution)).map(String::as_str)
    }

    /// Whether a distribution is known to be installed in a version, such as `2.3`, or a later one.
    pub fn is_installed_since(&self, distribution: &str, version: &str) -> bool {
        self.version(distribution).is_some_and(|installed| at_least(installed, version))
    }

    /// The version of a distribution that the host runs: the installed one, else the one that the project pins.
    pub fn release(&self, distribution: &str) -> Option<&str> {
        self.version(distribution).or_else(|| self.pinned.get(&normalized(distribution)).map(String::as_str))
    }

    /// The installed distributions by their normalized names, with their versions, in order.
    pub fn distributions(&self) -> Vec<(String, String)> {
        let mut all: Vec<_> =
            self.distributions.iter().map(|(name, version)| (name.clone(), version.clone())).collect();
        all.sort_unstable();
        all
    }

    /// Whether the installed version of a library has dropped the attribute of this path.
    pub fn removed(&self, path: &str) -> Option<&'static Removed> {
        let removed = calls::removed(path)?;
        if removed.distribution == "python" {
            return at_least(self.python.as_deref()?, &removed.since).then_some(removed);
        }
        self.is_installed_since(&removed.distribution, &removed.since).then_some(removed)
    }

    /// What is known of an environment variable that the code did not set.
    pub fn variable(&self, snapshot: &Snapshot, name: &str, open: bool) -> Variable {
        match name {
            "PATH" | "HOME" | "PWD" => return Variable::Set,
            "USER" | "LOGNAME" | "LANG" | "LC_ALL" | "SHELL" | "TMPDIR" | "TMP" | "TEMP" | "TZ"
            | "HOSTNAME" | "PORT" | "VIRTUAL_ENV" | "PYTHONPATH" | "SERVER_SOFTWARE" | "DYNO" | "CI" => {
                return Variable::Unknown;
            }
            _ => {}
        }
        let mentions = self.mentions(snapshot);
        // A file of variables is mostly kept out of the repository.
        let names_a_file =
            ["env_file", "EnvironmentFile=", "--env-file"].iter().any(|mark| mentions.contains(mark));
        if open || names_a_file || contains_word(mentions, name) {
            Variable::Unknown
        } else {
            Variable::Unset
        }
    }

    /// Whether a name is that of a package which the host may well have installed.
    pub fn may_be_installed(&self, snapshot: &Snapshot, module: &str) -> bool {
        FRAMEWORKS.contains(&module) || self.is_declared(snapshot, module)
    }

    /// Whether a file that declares dependencies names something like this module.
    pub fn is_declared(&self, snapshot: &Snapshot, module: &str) -> bool {
        let wanted = normalized(module);
        let mentions = self.mentions(snapshot).to_lowercase().replace(['_', '.'], "-");
        wanted.len() > 2 && mentions.contains(&wanted)
    }

    /// Whether a file that is no code, such as a README, names a file or folder that somebody makes on the host.
    pub fn names_file(&self, snapshot: &Snapshot, name: &str) -> bool {
        contains_word(self.mentions(snapshot), name)
    }

    /// What the project's files that are no code say.
    fn mentions(&self, snapshot: &Snapshot) -> &str {
        self.mentions.get_or_init(|| mentions::read(snapshot, &self.root, &self.entry))
    }
}

pub(super) fn normalized(distribution: &str) -> String {
    distribution.to_lowercase().replace(['_', '.'], "-")
}

/// Compares dotted versions by their leading numbers.
fn at_least(installed: &str, wanted: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> { text.split('.').map_while(|part| part.parse().ok()).collect() };
    numbers(installed) >= numbers(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(at_least("3.10.0", "3.9") && at_least("2.3", "2.3") && !at_least("2.2.5", "2.3"));
    }
}
