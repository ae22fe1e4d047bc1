//! `missing-file-at-import`: the app opens a file by a relative path, and the host starts in another folder.

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::imports::python_says;
use super::search_path::{is_imported, literals};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::fixes::{self, ImportEdit};
use crate::hosting::Failure;
use crate::load::{Effect, EffectKind, RaiseCause};
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange, TextSize};

/// The rule.
pub static RULE: Rule = Rule {
    id: "missing-file-at-import",
    summary: "the app opens a file that is not there while it loads, mostly by a relative path",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
`open(\"config.json\")` looks in the working directory of the process, not beside the module. When you start a script yourself, that is \
mostly its own folder; a host starts elsewhere: PythonAnywhere in the home folder or where the web tab says, uWSGI in its `chdir`, \
gunicorn where its command was given, Apache in `/`.

`FileNotFoundError` while the app loads keeps it from loading: PythonAnywhere, uWSGI and mod_wsgi answer every request with 500, \
gunicorn's workers leave and the proxy answers 502. Build the path from `__file__`.",
        bad: "\
# var_www/jane_pythonanywhere_com_wsgi.py
import sys

sys.path.insert(0, \"/home/jane/mysite\")

from flask_app import app as application
# mysite/flask_app.py
import json

from flask import Flask

app = Flask(__name__)

with open(\"config.json\") as file:
    config = json.load(file)
# mysite/config.json
{\"title\": \"Home\"}",
        good: "\
# var_www/jane_pythonanywhere_com_wsgi.py
import sys

sys.path.insert(0, \"/home/jane/mysite\")

from flask_app import app as application
# mysite/flask_app.py
import json
from pathlib import Path

from flask import Flask

app = Flask(__name__)

with open(Path(__file__).parent / \"config.json\") as file:
    config = json.load(file)
# mysite/config.json
{\"title\": \"Home\"}",
        when_wrong: "\
When the host's working directory is another one than wsgi-ls assumes, tell the entry in the settings, or write the path so that it \
does not matter.",
        pages: &[pages::PA_ABSOLUTE_PATHS],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for effect in context.effects() {
        let EffectKind::Raises(raise) = &effect.kind else { continue };
        let RaiseCause::MissingFile { path, beside_module } = &raise.cause else { continue };
        let why = if beside_module.is_some() {
            format!(" (`{path}` lies beside this module, not in the folder in which the process works)")
        } else {
            String::new()
        };
        let message = format!("{}{why}: {}", python_says(raise), context.cannot_load(effect));
        let mut finding = context.finding(&RULE, effect, Failure::Raises, message);
        if beside_module.is_some() {
            finding.fixes.extend(beside_the_module(context, effect, path));
        }
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

/// Builds the path from `__file__`, in the style of the file.
pub(super) fn beside_the_module(context: &Context<'_>, effect: &Effect, text: &str) -> Option<Fix> {
    let file = context.file(&effect.site.path)?;
    let same: Vec<TextRange> =
        literals(&file).into_iter().filter(|(_, value)| value == text).map(|(range, _)| range).collect();
    let here = same.iter().find(|range| effect.site.range.contains_range(**range));
    let (literal, safety) = match (here, same.as_slice()) {
        (Some(literal), _) => (*literal, Safety::Safe),
        // A constant may also be shown, or joined with something.
        (None, [only]) => (*only, Safety::Review),
        _ => return None,
    };
    let name = file.slice(literal);
    let mut edits = Vec::new();
    let value = if is_path_imported(&file, literal.start()) {
        format!("Path(__file__).parent / {name}")
    } else if is_imported(&file, "os", literal.start()) {
        format!("os.path.join(os.path.dirname(os.path.abspath(__file__)), {name})")
    } else {
        match fixes::add_import(&file, "from pathlib import Path")? {
            ImportEdit::Add(edit) if edit.range.start() <= literal.start() => edits.push(edit),
            _ => return None,
        }
        format!("Path(__file__).parent / {name}")
    };
    let place = path_call_around(&file, literal).filter(|_| !value.starts_with("os")).unwrap_or(literal);
    edits.push(fixes::replace_expression(&file, place, &value)?);
    fix("Look for the file beside this module", safety, &effect.site.path, Some(unless_overlapping(edits)?))
}

fn unless_overlapping(edits: Vec<TextEdit>) -> Option<Vec<TextEdit>> {
    match edits.as_slice() {
        [a, b] if a.range.end() > b.range.start() => None,
        _ => Some(edits),
    }
}

fn is_path_imported(file: &PythonFile, above: TextSize) -> bool {
    file.body().iter().take_while(|stmt| stmt.end() <= above).any(|stmt| match stmt {
        Stmt::ImportFrom(import) => {
            import.module.as_ref().is_some_and(|module| module.as_str() == "pathlib")
                && import.names.iter().any(|alias| alias.name.as_str() == "Path" && alias.asname.is_none())
        }
        _ => false,
    })
}

/// `Path("config.json")`, which the new path takes the place of as a whole.
fn path_call_around(file: &PythonFile, literal: TextRange) -> Option<TextRange> {
    struct Find {
        literal: TextRange,
        found: Option<TextRange>,
    }
    impl<'a> Visitor<'a> for Find {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Call(call) = expr {
                let is_path = matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "Path");
                let only = matches!(&*call.arguments.args, [argument] if argument.range() == self.literal);
                if is_path && only && call.arguments.keywords.is_empty() {
                    self.found = Some(call.range());
                }
            }
            walk_expr(self, expr);
        }
    }
    let mut find = Find { literal, found: None };
    find.visit_body(file.body());
    find.found
}
