//! Flask while an app is loaded: what needs an application context, what `app.config` imports, and which blueprints and routes
//! it refuses.

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::effect::{Phase, RaiseCause};
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Id, Kind, Value};
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
            "flask.Flask().register_blueprint" => self.check_blueprint(call)?,
            "flask.Flask().route" | "flask.Flask().add_url_rule" => {
                let rule = call.arguments.get("rule", 0).and_then(Value::as_str);
                if rule.is_some_and(|rule| !rule.starts_with('/')) {
                    let message =
                        format!("urls must start with a leading slash: '{}'", rule.unwrap_or_default());
                    return Err(self.raise("ValueError", message, RaiseCause::Plain, call.range));
                }
            }
            "flask_sqlalchemy.SQLAlchemy().create_all" | "flask_sqlalchemy.SQLAlchemy().drop_all" => {
                let version = self.environment.version("flask-sqlalchemy");
                let major = version.and_then(|version| version.split('.').next()?.parse::<u32>().ok());
                if major.is_some_and(|major| major >= 3) {
                    self.need_context(call.range)?;
                }
            }
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

    /// Flask refuses a second blueprint of the same name.
    fn check_blueprint(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let blueprint = call.arguments.get("blueprint", 0).and_then(Value::object);
        let (Some(app), Some(blueprint), None) =
            (call.library.receiver, blueprint, call.arguments.keyword("name"))
        else {
            return Ok(());
        };
        let Some(name) = self.blueprint_name(blueprint) else { return Ok(()) };
        let slot = Name::new(format!("<blueprint {name}>"));
        if self.heap.slot(app, &slot).is_some() {
            let message = format!("The name '{name}' is already registered for a blueprint.");
            return Err(self.raise("ValueError", message, RaiseCause::Plain, call.range));
        }
        self.heap.set(app, slot, Value::Bool(true), call.range);
        Ok(())
    }

    fn blueprint_name(&self, blueprint: Id) -> Option<String> {
        match self.heap.kind(blueprint) {
            Kind::Library(path, made) if path == "flask.Blueprint()" => {
                made.get("name", 0)?.as_str().map(str::to_owned)
            }
            _ => None,
        }
    }
}
