//! What the functions of a module change while it is served: names that they rebind, objects that they mutate.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ExprContext, Stmt};
use rustc_hash::FxHashSet;

/// What functions of a module may have changed between two requests.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Names that a function declares global.
    pub rebound: FxHashSet<String>,
    /// Names of objects that a function changes: it sets an item or an attribute, or calls a method such as `append`.
    pub mutated: FxHashSet<String>,
    /// Names of attributes that methods other than `__init__` set on their object.
    pub attributes: FxHashSet<String>,
    /// Whether a function wakes somebody up: it puts something into a queue, sets an event, releases a lock.
    pub signals: bool,
}

impl Changes {
    /// Reads the functions of a module.
    pub fn of(body: &[Stmt]) -> Self {
        let mut find = Find { changes: Self::default(), functions: 0, in_init: false };
        find.visit_body(body);
        find.changes
    }
}

struct Find {
    changes: Changes,
    /// How many functions there are around the visited node.
    functions: usize,
    /// Whether the innermost of them prepares an object.
    in_init: bool,
}

impl<'a> Visitor<'a> for Find {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                let outer = std::mem::replace(&mut self.in_init, def.name.as_str() == "__init__");
                self.functions += 1;
                self.visit_body(&def.body);
                self.functions -= 1;
                self.in_init = outer;
            }
            Stmt::Global(global) => {
                self.changes.rebound.extend(global.names.iter().map(ToString::to_string));
            }
            Stmt::AugAssign(inner) if self.functions > 0 => {
                if let Expr::Name(name) = &*inner.target {
                    self.changes.mutated.insert(name.id.to_string());
                }
                visitor::walk_stmt(self, stmt);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let changed = match expr {
            Expr::Subscript(inner) if !matches!(inner.ctx, ExprContext::Load) => Some(&inner.value),
            Expr::Attribute(inner) if !matches!(inner.ctx, ExprContext::Load) => {
                if self.functions > 0 && !self.in_init {
                    self.changes.attributes.insert(inner.attr.to_string());
                }
                Some(&inner.value)
            }
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(method) => {
                    self.changes.signals |= self.functions > 0 && wakes(&method.attr);
                    changes_receiver(&method.attr).then_some(&method.value)
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(root) = changed.filter(|_| self.functions > 0).and_then(|object| root(object)) {
            self.changes.mutated.insert(root.to_owned());
        }
        visitor::walk_expr(self, expr);
    }
}

/// The name at the start of `name.attribute[item]`.
fn root(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(&name.id),
        Expr::Attribute(inner) => root(&inner.value),
        Expr::Subscript(inner) => root(&inner.value),
        _ => None,
    }
}

fn wakes(method: &str) -> bool {
    matches!(method, "put" | "put_nowait" | "set" | "notify" | "notify_all" | "release" | "task_done")
}

fn changes_receiver(method: &str) -> bool {
    matches!(
        method,
        "append"
            | "appendleft"
            | "extend"
            | "insert"
            | "pop"
            | "popleft"
            | "popitem"
            | "remove"
            | "clear"
            | "update"
            | "add"
            | "discard"
            | "setdefault"
            | "sort"
            | "reverse"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::python::PythonFile;
    use crate::text::Source;
    use ruff_python_ast::PythonVersion;

    #[test]
    fn only_functions_change_what_is_served() {
        let text = "CACHE = {}\nCACHE['a'] = 1\nLIST = []\n\ndef view():\n    global count\n    count += 1\n    LIST.append(1)\n";
        let file = PythonFile::parse(Source::new(text.to_owned()), None, PythonVersion::PY311);
        let changes = Changes::of(file.body());
        assert!(changes.rebound.contains("count"));
        assert!(changes.mutated.contains("LIST") && !changes.mutated.contains("CACHE"));
    }
}
