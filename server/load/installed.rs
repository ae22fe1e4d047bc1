//! What installed packages hold, read off their files: which submodules, and which names a module binds.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::interp::Interp;
use super::value::Value;
use crate::syntax::python::{PythonFile, module_names};
use crate::workspace::EntryKind;

/// The names that a module of an installed package binds.
pub(super) type Names = Rc<FxHashSet<String>>;

impl<'a> Interp<'a> {
    /// The names among which a missing one may have been meant, when an installed module is known not to hold it.
    pub fn lacks_name(&self, module: &str, name: &str) -> Option<Vec<String>> {
        if name.starts_with("__") {
            return None;
        }
        let file = self.installed_file(module)?;
        let names = self.names_of(&file)?;
        if names.contains(name) || self.has_submodule(&file, name) {
            return None;
        }
        Some(names.iter().cloned().collect())
    }

    /// Whether an installed package is known not to hold a submodule.
    pub fn lacks_submodule(&self, package: &str, part: &str) -> bool {
        let Some(file) = self.installed_file(package) else { return false };
        // A package that changes how its modules are found is beyond a look at its files.
        let plain = self.names_of(&file).is_some_and(|names| !names.contains("__path__"));
        plain && !self.has_submodule(&file, part)
    }

    /// The file of a module of an installed package, where the packages were all seen.
    fn installed_file(&self, module: &str) -> Option<PathBuf> {
        if !self.environment.is_complete || module.contains("()") {
            return None;
        }
        self.environment.site_packages().iter().find_map(|folder| {
            let base: PathBuf = folder.join(module.split('.').collect::<PathBuf>());
            let init = base.join("__init__.py");
            if self.snapshot.is_file(&init) {
                return Some(init);
            }
            let file = base.with_extension("py");
            self.snapshot.is_file(&file).then_some(file)
        })
    }

    fn has_submodule(&self, file: &Path, name: &str) -> bool {
        if file.file_name().is_none_or(|file| file != "__init__.py") {
            return false;
        }
        let Some(entries) = file.parent().and_then(|folder| self.snapshot.entries(folder)) else {
            return true;
        };
        let starts = format!("{name}.");
        entries.iter().any(|entry| {
            let entry_name = entry.name.to_string_lossy();
            match entry.kind {
                EntryKind::Directory => entry_name == name,
                EntryKind::File => entry_name.starts_with(&starts),
            }
        })
    }

    /// The names that a module binds; `None` when it may bind others.
    fn names_of(&self, path: &Path) -> Option<Names> {
        if let Some(known) = self.installed_names.borrow().get(path) {
            return known.clone();
        }
        let file = self.snapshot.python(path, self.deployment.python);
        let names = file.filter(|file| file.compiles()).and_then(|file| bound_names(&file)).map(Rc::new);
        self.installed_names.borrow_mut().insert(path.to_owned(), names.clone());
        names
    }

    /// A name that an import asks a library for and that the installed version does not hold.
    pub fn missing_library_name(&self, source: &Value<'a>, module: &str, name: &str) -> Option<Vec<String>> {
        let library = source.as_library()?;
        // An alias in the catalog may lead elsewhere than the import does.
        if library != module && !module.is_empty() && library.split('.').next() != module.split('.').next() {
            return None;
        }
        self.lacks_name(module, name)
    }
}

/// The names that the statements of a module bind outside of functions and classes; `None` when there may be others.
fn bound_names(file: &PythonFile) -> Option<FxHashSet<String>> {
    const TRICKS: &[&str] = &[
        "__getattr__",
        "globals()",
        "sys.modules",
        "setattr(",
        "vars()",
        "__dict__",
        "exec(",
        "lazy",
        "import *",
    ];
    let text = file.source().text();
    if TRICKS.iter().any(|trick| text.contains(trick)) {
        return None;
    }
    Some(module_names(file.body()))
}
