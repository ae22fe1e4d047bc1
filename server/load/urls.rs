//! Names of URLs: a link to a name that no route has raises when it is made.

use super::effect::RaiseCause;
use super::interp::{Interp, Stop};
use super::library::{Call, Registered};
use super::suggest::similar_names;
use super::value::{Arguments, Id, Kind, Value};
use crate::catalog::handlers::HandlerKind;
use crate::text::TextRange;

/// Where the process remembers that there may be routes of Flask that nobody saw.
pub(super) const UNSEEN_ROUTES: &str = "<unseen routes>";

/// URLconfs include one another so deep at most.
const DEEPEST: usize = 12;

impl<'a> Interp<'a> {
    /// `url_for(name)`: Flask knows the endpoints of its routes and no others.
    pub(super) fn check_endpoint_exists(&self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let wanted = call.arguments.get("endpoint", 0).and_then(Value::as_str);
        match wanted.and_then(|wanted| self.missing_endpoint(wanted)) {
            Some(message) => {
                let class = "werkzeug.routing.exceptions.BuildError";
                Err(self.raise_library(class, message, RaiseCause::Plain, call.range))
            }
            None => Ok(()),
        }
    }

    /// What Flask says of an endpoint that no route has; `None` where one may have it.
    pub(super) fn missing_endpoint(&self, wanted: &str) -> Option<String> {
        let is_file = wanted == "static" || wanted.ends_with(".static");
        if wanted.starts_with('.') || is_file || !self.load_is_complete {
            return None;
        }
        let names = self.endpoints()?;
        if names.is_empty() || names.iter().any(|name| name == wanted) {
            return None;
        }
        let similar = similar_names(wanted, &names);
        // Extensions have blueprints of their own.
        let by_extension = wanted.split_once('.').is_some_and(|(blueprint, _)| {
            !names.iter().any(|name| name.starts_with(&format!("{blueprint}.")))
        });
        let unseen = self.heap.slot(self.overrides, UNSEEN_ROUTES).is_some() || by_extension;
        if unseen && similar.is_empty() {
            return None;
        }
        let hint = similar.first().map(|name| format!(" Did you mean '{name}' instead?")).unwrap_or_default();
        Some(format!("Could not build url for endpoint '{wanted}'.{hint}"))
    }

    /// The endpoints of all routes; `None` when one of them is not known.
    fn endpoints(&self) -> Option<Vec<String>> {
        let routes = self.registered.iter().filter(|one| one.known.kind == HandlerKind::Route);
        routes.map(|route| self.endpoint(route)).collect()
    }

    fn endpoint(&self, route: &Registered<'a>) -> Option<String> {
        let own = match (&route.endpoint, &route.value) {
            (Some(Value::Str(name)), _) => name.to_string(),
            (Some(_), _) => return None,
            (None, Value::Function(function)) => function.dunder_name().as_str()?.to_owned(),
            (None, Value::Object(id)) => match self.heap.kind(*id) {
                Kind::Library(path, made) if path.ends_with(".as_view()") => {
                    made.get("name", 0).and_then(Value::as_str)?.to_owned()
                }
                _ => return None,
            },
            _ => return None,
        };
        let Kind::Library(path, made) = self.heap.kind(route.app?) else { return None };
        match path.as_str() {
            "flask.Flask()" => Some(own),
            "flask.Blueprint()" => {
                let name = made.get("name", 0).and_then(Value::as_str)?;
                Some(format!("{name}.{own}"))
            }
            _ => None,
        }
    }

