//! `unresolved-import`: the host imports a module that it cannot find.

use std::path::Path;

use ruff_python_ast::{Stmt, StmtImportFrom};
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::imports::{Fault, faults, is_slip, part_naming, python_says, statement_at};
use super::search_path::add_folder;
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::{pages, stdlib};
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{Effect, RaiseCause, similar_names};
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange, TextSize};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unresolved-import",
    summary: "the app imports a module that the host cannot find",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
A module is looked for in the folders of `sys.path`, in order. On your own machine that list begins with the folder of the script \
that you start; a host starts its own program, so the list holds what the host was told: on PythonAnywhere what the WSGI file in \
`/var/www` adds, for uWSGI its `chdir` and `pythonpath`, for gunicorn the folder in which it starts. An import that works at home \
can fail there, and Linux distinguishes `Config` from `config`.

An import that fails while the app loads keeps it from loading at all: PythonAnywhere, uWSGI and mod_wsgi answer every request \
with 500, gunicorn's workers leave and the proxy answers 502. The traceback is in the error log.

A relative import (`from .config import KEY`) only works in a module that was itself imported as a part of a package.",
        bad: "\
from flaskapp import app as application
# flask_app.py
from flask import Flask

app = Flask(__name__)",
        good: "\
from flask_app import app as application
# flask_app.py
from flask import Flask

app = Flask(__name__)",
        when_wrong: "\
An installed package is only reported missing when the virtual environment was found and is complete. Name it with the setting \
`virtualenv`, or check the folder from which the host starts when modules of the project are not found.",
        pages: &[pages::PA_DEBUGGING_IMPORT_ERRORS, pages::PA_502_IMPORT_ERRORS, pages::PYTHON_RELATIVE_IMPORTS],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for (effect, raise) in faults(context, Fault::Unresolved) {
        let (why, mut fixes) = match &raise.cause {
            RaiseCause::MissingModule { module, missing, similar, reachable_from, .. } => {
                let similar = candidates(context, missing, similar);
                let why = match reachable_from {
                    Some(folder) => not_on_the_path(context, missing, folder),
                    None => match meant(missing, &similar) {
                        Some(name) => format!(" (is `{name}` meant?)"),
                        None => String::new(),
                    },
                };
                let mut fixes = corrected(context, effect, module, missing, &similar);
                if let Some(folder) = reachable_from {
                    fixes.extend(found_elsewhere(context, effect, missing, folder));
                }
                (why, fixes)
            }
            _ => {
                let why = " (this file is not loaded as a part of a package)".to_owned();
                (why, absolute_imports(context, effect).into_iter().collect())
            }
        };
        let message = format!("{}{why}: {}", python_says(raise), context.cannot_load(effect));
        let mut finding = context.finding(&RULE, effect, Failure::Raises, message);
        prefer_first(&mut fixes);
        finding.fixes = fixes;
        report.findings.push(finding);
    }
}

fn not_on_the_path(context: &Context<'_>, missing: &str, folder: &Path) -> String {
    let inner = context.display(folder);
    if inner.is_empty() {
        return format!(" (`{missing}` lies in the project's folder, which is not on the search path)");
    }
    format!(" (`{missing}` lies in `{inner}/`, which is not on the search path)")
}

/// The modules that may have been meant: the project's, the installed ones, those of the standard library.
fn candidates(context: &Context<'_>, missing: &str, similar: &[String]) -> Vec<String> {
    if !similar.is_empty() || missing.contains('.') {
        return similar.to_vec();
    }
    let standard: Vec<String> = stdlib::names(context.deployment.python).map(str::to_owned).collect();
    let public = |name: &String| name.starts_with('_') == missing.starts_with('_') && is_slip(missing, name);
    similar_names(missing, &standard).into_iter().filter(public).collect()
}

/// The only one of them that differs by a slip.
fn meant<'s>(missing: &str, similar: &'s [String]) -> Option<&'s String> {
    let written = missing.rsplit('.').next().unwrap_or(missing);
    let mut slips = similar.iter().filter(|name| is_slip(written, name));
    slips.next().filter(|_| slips.next().is_none())
}

/// Writes the module's name as it really is.
fn corrected(
    context: &Context<'_>,
    effect: &Effect,
    module: &str,
    missing: &str,
    similar: &[String],
) -> Vec<Fix> {
    let Some(file) = context.file(&effect.site.path) else { return Vec::new() };
    let Some(part) = part_naming(&file, effect.site.range, module, missing) else { return Vec::new() };
    let old = file.slice(part);
    let fixes = similar.iter().filter_map(|new| {
        let safety = if meant(missing, similar) == Some(new) { Safety::Safe } else { Safety::Review };
        let edits = rename_module(&file, effect.site.range, part, new);
        fix(format!("Import `{new}` instead of `{old}`"), safety, &effect.site.path, edits)
    });
    fixes.collect()
}

