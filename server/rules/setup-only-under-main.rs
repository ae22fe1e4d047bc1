//! `setup-only-under-main`: what handlers need is only set up when the file is run by hand.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ExprContext, Stmt, StmtIf};
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::handlers::InRequest;
use super::{Context, Finding, Fix, Guidance, Related, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::{Failure, VisitorSees};
use crate::load::{Certainty, Effect, EffectKind, LoadedModule, RaiseCause, Site};
use crate::syntax::python::PythonFile;

/// The rule.
pub static RULE: Rule = Rule {
    id: "setup-only-under-main",
    summary: "what requests need is only set up under `if __name__ == \"__main__\":`",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
A host imports the file, and then `__name__` is not `\"__main__\"`: nothing under that guard is executed. A name that is only bound there is unknown when a request \
comes, which then fails with `NameError` and 500 Internal Server Error, and tables that are only made there do not exist.

Only the start of the development server belongs under the guard. Move everything else above it.",
        bad: "\
# flask_app.py
import json
from flask import Flask

app = Flask(__name__)


@app.route(\"/\")
def index():
    return settings[\"title\"]


if __name__ == \"__main__\":
    settings = {\"title\": \"Home\"}
    app.run()",
        good: "\
# flask_app.py
import json
from flask import Flask

app = Flask(__name__)
settings = {\"title\": \"Home\"}


@app.route(\"/\")
def index():
    return settings[\"title\"]


if __name__ == \"__main__\":
    app.run()",
        when_wrong: "When the tables were made by hand or by migrations, silence the advice about them.",
        pages: &[pages::PA_FLASK_RUN],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for what in context.in_requests(|kind| matches!(kind, EffectKind::Raises(_))) {
        if what.effect.certainty < Certainty::Likely {
            continue;
        }
        report.findings.extend(name(context, &what));
    }
    if !context.requests.handlers.is_empty() {
        report.findings.extend(context.load.modules.iter().filter_map(|module| tables(context, module)));
    }
}

/// A name that a handler needs.
fn name(context: &Context<'_>, what: &InRequest<'_>) -> Option<Finding> {
    let name = undefined(what.effect)?;
    let file = context.file(&what.effect.site.path)?;
    let (guard, stmt) = bound_under_main(&file, name)?;
    let certain = what.effect.certainty == Certainty::Certain;
    let severity = if certain { Severity::Error } else { Severity::Warning };
    let failure = Failure::RaisesInRequest;
    let message = format!(
        "`{name}` is only bound under `if __name__ == \"__main__\":`, which no host executes: {} fails with `NameError`, the visitor gets {}",
        what.subject(),
        context.visitor_sees(failure).phrase()
    );
    let mut finding = context.request_finding(&RULE, what, severity, Some(failure), message);
    let path = &what.effect.site.path;
    finding.related.push(Related {
        site: Site { path: path.clone(), range: stmt.range() },
        message: format!("binds `{name}`, when the file is run by hand"),
    });
    finding.fixes = move_above(&file, guard, stmt, path, name).into_iter().collect();
    prefer_first(&mut finding.fixes);
    Some(finding)
}

/// Whether an exception is about a name that is only bound under the guard.
pub(super) fn is_about(context: &Context<'_>, effect: &Effect) -> bool {
    let found = || {
        let file = context.file(&effect.site.path)?;
        bound_under_main(&file, undefined(effect)?).map(drop)
    };
    found().is_some()
}

fn undefined(effect: &Effect) -> Option<&str> {
    let EffectKind::Raises(raise) = &effect.kind else { return None };
    match &raise.cause {
        RaiseCause::UndefinedName { name, .. } => Some(name),
        _ => None,
    }
}

/// The statement under a guard that binds a name, and the guard.
fn bound_under_main<'f>(file: &'f PythonFile, name: &str) -> Option<(&'f StmtIf, &'f Stmt)> {
    let guards = file.body().iter().filter_map(fixes::main_guard);
    guards
        .flat_map(|guard| guard.body.iter().map(move |stmt| (guard, stmt)))
        .find(|(_, stmt)| binds(stmt, name))
}

fn binds(stmt: &Stmt, name: &str) -> bool {
    names_of(std::slice::from_ref(stmt), ExprContext::Store).iter().any(|bound| bound == name)
}

/// The names that statements bind, or those that they read.
fn names_of(body: &[Stmt], wanted: ExprContext) -> Vec<String> {
    struct Find {
        wanted: ExprContext,
        names: Vec<String>,
    }
    impl<'s> Visitor<'s> for Find {
        fn visit_stmt(&mut self, stmt: &'s Stmt) {
            match stmt {
                Stmt::FunctionDef(def) if self.wanted == ExprContext::Store => {
                    self.names.push(def.name.to_string())
                }
                Stmt::ClassDef(def) if self.wanted == ExprContext::Store => {
                    self.names.push(def.name.to_string())
                }
                Stmt::Import(import) if self.wanted == ExprContext::Store => {
                    let bound = |alias: &ruff_python_ast::Alias| {
                        alias.asname.as_ref().unwrap_or(&alias.name).to_string()
                    };
                    self.names.extend(import.names.iter().map(bound));
                }
                Stmt::ImportFrom(import) if self.wanted == ExprContext::Store => {
                    let bound = |alias: &ruff_python_ast::Alias| {
                        alias.asname.as_ref().unwrap_or(&alias.name).to_string()
                    };
                    self.names.extend(import.names.iter().map(bound));
                }
                _ => visitor::walk_stmt(self, stmt),
            }
        }
        fn visit_expr(&mut self, expr: &'s Expr) {
            if let Expr::Name(name) = expr
                && name.ctx == self.wanted
            {
                self.names.push(name.id.to_string());
            }
            visitor::walk_expr(self, expr);
        }
    }
    let mut find = Find { wanted, names: Vec::new() };
    find.visit_body(body);
    find.names
}

/// Moves the statement above the guard, when it needs nothing that the guard binds before it.
fn move_above(
    file: &PythonFile,
    guard: &StmtIf,
    stmt: &Stmt,
    path: &std::sync::Arc<std::path::Path>,
    name: &str,
) -> Option<Fix> {
    let text = file.slice(stmt.range());
    let at = guard.body.iter().position(|other| other.range() == stmt.range())?;
    let before = names_of(guard.body.get(..at)?, ExprContext::Store);
    let read = names_of(std::slice::from_ref(stmt), ExprContext::Load);
    if text.contains('\n') || read.iter().any(|name| before.contains(name)) {
        return None;
    }
    let mut edits = fixes::remove_statement(file, stmt.range())?;
    edits.push(fixes::insert_before(file, guard.range(), text)?);
    fix(format!("Bind `{name}` above the guard"), Safety::Review, path, Some(edits))
}

/// Tables that are only made under the guard.
fn tables(context: &Context<'_>, module: &LoadedModule) -> Option<Finding> {
    let guards = module.file.body().iter().filter_map(fixes::main_guard);
    let call = guards.flat_map(|guard| create_all(&guard.body)).next()?;
    let everywhere = |module: &LoadedModule| create_all(module.file.body()).len();
    // Made elsewhere as well, or by migrations.
    let migrates = |module: &LoadedModule| module.file.source().text().contains("flask_migrate");
    if context.load.modules.iter().map(everywhere).sum::<usize>() > 1
        || context.load.modules.iter().any(migrates)
    {
        return None;
    }
    let message = format!(
        "`{}()` only runs when the file is run by hand: on {} the tables do not exist until somebody makes them",
        module.file.slice(call).split('(').next().unwrap_or_default(),
        context.deployment.host.title()
    );
    Some(Finding {
        rule: &RULE,
        severity: Severity::Information,
        certainty: Certainty::Likely,
        message,
        site: Site { path: module.path.clone(), range: call },
        related: Vec::new(),
        failure: None,
        visitor_sees: VisitorSees::Ok,
        fixes: Vec::new(),
    })
}

/// Calls of `create_all`, as SQLAlchemy's metadata and Flask-SQLAlchemy's `db` have it.
fn create_all(body: &[Stmt]) -> Vec<crate::text::TextRange> {
    #[derive(Default)]
    struct Find(Vec<crate::text::TextRange>);
    impl<'s> Visitor<'s> for Find {
        fn visit_expr(&mut self, expr: &'s Expr) {
            if let Expr::Call(call) = expr
                && matches!(&*call.func, Expr::Attribute(method) if method.attr.as_str() == "create_all")
            {
                self.0.push(call.range());
            }
            visitor::walk_expr(self, expr);
        }
    }
    let mut find = Find::default();
    find.visit_body(body);
    find.0
}
