//! Functions that call themselves: how many calls known numbers lead to, and whether there is an end at all.
//!
//! A call is only counted by the numbers that it is made with, so a function that does not keep what it has found out, and
//! calls itself more than once, can be counted without being run as often.

use std::rc::Rc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ExprContext, Stmt};
use rustc_hash::FxHashMap;

use super::effect::{Block, BlockKind, Effect, EffectKind, RaiseCause};
use super::interp::{Eval, Interp, Stop};
use super::value::{Arguments, Body, Function, Value};
use crate::text::TextRange;

/// CPython makes some ten million calls in a second, so this many take more than a quarter of an hour.
const TOO_MANY: f64 = 1e10;

/// The calls of one function, while the outermost of them runs.
#[derive(Debug)]
pub(crate) struct Recursion<'a> {
    function: Rc<Function<'a>>,
    /// How many calls each known call makes, with itself.
    known: FxHashMap<String, f64>,
    count: f64,
    /// The first call that the function makes of itself.
    first: Effect,
}

impl<'a> Interp<'a> {
    /// Runs a function that calls itself with plain numbers, or knows already what that would do; `None` for any other call.
    pub(super) fn count_calls(
        &mut self,
        function: &Rc<Function<'a>>,
        arguments: &Arguments<'a>,
        range: TextRange,
    ) -> Option<Eval<'a>> {
        let key = key(arguments)?;
        let inner = self.recursion.as_ref().is_some_and(|one| Rc::ptr_eq(&one.function, function));
        if inner {
            return self.count_inner(function, arguments, range, key);
        }
        if self.recursion.is_some() || !calls_itself_often(function) {
            return None;
        }
        let what = "a recursion of billions of calls".to_owned();
        let first = self.effect(EffectKind::Blocks(Block { what, kind: BlockKind::Computation }), range);
        let recursion =
            Recursion { function: function.clone(), known: FxHashMap::default(), count: 1.0, first };
        self.recursion = Some(recursion);
        let forks = self.forks;
        let result = self.run_function_now(function, arguments, range);
        let counted = self.recursion.take().filter(|_| self.forks == forks);
        if let Some(counted) = counted.filter(|counted| counted.count >= TOO_MANY) {
            self.effects.push(counted.first);
            return Some(Err(Stop::Halt));
        }
        Some(result)
    }

    fn count_inner(
        &mut self,
        function: &Rc<Function<'a>>,
        arguments: &Arguments<'a>,
        range: TextRange,
        key: String,
    ) -> Option<Eval<'a>> {
        if self.recursion.as_ref()?.known.is_empty() && self.recursion.as_ref()?.count <= 1.0 {
            let kind = self.recursion.as_ref()?.first.kind.clone();
            let first = self.effect(kind, range);
            self.recursion.as_mut()?.first = first;
        }
        let recursion = self.recursion.as_mut()?;
        if let Some(calls) = recursion.known.get(&key) {
            recursion.count += calls;
            return Some(Ok(Value::Unknown));
        }
        let before = recursion.count;
        recursion.count += 1.0;
        let result = self.run_function_now(function, arguments, range);
        if let Some(recursion) = self.recursion.as_mut() {
            recursion.known.insert(key, recursion.count - before);
        }
        Some(result)
    }

    /// A call like the one that runs, which then makes the same call again, and so on.
    pub(super) fn check_end(
        &mut self,
        function: &Rc<Function<'a>>,
        arguments: &Arguments<'a>,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let is_again = frame.function.as_ref().is_some_and(|running| Rc::ptr_eq(running, function));
        let parameters = function.parameters.map_or(&[][..], |parameters| &parameters.args);
        if !is_again
            || arguments.open
            || !arguments.keywords.is_empty()
            || parameters.len() != arguments.positional.len()
            || self.doubt.possible > 0
            || !is_pure(function)
        {
            return Ok(());
        }
        let same = parameters.iter().zip(&arguments.positional).all(|(parameter, value)| {
            let own = self.heap.slot(frame.scope, &parameter.parameter.name.id);
            own.is_some_and(|own| own.value.same(value) && !matches!(value, Value::Unknown | Value::Union(_)))
        });
        match same {
            true => Err(self.raise(
                "RecursionError",
                "maximum recursion depth exceeded",
                RaiseCause::Plain,
                range,
            )),
            false => Ok(()),
        }
    }
}

/// Plain arguments as text; `None` where one is not plain.
fn key(arguments: &Arguments<'_>) -> Option<String> {
    let plain = |value: &Value<'_>| matches!(value, Value::Int(_) | Value::Str(_) | Value::Bool(_));
    let has_number = arguments.positional.iter().any(|value| matches!(value, Value::Int(_)));
    (has_number && !arguments.open && arguments.keywords.is_empty() && arguments.positional.iter().all(plain))
        .then(|| format!("{:?}", arguments.positional))
}

/// Whether a function calls itself by its name at least twice, and remembers nothing between its calls.
fn calls_itself_often(function: &Function<'_>) -> bool {
    let Some(calls) = own_calls(function) else { return false };
    calls >= 2
}

/// Whether a function does nothing but compute, so that equal calls do the same.
fn is_pure(function: &Function<'_>) -> bool {
    own_calls(function).is_some()
}

/// How often the code of a function calls it by its name; `None` when a decorator or a change of anything but its own names
/// could make equal calls differ.
fn own_calls(function: &Function<'_>) -> Option<usize> {
    let Body::Statements(body) = function.look_into() else { return None };
    let head = TextRange::new(function.range.start(), function.name_range.start());
    if function.module.slice(head).contains('@') {
        return None;
    }
    let mut pure = Pure { name: &function.name, calls: 0, impure: false };
    pure.visit_body(body);
    (!pure.impure).then_some(pure.calls)
}

struct Pure<'n> {
    name: &'n str,
    calls: usize,
    impure: bool,
}

impl<'s> Visitor<'s> for Pure<'_> {
    fn visit_stmt(&mut self, stmt: &'s Stmt) {
        match stmt {
            Stmt::Assign(_)
            | Stmt::AnnAssign(_)
            | Stmt::AugAssign(_)
            | Stmt::Expr(_)
            | Stmt::If(_)
            | Stmt::Return(_)
            | Stmt::Pass(_) => visitor::walk_stmt(self, stmt),
            _ => self.impure = true,
        }
    }

    fn visit_expr(&mut self, expr: &'s Expr) {
        match expr {
            Expr::Attribute(inner) if inner.ctx != ExprContext::Load => self.impure = true,
            Expr::Subscript(inner) if inner.ctx != ExprContext::Load => self.impure = true,
            Expr::Yield(_) | Expr::YieldFrom(_) | Expr::Await(_) | Expr::Named(_) => self.impure = true,
            Expr::Call(call) => {
                match &*call.func {
                    Expr::Name(name) if name.id.as_str() == self.name => self.calls += 1,
                    Expr::Name(name) if is_harmless(&name.id) => {}
                    _ => self.impure = true,
                }
                for argument in &call.arguments.args {
                    self.visit_expr(argument);
                }
                self.impure |= !call.arguments.keywords.is_empty();
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}

fn is_harmless(name: &str) -> bool {
    matches!(
        name,
        "abs" | "bool" | "float" | "int" | "len" | "max" | "min" | "pow" | "print" | "round" | "str" | "sum"
    )
}
