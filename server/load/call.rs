//! Calls: of functions, methods, classes and libraries.

use std::rc::Rc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{Stmt, StmtClassDef};
use ruff_text_size::Ranged;

use super::effect::{Phase, RaiseCause, StepKind};
use super::inherit::Found;
use super::interp::{Eval, Exec, Interp, Stop};
use super::lacks::CUT_SHORT;
use super::rendezvous::is_lock_of_some_kind;
use super::value::{Arguments, Body, Function, FunctionKind, Id, Kind, Value, Wrapper};
use crate::text::TextRange;

/// Calls are followed so deep; what lies deeper stays unknown.
const DEEPEST: usize = 60;

/// The slot of a cached function that holds what its first call gave.
const CACHED: &str = "<cached>";

/// A function that calls itself is followed so often.
const RECURSIONS: usize = 3;

impl<'a> Interp<'a> {
    /// Calls a value. `range` is the whole call, `callee_range` the expression that is called.
    pub fn call(
        &mut self,
        callee: &Value<'a>,
        arguments: Arguments<'a>,
        range: TextRange,
        callee_range: TextRange,
    ) -> Eval<'a> {
        match callee {
            Value::Function(function) => self.call_function(function, arguments, range),
            Value::Method(method) => {
                let mut arguments = arguments;
                arguments.positional.insert(0, method.1.clone());
                self.call_function(&method.0, arguments, range)
            }
            Value::Library(library) => {
                let library = library.clone();
                self.call_library(&library, arguments, range, callee_range)
            }
            Value::Object(id) => self.call_object(*id, callee, arguments, range, callee_range),
            Value::Union(members) => {
                let members = members.clone();
                self.call_any(&members, arguments, range, callee_range)
            }
            Value::Unknown | Value::Unbound | Value::Bytes => {
                self.may_enter_context(range);
                if self.phase == Phase::Load {
                    self.give_app_away(&arguments, range);
                }
                arguments.all().for_each(|value| self.share(value));
                Ok(Value::Unknown)
            }
            plain => {
                let message = format!("'{}' object is not callable", plain.type_name());
                Err(self.raise("TypeError", message, RaiseCause::Plain, range))
            }
        }
    }

    /// Calls one of several values, nobody knows which.
    fn call_any(
        &mut self,
        members: &[Value<'a>],
        arguments: Arguments<'a>,
        range: TextRange,
        callee_range: TextRange,
    ) -> Eval<'a> {
        match members {
            [] => Ok(Value::Unknown),
            [only] => self.call(only, arguments, range, callee_range),
            [Value::None | Value::Unbound, rest @ ..] => self.call_any(rest, arguments, range, callee_range),
            [first, rest @ ..] => {
                let again = arguments.clone();
                self.fork(
                    |me| me.call(first, arguments, range, callee_range),
                    |me| me.call_any(rest, again, range, callee_range),
                )
            }
        }
    }

    fn call_object(
        &mut self,
        id: Id,
        callee: &Value<'a>,
        arguments: Arguments<'a>,
        range: TextRange,
        callee_range: TextRange,
    ) -> Eval<'a> {
        match self.heap.kind(id).clone() {
            Kind::Class(_) => self.instantiate(id, arguments, range),
            Kind::Instance(_) => match self.method(callee, "__call__") {
                Some(method) => self.call(&method, arguments, range, callee_range),
                None => Ok(Value::Unknown),
            },
            Kind::Partial(inner, first) => {
                let mut all = (*first).clone();
                all.positional.extend(arguments.positional);
                for (name, value) in arguments.keywords {
                    all.keywords.retain(|(known, _)| *known != name);
                    all.keywords.push((name, value));
                }
                all.open |= arguments.open;
                self.call(&inner, all, range, callee_range)
            }
            Kind::Wrapped(Wrapper::ContextManager, Value::Function(function)) => {
                // The body runs when the block is entered.
                Ok(Value::Object(self.heap.allocate(Kind::Suspended(function, Rc::new(arguments)))))
            }
            Kind::Wrapped(Wrapper::Cached, inner) => {
                if let Some(known) = self.heap.slot(id, CACHED).and_then(|slot| slot.value.bound()) {
                    return Ok(known);
                }
                let value = self.call(&inner, arguments, range, callee_range)?;
                self.heap.set(id, Name::new_static(CACHED), value.clone(), range);
                Ok(value)
            }
            Kind::Wrapped(_, inner) => self.call(&inner, arguments, range, callee_range),
            Kind::Library(path, _) => {
                let library = super::value::Library { path, receiver: Some(id) };
                self.call_library(&Rc::new(library), arguments, range, callee_range)
            }
            _ => Ok(Value::Unknown),
        }
    }

    fn call_function(
        &mut self,
        function: &Rc<Function<'a>>,
        arguments: Arguments<'a>,
        range: TextRange,
    ) -> Eval<'a> {
        if function.kind != FunctionKind::Plain {
            let suspended = Kind::Suspended(function.clone(), Rc::new(arguments));
            return Ok(Value::Object(self.heap.allocate(suspended)));
        }
        self.run_function(function, &arguments, range)
    }

    /// Runs a function of the project now, whatever its kind.
    pub fn run_function(
        &mut self,
        function: &Rc<Function<'a>>,
        arguments: &Arguments<'a>,
        range: TextRange,
    ) -> Eval<'a> {
        self.check_end(function, arguments, range)?;
        match self.count_calls(function, arguments, range) {
            Some(result) => result,
            None => self.run_function_now(function, arguments, range),
        }
    }

    /// Runs a function, without counting how often it is called.
    pub(super) fn run_function_now(
        &mut self,
        function: &Rc<Function<'a>>,
        arguments: &Arguments<'a>,
        range: TextRange,
    ) -> Eval<'a> {
        let running = self.frames.iter().filter_map(|frame| frame.function.as_ref());
        let plain = |value: &Value<'a>| matches!(value, Value::Int(_) | Value::Str(_) | Value::Bool(_));
        // Known numbers lead a recursion to its end.
        let counted =
            !arguments.open && !arguments.positional.is_empty() && arguments.positional.iter().all(plain);
        let most = if counted { DEEPEST } else { RECURSIONS };
        if running.filter(|f| Rc::ptr_eq(f, function)).count() >= most || self.frames.len() >= DEEPEST {
            self.heap.set(self.overrides, Name::new_static(CUT_SHORT), Value::Bool(true), range);
            return Ok(Value::Unknown);
        }
        let scope = self.heap.allocate(Kind::Scope);
        self.bind_arguments(function, arguments, scope, range)?;
        let mut frame = self.frame_for(function, scope);
        frame.receiver = arguments.positional.first().cloned();
        let step = self.step(StepKind::Call(function.name.to_string()), range);
        self.trail.push(step);
        let result = self.run_body(frame, function.enter());
        self.trail.pop();
        result
    }

    /// Binds the arguments of a call to the parameters, as Python does.
    fn bind_arguments(
        &mut self,
        function: &Rc<Function<'a>>,
        arguments: &Arguments<'a>,
        scope: Id,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let Some(parameters) = function.parameters else { return Ok(()) };
        let mut positional = arguments.positional.iter();
        let mut missing = Vec::new();
        for (parameter, positional_only) in
            parameters.posonlyargs.iter().map(|p| (p, true)).chain(parameters.args.iter().map(|p| (p, false)))
        {
            let name = &parameter.parameter.name.id;
            let by_name = if positional_only { None } else { arguments.keyword(name) };
            let given = match (positional.next(), by_name) {
                (Some(_), Some(_)) => {
                    let message = format!("{}() got multiple values for argument '{name}'", function.name);
                    return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
                }
                (given, by_name) => given.or(by_name),
            };
            let value = given.or_else(|| function.defaults.get(name)).cloned();
            if value.is_none() && !arguments.open {
                missing.push(name.to_string());
            }
            self.heap.set(scope, name.clone(), value.unwrap_or(Value::Unknown), parameter.range());
        }
        let rest: Vec<Value<'a>> = positional.cloned().collect();
        if let Some(vararg) = &parameters.vararg {
            let value = if arguments.open {
                Value::Object(self.heap.allocate(Kind::List(rest.into(), true)))
            } else {
                Value::Tuple(rest.into())
            };
            self.heap.set(scope, vararg.name.id.clone(), value, vararg.range());
        } else if !rest.is_empty() && !arguments.open {
            let most = parameters.posonlyargs.len() + parameters.args.len();
            let message = format!(
                "{}() takes {most} positional arguments but {} were given",
                function.name,
                most + rest.len()
            );
            return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
        }
        for parameter in &parameters.kwonlyargs {
            let name = &parameter.parameter.name.id;
            let value = arguments.keyword(name).or_else(|| function.defaults.get(name)).cloned();
            if value.is_none() && !arguments.open {
                missing.push(name.to_string());
            }
            self.heap.set(scope, name.clone(), value.unwrap_or(Value::Unknown), parameter.range());
        }
        let named = |name: &Name| {
            parameters.args.iter().chain(&parameters.kwonlyargs).any(|p| p.parameter.name.id == *name)
        };
        let extra: Vec<&(Name, Value<'a>)> =
            arguments.keywords.iter().filter(|(name, _)| !named(name)).collect();
        if let Some(kwarg) = &parameters.kwarg {
            let items: Vec<_> =
                extra.iter().map(|(name, value)| (Value::str(name.as_str()), value.clone())).collect();
            let value = Value::Object(self.heap.allocate(Kind::Dict(items.into(), arguments.open)));
            self.heap.set(scope, kwarg.name.id.clone(), value, kwarg.range());
        } else if let Some((name, _)) = extra.first() {
            let message = format!("{}() got an unexpected keyword argument '{name}'", function.name);
            return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
        }
        if !missing.is_empty() {
            let names = missing.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(" and ");
            let message = format!(
                "{}() missing {} required positional argument{}: {names}",
                function.name,
                missing.len(),
                if missing.len() == 1 { "" } else { "s" }
            );
            return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
        }
        Ok(())
    }

    fn instantiate(&mut self, class: Id, arguments: Arguments<'a>, range: TextRange) -> Eval<'a> {
        // `__new__`, enumerations and metaclasses may give anything.
        if self.heap.get(class).open || matches!(self.find_in_class(class, "__new__"), Found::Here(_)) {
            return Ok(Value::Unknown);
        }
        if self.members(class).is_some() {
            return self.member_of_value(class, &arguments, range);
        }
        self.check_abstract(class, range)?;
        let bases = self.library_bases(class);
        if bases.iter().any(|base| base.starts_with("enum.") || base == "?") {
            return Ok(Value::Unknown);
        }
        let id = self.heap.allocate(Kind::Instance(class));
        let object = Value::Object(id);
        match self.find_in_class(class, "__init__") {
            Found::Here(Value::Function(init)) => {
                let mut arguments = arguments;
                arguments.positional.insert(0, object.clone());
                let running = self.frames.iter().filter_map(|frame| frame.function.as_ref());
                if self.frames.len() + 1 >= DEEPEST
                    || running.filter(|f| Rc::ptr_eq(f, &init)).count() >= RECURSIONS
                {
                    // What is not run sets nothing.
                    self.heap.set_open(id);
                }
                self.run_function(&init, &arguments, range)?;
            }
            // What a decorated `__init__` does is not followed.
            Found::Here(_) => self.heap.set_open(id),
            found => {
                let followed = self.init_data_class(class, &object, &arguments, range)?;
                let given = arguments.positional.len() + arguments.keywords.len();
                if let (Found::Nowhere, false, 1..) = (found, followed, given)
                    && self.takes_nothing(class)
                {
                    let message =
                        format!("{}() takes no arguments", self.class_name(class).unwrap_or_default());
                    return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
                }
            }
        }
        Ok(object)
    }

    /// `Base.__init_subclass__` runs when a class statement derives from `Base`.
    pub fn init_subclass(
        &mut self,
        class: Id,
        bases: &[Value<'a>],
        def: &'a StmtClassDef,
    ) -> Result<(), Stop<'a>> {
        for base in bases {
            let Value::Object(base) = base else { continue };
            let found = self.find_in_class(*base, "__init_subclass__");
            let hook = match found {
                Found::Here(Value::Function(hook)) => hook,
                Found::Here(Value::Object(id)) => match self.heap.kind(id) {
                    Kind::Wrapped(Wrapper::ClassMethod, Value::Function(hook)) => hook.clone(),
                    _ => continue,
                },
                _ => continue,
            };
            let mut arguments = Arguments::of(vec![Value::Object(class)]);
            arguments.open = true;
            self.run_function(&hook, &arguments, def.name.range())?;
            break;
        }
        Ok(())
    }

    /// Applies a decorator.
    pub fn decorate(&mut self, decorator: &Value<'a>, value: Value<'a>, range: TextRange) -> Eval<'a> {
        self.call(decorator, Arguments::of(vec![value]), range, range)
    }

    /// Runs a coroutine or generator to its end; other values are given back as they are.
    pub fn run_suspended(&mut self, value: &Value<'a>, range: TextRange) -> Eval<'a> {
        let Value::Object(id) = value else { return Ok(Value::Unknown) };
        match self.heap.kind(*id).clone() {
            Kind::Suspended(function, arguments) => self.run_function(&function, &arguments, range),
            // Work for a thread, which begins when somebody awaits it.
            Kind::Partial(function, arguments) => self.call(&function, (*arguments).clone(), range, range),
            Kind::Library(..) => {
                self.await_library(*id, range)?;
                Ok(value.clone())
            }
            _ => Ok(Value::Unknown),
        }
    }

    /// Runs a generator and gives what it yields, and whether more may come.
    pub fn run_generator(&mut self, id: Id, range: TextRange) -> Result<(Vec<Value<'a>>, bool), Stop<'a>> {
        let Kind::Suspended(function, arguments) = self.heap.kind(id).clone() else {
            return Ok((Vec::new(), true));
        };
        if function.kind != FunctionKind::Generator {
            return Ok((Vec::new(), true));
        }
        self.yields.push(Vec::new());
        let result = self.run_function(&function, &arguments, range);
        let yielded = self.yields.pop().unwrap_or_default();
        result?;
        // Loops with an unknown number of rounds yield more than was seen.
        Ok((yielded, true))
    }

    /// Runs a generator until it yields for the first time, as `next()` does.
    pub fn first_item(&mut self, id: Id, range: TextRange) -> Eval<'a> {
        let outer = self.first_item_of.replace(self.yields.len() + 1);
        let Kind::Suspended(function, arguments) = self.heap.kind(id).clone() else {
            return Ok(Value::Unknown);
        };
        self.yields.push(Vec::new());
        let result = self.run_function(&function, &arguments, range);
        let yielded = self.yields.pop().unwrap_or_default();
        self.first_item_of = outer;
        match result {
            Err(Stop::Raise(exception)) if exception.class.as_library() != Some("builtins.GeneratorExit") => {
                Err(Stop::Raise(exception))
            }
            Err(Stop::Halt) => Err(Stop::Halt),
            _ => Ok(yielded.into_iter().next().unwrap_or(Value::Unknown)),
        }
    }

    /// Whether a generator yields for ever: a `while True` with `yield` that nothing leaves.
    pub fn never_ends(&self, id: Id) -> bool {
        let Kind::Suspended(function, _) = self.heap.kind(id) else { return false };
        let Body::Statements(body) = function.look_into() else { return false };
        body.iter().any(|stmt| match stmt {
            Stmt::While(inner) => {
                let exits = super::loops::Exits::of(&inner.body);
                super::loops::is_constant(&inner.test) && exits.yields && !exits.leaves()
            }
            _ => false,
        })
    }

    /// Enters a `with` block; gives what `as` binds.
    pub fn enter(&mut self, manager: &Value<'a>, range: TextRange) -> Eval<'a> {
        if let Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Str(_)
        | Value::Tuple(_)
        | Value::Function(_) = manager
        {
            let kind = manager.type_name();
            let message = format!("'{kind}' object does not support the context manager protocol");
            return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
        }
        let Value::Object(id) = manager else {
            self.may_enter_context(range);
            return Ok(Value::Unknown);
        };
        match self.heap.kind(*id).clone() {
            Kind::Instance(_) => {
                match self.method(manager, "__enter__").or_else(|| self.method(manager, "__aenter__")) {
                    Some(method) => {
                        let entered = self.call(&method, Arguments::default(), range, range)?;
                        match &entered {
                            Value::Object(inner) if matches!(self.heap.kind(*inner), Kind::Suspended(..)) => {
                                self.run_suspended(&entered, range)
                            }
                            _ => Ok(entered),
                        }
                    }
                    None => Ok(manager.clone()),
                }
            }
            Kind::Suspended(..) => {
                let (yielded, _) = self.run_generator(*id, range)?;
                Ok(yielded.into_iter().next().unwrap_or(Value::Unknown))
            }
            Kind::Library(path, _) if is_lock_of_some_kind(&path) => {
                self.acquire(*id, range)?;
                Ok(Value::Bool(true))
            }
            // Servers, files, pools, connections: `as` gives the manager itself.
            Kind::Library(..) => Ok(manager.clone()),
            _ => Ok(Value::Unknown),
        }
    }

    /// Leaves a `with` block that ended with `flow`.
    pub fn leave(&mut self, manager: &Value<'a>, flow: Exec<'a>, range: TextRange) -> Exec<'a> {
        let Value::Object(id) = manager else { return flow };
        if matches!(self.heap.kind(*id), Kind::Library(path, _) if is_lock_of_some_kind(path)) {
            self.release(*id);
        }
        if matches!(self.heap.kind(*id), Kind::Library(path, _) if path.ends_with("PoolExecutor()")) {
            self.leave_executor(*id, range)?;
        }
        match (self.heap.kind(*id).clone(), flow) {
            (Kind::Library(path, arguments), Err(Stop::Raise(exception)))
                if path == "contextlib.suppress()" =>
            {
                let caught =
                    arguments.positional.iter().map(|class| self.is_instance(&exception.class, class));
                let caught: Vec<Option<bool>> = caught.collect();
                if caught.contains(&Some(true)) {
                    Ok(super::interp::Flow::Normal)
                } else {
                    Err(Stop::Raise(exception))
                }
            }
            (Kind::Instance(_), Ok(flow)) => {
                if let Some(method) = self.method(manager, "__exit__") {
                    let nothing = Arguments::of(vec![Value::None, Value::None, Value::None]);
                    self.call(&method, nothing, range, range)?;
                }
                Ok(flow)
            }
            (Kind::Instance(_), Err(Stop::Raise(exception))) => {
                let Some(method) = self.method(manager, "__exit__") else {
                    return Err(Stop::Raise(exception));
                };
                let arguments = Arguments::of(vec![exception.class.clone(), Value::Unknown, Value::Unknown]);
                let swallowed = self.call(&method, arguments, range, range)?;
                match self.truth(&swallowed) {
                    Some(false) => Err(Stop::Raise(exception)),
                    Some(true) => Ok(super::interp::Flow::Normal),
                    None => {
                        self.may.raises.push(*exception);
                        Ok(super::interp::Flow::Normal)
                    }
                }
            }
            (_, flow) => flow,
        }
    }
}
