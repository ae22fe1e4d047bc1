//! `circular-import`: two modules import each other, and one asks the other for what it does not hold yet.

use std::path::Path;

use ruff_python_ast::Stmt;
use ruff_python_ast::helpers::is_docstring_stmt;
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::imports::{Fault, bound_names, faults, imported_name, statement_at};
use super::{Context, Fix, Guidance, Related, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{Effect, RaiseCause, Site, Step, StepKind};
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange};

/// The rule.
pub static RULE: Rule = Rule {
    id: "circular-import",
    summary: "modules import each other in a circle, and a name is asked for before it is bound",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
Python runs a module once, from top to bottom, when it is first imported. When `app.py` imports `views.py` and `views.py` imports \
`app.py`, the second import finds `app` half loaded: it holds what is bound above its own `import views`, and nothing below. A \
`from app import db` then raises `ImportError`, \"most likely due to a circular import\".

Which module is half loaded depends on which one is imported first, so a program can work when it is started as a script (then it is \
called `__main__`) and fail under a host, which imports it. PythonAnywhere, uWSGI and mod_wsgi answer every request with 500, \
gunicorn's workers leave and the proxy answers 502.

Bind first and import later, import inside the function that needs it, or put what both modules need into a third one.",
        bad: "\
# wsgi.py
from webapp import app as application
# webapp.py
from flask import Flask

from views import pages

app = Flask(__name__)
db = object()
app.register_blueprint(pages)
# views.py
from flask import Blueprint

from webapp import db

pages = Blueprint(\"pages\", __name__)",
        good: "\
# wsgi.py
from webapp import app as application
# webapp.py
from flask import Flask

from storage import db
from views import pages

app = Flask(__name__)
app.register_blueprint(pages)
# storage.py
db = object()
# views.py
from flask import Blueprint

from storage import db

pages = Blueprint(\"pages\", __name__)",
        when_wrong: "\
A circle in which nobody asks for a missing name does no harm and is not reported. When another module is imported first on your \
host, name the right entry in the settings.",
        pages: &[pages::PYTHON_IMPORT_PRACTICES, pages::PA_DEBUGGING_IMPORT_ERRORS],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for (effect, raise) in faults(context, Fault::Circular) {
        let RaiseCause::MissingName { module, name, path, .. } = &raise.cause else { continue };
        let closing = closing_import(effect, path);
        let circle = circle(effect, path, module);
        let message = format!(
            "`{}`: `{module}` is only half loaded and has no `{name}` yet, because the imports go round in a circle ({circle}): {}",
            raise.exception,
            context.cannot_load(effect)
        );
        let mut finding = context.finding(&RULE, effect, Failure::Raises, message);
        let bound =
            context.file(path).and_then(|file| fixes::statements_binding(&file, name).first().copied());
        finding.related.extend(bound.map(|range| Related {
            site: Site { path: path.clone(), range },
            message: format!("`{name}` is bound here, too late"),
        }));
        finding.fixes = fixes_for(context, effect, path, name, closing);
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

/// The import in the half-loaded module that leads back to it.
fn closing_import<'e>(effect: &'e Effect, path: &Path) -> Option<&'e Step> {
    effect
        .trail
        .iter()
        .rev()
        .find(|step| *step.site.path == *path && matches!(step.kind, StepKind::Import(_)))
}

/// The names of the modules on the way round: `app` -> `views` -> `app`.
fn circle(effect: &Effect, path: &Path, module: &str) -> String {
    let from = effect.trail.iter().rposition(|step| *step.site.path == *path).unwrap_or(0);
    let between = effect.trail.iter().skip(from).filter_map(|step| match &step.kind {
        StepKind::Import(name) => Some(name.as_str()),
        StepKind::Call(_) => None,
    });
    let mut names: Vec<String> =
        std::iter::once(module).chain(between).map(|name| format!("`{name}`")).collect();
    names.push(format!("`{module}`"));
    names.dedup();
    names.join(" -> ")
}

fn fixes_for(
    context: &Context<'_>,
    effect: &Effect,
    path: &std::sync::Arc<Path>,
    name: &str,
    closing: Option<&Step>,
) -> Vec<Fix> {
    let mut found = Vec::new();
    let (Some(half), Some(asking)) = (context.file(path), context.file(&effect.site.path)) else {
        return found;
    };
    if let Some(closing) = closing.filter(|step| step.at_module_level) {
        let wanted = wanted_names(&asking, effect, name);
        let edits = moved_below(&half, closing.statement, &wanted);
        let title = format!("Move `{}` below what it needs", first_line(half.slice(closing.statement)));
        found.extend(fix(title, Safety::Review, path, edits));
    }
    let edits = moved_into_function(&asking, effect);
    let title = "Import it inside the function that uses it";
    found.extend(fix(title, Safety::Review, &effect.site.path, edits));
    found
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or(text)
}

/// Everything that the failing statement asks the half-loaded module for.
fn wanted_names(file: &PythonFile, effect: &Effect, name: &str) -> Vec<String> {
    match imported_name(file, effect.site.range) {
        Some((import, _)) => import.names.iter().map(|alias| alias.name.to_string()).collect(),
        None => vec![name.to_owned()],
    }
}

/// Moves the import that closes the circle below the last definition that is needed; `None` when something on the way
/// uses what the import binds.
fn moved_below(file: &PythonFile, import: TextRange, wanted: &[String]) -> Option<Vec<TextEdit>> {
    let mut last = import;
    for name in wanted {
        // What is imported above the import stays where it is; a submodule is no name of the file.
        let Some(binding) = fixes::statements_binding(file, name).first().copied() else { continue };
        if binding.start() > last.start() {
            last = binding;
        }
    }
    if last == import {
        return None;
    }
    let statement = file.body().iter().find(|stmt| stmt.range() == import)?;
    let gap = TextRange::new(import.end(), last.end());
    let used = bound_names(statement)
        .iter()
        .flat_map(|name| fixes::uses_of(file, name))
        .any(|range| gap.contains_range(range));
    if used {
        return None;
    }
    fixes::move_statement_after(file, import, last)
}

/// Moves the failing import into the only function that uses its names.
fn moved_into_function(file: &PythonFile, effect: &Effect) -> Option<Vec<TextEdit>> {
    let import = statement_at(file, effect.site.range)?;
    if !file.body().iter().any(|stmt| stmt.range() == import.range()) || !import.is_import_from_stmt() {
        return None;
    }
    let uses: Vec<TextRange> = bound_names(import)
        .iter()
        .flat_map(|name| fixes::uses_of(file, name))
        .filter(|range| !import.range().contains_range(*range))
        .collect();
    let first = uses.first()?;
    let function = file.body().iter().find(|stmt| stmt.range().contains_range(*first))?;
    let Stmt::FunctionDef(function) = function else { return None };
    let body = TextRange::new(function.body.first()?.start(), function.end());
    if !uses.iter().all(|range| body.contains_range(*range)) {
        return None;
    }
    let start = usize::from(function.body.first().is_some_and(is_docstring_stmt));
    let anchor = function.body.get(start)?;
    fixes::move_statement_before(file, import.range(), anchor.range())
}
