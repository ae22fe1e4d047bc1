//! What the language and libraries do when they are called: models for those that decide what a load does, the catalog for
//! the effects of the others.

mod arguments;
mod builtins;
mod commands;
mod containers;
pub(super) mod django;
mod django_apps;
mod django_checks;
mod django_models;
mod django_parts;
mod django_settings;
mod files;
mod flask;
mod flask_config;
mod flask_routes;
mod frameworks;
mod habits;
mod json;
mod logging;
mod network;
mod os;
pub(super) mod paths;
mod properties;
mod regex;
mod scheduler;
mod scripts;
mod servers;
mod single_dispatch;
mod sqlalchemy;
mod tools;
mod values;
mod work;
mod workers;

pub(in crate::load) use containers::VIEW_OF;
pub(crate) use frameworks::Registered;

use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::comprehend::is_lazy_call;
use super::effect::{Block, BlockKind, EffectKind, Exit, Phase, RaiseCause};
use super::interp::{Eval, Interp, Stop};
use super::value::{Arguments, Kind, Library, Value};
use crate::catalog::{calls, handlers, stdlib};
use crate::text::TextRange;

/// One call into a library.
pub(in crate::load) struct Call<'c, 'a> {
    /// The qualified name of what is called.
    pub path: &'c str,
    /// What it was reached through.
    pub library: &'c Library,
    /// The arguments.
    pub arguments: &'c Arguments<'a>,
    /// The whole call.
    pub range: TextRange,
    /// The expression that is called.
    pub callee: TextRange,
}

