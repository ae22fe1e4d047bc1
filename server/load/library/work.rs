//! Calls that take their time while a visitor waits, and tasks of queues that are run at once or handed over.

use ruff_python_ast::name::Name;

use super::Call;
use crate::catalog::work::{self, TaskCall};
use crate::load::effect::{Block, BlockKind, EffectKind, RaiseCause, Work};
use crate::load::interp::{Interp, Stop};
use crate::load::templates::Engine;
use crate::load::value::{Arguments, Id, Kind, Value};
use crate::text::TextRange;

/// Where the limit of all sockets is remembered.
const SOCKET_DEFAULT: &str = "<socket default timeout>";

/// Where an object remembers the limit that a method has set.
fn limit_slot(method: &str) -> Name {
    Name::new(format!("<limit of {method}>"))
}

impl<'a> Interp<'a> {
    /// What a call does to the request that makes it.
    pub(super) fn request_effect(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        self.check_json(call.path, call.arguments, call.range)?;
        match call.path {
            "threading.Thread().start" | "threading.Timer().start" | "_thread.start_new_thread" => {
                if let Some(thread) = call.library.receiver {
                    self.heap.set(thread, Name::new_static("<started>"), Value::None, call.range);
                }
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
            "flask.make_response" if matches!(call.arguments.positional.as_slice(), [Value::None]) => {
                let message = "The view function did not return a valid response";
                return Err(self.raise("TypeError", message, RaiseCause::Plain, call.range));
            }
            "flask.flash" => self.check_secret_key(call.range)?,
            "flask.render_template" => self.check_template(call, 0, Engine::Jinja)?,
            "flask.url_for" => self.check_endpoint_exists(call)?,
            "django.urls.reverse" | "django.shortcuts.redirect" => self.check_url_name(call)?,
            "django.shortcuts.render" => self.check_template(call, 1, Engine::Django)?,
            "django.template.loader.get_template" | "django.template.loader.render_to_string" => {
                self.check_template(call, 0, Engine::Django)?;
            }
            "os.kill" if self.kills_itself(call) => return self.crash(call),
            "signal.alarm" if !self.handles_alarm() => {
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
        if self.is_quick(call, known) {
            return;
        }
        let (bound, bounded) = self.bound_of(call, known);
        let unbounded = known.unbounded && !bounded;
        let work = Work { call: self.callee_text(call), known, bound, unbounded };
        self.record(EffectKind::Works(work), call.range);
    }

    /// Whether the arguments make a call quick.
    fn is_quick(&self, call: &Call<'_, 'a>, known: &work::Work) -> bool {
        let argument =
            |name: &str, position: Option<usize>| call.arguments.get(name, position.unwrap_or(usize::MAX));
        if let Some(name) = &known.unless_false
            && call.arguments.keyword(name).is_some_and(|value| self.truth(value) == Some(false))
        {
            return true;
        }
        if let Some(name) = &known.only_if {
            let position = known.position.filter(|_| known.timeout.as_ref() == Some(name));
            let waits = argument(name, position).is_some_and(|value| self.truth(value) != Some(false));
            if !waits {
                return true;
            }
        }
        known.heavy_from.as_ref().is_some_and(|heavy| match argument(&heavy.argument, heavy.position) {
            Some(Value::Int(number)) => u64::try_from(*number).map_or(true, |number| number < heavy.number),
            _ => true,
        })
    }

    /// The seconds that bound a wait, where they are known, and whether anything bounds it: the call's own argument, the
    /// object that it is called on, or a default of the process, whichever is nearest.
    fn bound_of(&mut self, call: &Call<'_, 'a>, known: &work::Work) -> (Option<f64>, bool) {
        let given = known
            .timeout
            .as_ref()
            .and_then(|name| call.arguments.get(name, known.position.unwrap_or(usize::MAX)))
            .cloned();
        let nearest = given
            .or_else(|| self.slot_of_receiver(call, known.bounding_method.as_deref()?))
            .or_else(|| self.receiver_argument(call, known.receiver_timeout.as_ref()?));
        if let Some(value) = nearest {
            let seconds = self.seconds(&value);
            let seconds = if known.milliseconds { seconds.map(|number| number / 1_000.0) } else { seconds };
            return (seconds, !matches!(value, Value::None));
        }
        if call.arguments.open || known.default.is_some() {
            return (known.default, true);
        }
        if let Some(name) = &known.setting {
            let Some(settings) = self.django.settings else { return (None, true) };
            match self.heap.slot(settings, name).map(|slot| slot.value.clone()) {
                Some(Value::None) => {}
                Some(value) => return (self.seconds(&value), true),
                None if self.heap.get(settings).open => return (None, true),
                None => {}
            }
        }
        if known.socket_default
            && let Some(slot) = self.heap.slot(self.overrides, SOCKET_DEFAULT)
            && !matches!(slot.value, Value::None)
        {
            return (self.seconds(&slot.value), true);
        }
        (None, false)
    }

    /// Remembers a limit that a call sets for later ones: for the object that it is called on, or for all sockets.
    pub(super) fn remember_limit(&mut self, call: &Call<'_, 'a>) {
        let method = call.path.rsplit('.').next().unwrap_or("");
        let first = call.arguments.positional.first();
        if call.path == "socket.setdefaulttimeout" {
            let limit = first.cloned().unwrap_or(Value::Unknown);
            self.heap.set(self.overrides, Name::new_static(SOCKET_DEFAULT), limit, call.range);
        } else if let Some(receiver) = call.library.receiver
            && work::is_bounding_method(method)
        {
            let limit = match first {
                // Curl takes the name of an option, then its value.
                Some(Value::Library(option)) => {
                    let is_limit = option.path.ends_with(".TIMEOUT") || option.path.ends_with(".TIMEOUT_MS");
                    match call.arguments.positional.get(1) {
                        Some(limit) if is_limit => limit.clone(),
                        _ => return,
                    }
                }
                Some(limit) => limit.clone(),
                None => Value::Unknown,
            };
            self.heap.set(receiver, limit_slot(method), limit, call.range);
        }
    }

    /// A limit that an earlier call of this method has set for what a method is called on, or for one further back.
    fn slot_of_receiver(&self, call: &Call<'_, 'a>, method: &str) -> Option<Value<'a>> {
        let name = limit_slot(method);
        self.receivers(call).find_map(|id| self.heap.slot(id, &name)).map(|slot| slot.value.clone())
    }

    /// An argument of the call that made what a method is called on, or of one further back.
    fn receiver_argument(&self, call: &Call<'_, 'a>, name: &str) -> Option<Value<'a>> {
        self.receivers(call).find_map(|id| match self.heap.kind(id) {
            Kind::Library(_, arguments) => arguments.keyword(name).cloned(),
            _ => None,
        })
    }

    /// What a method is called on, and what that was made from, nearest first.
    pub(super) fn receivers(&self, call: &Call<'_, 'a>) -> impl Iterator<Item = Id> {
        /// Clients are at most so many attributes and calls away from their methods.
        const FARTHEST: usize = 4;
        self.heap.origins(call.library.receiver).take(FARTHEST)
    }

    /// A number of seconds; the longest of a tuple such as `(connect, read)`.
    pub(in crate::load) fn seconds(&self, value: &Value<'a>) -> Option<f64> {
        match value {
            Value::Tuple(items) => items.iter().filter_map(|item| self.seconds(item)).reduce(f64::max),
            number => number.as_number(),
        }
    }

    /// `os.kill(os.getpid(), ...)`, with a signal that ends the process.
    pub(super) fn kills_itself(&self, call: &Call<'_, 'a>) -> bool {
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
    fn check_template(
        &mut self,
        call: &Call<'_, 'a>,
        position: usize,
        engine: Engine,
    ) -> Result<(), Stop<'a>> {
        let Some(name) = call.arguments.get("template_name", position).and_then(Value::as_str) else {
            return Ok(());
        };
        match self.template_file(name) {
            // Flask looks into a folder of this name only.
            Some(file)
                if engine == Engine::Jinja
                    && !file.ancestors().any(|folder| folder.ends_with("templates"))
                    && !self.has_own_template_folders() =>
            {
                self.assuming(true, |me| Err(me.lacks_template(name, call.range)))
            }
            // Pages are rendered with more than is seen here, so what is in them is taken for granted with some doubt.
            Some(file) => self.assuming(true, |me| me.check_template_file(&file, engine, call.range)),
            None if self.may_have_template(name) => Ok(()),
            None => self.assuming(true, |me| Err(me.lacks_template(name, call.range))),
        }
    }

    /// What an engine raises for a template that no folder holds.
    pub(in crate::load) fn lacks_template(&self, name: &str, range: TextRange) -> Stop<'a> {
        let cause = RaiseCause::MissingTemplate(name.to_owned());
        self.raise_library("jinja2.exceptions.TemplateNotFound", name, cause, range)
    }

    /// Waiting for something that never ends is waiting for ever.
    pub(super) fn waits_for_ever(&mut self, what: &str, call: &Call<'_, 'a>) -> Stop<'a> {
        let block = Block { what: what.to_owned(), kind: BlockKind::Wait };
        self.record(EffectKind::Blocks(block), call.range);
        Stop::Halt
    }
}
