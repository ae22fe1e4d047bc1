//! Where a module is found: the project's folders on the search path, the standard library, the installed packages.

use std::path::{Path, PathBuf};

use super::environment::{SITE_PACKAGES, STANDARD_LIBRARY};
use super::folder::Folder;
use super::interp::Interp;
use super::suggest::similar_names;
use super::value::{Kind, Value};
use crate::catalog::stdlib::{self, Standing};
use crate::hosting::Host;
use crate::workspace::EntryKind;

/// What was found.
#[derive(Debug)]
pub(crate) enum Spec {
    /// A file of the project.
    File {
        /// The file, absolute.
        path: PathBuf,
        /// Whether it is the `__init__.py` of a package.
        is_package: bool,
    },
    /// A package without `__init__.py`.
    Namespace(Vec<PathBuf>),
    /// Something of the standard library, of an installed package, or of the host.
    Library,
    /// Perhaps something of an installed package; the packages were not all seen.
    Perhaps,
    /// Nothing, and the search was complete.
    Missing {
        /// Whether that rests on an assumption.
        assumed: bool,
    },
}

impl<'a> Interp<'a> {
    /// Looks for a top-level module along `sys.path`.
    pub fn find_top_level(&mut self, name: &str) -> Spec {
        if is_built_in(name) || stdlib::is_imported_before(name, self.deployment.host == Host::Gunicorn) {
            return Spec::Library;
        }
        let (entries, mut complete) = self.search_path();
        let mut namespace = Vec::new();
        let mut bad = false;
        for entry in &entries {
            match entry.as_str() {
                STANDARD_LIBRARY => {
                    if stdlib::standing(name, self.deployment.python) == Some(Standing::Present) {
                        return Spec::Library;
                    }
                }
                SITE_PACKAGES => {
                    if self.environment.has_top_level(self.snapshot, name) {
                        return Spec::Library;
                    }
                }
                text => match self.folder(text) {
                    Folder::Known(folder) | Folder::Assumed(folder) => match self.look_in(&folder, name) {
                        Some(Spec::Namespace(folders)) => namespace.extend(folders),
                        Some(found) => return found,
                        None => {}
                    },
                    Folder::Missing | Folder::Placeholder => bad = true,
                    Folder::Elsewhere => complete = false,
                },
            }
        }
        if !namespace.is_empty() && !self.is_shadow(name, &namespace) {
            return Spec::Namespace(namespace);
        }
        self.absent(name, complete, bad)
    }

    /// Whether folders without an `__init__.py` only happen to have the name of a library: an installed package comes before them.
    fn is_shadow(&self, name: &str, folders: &[PathBuf]) -> bool {
        !self.environment.is_complete
            && (self.environment.may_be_installed(self.snapshot, name)
                || !folders.iter().any(|folder| self.holds_code(folder, 3)))
    }

    /// Whether modules lie in a folder, or in folders below it, so many levels deep.
    fn holds_code(&self, folder: &Path, depth: usize) -> bool {
        let entries = self.snapshot.entries(folder).unwrap_or_default();
        entries.iter().any(|entry| match entry.kind {
            EntryKind::File => entry.name.to_string_lossy().ends_with(".py"),
            EntryKind::Directory => {
                depth > 0 && !entry.is_link && self.holds_code(&folder.join(&entry.name), depth - 1)
            }
        })
    }

