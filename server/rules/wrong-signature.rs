//! `wrong-signature`: the application is called with `environ` and `start_response`, and does not take them.

use ruff_python_ast::StmtFunctionDef;
use ruff_text_size::{Ranged, TextSize};

use super::binding::{self, Binding};
use super::causes::{fix, prefer_first};
use super::{Context, Fix, Guidance, Related, Reporter, Rule, Safety, Severity, nodes};
use crate::catalog::pages;
use crate::hosting::{Failure, Host};
use crate::load::{Application, Fault, Site};
use crate::text::{TextEdit, TextRange};

/// The rule.
pub static RULE: Rule = Rule {
    id: "wrong-signature",
    summary: "the application does not take `environ` and `start_response`",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
A host calls the application with two positional arguments: the dictionary `environ` and the function `start_response`. A callable \
with other parameters raises `TypeError` at each request: 500 on PythonAnywhere and gunicorn, and 502 behind plain uWSGI, which \
drops the connection.

Common reasons: a view function was taken for the application, `self` is missing in a `__call__`, `start_response` was \
forgotten, `app.run` was named without calling it, or the framework, such as Tornado or aiohttp, has a server and a protocol of its own.",
        bad: "def application(environ):\n    return [b\"Hello\"]",
        good: "def application(environ, start_response):\n    start_response(\"200 OK\", [(\"Content-Type\", \"text/plain\")])\n    return [b\"Hello\"]",
        when_wrong: "\
A decorator that adds the parameters at run time is followed when it is part of the project. When it is not and the rule is wrong, \
silence it.",
        pages: &[pages::PEP_3333, pages::PA_FLASK_WSGI],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    let Application::Unusable { bound_at, fault, candidates } = &context.load.application else { return };
    let Fault::WrongSignature { what, defined_at } = fault else { return };
    let Some((_, entry)) = binding::entry(context) else { return };
    let host = context.deployment.host;
    let callable = &context.deployment.callable;
    let drops = if host == Host::Uwsgi { " and the connection is dropped" } else { "" };
    let message = format!(
        "`{callable}` is {what}, and cannot take the two arguments with which {} calls it, `environ` and `start_response`: each \
         request fails{drops}, visitors get {}",
        host.title(),
        context.visitor_sees(Failure::WrongCallable).phrase()
    );
    let definition = defined_at.as_ref().and_then(|site| Some((site, context.file(&site.path)?)));
    let mut found = Vec::new();
    let mut site = bound_at;
    let mut related = Vec::new();
    if let Some((at, file)) = &definition {
        let def = nodes::function(file, at.range).filter(|def| def.name.range() == at.range);
        if def.is_some_and(|def| is_meant(def) || *at == bound_at) {
            site = at;
        } else {
            related.push(Related { site: (*at).clone(), message: "it is defined here".to_owned() });
        }
        found.extend(def.and_then(|def| parameters_fix(at, def)));
    }
    if let Some(binding) = Binding::find(context, entry, bound_at.range) {
        let taken = binding.take_candidate(candidates);
        let taken = taken.and_then(|(title, edits)| fix(title, Safety::Safe, &bound_at.path, Some(edits)));
        // The application beside a view is what was meant; a function that takes `environ` is meant itself.
        let place = if site == bound_at { 0 } else { found.len() };
        found.splice(place..place, taken);
    }
    let mut finding = binding::finding(context, &RULE, Failure::WrongCallable, site, message);
    if site != bound_at {
        let bound = Related { site: bound_at.clone(), message: format!("`{callable}` is bound here") };
        related.push(bound);
    }
    finding.related = related;
    finding.fixes = found;
    prefer_first(&mut finding.fixes);
    report.findings.push(finding);
}

/// Whether a function was written to be a WSGI application.
fn is_meant(def: &StmtFunctionDef) -> bool {
    def.name.as_str() == "__call__"
        || def
            .parameters
            .iter()
            .any(|parameter| matches!(parameter.name().as_str(), "environ" | "env" | "start_response"))
}

/// Adds the parameters that are missing, or a default to those that nobody fills.
fn parameters_fix(at: &Site, def: &StmtFunctionDef) -> Option<Fix> {
    let parameters = &def.parameters;
    if !parameters.kwonlyargs.is_empty() || parameters.vararg.is_some() || parameters.kwarg.is_some() {
        return None;
    }
    let all: Vec<_> = parameters.posonlyargs.iter().chain(&parameters.args).collect();
    let insert = |at: TextSize, text: String| TextEdit::replace(TextRange::empty(at), text);
    let is_method = def.name.as_str() == "__call__";
    let first = all.first().map(|parameter| parameter.name().as_str());
    let names: Vec<&str> = all.iter().map(|parameter| parameter.name().as_str()).collect();
    let (title, edit) = match (first, names.as_slice()) {
        (Some("environ" | "env"), [_, _]) if is_method => {
            ("Add `self`".to_owned(), insert(all.first()?.start(), "self, ".to_owned()))
        }
        (Some(_), [.., "environ" | "env"]) if all.last()?.default.is_none() => {
            ("Add `start_response`".to_owned(), insert(all.last()?.end(), ", start_response".to_owned()))
        }
        (None, []) if !is_method => {
            let inside = parameters.start() + TextSize::new(1);
            let text = "environ, start_response".to_owned();
            ("Add `environ` and `start_response`".to_owned(), insert(inside, text))
        }
        (Some("self"), ["self"]) if is_method => {
            let text = ", environ, start_response".to_owned();
            ("Add `environ` and `start_response`".to_owned(), insert(all.last()?.end(), text))
        }
        (_, [.., extra]) => {
            let wanted = if is_method { 3 } else { 2 };
            let last = all.last()?;
            if names.len() != wanted + 1 || last.default.is_some() {
                return None;
            }
            (format!("Give `{extra}` a default"), insert(last.end(), "=None".to_owned()))
        }
        _ => return None,
    };
    fix(title, Safety::Review, &at.path, Some(vec![edit]))
}
