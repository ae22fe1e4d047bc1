//! Django's handlers: the views of the URLconf, and middleware.

use ruff_python_ast::name::Name;

use super::discover::Candidate;
use super::registered::route_arguments;
use crate::catalog::handlers::HandlerKind;
use crate::load::Interp;
use crate::load::respond::Taker;
use crate::load::value::{Id, Kind, Value};
use crate::text::TextRange;

/// URLconfs include one another so deep at most.
const DEEPEST: usize = 12;

/// The views and middleware that the settings of a Django project lead to.
pub(super) fn candidates<'a>(process: &mut Interp<'a>) -> Vec<Candidate<'a>> {
    let Some(settings) = process.django.settings else { return Vec::new() };
    let mut found = Vec::new();
    for value in process.middleware(settings) {
        found.push(candidate(HandlerKind::Middleware, "around every request".to_owned(), value));
    }
    for value in process.template_code(settings) {
        found.push(candidate(HandlerKind::Template, "for every template".to_owned(), value));
    }
    let urlconf = process.heap.slot(settings, "ROOT_URLCONF").and_then(|slot| slot.value.bound());
    if let Some(Value::Str(name)) = urlconf {
        module_patterns(process, &name, "/", 0, &mut found);
    }
    found
}

fn candidate(kind: HandlerKind, label: String, value: Value<'_>) -> Candidate<'_> {
    let taker = match kind {
        HandlerKind::Route => Some(Taker::Django),
        HandlerKind::Middleware => Some(Taker::DjangoMiddleware),
        _ => None,
    };
    Candidate {
        kind,
        label,
        arguments: None,
        methods: Vec::new(),
        value,
        taker,
        is_exposed: false,
        is_gate: false,
    }
}

fn module_patterns<'a>(
    process: &mut Interp<'a>,
    module: &str,
    prefix: &str,
    depth: usize,
    found: &mut Vec<Candidate<'a>>,
) {
    let Some(Value::Object(id)) = process.loaded_module(module) else { return };
    patterns_of(process, id, prefix, depth, found);
    for (name, when) in
        [("handler404", "404"), ("handler500", "500"), ("handler403", "403"), ("handler400", "400")]
    {
        let handler = process.heap.slot(id, name).and_then(|slot| slot.value.bound());
        if let Some(value @ Value::Function(_)) = handler {
            found.push(candidate(HandlerKind::Error, format!("for `{when}` errors"), value));
        }
    }
}

fn patterns_of<'a>(
    process: &mut Interp<'a>,
    module: Id,
    prefix: &str,
    depth: usize,
    found: &mut Vec<Candidate<'a>>,
) {
    let patterns = process.heap.slot(module, "urlpatterns").and_then(|slot| slot.value.bound());
    if let Some(patterns) = patterns {
        list(process, &patterns, prefix, depth, found);
    }
}

fn list<'a>(
    process: &mut Interp<'a>,
    patterns: &Value<'a>,
    prefix: &str,
    depth: usize,
    found: &mut Vec<Candidate<'a>>,
) {
    if depth > DEEPEST {
        return;
    }
    let translated = patterns.object().and_then(|id| match process.heap.kind(id) {
        Kind::Library(path, arguments) if path == "django.conf.urls.i18n.i18n_patterns()" => {
            Some(arguments.positional.clone())
        }
        _ => None,
    });
    let known = match translated {
        Some(patterns) => patterns,
        None => match process.iterate(patterns, TextRange::default()) {
            Ok(items) => items.known,
            Err(_) => return,
        },
    };
    for item in known {
        let Some(id) = item.object() else { continue };
        let Kind::Library(path, arguments) = process.heap.kind(id).clone() else { continue };
        let is_path = matches!(
            path.as_str(),
            "django.urls.path()"
                | "django.urls.re_path()"
                | "django.conf.urls.url()"
                | "django.urls.conf.path()"
        );
        if !is_path {
            // `static(...)` and other lists of library routes.
            continue;
        }
        let route = arguments.get("route", 0).or(arguments.keyword("regex")).and_then(Value::as_str);
        let route = route.unwrap_or("...").trim_start_matches('^').trim_end_matches('$');
        let route = format!("{prefix}{}", route.trim_start_matches('/'));
        let Some(view) = arguments.get("view", 1).cloned() else { continue };
        match included(process, &view) {
            Some(Value::Str(module)) => module_patterns(process, &module, &route, depth + 1, found),
            Some(Value::Object(module)) if matches!(process.heap.kind(module), Kind::Module(_)) => {
                patterns_of(process, module, &route, depth + 1, found);
            }
            Some(patterns) => list(process, &patterns, &route, depth + 1, found),
            None => {
                let takes = path != "django.urls.re_path()"
                    && path != "django.conf.urls.url()"
                    && arguments.get("kwargs", 2).is_none()
                    && !route.contains("...");
                let parts = takes.then(|| (route_arguments(&route, true), 1));
                let view = candidate(HandlerKind::Route, route, view);
                found.push(Candidate { arguments: parts, ..view });
            }
        }
    }
}

