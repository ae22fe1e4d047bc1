//! The code of the running modules, given out so that it is known what a load read of it: what nobody read may change without
//! any change of the load.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{Stmt, StmtFunctionDef};
use rustc_hash::FxHashSet;

use super::value::{Body, Function, Id};
use crate::syntax::python::{Changes, PythonFile};
use crate::text::TextRange;

/// What a piece of code needs to know of the module that holds it.
#[derive(Debug)]
pub struct ModuleContext<'a> {
    /// Its dotted name, as `__name__` gives it.
    pub name: Name,
    /// The package for relative imports, as `__package__` gives it; empty at the top level.
    pub package: Name,
    /// Its file, absolute.
    pub path: Arc<Path>,
    /// The facts of the file.
    file: &'a Arc<PythonFile>,
    /// The namespace of the module.
    pub scope: Id,
    /// What was read of the file.
    pub reads: RefCell<Reads>,
}

/// What a load read of a file beside the statements that it executed at module level and in classes.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// The definitions whose functions were executed.
    pub entered: FxHashSet<TextRange>,
    /// The definitions that were looked at with everything in them.
    pub looked_into: FxHashSet<TextRange>,
    /// Whether it was asked what the functions of the file change.
    pub changes: bool,
    /// Whether all of the file was looked at.
    pub whole: bool,
    /// Whether the file was half typed and a statement of it came to no good end.
    pub stumbled: bool,
}

impl<'a> ModuleContext<'a> {
    /// A module that is about to run.
    pub fn new(name: &str, package: &str, path: Arc<Path>, file: &'a Arc<PythonFile>, scope: Id) -> Self {
        let (name, package) = (Name::new(name), Name::new(package));
        Self { name, package, path, file, scope, reads: RefCell::default() }
    }

    /// The text of something that was executed.
    pub fn slice(&self, range: TextRange) -> &'a str {
        self.file.slice(range)
    }

    /// The statements of the module, all of which are executed: not to be followed into the bodies of functions.
    pub fn top_level(&self) -> &'a [Stmt] {
        self.file.body()
    }

    /// Whether a function that is defined in the file yields.
    pub fn yields(&self, function: &StmtFunctionDef) -> bool {
        self.file.yields(function)
    }

    /// What the functions of the file change while it is served.
    pub fn changes(&self) -> &'a Changes {
        self.reads.borrow_mut().changes = true;
        self.file.changes()
    }

    /// The file, to look at all that is in it.
    pub fn look_into(&self) -> &'a PythonFile {
        self.reads.borrow_mut().whole = true;
        self.file
    }

    /// The file, to remember it.
    pub fn executed(&self) -> Arc<PythonFile> {
        self.file.clone()
    }
}

/// The code of a function, which nobody reads without its being noted: what a load never read may change without any
/// change of the load.
#[derive(Debug)]
pub struct Code<'a>(Body<'a>);

impl<'a> Code<'a> {
    /// Puts a body where only its function gives it.
    pub fn new(body: Body<'a>) -> Self {
        Self(body)
    }
}

impl<'a> Function<'a> {
    /// The body, to execute it: functions that are defined in it are not read by that.
    pub fn enter(&self) -> Body<'a> {
        self.module.reads.borrow_mut().entered.insert(self.range);
        self.code.0
    }

    /// The body, to look at all that is in it.
    pub fn look_into(&self) -> Body<'a> {
        self.module.reads.borrow_mut().looked_into.insert(self.range);
        self.code.0
    }
}
