//! `shared-global-state`: a request keeps its data in the memory of its worker.

use rustc_hash::FxHashSet;

use ruff_python_ast::{Expr, Stmt};

use super::handlers::InRequest;
use super::{Context, Guidance, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::load::EffectKind;

/// Parts of names that say that losing what is kept there does no harm, or that it is made anew.
const HARMLESS: &[&str] = &[
    "cache", "memo", "pool", "client", "conn", "model", "lock", "registry", "loaded", "session", "instance",
    "engine",
];

/// The rule.
pub static RULE: Rule = Rule {
    id: "shared-global-state",
    summary: "a request keeps data in a variable of its module",
    severity: Severity::Information,
    guidance: Guidance {
        explanation: "\
Hosts run several workers, and each has a memory of its own: what one request puts into a list or a global variable, the next request, served by another worker, does not \
find. And all of it is lost when a worker is replaced or the site is reloaded, which hosts do whenever they like.

Keep data in a database or a file. What can be computed again at any time may stay in memory.",
        bad: "\
# flask_app.py
from flask import Flask, request

app = Flask(__name__)
todos = []


@app.post(\"/todos\")
def add():
    todos.append(request.form[\"title\"])
    return \"added\"",
        good: "\
# flask_app.py
import sqlite3
from flask import Flask, request

app = Flask(__name__)


@app.post(\"/todos\")
def add():
    with sqlite3.connect(\"/home/you/todos.db\") as database:
        database.execute(\"CREATE TABLE IF NOT EXISTS todo (title)\")
        database.execute(\"INSERT INTO todo VALUES (?)\", [request.form[\"title\"]])
    return \"added\"",
        when_wrong: "A cache, a counter that need not be right, or a host with one worker that is never reloaded: silence it, or call it a cache.",
        pages: &[pages::PA_TASK_QUEUE],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    let mut told = FxHashSet::default();
    for what in context.in_requests(|kind| matches!(kind, EffectKind::ChangesState(_))) {
        let EffectKind::ChangesState(name) = &what.effect.kind else { continue };
        if is_harmless(context, &what, name) || !told.insert((what.effect.site.path.clone(), name.clone())) {
            continue;
        }
        let message = format!(
            "`{name}` is kept in the memory of one worker: what {} changes there other workers do not see, and the next reload loses it",
            what.subject()
        );
        report.findings.push(context.request_finding(&RULE, &what, Severity::Information, None, message));
    }
}

/// Whether the variable is named as one that may be lost, or is nothing until it is first needed.
fn is_harmless(context: &Context<'_>, what: &InRequest<'_>, name: &str) -> bool {
    let lower = name.to_lowercase();
    if name.starts_with('_') || HARMLESS.iter().any(|part| lower.contains(part)) {
        return true;
    }
    let Some(file) = context.file(&what.effect.site.path) else { return true };
    let starts_empty = |stmt: &Stmt| match stmt {
        Stmt::Assign(assign) => {
            assign.value.is_none_literal_expr()
                && assign.targets.iter().any(|target| matches!(target, Expr::Name(inner) if inner.id == name))
        }
        Stmt::AnnAssign(assign) => {
            assign.value.as_ref().is_none_or(|value| value.is_none_literal_expr())
                && matches!(&*assign.target, Expr::Name(inner) if inner.id == name)
        }
        _ => false,
    };
    file.body().iter().any(starts_empty)
}
