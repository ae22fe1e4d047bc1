//! What cannot move because of what it does or where it stands, with the reason.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::flow::Names;
use super::target::Target;
use super::{Refusal, because};
use crate::syntax::python::PythonFile;

/// Refuses statements that would do something else in another process or at another time.
pub(super) fn check(file: &PythonFile, target: &Target, statements: &[&Stmt]) -> Result<(), Refusal> {
    let owners = target.owners(file).unwrap_or_default();
    for owner in owners.get(target.depth..).unwrap_or_default() {
        let reason = match owner {
            Stmt::For(_) | Stmt::While(_) => {
                "It stands in a loop, and each turn would need a job of its own. Select the whole loop."
            }
            Stmt::Try(_) => {
                "It stands in a `try`, which cannot catch what goes wrong in another process. Select the whole `try`."
            }
            Stmt::With(_) => {
                "It stands in a `with`, which is over before the job runs. Select the whole `with`."
            }
            _ => continue,
        };
        return Err(because(reason));
    }
    let mut acts = Acts::default();
    match target.call {
        Some(call) => {
            let stmt = statements.first().copied();
            let once = stmt.is_some_and(|stmt| runs_once(stmt, call));
            if !once {
                return Err(because(
                    "This call does not run exactly once whenever its statement runs. Select the whole statement.",
                ));
            }
            acts.within = Some(call);
            statements.iter().for_each(|stmt| acts.visit_stmt(stmt));
        }
        None => statements.iter().for_each(|stmt| acts.visit_stmt(stmt)),
    }
    acts.found.map_or(Ok(()), |reason| Err(because(reason)))
}

/// Refuses statements that change a list or dictionary of the module: the worker has its own.
pub(super) fn check_shared(module: &[Stmt], statements: &[&Stmt], own: &Names) -> Result<(), Refusal> {
    let containers: Vec<&str> = module
        .iter()
        .filter_map(|stmt| match stmt {
            Stmt::Assign(assign) => match (assign.targets.first()?, &*assign.value) {
                (
                    Expr::Name(name),
                    Expr::List(_) | Expr::Dict(_) | Expr::Set(_) | Expr::DictComp(_) | Expr::ListComp(_),
                ) => Some(name.id.as_str()),
                _ => None,
            },
            _ => None,
        })
        .filter(|name| !own.contains(*name))
        .collect();
    let mut changes = Changes { containers: &containers, found: None };
    statements.iter().for_each(|stmt| changes.visit_stmt(stmt));
    match changes.found {
        Some(name) => Err(because(format!(
            "It changes `{name}`, which lives in the web server's process: the worker has another one. Keep such data in a database."
        ))),
        None => Ok(()),
    }
}

#[derive(Default)]
struct Acts {
    found: Option<&'static str>,
    /// Only what stands in this range counts.
    within: Option<TextRange>,
    /// How deep in functions and loops of the statements themselves.
    functions: usize,
    loops: usize,
}

impl Acts {
    fn refuse(&mut self, reason: &'static str) {
        self.found.get_or_insert(reason);
    }
}

