//! `crash-at-import`: the import raises an exception that nobody catches.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::causes::{assigned, fix, prefer_first, shown};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity, nodes};
use crate::catalog::{pages, stdlib};
use crate::fixes::{self, ImportEdit};
use crate::hosting::Failure;
use crate::load::{Effect, EffectKind, Phase, Raise, RaiseCause};
use crate::text::{TextEdit, TextRange};

/// The rule.
pub static RULE: Rule = Rule {
    id: "crash-at-import",
    summary: "the import of the app raises an exception",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
An exception that leaves the module keeps the app from loading. uWSGI and PythonAnywhere then answer every request with 500, and the \
traceback is in the error log, at the time of the reload and not of the request. gunicorn's workers leave, and the proxy answers 502. \
Exceptions that are no `Exception`, such as `KeyboardInterrupt`, make gunicorn start its workers again for ever: 504.

Some code works on your machine and raises on a host: `input()` has nobody to ask, because standard input is closed \
(`EOFError`), and folders such as `/var/log` belong to the administrator (`PermissionError`).",
        bad: "\
from flask_app import app

application = ap
# flask_app.py
from flask import Flask

app = Flask(__name__)",
        good: "\
from flask_app import app

application = app
# flask_app.py
from flask import Flask

app = Flask(__name__)",
        when_wrong: "\
Names that are put into a module by `exec`, by a star import of a library or through `globals()` make the rule silent for that module. \
When the host gives you what is assumed to be missing, silence it.",
        pages: &[pages::PA_502_IMPORT_ERRORS, pages::PA_DEBUGGING_IMPORT_ERRORS],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for effect in context.effects() {
        let EffectKind::Raises(raise) = &effect.kind else { continue };
        let hint = match &raise.cause {
            RaiseCause::Plain | RaiseCause::UndefinedName { .. } => "",
            RaiseCause::NoInput => " (on a host nobody can answer: standard input is closed)",
            RaiseCause::NoTable => " (the app has no migrations, and the database file is not there)",
            RaiseCause::Permission(_) => " (only the administrator may write there)",
            _ => continue,
        };
        let failure = if raise.ordinary { Failure::Raises } else { Failure::RaisesBase };
        let error = match raise.message.as_str() {
            "" => raise.exception.clone(),
            message => format!("{}: {}", raise.exception, shown(message)),
        };
        let outcome = match (raise.ordinary, effect.phase) {
            (false, Phase::Load) => format!(
                "{} cannot load the app, visitors get {}",
                context.deployment.host.title(),
                context.visitor_sees(Failure::RaisesBase).phrase()
            ),
            _ => context.cannot_load(effect),
        };
        let mut finding = context.finding(&RULE, effect, failure, format!("`{error}`{hint}: {outcome}"));
        finding.fixes = fixes_for(context, effect, raise);
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

fn fixes_for(context: &Context<'_>, effect: &Effect, raise: &Raise) -> Vec<Fix> {
    match &raise.cause {
        RaiseCause::UndefinedName { name, similar } => names(context, effect, name, similar),
        RaiseCause::NoInput => {
            context.guard_fix(effect).into_iter().chain(from_environment(context, effect)).collect()
        }
        RaiseCause::Permission(path) => beside_the_module(context, effect, path).into_iter().collect(),
        _ if raise.message.starts_with(ENDPOINT_TAKEN) => other_endpoint(context, effect, raise),
        _ => {
            let careful = unless_zero(context, effect, raise).or_else(|| else_none(context, effect, raise));
            careful.into_iter().chain(context.remove_fix(effect)).collect()
        }
    }
}

/// The nearest names that are there, or the import of the module that is meant.
fn names(context: &Context<'_>, effect: &Effect, name: &str, similar: &[String]) -> Vec<Fix> {
    let Some(file) = context.file(&effect.site.path) else { return Vec::new() };
    let path = &effect.site.path;
    let mut found = Vec::new();
    let is_module = stdlib::standing(name, context.deployment.python) == Some(stdlib::Standing::Present);
    if is_module && is_object(&file, effect) {
        let text = format!("import {name}");
        if let Some(ImportEdit::Add(edit)) = fixes::add_import(&file, &text) {
            found.extend(fix(format!("Add `{text}`"), Safety::Safe, path, Some(vec![edit])));
        }
    }
    let only = similar.len() == 1 && found.is_empty();
    for other in similar {
        let safety = if only { Safety::Safe } else { Safety::Review };
        let edit = fixes::rename_identifier(&file, effect.site.range, other);
        found.extend(fix(format!("Write `{other}`"), safety, path, edit.map(|edit| vec![edit])));
    }
    found
}

/// Whether the name stands where a module would: an attribute is taken from it.
fn is_object(file: &crate::syntax::python::PythonFile, effect: &Effect) -> bool {
    let end = effect.site.range.end().to_usize();
    file.source().text().get(end..).is_some_and(|rest| rest.starts_with('.'))
}

/// Writes beside the module, where the app's user may, instead of where the administrator does.
fn beside_the_module(context: &Context<'_>, effect: &Effect, path: &str) -> Option<Fix> {
    let file = context.file(&effect.site.path)?;
    let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
    let Expr::Call(call) = nodes::expression(&file, effect.site.range)? else { return None };
    let values = call.arguments.args.iter().chain(call.arguments.keywords.iter().map(|k| &k.value));
    let literal =
        values.filter_map(Expr::as_string_literal_expr).find(|literal| literal.value.to_str() == path)?;
    let quote = fixes::Style::of(&file).quote;
    let new = format!("Path(__file__).with_name({quote}{name}{quote})");
    let mut edits = vec![fixes::replace_expression(&file, literal.range(), &new)?];
    let bound = file.body().iter().any(|stmt| matches!(stmt, Stmt::ImportFrom(import) if import.names.iter().any(|n| n.name.as_str() == "Path")));
    if !bound && let Some(ImportEdit::Add(edit)) = fixes::add_import(&file, "from pathlib import Path") {
        edits.push(edit);
    }
    fix(format!("Write `{name}` beside this file"), Safety::Review, &effect.site.path, Some(edits))
}

/// What Flask says of a second view under the name of another.
const ENDPOINT_TAKEN: &str = "View function mapping is overwriting an existing endpoint function";

/// Gives the second view of a name another endpoint, or another name.
fn other_endpoint(context: &Context<'_>, effect: &Effect, raise: &Raise) -> Vec<Fix> {
    let Some(file) = context.file(&effect.site.path) else { return Vec::new() };
    let Some(Stmt::FunctionDef(def)) = nodes::statement(&file, effect.statement) else { return Vec::new() };
    let path = &effect.site.path;
    let name = def.name.as_str();
    let taken = raise.message.rsplit(' ').next().unwrap_or_default();
    let free = |name: &String| fixes::uses_of(&file, name).is_empty();
    let Some(numbered) = (2..100).map(|number| format!("{name}_{number}")).find(free) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if taken == name {
        let edit = fixes::rename_identifier(&file, def.name.range(), &numbered);
        found.extend(fix(
            format!("Rename this view to `{numbered}`"),
            Safety::Review,
            path,
            edit.map(|edit| vec![edit]),
        ));
    }
    let endpoint = if taken == name { numbered.as_str() } else { name };
    let quote = fixes::Style::of(&file).quote;
    let argument = format!("endpoint={quote}{endpoint}{quote}");
    let edits = fixes::add_argument(&file, effect.site.range, &argument);
    found.extend(fix(format!("Add `{argument}`"), Safety::Review, path, edits));
    found
}

/// `input()` as an environment variable, which a host can set.
fn from_environment(context: &Context<'_>, effect: &Effect) -> Option<Fix> {
    let file = context.file(&effect.site.path)?;
    let Expr::Call(call) = nodes::expression(&file, effect.site.range)? else { return None };
    if file.slice(call.func.range()) != "input" {
        return None;
    }
    let variable = assigned(&file, effect.statement).unwrap_or("answer").to_uppercase();
    let before = file.source().text().get(..call.start().to_usize())?;
    let is_number = before.ends_with("int(") || before.ends_with("float(");
    let quote = fixes::Style::of(&file).quote;
    let default = if is_number { "0" } else { "" };
    let value = format!("os.environ.get({quote}{variable}{quote}, {quote}{default}{quote})");
    let mut edits = vec![fixes::replace_expression(&file, call.range(), &value)?];
    if let ImportEdit::Add(edit) = fixes::add_import(&file, "import os")? {
        edits.push(edit);
    }
    fix(format!("Read the environment variable `{variable}`"), Safety::Review, &effect.site.path, Some(edits))
}

/// `a / b` as `a / b if b else 0`.
fn unless_zero(context: &Context<'_>, effect: &Effect, raise: &Raise) -> Option<Fix> {
    let file = context.file(&effect.site.path)?;
    let Expr::BinOp(operation) = nodes::expression(&file, effect.site.range)? else { return None };
    if raise.exception != "ZeroDivisionError"
        || !matches!(*operation.right, Expr::Name(_) | Expr::Attribute(_))
    {
        return None;
    }
    let divisor = file.slice(operation.right.range());
    let value = format!("{} if {divisor} else 0", file.slice(operation.range()));
    let edit = fixes::replace_expression(&file, operation.range(), &value)?;
    fix(format!("Divide only when `{divisor}` is not 0"), Safety::Review, &effect.site.path, Some(vec![edit]))
}

/// Binds `None` where the data are not as expected. A mistake in the program is not for catching.
fn else_none(context: &Context<'_>, effect: &Effect, raise: &Raise) -> Option<Fix> {
    const DATA: [&str; 6] = [
        "IndexError",
        "KeyError",
        "UnicodeDecodeError",
        "UnicodeEncodeError",
        "ValueError",
        "ZeroDivisionError",
    ];
    let file = context.file(&effect.site.path)?;
    let name = assigned(&file, effect.statement)?;
    let source = file.source();
    let line = source.line_range(source.line(effect.statement.start()));
    let indent = file.slice(TextRange::new(line.start(), effect.statement.start()));
    let one_line = line.contains_range(effect.statement) && indent.trim().is_empty();
    if !one_line || !DATA.contains(&raise.exception.as_str()) {
        return None;
    }
    let fixes::Style { indent: unit, newline: end, .. } = fixes::Style::of(&file);
    let code = file.slice(TextRange::new(effect.statement.start(), line.end()));
    let exception = &raise.exception;
    let text = format!(
        "try:{end}{indent}{unit}{code}{end}{indent}except {exception}:{end}{indent}{unit}{name} = None"
    );
    let edit = TextEdit::replace(TextRange::new(effect.statement.start(), line.end()), text);
    let title = format!("Go on with `{name} = None` when it raises `{exception}`");
    fix(title, Safety::Review, &effect.site.path, Some(vec![edit]))
}
