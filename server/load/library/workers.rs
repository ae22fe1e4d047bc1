//! Threads, processes, executors and event loops: what runs elsewhere, and how long somebody waits for it.

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::effect::{Effect, EffectKind, RaiseCause};
use crate::load::interp::{Eval, Interp, Stop};
use crate::load::value::{Arguments, Id, Kind, Value};
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// `multiprocessing.set_start_method(name)`, which can be called once.
    pub(super) fn set_start_method(&mut self, call: &Call<'_, 'a>) -> Result<Value<'a>, Stop<'a>> {
        const METHODS: &[&str] = &["fork", "spawn", "forkserver"];
        const CHOSEN: &str = "<start method>";
        let arguments = call.arguments;
        let name = arguments.get("method", 0).and_then(Value::as_str);
        if let Some(name) = name.filter(|name| !METHODS.contains(name)) {
            let message = format!("cannot find context for '{name}'");
            return Err(self.raise("ValueError", message, RaiseCause::Plain, call.range));
        }
        let forced =
            arguments.open || arguments.get("force", 1).is_some_and(|value| self.truth(value) != Some(false));
        if self.heap.slot(self.overrides, CHOSEN).is_some() && !forced {
            let message = "context has already been set";
            return Err(self.raise("RuntimeError", message, RaiseCause::Plain, call.range));
        }
        self.heap.set(self.overrides, Name::new_static(CHOSEN), Value::Bool(true), call.range);
        Ok(Value::None)
    }

    /// Records that the process waits for so many seconds, as often as the running statement is executed.
    pub(in crate::load) fn wait(&mut self, seconds: f64, range: TextRange) {
        if seconds > 0.0 {
            let seconds = seconds * self.times;
            self.record(EffectKind::Waits(seconds), range);
        }
    }

    /// How long something takes for certain (seconds), and whether it ends at all; it leaves no trace.
    fn measure(&mut self, run: impl FnOnce(&mut Self) -> Eval<'a>) -> (f64, bool) {
        self.probe(|me| {
            let first = me.effects.len();
            let certainty = me.certainty();
            let ends = !matches!(run(me), Err(Stop::Halt)) || me.gave_up();
            let certain = me.effects[first..].iter().filter(|effect| effect.certainty >= certainty);
            (certain.map(Effect::seconds).sum(), ends)
        })
    }

    /// The function that a thread or process runs, with its arguments.
    pub(super) fn worker_target(&mut self, call: &Call<'_, 'a>) -> Option<(Value<'a>, Arguments<'a>)> {
        let worker = call.library.receiver?;
        // A class of the project that derives from a thread or process says itself what is run.
        if matches!(self.heap.kind(worker), Kind::Instance(_)) {
            return Some((self.method(&Value::Object(worker), "run")?, Arguments::default()));
        }
        let Kind::Library(_, made) = self.heap.kind(worker).clone() else { return None };
        let target = made.get("target", 1)?.clone();
        let positional = match made.get("args", 3) {
            Some(Value::Tuple(items)) => items.to_vec(),
            _ => Vec::new(),
        };
        let open = made.keyword("kwargs").is_some() || made.open;
        Some((target, Arguments { positional, keywords: Vec::new(), open }))
    }

    /// Waiting for a thread or process takes as long as that one takes, and for ever if it never ends.
    pub(super) fn join_worker(&mut self, call: &Call<'_, 'a>) -> Eval<'a> {
        let limit = call.arguments.get("timeout", 0).filter(|value| !matches!(value, Value::None)).cloned();
        // A thread whose end the request awaits is a part of the request.
        let started = call.library.receiver.and_then(|id| self.heap.slot(id, "<started>"));
        if let Some(at) = started.filter(|_| limit.is_none()).map(|slot| slot.range) {
            self.effects.retain(|effect| {
                effect.site.range != at || !matches!(effect.kind, EffectKind::StartsThread(_))
            });
        }
        let Some((target, arguments)) = self.worker_target(call) else { return Ok(Value::None) };
        self.wait_for(call, &target, arguments, limit)
    }

    fn wait_for(
        &mut self,
        call: &Call<'_, 'a>,
        target: &Value<'a>,
        arguments: Arguments<'a>,
        limit: Option<Value<'a>>,
    ) -> Eval<'a> {
        let (range, callee) = (call.range, call.callee);
        let (seconds, ends) = self.measure(|me| me.call(target, arguments, range, callee));
        let limit = match limit {
            Some(value) => match self.seconds(&value) {
                Some(limit) => Some(limit),
                None => return Ok(Value::None),
            },
            None => None,
        };
        match (ends, limit) {
            (true, Some(limit)) => self.wait(seconds.min(limit), range),
            (true, None) => self.wait(seconds, range),
            (false, Some(limit)) => self.wait(limit, range),
            (false, None) => {
                return Err(self.waits_for_ever("a wait for a thread or process that never ends", call));
            }
        }
        Ok(Value::None)
    }

    /// Executors and the futures that they give.
    pub(super) fn use_executor(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let method = call.path.rsplit('.').next().unwrap_or("");
        let Some(receiver) = call.library.receiver else { return Ok(()) };
        match method {
            "submit" | "map" => {
                let Some((target, rest)) = call.arguments.positional.split_first() else { return Ok(()) };
                let arguments = match method {
                    "submit" => Arguments { positional: rest.to_vec(), ..call.arguments.clone() },
                    _ => Arguments { open: true, ..Arguments::default() },
                };
                let (range, callee) = (call.range, call.callee);
                let target = target.clone();
                let (seconds, ends) = self.measure(|me| me.call(&target, arguments, range, callee));
                let longest = self.longest_task(receiver).unwrap_or(0.0);
                let seconds = if ends { seconds } else { f64::INFINITY };
                self.heap.set(
                    receiver,
                    Name::new_static("<longest task>"),
                    Value::Float(longest.max(seconds)),
                    call.range,
                );
            }
            // Leaving the executor waits for what it was given.
            "shutdown" => {
                let waits =
                    call.arguments.get("wait", 0).is_none_or(|value| self.truth(value) != Some(false));
                if waits {
                    self.leave_executor(receiver, call.range)?;
                }
            }
            "result" | "exception" => {
                let limit = call.arguments.get("timeout", 0).filter(|v| !matches!(v, Value::None)).cloned();
                let Kind::Library(_, made) = self.heap.kind(receiver).clone() else { return Ok(()) };
                if let Some((target, rest)) = made.positional.split_first() {
                    // Whoever waits for the result need not wait for it again when the executor is left.
                    if let Some(executor) = self.heap.made_from(receiver) {
                        let nothing = Value::Float(0.0);
                        self.heap.set(executor, Name::new_static("<longest task>"), nothing, call.range);
                    }
                    let arguments = Arguments { positional: rest.to_vec(), ..(*made).clone() };
                    self.wait_for(call, target, arguments, limit)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn longest_task(&self, executor: Id) -> Option<f64> {
        self.seconds(&self.heap.slot(executor, "<longest task>")?.value)
    }

    /// The end of a `with` block of an executor.
    pub(in crate::load) fn leave_executor(&mut self, executor: Id, range: TextRange) -> Result<(), Stop<'a>> {
        if let Some(seconds) = self.longest_task(executor) {
            self.heap.set(executor, Name::new_static("<longest task>"), Value::Float(0.0), range);
            self.wait(seconds, range);
        }
        Ok(())
    }

    /// `asyncio.run(main())` and its relatives.
    pub(super) fn run_event_loop(&mut self, call: &Call<'_, 'a>) -> Eval<'a> {
        let first = call.arguments.positional.first().cloned();
        if self.in_event_loop && call.path == "asyncio.run" && self.loaded_module("nest_asyncio").is_none() {
            let message = "asyncio.run() cannot be called from a running event loop";
            return Err(self.raise("RuntimeError", message, RaiseCause::Plain, call.range));
        }
        let coroutine = match first {
            Some(coroutine @ Value::Object(_)) => coroutine,
            Some(function @ (Value::Function(_) | Value::Method(_))) => {
                self.call(&function, Arguments::default(), call.range, call.callee)?
            }
            _ => return Ok(Value::Unknown),
        };
        self.within_event_loop(&coroutine, call.range)?;
        Ok(Value::Unknown)
    }

    /// Runs a coroutine in an event loop of its own.
    pub(in crate::load) fn within_event_loop(&mut self, coroutine: &Value<'a>, range: TextRange) -> Eval<'a> {
        let outer = std::mem::replace(&mut self.in_event_loop, true);
        let result = self.run_suspended(coroutine, range);
        self.in_event_loop = outer;
        result
    }

    /// Coroutines that run side by side: all of them together take as long as the longest.
    pub(super) fn run_together(&mut self, coroutines: Vec<Value<'a>>, range: TextRange) -> Eval<'a> {
        // From now on one task may bring what another waits for.
        self.heap.set(self.overrides, Name::new_static("<workers>"), Value::Bool(true), range);
        let mut waits: Vec<(f64, Vec<_>)> = Vec::new();
        for coroutine in coroutines {
            let first = self.effects.len();
            self.run_suspended(&coroutine, range)?;
            let effects = self.effects.split_off(first);
            let (own, others): (Vec<_>, Vec<_>) =
                effects.into_iter().partition(|effect| matches!(effect.kind, EffectKind::Waits(_)));
            self.effects.extend(others);
            waits.push((own.iter().map(Effect::seconds).sum(), own));
        }
        if let Some((_, longest)) = waits.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)) {
            self.effects.extend(longest);
        }
        Ok(Value::Unknown)
    }

    /// `asyncio.wait_for(coroutine, timeout)`.
    pub(super) fn run_bounded(&mut self, call: &Call<'_, 'a>) -> Eval<'a> {
        let Some(coroutine) = call.arguments.positional.first().cloned() else { return Ok(Value::Unknown) };
        let limit = call.arguments.get("timeout", 1).filter(|value| !matches!(value, Value::None)).cloned();
        let Some(limit) = limit else { return self.run_suspended(&coroutine, call.range) };
        let (seconds, ends) = self.measure(|me| me.run_suspended(&coroutine, call.range));
        if let Some(limit) = self.seconds(&limit) {
            self.wait(if ends { seconds.min(limit) } else { limit }, call.range);
        }
        Ok(Value::Unknown)
    }
}

/// Methods of executors of `concurrent.futures`, and of the futures that they give.
pub(super) fn is_executor(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("concurrent.futures.") else { return false };
    matches!(rest, "Future().result" | "Future().exception")
        || rest
            .strip_prefix("ThreadPoolExecutor().")
            .or(rest.strip_prefix("ProcessPoolExecutor()."))
            .is_some_and(|method| matches!(method, "submit" | "map" | "shutdown"))
}