impl<'a> Visitor<'a> for Acts {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if self.within.is_some_and(|within| stmt.range().intersect(within).is_none()) {
            return;
        }
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {
                self.functions += 1;
                walk_stmt(self, stmt);
                self.functions -= 1;
                return;
            }
            Stmt::For(_) | Stmt::While(_) => {
                self.loops += 1;
                walk_stmt(self, stmt);
                self.loops -= 1;
                return;
            }
            Stmt::Return(_) if self.functions == 0 && self.within.is_none() => {
                self.refuse("It holds a `return`, which answers the request. Select what comes before it.");
            }
            Stmt::Break(_) | Stmt::Continue(_) if self.functions == 0 && self.loops == 0 => {
                self.refuse("It steers a loop around it. Select the whole loop.");
            }
            Stmt::Global(_) => self.refuse("It binds a global name, which another process does not see."),
            Stmt::Nonlocal(_) => self.refuse("It binds a name of the function around the handler."),
            Stmt::ImportFrom(import) if import.names.iter().any(|alias| alias.name.as_str() == "*") => {
                self.refuse("It imports names that are not known.");
            }
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.within.is_some_and(|within| expr.range().intersect(within).is_none()) {
            return;
        }
        let inside = self.within.is_none_or(|within| within.contains_range(expr.range()));
        match expr {
            Expr::Yield(_) | Expr::YieldFrom(_) if inside && self.functions == 0 => {
                self.refuse("It holds a `yield`: what the handler streams cannot be made elsewhere.");
            }
            Expr::Await(_) if inside => self.refuse("It awaits, and tasks are not asynchronous."),
            Expr::Name(name) if inside && ["self", "cls", "locals", "super"].contains(&name.id.as_str()) => {
                self.refuse("It uses the object or the local names of the handler.");
            }
            Expr::Lambda(_) => {
                self.functions += 1;
                walk_expr(self, expr);
                self.functions -= 1;
                return;
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}

/// Whether a call runs exactly once when its statement runs.
fn runs_once(stmt: &Stmt, call: TextRange) -> bool {
    struct Way {
        call: TextRange,
        once: bool,
    }
    impl<'a> Visitor<'a> for Way {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if !expr.range().contains_range(self.call) || expr.range() == self.call {
                return;
            }
            self.once &= match expr {
                Expr::BoolOp(inner) => {
                    inner.values.first().is_some_and(|first| first.range().contains_range(self.call))
                }
                Expr::If(inner) => inner.test.range().contains_range(self.call),
                Expr::Compare(inner) => {
                    inner.comparators.len() < 2 || inner.left.range().contains_range(self.call)
                }
                Expr::Lambda(_) | Expr::Named(_) | Expr::Await(_) | Expr::Yield(_) | Expr::YieldFrom(_) => {
                    false
                }
                Expr::ListComp(inner) => in_first(&inner.generators, self.call),
                Expr::SetComp(inner) => in_first(&inner.generators, self.call),
                Expr::DictComp(inner) => in_first(&inner.generators, self.call),
                Expr::Generator(inner) => in_first(&inner.generators, self.call),
                _ => true,
            };
            walk_expr(self, expr);
        }
        fn visit_body(&mut self, _: &'a [Stmt]) {}
    }
    let in_test = match stmt {
        // Only the first test surely runs; a loop's test runs again and again.
        Stmt::If(inner) => inner.test.range().contains_range(call),
        Stmt::For(inner) => inner.iter.range().contains_range(call),
        Stmt::Match(inner) => inner.subject.range().contains_range(call),
        Stmt::While(_)
        | Stmt::With(_)
        | Stmt::Assert(_)
        | Stmt::FunctionDef(_)
        | Stmt::ClassDef(_)
        | Stmt::Try(_) => false,
        _ => true,
    };
    let mut way = Way { call, once: in_test };
    way.visit_stmt(stmt);
    way.once
}

fn in_first(generators: &[ruff_python_ast::Comprehension], call: TextRange) -> bool {
    generators.first().is_some_and(|first| first.iter.range().contains_range(call))
}

struct Changes<'c> {
    containers: &'c [&'c str],
    found: Option<String>,
}

impl Changes<'_> {
    fn see(&mut self, expr: &Expr) {
        if let Expr::Name(name) = expr
            && self.containers.contains(&name.id.as_str())
        {
            self.found.get_or_insert(name.id.to_string());
        }
    }
}

impl<'a> Visitor<'a> for Changes<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        const METHODS: &[&str] = &[
            "append",
            "extend",
            "insert",
            "pop",
            "remove",
            "clear",
            "update",
            "setdefault",
            "add",
            "discard",
            "sort",
            "popitem",
        ];
        match expr {
            Expr::Subscript(inner) if !inner.ctx.is_load() => self.see(&inner.value),
            Expr::Call(call) => {
                if let Expr::Attribute(method) = &*call.func
                    && METHODS.contains(&method.attr.as_str())
                {
                    self.see(&method.value);
                }
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}
