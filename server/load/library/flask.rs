//! Flask while an app is loaded: what needs an application context, and what `app.config` imports.

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::effect::{Phase, RaiseCause};
use crate::load::interp::{Interp, Stop};
use crate::load::value::Value;
use crate::text::TextRange;

/// The slot of the process that tells of an application context that somebody may have entered.
const CONTEXT: &str = "<app context>";

/// Calls that fail without an application context.
const NEED_CONTEXT: &[&str] =
    &["flask.url_for", "flask.render_template", "flask.jsonify", "flask.flash", "flask.get_flashed_messages"];

impl<'a> Interp<'a> {
    /// What a call of Flask's does while the app is loaded.
    pub(super) fn call_flask(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        match call.path {
            "flask.Flask().app_context"
            | "flask.Flask().test_request_context"
            | "flask.Flask().request_context"
            | "flask.Flask().test_client"
            | "flask.Flask().test_cli_runner" => self.may_enter_context(call.range),
            "flask.Flask().config.from_object" => self.import_config(call)?,
            "flask.Flask" | "flask.Blueprint" => self.check_flask_arguments(call)?,
            "flask.Flask().register_blueprint" => self.check_blueprint(call)?,
            "flask.Flask().route"
            | "flask.Flask().add_url_rule"
            | "flask.Flask().get"
            | "flask.Flask().post"
            | "flask.Flask().put"
            | "flask.Flask().delete"
            | "flask.Flask().patch" => self.check_route(call)?,
            path if path.starts_with("flask.Blueprint().") => self.check_route(call)?,
            path if path.starts_with("flask_sqlalchemy.") => self.call_sqlalchemy(call)?,
            path if NEED_CONTEXT.contains(&path) => self.need_context(call.range)?,
            _ => {}
        }
        Ok(())
    }

    /// Remembers that an application context may be active from here on.
    pub(in crate::load) fn may_enter_context(&mut self, range: TextRange) {
        self.heap.set(self.overrides, Name::new_static(CONTEXT), Value::Bool(true), range);
    }

    /// Raises what Flask raises where no context was ever entered.
    pub(in crate::load) fn need_context(&self, range: TextRange) -> Result<(), Stop<'a>> {
        if self.phase != Phase::Load || self.heap.slot(self.overrides, CONTEXT).is_some() {
            return Ok(());
        }
        let message = "Working outside of application context.";
        Err(self.raise("RuntimeError", message, RaiseCause::Plain, range))
    }

    /// `app.config.from_object("settings.Production")` imports what the string names.
    fn import_config(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let Some(dotted) = call.arguments.get("obj", 0).and_then(Value::as_str) else { return Ok(()) };
        match dotted.rsplit_once('.') {
            None => self.import_module(dotted, call.range).map(drop),
            Some((module, name)) => {
                let source = self.import_module(module, call.range)?;
                self.import_name(&source, module, &Name::new(name), call.range).map(drop)
            }
        }
    }
}
