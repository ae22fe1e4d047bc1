//! Web frameworks: what registering a route or answering a request tells of an app.

use std::path::PathBuf;
use std::rc::Rc;

use ruff_python_ast::name::Name;
use rustc_hash::FxHashSet;

use super::Call;
use crate::catalog::handlers::{HandlerKind, Registration};
use crate::load::effect::{Phase, RaiseCause};
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Id, Kind, Value};
use crate::text::TextRange;

/// Where the process remembers that an app has template folders of its own choice.
const TEMPLATE_FOLDER: &str = "<template folder>";

/// Folders of templates that packages bring under other names than their own, and to which projects add some.
const BROUGHT_FOLDERS: [&str; 7] =
    ["account", "admin", "bootstrap", "registration", "rest_framework", "security", "socialaccount"];

/// A function of the project that a framework was told to call for requests.
#[derive(Clone, Debug)]
pub(crate) struct Registered<'a> {
    /// What for, as the catalog says it.
    pub known: &'static Registration,
    /// The route or, for other kinds, what it is for: a status, an exception, a name.
    pub rule: Option<Value<'a>>,
    /// Whether the route gives arguments of its own (`defaults=`).
    pub has_defaults: bool,
    /// The name that links use for a route, where it is told.
    pub endpoint: Option<Value<'a>>,
    /// Whether nothing else is told that makes a response of what it gives back.
    pub plain: bool,
    /// For whose signals it is called; `None` for everybody's.
    pub sender: Option<Value<'a>>,
    /// The methods of a route; empty when the framework's default applies.
    pub methods: Vec<String>,
    /// What is called: a function, a class, an instance.
    pub value: Value<'a>,
    /// The app or blueprint that was told.
    pub app: Option<Id>,
}

