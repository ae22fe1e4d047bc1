//! Expressions, and the binding of names.

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, BoolOp, Comprehension, Expr, InterpolatedStringElement, Number, UnaryOp};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use super::effect::RaiseCause;
use super::interp::{Eval, Flow, Frame, FrameKind, Interp, Merge, Stop};
use super::suggest::similar_names;
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
            Expr::BoolOp(inner) => self.bool_op(inner.op, &inner.values)?,
            Expr::BinOp(inner) => {
                let left = self.eval(&inner.left)?;
                let right = self.eval(&inner.right)?;
                self.binary(&left, inner.op, &right, inner.range())?
            }
            Expr::UnaryOp(inner) => {
                let operand = self.eval(&inner.operand)?;
                match (inner.op, operand) {
                    (UnaryOp::Not, operand) => {
                        self.truth(&operand).map_or(Value::Unknown, |t| Value::Bool(!t))
                    }
                    (UnaryOp::USub, Value::Int(int)) => int.checked_neg().map_or(Value::Unknown, Value::Int),
                    (UnaryOp::USub, Value::Float(float)) => Value::Float(-float),
                    (UnaryOp::UAdd, number @ (Value::Int(_) | Value::Float(_))) => number,
                    _ => Value::Unknown,
                }
            }
            Expr::Compare(inner) => self.compare(inner)?,
            Expr::If(inner) => {
                let test = self.eval(&inner.test)?;
                match self.truth(&test) {
                    Some(true) => self.eval(&inner.body)?,
                    Some(false) => self.eval(&inner.orelse)?,
                    None => self.fork(|me| me.eval(&inner.body), |me| me.eval(&inner.orelse))?,
                }
            }
            Expr::Named(inner) => {
                let value = self.eval(&inner.value)?;
                self.assign(&inner.target, value.clone())?;
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
            Expr::Generator(inner) => {
                // Most generator expressions are consumed where they stand, so their body is evaluated at once.
                let (items, open) = self.comprehension(&inner.generators, &inner.elt)?;
                Value::Object(self.heap.allocate(Kind::List(items.into(), open)))
            }
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

    fn f_string(&mut self, expr: &'a ast::ExprFString) -> Eval<'a> {
        let mut text = Some(String::new());
        for part in expr.value.iter() {
            let elements = match part {
                ast::FStringPart::Literal(literal) => {
                    if let Some(text) = &mut text {
                        text.push_str(literal.as_str());
                    }
                    continue;
                }
                ast::FStringPart::FString(inner) => &inner.elements,
            };
            for element in elements {
                match element {
                    InterpolatedStringElement::Literal(literal) => {
                        if let Some(text) = &mut text {
                            text.push_str(&literal.value);
                        }
                    }
                    InterpolatedStringElement::Interpolation(inner) => {
                        let value = self.eval(&inner.expression)?;
                        let plain = inner.format_spec.is_none() && inner.debug_text.is_none();
                        let shown = if plain { self.text_of(&value) } else { None };
                        text = text.zip(shown).map(|(text, shown)| text + &shown);
                    }
                }
            }
        }
        Ok(text.map_or(Value::Unknown, Value::str))
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

    /// Evaluates a comprehension in a scope of its own.
    fn comprehension(
        &mut self,
        generators: &'a [Comprehension],
        element: &'a Expr,
    ) -> Result<(Vec<Value<'a>>, bool), Stop<'a>> {
        let Some((first, _)) = generators.split_first() else { return Ok((Vec::new(), true)) };
        let iterable = self.eval(&first.iter)?;
        let Some(frame) = self.frames.last() else { return Ok((Vec::new(), true)) };
        let (module, statement, function) = (frame.module.clone(), frame.statement, frame.function.clone());
        let receiver = frame.receiver.clone();
        let mut closure = frame.closure.clone();
        if frame.kind == FrameKind::Function {
            closure.push(frame.scope);
        }
        let at_function = frame.kind == FrameKind::Function;
        let scope = self.heap.allocate(Kind::Scope);
        self.frames.push(Frame {
            module,
            scope,
            closure,
            // A comprehension at module level runs at once, so what it does counts as module level.
            kind: if at_function { FrameKind::Function } else { FrameKind::Class },
            globals: FxHashSet::default(),
            nonlocals: FxHashSet::default(),
            function,
            receiver,
            statement,
        });
        let mut out = Vec::new();
        let result = self.generate(generators, 0, Some(iterable), element, &mut out);
        self.frames.pop();
        result.map(|open| (out, open))
    }

    fn generate(
        &mut self,
        generators: &'a [Comprehension],
        at: usize,
        iterable: Option<Value<'a>>,
        element: &'a Expr,
        out: &mut Vec<Value<'a>>,
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
        let items = self.iterate(&iterable, generator.iter.range())?;
        self.check_length(&items, generator.iter.range())?;
        let mut open = items.open || items.known.len() > MOST;
        let rounds = if open { vec![items.element()] } else { items.known };
        for item in rounds {
            self.assign(&generator.target, item)?;
            let mut wanted = Some(true);
            for condition in &generator.ifs {
                let test = self.eval(condition)?;
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
            let inner = self.generate(generators, at + 1, None, element, out);
            self.doubt.possible -= u32::from(uncertain);
            open |= inner? || wanted.is_none();
        }
        Ok(open)
    }

    fn bool_op(&mut self, op: BoolOp, values: &'a [Expr]) -> Eval<'a> {
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
            Some(_) => self.bool_op(op, rest),
            None => {
                // The first value may decide; the others are only evaluated if it does not.
                let right = self.fork(|me| me.bool_op(op, rest), |_| Ok(Value::Unbound))?;
                let right = right.bound().unwrap_or(Value::Unknown);
                let right_truth = self.truth(&right);
                let whole = value.merge(right, self);
                Ok(if right_truth == Some(decides) { Value::Bool(decides) } else { whole })
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

    /// Reads a name: local scopes, then the module, then the built-in names.
    pub fn lookup(&mut self, name: &Name, range: TextRange) -> Eval<'a> {
        let Some(frame) = self.frames.last() else { return Ok(Value::Unknown) };
        let module_scope = frame.module.scope;
        let local = (!frame.globals.contains(name)).then_some(frame.scope);
        let scopes = local.into_iter().chain(frame.closure.iter().rev().copied()).chain([module_scope]);
        let mut seen = None;
        for scope in scopes {
            let Some(slot) = self.heap.slot(scope, name) else { continue };
            match (slot.value.bound(), slot.value.may_be_unbound()) {
                (Some(value), false) => return Ok(value),
                (Some(value), true) => {
                    // On some path it is bound here; on the others an outer scope or an error would answer.
                    return Ok(value);
                }
                (None, _) => seen = Some(scope),
            }
        }
        if seen.is_none()
            && let Some(value) = self.builtin(name)
        {
            return Ok(value);
        }
        let open = self.heap.get(module_scope).open || local.is_some_and(|scope| self.heap.get(scope).open);
        if open {
            return Ok(Value::Unknown);
        }
        let mut names = self.names(module_scope);
        names.extend(local.into_iter().filter(|l| *l != module_scope).flat_map(|l| self.names(l)));
        let cause =
            RaiseCause::UndefinedName { name: name.to_string(), similar: similar_names(name, &names) };
        Err(self.raise("NameError", format!("name '{name}' is not defined"), cause, range))
    }

    /// Binds a name in the running scope.
    pub fn bind(&mut self, name: Name, value: Value<'a>, range: TextRange) {
        let Some(frame) = self.frames.last() else { return };
        let scope = if frame.globals.contains(&name) {
            frame.module.scope
        } else if frame.nonlocals.contains(&name) {
            let outer = frame.closure.iter().rev().copied().find(|s| self.heap.slot(*s, &name).is_some());
            outer.unwrap_or(frame.scope)
        } else {
            frame.scope
        };
        self.heap.set(scope, name, value, range);
    }

    /// Assigns to a target: a name, an attribute, an item, or a list of targets.
    pub fn assign(&mut self, target: &'a Expr, value: Value<'a>) -> Result<(), Stop<'a>> {
        match target {
            Expr::Name(name) => self.bind(name.id.clone(), value, name.range()),
            Expr::Attribute(inner) => {
                let object = self.eval(&inner.value)?;
                self.set_attribute(&object, &inner.attr.id, value, inner.range());
            }
            Expr::Subscript(inner) => {
                let object = self.eval(&inner.value)?;
                let key = self.eval(&inner.slice)?;
                self.set_item(&object, &key, value, inner.range());
            }
            Expr::Tuple(inner) => self.unpack(&inner.elts, &value)?,
            Expr::List(inner) => self.unpack(&inner.elts, &value)?,
            Expr::Starred(inner) => self.assign(&inner.value, Value::Unknown)?,
            _ => {}
        }
        Ok(())
    }

    fn unpack(&mut self, targets: &'a [Expr], value: &Value<'a>) -> Result<(), Stop<'a>> {
        let items = self.iterate(value, TextRange::default())?;
        let exact = !items.open && items.known.len() == targets.len();
        let exact = exact && !targets.iter().any(Expr::is_starred_expr);
        for (at, target) in targets.iter().enumerate() {
            let item = if exact { items.known[at].clone() } else { Value::Unknown };
            self.assign(target, item)?;
        }
        Ok(())
    }

    /// `del` of a name, an attribute or an item.
    pub fn delete(&mut self, target: &'a Expr) -> Result<(), Stop<'a>> {
        match target {
            Expr::Name(name) => {
                // Reading it first raises the error that Python raises for a name that is not bound.
                self.lookup(&name.id, name.range())?;
                self.bind(name.id.clone(), Value::Unbound, name.range());
            }
            Expr::Attribute(inner) => {
                let object = self.eval(&inner.value)?;
                if let Value::Object(id) = object {
                    self.heap.set(id, inner.attr.id.clone(), Value::Unbound, inner.range());
                }
            }
            Expr::Subscript(inner) => {
                let object = self.eval(&inner.value)?;
                let key = self.eval(&inner.slice)?;
                self.delete_item(&object, &key);
            }
            Expr::Tuple(inner) => {
                for target in &inner.elts {
                    self.delete(target)?;
                }
            }
            _ => {}
        }
        Ok(())
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
        let last = match result? {
            Flow::Return(value) => value,
            Flow::Normal | Flow::Break | Flow::Continue => Value::None,
        };
        Ok(possible.into_iter().fold(last, Value::or))
    }

    /// A new frame for a call of a function of the project.
    pub fn frame_for(&self, function: &std::rc::Rc<super::value::Function<'a>>, scope: Id) -> Frame<'a> {
        Frame {
            module: function.module.clone(),
            scope,
            closure: function.closure.clone(),
            kind: FrameKind::Function,
            globals: FxHashSet::default(),
            nonlocals: FxHashSet::default(),
            function: Some(function.clone()),
            receiver: None,
            statement: function.range,
        }
    }
}
