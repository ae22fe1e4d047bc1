//! What an application object looks like to a host that calls it as PEP 3333 says: `application(environ, start_response)`.

use std::rc::Rc;

use super::answer::answer_fault;
use super::application::Fault;
use super::effect::Site;
use super::inherit::Found;
use super::interp::Interp;
use super::value::{Arguments, Function, FunctionKind, Id, Kind, Value, Wrapper};
use crate::catalog::calls;
use crate::text::TextRange;

/// What is wrong with a value that a host would call; `None` when nothing is known against it.
pub(super) fn fault<'a>(interp: &mut Interp<'a>, value: &Value<'a>, bound_at: &Site) -> Option<Fault> {
    let not_callable = |what: &str| Some(Fault::NotCallable(what.to_owned()));
    match value {
        Value::Unknown | Value::Unbound => None,
        Value::None => not_callable("`None`"),
        Value::Bool(_) => not_callable("a truth value"),
        Value::Int(_) | Value::Float(_) => not_callable("a number"),
        Value::Str(_) => not_callable("a string"),
        Value::Bytes => not_callable("a `bytes` object"),
        Value::Tuple(_) => not_callable("a tuple"),
        Value::Function(function) => function_fault(interp, function, value, 0),
        Value::Method(method) => function_fault(interp, &method.0, value, 1),
        Value::Library(library) => library_fault(&library.path),
        Value::Object(id) => object_fault(interp, *id, value, bound_at),
        Value::Union(members) => {
            let faults: Vec<Option<Fault>> = members.iter().map(|m| fault(interp, m, bound_at)).collect();
            faults.into_iter().collect::<Option<Vec<Fault>>>()?.into_iter().next()
        }
    }
}

/// A framework's WSGI application where the workers speak ASGI.
pub(super) fn wsgi_under_asgi(interp: &Interp<'_>, value: &Value<'_>) -> Option<Fault> {
    let Kind::Library(path, _) = value.object().map(|id| interp.heap.kind(id))? else { return None };
    if !interp.deployment.process.is_asgi || !calls::is_wsgi_application(path) {
        return None;
    }
    let name = path.trim_end_matches("()").rsplit('.').next().unwrap_or(path);
    Some(Fault::Wsgi(match name {
        "get_wsgi_application" => "Django's WSGI application".to_owned(),
        _ => format!("{} {name} app", article(name)),
    }))
}

fn library_fault(path: &str) -> Option<Fault> {
    let name = path.rsplit('.').next().unwrap_or(path);
    let made = calls::canonical(format!("{path}()"));
    if calls::server(path).is_some() {
        let what = format!("the method `{name}`, which starts a server");
        return Some(Fault::WrongSignature { what, defined_at: None });
    }
    if calls::is_wsgi_application(&made) && !calls::is_wsgi_application(path) {
        return Some(if name.starts_with(char::is_uppercase) {
            let required = match made.as_str() {
                "flask.Flask()" => vec!["import_name".to_owned()],
                _ => Vec::new(),
            };
            Fault::ClassNotInstance { name: name.to_owned(), required }
        } else {
            Fault::Factory { name: name.to_owned(), required: Vec::new() }
        });
    }
    // A module of a library, such as `import flask as application`.
    None
}

fn object_fault<'a>(interp: &mut Interp<'a>, id: Id, value: &Value<'a>, bound_at: &Site) -> Option<Fault> {
    let not_callable = |what: String| Some(Fault::NotCallable(what));
    match interp.heap.kind(id).clone() {
        Kind::Module(module) => not_callable(format!("the module `{}`", module.name)),
        Kind::NamespacePackage(name, _) => not_callable(format!("the package `{name}`")),
        Kind::List(..) => not_callable("a list".to_owned()),
        Kind::Set(..) => not_callable("a set".to_owned()),
        Kind::Dict(..) | Kind::Scope => not_callable("a dictionary".to_owned()),
        Kind::Path(_) => not_callable("a path".to_owned()),
        Kind::Exception(_) => not_callable("an exception".to_owned()),
        Kind::Suspended(function, _) => not_callable(match function.kind {
            FunctionKind::Coroutine => {
                format!("a coroutine that nobody awaits, made by `{}()`", function.name)
            }
            _ => format!("a generator, made by `{}()`", function.name),
        }),
        Kind::Lazy(_) => not_callable("an iterator".to_owned()),
        Kind::Class(_) => class_fault(interp, id),
        Kind::Instance(class) => instance_fault(interp, class, value),
        Kind::Library(path, _) => made_fault(interp, &path),
        Kind::Partial(inner, bound) => match &inner {
            Value::Function(function) if bound.keywords.is_empty() && !bound.open => {
                function_fault(interp, function, value, bound.positional.len())
            }
            _ => None,
        },
        Kind::Wrapped(Wrapper::StaticMethod | Wrapper::Cached, inner) => fault(interp, &inner, bound_at),
        Kind::Wrapped(..) | Kind::Super(..) => None,
    }
}

