//! Flask's routes and blueprints: which rules and names it refuses, and what comes too late.

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::effect::RaiseCause;
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Id, Kind, Value};
use crate::text::TextRange;

/// The slot of a blueprint that an app has taken.
const TAKEN: &str = "<registered>";

/// The converters that Werkzeug brings.
const CONVERTERS: &[&str] = &["default", "string", "any", "path", "int", "float", "uuid"];

/// What an app and a blueprint can be made with.
const FLASK: &str = "import_name static_url_path static_folder static_host host_matching subdomain_matching template_folder \
    instance_path instance_relative_config root_path";
const BLUEPRINT: &str = "name import_name static_folder static_url_path template_folder url_prefix subdomain url_defaults root_path \
    cli_group";

/// Methods of a blueprint that do nothing any more once an app has taken it.
const SET_UP: &[&str] = &[
    "route",
    "get",
    "post",
    "put",
    "delete",
    "patch",
    "add_url_rule",
    "before_request",
    "after_request",
    "errorhandler",
    "app_errorhandler",
    "context_processor",
    "app_context_processor",
    "record",
];

impl<'a> Interp<'a> {
    /// `Flask(...)` and `Blueprint(...)`.
    pub(super) fn check_flask_arguments(&self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let (class, known, at) = match call.path {
            "flask.Flask" => ("Flask", FLASK, 0),
            _ => ("Blueprint", BLUEPRINT, 1),
        };
        if call.arguments.open {
            return Ok(());
        }
        let raise = |exception: &str, message: String| {
            Err(self.raise(exception, message, RaiseCause::Plain, call.range))
        };
        let unknown = call.arguments.keywords.iter().map(|(name, _)| name);
        if let Some(name) =
            unknown.into_iter().find(|name| !known.split_whitespace().any(|k| k == name.as_str()))
        {
            return raise(
                "TypeError",
                format!("{class}.__init__() got an unexpected keyword argument '{name}'"),
            );
        }
        if call.arguments.get("import_name", at).is_none() {
            let message = format!("{class}.__init__() missing 1 required positional argument: 'import_name'");
            return raise("TypeError", message);
        }
        match call.arguments.get("name", 0).and_then(Value::as_str) {
            Some("") if class == "Blueprint" => raise("ValueError", "'name' may not be empty.".to_owned()),
            Some(name)
                if class == "Blueprint"
                    && name.contains('.')
                    && self.environment.is_installed_since("flask", "2.0") =>
            {
                raise("ValueError", "'name' may not contain a dot '.' character.".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// `app.route(rule)` and its relatives.
    pub(super) fn check_route(&self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let method = call.path.rsplit('.').next().unwrap_or_default();
        if call.path.starts_with("flask.Blueprint()") {
            return self.check_not_taken(method, call);
        }
        if let Some(rule) = call.arguments.get("rule", 0).and_then(Value::as_str) {
            self.check_rule(rule, call.range)?;
        }
        match call.arguments.keyword("methods") {
            Some(_) if matches!(method, "get" | "post" | "put" | "delete" | "patch") => {
                let message = "Use the 'route' decorator to use the 'methods' argument.";
                Err(self.raise("TypeError", message, RaiseCause::Plain, call.range))
            }
            Some(Value::Str(_)) => {
                let message = "Allowed methods must be a list of strings, for example: @app.route(..., methods=[\"POST\"])";
                Err(self.raise("TypeError", message, RaiseCause::Plain, call.range))
            }
            _ => Ok(()),
        }
    }

    /// A blueprint that an app has taken takes nothing more.
    fn check_not_taken(&self, method: &str, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let taken = call.library.receiver.is_some_and(|id| self.heap.slot(id, TAKEN).is_some());
        if !taken || !SET_UP.contains(&method) || !self.environment.is_installed_since("flask", "2.3") {
            return Ok(());
        }
        let message = format!(
            "The setup method '{method}' can no longer be called on the blueprint: it has already been registered"
        );
        Err(self.raise("AssertionError", message, RaiseCause::Plain, call.range))
    }

    fn check_rule(&self, rule: &str, range: TextRange) -> Result<(), Stop<'a>> {
        if !rule.starts_with('/') {
            let message = format!("urls must start with a leading slash: '{rule}'");
            return Err(self.raise("ValueError", message, RaiseCause::Plain, range));
        }
        let parts = match parts_of(rule) {
            Some(parts) => parts,
            None => {
                let message = format!("malformed url rule: '{rule}'");
                return Err(self.raise("ValueError", message, RaiseCause::Plain, range));
            }
        };
        for (at, (converter, variable)) in parts.iter().enumerate() {
            if parts[..at].iter().any(|(_, earlier)| earlier == variable) {
                let message = format!("variable name '{variable}' used twice.");
                return Err(self.raise("ValueError", message, RaiseCause::Plain, range));
            }
            let Some(converter) = converter else { continue };
            // A module that speaks of converters may have brought some.
            if !CONVERTERS.contains(converter) && !self.speaks_of("converters") {
                let message = format!("the converter '{converter}' does not exist");
                return Err(self.raise("LookupError", message, RaiseCause::Plain, range));
            }
        }
        Ok(())
    }

    /// `app.register_blueprint(blueprint)`: its rules are read now, and there can be no second one of the same name.
    pub(super) fn check_blueprint(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let blueprint = call.arguments.get("blueprint", 0);
        if let Some(Value::Object(id)) = blueprint
            && let Kind::Module(module) = self.heap.kind(*id)
        {
            let message = format!("module '{}' has no attribute 'register'", module.name);
            return Err(self.raise("AttributeError", message, RaiseCause::Plain, call.range));
        }
        let blueprint = blueprint.and_then(Value::object);
        let (Some(app), Some(blueprint)) = (call.library.receiver, blueprint) else { return Ok(()) };
        let Some((name, has_prefix)) = self.blueprint_name(blueprint) else { return Ok(()) };
        self.heap.set(blueprint, Name::new_static(TAKEN), Value::Bool(true), call.range);
        let prefix = call.arguments.keyword("url_prefix").is_some() || has_prefix || call.arguments.open;
        let routes = self.registered.iter().filter(|one| one.app == Some(blueprint));
        let rules: Vec<String> =
            routes.filter_map(|one| one.rule.as_ref()?.as_str().map(str::to_owned)).collect();
        for rule in rules.iter().filter(|rule| !prefix || rule.starts_with('/')) {
            if !rule.is_empty() && self.is_route_rule(blueprint, rule) {
                self.check_rule(rule, call.range)?;
            }
        }
        if call.arguments.keyword("name").is_some() {
            return Ok(());
        }
        let slot = Name::new(format!("<blueprint {name}>"));
        if self.heap.slot(app, &slot).is_some() {
            let message = format!("The name '{name}' is already registered for a blueprint.");
            return Err(self.raise("ValueError", message, RaiseCause::Plain, call.range));
        }
        self.heap.set(app, slot, Value::Bool(true), call.range);
        Ok(())
    }

    fn is_route_rule(&self, app: Id, rule: &str) -> bool {
        self.registered.iter().any(|one| {
            one.app == Some(app)
                && one.known.kind == crate::catalog::handlers::HandlerKind::Route
                && one.rule.as_ref().and_then(Value::as_str) == Some(rule)
        })
    }

    /// The name of a blueprint, and whether it has a prefix of its own.
    fn blueprint_name(&self, blueprint: Id) -> Option<(String, bool)> {
        match self.heap.kind(blueprint) {
            Kind::Library(path, made) if path == "flask.Blueprint()" => {
                let has_prefix = made.keyword("url_prefix").is_some() || made.open;
                Some((made.get("name", 0)?.as_str()?.to_owned(), has_prefix))
            }
            _ => None,
        }
    }
}

/// The variable parts of a rule, each with its converter; `None` where Werkzeug cannot read it.
fn parts_of(rule: &str) -> Option<Vec<(Option<&str>, &str)>> {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let mut parts = Vec::new();
    let mut rest = rule;
    while let Some(at) = rest.find('<') {
        let inner = &rest[at + 1..];
        let name_ends = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        let (name, after) = inner.split_at(name_ends);
        let (converter, after) = match after.as_bytes().first()? {
            b'>' => (None, after),
            b':' => (Some(name), &after[1..]),
            b'(' => (Some(name), after.split_once("):")?.1),
            _ => return None,
        };
        let (variable, after) = match converter {
            Some(_) => after.split_at(after.find('>')?),
            None => (name, after),
        };
        if !is_name(name) || !is_name(variable) {
            return None;
        }
        parts.push((converter, variable));
        rest = after.strip_prefix('>')?;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::parts_of;

    #[test]
    fn rules_are_read_as_werkzeug_reads_them() {
        assert_eq!(parts_of("/"), Some(vec![]));
        assert_eq!(parts_of("/a/<b>/<int:c>"), Some(vec![(None, "b"), (Some("int"), "c")]));
        assert_eq!(parts_of("/<any(x, y>z):c>.html"), Some(vec![(Some("any"), "c")]));
        assert_eq!(parts_of("/<string(length=2):c>"), Some(vec![(Some("string"), "c")]));
        for malformed in ["/<a", "/<int: a>", "/<>", "/<int:>", "/<a b>", "/<1a>", "/<int a>"] {
            assert_eq!(parts_of(malformed), None, "{malformed}");
        }
    }
}
