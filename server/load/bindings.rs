//! Where a file binds a name at all, for a name that the host does not find.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{ExceptHandler, Expr, ExprContext, Stmt};
use ruff_text_size::Ranged;

use crate::text::TextRange;

/// A place that binds the name without the host seeing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The name, or the alias in an import.
    pub range: TextRange,
    /// Why the host does not see it.
    pub place: Place,
}

/// What stands around a binding that the host does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A function of this name: the name is local to it.
    Function(String),
    /// A class of this name: the name is an attribute of it.
    Class(String),
    /// A condition that does not hold on the host.
    Condition(TextRange),
    /// An import whose failure is caught.
    FailedImport,
    /// A statement that was not reached.
    NotReached,
}

/// The first place of a module that binds `name`, looked for everywhere.
pub(super) fn find(body: &[Stmt], name: &str) -> Option<Elsewhere> {
    let mut find = Find { name, around: Vec::new(), found: None };
    find.visit_body(body);
    find.found
}

struct Find<'n> {
    name: &'n str,
    around: Vec<Place>,
    found: Option<Elsewhere>,
}

impl Find<'_> {
    fn bind(&mut self, range: TextRange) {
        let place = self.around.last().cloned().unwrap_or(Place::NotReached);
        self.found.get_or_insert(Elsewhere { range, place });
    }

    fn inside(&mut self, place: Place, walk: impl FnOnce(&mut Self)) {
        self.around.push(place);
        walk(self);
        self.around.pop();
    }
}

impl<'a> Visitor<'a> for Find<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                if def.name.as_str() == self.name {
                    self.bind(def.name.range());
                }
                self.inside(Place::Function(def.name.to_string()), |me| me.visit_body(&def.body));
            }
            Stmt::ClassDef(def) => {
                if def.name.as_str() == self.name {
                    self.bind(def.name.range());
                }
                self.inside(Place::Class(def.name.to_string()), |me| me.visit_body(&def.body));
            }
            Stmt::If(_) | Stmt::While(_) => {
                let test = match stmt {
                    Stmt::If(inner) => inner.test.range(),
                    Stmt::While(inner) => inner.test.range(),
                    _ => stmt.range(),
                };
                self.inside(Place::Condition(test), |me| visitor::walk_stmt(me, stmt));
            }
            Stmt::Try(inner) => {
                self.inside(Place::FailedImport, |me| me.visit_body(&inner.body));
                for handler in &inner.handlers {
                    let ExceptHandler::ExceptHandler(handler) = handler;
                    self.inside(Place::NotReached, |me| me.visit_body(&handler.body));
                }
                self.inside(Place::NotReached, |me| {
                    me.visit_body(&inner.orelse);
                    me.visit_body(&inner.finalbody);
                });
            }
            Stmt::Import(inner) => {
                for alias in &inner.names {
                    if alias.asname.as_ref().unwrap_or(&alias.name).as_str() == self.name {
                        self.bind(alias.range());
                    }
                }
            }
            Stmt::ImportFrom(inner) => {
                for alias in &inner.names {
                    if alias.asname.as_ref().unwrap_or(&alias.name).as_str() == self.name {
                        self.bind(alias.range());
                    }
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if matches!(name.ctx, ExprContext::Store) && name.id == self.name => {
                self.bind(name.range());
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}

/// The star import of a module that could have brought a name, if there is one.
pub(super) fn star_import(body: &[Stmt]) -> Option<TextRange> {
    body.iter().find_map(|stmt| match stmt {
        Stmt::ImportFrom(inner) if inner.names.iter().any(|alias| alias.name.as_str() == "*") => {
            Some(inner.range())
        }
        _ => None,
    })
}
