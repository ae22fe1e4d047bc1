//! `missing-environment-variable`: the app wants an environment variable that nothing sets.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::causes::fix;
use super::imports::{python_says, statement_at};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::hosting::{Failure, Host};
use crate::load::{Effect, EffectKind, RaiseCause};
use crate::text::{TextEdit, TextRange};

/// The rule.
pub static RULE: Rule = Rule {
    id: "missing-environment-variable",
    summary: "the app reads an environment variable while it loads that nothing in the project sets",
    severity: Severity::Warning,
    guidance: Guidance {
        explanation: "\
`os.environ[\"SECRET_KEY\"]` raises `KeyError` when the variable is not set. A host does not read your shell's profile: what you \
`export` in a terminal is not there. When the app loads, the error keeps it from loading: PythonAnywhere, uWSGI and mod_wsgi \
answer every request with 500, gunicorn's workers leave and the proxy answers 502.

Set it where the host looks: on PythonAnywhere in the WSGI file, above the import of the app, or in a `.env` file that the WSGI file \
loads with `python-dotenv`; for uWSGI with `env = SECRET_KEY=...`; for gunicorn with `--env` or in the service file; for mod_wsgi in \
the WSGI file, because Apache's `SetEnv` reaches requests only.",
        bad: "\
import os

from flask import Flask

application = Flask(__name__)
application.secret_key = os.environ[\"SECRET_KEY\"]",
        good: "\
import os

from dotenv import load_dotenv
from flask import Flask

load_dotenv(os.path.join(os.path.dirname(__file__), \".env\"))

application = Flask(__name__)
application.secret_key = os.environ[\"SECRET_KEY\"]
# .env
SECRET_KEY=not in the repository",
        when_wrong: "\
A variable that is set outside of the project cannot be seen. Naming it in a file of the project, such as the README, `.env.example` or \
the service file, is enough.",
        pages: &[pages::PA_ENVIRONMENT],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for effect in context.effects() {
        let EffectKind::Raises(raise) = &effect.kind else { continue };
        let RaiseCause::MissingEnvironment(name) = &raise.cause else { continue };
        let message = format!(
            "{}, unless {} sets `{name}` ({}): {}",
            python_says(raise),
            context.deployment.host.title(),
            place_to_set_it(context.deployment.host),
            context.cannot_load(effect)
        );
        let mut finding = context.finding(&RULE, effect, Failure::Raises, message);
        finding.fixes.extend(read_with_get(context, effect, name));
        report.findings.push(finding);
    }
}

fn place_to_set_it(host: Host) -> &'static str {
    match host {
        Host::PythonAnywhere => "in the WSGI file, or in a `.env` file that it loads",
        Host::Uwsgi => "with its option `env`",
        Host::Gunicorn => "with its option `--env`, or in the service file",
        Host::ModWsgi => "in the WSGI file: Apache's `SetEnv` comes too late",
        Host::Passenger => "with `SetEnv` or in the control panel",
    }
}

/// `os.environ["NAME"]` as `os.environ.get("NAME")`, where it is all that is assigned.
fn read_with_get(context: &Context<'_>, effect: &Effect, name: &str) -> Option<Fix> {
    let file = context.file(&effect.site.path)?;
    let Stmt::Assign(assign) = statement_at(&file, effect.site.range)? else { return None };
    let Expr::Subscript(subscript) = &*assign.value else { return None };
    if !matches!(&*subscript.slice, Expr::StringLiteral(literal) if literal.value.to_str() == name) {
        return None;
    }
    let edits = vec![
        TextEdit::replace(TextRange::new(subscript.value.end(), subscript.slice.start()), ".get("),
        TextEdit::replace(TextRange::new(subscript.slice.end(), subscript.end()), ")"),
    ];
    let title = format!("Go on without `{name}` when it is not set");
    fix(title, Safety::Review, &effect.site.path, Some(edits))
}
