//! `missing-import-name`: the module is there, and does not hold what is asked of it.

use std::path::Path;
use std::sync::Arc;

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::imports::{Fault, bound_names, faults, imported_name, is_slip, python_says, rename_imported};
use super::{Context, Fix, Guidance, Related, Reporter, Rule, Safety, Severity, nodes};
use crate::catalog::pages;
use crate::fixes::{self, ImportEdit};
use crate::hosting::Failure;
use crate::load::{Effect, RaiseCause, Site};
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange, TextSize};

/// The rule.
pub static RULE: Rule = Rule {
    id: "missing-import-name",
    summary: "the app asks a module for a name that it does not hold",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
`from flask_app import application` needs a name `application` in `flask_app.py` when the module has run: bound on its top level, \
not inside a function, and not only under `if __name__ == \"__main__\":`, which is never true under a host. A slip of the fingers is \
enough, and so is a name that was changed in one file only.

Python raises `ImportError`, or `AttributeError` for `module.name`. While the app loads, either of them keeps it from loading: \
PythonAnywhere, uWSGI and mod_wsgi answer every request with 500, gunicorn's workers leave and the proxy answers 502.",
        bad: "\
from flask_app import application
# flask_app.py
from flask import Flask

app = Flask(__name__)",
        good: "\
from flask_app import app as application
# flask_app.py
from flask import Flask

app = Flask(__name__)",
        when_wrong: "\
Names that a module gets through `exec`, `globals()` or a star import of a library cannot be seen; then nothing is reported.",
        pages: &[pages::PA_FLASK_WSGI, pages::PA_502_IMPORT_ERRORS, pages::PA_DEBUGGING_IMPORT_ERRORS],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for (effect, raise) in faults(context, Fault::MissingName) {
        let RaiseCause::MissingName { module, name, similar, path, .. } = &raise.cause else { continue };
        let Some(file) = context.file(&effect.site.path) else { continue };
        let applications = applications(context, &file, effect, path);
        let meant = meant(name, similar).or(applications.first().filter(|_| applications.len() == 1));
        let hint = meant.map_or(String::new(), |meant| format!(" (is `{meant}` meant?)"));
        let message = format!("{}{hint}: {}", python_says(raise), context.cannot_load(effect));
        let mut finding = context.finding(&RULE, effect, Failure::Raises, message);
        if let Some(range) = meant.and_then(|meant| binding(context, path, meant)) {
            finding.related.push(Related {
                site: Site { path: path.clone(), range },
                message: format!("`{module}` binds `{}` here", meant.map_or("", String::as_str)),
            });
        }
        finding.fixes = fixes_for(context, &file, effect, (module, name, path), similar, &applications);
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

/// The only one of the real names that differs by a slip.
fn meant<'s>(name: &str, similar: &'s [String]) -> Option<&'s String> {
    let mut slips = similar.iter().filter(|real| is_slip(name, real));
    slips.next().filter(|_| slips.next().is_none())
}

fn binding(context: &Context<'_>, path: &Path, name: &str) -> Option<TextRange> {
    let file = context.file(path)?;
    let statement = fixes::statements_binding(&file, name).first().copied()?;
    fixes::uses_of(&file, name).into_iter().find(|range| statement.contains_range(*range))
}

/// The names of the module that hold what a call gives and look like its application, when the missing name becomes the
/// callable that the host asks for.
fn applications(context: &Context<'_>, file: &PythonFile, effect: &Effect, module: &Path) -> Vec<String> {
    const USUAL: &[&str] = &["app", "application", "server", "flask_app", "wsgi_app", "api", "site"];
    let Some((import, at)) = imported_name(file, effect.site.range) else { return Vec::new() };
    let Some(alias) = import.names.get(at) else { return Vec::new() };
    let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
    if bound != context.deployment.callable || *effect.site.path != *context.deployment.entry {
        return Vec::new();
    }
    let Some(module) = context.file(module) else { return Vec::new() };
    let assigned = module.body().iter().filter_map(|stmt| match stmt {
        Stmt::Assign(assign) => match (assign.targets.as_slice(), &*assign.value) {
            ([Expr::Name(name)], Expr::Call(_)) => Some(name.id.as_str()),
            _ => None,
        },
        _ => None,
    });
    let mut names: Vec<String> = assigned.filter(|name| USUAL.contains(name)).map(str::to_owned).collect();
    names.dedup();
    names
}