fn rename_module(file: &PythonFile, site: TextRange, part: TextRange, new: &str) -> Option<Vec<TextEdit>> {
    let old = file.slice(part);
    let mut edits = vec![fixes::rename_identifier(file, part, new)?];
    match statement_at(file, site)? {
        Stmt::ImportFrom(_) => {}
        Stmt::Import(import) => {
            let alias = import.names.iter().find(|alias| alias.range().contains_range(part))?;
            if alias.asname.is_none() {
                // What `import a.b` binds is used as an attribute of `a`, which no list of names shows.
                if alias.name.contains('.') {
                    return None;
                }
                for range in fixes::uses_of(file, old) {
                    if !alias.range().contains_range(range) {
                        edits.push(fixes::rename_identifier(file, range, new)?);
                    }
                }
            }
        }
        _ => return None,
    }
    Some(edits)
}

/// Ways to reach a module of the project that no folder of the search path holds.
fn found_elsewhere(context: &Context<'_>, effect: &Effect, missing: &str, folder: &Path) -> Vec<Fix> {
    let path = &effect.site.path;
    let Some(file) = context.file(path) else { return Vec::new() };
    let mut found = Vec::new();
    let in_package =
        context.load.modules.iter().any(|module| module.path == *path && module.name.contains('.'));
    if in_package && path.parent() == Some(folder) {
        let edit = relative_import(&file, effect);
        let title = format!("Import `{missing}` from the package of this file");
        found.extend(fix(title, Safety::Review, path, edit.map(|edit| vec![edit])));
    }
    let top_level = file.body().iter().find(|stmt| stmt.range().contains_range(effect.site.range));
    let statement = match top_level {
        Some(stmt) if effect.at_module_level => stmt.range(),
        _ => effect.statement,
    };
    let edit = add_folder(context, &file, path, statement, folder);
    let title = "Put the module's folder on the search path first";
    found.extend(fix(title, Safety::Review, path, edit.map(|edit| vec![edit])));
    found
}

/// `from helpers import x` as `from .helpers import x`, `import helpers` as `from . import helpers`.
fn relative_import(file: &PythonFile, effect: &Effect) -> Option<TextEdit> {
    match statement_at(file, effect.site.range)? {
        Stmt::ImportFrom(import) if import.level == 0 => {
            let at = import.module.as_ref()?.start();
            Some(TextEdit::replace(TextRange::empty(at), "."))
        }
        Stmt::Import(import) => {
            let [only] = import.names.as_slice() else { return None };
            let keyword = TextRange::new(import.start(), only.start());
            (!only.name.contains('.')).then(|| TextEdit::replace(keyword, "from . import "))
        }
        _ => None,
    }
}

/// The relative imports of a module without a package, written as absolute ones: all of them, or the next one would fail.
fn absolute_imports(context: &Context<'_>, effect: &Effect) -> Option<Fix> {
    let path = &effect.site.path;
    let file = context.file(path)?;
    let Stmt::ImportFrom(failing) = statement_at(&file, effect.site.range)? else { return None };
    let mut edits = vec![absolute(context, &file, path, failing)?];
    for stmt in file.body() {
        if let Stmt::ImportFrom(import) = stmt
            && import.level == failing.level
            && import.range() != failing.range()
        {
            edits.extend(absolute(context, &file, path, import));
        }
    }
    let folder = folder_of(path, failing)?;
    let on_path = context.deployment.search_path.iter().any(|known| known == folder)
        || context.deployment.entry.parent() == Some(folder)
        || context.load.modules.iter().any(|module| module.path == *path && !module.name.contains('.'));
    let safety = if on_path { Safety::Safe } else { Safety::Review };
    fix("Import by the absolute name", safety, path, Some(edits))
}

/// The folder that the dots of a relative import lead to.
fn folder_of<'p>(path: &'p Path, import: &StmtImportFrom) -> Option<&'p Path> {
    let mut folder = path.parent()?;
    for _ in 1..import.level {
        folder = folder.parent()?;
    }
    Some(folder)
}

fn absolute(
    context: &Context<'_>,
    file: &PythonFile,
    path: &Path,
    import: &StmtImportFrom,
) -> Option<TextEdit> {
    let folder = folder_of(path, import)?;
    let holds = |name: &str| {
        let top = name.split('.').next().unwrap_or(name);
        let snapshot = context.snapshot;
        snapshot.is_file(&folder.join(format!("{top}.py"))) || snapshot.is_dir(&folder.join(top))
    };
    if let Some(module) = &import.module {
        let dots = dots_of(file, import)?;
        return holds(module).then(|| TextEdit::replace(dots, ""));
    }
    let first = import.names.first()?;
    let plain = !file.slice(import.range()).contains('(');
    let keyword = TextRange::new(import.start(), first.start());
    let all_there = plain && import.names.iter().all(|alias| holds(&alias.name));
    all_there.then(|| TextEdit::replace(keyword, "import "))
}

/// The dots of a relative import.
fn dots_of(file: &PythonFile, import: &StmtImportFrom) -> Option<TextRange> {
    let text = file.slice(import.range());
    let start = text.find('.')?;
    let dots = text.get(start..)?.chars().take_while(|c| *c == '.').count();
    let at = import.start() + TextSize::try_from(start).ok()?;
    Some(TextRange::at(at, TextSize::try_from(dots).ok()?))
}
