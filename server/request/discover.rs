//! Finds the handlers of an app and rehearses each.

use std::rc::Rc;

use ruff_python_ast::name::Name;
use rustc_hash::FxHashMap;

use crate::catalog::handlers::HandlerKind;
use crate::load::inherit::Found;
use crate::load::respond::Taker;
use crate::load::value::{Arguments, Function, Id, Kind, Value, Wrapper};
use crate::load::{Interp, Site};
use crate::text::TextRange;

use super::registered::registered;
use super::{Cost, Handler, django};

/// An app with more handlers than this is looked at as far as that.
const MOST_HANDLERS: usize = 2_000;

/// Methods of a view class that its framework calls for a request, with the method of HTTP that asks for it.
const VIEW_METHODS: &[(&str, &str)] = &[
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
    ("head", "HEAD"),
    ("options", "OPTIONS"),
    ("dispatch_request", ""),
    ("dispatch", ""),
    ("on_get", "GET"),
    ("on_post", "POST"),
    ("on_put", "PUT"),
    ("on_patch", "PATCH"),
    ("on_delete", "DELETE"),
    ("get_queryset", ""),
    ("get_object", ""),
    ("get_context_data", ""),
    ("form_valid", "POST"),
    ("form_invalid", "POST"),
    ("perform_create", "POST"),
    ("perform_update", "PUT"),
    ("perform_destroy", "DELETE"),
    ("process_request", ""),
    ("process_response", ""),
    ("process_view", ""),
    ("process_template_response", ""),
    ("process_resource", ""),
];

/// The actions of REST framework's view sets and generic views, and the method of HTTP that each answers; what is only an `APIView`
/// is never asked for them.
const ACTIONS: &[(&str, &str)] = &[
    ("list", "GET"),
    ("retrieve", "GET"),
    ("create", "POST"),
    ("update", "PUT"),
    ("partial_update", "PATCH"),
    ("destroy", "DELETE"),
];

/// Something that is called for requests.
pub(super) struct Candidate<'a> {
    pub kind: HandlerKind,
    /// The route or other words for when it is called.
    pub label: String,
    /// The methods of a route.
    pub methods: Vec<String>,
    pub value: Value<'a>,
    /// The names of the parts of the route that become arguments, where they are all of them, and how many parameters in
    /// front come from the framework itself.
    pub arguments: Option<(Vec<String>, usize)>,
    /// Who takes what it gives back.
    pub taker: Option<Taker>,
    /// Whether an exception leaves the app, because no framework catches it.
    pub is_exposed: bool,
    /// Whether it is asked before every route, which is not asked when it answers itself.
    pub is_gate: bool,
}

/// A function to run, and the object whose method it is.
struct Target<'a> {
    function: Rc<Function<'a>>,
    call: Value<'a>,
    receiver: Option<Value<'a>>,
    method: &'static str,
    /// Whether what it gives is the answer to the request.
    answers: bool,
}

impl<'a> Target<'a> {
    /// A function that is reached by calling `value`, and whose answer is the answer to the request.
    fn called(function: Rc<Function<'a>>, value: &Value<'a>) -> Self {
        Self { function, call: value.clone(), receiver: None, method: "", answers: true }
    }
}

/// Finds every handler of the process and rehearses it.
pub(super) fn rehearse_all(process: &mut Interp<'_>, entry: Option<Id>) -> Vec<Handler> {
    let Some(entry) = entry else { return Vec::new() };
    let mut candidates = registered(process);
    candidates.extend(django::candidates(process));
    candidates.extend(application(process, entry));
    if candidates.is_empty() {
        return Vec::new();
    }
    process.forget_changing_state();
    let closed = candidates.iter().any(|candidate| candidate.is_gate && always_answers(process, candidate));
    if closed {
        candidates.retain(|candidate| candidate.kind != HandlerKind::Route);
    }
    let mut handlers: Vec<Handler> = Vec::new();
    let mut places: FxHashMap<Site, usize> = FxHashMap::default();
    for candidate in candidates {
        let found = match application_class(process, &candidate) {
            Some(target) => vec![target],
            None => targets(process, &candidate.value),
        };
        for target in found {
            if handlers.len() >= MOST_HANDLERS {
                return handlers;
            }
            let label = label(&candidate, target.method);
            let site = process.definition(&target.function);
            // One function under two routes is rehearsed once.
            if let Some(known) = places.get(&site).and_then(|at| handlers.get_mut(*at)) {
                if known.label != label && known.kind == HandlerKind::Route && known.label.len() < 60 {
                    known.label = format!("{} and {label}", known.label);
                }
                continue;
            }
            places.insert(site.clone(), handlers.len());
            handlers.push(rehearse(process, &candidate, &target, label, site));
        }
    }
    handlers
}

