//! Which names statements bind and read, as far as moving them must not break anything.

use ruff_python_ast::visitor::{Visitor, walk_except_handler, walk_expr, walk_stmt};
use ruff_python_ast::{Alias, ExceptHandler, Expr, ExprContext, Identifier, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use crate::syntax::python::PythonFile;

/// Names of one file.
pub(super) type Names<'a> = FxHashSet<&'a str>;

/// The names that statements bind, rebind or delete in their own scope, blocks included.
pub(super) fn bound(statements: &[Stmt]) -> Names<'_> {
    let mut visitor = Bound::default();
    visitor.visit_body(statements);
    visitor.names
}

/// The names that statements read, nested functions included, apart from those inside the given ranges.
pub(super) fn read<'a>(statements: &'a [Stmt], except: &'a [TextRange]) -> Names<'a> {
    let mut visitor = Read { names: Names::default(), except };
    visitor.visit_body(statements);
    visitor.names
}

#[derive(Default)]
struct Bound<'a> {
    names: Names<'a>,
}

impl<'a> Visitor<'a> for Bound<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                self.names.insert(function.name.as_str());
            }
            Stmt::ClassDef(class) => {
                self.names.insert(class.name.as_str());
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let whole = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    self.names.insert(whole.split('.').next().unwrap_or(whole));
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    self.names.insert(alias.asname.as_ref().unwrap_or(&alias.name).as_str());
                }
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        self.names.extend(inner.name.as_ref().map(|name| name.as_str()));
        walk_except_handler(self, handler);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if name.ctx != ExprContext::Load => {
                self.names.insert(name.id.as_str());
            }
            // These bind in a scope of their own.
            Expr::Lambda(_)
            | Expr::ListComp(_)
            | Expr::SetComp(_)
            | Expr::DictComp(_)
            | Expr::Generator(_) => {}
            _ => walk_expr(self, expr),
        }
    }
}

struct Read<'a> {
    names: Names<'a>,
    except: &'a [TextRange],
}

impl<'a> Visitor<'a> for Read<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if !self.except.iter().any(|range| range.contains_range(stmt.range())) {
            walk_stmt(self, stmt);
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if name.ctx != ExprContext::Store => {
                self.names.insert(name.id.as_str());
            }
            _ => walk_expr(self, expr),
        }
    }
}

/// The statements of the module's own block that bind a name, in themselves or in the blocks below them, in order.
pub fn statements_binding(file: &PythonFile, name: &str) -> Vec<TextRange> {
    let binds = |stmt: &&Stmt| bound(std::slice::from_ref(*stmt)).contains(name);
    file.body().iter().filter(binds).map(Ranged::range).collect()
}

/// Every place where a file says a name: reads, bindings, imports (the alias, or the name where there is none), `def`,
/// `class` and `global`. Attributes and keyword arguments of that spelling are other things.
pub fn uses_of(file: &PythonFile, name: &str) -> Vec<TextRange> {
    struct Uses<'n> {
        name: &'n str,
        found: Vec<TextRange>,
    }
    impl Uses<'_> {
        fn see(&mut self, identifier: &Identifier) {
            if identifier.as_str() == self.name {
                self.found.push(identifier.range());
            }
        }
    }
    impl<'a> Visitor<'a> for Uses<'_> {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            match stmt {
                Stmt::FunctionDef(inner) => self.see(&inner.name),
                Stmt::ClassDef(inner) => self.see(&inner.name),
                Stmt::Global(inner) => inner.names.iter().for_each(|name| self.see(name)),
                _ => {}
            }
            walk_stmt(self, stmt);
        }
        fn visit_alias(&mut self, alias: &'a Alias) {
            self.see(alias.asname.as_ref().unwrap_or(&alias.name));
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Name(inner) = expr
                && inner.id == self.name
            {
                self.found.push(inner.range());
            }
            walk_expr(self, expr);
        }
    }
    let mut uses = Uses { name, found: Vec::new() };
    uses.visit_body(file.body());
    uses.found
}
