//! `thread-in-web-app`: a request leaves work to a thread of its own process.

use super::causes::shown;
use super::{Context, Guidance, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::hosting::Host;
use crate::load::EffectKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "thread-in-web-app",
    summary: "a request starts a thread that goes on when it is answered",
    severity: Severity::Information,
    guidance: Guidance {
        explanation: "\
A thread lives in the worker that has started it, and dies with it: when the worker is reloaded, killed or replaced, what the thread was doing is lost and nobody \
hears of it. uWSGI up to 2.0.26 has threads switched off unless `enable-threads` is set: a thread then runs while *some* request is executed and stands still \
between requests, so that a timer of one second fires when the next visitor comes. PythonAnywhere does not support threads in web apps.

Work that goes on after the answer belongs to a task queue with a worker of its own; on PythonAnywhere that is an always-on task. A thread that the request waits for \
with `join()`, and a pool that is used within one request, are fine.",
        bad: "\
# flask_app.py
import threading
from flask import Flask

app = Flask(__name__)


def make_report():
    print(\"a long story\")


@app.post(\"/report\")
def report():
    threading.Thread(target=make_report).start()
    return \"The report is on its way.\", 202",
        good: "\
# tasks.py
from huey import SqliteHuey

huey = SqliteHuey(filename=\"/home/you/huey.db\")


@huey.task()
def make_report():
    print(\"a long story\")
# flask_app.py
from flask import Flask
from tasks import make_report

app = Flask(__name__)


@app.post(\"/report\")
def report():
    make_report()
    return \"The report is on its way.\", 202",
        when_wrong: "\
When losing the work does no harm, and your host runs threads (gunicorn, mod_wsgi, uWSGI with `enable-threads` or from 2.0.27 on), silence it.",
        pages: &[pages::PA_TASK_QUEUE],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for what in context.in_requests(|kind| matches!(kind, EffectKind::StartsThread(_))) {
        let EffectKind::StartsThread(call) = &what.effect.kind else { continue };
        let (severity, fate) = match context.deployment.host {
            Host::PythonAnywhere => (
                Severity::Information,
                "PythonAnywhere does not support threads in web apps: it may stand still between requests, and is lost at the next reload",
            ),
            Host::Uwsgi if context.deployment.limits.threads.is_none() => (
                Severity::Information,
                "up to uWSGI 2.0.26 it stands still between requests unless `enable-threads` is set, and it dies with its worker",
            ),
            _ => (Severity::Hint, "it dies with its worker, at a reload or a crash, and its work is lost"),
        };
        let message = format!("`{}` leaves work of {} to a thread: {fate}", shown(call), what.subject());
        report.findings.push(context.request_finding(&RULE, &what, severity, None, message));
    }
}