    /// What it means that a top-level module was not found.
    fn absent(&self, name: &str, complete: bool, bad_path: bool) -> Spec {
        match (name, self.deployment.host) {
            ("uwsgi" | "uwsgidecorators", Host::Uwsgi | Host::PythonAnywhere) => return Spec::Perhaps,
            ("mod_wsgi" | "apache", Host::ModWsgi) => return Spec::Library,
            ("uwsgi" | "mod_wsgi", _) => return Spec::Missing { assumed: false },
            _ => {}
        }
        if !complete {
            return Spec::Perhaps;
        }
        match stdlib::standing(name, self.deployment.python) {
            // setuptools brings a `distutils` of its own.
            Some(Standing::Removed(_)) if name == "distutils" && !self.environment.is_complete => {
                return Spec::Perhaps;
            }
            Some(Standing::Removed(_))
                if name == "distutils" && self.environment.has_top_level(self.snapshot, "setuptools") =>
            {
                return Spec::Library;
            }
            // A backport may be installed.
            Some(_) if !self.deployment.python_is_known || !self.environment.is_complete && name != "imp" => {
                return Spec::Perhaps;
            }
            Some(_) => return Spec::Missing { assumed: false },
            None => {}
        }
        if self.environment.is_complete {
            // A package that the project declares is missing here, but hosts install what is declared.
            return if self.environment.is_declared(self.snapshot, name) {
                Spec::Perhaps
            } else {
                Spec::Missing { assumed: false }
            };
        }
        // Without the installed packages nobody knows, unless the name is so near to one of the project's own modules that
        // it was meant.
        let here = self.module().map(|module| module.path.clone());
        let file = format!("{name}.py");
        // In a package such a file mostly is the project's part of a library, as `shop/celery.py` is.
        let is_plain = |folder: &PathBuf| {
            let own = folder.join(&file);
            let is_other = self.snapshot.is_file(&own) && here.as_deref() != Some(own.as_path());
            is_other && !self.snapshot.is_file(&folder.join("__init__.py"))
        };
        let below: Vec<PathBuf> =
            self.folders_holding(name).filter(|folder| *folder != self.deployment.root).collect();
        let own = below.iter().any(is_plain) && !self.environment.may_be_installed(self.snapshot, name);
        let near = own || bad_path && !below.is_empty() || self.is_slip(name);
        if near { Spec::Missing { assumed: true } } else { Spec::Perhaps }
    }

    /// The folders of the project in which a top-level module of this name lies: the checked one, and those right below it that
    /// may go on the search path.
    pub fn folders_holding(&self, name: &str) -> impl Iterator<Item = PathBuf> {
        let root = &self.deployment.root;
        let entries = self.snapshot.entries(root);
        let below = entries.iter().flat_map(|entries| entries.iter()).filter(|entry| {
            let folder = entry.name.to_string_lossy();
            let no_code = matches!(&*folder, "node_modules" | "venv" | "env" | "tests" | "test" | "docs");
            entry.kind == EntryKind::Directory && !folder.starts_with('.') && !no_code
        });
        let mut folders = vec![root.clone()];
        folders.extend(below.map(|entry| root.join(&entry.name)));
        let (module, package) = (format!("{name}.py"), Path::new(name).join("__init__.py"));
        let snapshot = self.snapshot;
        folders.into_iter().filter(move |folder| {
            [Path::new(&module), &package].iter().any(|inner| snapshot.is_file(&folder.join(inner)))
        })
    }

    fn is_slip(&self, name: &str) -> bool {
        let names = self.module_names_near(name);
        let folded = |name: &str| name.to_lowercase().replace('_', "");
        // The cheap question first: hardly any name comes as far as the other one.
        names.iter().any(|known| folded(known) == folded(name)) && !similar_names(name, &names).is_empty()
    }

    /// The names of the project's modules among which a missing one may have been meant.
    pub fn module_names_near(&self, missing: &str) -> Vec<String> {
        let mut folders = Vec::new();
        match missing.rsplit_once('.').and_then(|(package, _)| self.loaded_module(package)) {
            Some(package) => folders.extend(self.package_folders(&package)),
            None => {
                for entry in self.search_path().0 {
                    if let Folder::Known(folder) = self.folder(&entry) {
                        folders.push(folder);
                    }
                }
            }
        }
        let mut names = Vec::new();
        for folder in &folders {
            for entry in self.snapshot.entries(folder).iter().flat_map(|entries| entries.iter()) {
                let name = entry.name.to_string_lossy();
                match entry.kind {
                    EntryKind::File => names.extend(name.strip_suffix(".py").map(str::to_owned)),
                    EntryKind::Directory
                        if self.snapshot.is_file(&folder.join(&entry.name).join("__init__.py")) =>
                    {
                        names.push(name.into_owned());
                    }
                    EntryKind::Directory => {}
                }
            }
        }
        if !missing.contains('.') {
            names.extend(self.environment.top_levels(self.snapshot));
        }
        names
    }

