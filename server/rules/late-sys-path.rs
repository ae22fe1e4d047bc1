//! `late-sys-path`: the import comes before the line that makes it possible.

use std::path::Path;

use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::imports::{Fault, bound_names, faults, python_says};
use super::search_path::{add_folder, path_statements};
use super::{Context, Fix, Guidance, Related, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{Effect, RaiseCause, Site};
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange};

/// The rule.
pub static RULE: Rule = Rule {
    id: "late-sys-path",
    summary: "an import comes before the `sys.path` line that makes it possible",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
Python runs a WSGI file from top to bottom. An import that needs a folder of `sys.path` fails when the line that adds the folder \
comes later, and then that line never runs. PythonAnywhere, uWSGI and mod_wsgi answer every request with 500, gunicorn's \
workers leave and the proxy answers 502.

Tools that sort imports like to move them above the `sys.path` lines; `# noqa: E402` (and `# isort: skip`) behind the import keeps \
it where it has to be.",
        bad: "\
# var_www/jane_pythonanywhere_com_wsgi.py
import sys

from flask_app import app as application

sys.path.insert(0, \"/home/jane/mysite\")
# mysite/flask_app.py
from flask import Flask

app = Flask(__name__)",
        good: "\
# var_www/jane_pythonanywhere_com_wsgi.py
import sys

sys.path.insert(0, \"/home/jane/mysite\")

from flask_app import app as application  # noqa: E402
# mysite/flask_app.py
from flask import Flask

app = Flask(__name__)",
        when_wrong: "\
When the host adds the folder by itself, for example with uWSGI's `pythonpath`, the line is not needed: \
remove it, or silence the finding.",
        pages: &[pages::PA_DEBUGGING_IMPORT_ERRORS, pages::PA_FLASK_WSGI],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for (effect, raise) in faults(context, Fault::LatePath) {
        let RaiseCause::MissingModule { reachable_from: Some(folder), .. } = &raise.cause else { continue };
        let Some(file) = context.file(&effect.site.path) else { continue };
        let later = later_line(&file, effect, folder);
        let line = later.map_or(String::new(), |range| {
            format!(
                ", because line {} makes its folder known only after it",
                file.source().line(range.start())
            )
        });
        let message = format!("{}{line}: {}", python_says(raise), context.cannot_load(effect));
        let mut finding = context.finding(&RULE, effect, Failure::Raises, message);
        finding.related.extend(later.map(|range| Related {
            site: Site { path: effect.site.path.clone(), range },
            message: "adds the folder to the search path, too late".to_owned(),
        }));
        finding.fixes = fixes_for(context, effect, &file, folder, later);
        report.findings.push(finding);
    }
}

/// The later statement that puts the folder on the search path: one that names it, or else the last.
fn later_line(file: &PythonFile, effect: &Effect, folder: &Path) -> Option<TextRange> {
    let later = path_statements(file, effect.statement.end());
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    later.iter().find(|range| file.slice(**range).contains(&name)).or(later.last()).copied()
}

fn fixes_for(
    context: &Context<'_>,
    effect: &Effect,
    file: &PythonFile,
    folder: &Path,
    later: Option<TextRange>,
) -> Vec<Fix> {
    let path = &effect.site.path;
    let mut found = Vec::new();
    let moved = later.and_then(|later| moved_below(context, effect, file, folder, later));
    found.extend(fix("Move the import below the `sys.path` line", Safety::Safe, path, moved));
    if found.is_empty() {
        let edit = add_folder(context, file, path, effect.statement, folder);
        let title = "Put the module's folder on the search path first";
        found.extend(fix(title, Safety::Review, path, edit.map(|edit| vec![edit])));
    }
    prefer_first(&mut found);
    found
}

/// Moves the import, and those after it that need the folder too, below the line; `None` when something between them uses
/// what they bind.
fn moved_below(
    context: &Context<'_>,
    effect: &Effect,
    file: &PythonFile,
    folder: &Path,
    later: TextRange,
) -> Option<Vec<TextEdit>> {
    let between = |stmt: &&Stmt| stmt.start() >= effect.statement.start() && stmt.end() <= later.start();
    let needs = |stmt: &&Stmt| {
        imported_modules(stmt).iter().any(|module| {
            let top = module.split('.').next().unwrap_or(module);
            context.snapshot.is_file(&folder.join(format!("{top}.py")))
                || context.snapshot.is_dir(&folder.join(top))
        })
    };
    let moved: Vec<&Stmt> = file.body().iter().filter(between).filter(needs).collect();
    if moved.first()?.range() != effect.statement {
        return None;
    }
    let gap = TextRange::new(effect.statement.start(), later.end());
    let in_moved = |range: TextRange| moved.iter().any(|stmt| stmt.range().contains_range(range));
    let mut edits = Vec::new();
    for stmt in &moved {
        let used = bound_names(stmt)
            .iter()
            .flat_map(|name| fixes::uses_of(file, name))
            .any(|range| gap.contains_range(range) && !in_moved(range));
        if used {
            return None;
        }
        edits.extend(fixes::move_statement_after(file, stmt.range(), later)?);
    }
    Some(edits)
}

fn imported_modules(stmt: &Stmt) -> Vec<&str> {
    match stmt {
        Stmt::Import(import) => import.names.iter().map(|alias| alias.name.as_str()).collect(),
        Stmt::ImportFrom(import) => import.module.iter().map(|module| module.as_str()).collect(),
        _ => Vec::new(),
    }
}
