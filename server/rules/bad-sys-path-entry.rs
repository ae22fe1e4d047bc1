//! `bad-sys-path-entry`: an import fails because `sys.path` was given something that is not there.

use std::path::{Path, PathBuf};

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::imports::{Fault, faults, python_says, statement_at};
use super::search_path::{folder_value, is_imported, lies_apart, literals, rewrite_literal, server_path};
use super::{Context, Fix, Guidance, Related, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{RaiseCause, Site};
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;
use crate::workspace::normalize;

/// The rule.
pub static RULE: Rule = Rule {
    id: "bad-sys-path-entry",
    summary: "`sys.path` is given a file, a missing folder or a placeholder, and an import fails for it",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
`sys.path` is a list of folders. Python skips an entry that does not exist, or that is a file, without a word; only the import \
that needed it fails later. Usual reasons are a path copied from a template with `yourusername` still in it, the path of \
the module where its folder was meant, and a folder that was renamed.

When the import fails while the app loads, PythonAnywhere, uWSGI and mod_wsgi answer every request with 500, gunicorn's workers \
leave and the proxy answers 502.",
        bad: "\
# var_www/jane_pythonanywhere_com_wsgi.py
import sys

sys.path.insert(0, \"/home/yourusername/mysite/flask_app.py\")

from flask_app import app as application
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
A path of the server is compared with the checked folder by its last parts. When the folder has another name there and this \
is reported all the same, silence it and tell us.",
        pages: &[pages::PA_DEBUGGING_IMPORT_ERRORS, pages::PA_FLASK_WSGI],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for (effect, raise) in faults(context, Fault::BadPath) {
        let RaiseCause::MissingModule { missing, reachable_from, bad_path_entry: Some((text, site)), .. } =
            &raise.cause
        else {
            continue;
        };
        let shown = shown(context, text);
        let what = if text.ends_with(".py") {
            format!("`{shown}` in `sys.path` is a file, not a folder")
        } else {
            format!("`{shown}` in `sys.path` is not there")
        };
        let message = format!("{} ({what}): {}", python_says(raise), context.cannot_load(effect));
        let mut finding = context.finding(&RULE, effect, Failure::Raises, message);
        finding
            .related
            .push(Related { site: site.clone(), message: format!("puts `{shown}` on the search path") });
        finding.fixes = fixes_for(context, site, text, missing, reachable_from.as_deref());
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

/// An entry as people wrote it, or relative to the checked folder when it was computed.
fn shown(context: &Context<'_>, text: &str) -> String {
    let path = normalize(Path::new(text));
    if path.starts_with(&context.deployment.root) { context.display(&path) } else { text.to_owned() }
}

fn fixes_for(
    context: &Context<'_>,
    site: &Site,
    text: &str,
    missing: &str,
    folder: Option<&Path>,
) -> Vec<Fix> {
    let Some(file) = context.file(&site.path) else { return Vec::new() };
    let mut found = Vec::new();
    if let Some((edit, new)) = file_to_folder(&file, text, missing) {
        let title = format!("Put the folder `{new}` on the search path");
        found.extend(fix(title, Safety::Safe, &site.path, Some(vec![edit])));
        return found;
    }
    let Some(folder) = folder else { return found };
    let edit = literal_of_server(context, &file, site, text, folder)
        .or_else(|| renamed_folder(context, &file, site, text, folder))
        .or_else(|| computed(context, &file, site, text, folder));
    let inner = context.display(folder);
    let title = if inner.is_empty() {
        "Put the project's folder on the search path".to_owned()
    } else {
        format!("Put `{inner}/` on the search path")
    };
    found.extend(fix(title, Safety::Review, &site.path, edit.map(|edit| vec![edit])));
    found
}

/// `.../flask_app.py` where its folder was meant.
fn file_to_folder(file: &PythonFile, text: &str, missing: &str) -> Option<(TextEdit, String)> {
    let name = format!("/{missing}.py");
    text.strip_suffix(&name)?;
    let (range, value) = only(literals(file).into_iter().filter(|(_, value)| value.ends_with(&name)))?;
    let new = value.strip_suffix(&name)?.to_owned();
    Some((rewrite_literal(file, range, &value, &new)?, new))
}

/// A path of the server, in a file that lies apart from the project there.
fn literal_of_server(
    context: &Context<'_>,
    file: &PythonFile,
    site: &Site,
    text: &str,
    folder: &Path,
) -> Option<TextEdit> {
    if !lies_apart(context, &site.path) {
        return None;
    }
    let (range, value) = only(literals(file).into_iter().filter(|(_, value)| value == text))?;
    let new = server_path(context, folder, Some(text))?;
    rewrite_literal(file, range, &value, &new)
}

/// A folder beside the right one: only its name is wrong.
fn renamed_folder(
    context: &Context<'_>,
    file: &PythonFile,
    site: &Site,
    text: &str,
    folder: &Path,
) -> Option<TextEdit> {
    let wrong: PathBuf = normalize(&context.deployment.working_directory.join(text));
    if wrong.parent() != folder.parent() {
        return None;
    }
    let (old, new) = (wrong.file_name()?.to_str()?, folder.file_name()?.to_str()?);
    let statement = fixes::enclosing_statement(file, site.range)?;
    let ends = |value: &str| value == old || value.ends_with(&format!("/{old}"));
    let inside = literals(file).into_iter().filter(|(_, value)| ends(value));
    let all: Vec<_> = inside.collect();
    let here = all.iter().filter(|(range, _)| statement.contains_range(*range)).cloned();
    let (range, value) = only(here).or_else(|| only(all.iter().cloned()))?;
    let renamed = format!("{}{new}", value.strip_suffix(old)?);
    rewrite_literal(file, range, &value, &renamed)
}

/// The right folder as an expression, in the place of the argument or of the text that it comes from.
fn computed(
    context: &Context<'_>,
    file: &PythonFile,
    site: &Site,
    text: &str,
    folder: &Path,
) -> Option<TextEdit> {
    let value = folder_value(context, file, &site.path, folder, Some(text))?;
    if let Some((range, _)) = only(literals(file).into_iter().filter(|(_, value)| value == text)) {
        let usable = !value.contains("os.path") || is_imported(file, "os", range.start());
        return usable.then(|| fixes::replace_expression(file, range, &value)).flatten();
    }
    let Stmt::Expr(statement) = statement_at(file, site.range)? else { return None };
    let Expr::Call(call) = &*statement.value else { return None };
    let usable = !value.contains("os.path") || is_imported(file, "os", statement.start());
    let argument = call.arguments.args.last()?;
    usable.then(|| fixes::replace_expression(file, argument.range(), &value)).flatten()
}

fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    found.next().filter(|_| found.next().is_none())
}
