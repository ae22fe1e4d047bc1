//! `heavy-work-in-request`: a request does work that takes its time by its nature.

use super::{Context, Guidance, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::catalog::work::WorkKind;
use crate::load::EffectKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "heavy-work-in-request",
    summary: "a request does heavy work",
    severity: Severity::Information,
    guidance: Guidance {
        explanation: "\
Training and asking models, reading text out of pictures, converting video, driving a browser, making PDF files, sending mail: such work takes seconds or \
minutes, more on the small machine of a host than on your own, and grows with the input. While it lasts the worker serves nobody else. When it outlasts \
the host's limit the worker is killed and the visitor gets 502 or 500.

Do it in a background task and answer at once. Load models once, when the worker starts, and not in each request.",
        bad: "\
# flask_app.py
from flask import Flask
from weasyprint import HTML

app = Flask(__name__)


@app.route(\"/invoice.pdf\")
def invoice():
    return HTML(string=\"<h1>Invoice</h1>\").write_pdf()",
        good: "\
# flask_app.py
from flask import Flask

from tasks import write_invoice

app = Flask(__name__)


@app.post(\"/invoice\")
def invoice():
    write_invoice(\"/home/jane/invoices/1.pdf\")
    return \"The invoice is on its way.\", 202
# tasks.py
from huey import SqliteHuey
from weasyprint import HTML

huey = SqliteHuey(filename=\"/home/jane/tasks.db\")


@huey.task()
def write_invoice(path):
    HTML(string=\"<h1>Invoice</h1>\").write_pdf(path)",
        when_wrong: "When the work is known to be quick for your data, silence it.",
        pages: &[pages::PA_502_SLOW_CODE],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for what in context.in_requests(|kind| matches!(kind, EffectKind::Works(work) if !work.unbounded)) {
        let EffectKind::Works(work) = &what.effect.kind else { continue };
        // A bounded call of the network or of a program is what healthy projects do all day.
        if matches!(
            work.known.kind,
            WorkKind::Network | WorkKind::Subprocess | WorkKind::Database | WorkKind::Wait
        ) {
            continue;
        }
        let message = format!(
            "`{}` does {} while the visitor of {} waits: nobody else is served by this worker meanwhile",
            work.call,
            work.known.what,
            what.subject()
        );
        report.findings.push(context.request_finding(&RULE, &what, Severity::Information, None, message));
    }
}
