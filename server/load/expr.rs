//! Expressions, and the binding of names.

use std::rc::Rc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, BoolOp, Expr, Number, UnaryOp};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use super::branches::Merge;
use super::effect::RaiseCause;
use super::interp::{Eval, Flow, Frame, FrameKind, Interp, Stop};
use super::module::ModuleContext;
use super::value::{Arguments, Body, FunctionKind, Id, Kind, Value};
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// Evaluates an expression.
    pub fn eval(&mut self, expr: &'a Expr) -> Eval<'a> {
        if !self.burn() {
            return Ok(Value::Unknown);
        }
        Ok(match expr {
            Expr::NoneLiteral(_) => Value::None,
            Expr::BooleanLiteral(inner) => Value::Bool(inner.value),
            Expr::NumberLiteral(inner) => match &inner.value {
                Number::Int(int) => int.as_i64().map_or(Value::Unknown, Value::Int),
                Number::Float(float) => Value::Float(*float),
                Number::Complex { .. } => Value::Unknown,
            },
            Expr::StringLiteral(inner) => Value::str(inner.value.to_str()),
            Expr::BytesLiteral(_) => Value::Bytes,
            Expr::EllipsisLiteral(_) => Value::library("builtins.Ellipsis"),
            Expr::FString(inner) => self.f_string(inner)?,
            Expr::Name(inner) => self.lookup(&inner.id, inner.range())?,
            Expr::Attribute(inner) => {
                let object = self.eval(&inner.value)?;
                self.attribute(&object, &inner.attr.id, inner.range())?
            }
            Expr::Call(inner) => self.eval_call(inner)?,
            Expr::Subscript(inner) => self.subscript(inner)?,
            Expr::BoolOp(inner) => self.bool_op(inner.op, &inner.values, false)?,
            Expr::BinOp(inner) => {
                let left = self.eval(&inner.left)?;
                let right = self.eval(&inner.right)?;
                self.binary(&left, inner.op, &right, inner.range())?
            }
            Expr::UnaryOp(inner) => {
                let operand = match inner.op {
                    UnaryOp::Not => self.eval_test(&inner.operand)?,
                    _ => self.eval(&inner.operand)?,
                };
                match (inner.op, operand) {
                    (UnaryOp::Not, operand) => {
                        let truth = self.decide(&operand, inner.operand.range())?;
                        truth.map_or(Value::Unknown, |truth| Value::Bool(!truth))
                    }
                    (UnaryOp::USub, Value::Int(int)) => int.checked_neg().map_or(Value::Unknown, Value::Int),
                    (UnaryOp::USub, Value::Float(float)) => Value::Float(-float),
                    (UnaryOp::UAdd, number @ (Value::Int(_) | Value::Float(_))) => number,
                    _ => Value::Unknown,
                }
            }
            Expr::Compare(inner) => self.compare(inner)?,
            Expr::If(inner) => {
                let test = self.eval_test(&inner.test)?;
                match self.decide(&test, inner.test.range())? {
                    Some(true) => self.eval(&inner.body)?,
                    Some(false) => self.eval(&inner.orelse)?,
                    None => self.fork(|me| me.eval(&inner.body), |me| me.eval(&inner.orelse))?,
                }
            }
            Expr::Named(inner) => {
                let value = self.eval(&inner.value)?;
                self.bind_around_comprehensions(&inner.target, value.clone())?;
                value
            }
            Expr::Lambda(inner) => self.make_function(
                Name::new_static("<lambda>"),
                inner.parameters.as_deref(),
                Body::Expression(&inner.body),
                inner.range(),
                inner.range(),
                FunctionKind::Plain,
            )?,
            Expr::Tuple(inner) => match self.items(&inner.elts)? {
                (items, false) => Value::Tuple(items.into()),
                (_, true) => Value::Unknown,
            },
            Expr::List(inner) => {
                let (items, open) = self.items(&inner.elts)?;
                Value::Object(self.heap.allocate(Kind::List(items.into(), open)))
            }
            Expr::Set(inner) => {
                let (items, open) = self.items(&inner.elts)?;
                Value::Object(self.heap.allocate(Kind::Set(items.into(), open)))
            }
            Expr::Dict(inner) => self.dict(inner)?,
            Expr::ListComp(inner) => {
                let (items, open) = self.comprehension(&inner.generators, &inner.elt)?;
                Value::Object(self.heap.allocate(Kind::List(items.into(), open)))
            }
            Expr::SetComp(inner) => {
                let (items, open) = self.comprehension(&inner.generators, &inner.elt)?;
                Value::Object(self.heap.allocate(Kind::Set(items.into(), open)))
            }
            Expr::Generator(inner) => self.generator_expression(inner)?,
            Expr::DictComp(inner) => {
                self.comprehension(&inner.generators, &inner.value)?;
                Value::Object(self.heap.allocate(Kind::Dict(Vec::new().into(), true)))
            }
            Expr::Await(inner) => {
                let awaited = self.eval(&inner.value)?;
                self.run_suspended(&awaited, inner.range())?
            }
            Expr::Yield(inner) => {
                let value = match &inner.value {
                    Some(value) => self.eval(value)?,
                    None => Value::None,
                };
                if let Some(yields) = self.yields.last_mut() {
                    yields.push(value);
                }
                if self.first_item_of == Some(self.yields.len()) {
                    // Whoever wants one item only leaves the generator here.
                    return Err(self.raise("GeneratorExit", "", RaiseCause::Plain, expr.range()));
                }
                Value::Unknown
            }
            Expr::YieldFrom(inner) => {
                let value = self.eval(&inner.value)?;
                let items = self.iterate(&value, inner.value.range())?;
                if let Some(yields) = self.yields.last_mut() {
                    yields.extend(items.known);
                }
                Value::Unknown
            }
            Expr::Starred(inner) => {
                self.eval(&inner.value)?;
                Value::Unknown
            }
            Expr::Slice(inner) => {
                for part in [&inner.lower, &inner.upper, &inner.step].into_iter().flatten() {
                    self.eval(part)?;
                }
                Value::Unknown
            }
            Expr::TString(_) | Expr::IpyEscapeCommand(_) => Value::Unknown,
        })
    }

    fn items(&mut self, elements: &'a [Expr]) -> Result<(Vec<Value<'a>>, bool), Stop<'a>> {
        let mut items = Vec::with_capacity(elements.len());
        let mut open = false;
        for element in elements {
            if let Expr::Starred(inner) = element {
                let value = self.eval(&inner.value)?;
                let more = self.iterate(&value, inner.range())?;
                items.extend(more.known);
                open |= more.open;
            } else {
                items.push(self.eval(element)?);
            }
        }
        Ok((items, open))
    }

    fn dict(&mut self, expr: &'a ast::ExprDict) -> Eval<'a> {
        let mut items = Vec::with_capacity(expr.items.len());
        let mut open = false;
        for item in &expr.items {
            let key = match &item.key {
                Some(key) => Some(self.eval(key)?),
                None => None,
            };
            let value = self.eval(&item.value)?;
            match key {
                Some(key) => items.push((key, value)),
                None => match value {
                    Value::Object(id) if matches!(self.heap.kind(id), Kind::Dict(..)) => {
                        if let Kind::Dict(more, more_open) = self.heap.kind(id).clone() {
                            items.extend(more.iter().cloned());
                            open |= more_open;
                        }
                    }
                    _ => open = true,
                },
            }
        }
        Ok(Value::Object(self.heap.allocate(Kind::Dict(items.into(), open))))
    }

    /// An expression of which only the truth is asked.
    pub fn eval_test(&mut self, test: &'a Expr) -> Eval<'a> {
        match test {
            Expr::BoolOp(inner) => self.bool_op(inner.op, &inner.values, true),
            _ => self.eval(test),
        }
    }

    /// `and` and `or`. Of `name or "nobody"` the truth is known without the value: who only asks for that is given it.
    fn bool_op(&mut self, op: BoolOp, values: &'a [Expr], for_truth: bool) -> Eval<'a> {
        let Some((first, rest)) = values.split_first() else { return Ok(Value::Unknown) };
        let value = self.eval(first)?;
        if rest.is_empty() {
            return Ok(value);
        }
        let decides = match op {
            BoolOp::And => false,
            BoolOp::Or => true,
        };
        match self.truth(&value) {
            Some(truth) if truth == decides => Ok(value),
            Some(_) => self.bool_op(op, rest, for_truth),
            None => {
                // The first value may decide; the others are only evaluated if it does not.
                let right = self.fork(|me| me.bool_op(op, rest, for_truth), |_| Ok(Value::Unbound))?;
                let right = right.bound().unwrap_or(Value::Unknown);
                let right_truth = self.truth(&right);
                let whole = value.merge(right, self);
                Ok(if for_truth && right_truth == Some(decides) { Value::Bool(decides) } else { whole })
            }
        }
    }

    fn eval_call(&mut self, call: &'a ast::ExprCall) -> Eval<'a> {
        let callee = self.eval(&call.func)?;
        let mut arguments = Arguments::default();
        for argument in &call.arguments.args {
            if let Expr::Starred(inner) = argument {
                let value = self.eval(&inner.value)?;
                let items = self.iterate(&value, inner.range())?;
                arguments.positional.extend(items.known);
                arguments.open |= items.open;
            } else {
                arguments.positional.push(self.eval(argument)?);
            }
        }
        for keyword in &call.arguments.keywords {
            let value = self.eval(&keyword.value)?;
            match &keyword.arg {
                Some(name) => arguments.keywords.push((name.id.clone(), value)),
                None => match value {
                    Value::Object(id) => match self.heap.kind(id).clone() {
                        Kind::Dict(items, open) => {
                            for (key, value) in items.iter() {
                                match key.as_str() {
                                    Some(key) => arguments.keywords.push((Name::new(key), value.clone())),
                                    None => arguments.open = true,
                                }
                            }
                            arguments.open |= open;
                        }
                        _ => arguments.open = true,
                    },
                    _ => arguments.open = true,
                },
            }
        }
        self.call(&callee, arguments, call.range(), call.func.range())
    }

    /// Runs the body of a function in a new frame and gives what it returns.
    pub fn run_body(&mut self, frame: Frame<'a>, body: Body<'a>) -> Eval<'a> {
        let leftover = std::mem::take(&mut self.leftover);
        let returns = std::mem::take(&mut self.may.returns);
        let (breaks, continues) = (self.may.breaks, self.may.continues);
        self.frames.push(frame);
        let result = match body {
            Body::Expression(expr) => self.eval(expr).map(Flow::Return),
            Body::Statements(body) => self.exec_body(body),
        };
        self.frames.pop();
        self.doubt.possible = self.doubt.possible.saturating_sub(self.leftover);
        self.leftover = leftover;
        (self.may.breaks, self.may.continues) = (breaks, continues);
        let possible = std::mem::replace(&mut self.may.returns, returns);
        let mut possible = possible.into_iter();
        let last = match result {
            Ok(Flow::Return(value)) => value,
            // What was not run may return anything.
            Ok(_) if self.fuel == 0 => Value::Unknown,
            Ok(Flow::Normal | Flow::Break | Flow::Continue) => Value::None,
            // On another path it has returned before, and there the caller goes on.
            Err(stop) => match possible.next() {
                Some(value) => {
                    self.may_raise(stop);
                    value
                }
                None => return Err(stop),
            },
        };
        Ok(possible.fold(last, Value::or))
    }

    /// A new frame for a call of a function of the project.
    pub fn frame_for(&self, function: &std::rc::Rc<super::value::Function<'a>>, scope: Id) -> Frame<'a> {
        Frame {
            module: function.module.clone(),
            scope,
            closure: function.closure.clone(),
            kind: FrameKind::Function,
            comprehension: false,
            globals: FxHashSet::default(),
            nonlocals: FxHashSet::default(),
            function: Some(function.clone()),
            receiver: None,
            statement: function.range,
        }
    }
}

impl<'a> Frame<'a> {
    /// The frame in which the code of a module runs; `scope` is its namespace.
    pub fn of_module(module: Rc<ModuleContext<'a>>, scope: Id) -> Self {
        Self {
            module,
            scope,
            closure: Vec::new(),
            kind: FrameKind::Module,
            comprehension: false,
            globals: FxHashSet::default(),
            nonlocals: FxHashSet::default(),
            function: None,
            receiver: None,
            statement: TextRange::default(),
        }
    }
}