fn fixes_for(
    context: &Context<'_>,
    file: &PythonFile,
    effect: &Effect,
    (module, name, module_path): (&str, &str, &Path),
    similar: &[String],
    applications: &[String],
) -> Vec<Fix> {
    let path = &effect.site.path;
    let mut found: Vec<Fix> = out_of_the_guard(context, module_path, name).into_iter().collect();
    if let Some((import, at)) = imported_name(file, effect.site.range) {
        let Some(alias) = import.names.get(at) else { return found };
        for real in applications {
            let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
            let text = if real == bound { real.clone() } else { format!("{real} as {bound}") };
            let safety = if applications.len() == 1 { Safety::Safe } else { Safety::Review };
            let edit = TextEdit::replace(alias.range(), &text);
            found.extend(fix(format!("Import `{text}`"), safety, path, Some(vec![edit])));
        }
        for real in similar.iter().filter(|real| !applications.contains(real)) {
            let safe = applications.is_empty() && meant(name, similar) == Some(real);
            let edits = rename_imported(file, alias, real);
            found.extend(fix(format!("Import `{real}` instead of `{name}`"), safety(safe), path, edits));
        }
    } else {
        for real in similar {
            let edits = attribute_name(file, effect.site.range, name)
                .and_then(|range| fixes::rename_identifier(file, range, real))
                .map(|edit| vec![edit]);
            let safe = meant(name, similar) == Some(real);
            found.extend(fix(format!("Use `{real}` instead of `{name}`"), safety(safe), path, edits));
        }
        if is_submodule(context, module_path, name) {
            found.extend(submodule_import(file, effect, module, name));
        }
    }
    found
}

fn safety(safe: bool) -> Safety {
    if safe { Safety::Safe } else { Safety::Review }
}

/// The name behind the dot of `module.name`.
fn attribute_name(file: &PythonFile, attribute: TextRange, name: &str) -> Option<TextRange> {
    let length = TextSize::of(name);
    let start = attribute.end().checked_sub(length)?;
    let range = TextRange::at(start, length);
    (attribute.contains_range(range) && file.slice(range) == name).then_some(range)
}

fn is_submodule(context: &Context<'_>, package: &Path, name: &str) -> bool {
    let Some(folder) = package.parent().filter(|_| package.ends_with("__init__.py")) else { return false };
    context.snapshot.is_file(&folder.join(format!("{name}.py")))
        || context.snapshot.is_file(&folder.join(name).join("__init__.py"))
}

/// `import package` does not bring the modules of the package: `import package.module` does.
fn submodule_import(file: &PythonFile, effect: &Effect, module: &str, name: &str) -> Option<Fix> {
    let above = |stmt: &&Stmt| {
        stmt.end() <= effect.site.range.start()
            && matches!(stmt, Stmt::Import(import) if import.names.iter().any(|alias| alias.name.as_str() == module))
    };
    file.body().iter().find(above)?;
    let text = format!("import {module}.{name}");
    let Some(ImportEdit::Add(edit)) = fixes::add_import(file, &text) else { return None };
    (edit.range.start() <= effect.site.range.start())
        .then(|| fix(format!("Add `{text}`"), Safety::Review, &effect.site.path, Some(vec![edit])))
        .flatten()
}

/// Moves the import of a name, which a module only makes as a script, above the guard.
fn out_of_the_guard(context: &Context<'_>, module: &Path, name: &str) -> Option<Fix> {
    let file = context.file(module)?;
    let guards = fixes::statements_binding(&file, name);
    let [guard] = guards.as_slice() else { return None };
    let Stmt::If(guarded) = nodes::statement(&file, *guard)? else { return None };
    let import = guarded.body.iter().find(|stmt| bound_names(stmt).contains(&name))?;
    let title = format!("Import `{name}` above `if {}:`", file.slice(guarded.test.range()));
    let mut edits = fixes::remove_statement(&file, import.range())?;
    edits.push(fixes::insert_before(&file, *guard, file.slice(import.range()))?);
    fix(title, Safety::Review, &Arc::from(module), Some(edits))
}
