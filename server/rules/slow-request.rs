//! `slow-request`: a request takes longer than the host gives it.

use super::handlers::{InRequest, seconds, severity};
use super::{Context, Guidance, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::hosting::Failure;
use crate::load::{BlockKind, Certainty, EffectKind};
use crate::request::{Handler, QUEUE_FROM};

/// The rule.
pub static RULE: Rule = Rule {
    id: "slow-request",
    summary: "a request takes longer than the host gives it",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
A host gives each request a time: 300 seconds on PythonAnywhere, `harakiri` in uWSGI, `timeout` in gunicorn (30 seconds unless it is set), \
`request-timeout` in mod_wsgi. When it is over the worker is killed in the middle of its work. The visitor gets 502 Bad Gateway from uWSGI and \
`HARAKIRI` stands in the server log; gunicorn logs `WORKER TIMEOUT` and the visitor gets 500. Until then the worker serves nobody else, and most sites have one or \
two of them.

Work that takes longer than about 30 seconds belongs into a background task: the request puts it into a queue and answers at once, a worker of its \
own does it, and the page asks for the result later. PythonAnywhere has always-on tasks for such a worker.",
        bad: "\
# flask_app.py
import time

from flask import Flask

app = Flask(__name__)


@app.route(\"/report\")
def report():
    time.sleep(900)  # until the report is there
    return \"done\"",
        good: "\
# flask_app.py
from flask import Flask

from tasks import make_report

app = Flask(__name__)


@app.route(\"/report\")
def report():
    make_report()
    return \"The report is on its way.\", 202
# tasks.py
import time

from huey import SqliteHuey

huey = SqliteHuey(filename=\"/home/jane/tasks.db\")


@huey.task()
def make_report():
    time.sleep(900)  # until the report is there",
        when_wrong: "\
Only waits that are written in the code count: constants, loops with a known number of rounds, loops that nothing ends. When the limit of your \
host is longer than ours, set it in the configuration of the host.",
        pages: &[pages::PA_502_SLOW_CODE, pages::PA_FLASK_504],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    endless(context, report);
    long(context, report);
}

/// What never ends.
fn endless(context: &Context<'_>, report: &mut Reporter) {
    for what in context.in_requests(|kind| matches!(kind, EffectKind::Blocks(_))) {
        let EffectKind::Blocks(block) = &what.effect.kind else { continue };
        let code = context.code(what.effect);
        let does = match block.kind {
            BlockKind::Library => format!("`{code}` runs {}", block.what),
            BlockKind::Computation => format!("`{code}` is {}, longer than anybody waits", block.what),
            BlockKind::Loop | BlockKind::Wait => format!("`{code}` is {}", block.what),
            BlockKind::Stream => format!("`{code}` belongs to {}", block.what),
        };
        let message = format!("{}: {} never comes to an end, {}", does, what.subject(), context.killed());
        let severity = severity(what.effect.certainty);
        let failure = Some(Failure::OutlastsRequest);
        report.findings.push(context.request_finding(&RULE, &what, severity, failure, message));
    }
}

/// What ends too late.
fn long(context: &Context<'_>, report: &mut Reporter) {
    let budget = context.budget();
    let mut told: Vec<&crate::load::Site> = Vec::new();
    for handler in &context.requests.handlers {
        let Some((at, at_place)) = handler.cost.longest else { continue };
        let Some(effect) = handler.effects.get(at) else { continue };
        if told.contains(&&effect.site) || handler.cost.most <= QUEUE_FROM.min(budget.seconds) {
            continue;
        }
        told.push(&effect.site);
        let what = InRequest { handler, effect, others: others(context, handler, &effect.site) };
        let certain = handler.cost.least > budget.seconds;
        let seconds_in_all = if certain { handler.cost.least } else { handler.cost.most };
        let takes = match certain {
            true => format!("takes at least {}", seconds(seconds_in_all)),
            false => format!("can take {}", seconds(seconds_in_all)),
        };
        let subject = what.subject();
        let code = context.code(what.effect);
        let here = if (at_place - seconds_in_all).abs() < 1.0 {
            format!("`{code}`")
        } else {
            format!("{} of it in `{code}`", seconds(at_place))
        };
        let (severity, failure, message) = if seconds_in_all > budget.seconds {
            let allowed = seconds(budget.seconds);
            let limit = match budget.is_known {
                true => format!("{} is {allowed}", budget.by),
                false => format!("even where {} is {allowed}", budget.by),
            };
            (
                severity(if certain { Certainty::Certain } else { Certainty::Possible }),
                Some(Failure::OutlastsRequest),
                format!("{subject} {takes} ({here}), {limit}: {}", context.killed()),
            )
        } else if let Some(default) =
            budget.default.filter(|default| !budget.is_known && seconds_in_all > *default)
        {
            (
                Severity::Information,
                None,
                format!(
                    "{subject} {takes} ({here}): unless {} is set, that is {}, {}",
                    budget.by,
                    seconds(default),
                    context.killed()
                ),
            )
        } else {
            let message = format!(
                "{subject} {takes} ({here}): nobody else is served by this worker meanwhile, and work of more than {} belongs \
                 into a background task",
                seconds(QUEUE_FROM)
            );
            (Severity::Information, None, message)
        };
        report.findings.push(context.request_finding(&RULE, &what, severity, failure, message));
    }
}

fn others(context: &Context<'_>, handler: &Handler, site: &crate::load::Site) -> usize {
    let same = |other: &&Handler| {
        other.site != handler.site
            && other.cost.longest.and_then(|(at, _)| other.effects.get(at)).is_some_and(|e| e.site == *site)
    };
    context.requests.handlers.iter().filter(same).count()
}
