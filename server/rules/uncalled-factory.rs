//! `uncalled-factory`: the application is the function that makes applications, or the class of them.

use super::binding::{self, Binding};
use super::causes::{fix, prefer_first};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::hosting::{Failure, Host};
use crate::load::{Application, Fault, Site};
use crate::syntax::python::PythonFile;

/// The rule.
pub static RULE: Rule = Rule {
    id: "uncalled-factory",
    summary: "the application is a factory or a class that nobody calls",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
Flask's application factories and classes with a `__call__` have to be called once by your own code: the host takes what it \
finds and calls that with `environ` and `start_response` for each request. A factory then raises `TypeError: create_app() takes 0 \
positional arguments but 2 were given`, or takes the two for its own arguments and gives back an app that is no answer.

The import works, so the host starts as if all were well, and gunicorn's `--check-config` says so too; then every request fails: 500 \
on PythonAnywhere and gunicorn, and 502 behind plain uWSGI, which drops the connection.",
        bad: "\
from webapp import create_app as application
# webapp.py
from flask import Flask


def create_app():
    return Flask(__name__)",
        good: "\
from webapp import create_app

application = create_app()
# webapp.py
from flask import Flask


def create_app():
    return Flask(__name__)",
        when_wrong: "\
gunicorn and uWSGI can call a factory themselves: `gunicorn 'webapp:create_app()'`, `module = webapp:create_app()`. Then name the \
right entry and `callable` in the settings.",
        pages: &[pages::PA_FLASK_WSGI, pages::PEP_3333],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    let Application::Unusable { bound_at, fault, .. } = &context.load.application else { return };
    let (name, required, kind) = match fault {
        Fault::Factory { name, required } => (name, required, "a function that makes the application"),
        Fault::ClassNotInstance { name, required } => (name, required, "a class and no instance of it"),
        _ => return,
    };
    let Some((_, file)) = binding::entry(context) else { return };
    let host = context.deployment.host;
    let fails = match host {
        Host::Uwsgi => "uWSGI calls it for each request and drops the connection when it fails".to_owned(),
        _ => format!("{} calls it for each request and fails", host.title()),
    };
    let message = format!(
        "`{name}` is {kind}, and nothing calls it: {fails}, visitors get {}",
        context.visitor_sees(Failure::WrongCallable).phrase()
    );
    let mut finding = binding::finding(context, &RULE, Failure::WrongCallable, bound_at, message);
    finding.fixes = fixes_for(context, file, bound_at, required);
    prefer_first(&mut finding.fixes);
    report.findings.push(finding);
}

fn fixes_for(context: &Context<'_>, file: &PythonFile, bound_at: &Site, required: &[String]) -> Vec<Fix> {
    let Some(binding) = Binding::find(context, file, bound_at.range) else { return Vec::new() };
    // Flask wants the name of the module; what else an application needs, only its author knows.
    let arguments = match required {
        [only] if only == "import_name" => "__name__".to_owned(),
        _ => required.iter().map(|name| format!("{name}=None")).collect::<Vec<_>>().join(", "),
    };
    let safety = if required.is_empty() { Safety::Safe } else { Safety::Review };
    let title = format!("Call it: `{}({arguments})`", binding.subject());
    let edits = binding.rebind(|subject| format!("{subject}({arguments})"));
    fix(title, safety, &bound_at.path, edits).into_iter().collect()
}