/// What `include(...)` includes: the name of a module, a module, or a list.
fn included<'a>(process: &Interp<'a>, view: &Value<'a>) -> Option<Value<'a>> {
    let Kind::Library(path, arguments) = process.heap.kind(view.object()?) else { return None };
    if !matches!(path.as_str(), "django.urls.include()" | "django.conf.urls.include()") {
        return None;
    }
    Some(match arguments.get("arg", 0)? {
        Value::Tuple(pair) => pair.first()?.clone(),
        other => other.clone(),
    })
}

impl<'a> Interp<'a> {
    /// The context processors of the settings, as functions of the project.
    fn template_code(&mut self, settings: Id) -> Vec<Value<'a>> {
        let Some(engines) = self.heap.slot(settings, "TEMPLATES").and_then(|slot| slot.value.bound()) else {
            return Vec::new();
        };
        let nowhere = TextRange::default();
        let Ok(engines) = self.iterate(&engines, nowhere) else { return Vec::new() };
        let mut found = Vec::new();
        for engine in engines.known {
            let processors = ["OPTIONS", "context_processors"].iter().try_fold(engine, |at, key| {
                at.object().filter(|id| matches!(self.heap.kind(*id), Kind::Dict(..)))?;
                self.item(&at, &Value::str(key), nowhere).ok()
            });
            let Some(Ok(processors)) = processors.map(|list| self.iterate(&list, nowhere)) else { continue };
            for name in processors.known {
                let Some((module, name)) = name.as_str().and_then(|name| name.rsplit_once('.')) else {
                    continue;
                };
                if module.starts_with("django.") {
                    continue;
                }
                // What else the import does, the first template does that is rendered.
                let effects = self.effects.len();
                let imported = self.import_module(module, nowhere);
                self.effects.truncate(effects);
                let Ok(Value::Object(module)) = imported else { continue };
                found.extend(self.heap.slot(module, name).and_then(|slot| slot.value.bound()));
            }
        }
        found
    }

    /// What runs around every request: the functions and instances that the classes and factories of `MIDDLEWARE` give.
    fn middleware(&mut self, settings: Id) -> Vec<Value<'a>> {
        let Some(list) = self.heap.slot(settings, "MIDDLEWARE").and_then(|slot| slot.value.bound()) else {
            return Vec::new();
        };
        let Ok(items) = self.iterate(&list, TextRange::default()) else { return Vec::new() };
        let mut found = Vec::new();
        for item in items.known {
            let Some((module, name)) = item.as_str().and_then(|entry| entry.rsplit_once('.')) else {
                continue;
            };
            let Some(Value::Object(id)) = self.loaded_module(module) else { continue };
            let value = self.heap.slot(id, &Name::new(name)).and_then(|slot| slot.value.bound());
            let Some(factory @ (Value::Function(_) | Value::Object(_))) = value else { continue };
            let nowhere = TextRange::default();
            let arguments = crate::load::value::Arguments::of(vec![Value::Unknown]);
            if let Ok(made) = self.call(&factory, arguments, nowhere, nowhere) {
                found.push(made);
            }
        }
        found
    }
}