/// What is wrong with what a library call made.
fn made_fault(interp: &Interp<'_>, path: &str) -> Option<Fault> {
    let class = path.trim_end_matches("()");
    let name = class.rsplit('.').next().unwrap_or(class).to_owned();
    // These can be called, but not by a WSGI host.
    let own_server = match path {
        "tornado.web.Application()" => Some("a Tornado application"),
        "aiohttp.web.Application()" => Some("an aiohttp application"),
        _ => None,
    };
    if let Some(what) = own_server {
        let what = format!("{what}, which only its own server can serve");
        return Some(Fault::WrongSignature { what, defined_at: None });
    }
    if calls::is_asgi_application(path) {
        return Some(Fault::Asgi { what: format!("{} {name} app", article(&name)), coroutine: None });
    }
    let holds = |attribute: &str| {
        Some(Fault::HoldsApplication {
            what: format!("{} {name} object", article(&name)),
            attribute: attribute.to_owned(),
        })
    };
    match path {
        // Dash objects can be called since 3.1.
        "dash.Dash()"
            if interp
                .environment
                .version("dash")
                .is_some_and(|v| v.starts_with(['0', '1', '2']) || v == "3" || v.starts_with("3.0")) =>
        {
            holds("server")
        }
        "web.application()" => holds("wsgifunc()"),
        "pyramid.config.Configurator()" => holds("make_wsgi_app()"),
        "flask.Flask().run()" | "flask_socketio.SocketIO().run()" => {
            Some(Fault::NotCallable("what `run()` returns".to_owned()))
        }
        _ if calls::is_not_callable(path) => {
            Some(Fault::NotCallable(format!("{} {name} object", article(&name))))
        }
        _ => None,
    }
}

fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']) { "an" } else { "a" }
}

fn class_fault(interp: &mut Interp<'_>, id: Id) -> Option<Fault> {
    let name = interp.class_name(id)?.to_string();
    let bases = interp.library_bases(id);
    let library: Vec<_> = bases.iter().filter(|base| *base != "builtins.object").collect();
    if let Some(base) = library.first() {
        let made = calls::canonical(format!("{base}()"));
        let known = matches!(interp.find_in_class(id, "__init__"), Found::Here(_));
        let required = match made.as_str() {
            "flask.Flask()" if !known => vec!["import_name".to_owned()],
            _ => Vec::new(),
        };
        return calls::is_wsgi_application(&made).then_some(Fault::ClassNotInstance { name, required });
    }
    let (accepts, required) = match interp.find_in_class(id, "__init__") {
        Found::Here(Value::Function(init)) => (accepts(&init, 3), required(&init, 1)),
        Found::Nowhere => (false, Vec::new()),
        _ => return None,
    };
    let is_callable = matches!(interp.find_in_class(id, "__call__"), Found::Here(_));
    (!accepts && is_callable).then_some(Fault::ClassNotInstance { name, required })
}

fn instance_fault<'a>(interp: &mut Interp<'a>, class: Id, value: &Value<'a>) -> Option<Fault> {
    let name = interp.class_name(class)?.to_string();
    match interp.find_in_class(class, "__call__") {
        Found::Here(Value::Function(call)) => function_fault(interp, &call, value, 1),
        Found::Here(_) | Found::Unknown => None,
        Found::InLibrary(base) => made_fault(interp, &calls::canonical(format!("{base}()"))),
        Found::Nowhere if interp.heap.get(class).open => None,
        Found::Nowhere => {
            Some(Fault::NotCallable(format!("an instance of `{name}`, which has no `__call__`,")))
        }
    }
}

/// Whether a function can be called with so many positional arguments, its receiver among them.
fn accepts(function: &Function<'_>, count: usize) -> bool {
    let Some(parameters) = function.parameters else { return count == 0 };
    let positional = parameters.posonlyargs.len() + parameters.args.len();
    let required =
        parameters.posonlyargs.iter().chain(&parameters.args).filter(|p| p.default.is_none()).count();
    let keyword_only = parameters.kwonlyargs.iter().any(|p| p.default.is_none());
    count >= required && (count <= positional || parameters.vararg.is_some()) && !keyword_only
}

