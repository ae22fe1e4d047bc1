//! `application-not-callable`: the name that the host asks for is there, and what it is bound to cannot be called.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::binding::{self, Binding};
use super::causes::{fix, prefer_first};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity, nodes};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::{Failure, Host};
use crate::load::{Application, Candidates, Fault, Site};
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// The rule.
pub static RULE: Rule = Rule {
    id: "application-not-callable",
    summary: "the application is bound to something that cannot be called",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
A host calls the application once for each request, so it has to be something that Python can call. A module, `None`, a string or a \
tuple is as good as no application at all: uWSGI and PythonAnywhere answer 500 and log \"no python application found\", gunicorn's \
workers leave and the proxy answers 502.

Common reasons: `import site_app as application` takes the module instead of the object in it, a trailing comma makes a tuple, a \
decorator or factory forgets its `return`, or the framework keeps its WSGI application inside another object: `server` in \
Dash before 3.1, `wsgifunc()` in web.py, `make_wsgi_app()` in Pyramid.",
        bad: "\
import flask_app as application
# flask_app.py
from flask import Flask

app = Flask(__name__)",
        good: "\
from flask_app import app as application
# flask_app.py
from flask import Flask

app = Flask(__name__)",
        when_wrong: "\
When the host is configured with another name, set `callable`. An object with a `__call__` that only exists at run time cannot be \
seen; then nothing is reported.",
        pages: &[pages::PEP_3333, pages::PA_FLASK_WSGI, pages::PA_DASH, pages::PA_WEBPY],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    let Application::Unusable { bound_at, fault, candidates } = &context.load.application else { return };
    let Some((_, file)) = binding::entry(context) else { return };
    let (what, found) = match fault {
        Fault::NotCallable(what) => {
            (what.trim_end_matches(','), binding_fixes(context, file, bound_at, candidates))
        }
        Fault::HoldsApplication { what, attribute } => {
            (what.as_str(), attribute_fixes(context, file, bound_at, attribute))
        }
        _ => return,
    };
    let callable = &context.deployment.callable;
    let instead = match fault {
        Fault::HoldsApplication { attribute, .. } => format!("; its WSGI application is `.{attribute}`"),
        _ => String::new(),
    };
    let host = context.deployment.host;
    let finds = match host {
        Host::Gunicorn => "gunicorn refuses it and its workers leave".to_owned(),
        _ => format!("{} finds no application", host.title()),
    };
    let visitors = context.visitor_sees(Failure::NoApplication).phrase();
    let message =
        format!("`{callable}` is {what}, which cannot be called{instead}: {finds}, visitors get {visitors}");
    let mut finding = binding::finding(context, &RULE, Failure::NoApplication, bound_at, message);
    finding.fixes = found;
    prefer_first(&mut finding.fixes);
    report.findings.push(finding);
}

fn binding_fixes(
    context: &Context<'_>,
    file: &PythonFile,
    bound_at: &Site,
    candidates: &Candidates,
) -> Vec<Fix> {
    let Some(binding) = Binding::find(context, file, bound_at.range) else { return Vec::new() };
    let path = &bound_at.path;
    if let Some(Expr::Tuple(tuple)) = binding.value()
        && let [only] = tuple.elts.as_slice()
    {
        // A tuple of one is hardly ever meant, and never what a host can use.
        let edit = TextEdit::replace(tuple.range(), file.slice(only.range()));
        return fix("Remove the comma", Safety::Safe, path, Some(vec![edit])).into_iter().collect();
    }
    if let Some((title, edits)) = forgotten_return(file, &binding) {
        return fix(title, Safety::Safe, path, Some(edits)).into_iter().collect();
    }
    let taken = binding.take_candidate(candidates);
    taken.and_then(|(title, edits)| fix(title, Safety::Safe, path, Some(edits))).into_iter().collect()
}

/// `application = wrap(app)`, where `wrap` defines the wrapper last and returns nothing.
fn forgotten_return(file: &PythonFile, binding: &Binding<'_>) -> Option<(String, Vec<TextEdit>)> {
    let Expr::Call(call) = binding.value()? else { return None };
    let Expr::Name(called) = &*call.func else { return None };
    let def = file.body().iter().find_map(|stmt| match stmt {
        Stmt::FunctionDef(def) if def.name.id == called.id => Some(def),
        _ => None,
    })?;
    let Stmt::FunctionDef(wrapper) = def.body.last()? else { return None };
    if !nodes::answers(def).is_empty() {
        return None;
    }
    let text = format!("return {}", wrapper.name);
    let edit = fixes::insert_after_statement(file, wrapper.range(), &text)?;
    Some((format!("Add `{text}` to `{}`", def.name), vec![edit]))
}

fn attribute_fixes(context: &Context<'_>, file: &PythonFile, bound_at: &Site, attribute: &str) -> Vec<Fix> {
    let Some(binding) = Binding::find(context, file, bound_at.range) else { return Vec::new() };
    let simple = binding.value().is_none_or(|value| value.is_name_expr() || value.is_attribute_expr());
    let make = |object: &str| format!("{object}.{attribute}");
    // What the file does with the object has to come before the application is taken from it.
    let edits = if simple && !binding.is_used() { binding.rebind(make) } else { binding.rebind_last(make) };
    let title = format!("Use its `.{attribute}`");
    fix(title, Safety::Safe, &bound_at.path, edits).into_iter().collect()
}
