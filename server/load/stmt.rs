//! Statements.

use ruff_python_ast::{self as ast, ExceptHandler, Expr, Operator, Stmt, StmtTry, StmtWith};
use ruff_text_size::Ranged;

use super::effect::{Certainty, RaiseCause};
use super::interp::{Exception, Exec, Flow, FrameKind, Interp, Stop};
use super::value::{Kind, Value};

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
                return Err(Stop::Halt);
            }
            if let Some(frame) = self.frames.last_mut() {
                frame.statement = stmt.range();
            }
            let done = match self.exec(stmt) {
                Err(Stop::Raise(exception)) if self.is_being_typed(&exception) => self.pass_over(stmt)?,
                done => done?,
            };
            match done {
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
                self.check_unbound(&inner.targets, &inner.value)?;
                let value = self.eval(&inner.value)?;
                for target in &inner.targets {
                    self.assign(target, value.clone())?;
                }
            }
            Stmt::AnnAssign(inner) => {
                self.annotate(inner)?;
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
                let test = self.eval_test(&inner.test)?;
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
        let value = self.eval_test(test)?;
        let truth = self.decide(&value, test.range())?;
        let assumed = std::mem::replace(&mut self.assumed, outer);
        let otherwise = |me: &mut Self| match rest.split_first() {
            Some((clause, rest)) => match &clause.test {
                Some(test) => me.exec_clause(test, &clause.body, rest),
                None => me.exec_body(&clause.body),
            },
            None => Ok(Flow::Normal),
        };
        match truth {
            Some(true) => self.assuming(assumed, |me| me.exec_body(body)),
            Some(false) => self.assuming(assumed, otherwise),
            None => self.fork(|me| me.exec_body(body), otherwise),
        }
    }

    fn exec_try(&mut self, stmt: &'a StmtTry) -> Exec<'a> {
        let outer = std::mem::take(&mut self.may.raises);
        let body = self.exec_body(&stmt.body);
        let possible = std::mem::replace(&mut self.may.raises, outer);
        let mut result = match body {
            Err(Stop::Raise(exception)) => {
                self.caught += 1;
                self.caught_assumed |= exception.effect.certainty == Certainty::Likely;
                if stmt.is_star {
                    self.handle_group(&stmt.handlers, *exception)
                } else {
                    self.handle(&stmt.handlers, *exception)
                }
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

    /// `except*`: each handler takes the members of a group that it names; what is left is raised again.
    fn handle_group(&mut self, handlers: &'a [ExceptHandler], exception: Exception<'a>) -> Exec<'a> {
        let Some(mut left) = self.group_members(&exception) else {
            // Nobody knows who takes what: a handler may run, and may leave nothing.
            self.may.raises.push(exception);
            return Ok(Flow::Normal);
        };
        for handler in handlers {
            let ExceptHandler::ExceptHandler(inner) = handler;
            let mut taken = false;
            let mut rest = Vec::new();
            for member in left {
                match self.catches(handler, &member) {
                    Some(false) => rest.push(member),
                    _ => taken = true,
                }
            }
            left = rest;
            if taken {
                self.run_handler(inner, &exception)?;
            }
        }
        if left.is_empty() { Ok(Flow::Normal) } else { Err(Stop::Raise(Box::new(exception))) }
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

    /// `name = name + 1` does so as well.
    fn check_unbound(&self, targets: &'a [Expr], value: &'a Expr) -> Result<(), Stop<'a>> {
        let [target @ Expr::Name(name)] = targets else { return Ok(()) };
        match value {
            Expr::BinOp(sum) => match &*sum.left {
                Expr::Name(read) if read.id == name.id => self.check_local(target),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// `name += 1` makes the name a local one, so a name of the module that a function has not declared global is not seen.
    fn check_local(&self, target: &Expr) -> Result<(), Stop<'a>> {
        let (Expr::Name(name), Some(frame)) = (target, self.frames.last()) else { return Ok(()) };
        let declared = frame.globals.contains(&name.id) || frame.nonlocals.contains(&name.id);
        let open = self.heap.get(frame.scope).open;
        if frame.kind != FrameKind::Function
            || declared
            || open
            || self.heap.slot(frame.scope, &name.id).is_some()
            || self.heap.slot(frame.module.scope, &name.id).is_none()
        {
            return Ok(());
        }
        let message =
            format!("cannot access local variable '{}' where it is not associated with a value", name.id);
        Err(self.raise("UnboundLocalError", message, RaiseCause::Plain, name.range()))
    }

    fn augment(&mut self, stmt: &'a ast::StmtAugAssign) -> Result<(), Stop<'a>> {
        self.check_local(&stmt.target)?;
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
}
