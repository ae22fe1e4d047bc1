//! `syntax-error`: the host imports a file that its Python cannot compile.

use std::path::Path;
use std::sync::Arc;

use super::causes::{fix, shown};
use super::{Context, Finding, Fix, Guidance, Related, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{EffectKind, Site};
use crate::syntax::python::{PythonFile, SyntaxProblemKind};

/// The rule.
pub static RULE: Rule = Rule {
    id: "syntax-error",
    summary: "the host imports a file that its Python cannot compile",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
Python compiles a whole file before it runs the first line of it, so one mistake anywhere in the WSGI file, or in any module \
that it imports, keeps the app from loading. uWSGI and PythonAnywhere then answer every request with 500, gunicorn's \
workers die and the proxy answers 502.

The version matters: a file that your Python compiles can be a syntax error on a host that runs an older one. wsgi-ls checks \
against the version of the virtual environment that it finds, or the setting `python-version`.",
        bad: "\
from flask_app import app as application

print \"loaded\"
# flask_app.py
from flask import Flask

app = Flask(__name__)",
        good: "\
from flask_app import app as application

print(\"loaded\")
# flask_app.py
from flask import Flask

app = Flask(__name__)",
        when_wrong: "\
When the host runs another version of Python than wsgi-ls assumes, set `python-version`.",
        pages: &[pages::PA_502_IMPORT_ERRORS, pages::PA_DEBUGGING_IMPORT_ERRORS],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for effect in context.effects() {
        if effect.kind != EffectKind::SyntaxError {
            continue;
        }
        let Some(file) = context.snapshot.python(&effect.site.path, context.deployment.python) else {
            continue;
        };
        let failure = context.failure(effect, Failure::Raises);
        let visitor_sees = context.visitor_sees(failure);
        let fixes: Vec<Fix> = mended(context, &effect.site.path, &file).into_iter().collect();
        for (index, problem) in file.problems().iter().enumerate() {
            let version = match problem.kind {
                SyntaxProblemKind::NewerPython if !context.deployment.python_is_known => {
                    " (set `python-version` if the host runs a newer one)"
                }
                _ => "",
            };
            let consequence =
                if index == 0 { format!(": {}", context.cannot_load(effect)) } else { String::new() };
            let related: Vec<Related> = if index == 0 { context.chain(effect) } else { Vec::new() };
            report.findings.push(Finding {
                rule: &RULE,
                severity: RULE.severity,
                certainty: effect.certainty,
                message: format!("{}{version}{consequence}", problem.message),
                site: Site { path: effect.site.path.clone(), range: problem.range },
                related,
                failure: Some(failure),
                visitor_sees,
                fixes: fixes.clone(),
            });
        }
    }
}

/// What its author probably meant.
fn mended(context: &Context<'_>, path: &Arc<Path>, file: &PythonFile) -> Option<Fix> {
    /// Attempts at a file that was never seen whole, and at one that somebody just types.
    const ATTEMPTS: [usize; 2] = [24, 3];
    if file
        .problems()
        .iter()
        .any(|problem| problem.kind == SyntaxProblemKind::Encoding && !problem.range.is_empty())
        && !file.source().text().contains('\0')
    {
        return None;
    }
    let typing = context.snapshot.last_good_python(path, context.deployment.python).is_some();
    let edits = fixes::mend_syntax(file, ATTEMPTS[usize::from(typing)])?;
    let title = match edits.as_slice() {
        [edit] if file.slice(edit.range).lines().count() == 1 => format!("Write `{}`", shown(&edit.new_text)),
        edits => format!("Mend the syntax of {} lines", edits.len()),
    };
    let mut fix = fix(title, Safety::Review, path, Some(edits))?;
    fix.preferred = true;
    Some(fix)
}
