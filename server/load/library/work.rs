//! Calls that take their time while a visitor waits, and tasks of queues that are run at once or handed over.

use super::Call;
use crate::catalog::work::{self, TaskCall};
use crate::load::effect::{Block, BlockKind, EffectKind, RaiseCause, Work};
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Arguments, Kind, Value};

impl<'a> Interp<'a> {
    /// What a call does to the request that makes it.
    pub(super) fn request_effect(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        match call.path {
            "threading.Thread().start" | "threading.Timer().start" | "_thread.start_new_thread" => {
                let text = self.callee_text(call);
                self.record(EffectKind::StartsThread(text), call.range);
            }
            "flask.abort" | "werkzeug.exceptions.abort" | "bottle.abort" => {
                if let Some(Value::Int(status @ 502..=504)) = call.arguments.positional.first() {
                    self.record(EffectKind::AnswersGatewayError(*status), call.range);
                }
                let class = "werkzeug.exceptions.HTTPException";
                return Err(self.raise_library(class, "", RaiseCause::Plain, call.range));
            }
            "flask.render_template" => self.check_template(call, 0)?,
            "django.shortcuts.render" => self.check_template(call, 1)?,
            "django.template.loader.get_template" | "django.template.loader.render_to_string" => {
                self.check_template(call, 0)?;
            }
            "os.kill" if self.kills_itself(call) => return self.crash(call),
            "signal.alarm" if self.loaded_module("signal").is_some() && !self.handles_alarm() => {
                if matches!(call.arguments.positional.first(), Some(Value::Int(1..))) {
                    return self.crash(call);
                }
            }
            path if path.ends_with(".set_cookie") => {
                let big = call.arguments.get("value", 1).and_then(Value::as_str);
                if big.is_some_and(|text| text.len() >= crate::load::rehearse::BIG_HEADER) {
                    self.record(EffectKind::SendsBigHeader, call.range);
                }
            }
            "math.factorial" => {
                if matches!(call.arguments.positional.first(), Some(Value::Int(n)) if *n >= 20_000_000) {
                    let what = "a number with hundreds of millions of digits".to_owned();
                    self.blocks(what, BlockKind::Computation, call.range)?;
                }
            }
            "ctypes.string_at" | "ctypes.memmove" | "ctypes.memset" => {
                if matches!(call.arguments.positional.first(), Some(Value::Int(0) | Value::None)) {
                    return self.crash(call);
                }
            }
            _ => {}
        }
        if let Some(known) = work::work(call.path) {
            self.record_work(call, known);
        }
        Ok(())
    }

    fn record_work(&mut self, call: &Call<'_, 'a>, known: &'static work::Work) {
        if let Some(argument) = &known.unless_false
            && call.arguments.keyword(argument).is_some_and(|value| self.truth(value) == Some(false))
        {
            return;
        }
        let mut unbounded = known.unbounded && known.default.is_none() && !call.arguments.open;
        let mut bound = known.default;
        let given = known
            .timeout
            .as_ref()
            .and_then(|name| call.arguments.get(name, known.position.unwrap_or(usize::MAX)))
            .cloned();
        let of_receiver = known.receiver_timeout.as_ref().and_then(|name| self.receiver_argument(call, name));
        if let Some(value) = given.or(of_receiver) {
            match value {
                Value::None => bound = None,
                other => {
                    unbounded = false;
                    bound = self.seconds(&other);
                }
            }
        }
        let work = Work { call: self.callee_text(call), known, bound, unbounded };
        self.record(EffectKind::Works(work), call.range);
    }