    /// An app was given to something that nobody sees into, which may add routes to it.
    pub(super) fn give_app_away(&mut self, arguments: &Arguments<'a>, range: TextRange) {
        let is_app = |value: &Value<'a>| {
            value.object().is_some_and(
                |id| matches!(self.heap.kind(id), Kind::Library(path, _) if path == "flask.Flask()" || path == "flask.Blueprint()"),
            )
        };
        if arguments.all().any(is_app) {
            self.miss_routes(range);
        }
    }

    /// Remembers that there may be routes that nobody saw.
    pub(super) fn miss_routes(&mut self, range: TextRange) {
        self.heap.set(
            self.overrides,
            ruff_python_ast::name::Name::new_static(UNSEEN_ROUTES),
            Value::Unknown,
            range,
        );
    }

    /// `reverse(name)` and `redirect(name)` of Django.
    pub(super) fn check_url_name(&self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let first = call.arguments.positional.first().and_then(Value::as_str).map(str::to_owned);
        let Some(wanted) = first.filter(|name| !name.contains(['/', '.']) && !name.is_empty()) else {
            return Ok(());
        };
        let elsewhere = ["urlconf", "current_app"].iter().any(|name| call.arguments.keyword(name).is_some());
        match self.missing_url_name(&wanted).filter(|_| !elsewhere) {
            Some(message) => {
                let class = "django.urls.exceptions.NoReverseMatch";
                Err(self.raise_library(class, message, RaiseCause::Plain, call.range))
            }
            None => Ok(()),
        }
    }

    /// What Django says of a name that no URL has; `None` where one may have it.
    pub(super) fn missing_url_name(&self, wanted: &str) -> Option<String> {
        let names = self.url_names().filter(|_| self.load_is_complete)?;
        let foreign = wanted.split_once(':').is_some_and(|(space, _)| names.contains(&format!("{space}:*")));
        if foreign || names.is_empty() || names.iter().any(|name| name == wanted) {
            return None;
        }
        Some(match wanted.split_once(':') {
            Some((space, _)) if !names.iter().any(|name| name.starts_with(&format!("{space}:"))) => {
                format!("'{space}' is not a registered namespace")
            }
            _ => format!(
                "Reverse for '{wanted}' not found. '{wanted}' is not a valid view function or pattern name."
            ),
        })
    }

    /// The names of Django's URLconf, with their namespaces; `None` when not all are known.
    fn url_names(&self) -> Option<Vec<String>> {
        let settings = self.django.settings?;
        let urlconf = self.heap.slot(settings, "ROOT_URLCONF").and_then(|slot| slot.value.bound())?;
        let mut names = Vec::new();
        self.names_of_module(urlconf.as_str()?, "", 0, &mut names)?;
        Some(names)
    }

    fn names_of_module(
        &self,
        module: &str,
        space: &str,
        depth: usize,
        names: &mut Vec<String>,
    ) -> Option<()> {
        let module = self.loaded_module(module)?.object()?;
        let patterns = self.heap.slot(module, "urlpatterns").and_then(|slot| slot.value.bound())?;
        self.names_of_list(&patterns, space, depth, names)
    }

    fn names_of_list(
        &self,
        patterns: &Value<'a>,
        space: &str,
        depth: usize,
        names: &mut Vec<String>,
    ) -> Option<()> {
        let items = match patterns {
            Value::Tuple(items) => items.clone(),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::List(items, false) => items.clone(),
                _ => return None,
            },
            _ => return None,
        };
        if depth > DEEPEST {
            return None;
        }
        for item in items.iter() {
            let Kind::Library(path, made) = self.heap.kind(item.object()?).clone() else { return None };
            if !matches!(
                path.as_str(),
                "django.urls.path()" | "django.urls.re_path()" | "django.urls.conf.path()"
            ) {
                return None;
            }
            if let Some(name) = made.keyword("name") {
                names.push(format!("{space}{}", name.as_str()?));
            }
            match made.get("view", 1)? {
                Value::Library(library) if library.path == "django.contrib.admin.site.urls" => {
                    names.push(format!("{space}admin:*"));
                }
                Value::Object(view) => self.included_names(*view, space, depth, names)?,
                Value::Function(_) | Value::Method(_) | Value::Library(_) => {}
                _ => return None,
            }
        }
        Some(())
    }

    fn included_names(&self, view: Id, space: &str, depth: usize, names: &mut Vec<String>) -> Option<()> {
        let Kind::Library(path, made) = self.heap.kind(view).clone() else { return Some(()) };
        if !path.ends_with(".include()") {
            return Some(());
        }
        let (included, app) = match made.get("arg", 0)? {
            Value::Tuple(pair) => (pair.first()?.clone(), pair.get(1).cloned()),
            other => (other.clone(), None),
        };
        let module = match &included {
            Value::Str(name) => Some(self.loaded_module(name)?.object()?),
            Value::Object(id) if matches!(self.heap.kind(*id), Kind::Module(_)) => Some(*id),
            _ => None,
        };
        let of_module = |me: &Self, name| me.heap.slot(module?, name).and_then(|slot| slot.value.bound());
        let named = made.keyword("namespace").cloned().or(app).or_else(|| of_module(self, "app_name"));
        let inner = match named {
            Some(name) => format!("{space}{}:", name.as_str()?),
            None => space.to_owned(),
        };
        let patterns = match module {
            Some(_) => of_module(self, "urlpatterns")?,
            None => included,
        };
        self.names_of_list(&patterns, &inner, depth + 1, names)
    }
}
