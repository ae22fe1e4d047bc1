//! `oversized-header`: a response header that does not fit into the proxy's buffer.

use super::{Context, Guidance, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::hosting::Failure;
use crate::load::EffectKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "oversized-header",
    summary: "a response header is bigger than proxies take",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
nginx reads the head of a response into a small buffer (measured: about 18 kB with the usual settings). When the headers, cookies included, do not fit, it answers 502 Bad \
Gateway, and the app's log is clean. Put the data into the body, and keep sessions on the server.",
        bad: "\
# flask_app.py
from flask import Flask

app = Flask(__name__)


@app.route(\"/\")
def index():
    return \"Hello\", 200, {\"X-Debug\": \"x\" * 20000}",
        good: "\
# flask_app.py
from flask import Flask

app = Flask(__name__)


@app.route(\"/\")
def index():
    return \"x\" * 20000, 200, {\"X-Debug\": \"it is in the body\"}",
        when_wrong: "When the buffers of your proxy are bigger, silence it.",
        pages: &[pages::PA_502_SLOW_CODE],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for what in context.in_requests(|kind| matches!(kind, EffectKind::SendsBigHeader)) {
        let failure = Failure::OversizedHeader;
        let message = format!(
            "{} sends a header of more than 16 kB, which does not fit into the proxy's buffer: the visitor gets {}",
            what.subject(),
            context.visitor_sees(failure).phrase()
        );
        report.findings.push(context.request_finding(
            &RULE,
            &what,
            Severity::Warning,
            Some(failure),
            message,
        ));
    }
}