impl<'a> Interp<'a> {
    /// Remembers what a framework is told to call.
    pub(super) fn register(
        &mut self,
        call: &Call<'_, 'a>,
        known: &'static Registration,
    ) -> Result<(), Stop<'a>> {
        // What a decorator is for, the call says that made it; its receiver remembers the app.
        let decorator = call.library.receiver.filter(|_| call.path.ends_with("()"));
        let made = decorator.map(|id| (self.heap.kind(id).clone(), self.heap.made_from(id)));
        let (told, app) = match made {
            Some((Kind::Library(_, made_with), app)) => (made_with, app),
            Some(_) => return Ok(()),
            None => (Rc::new(call.arguments.clone()), call.library.receiver),
        };
        let value = match &known.function {
            Some((name, position)) => call.arguments.get(name, *position).cloned(),
            None => call.arguments.positional.first().cloned(),
        };
        let Some(value) = value else { return Ok(()) };
        let rule = known.rule.as_ref().and_then(|(name, position)| told.get(name, *position).cloned());
        let mut methods = known.methods.clone();
        if let Some(given) = told.keyword("methods").or(told.keyword("method"))
            && known.kind == HandlerKind::Route
        {
            let items = self.iterate(given, call.range)?.known;
            let whole = given.as_str().map(str::to_owned);
            let each = items.iter().filter_map(|item| item.as_str().map(str::to_owned));
            methods = whole.map_or_else(|| each.collect(), |whole| vec![whole]);
        }
        if call.path.starts_with("flask.Flask()") && known.kind == HandlerKind::Route {
            let endpoint = told.get("endpoint", 1).filter(|_| known.function.is_some());
            let endpoint = endpoint.or(told.keyword("endpoint")).cloned();
            self.check_endpoint(app, endpoint, &value, call.range)?;
        }
        // `post_save.connect(...)` names the signal by what it is called on.
        let rule = match known.kind {
            HandlerKind::Signal if rule.is_none() => {
                Some(Value::library(call.path.trim_end_matches(".connect")))
            }
            _ => rule,
        };
        let sender = known.sender.as_ref().and_then(|name| told.keyword(name).cloned());
        let has_defaults = told.keyword("defaults").is_some() || told.open;
        let by_position = told.get("endpoint", 1).filter(|_| known.function.is_some());
        let endpoint =
            by_position.or(told.keyword("endpoint")).filter(|value| !matches!(value, Value::None)).cloned();
        let plain = told.keyword("renderer").or(told.keyword("suffix")).is_none() && !told.open;
        self.registered.push(Registered {
            endpoint,
            plain,
            known,
            rule,
            has_defaults,
            sender,
            methods,
            value,
            app,
        });
        Ok(())
    }

    /// `app.register_blueprint(blueprint, url_prefix=...)`: the blueprint's routes start with the prefix.
    pub(super) fn register_blueprint(&mut self, call: &Call<'_, 'a>) {
        let blueprint = call.arguments.get("blueprint", 0).and_then(Value::object);
        let is_known = blueprint.is_some_and(
            |id| matches!(self.heap.kind(id), Kind::Library(path, _) if path == "flask.Blueprint()"),
        );
        let nested = !call.path.starts_with("flask.Flask()");
        if nested || !is_known || call.arguments.keyword("name").is_some() {
            self.miss_routes(call.range);
        }
        if let (Some(blueprint), Some(prefix)) = (blueprint, call.arguments.keyword("url_prefix")) {
            self.heap.set(blueprint, Name::new_static("<url prefix>"), prefix.clone(), call.range);
        }
    }

    /// Two view functions of one endpoint: Flask refuses the second one.
    fn check_endpoint(
        &mut self,
        app: Option<Id>,
        endpoint: Option<Value<'a>>,
        view: &Value<'a>,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        if let (Value::None, None) = (view, &endpoint) {
            let message = "expected view func if endpoint is not provided.";
            return Err(self.raise("AssertionError", message, RaiseCause::Plain, range));
        }
        let (Some(app), Value::Function(function)) = (app, view) else { return Ok(()) };
        let endpoint = match endpoint {
            None | Some(Value::None) => function.dunder_name(),
            Some(given) => given,
        };
        let Some(endpoint) = endpoint.as_str() else { return Ok(()) };
        let slot = Name::new(format!("<endpoint {endpoint}>"));
        let taken = self.heap.slot(app, &slot).is_some_and(|known| match &known.value {
            // Each run of a `def` makes another function.
            Value::Function(known) => !Rc::ptr_eq(known, function),
            _ => false,
        });
        if taken {
            let message =
                format!("View function mapping is overwriting an existing endpoint function: {endpoint}");
            return Err(self.raise("AssertionError", message, RaiseCause::Plain, range));
        }
        self.heap.set(app, slot, view.clone(), range);
        Ok(())
    }

    /// Writing the session needs a key to sign it with.
    pub(in crate::load) fn check_secret_key(&self, range: TextRange) -> Result<(), Stop<'a>> {
        let apps: Vec<Id> = self.registered.iter().filter_map(|one| one.app).collect();
        let is_app =
            |id: &Id| matches!(self.heap.kind(*id), Kind::Library(path, _) if path == "flask.Flask()");
        let has_key = |id: &Id| {
            ["secret_key", "<secret>", "session_interface"]
                .iter()
                .any(|name| self.heap.slot(*id, name).is_some())
        };
        // Blueprints do not know their app, and another app may be the one that answers.
        let mut flask = apps.iter().filter(|id| is_app(id)).peekable();
        if flask.peek().is_none() || flask.any(has_key) {
            return Ok(());
        }
        let message = "The session is unavailable because no secret key was set.";
        Err(self.raise("RuntimeError", message, RaiseCause::NoSecretKey, range))
    }

    /// The template folders beside and above the loaded modules, looked for once for all requests that load no more.
    pub(in crate::load) fn template_folders(&self) -> Rc<[PathBuf]> {
        let loaded = self.loaded.len();
        if loaded == self.loaded_before_requests
            && let Some(known) = self.template_folders.get()
        {
            return known.clone();
        }
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        for module in &self.loaded {
            let within =
                module.path.ancestors().skip(1).take_while(|at| at.starts_with(&self.deployment.root));
            for folder in within.filter(|folder| seen.insert(folder.to_path_buf())) {
                let entries = self.snapshot.entries(folder).unwrap_or_default();
                let named = entries.iter().map(|entry| &entry.name);
                let named = named.filter(|name| name.to_string_lossy().to_lowercase().contains("templat"));
                found.extend(named.map(|name| folder.join(name)));
            }
        }
        let found: Rc<[PathBuf]> = found.into();
        if loaded == self.loaded_before_requests {
            self.template_folders.get_or_init(|| found.clone());
        }
        found
    }

    /// Whether a template of that name may be found: in a template folder beside or above a module of the project, or in one
    /// of an installed package.
    pub(in crate::load) fn may_have_template(&self, name: &str) -> bool {
        let mut has_folder = false;
        let name = name.trim_start_matches("./");
        let first = name.split('/').next().unwrap_or(name);
        for templates in self.template_folders().iter() {
            if self.snapshot.is_file(&templates.join(name)) {
                return true;
            }
            has_folder |= first != name && self.snapshot.is_dir(&templates.join(first));
        }
        // Extensions bring templates in folders of their own name, and projects put some of their own beside them.
        let by_extension = first != name && (!has_folder || self.is_brought(first));
        by_extension || self.has_own_template_folders()
    }

    /// Whether an installed package may bring templates in a folder of this name.
    fn is_brought(&self, folder: &str) -> bool {
        let apps = self.django.settings.and_then(|settings| self.setting_texts(settings, "INSTALLED_APPS"));
        let is_own = |app: &str| self.loaded.iter().any(|module| *module.name == *app);
        let named = |app: &String| app.rsplit('.').next() == Some(folder) && !is_own(app);
        BROUGHT_FOLDERS.contains(&folder) || apps.is_some_and(|apps| apps.iter().any(named))
    }

    /// Whether an app was told where its templates are.
    pub(in crate::load) fn has_own_template_folders(&self) -> bool {
        let is_told = self.heap.slot(self.overrides, TEMPLATE_FOLDER).is_some();
        is_told
            || self.registered.iter().filter_map(|one| one.app).any(|app| {
                let told = match self.heap.kind(app) {
                    Kind::Library(_, arguments) => arguments.open,
                    _ => true,
                };
                told || self.heap.slot(app, "jinja_loader").is_some()
                    || self.heap.slot(app, "jinja_env").is_some()
            })
    }

    /// Remembers that an app or blueprint is told where its templates are.
    pub(super) fn remember_template_folder(&mut self, call: &Call<'_, 'a>) {
        if call.arguments.keyword("template_folder").is_some() {
            self.heap.set(self.overrides, Name::new_static(TEMPLATE_FOLDER), Value::Unknown, call.range);
        }
    }

    /// Hosts want the status as text.
    pub(super) fn check_status(&self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        match call.arguments.get("status", 0) {
            Some(Value::Int(_) | Value::None | Value::Bytes) if self.phase == Phase::Request => {
                let message = "the status has to be text, such as \"200 OK\"";
                Err(self.raise("TypeError", message, RaiseCause::Plain, call.range))
            }
            _ => Ok(()),
        }
    }

    /// `start_response(status, headers)`, called by an application that is looked at.
    pub(super) fn start_response(&mut self, call: &Call<'_, 'a>) {
        let Some(headers) = call.arguments.get("headers", 1).cloned() else { return };
        let bad = match &headers {
            Value::None | Value::Str(_) => true,
            Value::Object(id) => match self.heap.kind(*id).clone() {
                Kind::Dict(..) => true,
                Kind::List(items, _) => items.iter().any(|item| self.is_bad_header(item)),
                _ => false,
            },
            _ => false,
        };
        if bad && self.bad_headers.is_none() {
            self.bad_headers = Some(self.site(call.range));
        }
    }

    fn is_bad_header(&self, header: &Value<'a>) -> bool {
        let Value::Tuple(pair) = header else { return false };
        pair.iter().any(|part| match part {
            Value::Int(_) | Value::Bool(_) | Value::None | Value::Bytes | Value::Float(_) => true,
            Value::Object(id) => {
                matches!(self.heap.kind(*id), Kind::Library(path, _) if path == "builtins.int()")
            }
            _ => false,
        })
    }
}
