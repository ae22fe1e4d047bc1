//! `malformed-response`: the application is called as it should be, and answers with something that a host cannot send.

use super::binding;
use super::causes::prefer_first;
use super::{Context, Guidance, Related, Reporter, Rule, Severity, responses};
use crate::catalog::pages;
use crate::hosting::{Failure, VisitorSees};
use crate::load::{Application, Fault};

/// The rule.
pub static RULE: Rule = Rule {
    id: "malformed-response",
    summary: "the application answers with something that is no iterable of `bytes`, or with malformed headers",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
PEP 3333 wants three things of an application: it calls `start_response` with a status and a list of pairs of strings, and it \
returns an iterable of `bytes`. Hosts check little of that. With `str` in place of `bytes` every host answers with status 200 and an \
empty page, and logs nothing. With `None`, a number or malformed headers, plain uWSGI sends an empty page with status 200, \
PythonAnywhere and gunicorn 500. Without `start_response` uWSGI and PythonAnywhere answer 502, and gunicorn sends a broken status line.

One `bytes` object instead of a list of them works on uWSGI alone: elsewhere it is taken apart into numbers, and the page is empty.",
        bad: "def application(environ, start_response):\n    start_response(\"200 OK\", {\"Content-Type\": \"text/plain\"})\n    return \"Hello\"",
        good: "def application(environ, start_response):\n    start_response(\"200 OK\", [(\"Content-Type\", \"text/plain\")])\n    return [b\"Hello\"]",
        when_wrong: "Middleware that mends the answer is followed when it is part of the project. When it is not, silence the rule.",
        pages: &[pages::PEP_3333, pages::PEP_3333_START_RESPONSE],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    let Application::Unusable { bound_at, fault, .. } = &context.load.application else { return };
    let (failure, site, says) = match fault {
        Fault::ReturnsText(at) => (
            Failure::ReturnsText,
            at,
            "the answer consists of `str`, and a host can only send `bytes`".to_owned(),
        ),
        Fault::ReturnsBytes(at) => (
            Failure::ReturnsBytes,
            at,
            "the answer is one `bytes` object, which most hosts take apart into numbers; put it into a list"
                .to_owned(),
        ),
        Fault::ReturnsNothing { what, at } => (
            Failure::ReturnsNothing,
            at,
            format!("the answer is {what}, and a host needs an iterable of `bytes`"),
        ),
        Fault::BadHeaders(at) => {
            (Failure::ReturnsNothing, at, "the headers have to be a list of pairs of `str`".to_owned())
        }
        Fault::NeverStartsResponse(at) => {
            (Failure::NeverStartsResponse, at, "this function never calls `start_response`".to_owned())
        }
        _ => return,
    };
    let visitor_sees = context.visitor_sees(failure);
    let message = match visitor_sees {
        VisitorSees::Ok => format!("{says} ({} copes with it)", context.deployment.host.title()),
        _ => {
            let host = context.deployment.host.title();
            format!("{says}: on {host} visitors get {}", visitor_sees.phrase())
        }
    };
    let message = capitalized(&message);
    let mut finding = binding::finding(context, &RULE, failure, site, message);
    if visitor_sees == VisitorSees::Ok {
        finding.severity = Severity::Information;
    }
    if !binding::in_entry(context, site) {
        let message = format!("`{}` is bound here", context.deployment.callable);
        finding.related.push(Related { site: bound_at.clone(), message });
    }
    if let Some(file) = context.file(&site.path) {
        finding.fixes = match fault {
            Fault::ReturnsText(_) => responses::to_bytes(&file, site),
            Fault::ReturnsBytes(_) => responses::into_list(&file, site),
            Fault::ReturnsNothing { .. } => responses::give_back(&file, site),
            Fault::BadHeaders(_) => responses::headers(&file, site),
            _ => responses::start(&file, site),
        }
        .into_iter()
        .collect();
    }
    prefer_first(&mut finding.fixes);
    report.findings.push(finding);
}

fn capitalized(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