    /// An argument of the call that made what a method is called on, or of one further back.
    fn receiver_argument(&self, call: &Call<'_, 'a>, name: &str) -> Option<Value<'a>> {
        /// Clients are at most so many attributes and calls away from their methods.
        const FARTHEST: usize = 4;
        let mut at = call.library.receiver;
        for _ in 0..FARTHEST {
            let id = at?;
            if let Kind::Library(_, arguments) = self.heap.kind(id)
                && let Some(value) = arguments.keyword(name)
            {
                return Some(value.clone());
            }
            at = self.heap.slot(id, "<made from>").and_then(|slot| slot.value.object());
        }
        None
    }

    /// A number of seconds; the longest of a tuple such as `(connect, read)`.
    pub(in crate::load) fn seconds(&self, value: &Value<'a>) -> Option<f64> {
        match value {
            #[allow(clippy::cast_precision_loss)]
            Value::Int(int) => Some(*int as f64),
            Value::Float(float) => Some(*float),
            Value::Tuple(items) => items.iter().filter_map(|item| self.seconds(item)).reduce(f64::max),
            _ => None,
        }
    }

    /// `os.kill(os.getpid(), ...)`, with a signal that ends the process.
    fn kills_itself(&self, call: &Call<'_, 'a>) -> bool {
        let own = call.arguments.get("pid", 0).and_then(Value::object);
        let own = own.is_some_and(
            |id| matches!(self.heap.kind(id), Kind::Library(path, _) if path == "os.getpid()" || path == "os.getppid()"),
        );
        let signal = call.arguments.get("sig", 1);
        let ends = match signal {
            Some(Value::Int(number)) => *number > 0,
            Some(other) => other
                .as_library()
                .is_some_and(|path| path != "signal.SIGCHLD" && path.starts_with("signal.SIG")),
            None => false,
        };
        own && ends
    }

    /// Whether the app has a handler of its own for the alarm, as far as it was loaded.
    fn handles_alarm(&self) -> bool {
        self.heap.slot(self.overrides, "<handles signals>").is_some()
    }

    fn crash(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let exit = crate::load::effect::Exit { call: self.callee_text(call), status: None, hard: true };
        self.record(EffectKind::Exits(exit), call.range);
        Err(Stop::Halt)
    }

    /// A call of a task, or of one of its methods: the function that a decorator made a task of runs now, or later.
    pub(super) fn call_task(&mut self, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        let Some(task) = call.library.receiver else { return Ok(None) };
        let Kind::Library(made_by, made_with) = self.heap.kind(task).clone() else { return Ok(None) };
        let Some(decorator) = made_by.strip_suffix("()") else { return Ok(None) };
        let Some(plain) = work::task(decorator) else { return Ok(None) };
        let Some(function @ (Value::Function(_) | Value::Method(_))) = made_with.positional.first() else {
            return Ok(None);
        };
        let how = if call.path == made_by {
            plain
        } else {
            let method = call.path.strip_prefix(&*made_by).and_then(|rest| rest.strip_prefix('.'));
            match method.and_then(work::task_method) {
                Some(how) => how,
                None => return Ok(None),
            }
        };
        if how == TaskCall::Enqueued && !self.is_eager(decorator, call) {
            return Ok(Some(Value::Unknown));
        }
        let arguments = match call.path.rsplit('.').next() {
            Some("apply" | "apply_async" | "send_with_options") => {
                Arguments { open: true, ..Arguments::default() }
            }
            _ => call.arguments.clone(),
        };
        // `bind=True` puts the task itself in front.
        let binds = self.receiver_argument(call, "bind").is_some();
        let arguments = if binds { Arguments { open: true, ..Arguments::default() } } else { arguments };
        self.call(function, arguments, call.range, call.callee).map(Some)
    }

    /// Whether queues run their tasks at once, as tests like it.
    fn is_eager(&self, decorator: &str, call: &Call<'_, 'a>) -> bool {
        let set = |name: &str| {
            self.heap.slot(self.overrides, name).is_some_and(|slot| self.truth(&slot.value) == Some(true))
        };
        if decorator.starts_with("huey.") {
            let made_so = self.receiver_argument(call, "immediate");
            return set("huey.Huey().immediate")
                || made_so.is_some_and(|value| self.truth(&value) == Some(true));
        }
        let by_django = self.django.settings.is_some_and(|settings| {
            ["CELERY_TASK_ALWAYS_EAGER", "CELERY_ALWAYS_EAGER"].iter().any(|name| {
                self.heap.slot(settings, name).is_some_and(|slot| self.truth(&slot.value) == Some(true))
            })
        });
        by_django || set("celery.Celery().conf.task_always_eager")
    }

    /// A template of that name has to be somewhere in the project, or come with an installed package.
    fn check_template(&mut self, call: &Call<'_, 'a>, position: usize) -> Result<(), Stop<'a>> {
        let Some(name) = call.arguments.get("template_name", position).and_then(Value::as_str) else {
            return Ok(());
        };
        if self.may_have_template(name) {
            return Ok(());
        }
        let name = name.to_owned();
        let class = "jinja2.exceptions.TemplateNotFound";
        let cause = RaiseCause::MissingTemplate(name.clone());
        Err(self.assuming(true, |me| me.raise_library(class, name, cause, call.range)))
    }

    /// Waiting for something that never ends is waiting for ever.
    pub(super) fn waits_for_ever(&mut self, what: &str, call: &Call<'_, 'a>) -> Stop<'a> {
        let block = Block { what: what.to_owned(), kind: BlockKind::Wait };
        self.record(EffectKind::Blocks(block), call.range);
        Stop::Halt
    }
}
