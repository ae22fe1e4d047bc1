//! Which names statements read before they bind them, and which they bind, in Python's scopes and order.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_pattern, walk_stmt};
use ruff_python_ast::{ExceptHandler, Expr, ExprContext, Parameters, Pattern, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::target::{blocks, ends_function};
use crate::syntax::python::bound_by;

/// Names of one file.
pub(super) type Names = FxHashSet<String>;

/// What statements do with the names of their scope.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    /// Names that are read where they need not have been bound by the statements themselves, with the first such place,
    /// in order.
    pub reads: Vec<(String, TextRange)>,
    /// Names that are bound on some way through the statements.
    pub binds: Names,
    /// Names that are bound on every way through them.
    pub surely: Names,
    /// The scopes inside, which hide their own names.
    hidden: Vec<Names>,
}

impl Flow {
    /// Looks at statements that run one after the other.
    pub fn of<'a>(statements: impl IntoIterator<Item = &'a Stmt>) -> Self {
        let mut flow = Self::default();
        for stmt in statements {
            flow.visit_stmt(stmt);
        }
        flow
    }

    /// Looks at one expression.
    pub fn of_expression(expr: &Expr) -> Self {
        let mut flow = Self::default();
        flow.visit_expr(expr);
        flow
    }

    /// Whether a name is read before it is bound.
    pub fn needs(&self, name: &str) -> bool {
        self.reads.iter().any(|(read, _)| read == name)
    }

    fn read(&mut self, name: &str, range: TextRange) {
        let own = self.surely.contains(name);
        if !own && !self.hidden.iter().any(|scope| scope.contains(name)) && !self.needs(name) {
            self.reads.push((name.to_owned(), range));
        }
    }

    fn bind(&mut self, name: &str) {
        if self.hidden.is_empty() {
            self.binds.insert(name.to_owned());
            self.surely.insert(name.to_owned());
        }
    }

    /// Blocks of which one runs, or none: only what all that go on bind is bound afterwards.
    fn one_of(&mut self, branches: &[&[Stmt]], complete: bool) {
        let before = self.surely.clone();
        let mut common: Option<Names> = (!complete).then(|| before.clone());
        for branch in branches {
            self.surely.clone_from(&before);
            self.visit_body(branch);
            if !branch.last().is_some_and(ends_function) {
                let after = std::mem::take(&mut self.surely);
                common = Some(match common {
                    Some(common) => common.intersection(&after).cloned().collect(),
                    None => after,
                });
            }
        }
        self.surely = common.unwrap_or(before);
    }

    fn in_scope(&mut self, names: Names, walk: impl FnOnce(&mut Self)) {
        self.hidden.push(names);
        walk(self);
        self.hidden.pop();
    }

    fn function(&mut self, parameters: Option<&Parameters>, walk: impl FnOnce(&mut Self), own: Names) {
        let mut names = own;
        if let Some(parameters) = parameters {
            for parameter in parameters {
                names.insert(parameter.name().to_string());
                if let Some(default) = parameter.default() {
                    self.visit_expr(default);
                }
            }
        }
        self.in_scope(names, walk);
    }
}

/// The names that a block binds in its own scope.
pub(super) fn bound(body: &[Stmt]) -> Names {
    Flow::of(body).binds
}

/// The names of a function's parameters.
pub(super) fn parameters(parameters: &Parameters) -> Names {
    parameters.iter().map(|parameter| parameter.name().to_string()).collect()
}

