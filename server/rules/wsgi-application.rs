//! `wsgi-application`: the workers call the application as ASGI says, and it is a WSGI application.

use super::binding::{self, Binding};
use super::causes::{fix, prefer_first};
use super::{Context, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::fixes::{self, ImportEdit};
use crate::hosting::Failure;
use crate::load::{Application, Fault};

/// The rule.
pub static RULE: Rule = Rule {
    id: "wsgi-application",
    summary: "the application is a WSGI app, and the server's workers call it as ASGI says",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
Flask, Bottle and Django's `wsgi.py` make WSGI applications, which are called with `environ` and `start_response`. Workers such as \
`uvicorn_worker.UvicornWorker` and gunicorn's `asgi` call an application with `scope`, `receive` and `send`: it loads, and each request fails with a \
`TypeError`. Visitors get 500.

Leave the worker class out, or take one that speaks WSGI: `sync`, `gthread`, `gevent`. Where the rest of the site needs ASGI, \
`a2wsgi.WSGIMiddleware` is a bridge in that direction.",
        bad: "\
# Procfile
web: gunicorn --worker-class uvicorn_worker.UvicornWorker shop:app
# shop.py
from flask import Flask

app = Flask(__name__)",
        good: "\
# Procfile
web: gunicorn --worker-class gthread --threads 4 shop:app
# shop.py
from flask import Flask

app = Flask(__name__)",
        when_wrong: "When the worker class is one of your own that bridges both, silence it.",
        pages: &[pages::GUNICORN_SETTINGS, pages::A2WSGI, pages::PEP_3333],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    let Application::Unusable { bound_at, fault: Fault::Wsgi(what), .. } = &context.load.application else {
        return;
    };
    let Some((_, file)) = binding::entry(context) else { return };
    let callable = &context.deployment.callable;
    let class = context.deployment.limits.worker_class.as_deref().unwrap_or("asgi");
    let message = format!(
        "`{callable}` is {what}, and the worker class `{class}` calls it as an ASGI application: each request fails, visitors get {}",
        context.visitor_sees(Failure::WrongCallable).phrase()
    );
    let mut finding = binding::finding(context, &RULE, Failure::WrongCallable, bound_at, message);
    let edits = Binding::find(context, file, bound_at.range)
        .and_then(|binding| binding.rebind(|app| format!("WSGIMiddleware({app})")));
    let edits = edits.map(|mut edits| {
        if let Some(ImportEdit::Add(edit)) = fixes::add_import(file, "from a2wsgi import WSGIMiddleware") {
            edits.push(edit);
        }
        edits
    });
    let title = "Bridge it with `a2wsgi.WSGIMiddleware`";
    finding.fixes = fix(title, Safety::Review, &bound_at.path, edits).into_iter().collect();
    prefer_first(&mut finding.fixes);
    report.findings.push(finding);
}
