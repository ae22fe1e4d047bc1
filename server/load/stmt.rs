//! Statements.

use std::rc::Rc;

use ruff_python_ast::name::Name;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    self as ast, ExceptHandler, Expr, Operator, Stmt, StmtClassDef, StmtFor, StmtFunctionDef, StmtTry,
    StmtWhile, StmtWith,
};
use ruff_text_size::Ranged;
use rustc_hash::{FxHashMap, FxHashSet};

use super::effect::{Block, BlockKind, Certainty, EffectKind, RaiseCause};
use super::interp::{Exception, Exec, Flow, Frame, FrameKind, Interp, Stop};
use super::value::{Body, Class, Function, FunctionKind, Kind, Value};
use crate::text::TextRange;

/// Known loops are followed for so many rounds; then their end is taken for granted.
const ROUNDS: usize = 300;

impl<'a> Interp<'a> {
    /// Executes statements in order, until one of them does not let the next one run.
    pub fn exec_body(&mut self, body: &'a [Stmt]) -> Exec<'a> {
        let around = self.frames.last().map(|frame| frame.statement);
        let flow = self.exec_statements(body);
        // What a compound statement does after its body, it does itself.
        if let (Some(frame), Some(around)) = (self.frames.last_mut(), around) {
            frame.statement = around;
        }
        flow
    }

    fn exec_statements(&mut self, body: &'a [Stmt]) -> Exec<'a> {
        for stmt in body {
            if !self.burn() {
                return Ok(Flow::Normal);
            }
            if let Some(frame) = self.frames.last_mut() {
                frame.statement = stmt.range();
            }
            match self.exec(stmt)? {
                Flow::Normal => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Normal)
    }

    fn exec(&mut self, stmt: &'a Stmt) -> Exec<'a> {
        match stmt {
            Stmt::Expr(inner) => {
                self.eval(&inner.value)?;
            }
            Stmt::Assign(inner) => {
                let value = self.eval(&inner.value)?;
                for target in &inner.targets {
                    self.assign(target, value.clone())?;
                }
            }
            Stmt::AnnAssign(inner) => {
                if let Some(value) = &inner.value {
                    let value = self.eval(value)?;
                    self.assign(&inner.target, value)?;
                }
            }
            Stmt::AugAssign(inner) => self.augment(inner)?,
            Stmt::Import(inner) => self.import_statement(inner)?,
            Stmt::ImportFrom(inner) => self.import_from_statement(inner)?,
            Stmt::FunctionDef(def) => self.define_function(def)?,
            Stmt::ClassDef(def) => self.define_class(def)?,
            Stmt::Return(inner) => {
                let value = match &inner.value {
                    Some(value) => self.eval(value)?,
                    None => Value::None,
                };
                return Ok(Flow::Return(value));
            }
            Stmt::If(inner) => return self.exec_if(inner),
            Stmt::For(inner) => return self.exec_for(inner),
            Stmt::While(inner) => return self.exec_while(inner),
            Stmt::Try(inner) => return self.exec_try(inner),
            Stmt::With(inner) => return self.exec_with(inner, 0),
            Stmt::Match(inner) => return self.exec_match(inner),
            Stmt::Raise(inner) => return Err(self.exec_raise(inner)?),
            Stmt::Assert(inner) => {
                let test = self.eval(&inner.test)?;
                if self.truth(&test) == Some(false) {
                    return Err(self.raise("AssertionError", "", RaiseCause::Plain, inner.range()));
                }
            }
            Stmt::Delete(inner) => {
                for target in &inner.targets {
                    self.delete(target)?;
                }
            }
            Stmt::Global(inner) => {
                let names = inner.names.iter().map(|n| n.id.clone());
                if let Some(frame) = self.frames.last_mut() {
                    frame.globals.extend(names);
                }
            }
            Stmt::Nonlocal(inner) => {
                let names = inner.names.iter().map(|n| n.id.clone());
                if let Some(frame) = self.frames.last_mut() {
                    frame.nonlocals.extend(names);
                }
            }
            Stmt::TypeAlias(inner) => self.assign(&inner.name, Value::Unknown)?,
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => {}
        }
        Ok(Flow::Normal)
    }

    fn exec_if(&mut self, stmt: &'a ast::StmtIf) -> Exec<'a> {
        let clauses = stmt.elif_else_clauses.as_slice();
        self.exec_clause(&stmt.test, &stmt.body, clauses)
    }

    fn exec_clause(&mut self, test: &'a Expr, body: &'a [Stmt], rest: &'a [ast::ElifElseClause]) -> Exec<'a> {
        let outer = std::mem::take(&mut self.assumed);
        let value = self.eval(test)?;
        let assumed = std::mem::replace(&mut self.assumed, outer);
        let otherwise = |me: &mut Self| match rest.split_first() {
            Some((clause, rest)) => match &clause.test {
                Some(test) => me.exec_clause(test, &clause.body, rest),
                None => me.exec_body(&clause.body),
            },
            None => Ok(Flow::Normal),
        };
        match self.truth(&value) {
            Some(true) => self.assuming(assumed, |me| me.exec_body(body)),
            Some(false) => self.assuming(assumed, otherwise),
            None => self.fork(|me| me.exec_body(body), otherwise),
        }
    }

    /// Runs a loop body once; what may leave it early only makes this round uncertain.
    fn round(&mut self, body: &'a [Stmt]) -> Exec<'a> {
        let leftover = std::mem::take(&mut self.leftover);
        let flow = self.exec_body(body);
        self.doubt.possible = self.doubt.possible.saturating_sub(self.leftover);
        self.leftover = leftover;
        flow
    }

    fn exec_for(&mut self, stmt: &'a StmtFor) -> Exec<'a> {
        let iterable = self.eval(&stmt.iter)?;
        let exits = Exits::of(&stmt.body);
        let items = self.iterate(&iterable, stmt.iter.range())?;
        let outer = std::mem::take(&mut self.may.breaks);
        self.check_length(&items, header(stmt.range(), stmt.iter.end()))?;
        let flow = if items.endless && !exits.any() {
            self.assign(&stmt.target, items.element())?;
            self.round(&stmt.body)?;
            let what = "a loop over something that never ends".to_owned();
            self.blocks(what, BlockKind::Loop, header(stmt.range(), stmt.iter.end()))
        } else if items.open || items.known.len() > ROUNDS {
            let element = items.element();
            self.fork(
                |me| {
                    me.assign(&stmt.target, element)?;
                    me.round(&stmt.body)
                },
                |_| Ok(Flow::Normal),
            )
            .map(|flow| match flow {
                Flow::Return(value) => Flow::Return(value),
                _ => Flow::Normal,
            })
        } else {
            self.known_rounds(stmt, items.known)
        };
        self.may.breaks = outer;
        flow
    }

    fn known_rounds(&mut self, stmt: &'a StmtFor, items: Vec<Value<'a>>) -> Exec<'a> {
        for item in items {
            self.assign(&stmt.target, item)?;
            match self.round(&stmt.body)? {
                Flow::Break => return Ok(Flow::Normal),
                Flow::Return(value) => return Ok(Flow::Return(value)),
                Flow::Normal | Flow::Continue => {}
            }
        }
        if self.may.breaks {
            return self.fork(|me| me.exec_body(&stmt.orelse), |_| Ok(Flow::Normal));
        }
        self.exec_body(&stmt.orelse)
    }

    fn exec_while(&mut self, stmt: &'a StmtWhile) -> Exec<'a> {
        let exits = Exits::of(&stmt.body);
        let outer = std::mem::take(&mut self.may.breaks);
        let flow = self.while_rounds(stmt, exits);
        self.may.breaks = outer;
        flow
    }

    fn while_rounds(&mut self, stmt: &'a StmtWhile, exits: Exits) -> Exec<'a> {
        for round in 0..ROUNDS {
            if !self.burn() {
                return Ok(Flow::Normal);
            }
            let returns = self.may.returns.len();
            let raises = self.may.raises.len();
            let before = self.heap.version();
            let (forks, caught) = (self.forks, self.caught);
            let outer = std::mem::take(&mut self.assumed);
            let test = self.eval(&stmt.test)?;
            let assumed = std::mem::replace(&mut self.assumed, outer);
            match self.truth(&test) {
                Some(false) => return self.exec_body(&stmt.orelse),
                None => {
                    let flow = self.fork(|me| me.round(&stmt.body), |_| Ok(Flow::Normal))?;
                    return Ok(match flow {
                        Flow::Return(value) => Flow::Return(value),
                        _ => Flow::Normal,
                    });
                }
                Some(true) => {}
            }
            match self.assuming(assumed, |me| me.round(&stmt.body))? {
                Flow::Break => return Ok(Flow::Normal),
                Flow::Return(value) => return Ok(Flow::Return(value)),
                Flow::Normal | Flow::Continue => {}
            }
            let may_end =
                self.may.breaks || self.may.returns.len() > returns || self.may.raises.len() > raises;
            if may_end || exits.yields {
                return Ok(Flow::Normal);
            }
            let unchanged = self.heap.version() == before;
            let constant = is_constant(&stmt.test);
            // A round that changed nothing, had no choice and only got this far because of a caught exception will be
            // followed by the same round again.
            let stuck = unchanged && self.forks == forks && self.caught > caught;
            let assumed = assumed || stuck && self.caught_assumed;
            if stuck || !exits.any() && (unchanged || constant && round > 0) {
                let what = "an endless loop".to_owned();
                let range = header(stmt.range(), stmt.test.end());
                return self.assuming(assumed, |me| me.blocks(what, BlockKind::Loop, range));
            }
        }
        Ok(Flow::Normal)
    }

    /// Records that the process waits here for ever.
    pub fn blocks(&mut self, what: String, kind: BlockKind, range: TextRange) -> Exec<'a> {
        self.record(EffectKind::Blocks(Block { what, kind }), range);
        Err(Stop::Halt)
    }

    fn exec_try(&mut self, stmt: &'a StmtTry) -> Exec<'a> {
        let outer = std::mem::take(&mut self.may.raises);
        let body = self.exec_body(&stmt.body);
        let possible = std::mem::replace(&mut self.may.raises, outer);
        let mut result = match body {
            Err(Stop::Raise(exception)) => {
                self.caught += 1;
                self.caught_assumed |= exception.effect.certainty == Certainty::Likely;
                self.handle(&stmt.handlers, *exception)
            }
            Ok(Flow::Normal) => self.exec_body(&stmt.orelse),
            other => other,
        };
        for exception in possible {
            let matching = stmt.handlers.iter().find(|h| self.catches(h, &exception) != Some(false));
            match matching {
                // The handler may run, and then what follows sees what it left.
                Some(ExceptHandler::ExceptHandler(handler)) => {
                    let earlier = result;
                    result = self.fork(|_| earlier, |me| me.run_handler(handler, &exception));
                }
                None => self.may.raises.push(exception),
            }
        }
        if stmt.finalbody.is_empty() {
            return result;
        }
        if matches!(result, Err(Stop::Halt)) {
            return result;
        }
        match self.exec_body(&stmt.finalbody)? {
            Flow::Normal => result,
            other => Ok(other),
        }
    }

    fn handle(&mut self, handlers: &'a [ExceptHandler], exception: Exception<'a>) -> Exec<'a> {
        for (at, handler) in handlers.iter().enumerate() {
            let ExceptHandler::ExceptHandler(inner) = handler;
            match self.catches(handler, &exception) {
                Some(false) => {}
                Some(true) => return self.run_handler(inner, &exception),
                None => {
                    let rest = &handlers[at + 1..];
                    let again = exception.clone();
                    return self.fork(|me| me.run_handler(inner, &exception), |me| me.handle(rest, again));
                }
            }
        }
        Err(Stop::Raise(Box::new(exception)))
    }

    fn run_handler(
        &mut self,
        handler: &'a ast::ExceptHandlerExceptHandler,
        exception: &Exception<'a>,
    ) -> Exec<'a> {
        let Some(name) = &handler.name else {
            return self.reraising(exception, &handler.body);
        };
        self.bind(name.id.clone(), exception.value.clone(), name.range());
        let flow = self.reraising(exception, &handler.body);
        // Python deletes the name when the handler is done.
        self.bind(name.id.clone(), Value::Unbound, name.range());
        flow
    }

    /// Runs a handler, in which a bare `raise` raises the exception again.
    fn reraising(&mut self, exception: &Exception<'a>, body: &'a [Stmt]) -> Exec<'a> {
        self.handling.push(exception.clone());
        let flow = self.exec_body(body);
        self.handling.pop();
        flow
    }

    fn exec_raise(&mut self, stmt: &'a ast::StmtRaise) -> Result<Stop<'a>, Stop<'a>> {
        let Some(raised) = &stmt.exc else {
            return Ok(match self.handling.last() {
                Some(exception) => Stop::Raise(Box::new(exception.clone())),
                None => self.raise(
                    "RuntimeError",
                    "No active exception to reraise",
                    RaiseCause::Plain,
                    stmt.range(),
                ),
            });
        };
        let value = self.eval(raised)?;
        Ok(self.raise_value(&value, stmt.range()))
    }

    /// Runs the items of a `with` from the given one on, then its body.
    fn exec_with(&mut self, stmt: &'a StmtWith, at: usize) -> Exec<'a> {
        let Some(item) = stmt.items.get(at) else { return self.exec_body(&stmt.body) };
        let manager = self.eval(&item.context_expr)?;
        let entered = self.enter(&manager, item.context_expr.range())?;
        if let Some(target) = &item.optional_vars {
            self.assign(target, entered)?;
        }
        let flow = self.exec_with(stmt, at + 1);
        self.leave(&manager, flow, item.context_expr.range())
    }

    fn exec_match(&mut self, stmt: &'a ast::StmtMatch) -> Exec<'a> {
        let subject = self.eval(&stmt.subject)?;
        self.exec_cases(&subject, &stmt.cases)
    }

    fn exec_cases(&mut self, subject: &Value<'a>, cases: &'a [ast::MatchCase]) -> Exec<'a> {
        let Some((case, rest)) = cases.split_first() else { return Ok(Flow::Normal) };
        let matched = match &case.pattern {
            ast::Pattern::MatchValue(inner) => {
                let wanted = self.eval(&inner.value)?;
                self.equal(subject, &wanted)
            }
            ast::Pattern::MatchAs(inner) if inner.pattern.is_none() => Some(true),
            _ => None,
        };
        let matched = if case.guard.is_some() && matched != Some(false) { None } else { matched };
        let run = |me: &mut Self| {
            for (name, range) in pattern_names(&case.pattern) {
                let whole = matches!(&case.pattern, ast::Pattern::MatchAs(inner) if inner.pattern.is_none());
                let value = if whole { subject.clone() } else { Value::Unknown };
                me.bind(name, value, range);
            }
            me.exec_body(&case.body)
        };
        match matched {
            Some(true) => run(self),
            Some(false) => self.exec_cases(subject, rest),
            None => self.fork(run, |me| me.exec_cases(subject, rest)),
        }
    }

    fn augment(&mut self, stmt: &'a ast::StmtAugAssign) -> Result<(), Stop<'a>> {
        let current = self.eval(&stmt.target)?;
        let more = self.eval(&stmt.value)?;
        // `sys.path += [...]` changes the list that others hold, too.
        if let (Value::Object(id), Operator::Add) = (&current, stmt.op)
            && let Kind::List(items, open) = self.heap.kind(*id).clone()
        {
            let added = self.iterate(&more, stmt.value.range())?;
            let mut items = items.to_vec();
            items.extend(added.known);
            self.heap.set_kind(*id, super::ops::grown_list(items, open || added.open));
            self.watch_search_path(*id, stmt.range());
            return Ok(());
        }
        let value = self.binary(&current, stmt.op, &more, stmt.range())?;
        self.assign(&stmt.target, value)
    }

    fn define_function(&mut self, def: &'a StmtFunctionDef) -> Result<(), Stop<'a>> {
        let mut decorators = Vec::with_capacity(def.decorator_list.len());
        for decorator in &def.decorator_list {
            decorators.push((self.eval(&decorator.expression)?, decorator.expression.range()));
        }
        let kind = match (def.is_async, Exits::of(&def.body).yields) {
            (false, false) => FunctionKind::Plain,
            (false, true) => FunctionKind::Generator,
            (true, false) => FunctionKind::Coroutine,
            (true, true) => FunctionKind::AsyncGenerator,
        };
        let function = self.make_function(
            def.name.id.clone(),
            Some(&def.parameters),
            Body::Statements(&def.body),
            def.range(),
            def.name.range(),
            kind,
        )?;
        let mut value = function;
        for (decorator, range) in decorators.into_iter().rev() {
            value = self.decorate(&decorator, value, range)?;
        }
        self.bind(def.name.id.clone(), value, def.name.range());
        Ok(())
    }

    /// Makes a function value; its defaults are evaluated now, as Python does.
    pub fn make_function(
        &mut self,
        name: Name,
        parameters: Option<&'a ast::Parameters>,
        body: Body<'a>,
        range: TextRange,
        name_range: TextRange,
        kind: FunctionKind,
    ) -> Result<Value<'a>, Stop<'a>> {
        let mut defaults = FxHashMap::default();
        for parameter in parameters.iter().flat_map(|p| p.iter_non_variadic_params()) {
            if let Some(default) = &parameter.default {
                let value = self.eval(default)?;
                defaults.insert(parameter.parameter.name.id.clone(), value);
            }
        }
        let Some(frame) = self.frames.last() else { return Ok(Value::Unknown) };
        let mut closure = frame.closure.clone();
        if frame.kind == FrameKind::Function {
            closure.push(frame.scope);
        }
        let class = (frame.kind == FrameKind::Class).then_some(frame.scope);
        let class = class.or_else(|| frame.function.as_ref().and_then(|f| f.class));
        Ok(Value::Function(Rc::new(Function {
            name,
            parameters,
            body,
            range,
            name_range,
            module: frame.module.clone(),
            closure,
            defaults,
            kind,
            class,
        })))
    }

    fn define_class(&mut self, def: &'a StmtClassDef) -> Result<(), Stop<'a>> {
        let mut decorators = Vec::with_capacity(def.decorator_list.len());
        for decorator in &def.decorator_list {
            decorators.push((self.eval(&decorator.expression)?, decorator.expression.range()));
        }
        let mut bases = Vec::new();
        let mut metaclass = false;
        if let Some(arguments) = &def.arguments {
            for base in &arguments.args {
                match base {
                    Expr::Starred(inner) => {
                        self.eval(&inner.value)?;
                        bases.push(Value::Unknown);
                    }
                    _ => bases.push(self.eval(base)?),
                }
            }
            for keyword in &arguments.keywords {
                self.eval(&keyword.value)?;
                metaclass |= keyword.arg.as_ref().is_some_and(|name| name.as_str() == "metaclass");
            }
        }
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let (module, statement) = (frame.module.clone(), frame.statement);
        let mut closure = frame.closure.clone();
        if frame.kind == FrameKind::Function {
            closure.push(frame.scope);
        }
        let class = Class { name: def.name.id.clone(), bases: bases.clone() };
        let id = self.heap.allocate(Kind::Class(Rc::new(class)));
        if metaclass {
            self.heap.set_open(id);
        }
        self.frames.push(Frame {
            module,
            scope: id,
            closure,
            kind: FrameKind::Class,
            globals: FxHashSet::default(),
            nonlocals: FxHashSet::default(),
            function: None,
            receiver: None,
            statement,
        });
        let flow = self.exec_body(&def.body);
        self.frames.pop();
        flow?;
        let mut value = Value::Object(id);
        self.init_subclass(id, &bases, def)?;
        self.check_model_class(id, def.name.range())?;
        for (decorator, range) in decorators.into_iter().rev() {
            value = self.decorate(&decorator, value, range)?;
        }
        self.bind(def.name.id.clone(), value, def.name.range());
        Ok(())
    }
}

/// The range from the start of a statement to the end of its head.
fn header(whole: TextRange, end: ruff_text_size::TextSize) -> TextRange {
    TextRange::new(whole.start(), end)
}

/// `while True` in its spellings.
pub(super) fn is_constant(test: &Expr) -> bool {
    matches!(test, Expr::BooleanLiteral(_) | Expr::NumberLiteral(_) | Expr::StringLiteral(_))
}

/// The names that a pattern binds.
fn pattern_names(pattern: &ast::Pattern) -> Vec<(Name, TextRange)> {
    #[derive(Default)]
    struct Names(Vec<(Name, TextRange)>);
    impl<'p> Visitor<'p> for Names {
        fn visit_pattern(&mut self, pattern: &'p ast::Pattern) {
            let name = match pattern {
                ast::Pattern::MatchAs(inner) => inner.name.as_ref(),
                ast::Pattern::MatchStar(inner) => inner.name.as_ref(),
                ast::Pattern::MatchMapping(inner) => inner.rest.as_ref(),
                _ => None,
            };
            self.0.extend(name.map(|name| (name.id.clone(), name.range())));
            visitor::walk_pattern(self, pattern);
        }
    }
    let mut names = Names::default();
    names.visit_pattern(pattern);
    names.0
}

/// How the statements of a loop or function body can leave it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Exits {
    breaks: bool,
    returns: bool,
    raises: bool,
    /// It hands control back to somebody who may never come again.
    pub yields: bool,
}

impl Exits {
    /// Looks for `break`, `return`, `raise` and `yield`, but not into nested functions, and for `break` not into nested
    /// loops.
    pub fn of(body: &[Stmt]) -> Self {
        struct Find {
            exits: Exits,
            loops: usize,
        }
        impl<'s> Visitor<'s> for Find {
            fn visit_stmt(&mut self, stmt: &'s Stmt) {
                match stmt {
                    Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                    Stmt::Break(_) => self.exits.breaks |= self.loops == 0,
                    Stmt::Return(inner) => {
                        self.exits.returns = true;
                        if let Some(value) = &inner.value {
                            self.visit_expr(value);
                        }
                    }
                    Stmt::Raise(_) => self.exits.raises = true,
                    Stmt::For(_) | Stmt::While(_) => {
                        self.loops += 1;
                        visitor::walk_stmt(self, stmt);
                        self.loops -= 1;
                    }
                    _ => visitor::walk_stmt(self, stmt),
                }
            }
            fn visit_expr(&mut self, expr: &'s Expr) {
                match expr {
                    Expr::Yield(_) | Expr::YieldFrom(_) => self.exits.yields = true,
                    Expr::Lambda(_) => {}
                    _ => visitor::walk_expr(self, expr),
                }
            }
        }
        let mut find = Find { exits: Self::default(), loops: 0 };
        find.visit_body(body);
        find.exits
    }

    /// Whether anything leaves it for good.
    pub fn leaves(self) -> bool {
        self.breaks || self.returns || self.raises
    }

    fn any(self) -> bool {
        self.leaves() || self.yields
    }
}