impl<'a> Visitor<'a> for Flow {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                def.decorator_list.iter().for_each(|decorator| self.visit_expr(&decorator.expression));
                let own = bound(&def.body);
                self.function(Some(&def.parameters), |me| me.visit_body(&def.body), own);
                self.bind(&def.name);
            }
            Stmt::ClassDef(def) => {
                def.decorator_list.iter().for_each(|decorator| self.visit_expr(&decorator.expression));
                if let Some(arguments) = &def.arguments {
                    self.visit_arguments(arguments);
                }
                self.in_scope(bound(&def.body), |me| me.visit_body(&def.body));
                self.bind(&def.name);
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    self.bind(name.split('.').next().unwrap_or(name));
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    self.bind(alias.asname.as_ref().unwrap_or(&alias.name));
                }
            }
            Stmt::AugAssign(inner) => {
                if let Expr::Name(name) = &*inner.target {
                    self.read(&name.id, name.range());
                }
                walk_stmt(self, stmt);
            }
            Stmt::If(inner) => {
                self.visit_expr(&inner.test);
                let tests = inner.elif_else_clauses.iter().filter_map(|clause| clause.test.as_ref());
                tests.for_each(|test| self.visit_expr(test));
                let complete = inner.elif_else_clauses.last().is_some_and(|clause| clause.test.is_none());
                self.one_of(&blocks(stmt), complete);
            }
            Stmt::Match(inner) => {
                self.visit_expr(&inner.subject);
                let before = self.surely.clone();
                for case in &inner.cases {
                    self.visit_pattern(&case.pattern);
                    case.guard.iter().for_each(|guard| self.visit_expr(guard));
                    self.visit_body(&case.body);
                    self.surely.clone_from(&before);
                }
            }
            Stmt::For(inner) => {
                self.visit_expr(&inner.iter);
                let before = self.surely.clone();
                self.visit_expr(&inner.target);
                self.visit_body(&inner.body);
                self.surely = before;
                self.visit_body(&inner.orelse);
            }
            Stmt::While(inner) => {
                self.visit_expr(&inner.test);
                self.one_of(&[&inner.body], false);
                self.visit_body(&inner.orelse);
            }
            Stmt::Try(inner) => {
                let before = self.surely.clone();
                self.visit_body(&inner.body);
                self.visit_body(&inner.orelse);
                let mut after = Some(std::mem::take(&mut self.surely));
                for handler in &inner.handlers {
                    let ExceptHandler::ExceptHandler(handler) = handler;
                    self.surely.clone_from(&before);
                    handler.type_.iter().for_each(|kind| self.visit_expr(kind));
                    handler.name.iter().for_each(|name| self.bind(name));
                    self.visit_body(&handler.body);
                    if !handler.body.last().is_some_and(ends_function) {
                        let common = after.map(|names| names.intersection(&self.surely).cloned().collect());
                        after = common;
                    }
                }
                self.surely = after.unwrap_or_default();
                self.visit_body(&inner.finalbody);
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => match name.ctx {
                ExprContext::Load | ExprContext::Invalid => self.read(&name.id, name.range()),
                ExprContext::Store => self.bind(&name.id),
                ExprContext::Del => {
                    self.read(&name.id, name.range());
                    self.surely.remove(name.id.as_str());
                }
            },
            Expr::Named(named) => {
                self.visit_expr(&named.value);
                // Whether it runs depends on what stands around it.
                let sure = self.surely.clone();
                self.visit_expr(&named.target);
                self.surely = sure;
            }
            Expr::Lambda(lambda) => {
                self.function(
                    lambda.parameters.as_deref(),
                    |me| me.visit_expr(&lambda.body),
                    Names::default(),
                );
            }
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                let generators = match expr {
                    Expr::ListComp(inner) => &inner.generators,
                    Expr::SetComp(inner) => &inner.generators,
                    Expr::DictComp(inner) => &inner.generators,
                    Expr::Generator(inner) => &inner.generators,
                    _ => return,
                };
                let mut own = Self::default();
                generators.iter().for_each(|generator| own.visit_expr(&generator.target));
                if let Some(first) = generators.first() {
                    self.visit_expr(&first.iter);
                }
                self.in_scope(own.binds, |me| walk_expr(me, expr));
            }
            _ => walk_expr(self, expr),
        }
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        bound_by(pattern).into_iter().for_each(|name| self.bind(name));
        walk_pattern(self, pattern);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::syntax::python::{PythonFile, PythonVersion};
    use crate::text::Source;

    /// A text, and the names that it reads, binds and surely binds.
    type Case = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

    fn flow(text: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
        let file = PythonFile::parse(Source::new(text), None, PythonVersion::PY312);
        assert!(file.compiles(), "{text}: {:?}", file.problems());
        let flow = Flow::of(file.body());
        let sorted = |names: &Names| {
            let mut names: Vec<String> = names.iter().cloned().collect();
            names.sort();
            names
        };
        let reads = flow.reads.iter().map(|(name, _)| name.clone()).collect();
        (reads, sorted(&flow.binds), sorted(&flow.surely))
    }

    #[test]
    fn names_are_followed_through_scopes_and_branches() {
        let cases: &[Case] = &[
            ("x = y\nz = x\n", &["y"], &["x", "z"], &["x", "z"]),
            ("x += 1\n", &["x"], &["x"], &["x"]),
            ("x = [a for a in b if c]\n", &["b", "c"], &["x"], &["x"]),
            ("f = lambda a, b=c: a + d\n", &["c", "d"], &["f"], &["f"]),
            ("def f(a):\n    b = a\n    return b + c\n", &["c"], &["f"], &["f"]),
            ("if a:\n    x = 1\nelse:\n    x = 2\n", &["a"], &["x"], &["x"]),
            ("if a:\n    x = 1\nprint(x)\n", &["a", "print", "x"], &["x"], &[]),
            ("if a:\n    raise E\nelse:\n    x = 2\n", &["a", "E"], &["x"], &["x"]),
            ("try:\n    x = f()\nexcept E:\n    raise\n", &["f", "E"], &["x"], &["x"]),
            ("try:\n    x = f()\nexcept E as e:\n    y = e\n", &["f", "E"], &["e", "x", "y"], &[]),
            ("for i in a:\n    x = i\n", &["a"], &["i", "x"], &[]),
            ("with a as b:\n    x = b\n", &["a"], &["b", "x"], &["b", "x"]),
            ("match a:\n    case [b, *c]:\n        pass\n", &["a"], &["b", "c"], &[]),
            ("class A(B):\n    x = 1\n    y = x + z\n", &["B", "z"], &["A"], &["A"]),
            ("del x\n", &["x"], &[], &[]),
            ("import a.b, c as d\n", &[], &["a", "d"], &["a", "d"]),
            ("print(y := 1)\n", &["print"], &["y"], &[]),
        ];
        for (text, reads, binds, surely) in cases {
            let (found_reads, found_binds, found_surely) = flow(text);
            assert_eq!(
                (&found_reads[..], &found_binds[..], &found_surely[..]),
                (
                    &reads.iter().map(ToString::to_string).collect::<Vec<_>>()[..],
                    &binds.iter().map(ToString::to_string).collect::<Vec<_>>()[..],
                    &surely.iter().map(ToString::to_string).collect::<Vec<_>>()[..],
                ),
                "{text}"
            );
        }
    }
}
