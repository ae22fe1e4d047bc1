//! Finding the statements, expressions and functions that ranges of the simulation speak of.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;

use crate::syntax::python::PythonFile;
use crate::text::TextRange;

/// The statement with exactly this range.
pub(super) fn statement(file: &PythonFile, range: TextRange) -> Option<&Stmt> {
    innermost(file, range).filter(|stmt| stmt.range() == range)
}

/// The innermost statement that holds a range.
pub(super) fn innermost(file: &PythonFile, range: TextRange) -> Option<&Stmt> {
    struct Find<'a> {
        range: TextRange,
        found: Option<&'a Stmt>,
    }
    impl<'a> Visitor<'a> for Find<'a> {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if stmt.range().contains_range(self.range) {
                self.found = Some(stmt);
                if stmt.range() != self.range {
                    visitor::walk_stmt(self, stmt);
                }
            }
        }
        fn visit_expr(&mut self, _: &'a Expr) {}
    }
    let mut find = Find { range, found: None };
    find.visit_body(file.body());
    find.found
}

/// The innermost function whose `def` holds a range, its name included.
pub(super) fn function(file: &PythonFile, range: TextRange) -> Option<&StmtFunctionDef> {
    struct Find<'a> {
        range: TextRange,
        found: Option<&'a StmtFunctionDef>,
    }
    impl<'a> Visitor<'a> for Find<'a> {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if stmt.range().contains_range(self.range) {
                if let Stmt::FunctionDef(def) = stmt {
                    self.found = Some(def);
                }
                visitor::walk_stmt(self, stmt);
            }
        }
        fn visit_expr(&mut self, _: &'a Expr) {}
    }
    let mut find = Find { range, found: None };
    // Statements stand in order, and only one of them can hold the range.
    let body = file.body();
    let at = body.partition_point(|stmt| stmt.end() < range.end());
    if let Some(stmt) = body.get(at) {
        find.visit_stmt(stmt);
    }
    find.found
}

/// The expression with exactly this range.
pub(super) fn expression(file: &PythonFile, range: TextRange) -> Option<&Expr> {
    struct Find<'a> {
        range: TextRange,
        found: Option<&'a Expr>,
    }
    impl<'a> Visitor<'a> for Find<'a> {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if stmt.range().contains_range(self.range) {
                visitor::walk_stmt(self, stmt);
            }
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            if self.found.is_some() || !expr.range().contains_range(self.range) {
                return;
            }
            if expr.range() == self.range {
                self.found = Some(expr);
            } else {
                visitor::walk_expr(self, expr);
            }
        }
    }
    let mut find = Find { range, found: None };
    find.visit_body(file.body());
    find.found
}

/// The values that a function itself gives back: those of its `return` and `yield`, not those of functions inside it.
pub(super) fn answers(def: &StmtFunctionDef) -> Vec<&Expr> {
    #[derive(Default)]
    struct Find<'a>(Vec<&'a Expr>);
    impl<'a> Visitor<'a> for Find<'a> {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            match stmt {
                Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                Stmt::Return(inner) => self.0.extend(inner.value.as_deref()),
                _ => visitor::walk_stmt(self, stmt),
            }
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            match expr {
                Expr::Lambda(_) => {}
                Expr::Yield(inner) => self.0.extend(inner.value.as_deref()),
                _ => visitor::walk_expr(self, expr),
            }
        }
    }
    let mut find = Find::default();
    find.visit_body(&def.body);
    find.0
}

/// Whether a function has a `yield` of its own.
pub(super) fn is_generator(def: &StmtFunctionDef) -> bool {
    struct Find(bool);
    impl<'a> Visitor<'a> for Find {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                visitor::walk_stmt(self, stmt);
            }
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            match expr {
                Expr::Yield(_) | Expr::YieldFrom(_) => self.0 = true,
                Expr::Lambda(_) => {}
                _ => visitor::walk_expr(self, expr),
            }
        }
    }
    let mut find = Find(false);
    find.visit_body(&def.body);
    find.0
}
