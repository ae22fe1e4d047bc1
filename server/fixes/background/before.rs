//! What the handler did before the moved code: the names that it bound, its imports, and which values cannot travel.

use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{Pattern, Stmt, StmtFunctionDef};

use super::flow::{Flow, Names, bound, parameters};
use super::target::Target;
use super::values::{Wire, obstacle};
use crate::syntax::python::PythonFile;

/// What the handler did before the moved code.
pub(super) struct Before {
    /// The names that may be bound.
    pub names: Names,
    /// The names that are imported, with the import as a statement of its own.
    pub imports: Vec<(String, String)>,
    /// Why values of names cannot travel.
    obstacles: Vec<(String, Wire, String)>,
}

impl Before {
    pub fn of(target: &Target, function: &StmtFunctionDef) -> Self {
        let mut before =
            Self { names: parameters(&function.parameters), imports: Vec::new(), obstacles: Vec::new() };
        let mut body: &[Stmt] = &function.body;
        let inner = target.way.get(target.depth..).unwrap_or_default();
        for (at, block) in inner {
            before.add(body.get(..*at).unwrap_or_default());
            let Some(stmt) = body.get(*at) else { break };
            before.add_header(stmt, *block);
            body = super::target::blocks(stmt).get(*block).copied().unwrap_or_default();
        }
        before.add(body.get(..target.first).unwrap_or_default());
        before
    }

    fn add(&mut self, statements: &[Stmt]) {
        let names = bound(statements);
        let all: Vec<&Stmt> = statements.iter().collect();
        for name in &names {
            for wire in [Wire::Json, Wire::Pickle] {
                if let Some(kind) = obstacle(&all, name, wire) {
                    self.obstacles.push((name.clone(), wire, kind));
                }
            }
        }
        self.names.extend(names);
        let mut imports = Imports(Vec::new());
        all.iter().for_each(|stmt| imports.visit_stmt(stmt));
        self.imports.extend(imports.0);
    }

    fn add_header(&mut self, stmt: &Stmt, block: usize) {
        match stmt {
            Stmt::If(inner) => self.names.extend(Flow::of_expression(&inner.test).binds),
            Stmt::Match(inner) => {
                let pattern: Option<&Pattern> = inner.cases.get(block).map(|case| &case.pattern);
                let mut flow = Flow::default();
                pattern.into_iter().for_each(|pattern| flow.visit_pattern(pattern));
                self.names.extend(flow.binds);
            }
            _ => {}
        }
    }

    pub fn obstacle(&self, name: &str, wire: Wire) -> Option<String> {
        self.obstacles.iter().find(|(own, of, _)| own == name && *of == wire).map(|(_, _, kind)| kind.clone())
    }

    pub fn is_request(&self, name: &str, request: Option<&str>) -> bool {
        request == Some(name)
    }
}

struct Imports(Vec<(String, String)>);

impl<'a> Visitor<'a> for Imports {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Import(_) | Stmt::ImportFrom(_) => {
                let one = super::project::imports_of(std::slice::from_ref(stmt));
                self.0.extend(one.map(|import| (import.binds().to_owned(), import.text())));
            }
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            _ => walk_stmt(self, stmt),
        }
    }
}

/// The names that are local to a function.
pub(super) fn locals_of(function: &StmtFunctionDef) -> Names {
    struct Globals(Names);
    impl<'a> Visitor<'a> for Globals {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            match stmt {
                Stmt::Global(inner) => self.0.extend(inner.names.iter().map(ToString::to_string)),
                Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                _ => walk_stmt(self, stmt),
            }
        }
    }
    let mut globals = Globals(Names::default());
    globals.visit_body(&function.body);
    let mut locals = bound(&function.body);
    locals.extend(parameters(&function.parameters));
    locals.retain(|name| !globals.0.contains(name));
    locals
}

/// The names that functions around the handler bind.
pub(super) fn closure_of(file: &PythonFile, target: &Target) -> Names {
    let owners = target.owners(file).unwrap_or_default();
    let around = owners.get(..target.depth.saturating_sub(1)).unwrap_or_default();
    let functions = around.iter().filter_map(|owner| owner.as_function_def_stmt());
    functions.flat_map(|function| locals_of(function).into_iter()).collect()
}
