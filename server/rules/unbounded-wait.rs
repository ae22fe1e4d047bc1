//! `unbounded-wait`: a request waits for something that may never come, and nothing bounds the wait.

use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::handlers::InRequest;
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity, nodes};
use crate::catalog::pages;
use crate::catalog::work::WorkKind;
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{Certainty, EffectKind, Work};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unbounded-wait",
    summary: "a request waits without a limit",
    severity: Severity::Warning,
    guidance: Guidance {
        explanation: "\
Some calls wait for ever when the other side does not answer: `requests.get` and `urlopen` have no timeout of their own, nor has a subprocess, an SMTP \
server or a lock. One slow service then ties up a worker until the host kills it, and a site with one or two workers stands still for everybody: 502 or 504.

Give each call a timeout that a visitor would accept, and answer something sensible when it is over. When the work takes its time anyway, move it to a \
background task.",
        bad: "\
# flask_app.py
import requests
from flask import Flask

app = Flask(__name__)


@app.route(\"/rates\")
def rates():
    return requests.get(\"https://api.example.com/rates\").text",
        good: "\
# flask_app.py
import requests
from flask import Flask

app = Flask(__name__)


@app.route(\"/rates\")
def rates():
    return requests.get(\"https://api.example.com/rates\", timeout=10).text",
        when_wrong: "\
A default that is set elsewhere, such as `socket.setdefaulttimeout()` or an adapter of your own, is not always seen. Silence it there.",
        pages: &[pages::PA_502_SLOW_CODE],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for what in context.in_requests(|kind| matches!(kind, EffectKind::Works(work) if work.unbounded)) {
        let EffectKind::Works(work) = &what.effect.kind else { continue };
        // Networks fail for everybody one day; programs and databases of the same machine mostly answer. Where others go on with
        // their work, one that waits is no outage.
        let loud = work.known.kind == WorkKind::Network
            && what.effect.certainty == Certainty::Certain
            && context.deployment.has_few_workers();
        let severity = if loud { Severity::Warning } else { Severity::Information };
        let failure = loud.then_some(Failure::OutlastsRequest);
        let message = format!(
            "`{}` waits for {} without a timeout: when that does not answer, {} hangs until {}",
            work.call,
            work.known.what,
            what.subject(),
            context.killed()
        );
        let mut finding = context.request_finding(&RULE, &what, severity, failure, message);
        finding.fixes = add_timeout(context, &what, work).into_iter().collect();
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

/// Bounds the wait where the call takes a timeout.
fn add_timeout(context: &Context<'_>, what: &InRequest<'_>, work: &Work) -> Option<Fix> {
    let argument = work.known.timeout.as_deref()?;
    let path = &what.effect.site.path;
    let file = context.file(path)?;
    let call = nodes::expression(&file, what.effect.site.range)?.as_call_expr()?;
    let takes_it =
        call.arguments.keywords.iter().any(|k| k.arg.as_ref().is_some_and(|name| name == argument));
    if takes_it {
        return None;
    }
    let seconds = if work.known.kind == WorkKind::Subprocess { 60 } else { 10 };
    let added = format!("{argument}={seconds}");
    let edits = fixes::add_argument(&file, call.range(), &added);
    fix(format!("Wait {seconds} seconds at most: add `{added}`"), Safety::Review, path, edits)
}
