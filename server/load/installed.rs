//! What installed packages hold, read off their files: which submodules, and which names a module binds.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt};
use rustc_hash::FxHashSet;

use super::interp::Interp;
use super::suggest::similar_names;
use super::value::Value;
use crate::catalog::stdlib;
use crate::syntax::python::{PythonFile, module_names};
use crate::workspace::EntryKind;

/// The names that a module of an installed package binds.
pub(super) type Names = Rc<FxHashSet<String>>;

impl<'a> Interp<'a> {
    /// The names among which a missing one may have been meant, when an installed module is known not to hold it.
    pub fn lacks_name(&self, module: &str, name: &str) -> Option<Vec<String>> {
        if name.starts_with('_') && stdlib::held(module, self.deployment.python).is_some()
            || name.starts_with("__")
        {
            return None;
        }
        if let Some(names) = stdlib::held(module, self.deployment.python) {
            return (!names.contains(&name)).then(|| names.iter().map(|&name| name.to_owned()).collect());
        }
        let file = self.installed_file(module)?;
        if let Some(names) = self.names_of(&file) {
            let lacks = !names.contains(name) && !self.has_submodule(&file, name);
            return lacks.then(|| names.iter().cloned().collect());
        }
        let names = self.names_written_in(&file, 0)?;
        let names: Vec<String> = names.iter().cloned().collect();
        let slipped = !names.iter().any(|known| known == name) && !similar_names(name, &names).is_empty();
        (slipped && !self.has_submodule(&file, name)).then_some(names)
    }

    /// Whether an attribute of a module is certainly not there: the standard library's are known, and of an installed module it
    /// has to be a slip of the fingers, so that the module holds one of nearly that name.
    pub fn has_slipped(&self, module: &str, name: &str) -> bool {
        let whole = format!("{module}.{name}");
        if let Some(known) = self.installed_slips.borrow().get(&whole) {
            return *known;
        }
        let standard = stdlib::held(module, self.deployment.python).is_some();
        let lacks = self.lacks_name(module, name);
        let slip = lacks.is_some_and(|names| standard || !similar_names(name, &names).is_empty());
        self.installed_slips.borrow_mut().insert(whole, slip);
        slip
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

    /// The names that a module binds, and all others that are written in it: it may bind them in ways that nobody follows. Star
    /// imports are followed; `None` where one leads out of the installed packages.
    fn names_written_in(&self, path: &Path, depth: usize) -> Option<Names> {
        /// Star imports go through so many modules at most.
        const DEEPEST: usize = 6;
        if let Some(known) = self.written_names.borrow().get(path) {
            return known.clone();
        }
        let file = self.snapshot.python(path, self.deployment.python).filter(|file| file.compiles());
        let names = file.filter(|_| depth < DEEPEST).and_then(|file| {
            let mut written = Written::default();
            written.visit_body(file.body());
            written.names.extend(module_names(file.body()));
            for (module, level) in written.stars {
                let source = self.star_source(path, module.as_deref(), level)?;
                written.names.extend(self.names_written_in(&source, depth + 1)?.iter().cloned());
            }
            Some(Rc::new(written.names))
        });
        self.written_names.borrow_mut().insert(path.to_owned(), names.clone());
        names
    }

    /// The file that a star import of an installed module takes its names from.
    fn star_source(&self, path: &Path, module: Option<&str>, level: u32) -> Option<PathBuf> {
        if level == 0 {
            return self.installed_file(module?);
        }
        let package = path.ancestors().nth(level as usize)?;
        let base: PathBuf = package.join(module.unwrap_or_default().split('.').collect::<PathBuf>());
        let init = base.join("__init__.py");
        let file = base.with_extension("py");
        [init, file].into_iter().find(|file| self.snapshot.is_file(file))
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

/// What is written in a module: names and texts that can be names, and star imports.
#[derive(Default)]
struct Written {
    names: FxHashSet<String>,
    stars: Vec<(Option<String>, u32)>,
}

impl<'a> Visitor<'a> for Written {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::ImportFrom(import) = stmt
            && import.names.iter().any(|alias| alias.name.as_str() == "*")
        {
            self.stars.push((import.module.as_ref().map(ToString::to_string), import.level));
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::StringLiteral(literal) => {
                let words = literal.value.to_str().split(|c: char| !c.is_alphanumeric() && c != '_');
                self.names.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}