/// The names of the parameters that a call has to fill, behind so many that are filled already.
fn required(function: &Function<'_>, bound: usize) -> Vec<String> {
    let Some(parameters) = function.parameters else { return Vec::new() };
    let positional = parameters.posonlyargs.iter().chain(&parameters.args).skip(bound);
    positional
        .chain(&parameters.kwonlyargs)
        .filter(|parameter| parameter.default.is_none())
        .map(|parameter| parameter.parameter.name.to_string())
        .collect()
}

/// Whether a function takes what a host passes, judged by the names of its parameters.
pub(super) fn names_environ(function: &Function<'_>) -> bool {
    function.parameters.is_some_and(|parameters| {
        parameters.iter().any(|p| matches!(p.name().as_str(), "environ" | "env" | "start_response"))
    })
}

fn function_fault<'a>(
    interp: &mut Interp<'a>,
    function: &Rc<Function<'a>>,
    value: &Value<'a>,
    bound: usize,
) -> Option<Fault> {
    let what = if function.name == "<lambda>" {
        "a lambda".to_owned()
    } else {
        format!("the function `{}`", function.name)
    };
    let defined_at = Site { path: function.module.path.clone(), range: function.name_range };
    if matches!(function.kind, FunctionKind::Coroutine | FunctionKind::AsyncGenerator) {
        let what = format!("{what}, which is `async`");
        return Some(Fault::Asgi { what, coroutine: Some(defined_at) });
    }
    if !names_environ(function) {
        let alone = accepts(function, bound);
        let made = if alone { interp.probe(|me| call_alone(me, value)) } else { None };
        if made.is_some_and(|made| is_application(interp, &made)) {
            return Some(Fault::Factory { name: function.name.to_string(), required: Vec::new() });
        }
        if !accepts(function, bound + 2) && looks_like_factory(&function.name) {
            return Some(Fault::Factory {
                name: function.name.to_string(),
                required: required(function, bound),
            });
        }
    }
    if !accepts(function, bound + 2) {
        return Some(Fault::WrongSignature { what, defined_at: Some(defined_at) });
    }
    answer_fault(interp, function, value)
}

fn looks_like_factory(name: &str) -> bool {
    let lower = name.to_lowercase();
    ["create", "make", "build", "get"].iter().any(|verb| lower.starts_with(verb)) && lower.contains("app")
}

fn call_alone<'a>(interp: &mut Interp<'a>, value: &Value<'a>) -> Option<Value<'a>> {
    interp.call(value, Arguments::default(), TextRange::default(), TextRange::default()).ok()
}

/// Whether a value is known to be an application.
pub(super) fn is_application<'a>(interp: &Interp<'a>, value: &Value<'a>) -> bool {
    match value {
        Value::Function(function) => {
            function.parameters.is_some_and(|p| p.args.len() >= 2) && names_environ(function)
        }
        Value::Object(id) => match interp.heap.kind(*id) {
            Kind::Library(path, _) => {
                calls::is_wsgi_application(path) || calls::is_asgi_application(path) || path == "dash.Dash()"
            }
            Kind::Instance(class) => match interp.find_in_class(*class, "__call__") {
                Found::Here(Value::Function(call)) => names_environ(&call),
                Found::InLibrary(base) => calls::is_wsgi_application(&calls::canonical(format!("{base}()"))),
                _ => false,
            },
            _ => false,
        },
        Value::Library(library) => calls::is_wsgi_application(&library.path),
        Value::Union(members) => members.iter().any(|member| is_application(interp, member)),
        _ => false,
    }
}

/// What an application is, as a noun phrase.
pub(super) fn describe<'a>(interp: &Interp<'a>, value: &Value<'a>) -> String {
    match value {
        Value::Function(function) => format!("the function `{}`", function.name),
        Value::Object(id) => match interp.heap.kind(*id) {
            Kind::Library(path, _) => {
                let class = path.trim_end_matches("()").rsplit('.').next().unwrap_or("");
                match path.as_str() {
                    "django.core.wsgi.get_wsgi_application()" => "Django's WSGI handler".to_owned(),
                    _ => format!("{} {class} app", article(class)),
                }
            }
            Kind::Instance(class) => {
                let name = interp.class_name(*class).map_or_else(String::new, |name| name.to_string());
                format!("an instance of `{name}`")
            }
            _ => "a callable".to_owned(),
        },
        _ => "a callable".to_owned(),
    }
}
