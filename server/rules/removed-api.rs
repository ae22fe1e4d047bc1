//! `removed-api`: the app uses a part of a library that the installed version does not have any more.

use ruff_python_ast::{Expr, Stmt, StmtImportFrom};
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::imports::{imported_name, rename_imported, sentence, statement_at, without_names};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{Effect, EffectKind, RaiseCause};
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange, TextSize};

/// The rule.
pub static RULE: Rule = Rule {
    id: "removed-api",
    summary: "the app uses something that the installed version of a library does not have any more",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
Libraries drop what they had announced to drop: Flask 2.3 its `before_first_request`, Flask 3.0 `Markup` and `escape`, Werkzeug 1.0 the \
short imports such as `from werkzeug import secure_filename`, Django 4.0 `ugettext` and `django.conf.urls.url`, Dash 3.0 `run_server`. \
The code runs until somebody installs the newer version; on a host that is often the first time.

Python then raises `ImportError` or `AttributeError`. While the app loads, that keeps it from loading: PythonAnywhere, uWSGI and \
mod_wsgi answer every request with 500, gunicorn's workers leave and the proxy answers 502.",
        bad: "\
from flask import Flask, Markup

application = Flask(__name__)
title = Markup(\"<b>Home</b>\")
# venv/pyvenv.cfg
version = 3.11.4
# venv/lib/python3.11/site-packages/flask/__init__.py
class Flask:
    def __init__(self, name):
        self.name = name

    def __call__(self, environ, start_response):
        return []
# venv/lib/python3.11/site-packages/flask-3.1.0.dist-info/METADATA
Name: Flask
Version: 3.1.0
# venv/lib/python3.11/site-packages/markupsafe/__init__.py
class Markup(str):
    pass",
        good: "\
from flask import Flask
from markupsafe import Markup

application = Flask(__name__)
title = Markup(\"<b>Home</b>\")
# venv/pyvenv.cfg
version = 3.11.4
# venv/lib/python3.11/site-packages/flask/__init__.py
class Flask:
    def __init__(self, name):
        self.name = name

    def __call__(self, environ, start_response):
        return []
# venv/lib/python3.11/site-packages/flask-3.1.0.dist-info/METADATA
Name: Flask
Version: 3.1.0
# venv/lib/python3.11/site-packages/markupsafe/__init__.py
class Markup(str):
    pass",
        when_wrong: "\
The version is read from the virtual environment. When the host has an older one, write its version into the requirements and \
name the right environment with the setting `virtualenv`.",
        pages: &[pages::FLASK_CHANGES, pages::PA_DEBUGGING_IMPORT_ERRORS],
    },
    check,
};

/// What lives on in another module: the attribute, the module, its name there.
const MOVED: &[(&str, &str, &str)] = &[
    ("flask.Markup", "markupsafe", "Markup"),
    ("flask.escape", "markupsafe", "escape"),
    ("helpers.safe_join", "werkzeug.utils", "safe_join"),
    ("jinja2.Markup", "markupsafe", "Markup"),
    ("jinja2.escape", "markupsafe", "escape"),
    ("urls.url", "django.urls", "re_path"),
    ("urls.url_encode", "urllib.parse", "urlencode"),
    ("urls.url_quote", "urllib.parse", "quote"),
    ("werkzeug.check_password_hash", "werkzeug.security", "check_password_hash"),
    ("werkzeug.generate_password_hash", "werkzeug.security", "generate_password_hash"),
    ("werkzeug.secure_filename", "werkzeug.utils", "secure_filename"),
    ("wsgi.DispatcherMiddleware", "werkzeug.middleware.dispatcher", "DispatcherMiddleware"),
];

/// What lives on under another name in the same place.
const RENAMED: &[(&str, &str)] = &[
    ("Dash.run_server", "run"),
    ("encoding.force_text", "force_str"),
    ("encoding.smart_text", "smart_str"),
    ("jinja2.contextfilter", "pass_context"),
    ("translation.ugettext", "gettext"),
    ("translation.ugettext_lazy", "gettext_lazy"),
];

fn check(context: &Context<'_>, report: &mut Reporter) {
    for effect in context.effects() {
        let EffectKind::Raises(raise) = &effect.kind else { continue };
        let RaiseCause::RemovedAttribute { attribute, removed_in, instead } = &raise.cause else { continue };
        let message = format!(
            "`{attribute}` is gone since {removed_in}, Python raises `{}`: {}. {}",
            raise.exception,
            context.cannot_load(effect),
            sentence(instead)
        );
        let mut finding = context.finding(&RULE, effect, Failure::Raises, message);
        if let Some(file) = context.file(&effect.site.path) {
            finding.fixes = fixes_for(&file, effect, attribute);
        }
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

fn fixes_for(file: &PythonFile, effect: &Effect, attribute: &str) -> Vec<Fix> {
    let path = &effect.site.path;
    let renamed = RENAMED.iter().find(|(old, _)| *old == attribute).map(|(_, new)| *new);
    let name = attribute.rsplit('.').next().unwrap_or(attribute);
    let mut found = Vec::new();
    if let Some((import, at)) = imported_name(file, effect.site.range) {
        if let Some(new) = renamed {
            let edits = import.names.get(at).and_then(|alias| rename_imported(file, alias, new));
            found.extend(fix(format!("Use `{new}` instead of `{name}`"), Safety::Safe, path, edits));
        } else if let Some((edits, modules)) = moved(file, import) {
            let title = format!("Import it from {}", modules.join(" and "));
            found.extend(fix(title, Safety::Safe, path, Some(edits)));
        }
    } else if let Some(new) = renamed {
        let length = TextSize::of(name);
        let end = effect.site.range.end();
        let range = end.checked_sub(length).map(|start| TextRange::at(start, length));
        let edit = range
            .filter(|range| file.slice(*range) == name)
            .and_then(|range| fixes::rename_identifier(file, range, new));
        let edits = edit.map(|edit| vec![edit]);
        found.extend(fix(format!("Use `{new}` instead of `{name}`"), Safety::Safe, path, edits));
    } else if let Some(edits) = run_once(file, effect, name) {
        found.extend(fix("Run it once, while the app loads", Safety::Review, path, Some(edits)));
    } else if let Some((edit, module)) = module_moved(file, effect) {
        found.extend(fix(format!("Import `{module}`"), Safety::Safe, path, Some(vec![edit])));
    }
    found
}

/// Imports everything of a statement that has moved from where it is now.
fn moved(file: &PythonFile, import: &StmtImportFrom) -> Option<(Vec<TextEdit>, Vec<String>)> {
    let module = import.module.as_ref()?;
    let last = module.as_str().rsplit('.').next()?;
    let mut taken = Vec::new();
    let mut lines: Vec<(&str, Vec<String>)> = Vec::new();
    for (at, alias) in import.names.iter().enumerate() {
        let old = format!("{last}.{}", alias.name);
        let Some((_, place, new)) = MOVED.iter().find(|(name, ..)| *name == old) else { continue };
        let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
        let text = if bound == *new { (*new).to_owned() } else { format!("{new} as {bound}") };
        match lines.iter_mut().find(|(known, _)| known == place) {
            Some((_, names)) => names.push(text),
            None => lines.push((place, vec![text])),
        }
        taken.push(at);
    }
    let modules = lines.iter().map(|(module, _)| format!("`{module}`")).collect();
    let text: Vec<String> =
        lines.iter().map(|(module, names)| format!("from {module} import {}", names.join(", "))).collect();
    if let Some(mut edits) = without_names(import, &taken) {
        edits.push(fixes::insert_after_statement(file, import.range(), &text.join("\n"))?);
        return Some((edits, modules));
    }
    match text.as_slice() {
        [only] => Some((vec![TextEdit::replace(import.range(), only.as_str())], modules)),
        _ => None,
    }
}

/// A whole module that has another name now.
fn module_moved(file: &PythonFile, effect: &Effect) -> Option<(TextEdit, String)> {
    let Stmt::ImportFrom(import) = statement_at(file, effect.site.range)? else { return None };
    let module = import.module.as_ref()?;
    let new = match module.as_str() {
        "django.core.urlresolvers" => "django.urls".to_owned(),
        old => format!("flask_{}", old.strip_prefix("flask.ext.")?),
    };
    Some((TextEdit::replace(module.range(), new.as_str()), new))
}

/// What `@app.before_first_request` did before the first request, done below the function.
fn run_once(file: &PythonFile, effect: &Effect, name: &str) -> Option<Vec<TextEdit>> {
    let Stmt::FunctionDef(def) = statement_at(file, effect.site.range)? else { return None };
    let [decorator] = def.decorator_list.as_slice() else { return None };
    let Expr::Attribute(attribute) = &decorator.expression else { return None };
    if name != "before_first_request" || attribute.attr.as_str() != name {
        return None;
    }
    let below = file.source().text().get(decorator.end().to_usize()..)?;
    let gap = TextSize::try_from(below.find("def ")?).ok()?;
    let app = file.slice(attribute.value.range());
    let unit = fixes::Style::of(file).indent;
    let call = format!("with {app}.app_context():\n{unit}{}()", def.name);
    Some(vec![
        TextEdit::replace(TextRange::new(decorator.start(), decorator.end() + gap), ""),
        fixes::insert_after_statement(file, def.range(), &call)?,
    ])
}
