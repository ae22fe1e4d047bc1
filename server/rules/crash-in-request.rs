//! `crash-in-request`: a handler raises for certain.

use super::causes::{fix, prefer_first, shown};
use super::handlers::InRequest;
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity, relative_path, setup_only_under_main};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{Certainty, EffectKind, Raise, RaiseCause};

/// The rule.
pub static RULE: Rule = Rule {
    id: "crash-in-request",
    summary: "a request raises an exception",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
The app loads, and then each request to this handler fails: a name that nothing binds, a module that is not there when the handler imports it, a template that no folder holds, \
a link to a name that no URL has, data that is no JSON, a view that returns nothing. The visitor gets 500 Internal Server Error, and the traceback is in the error log at the time of the request.",
        bad: "\
# flask_app.py
from flask import Flask, render_template

app = Flask(__name__)


@app.route(\"/\")
def index():
    render_template(\"index.html\")
# templates/index.html
<h1>Hello</h1>",
        good: "\
# flask_app.py
from flask import Flask, render_template

app = Flask(__name__)


@app.route(\"/\")
def index():
    return render_template(\"index.html\")
# templates/index.html
<h1>Hello</h1>",
        when_wrong: "A view that fails on purpose, to try out the error reports, can be silenced.",
        pages: &[pages::PA_DEBUGGING_IMPORT_ERRORS],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for what in context.in_requests(|kind| matches!(kind, EffectKind::Raises(_))) {
        let EffectKind::Raises(raise) = &what.effect.kind else { continue };
        if setup_only_under_main::is_about(context, what.effect)
            || relative_path::is_beside(&what.effect.kind)
            || matches!(raise.cause, RaiseCause::NoDisplay(_))
        {
            continue;
        }
        if what.effect.certainty < Certainty::Likely || raise.exception == "NotImplementedError" {
            continue;
        }
        let severity = match (&raise.cause, what.effect.certainty) {
            (RaiseCause::Plain, _) | (_, Certainty::Likely) => Severity::Warning,
            _ => Severity::Error,
        };
        let error = match (raise.message.as_str(), &raise.cause) {
            ("", _) => raise.exception.clone(),
            (message, RaiseCause::NoResponse | RaiseCause::NotGivenBack) => {
                format!("{}: {message}", raise.exception)
            }
            (message, _) => format!("{}: {}", raise.exception, shown(message)),
        };
        let hint = match &raise.cause {
            RaiseCause::NoInput => " (on a host nobody can answer: standard input is closed)",
            RaiseCause::Permission(_) => " (only the administrator may write there)",
            RaiseCause::NoTable => " (the app has no migrations, and the database file is not there)",
            RaiseCause::NoSecretKey => " (sessions are signed with `app.secret_key`, which is not set)",
            RaiseCause::MissingTemplate(_) => " (no template folder of the project holds it)",
            _ => "",
        };
        let is_exposed = what.handler.is_exposed || matches!(raise.cause, RaiseCause::NotGivenBack);
        let failure = if is_exposed { Failure::RaisesBeforeFramework } else { Failure::RaisesInRequest };
        let message = format!(
            "`{error}`{hint}: {} fails, the visitor gets {}",
            what.subject(),
            context.visitor_sees(failure).phrase()
        );
        let mut finding = context.request_finding(&RULE, &what, severity, Some(failure), message);
        finding.fixes = fixes_for(context, &what, raise);
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

fn fixes_for(context: &Context<'_>, what: &InRequest<'_>, raise: &Raise) -> Vec<Fix> {
    let path = &what.effect.site.path;
    let Some(file) = context.file(path) else { return Vec::new() };
    let names = match &raise.cause {
        RaiseCause::UndefinedName { similar, .. } | RaiseCause::MissingName { similar, .. } => similar,
        _ => return Vec::new(),
    };
    let safety = if names.len() == 1 { Safety::Safe } else { Safety::Review };
    let rename = |name: &String| {
        let edit = fixes::rename_identifier(&file, what.effect.site.range, name);
        fix(format!("Write `{name}`"), safety, path, edit.map(|edit| vec![edit]))
    };
    names.iter().filter_map(rename).collect()
}
