//! Comprehensions, and what runs only when somebody asks for it: generator expressions, `map` and `filter`.

use std::rc::Rc;

use ruff_python_ast::{self as ast, Comprehension, Expr};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use super::effect::BlockKind;
use super::interp::{Eval, Frame, FrameKind, Interp, Stop};
use super::value::{Arguments, Id, Kind, Value};
use crate::text::TextRange;

/// Calls that keep an iterator for later.
const LAZY_CALLS: &[&str] =
    &["builtins.map", "builtins.filter", "builtins.zip", "builtins.enumerate", "builtins.iter"];

/// An iterator of which nothing has run yet.
#[derive(Debug)]
pub(crate) enum Lazy<'a> {
    /// A generator expression with its first iterable, and the scope in which the rest will run.
    Generator { expr: &'a ast::ExprGenerator, iterable: Value<'a>, frame: Frame<'a> },
    /// `map`, or `filter`.
    Mapped { filter: bool, function: Value<'a>, source: Value<'a>, range: TextRange, callee: TextRange },
}

/// Whether a library's call leaves iterators that it is given for later.
pub(super) fn is_lazy_call(path: &str) -> bool {
    LAZY_CALLS.contains(&path) || path.starts_with("itertools.")
}

impl<'a> Interp<'a> {
    /// Evaluates a comprehension in a scope of its own.
    pub fn comprehension(
        &mut self,
        generators: &'a [Comprehension],
        element: &'a Expr,
    ) -> Result<(Vec<Value<'a>>, bool), Stop<'a>> {
        let Some((first, _)) = generators.split_first() else { return Ok((Vec::new(), true)) };
        let iterable = self.eval(&first.iter)?;
        let Some(frame) = self.comprehension_frame() else { return Ok((Vec::new(), true)) };
        self.run_comprehension(frame, generators, iterable, element, true)
    }

    /// The scope of a comprehension that stands in the running code.
    fn comprehension_frame(&mut self) -> Option<Frame<'a>> {
        let scope = self.heap.allocate(Kind::Scope);
        let frame = self.frames.last()?;
        let mut closure = frame.closure.clone();
        if frame.kind == FrameKind::Function {
            closure.push(frame.scope);
        }
        let at_function = frame.kind == FrameKind::Function;
        Some(Frame {
            module: frame.module.clone(),
            scope,
            closure,
            // A comprehension at module level runs at once, so what it does counts as module level.
            kind: if at_function { FrameKind::Function } else { FrameKind::Class },
            comprehension: true,
            globals: FxHashSet::default(),
            nonlocals: FxHashSet::default(),
            function: frame.function.clone(),
            receiver: frame.receiver.clone(),
            statement: frame.statement,
        })
    }

    /// `whole` says that everything is asked for at once, to the end.
    fn run_comprehension(
        &mut self,
        frame: Frame<'a>,
        generators: &'a [Comprehension],
        iterable: Value<'a>,
        element: &'a Expr,
        whole: bool,
    ) -> Result<(Vec<Value<'a>>, bool), Stop<'a>> {
        self.frames.push(frame);
        let mut out = Vec::new();
        let result = self.generate(generators, 0, Some(iterable), element, &mut out, whole);
        self.frames.pop();
        result.map(|open| (out, open))
    }

    /// `name := value` binds in the code around a comprehension, not in the comprehension's own scope.
    pub fn bind_around_comprehensions(&mut self, target: &'a Expr, value: Value<'a>) -> Result<(), Stop<'a>> {
        let inner = self.frames.iter().rev().take_while(|frame| frame.comprehension).count();
        let inner = self.frames.split_off(self.frames.len() - inner);
        let assigned = self.assign(target, value);
        self.frames.extend(inner);
        assigned
    }