    /// Looks for a submodule in a package.
    pub fn find_in_package(&self, package: &Value<'a>, part: &str) -> Spec {
        if matches!(package, Value::Library(_)) {
            return Spec::Library;
        }
        let mut namespace = Vec::new();
        let folders = self.package_folders(package);
        for folder in &folders {
            match self.look_in(folder, part) {
                Some(Spec::Namespace(more)) => namespace.extend(more),
                Some(found) => return found,
                None => {}
            }
        }
        if !namespace.is_empty() {
            return Spec::Namespace(namespace);
        }
        // A module may have been put there by hand, and a package may have changed its `__path__`.
        let open = match package {
            Value::Object(id) => self.heap.get(*id).open || self.heap.slot(*id, "__path__").is_some(),
            _ => true,
        };
        if open || folders.is_empty() && !matches!(package, Value::Object(_)) {
            Spec::Perhaps
        } else {
            Spec::Missing { assumed: false }
        }
    }

    /// Whether `.gitignore` names the file of a module that is not there: settings of one machine are often kept out of the repository.
    pub(super) fn is_kept_back(&self, package: Option<&Value<'a>>, name: &str) -> bool {
        let folders = match package {
            Some(package) => self.package_folders(package),
            None => self.deployment.search_path.clone(),
        };
        folders.iter().any(|folder| {
            self.is_ignored(&folder.join(format!("{name}.py"))) || self.is_ignored(&folder.join(name))
        })
    }

    fn package_folders(&self, package: &Value<'a>) -> Vec<PathBuf> {
        let Value::Object(id) = package else { return Vec::new() };
        match self.heap.kind(*id) {
            Kind::Module(context) => {
                let is_package = context.path.file_name().is_some_and(|name| name == "__init__.py");
                context.path.parent().filter(|_| is_package).map(Path::to_owned).into_iter().collect()
            }
            Kind::NamespacePackage(_, folders) => folders.to_vec(),
            _ => Vec::new(),
        }
    }

    fn look_in(&self, folder: &Path, name: &str) -> Option<Spec> {
        let installed = folder
            .components()
            .any(|part| matches!(part.as_os_str().to_str(), Some("site-packages" | "dist-packages")));
        let package = folder.join(name);
        let init = package.join("__init__.py");
        let is_dir = self.snapshot.is_dir(&package);
        if is_dir && self.snapshot.is_file(&init) {
            return Some(if installed { Spec::Library } else { Spec::File { path: init, is_package: true } });
        }
        let module = folder.join(format!("{name}.py"));
        if self.snapshot.is_file(&module) {
            return Some(if installed {
                Spec::Library
            } else {
                Spec::File { path: module, is_package: false }
            });
        }
        let starts = format!("{name}.");
        // The entries are sorted, so those of one name stand together.
        let compiled = self.snapshot.entries(folder).is_some_and(|entries| {
            let first = entries.partition_point(|entry| entry.name.as_os_str() < starts.as_str());
            entries[first..]
                .iter()
                .map_while(|entry| entry.name.to_str().filter(|file| file.starts_with(&starts)))
                .any(|file| file.ends_with(".so") || file.ends_with(".pyd") || file.ends_with(".pyc"))
        });
        if compiled {
            return Some(Spec::Library);
        }
        is_dir.then(|| Spec::Namespace(vec![package]))
    }

    /// The texts of `sys.path`, and whether nothing else can be in it.
    pub fn search_path(&self) -> (Vec<String>, bool) {
        let slot = self.heap.slot(self.overrides, "sys.path");
        let Some(Value::Object(id)) = slot.map(|slot| slot.value.clone()) else { return (Vec::new(), false) };
        let Kind::List(items, open) = self.heap.kind(id) else { return (Vec::new(), false) };
        let mut complete = !open;
        let mut entries = Vec::new();
        for item in items.iter() {
            // Python passes over a `pathlib` path: entries are strings.
            if let Value::Object(id) = item
                && matches!(self.heap.kind(*id), Kind::Path(_))
            {
                continue;
            }
            match self.text_of(item) {
                Some(text) => entries.push(text),
                None => complete = false,
            }
        }
        (entries, complete)
    }
}

/// Modules that are compiled into the interpreter and found before anything else.
fn is_built_in(name: &str) -> bool {
    matches!(
        name,
        "sys"
            | "builtins"
            | "time"
            | "itertools"
            | "marshal"
            | "gc"
            | "errno"
            | "posix"
            | "atexit"
            | "signal"
            | "_thread"
            | "_io"
    )
}
