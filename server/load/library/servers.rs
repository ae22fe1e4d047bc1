//! Calls that start a server.

use super::Call;
use crate::catalog::calls::{self, Server};
use crate::hosting::Host;
use crate::load::effect::{EffectKind, ServerStart, StartOutcome};
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Kind, Value};

impl<'a> Interp<'a> {
    /// Records the start of a server, from which the import does not come back.
    pub(super) fn start_server(&mut self, call: &Call<'_, 'a>, server: &Server) -> Result<(), Stop<'a>> {
        if let Some(argument) = &server.unless
            && call.arguments.keyword(argument).is_some_and(|value| self.truth(value) != Some(false))
        {
            return Ok(());
        }
        if !server.refuses_without.is_empty() && self.refuses(call, server) {
            return Err(self.refuse(call, &server.name));
        }
        let call_text = self.callee_text(call);
        let outcome = if self.reloads(call, server) {
            StartOutcome::Reloads
        } else if self.port_is_refused(call, server) {
            StartOutcome::PortRefused
        } else {
            StartOutcome::Serves
        };
        // The reloader and a refused port leave by `sys.exit`, which code can catch.
        let start = ServerStart { call: call_text, server: server.name.clone(), outcome };
        let effect = self.effect(EffectKind::StartsServer(start), call.range);
        // gunicorn's interpreter is Python itself, so the reloader starts its child and waits for it.
        let waits = outcome == StartOutcome::Reloads && self.deployment.host == Host::Gunicorn;
        if outcome == StartOutcome::Serves || waits {
            self.effects.push(effect);
            return Err(Stop::Halt);
        }
        let class = Value::library("builtins.SystemExit");
        Err(Stop::Raise(Box::new(crate::load::interp::Exception { class, effect, value: Value::Unknown })))
    }

    /// `FlaskGroup(...)(["run"])`: Flask's own command line, told to serve.
    pub(super) fn command_server(&mut self, call: &Call<'_, 'a>) -> Option<&'static Server> {
        if !matches!(
            call.path,
            "flask.cli.FlaskGroup()" | "flask.cli.FlaskGroup().main" | "flask.Flask().cli"
        ) {
            return None;
        }
        let told = call.arguments.get("args", 0)?.clone();
        let first = self.iterate(&told, call.range).ok()?.known.into_iter().next()?;
        (first.as_str() == Some("run")).then(|| calls::server("flask.Flask().run")).flatten()
    }

    /// A start that raises: an ordinary exception, which code can catch.
    pub(super) fn refuse(&self, call: &Call<'_, 'a>, server: &str) -> Stop<'a> {
        let outcome = StartOutcome::Refuses;
        let start = ServerStart { call: self.callee_text(call), server: server.to_owned(), outcome };
        let effect = self.effect(EffectKind::StartsServer(start), call.range);
        let class = Value::library("builtins.RuntimeError");
        Stop::Raise(Box::new(crate::load::interp::Exception { class, effect, value: Value::Unknown }))
    }

    /// Whether an argument switches the reloader on; an argument that is absent leaves the question to the next one.
    fn reloads(&self, call: &Call<'_, 'a>, server: &Server) -> bool {
        for name in &server.reloader {
            let position =
                if name == "debug" && server.call.ends_with("Flask().run") { 2 } else { usize::MAX };
            match call.arguments.get(name, position) {
                Some(Value::None) => {}
                Some(value) => return self.truth(value) == Some(true),
                None => {}
            }
        }
        // `app.debug = True` does what `debug=True` does.
        let debug = call.library.receiver.and_then(|id| self.heap.slot(id, "debug"));
        server.reloader.iter().any(|name| name == "debug")
            && debug.is_some_and(|slot| self.truth(&slot.value) == Some(true))
    }

    fn refuses(&self, call: &Call<'_, 'a>, server: &Server) -> bool {
        let allowed = |name: &String| {
            call.arguments.open
                || call.arguments.keyword(name).is_some_and(|value| self.truth(value) != Some(false))
        };
        if server.refuses_without.iter().any(allowed) {
            return false;
        }
        // With eventlet or gevent installed, or asked for, the server is theirs and serves.
        let mode = call.library.receiver.and_then(|id| match self.heap.kind(id) {
            Kind::Library(_, arguments) => arguments.keyword("async_mode").cloned(),
            _ => None,
        });
        match mode {
            Some(mode) => mode.as_str() == Some("threading"),
            None => {
                self.environment.is_complete
                    && !self.environment.has_top_level(self.snapshot, "eventlet")
                    && !self.environment.has_top_level(self.snapshot, "gevent")
            }
        }
    }

    /// Ports below 1024 belong to the administrator.
    fn port_is_refused(&self, call: &Call<'_, 'a>, server: &Server) -> bool {
        let Some((name, position)) = &server.port else { return false };
        matches!(call.arguments.get(name, *position), Some(Value::Int(port)) if (1..1024).contains(port))
    }
}