impl<'a> Interp<'a> {
    /// Calls something of a library.
    pub fn call_library(
        &mut self,
        library: &Rc<Library>,
        arguments: Arguments<'a>,
        range: TextRange,
        callee: TextRange,
    ) -> Eval<'a> {
        let path = library.path.clone();
        self.check_callable_library(&path, range)?;
        let mut arguments = arguments;
        if !is_lazy_call(&path) {
            for value in &mut arguments.positional {
                *value = self.consumed(value)?;
            }
        }
        if !path.starts_with("builtins.") {
            arguments.all().for_each(|value| self.share(value));
        }
        let call = Call { path: &path, library, arguments: &arguments, range, callee };
        if let Some(value) = self.model(&call)? {
            return Ok(value);
        }
        if path.starts_with("flask") {
            self.call_flask(&call)?;
        } else if path == "sqlalchemy.create_engine" {
            self.call_sqlalchemy(&call)?;
        }
        let registration = handlers::registration(&path);
        if let Some(registration) = registration {
            self.register(&call, registration)?;
        }
        if path == "wsgi.start_response" {
            self.check_status(&call)?;
            self.start_response(&call);
        } else if path.ends_with("().wsgi_app") && self.phase == Phase::Request {
            // The framework starts the response with what middleware has given it.
            if let Some(start @ (Value::Function(_) | Value::Method(_))) = arguments.positional.get(1) {
                let open = Arguments { open: true, ..Arguments::default() };
                self.call(start, open, range, callee)?;
            }
        } else if path.ends_with("().register_blueprint") {
            self.register_blueprint(&call);
        } else if path == "celery.Celery().conf.update" {
            for (name, value) in &arguments.keywords {
                let name = Name::new(format!("celery.Celery().conf.{name}"));
                self.heap.set(self.overrides, name, value.clone(), range);
            }
        } else if path.starts_with("flask.Flask().config.") {
            self.call_config(&call)?;
        }
        self.catalog_effect(&call)?;
        let decorates = registration.is_some_and(|one| one.function.is_none());
        if (decorates || calls::is_transparent_decorator(&path))
            && let Some(decorated) = arguments.positional.first()
        {
            return Ok(decorated.clone());
        }
        if let Some(given) = self.call_task(&call)? {
            return Ok(given);
        }
        if self.phase == Phase::Request {
            for value in arguments.all() {
                if let Value::Object(id) = value {
                    self.forget_content(*id);
                }
            }
        }
        self.remember_use(&call);
        self.remember_template_folder(&call);
        if self.phase == Phase::Load && !path.ends_with("register_blueprint") {
            self.give_app_away(&arguments, range);
        }
        let made_path = Name::new(calls::canonical(format!("{path}()")));
        let made = self.heap.allocate(Kind::Library(made_path, Rc::new(arguments)));
        self.remember_worker(&path, made, range);
        self.read_clock(made, range);
        if let Some(receiver) = library.receiver {
            self.heap.set_made_from(made, receiver, range);
        }
        Ok(Value::Object(made))
    }

    /// A module of the standard library cannot be called, whatever in it has the same name.
    fn check_callable_library(&self, path: &str, range: TextRange) -> Result<(), Stop<'a>> {
        let what = match path {
            "os.environ" => "_Environ",
            path if path.contains('.') => return Ok(()),
            path if stdlib::standing(path, self.deployment.python).is_some() => "module",
            _ => return Ok(()),
        };
        Err(self.raise("TypeError", format!("'{what}' object is not callable"), RaiseCause::Plain, range))
    }

    /// Calls whose results decide what the load does.
    fn model(&mut self, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        let (head, _) = call.path.split_once('.').unwrap_or((call.path, ""));
        Ok(match head {
            "builtins" => self.call_builtin(call)?,
            "os" | "sys" | "pathlib" | "site" | "shutil" | "glob" | "tempfile" => self.call_os(call)?,
            "django" => self.call_django(call)?,
            _ => self.call_tool(call)?,
        })
    }

    fn catalog_effect(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        if let Some(server) = self.command_server(call) {
            return self.start_server(call, server);
        }
        let stopped = call.library.receiver.is_some_and(|id| self.heap.slot(id, "<filled>").is_some());
        if let Some(server) =
            calls::server(call.path).or_else(|| self.unbound_server(call)).filter(|_| !stopped)
        {
            return self.start_server(call, server);
        }
        if let Some(blocking) = calls::blocking(call.path) {
            let bounded = call.arguments.open
                || blocking.bounded_by.iter().any(|name| call.arguments.keyword(name).is_some())
                || blocking.waits && !blocking.bounded_by.is_empty() && !call.arguments.positional.is_empty();
            let served = blocking.waits && self.may_be_served(call);
            if bounded && blocking.waits && !served {
                // Nobody comes, so the wait lasts as long as it may.
                let limit = call.arguments.keyword("timeout").or(call.arguments.positional.last());
                if let Some(seconds) = limit.and_then(|value| self.seconds(value)) {
                    self.wait(seconds, call.range);
                }
            }
            if !(bounded || served) {
                let kind = if blocking.waits { BlockKind::Wait } else { BlockKind::Library };
                let block = Block { what: blocking.name.clone(), kind };
                self.record(EffectKind::Blocks(block), call.range);
                return Err(Stop::Halt);
            }
        }
        let decorates = matches!(
            call.arguments.positional.first(),
            Some(Value::Function(_) | Value::Unknown | Value::Object(_))
        );
        if let Some(exit) = calls::exit(call.path).filter(|exit| {
            let comes_back = exit.unless_false.as_ref().and_then(|name| call.arguments.keyword(name));
            !(exit.unless_decorating && decorates)
                && comes_back.is_none_or(|value| self.truth(value) == Some(true))
        }) {
            let text = self.callee_text(call);
            if exit.hard {
                let status = exit_status(call.arguments);
                self.record(EffectKind::Exits(Exit { call: text, status, hard: true }), call.range);
                return Err(Stop::Halt);
            }
            return Err(self.exit(&text, exit_status(call.arguments), call.range));
        }
        if let Some(object) = call.library.receiver {
            let bounded = call.arguments.keyword("timeout").is_some()
                || call.arguments.get("block", 1).is_some()
                || call.arguments.open;
            let at = if call.path.ends_with(".put") { 1 } else { 0 };
            let block = call.arguments.get("block", at).map(|value| self.truth(value));
            let gives_up =
                block == Some(Some(false)) || block.is_none() && call.arguments.keyword("timeout").is_some();
            self.check_queue(call.path, object, gives_up, call.range)?;
            if let Some(what) = self.waits_for_others(call.path, object, bounded) {
                return Err(self.waits_for_ever(what, call));
            }
        }
        self.open_window(call)?;
        self.use_torch(call);
        if self.phase == Phase::Request {
            self.request_effect(call)?;
        }
        Ok(())
    }

    /// `Flask.run(app)`: a method taken from its class, called with the instance.
    fn unbound_server(&self, call: &Call<'_, 'a>) -> Option<&'static calls::Server> {
        let (class, method) = call.path.rsplit_once('.')?;
        let Value::Object(id) = call.arguments.positional.first()? else { return None };
        let made = format!("{class}()");
        let is_instance = match self.heap.kind(*id) {
            Kind::Library(path, _) => *path == made,
            Kind::Instance(of) => self.library_bases(*of).iter().any(|base| base == class),
            _ => false,
        };
        calls::server(&format!("{made}.{method}")).filter(|_| is_instance)
    }

    /// The called expression as the code says it.
    pub(super) fn callee_text(&self, call: &Call<'_, 'a>) -> String {
        let text = self.module().map_or("", |module| module.slice(call.callee));
        let one_line: Vec<&str> = text.split_whitespace().collect();
        one_line.join(" ")
    }

    /// Whether any loaded module has a word in it.
    pub(super) fn speaks_of(&self, word: &str) -> bool {
        self.loaded.iter().any(|module| {
            let text = self.snapshot.text(&module.path);
            text.is_none_or(|(source, _)| source.text().contains(word))
        })
    }

    /// Whether something else may end a wait: a thread or process that was started, or a value that was put there.
    fn may_be_served(&self, call: &Call<'_, 'a>) -> bool {
        match call.library.receiver {
            Some(id) => self.may_be_there(id),
            None => self.heap.slot(self.overrides, "<workers>").is_some(),
        }
    }

    /// Remembers what later calls depend on.
    fn remember_use(&mut self, call: &Call<'_, 'a>) {
        self.remember_limit(call);
        let method = call.path.rsplit('.').next().unwrap_or("");
        if let Some(id) = call.library.receiver {
            self.hand_over(id, method, call.range);
        }
        // What is handed to somebody else may be called later. Signals do not come by themselves.
        if !matches!(method, "add_signal_handler" | "signal") {
            for value in call.arguments.all() {
                self.hand_out(value, call.range);
            }
        }
        if let (Some(id), "submit" | "map") = (call.library.receiver, method) {
            self.warm_worker(id);
        }
        let starts_worker = matches!(
            call.path,
            "threading.Thread().start"
                | "threading.Timer().start"
                | "multiprocessing.Process().start"
                | "concurrent.futures.ThreadPoolExecutor().submit"
                | "_thread.start_new_thread"
        );
        if call.path == "signal.signal" {
            self.heap.set(
                self.overrides,
                Name::new_static("<handles signals>"),
                Value::Bool(true),
                call.range,
            );
        }
        if method == "listen" || call.path == "socket.create_server" {
            self.heap.set(self.overrides, Name::new_static("<listens>"), Value::Bool(true), call.range);
        }
        if starts_worker {
            self.heap.set(self.overrides, Name::new_static("<workers>"), Value::Bool(true), call.range);
        }
    }
}

/// The status that `sys.exit(...)` and its relatives hand to the system.
fn exit_status(arguments: &Arguments<'_>) -> Option<i64> {
    match arguments.positional.first() {
        None | Some(Value::None) => Some(0),
        Some(Value::Int(status)) => Some(*status),
        _ => None,
    }
}