/// Whether a hook answers every request itself: the site is closed, say.
fn always_answers<'a>(process: &mut Interp<'a>, candidate: &Candidate<'a>) -> bool {
    let mut answers = false;
    for target in targets(process, &candidate.value) {
        process.rehearse(|me| {
            let answer = me.serve(&target.call, target.receiver.clone())?;
            answers |= matches!(answer, Value::Str(_) | Value::Tuple(_) | Value::Object(_));
            Ok(())
        });
    }
    answers
}

fn rehearse<'a>(
    process: &mut Interp<'a>,
    candidate: &Candidate<'a>,
    target: &Target<'a>,
    label: String,
    site: Site,
) -> Handler {
    let mut effects = process.rehearse(|me| {
        let method = if target.method.is_empty() { candidate.methods.first() } else { None };
        if let Some(method) =
            method.filter(|_| candidate.taker == Some(Taker::Flask) && candidate.methods.len() == 1)
        {
            me.set_library_attribute(
                "flask.request",
                &Name::new_static("method"),
                Value::str(method),
                site.range,
            );
        }
        let answer = match candidate.kind {
            HandlerKind::Application => {
                let arguments = Arguments::of(vec![Value::Unknown, Value::library("wsgi.start_response")]);
                let nowhere = TextRange::default();
                let answer = me.call(&target.call, arguments, nowhere, nowhere)?;
                me.finish(answer)?
            }
            _ => match me.serve(&target.call, target.receiver.clone())? {
                // What stands around requests is often made by a function that is told what it stands around.
                made @ Value::Function(_) if candidate.kind == HandlerKind::Middleware => {
                    me.serve(&made, None)?
                }
                answer => answer,
            },
        };
        if let Some((names, own)) = candidate.arguments.as_ref().filter(|_| target.answers) {
            let is_bound = target.receiver.is_some() || matches!(target.call, Value::Method(_));
            let own = own + usize::from(is_bound);
            me.check_view_arguments(&target.function, names, own);
        }
        if let Some(taker) = candidate.taker.filter(|_| target.answers) {
            let view = Value::Function(target.function.clone());
            me.check_answer(&view, &answer, taker);
        }
        Ok(())
    });
    for effect in &mut effects {
        // The framework makes the first call, from nowhere in the project.
        if effect.trail.first().is_some_and(|step| step.statement.is_empty()) {
            effect.trail.remove(0);
        }
    }
    Handler {
        kind: candidate.kind,
        label,
        function: target.function.name.to_string(),
        site,
        definition: target.function.range,
        is_exposed: candidate.is_exposed,
        cost: Cost::default(),
        effects,
    }
}

fn label(candidate: &Candidate<'_>, method: &str) -> String {
    if candidate.kind != HandlerKind::Route || candidate.label.is_empty() {
        return candidate.label.clone();
    }
    let methods = if method.is_empty() { candidate.methods.join("|") } else { method.to_owned() };
    match methods.as_str() {
        "" => format!("`{}`", candidate.label),
        methods => format!("`{methods} {}`", candidate.label),
    }
}

/// The application itself, where it is code of the project, and middleware around the framework's.
fn application<'a>(process: &mut Interp<'a>, entry: Id) -> Vec<Candidate<'a>> {
    if process.deployment.process.is_asgi {
        // It is called with a scope and two channels, of which nothing is known.
        return Vec::new();
    }
    let callable = process.deployment.callable.clone();
    let Some(value) = process.heap.slot(entry, &callable).and_then(|slot| slot.value.bound()) else {
        return Vec::new();
    };
    let wrapped = value.object().and_then(|id| process.heap.slot(id, "wsgi_app")?.value.bound());
    let values = [Some(value), wrapped].into_iter().flatten();
    values
        .map(|value| Candidate {
            arguments: None,
            // A decorator of a library stands between the host and the function.
            kind: match value.object().map(|id| process.heap.kind(id)) {
                Some(Kind::Library(..)) => HandlerKind::Middleware,
                _ => HandlerKind::Application,
            },
            label: "for every request".to_owned(),
            methods: Vec::new(),
            value,
            taker: None,
            is_exposed: true,
            is_gate: false,
        })
        .collect()
}

