//! `app.config`: which keys it has, and the files that it is read from.

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::effect::RaiseCause;
use crate::load::environment::Variable;
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Arguments, Id, Kind, Value};
use crate::text::TextRange;

/// The slot of an app whose configuration may hold keys that nobody saw.
const OPEN: &str = "<config is open>";

impl<'a> Interp<'a> {
    /// `app.config[key] = value`: remembers whether the app may have a key to sign sessions with.
    pub(in crate::load) fn set_config(
        &mut self,
        app: Option<Id>,
        key: &Value<'a>,
        value: Value<'a>,
        range: TextRange,
    ) {
        let Some(app) = app else { return };
        match key.as_str() {
            Some(key) => self.heap.set(app, Name::new(format!("<config {key}>")), value, range),
            None => self.heap.set(app, Name::new_static(OPEN), Value::Bool(true), range),
        }
        if key.as_str().is_none_or(|key| key == "SECRET_KEY") {
            self.heap.set(app, Name::new_static("<secret>"), Value::Unknown, range);
        }
    }

    /// A call of a method of `app.config`, which may set any of its keys.
    pub(super) fn call_config(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let method = call.path.rsplit('.').next().unwrap_or_default();
        let app = call.library.receiver;
        match method {
            "get" | "items" | "keys" | "values" | "get_namespace" | "copy" => return Ok(()),
            "from_pyfile" | "from_file" | "from_json" => self.check_config_file(call)?,
            "from_envvar" => self.check_config_variable(call)?,
            _ => {}
        }
        let set = match method {
            "update" | "from_mapping" => self.mapped_keys(call.arguments),
            "setdefault" => self.default_key(call),
            "from_object" => self.object_keys(call.arguments),
            _ => None,
        };
        match set {
            Some(set) => {
                for (key, value) in set {
                    self.set_config(app, &key, value, call.range);
                }
            }
            None => self.set_config(app, &Value::Unknown, Value::Unknown, call.range),
        }
        Ok(())
    }

    /// What `update` and `from_mapping` set, where all of it is known.
    fn mapped_keys(&self, arguments: &Arguments<'a>) -> Option<Vec<(Value<'a>, Value<'a>)>> {
        let mut set = Vec::new();
        if let Some(first) = arguments.positional.first() {
            let Kind::Dict(items, false) = self.heap.kind(first.object()?) else { return None };
            set.extend(items.iter().cloned());
        }
        set.extend(arguments.keywords.iter().map(|(name, value)| (Value::str(name.as_str()), value.clone())));
        let all_known = !arguments.open && set.iter().all(|(key, _)| key.as_str().is_some());
        all_known.then_some(set)
    }

    /// `config.setdefault(key, value)`, where nobody has set the key.
    fn default_key(&self, call: &Call<'_, 'a>) -> Option<Vec<(Value<'a>, Value<'a>)>> {
        let key = call.arguments.positional.first()?;
        let known = self.config_value(call.library.receiver?, key.as_str()?);
        let value = known.unwrap_or_else(|| call.arguments.positional.get(1).cloned().unwrap_or(Value::None));
        Some(vec![(key.clone(), value)])
    }

    /// What `from_object` takes over: the names in capitals of a module or class of the project.
    fn object_keys(&self, arguments: &Arguments<'a>) -> Option<Vec<(Value<'a>, Value<'a>)>> {
        let object = match arguments.positional.first()? {
            Value::Str(dotted) => match dotted.rsplit_once('.') {
                Some((module, name)) => {
                    let module = self.loaded_module(module)?.object()?;
                    self.heap.slot(module, name)?.value.object()?
                }
                None => self.loaded_module(dotted)?.object()?,
            },
            value => value.object()?,
        };
        let mut owners = Vec::new();
        match self.heap.kind(object) {
            Kind::Module(_) => owners.push(object),
            Kind::Class(_) => {
                let known = self.ancestors(object, &mut owners, 0);
                let bases = self.library_bases(object);
                if !known || !bases.iter().all(|base| base == "builtins.object") {
                    return None;
                }
            }
            Kind::Instance(class) => {
                let known = self.ancestors(*class, &mut owners, 0);
                if !known || !self.library_bases(*class).is_empty() {
                    return None;
                }
                owners.insert(0, object);
            }
            _ => return None,
        }
        let mut set: Vec<(Value<'a>, Value<'a>)> = Vec::new();
        for owner in owners {
            if self.heap.get(owner).open {
                return None;
            }
            for (name, slot) in &self.heap.get(owner).slots {
                let is_key = name.chars().any(char::is_alphabetic) && name.to_uppercase() == name.as_str();
                let is_new = !set.iter().any(|(known, _)| known.as_str() == Some(name));
                if let (true, true, Some(value)) = (is_key, is_new, slot.value.bound()) {
                    set.push((Value::str(name.as_str()), value));
                }
            }
        }
        Some(set)
    }

    /// The value of a key of an app's configuration: `None` when it is certainly not set.
    pub(super) fn config_value(&self, app: Id, key: &str) -> Option<Value<'a>> {
        if let Some(slot) = self.heap.slot(app, &format!("<config {key}>")) {
            return Some(slot.value.bound().unwrap_or(Value::Unknown));
        }
        let is_open = self.heap.slot(app, OPEN).is_some() || self.heap.slot(app, "config").is_some();
        is_open.then_some(Value::Unknown)
    }

    /// A file that the configuration is read from: it is looked for in the app's folder, or in its instance folder.
    fn check_config_file(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let silent = call.arguments.open || call.arguments.keyword("silent").is_some();
        let file = call.arguments.get("filename", 0).and_then(|value| self.path_text(value));
        let (Some(file), false) =
            (file, silent || call.arguments.positional.len() > 1 && call.path.ends_with("pyfile"))
        else {
            return Ok(());
        };
        let path = if file.starts_with('/') {
            Some(file)
        } else {
            self.config_folder(call).map(|at| format!("{at}/{file}"))
        };
        match path {
            Some(path) => self.check_readable(&path, call.range),
            None => Ok(()),
        }
    }

    fn config_folder(&self, call: &Call<'_, 'a>) -> Option<String> {
        let Kind::Library(_, made) = self.heap.kind(call.library.receiver?) else { return None };
        if made.open || made.keyword("root_path").is_some() || made.keyword("instance_path").is_some() {
            return None;
        }
        let name = made.get("import_name", 0)?.as_str()?;
        let module = self.loaded.iter().rev().find(|module| module.name == name)?;
        let mut folder = module.path.parent()?.to_path_buf();
        if made.keyword("instance_relative_config").map_or(Some(false), |value| self.truth(value))? {
            if module.path.ends_with("__init__.py") {
                folder.pop();
            }
            folder.push("instance");
        }
        Some(folder.to_string_lossy().into_owned())
    }

    fn check_config_variable(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let silent = call.arguments.open || call.arguments.get("silent", 1).is_some();
        let Some(name) = call.arguments.get("variable_name", 0).and_then(Value::as_str) else {
            return Ok(());
        };
        let set = self.heap.slot(self.environ, name).is_some();
        let variable = self.environment.variable(self.snapshot, name, self.environ_is_open);
        if silent || set || variable != Variable::Unset {
            return Ok(());
        }
        let cause = RaiseCause::MissingEnvironment(name.to_owned());
        let message = format!(
            "The environment variable '{name}' is not set and as such configuration could not be loaded."
        );
        Err(self.assuming(true, |me| me.raise("RuntimeError", message, cause, call.range)))
    }
}
