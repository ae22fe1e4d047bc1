//! `server-started-at-import`: the import starts a server of its own, and never comes back to the host.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::causes::prefer_first;
use super::{Context, Fix, Guidance, Note, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::hosting::{Failure, Host};
use crate::load::{Effect, EffectKind, ServerStart, Site, StartOutcome};
use crate::text::TextRange;

/// The rule.
pub static RULE: Rule = Rule {
    id: "server-started-at-import",
    summary: "the import of the app starts a server of its own",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
A host runs its own web server. It imports your module, takes the callable from it and calls that for each request. A server \
that your code starts during the import, such as Flask's `app.run()`, serves on a port that nobody asks, and the import never \
ends: the host waits for ever, and visitors get 504, or 502 when a proxy or the host gives up. No limit such as uWSGI's `harakiri` \
applies, because no worker exists yet, and often nothing is logged.

With `debug=True` the reloader starts the interpreter anew. Under uWSGI that interpreter is the `uwsgi` program itself, which \
leaves at once: 502.

Start the server only when the file is run as a script. Under a host `__name__` is never `\"__main__\"`.",
        bad: "\
# flask_app.py
from flask import Flask

app = Flask(__name__)

app.run()",
        good: "\
# flask_app.py
from flask import Flask

app = Flask(__name__)

if __name__ == \"__main__\":
    app.run()",
        when_wrong: "\
A server that is started in a thread or in another process does not hold up the import and is not reported. When the file is \
only ever run as a script, exclude it or name the right entry in the settings.",
        pages: &[pages::PA_502_OWN_SERVER, pages::PA_FLASK_504, pages::PA_FLASK_RUN],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for effect in context.effects() {
        let EffectKind::StartsServer(start) = &effect.kind else { continue };
        let failure = match start.outcome {
            StartOutcome::Serves => Failure::NeverReturns,
            StartOutcome::Reloads => Failure::Reloads,
            StartOutcome::PortRefused => Failure::PortTaken,
            StartOutcome::Refuses => Failure::Raises,
        };
        let mut finding = context.finding(&RULE, effect, failure, message(context, start, failure));
        finding.fixes = fixes_for(context, effect);
        report.findings.push(finding);
    }
    note_guarded_starts(context, report);
}

fn message(context: &Context<'_>, start: &ServerStart, failure: Failure) -> String {
    let host = context.deployment.host;
    let visitors = format!("visitors get {}", context.visitor_sees(failure).phrase());
    let what = format!("`{}` starts {} while {} imports this file", start.call, start.server, host.title());
    match (start.outcome, host) {
        (StartOutcome::Reloads, Host::Uwsgi | Host::PythonAnywhere) => {
            format!("{what}, and its reloader ends the uWSGI process: {visitors}")
        }
        (StartOutcome::PortRefused, _) => {
            format!("{what}, on a port below 1024 that only the administrator may open: {visitors}")
        }
        (StartOutcome::Refuses, _) => {
            format!("{what}; it refuses to run there and raises an exception: {visitors}")
        }
        _ => format!("{what}: the import never ends, {visitors}"),
    }
}

fn fixes_for(context: &Context<'_>, effect: &Effect) -> Vec<Fix> {
    let mut found: Vec<Fix> =
        context.guard_fix(effect).into_iter().chain(context.remove_fix(effect)).collect();
    prefer_first(&mut found);
    found
}

/// Pointing at a guarded `app.run()` tells why it is right.
fn note_guarded_starts(context: &Context<'_>, report: &mut Reporter) {
    struct Find(Vec<TextRange>);
    impl<'a> Visitor<'a> for Find {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Call(call) = expr
                && matches!(&*call.func, Expr::Attribute(attribute) if attribute.attr.as_str() == "run")
            {
                self.0.push(call.range());
            }
            visitor::walk_expr(self, expr);
        }
    }
    let page = RULE.guidance.pages[0];
    for module in &context.load.modules {
        for stmt in module.file.body() {
            let Stmt::If(guard) = stmt else { continue };
            if !module.file.slice(guard.test.range()).contains("__main__") {
                continue;
            }
            let mut find = Find(Vec::new());
            find.visit_body(&guard.body);
            let host = context.deployment.host.title();
            report.notes.extend(find.0.into_iter().map(|range| Note {
                site: Site { path: module.path.clone(), range },
                markdown: format!(
                    "Only runs when this file is started as a script. {host} imports it, so `__name__` is not `\"__main__\"` \
                     there and its own server serves the app. [{}]({})",
                    page.title, page.url
                ),
            }));
        }
    }
}
