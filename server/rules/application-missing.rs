//! `application-missing`: the entry loads, and the name that the host asks for is not there.

use std::path::Path;
use std::sync::Arc;

use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::imports::statement_at;
use super::search_path::folder_value;
use super::{Context, Finding, Fix, Guidance, Note, Related, Reporter, Rule, Safety, Severity, project_apps};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{Application, Certainty, Missing, Place, Site};
use crate::syntax::python::PythonFile;
use crate::text::{TextRange, TextSize};

/// So many applications of the project are offered.
const MOST_OFFERED: usize = 3;

/// The rule.
pub static RULE: Rule = Rule {
    id: "application-missing",
    summary: "the entry does not bind the name that the host asks for",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
PEP 3333 wants a callable, and hosts look for it under one name in the module that they import: `application`, unless they are told \
another one (`callable` in uWSGI, `module:name` in gunicorn). When the import is over and the name is not there, uWSGI and \
PythonAnywhere answer every request with 500 and log \"no python application found\"; gunicorn's workers leave, and the proxy \
answers 502.

Common reasons: the object has another name (`app`), a slip of the fingers (`aplication`), the binding stands under \
`if __name__ == \"__main__\":` or inside a function, or a caught `ImportError` hides that the import failed.",
        bad: "\
# var_www/jane_pythonanywhere_com_wsgi.py
import sys

sys.path.insert(0, \"/home/jane/mysite\")

from flask_app import app
# mysite/flask_app.py
from flask import Flask

app = Flask(__name__)",
        good: "\
# var_www/jane_pythonanywhere_com_wsgi.py
import sys

sys.path.insert(0, \"/home/jane/mysite\")

from flask_app import app as application
# mysite/flask_app.py
from flask import Flask

app = Flask(__name__)",
        when_wrong: "\
When the host is configured with another name, set `callable`. Names that are bound by `exec`, by a star import of a library or \
through `globals()` cannot be seen; then nothing is reported.",
        pages: &[pages::PA_FLASK_WSGI, pages::PA_502_IMPORT_ERRORS, pages::PEP_3333],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    let Some(entry) = context.load.modules.first() else { return };
    let callable = &context.deployment.callable;
    match &context.load.application {
        Application::Missing(missing) => {
            let (site, reason) = blame(context, missing, &entry.path, &entry.file);
            let visitor_sees = context.visitor_sees(Failure::NoApplication);
            let certainty = if missing.assumed { Certainty::Likely } else { Certainty::Certain };
            let mut fixes = fixes_for(context, missing, &entry.path, &entry.file);
            prefer_first(&mut fixes);
            let related = missing.other_applications.iter().map(|(name, site)| Related {
                site: site.clone(),
                message: format!("`{name}` is an application"),
            });
            report.findings.push(Finding {
                rule: &RULE,
                severity: if missing.assumed { Severity::Warning } else { RULE.severity },
                certainty,
                message: format!(
                    "{} finds no `{callable}` in this file{reason}: visitors get {}",
                    context.deployment.host.title(),
                    visitor_sees.phrase()
                ),
                site,
                related: related.collect(),
                failure: Some(Failure::NoApplication),
                visitor_sees,
                fixes,
            });
        }
        Application::Hidden(site) => {
            let visitor_sees = context.visitor_sees(Failure::HiddenApplication);
            report.findings.push(Finding {
                rule: &RULE,
                severity: RULE.severity,
                certainty: Certainty::Certain,
                message: format!(
                    "{} looks for `{callable}` in the module's own names and does not ask `__getattr__`: visitors get {}",
                    context.deployment.host.title(),
                    visitor_sees.phrase()
                ),
                site: site.clone(),
                related: Vec::new(),
                failure: Some(Failure::HiddenApplication),
                visitor_sees,
                fixes: Vec::new(),
            });
        }
        Application::Usable { bound_at: Some(site), what } => {
            let page = RULE.guidance.pages[2];
            report.notes.push(Note {
                site: site.clone(),
                markdown: format!(
                    "`{callable}` is {what}: {} calls it for each request. [{}]({})",
                    context.deployment.host.title(),
                    page.title,
                    page.url
                ),
            });
        }
        _ => {}
    }
}

/// Where to show it, and the reason as the middle of a sentence.
fn blame(context: &Context<'_>, missing: &Missing, path: &Arc<Path>, file: &PythonFile) -> (Site, String) {
    let callable = &context.deployment.callable;
    if let Some((place, site)) = &missing.elsewhere {
        let reason = match place {
            _ if missing.removed_at.is_some() => String::new(),
            Place::Function(name) => format!(": it is a local name of `{name}`"),
            Place::Class(name) => format!(": it is an attribute of the class `{name}`"),
            Place::Condition(test) => {
                let test = file.slice(*test).split_whitespace().collect::<Vec<_>>().join(" ");
                format!(": `{test}` does not hold there")
            }
            Place::FailedImport => ": the import that brings it fails, and the error is caught".to_owned(),
            Place::NotReached => String::new(),
        };
        if missing.removed_at.is_none() {
            return (site.clone(), reason);
        }
    }
    if let Some(site) = &missing.removed_at {
        return (site.clone(), ": this takes the name away".to_owned());
    }
    if let Some((name, site)) = missing.similar.first() {
        return (site.clone(), format!(" (is `{name}` a slip?)"));
    }
    if let Some((name, site)) = missing.other_applications.first() {
        return (site.clone(), format!(": the application is called `{name}`"));
    }
    if let Some(site) = &missing.star_import {
        return (site.clone(), format!(": this import does not bring a name `{callable}`"));
    }
    if let Some((name, site)) = missing.factories.first() {
        return (site.clone(), format!(": nobody calls `{name}`"));
    }
    // The fault is an absence: the last statement shows where the name could be bound.
    let last = file.body().last().map_or(TextRange::default(), Ranged::range);
    let line = file.source().line_range(file.source().line(last.start()));
    (Site { path: path.clone(), range: line }, String::new())
}

fn fixes_for(context: &Context<'_>, missing: &Missing, path: &Arc<Path>, file: &PythonFile) -> Vec<Fix> {
    let callable = &context.deployment.callable;
    let mut found = Vec::new();
    // Adding a name that nothing has changes nothing for a healthy run; choosing among several is for a person.
    let only = |count: usize| if count == 1 { Safety::Safe } else { Safety::Review };
    if let Some(site) = &missing.removed_at
        && let Some(statement) = fixes::enclosing_statement(file, site.range)
        && file.slice(statement).starts_with("del ")
    {
        let title = format!("Remove `{}`", file.slice(statement));
        found.extend(fix(title, Safety::Safe, path, fixes::remove_statement(file, statement)));
    }
    for (name, site) in &missing.similar {
        let edits = rename(file, site.range, name, callable);
        found.extend(fix(
            format!("Rename `{name}` to `{callable}`"),
            only(missing.similar.len()),
            path,
            edits,
        ));
    }
    if missing.similar.is_empty() {
        for (name, site) in &missing.other_applications {
            let text = format!("{callable} = {name}");
            let edit = after_binding(file, site.range, &text);
            let safety = only(missing.other_applications.len());
            found.extend(fix(format!("Add `{text}`"), safety, path, edit.map(|edit| vec![edit])));
        }
    }
    if missing.other_applications.is_empty() && missing.similar.is_empty() {
        for (name, _) in &missing.factories {
            let text = format!("{callable} = {name}()");
            let edit = fixes::append_statement(file, &text);
            found.extend(fix(format!("Add `{text}`"), Safety::Review, path, edit.map(|edit| vec![edit])));
        }
        for (module, name) in &missing.importable {
            let text = format!("from {module} import {name} as {callable}");
            // At the end: the lines above may be what makes the module importable.
            let edit = fixes::append_statement(file, &text);
            let safety = only(missing.importable.len());
            found.extend(fix(format!("Add `{text}`"), safety, path, edit.map(|edit| vec![edit])));
        }
    }
    if let Some((Place::FailedImport, site)) = &missing.elsewhere {
        found.extend(other_module(context, file, path, site.range));
    } else if found.is_empty() {
        found.extend(django(callable, path, file));
        found.extend(from_project(context, callable, path, file));
    }
    found
}

/// Makes Django's application, when the entry imports the function for it and does not call it.
fn django(callable: &str, path: &Arc<Path>, file: &PythonFile) -> Option<Fix> {
    const MAKER: &str = "get_wsgi_application";
    let imported = !fixes::statements_binding(file, MAKER).is_empty();
    let text = format!("{callable} = {MAKER}()");
    let edit = fixes::append_statement(file, &text).filter(|_| imported)?;
    fix(format!("Add `{text}`"), Safety::Review, path, Some(vec![edit]))
}

/// Imports an application of the project that the entry does not mention.
fn from_project(context: &Context<'_>, callable: &str, path: &Arc<Path>, file: &PythonFile) -> Vec<Fix> {
    let apps = project_apps::unreached(context).into_iter().filter_map(|app| {
        let import = format!("from {} import {} as {callable}", app.module, app.name);
        let reachable =
            path.parent() == Some(&*app.folder) || context.deployment.search_path.contains(&app.folder);
        let mut text = String::new();
        if !reachable {
            let folder = folder_value(context, file, path, &app.folder, None)?;
            let os = if folder.contains("os.path") { "import os\n" } else { "" };
            text = format!("{os}import sys\n\nsys.path.insert(0, {folder})\n\n");
        }
        text.push_str(&import);
        let edit = fixes::append_statement(file, &text)?;
        fix(format!("Add `{import}`"), Safety::Review, path, Some(vec![edit]))
    });
    apps.take(MOST_OFFERED).collect()
}

/// Names another module in an import whose failure is caught.
fn other_module(context: &Context<'_>, file: &PythonFile, path: &Arc<Path>, site: TextRange) -> Vec<Fix> {
    let Some(Stmt::ImportFrom(import)) = statement_at(file, site) else { return Vec::new() };
    let (Some(module), [alias]) = (&import.module, import.names.as_slice()) else { return Vec::new() };
    let apps = project_apps::unreached(context).into_iter().filter(|app| app.name == alias.name.as_str());
    let fixes = apps.filter_map(|app| {
        let title = format!("Import it from `{}`", app.module);
        let edit = fixes::rename_identifier(file, module.range(), &app.module)?;
        fix(title, Safety::Review, path, Some(vec![edit]))
    });
    fixes.take(MOST_OFFERED).collect()
}

/// Renames a misspelt name where it is bound, if it is used nowhere else; else binds the right name beside it.
fn rename(
    file: &PythonFile,
    binding: TextRange,
    name: &str,
    callable: &str,
) -> Option<Vec<crate::text::TextEdit>> {
    let uses = fixes::uses_of(file, name);
    let inside: Vec<TextRange> =
        uses.iter().copied().filter(|range| binding.contains_range(*range)).collect();
    if let ([only], true) = (inside.as_slice(), uses.len() == inside.len()) {
        return fixes::rename_identifier(file, *only, callable).map(|edit| vec![edit]);
    }
    let everywhere: Option<Vec<_>> =
        uses.iter().map(|range| fixes::rename_identifier(file, *range, callable)).collect();
    everywhere.filter(|edits| !edits.is_empty())
}

/// Puts a statement behind the one that binds a name, and at the end of the module when that one is inside a block.
fn after_binding(file: &PythonFile, binding: TextRange, text: &str) -> Option<crate::text::TextEdit> {
    let top_level = file.body().iter().find(|stmt| stmt.range().contains_range(binding));
    match top_level {
        Some(Stmt::Import(_) | Stmt::ImportFrom(_) | Stmt::Assign(_) | Stmt::AnnAssign(_)) => {
            fixes::insert_after(file, end_of(binding), text)
        }
        _ => fixes::append_statement(file, text),
    }
}

fn end_of(range: TextRange) -> TextSize {
    range.end().checked_sub(TextSize::new(1)).unwrap_or(range.start())
}