/// The functions that run when a framework calls a value.
fn targets<'a>(process: &mut Interp<'a>, value: &Value<'a>) -> Vec<Target<'a>> {
    match value {
        Value::Function(function) => {
            // A method that was registered while its class was defined is called on some instance; others are functions that somebody
            // keeps in a class.
            let first = function.parameters.and_then(|all| all.iter_non_variadic_params().next());
            let is_method = first.is_some_and(|first| matches!(first.name().as_str(), "self" | "cls"));
            let receiver = function.class.filter(|class| {
                is_method
                    && matches!(process.heap.slot(*class, &function.name), Some(slot) if slot.value.same(value))
            });
            let receiver = receiver.map(|class| Value::Object(process.heap.allocate(Kind::Instance(class))));
            vec![Target { receiver, ..Target::called(function.clone(), value) }]
        }
        Value::Method(method) => vec![Target::called(method.0.clone(), value)],
        Value::Object(id) => object_targets(process, *id, value),
        Value::Union(members) => members.iter().flat_map(|member| targets(process, member)).collect(),
        // Pyramid takes the name of a tween.
        Value::Str(name) => match name.rsplit_once('.').and_then(|(module, name)| {
            let module = process.loaded_module(module)?.object()?;
            process.heap.slot(module, name)?.value.bound()
        }) {
            Some(named @ Value::Function(_)) => targets(process, &named),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// A class whose instances are the answers: the host calls it with `environ` and `start_response`.
fn application_class<'a>(process: &Interp<'a>, candidate: &Candidate<'a>) -> Option<Target<'a>> {
    let Value::Object(class) = candidate.value else { return None };
    let is_class = matches!(process.heap.kind(class), Kind::Class(_));
    if candidate.kind != HandlerKind::Application || !is_class {
        return None;
    }
    let Found::Here(Value::Function(function)) = process.find_in_class(class, "__iter__") else {
        return None;
    };
    Some(Target { answers: false, ..Target::called(function, &candidate.value) })
}

fn object_targets<'a>(process: &mut Interp<'a>, id: Id, value: &Value<'a>) -> Vec<Target<'a>> {
    match process.heap.kind(id).clone() {
        Kind::Class(_) => class_targets(process, id, None),
        Kind::Instance(class) => match process.find_in_class(class, "__call__") {
            Found::Here(Value::Function(function)) => vec![Target::called(function, value)],
            _ => class_targets(process, class, Some(value.clone())),
        },
        Kind::Wrapped(Wrapper::StaticMethod | Wrapper::ClassMethod | Wrapper::ContextManager, inner) => {
            targets(process, &inner)
        }
        Kind::List(items, _) => items.iter().flat_map(|item| targets(process, item)).collect(),
        Kind::Partial(Value::Function(function), _) => vec![Target::called(function, value)],
        // `View.as_view()` of a class of the project, and functions that decorators of libraries have wrapped.
        Kind::Library(path, arguments) => {
            let class = process.heap.made_from(id);
            if path.ends_with(".as_view()")
                && let Some(class) = class
            {
                return class_targets(process, class, None);
            }
            match arguments.positional.first() {
                Some(inner @ (Value::Function(_) | Value::Object(_)))
                    if !path.starts_with("flask.Flask()") =>
                {
                    // What a decorator of a library makes of the answer, nobody knows.
                    let found = targets(process, inner).into_iter();
                    found.map(|target| Target { answers: false, ..target }).collect()
                }
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

/// The methods of a view class that run for requests.
fn class_targets<'a>(process: &mut Interp<'a>, class: Id, instance: Option<Value<'a>>) -> Vec<Target<'a>> {
    let mut found = Vec::new();
    let bases = process.library_bases(class);
    let is_plain = |base: &Name| base.ends_with(".APIView") || base.ends_with(".View");
    let has_actions = bases.is_empty() || !bases.iter().all(is_plain);
    for (name, method) in VIEW_METHODS.iter().chain(ACTIONS.iter().filter(|_| has_actions)) {
        let Found::Here(Value::Function(function)) = process.find_in_class(class, name) else { continue };
        let receiver =
            instance.clone().unwrap_or_else(|| Value::Object(process.heap.allocate(Kind::Instance(class))));
        let call = Value::Function(function.clone());
        let is_method = !name.contains('_') || name.starts_with("on_");
        let answers = !method.is_empty() && is_method || *name == "dispatch_request";
        found.push(Target { function, call, receiver: Some(receiver), method, answers });
    }
    found
}
