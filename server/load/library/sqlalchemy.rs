//! SQLAlchemy and Flask-SQLAlchemy: databases that nobody names, and sessions outside of an app.

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::effect::RaiseCause;
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Id, Value};

/// The slot of an app that has a database already.
const DATABASE: &str = "<database>";

impl<'a> Interp<'a> {
    /// A call into SQLAlchemy or its extension of Flask.
    pub(super) fn call_sqlalchemy(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        match call.path {
            "sqlalchemy.create_engine" => {
                let Some(url) = call.arguments.get("url", 0) else { return Ok(()) };
                self.check_database_url(&url.clone(), call)
            }
            "flask_sqlalchemy.SQLAlchemy" | "flask_sqlalchemy.SQLAlchemy().init_app" => {
                let app = call.arguments.get("app", 0).and_then(Value::object);
                let by_options = call.arguments.keywords.iter().any(|(name, _)| name == "engine_options");
                match app {
                    Some(app) if !by_options && self.is_new_extension() => self.take_database(app, call),
                    _ => Ok(()),
                }
            }
            path => {
                let outside = path.starts_with("flask_sqlalchemy.SQLAlchemy().session.")
                    || path.starts_with("flask_sqlalchemy.SQLAlchemy().Model.query.")
                    || path == "flask_sqlalchemy.SQLAlchemy().create_all"
                    || path == "flask_sqlalchemy.SQLAlchemy().drop_all";
                match outside && self.is_new_extension() {
                    true => self.need_context(call.range),
                    false => Ok(()),
                }
            }
        }
    }

    /// Whether the installed extension is of version 3 or later, which wants an app and its settings first.
    fn is_new_extension(&self) -> bool {
        self.environment.is_installed_since("flask-sqlalchemy", "3")
    }

    fn take_database(&mut self, app: Id, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        if self.heap.slot(app, DATABASE).is_some() {
            let message = "A 'SQLAlchemy' instance has already been registered on this Flask app.";
            return Err(self.raise("RuntimeError", message, RaiseCause::Plain, call.range));
        }
        self.heap.set(app, Name::new_static(DATABASE), Value::Bool(true), call.range);
        let is_flask = matches!(self.heap.kind(app), crate::load::value::Kind::Library(path, _) if path == "flask.Flask()");
        let binds = self.config_value(app, "SQLALCHEMY_BINDS");
        if !is_flask || binds.is_some() {
            return Ok(());
        }
        match self.config_value(app, "SQLALCHEMY_DATABASE_URI") {
            None | Some(Value::None) => {
                let message = "Either 'SQLALCHEMY_DATABASE_URI' or 'SQLALCHEMY_BINDS' must be set.";
                // A variable that nobody sets may be set on the host.
                let assumed = self.heap.slot(app, "<config SQLALCHEMY_DATABASE_URI>").is_some();
                Err(self
                    .assuming(assumed, |me| me.raise("RuntimeError", message, RaiseCause::Plain, call.range)))
            }
            Some(url) => self.check_database_url(&url, call),
        }
    }

    fn check_database_url(&self, url: &Value<'a>, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let (class, message) = match url {
            Value::Str(url) if url.starts_with("postgres://") && self.sqlalchemy_is_modern() => {
                ("sqlalchemy.exc.NoSuchModuleError", "Can't load plugin: sqlalchemy.dialects:postgres")
            }
            Value::Str(url) if !url.contains(':') => {
                ("sqlalchemy.exc.ArgumentError", "Could not parse SQLAlchemy URL from given URL string")
            }
            _ => return Ok(()),
        };
        Err(self.raise_library(class, message, RaiseCause::Plain, call.range))
    }

    /// `postgres://` has no driver since SQLAlchemy 1.4.
    fn sqlalchemy_is_modern(&self) -> bool {
        self.environment.is_installed_since("sqlalchemy", "1.4")
    }
}