    /// A generator expression: its first iterable is evaluated now, the rest when somebody asks for the items.
    pub fn generator_expression(&mut self, expr: &'a ast::ExprGenerator) -> Eval<'a> {
        let Some(first) = expr.generators.first() else { return Ok(Value::Unknown) };
        let iterable = self.eval(&first.iter)?;
        let Some(frame) = self.comprehension_frame() else { return Ok(Value::Unknown) };
        let lazy = Lazy::Generator { expr, iterable, frame };
        Ok(Value::Object(self.heap.allocate(Kind::Lazy(Rc::new(lazy)))))
    }

    /// Runs a lazy iterator to its end; it is exhausted then. Gives what it yields, and whether more may come.
    pub fn run_lazy(&mut self, id: Id) -> Result<(Vec<Value<'a>>, bool), Stop<'a>> {
        let Kind::Lazy(lazy) = self.heap.kind(id).clone() else { return Ok((Vec::new(), true)) };
        self.heap.set_kind(id, Kind::List(Rc::default(), false));
        match &*lazy {
            Lazy::Generator { expr, iterable, frame } => {
                // Whoever asks may stop before the end.
                self.run_comprehension(frame.clone(), &expr.generators, iterable.clone(), &expr.elt, false)
            }
            Lazy::Mapped { filter, function, source, range, callee } => {
                self.run_map(*filter, function, source, *range, *callee)
            }
        }
    }

    /// What a library's call sees of its argument: nearly all of them ask a lazy iterator for all that it has.
    pub fn consumed(&mut self, value: &Value<'a>) -> Eval<'a> {
        match value {
            Value::Object(id) if matches!(self.heap.kind(*id), Kind::Lazy(_)) => {
                let (items, open) = self.run_lazy(*id)?;
                Ok(Value::Object(self.heap.allocate(Kind::List(items.into(), open))))
            }
            _ => Ok(value.clone()),
        }
    }

    fn run_map(
        &mut self,
        filter: bool,
        function: &Value<'a>,
        source: &Value<'a>,
        range: TextRange,
        callee: TextRange,
    ) -> Result<(Vec<Value<'a>>, bool), Stop<'a>> {
        let items = self.iterate(source, range)?;
        let mut out = Vec::new();
        let known = if items.open { Vec::new() } else { items.known };
        for item in known {
            // `filter(None, items)` keeps what is true.
            let result = match function {
                Value::None => item.clone(),
                _ => self.call(function, Arguments::of(vec![item.clone()]), range, callee)?,
            };
            match (filter, self.truth(&result)) {
                (false, _) => out.push(result),
                (true, Some(true)) => out.push(item),
                _ => {}
            }
        }
        Ok((out, items.open || filter))
    }

    fn generate(
        &mut self,
        generators: &'a [Comprehension],
        at: usize,
        iterable: Option<Value<'a>>,
        element: &'a Expr,
        out: &mut Vec<Value<'a>>,
        whole: bool,
    ) -> Result<bool, Stop<'a>> {
        /// Longer results are not worth knowing item by item.
        const MOST: usize = 200;
        let Some(generator) = generators.get(at) else {
            let value = self.eval(element)?;
            out.push(value);
            return Ok(false);
        };
        let iterable = match iterable {
            Some(value) => value,
            None => self.eval(&generator.iter)?,
        };
        self.check_iterable(&iterable, generator.iter.range())?;
        let items = self.iterate(&iterable, generator.iter.range())?;
        self.check_length(&items, generator.iter.range())?;
        let mut open = items.open || items.known.len() > MOST;
        let rounds = if open { vec![items.element()] } else { items.known.clone() };
        for item in rounds {
            self.assign(&generator.target, item)?;
            let mut wanted = Some(true);
            for condition in &generator.ifs {
                let test = self.eval_test(condition)?;
                match self.truth(&test) {
                    Some(true) => {}
                    Some(false) => wanted = Some(false),
                    None => wanted = wanted.and(None),
                }
            }
            if wanted == Some(false) {
                continue;
            }
            let uncertain = open || wanted.is_none();
            self.doubt.possible += u32::from(uncertain);
            let outer = self.times;
            // One round stands for all of them.
            #[allow(clippy::cast_precision_loss)]
            if let Some(count) = items.count {
                self.times *= count as f64;
            }
            let inner = self.generate(generators, at + 1, None, element, out, whole);
            self.times = outer;
            self.doubt.possible -= u32::from(uncertain);
            open |= inner? || wanted.is_none();
        }
        if items.endless && whole {
            self.blocks(
                "a list of something that never ends".to_owned(),
                BlockKind::Loop,
                generator.iter.range(),
            )?;
        }
        Ok(open)
    }
}
