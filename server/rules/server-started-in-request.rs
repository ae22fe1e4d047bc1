//! `server-started-in-request`: a handler starts a server of its own.

use super::handlers::severity;
use super::{Context, Guidance, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::hosting::Failure;
use crate::load::EffectKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "server-started-in-request",
    summary: "a request starts a server",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
A server that is started in a handler serves on a port of its own, which nobody outside can reach, and the request waits for its end, which never comes. \
The host kills the worker when the request's time is over.",
        bad: "\
# flask_app.py
from flask import Flask

app = Flask(__name__)


@app.route(\"/start\")
def start():
    app.run(port=8000)
    return \"started\"",
        good: "\
# flask_app.py
from flask import Flask

app = Flask(__name__)


@app.route(\"/start\")
def start():
    return \"The host has started me.\"",
        when_wrong: "When the server stops by itself after one request, silence it.",
        pages: &[pages::PA_502_OWN_SERVER],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for what in context.in_requests(|kind| matches!(kind, EffectKind::StartsServer(_))) {
        let EffectKind::StartsServer(start) = &what.effect.kind else { continue };
        let severity = severity(what.effect.certainty);
        let message = format!(
            "`{}` starts {}, which never returns: {} hangs until {}",
            start.call,
            start.server,
            what.subject(),
            context.killed()
        );
        let mut finding =
            context.request_finding(&RULE, &what, severity, Some(Failure::OutlastsRequest), message);
        finding.fixes = context.remove_fix(what.effect).into_iter().collect();
        super::causes::prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}
