//! `gateway-error-from-app`: the app itself answers that a gateway is broken.

use super::{Context, Guidance, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::hosting::Failure;
use crate::load::{Certainty, EffectKind};
use crate::request::HandlerKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "gateway-error-from-app",
    summary: "the app itself answers 502, 503 or 504",
    severity: Severity::Warning,
    guidance: Guidance {
        explanation: "\
502, 503 and 504 are what proxies answer when the app behind them is broken. An app that answers so on every request looks exactly like one that does not run: the proxy \
may even show its own error page instead. Nothing is in the error log.

Answer 500, or 424 with a page that says which service failed.",
        bad: "\
# flask_app.py
from flask import Flask

app = Flask(__name__)


@app.route(\"/\")
def index():
    return \"The weather service does not answer.\", 502",
        good: "\
# flask_app.py
from flask import Flask

app = Flask(__name__)


@app.route(\"/\")
def index():
    return \"The weather service does not answer.\", 424",
        when_wrong: "A page that exists to show the error, or a health check, may answer so: silence it.",
        pages: &[pages::PA_502_SLOW_CODE],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for what in context.in_requests(|kind| matches!(kind, EffectKind::AnswersGatewayError(_))) {
        let EffectKind::AnswersGatewayError(status) = what.effect.kind else { continue };
        // On some paths, or as the answer to an error, such an answer is what it should be.
        if what.effect.certainty < Certainty::Likely || what.handler.kind != HandlerKind::Route {
            continue;
        }
        let message = format!(
            "{} always answers {status}: visitors take that for a broken host, and nothing is in the error log",
            what.subject()
        );
        let failure = Some(Failure::AnswersGatewayError);
        report.findings.push(context.request_finding(&RULE, &what, Severity::Warning, failure, message));
    }
}
