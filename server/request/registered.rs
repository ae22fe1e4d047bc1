//! What frameworks were told to call while the app was loaded.

use super::discover::Candidate;
use crate::catalog::handlers::HandlerKind;
use crate::load::Interp;
use crate::load::respond::Taker;
use crate::load::value::{Id, Kind, Value};

/// What frameworks were told while the app was loaded.
pub(super) fn registered<'a>(process: &Interp<'a>) -> Vec<Candidate<'a>> {
    let mut found = Vec::new();
    // A preprocessor takes parts of the route away before the view sees them.
    let preprocessed = process
        .registered
        .iter()
        .any(|one| one.known.calls.iter().any(|call| call.ends_with("url_value_preprocessor")));
    for one in &process.registered {
        if one.known.kind == HandlerKind::Signal {
            continue;
        }
        let rule = one.rule.as_ref().and_then(|rule| match rule {
            Value::Str(text) => Some(text.to_string()),
            Value::Int(status) => Some(status.to_string()),
            _ => None,
        });
        let is_flask = one.known.calls.first().is_some_and(|call| call.starts_with("flask.Flask()"));
        let route = one.known.kind == HandlerKind::Route;
        let label = match (&one.known.when, rule, one.known.kind) {
            (None, Some(rule), HandlerKind::Route) => prefix(process, one.app) + &rule,
            (Some(when), None, _) => when.clone(),
            (Some(when), Some(rule), _) => format!("{when} (`{rule}`)"),
            (None, Some(rule), _) => format!("for `{rule}` errors"),
            (None, None, HandlerKind::Error) => "for errors".to_owned(),
            (None, None, _) => "for requests".to_owned(),
        };
        let methods = match one.methods.is_empty() {
            true if is_flask && route => vec!["GET".to_owned()],
            _ => one.methods.clone(),
        };
        let has = |name: &str| one.known.calls.iter().any(|call| call.contains(name));
        let rule_is_known = one.rule.as_ref().is_some_and(|rule| rule.as_str().is_some());
        let taker = match one.known.kind {
            HandlerKind::Route if is_flask => Some(Taker::Flask),
            HandlerKind::Route if has("bottle.") => Some(Taker::Bottle),
            HandlerKind::Route if has("pyramid.") && one.plain => Some(Taker::Pyramid),
            HandlerKind::Hook if has(".after_request") => Some(Taker::FlaskHook),
            _ => None,
        };
        let arguments = match one.known.kind {
            HandlerKind::Route if is_flask && rule_is_known && !preprocessed && !one.has_defaults => {
                Some((route_arguments(&label, true), 0))
            }
            // Falcon gives the request and the response first.
            HandlerKind::Route if has("falcon.App().add_route") && rule_is_known && one.plain => {
                let parts = label.split('{').skip(1).filter_map(|part| part.split(['}', ':']).next());
                Some((parts.map(str::to_owned).collect(), 2))
            }
            HandlerKind::Route if has("bottle.") && rule_is_known && !label.contains(':') => {
                Some((route_arguments(&label, false), 0))
            }
            _ => None,
        };
        let value = one.value.clone();
        let is_exposed = has("pyramid.");
        let of_app = one.app.is_some_and(
            |app| matches!(process.heap.kind(app), Kind::Library(path, _) if path == "flask.Flask()"),
        );
        let is_gate = of_app && has("flask.Flask().before_request");
        let kind = one.known.kind;
        found.push(Candidate { kind, label, arguments, methods, value, taker, is_exposed, is_gate });
    }
    found
}

/// The names in `/users/<int:id>/<name>`; Bottle has the name before its type, as in `<id:int>`.
pub(super) fn route_arguments(route: &str, name_is_last: bool) -> Vec<String> {
    let parts = route.split('<').skip(1).filter_map(|part| part.split('>').next());
    let name = |part: &str| {
        let mut words = part.split(':');
        let name = if name_is_last { words.next_back() } else { words.next() };
        name.unwrap_or_default().trim().to_owned()
    };
    parts.map(name).collect()
}

/// The prefix of a blueprint's routes.
fn prefix(process: &Interp<'_>, app: Option<Id>) -> String {
    let Some(app) = app else { return String::new() };
    let given = process.heap.slot(app, "<url prefix>").map(|slot| slot.value.clone());
    let own = match process.heap.kind(app) {
        Kind::Library(_, arguments) => arguments.keyword("url_prefix").cloned(),
        _ => None,
    };
    given.or(own).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
