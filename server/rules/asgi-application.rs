//! `asgi-application`: the application speaks ASGI, and the host calls it as WSGI.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextSize};

use super::binding::{self, Binding};
use super::causes::{fix, prefer_first};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity, nodes};
use crate::catalog::pages;
use crate::fixes::{self, ImportEdit};
use crate::hosting::{Failure, Host};
use crate::load::{Application, Fault, Site};
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange};

/// The rule.
pub static RULE: Rule = Rule {
    id: "asgi-application",
    summary: "the application is an ASGI app, and the host serves WSGI",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
FastAPI, Starlette, Quart, Litestar and Django's `asgi.py` make ASGI applications: coroutines that are called with `scope`, \
`receive` and `send`. A WSGI host calls `application(environ, start_response)`, so each request fails with a `TypeError`: 500 on \
PythonAnywhere and gunicorn's default worker, 502 behind plain uWSGI. The same is true of a function that is `async`: \
calling it gives a coroutine that nobody awaits.

Best is a server that speaks ASGI: PythonAnywhere runs one for websites that are made with its command line tool (`pa website create`), \
gunicorn has workers for it (`--worker-class uvicorn_worker.UvicornWorker`; newer versions `--worker-class asgi`), and uvicorn stands alone.

`a2wsgi.ASGIMiddleware` is a bridge for small apps: no websockets, no background tasks that outlive their request. It runs an \
event loop in a thread. uWSGI and PythonAnywhere import the app before they fork, and a thread does not survive a fork: there \
the bridge must be made at the first request, not at import.",
        bad: "\
from main import api as application
# main.py
from fastapi import FastAPI

api = FastAPI()",
        good: "\
from functools import cache

from a2wsgi import ASGIMiddleware

from main import api


@cache
def bridge():
    return ASGIMiddleware(api)


def application(environ, start_response):
    return bridge()(environ, start_response)
# main.py
from fastapi import FastAPI

api = FastAPI()",
        when_wrong: "\
When gunicorn is started with an ASGI worker class, or the file is served by uvicorn, hypercorn or daphne alone, silence the rule or exclude \
the entry.",
        pages: &[pages::PA_ASGI, pages::A2WSGI, pages::PEP_3333],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    let Application::Unusable { bound_at, fault, .. } = &context.load.application else { return };
    let Fault::Asgi { what, coroutine } = fault else { return };
    let Some((_, file)) = binding::entry(context) else { return };
    let host = context.deployment.host;
    let callable = &context.deployment.callable;
    let instead = match host {
        Host::PythonAnywhere => "its ASGI sites are made with `pa website create`",
        Host::Gunicorn => "it needs `--worker-class` with an ASGI worker",
        _ => "an ASGI server such as uvicorn can serve it",
    };
    let message = format!(
        "`{callable}` is {what}, and {} calls it as a WSGI application ({instead}): each request fails, visitors get {}",
        host.title(),
        context.visitor_sees(Failure::WrongCallable).phrase()
    );
    let mut finding = binding::finding(context, &RULE, Failure::WrongCallable, bound_at, message);
    finding.fixes = match coroutine.as_ref().and_then(|site| plain_function(context, site)) {
        Some(plain) => vec![plain],
        None => bridge(context, file, bound_at).into_iter().collect(),
    };
    prefer_first(&mut finding.fixes);
    report.findings.push(finding);
}

/// A WSGI function that is only `async` by habit: without `await` in it, the word can go.
fn plain_function(context: &Context<'_>, site: &Site) -> Option<Fix> {
    let file = context.file(&site.path)?;
    let def = nodes::function(&file, site.range)?;
    let wsgi = def.parameters.iter().any(|p| matches!(p.name().as_str(), "environ" | "start_response"));
    if !wsgi || waits(def) {
        return None;
    }
    let head = TextRange::new(def.start(), def.name.start());
    let at = file.slice(head).rfind("async")?;
    let rest = file.slice(head).get(at..)?;
    let length = rest.len() - rest.trim_start_matches("async").trim_start().len();
    let start = head.start() + TextSize::try_from(at).ok()?;
    let word = TextRange::at(start, TextSize::try_from(length).ok()?);
    fix("Remove `async`", Safety::Safe, &site.path, Some(vec![TextEdit::replace(word, "")]))
}

fn waits(def: &StmtFunctionDef) -> bool {
    struct Find(bool);
    impl<'a> Visitor<'a> for Find {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            match stmt {
                Stmt::For(inner) if inner.is_async => self.0 = true,
                Stmt::With(inner) if inner.is_async => self.0 = true,
                _ => visitor::walk_stmt(self, stmt),
            }
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            self.0 |= expr.is_await_expr();
            visitor::walk_expr(self, expr);
        }
        fn visit_comprehension(&mut self, comprehension: &'a ruff_python_ast::Comprehension) {
            self.0 |= comprehension.is_async;
            visitor::walk_comprehension(self, comprehension);
        }
    }
    let mut find = Find(false);
    find.visit_body(&def.body);
    find.0
}

/// Puts a2wsgi's bridge around the app: at import where workers import it themselves, else at the first request.
fn bridge(context: &Context<'_>, file: &PythonFile, bound_at: &Site) -> Option<Fix> {
    let binding = Binding::find(context, file, bound_at.range)?;
    let mut edits = match context.deployment.host {
        Host::Gunicorn | Host::ModWsgi => binding.rebind(|app| format!("ASGIMiddleware({app})"))?,
        Host::PythonAnywhere | Host::Uwsgi | Host::Passenger => late_bridge(context, file)?,
    };
    for import in ["from a2wsgi import ASGIMiddleware", "from functools import cache"] {
        let name = import.rsplit(' ').next().unwrap_or_default();
        if !edits.iter().any(|edit| edit.new_text.contains(name)) {
            continue;
        }
        if let Some(ImportEdit::Add(edit)) = fixes::add_import(file, import) {
            edits.push(edit);
        }
    }
    let title = "Bridge it with `a2wsgi.ASGIMiddleware` (no websockets, slower than an ASGI server)";
    fix(title, Safety::Review, &bound_at.path, Some(edits))
}

fn late_bridge(context: &Context<'_>, file: &PythonFile) -> Option<Vec<TextEdit>> {
    let callable = &context.deployment.callable;
    // The app keeps a name of its own, because the callable's name is given to the function below.
    let app = if callable == "asgi_app" { "asgi_application" } else { "asgi_app" };
    let text = format!(
        "{app} = {callable}\n\n\n@cache\ndef bridge():\n    return ASGIMiddleware({app})\n\n\ndef {callable}(environ, \
         start_response):\n    return bridge()(environ, start_response)"
    );
    let taken = [app, "bridge", "cache"].iter().any(|name| !fixes::uses_of(file, name).is_empty());
    if taken {
        return None;
    }
    let indent = &fixes::Style::of(file).indent;
    fixes::append_statement(file, &text.replace("    ", indent)).map(|edit| vec![edit])
}
