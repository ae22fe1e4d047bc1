//! Which names the body of one scope binds: the compiler asks for it before it looks at the statements.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{ExceptHandler, Expr, ExprContext, Identifier, Pattern, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::TextRange;

/// The names that a module binds: by its own statements, and by functions that declare them global.
pub fn module_names(body: &[Stmt]) -> FxHashSet<String> {
    let mut names = Names::default();
    names.visit_body(body);
    let mut bound = names.bound;
    for stmt in body {
        if let Stmt::FunctionDef(def) = stmt {
            let mut inner = Names::default();
            inner.visit_body(&def.body);
            bound.extend(inner.globals.into_keys());
        }
    }
    bound
}

/// The name that a pattern itself binds, without the patterns in it.
pub fn bound_by(pattern: &Pattern) -> Option<&Identifier> {
    match pattern {
        Pattern::MatchAs(inner) => inner.name.as_ref(),
        Pattern::MatchStar(inner) => inner.name.as_ref(),
        Pattern::MatchMapping(inner) => inner.rest.as_ref(),
        _ => None,
    }
}

/// The names that the body of one scope binds or declares.
#[derive(Default)]
pub(super) struct Names {
    /// Names that the scope binds in whatever way.
    pub(super) bound: FxHashSet<String>,
    /// Names that it declares global, with the range of the statement.
    pub(super) globals: FxHashMap<String, TextRange>,
    /// Names that it declares nonlocal.
    pub(super) nonlocals: FxHashSet<String>,
}

impl<'a> Visitor<'a> for Names {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                self.bound.insert(def.name.to_string());
            }
            Stmt::ClassDef(def) => {
                self.bound.insert(def.name.to_string());
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    self.bound.insert(name.split('.').next().unwrap_or(name).to_owned());
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    self.bound.insert(alias.asname.as_ref().unwrap_or(&alias.name).to_string());
                }
            }
            Stmt::Global(global) => {
                for name in &global.names {
                    self.globals.insert(name.to_string(), global.range);
                }
            }
            Stmt::Nonlocal(nonlocal) => {
                self.nonlocals.extend(nonlocal.names.iter().map(ToString::to_string));
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if !matches!(name.ctx, ExprContext::Load) => {
                self.bound.insert(name.id.to_string());
            }
            Expr::Lambda(_) => {}
            _ => visitor::walk_expr(self, expr),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        self.bound.extend(inner.name.iter().map(ToString::to_string));
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        self.bound.extend(bound_by(pattern).map(ToString::to_string));
        visitor::walk_pattern(self, pattern);
    }
}
