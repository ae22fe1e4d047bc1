//! `exit-in-request`: a handler ends the process that serves it.

use super::handlers::severity;
use super::{Context, Guidance, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::hosting::Failure;
use crate::load::EffectKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "exit-in-request",
    summary: "a request ends its worker",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
`sys.exit()` in a handler raises `SystemExit`, which frameworks do not catch: under uWSGI and on PythonAnywhere the worker leaves in the middle of the request, the visitor gets \
502 Bad Gateway, and nothing but the worker's restart is in the log. gunicorn and mod_wsgi answer 500. `os._exit()`, a crash in C code or a signal end the worker on every host.

Return an answer or raise an HTTP exception such as `abort(400)`.",
        bad: "\
# flask_app.py
import sys

from flask import Flask

app = Flask(__name__)


@app.route(\"/import\")
def import_data():
    sys.exit(\"no file given\")",
        good: "\
# flask_app.py
from flask import Flask, abort

app = Flask(__name__)


@app.route(\"/import\")
def import_data():
    abort(400, \"no file given\")",
        when_wrong: "When the exit is meant, for example to make the host start a fresh worker, silence it.",
        pages: &[pages::PA_502_SLOW_CODE],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for what in context.in_requests(|kind| matches!(kind, EffectKind::Exits(_))) {
        let EffectKind::Exits(exit) = &what.effect.kind else { continue };
        // An exit on a path that nobody knows may be one for start-up errors.
        let severity = severity(what.effect.certainty);
        let failure = if exit.hard { Failure::KillsWorker } else { Failure::ExitsInRequest };
        let message = format!(
            "`{}` ends the worker that serves {}: the visitor gets {}",
            exit.call,
            what.subject(),
            context.visitor_sees(failure).phrase()
        );
        let mut finding = context.request_finding(&RULE, &what, severity, Some(failure), message);
        finding.fixes = context.remove_fix(what.effect).into_iter().collect();
        super::causes::prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}
