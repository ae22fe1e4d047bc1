//! `exit-at-import`: the import ends the process.

use ruff_python_ast::Expr;
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity, nodes};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::{Failure, Host};
use crate::load::{Effect, EffectKind, Exit};

/// The rule.
pub static RULE: Rule = Rule {
    id: "exit-at-import",
    summary: "the import of the app ends the process",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
`sys.exit()`, `exit()` and everything that ends in them (`unittest.main()`, a click command, a failing `parse_args()`) raise \
`SystemExit`, which hosts do not catch like other exceptions: the server process that imports your app is gone. uWSGI and PythonAnywhere start it \
again in a loop, visitors get 502, and often nothing is logged. gunicorn's workers leave and are started again without an end, visitors \
wait for 504. `os._exit()` does the same and cannot be caught at all.

Under gunicorn `sys.argv` holds gunicorn's own options, so `parse_args()` at import fails there even without required arguments.",
        bad: "\
import sys

from flask_app import app as application

sys.exit(0)
# flask_app.py
from flask import Flask

app = Flask(__name__)",
        good: "\
import sys

from flask_app import app as application

if __name__ == \"__main__\":
    sys.exit(0)
# flask_app.py
from flask import Flask

app = Flask(__name__)",
        when_wrong: "\
When the file is only ever run as a script, exclude it or name the right entry in the settings. mod_wsgi treats `SystemExit` like any \
exception.",
        pages: &[pages::PA_502_IMPORT_ERRORS, pages::PYTHON_SYSTEM_EXIT],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for effect in context.effects() {
        let EffectKind::Exits(Exit { call, status, .. }) = &effect.kind else { continue };
        let parses = call.ends_with("parse_args");
        let call = if call.contains(' ') || call.ends_with(')') { call.clone() } else { format!("{call}()") };
        let host = context.deployment.host;
        let how = if parses && host == Host::Gunicorn {
            format!("`{call}` finds gunicorn's own options in `sys.argv` and ends the process")
        } else {
            format!("`{call}` ends the process while {} imports this file", host.title())
        };
        // gunicorn takes these statuses for its own "the worker cannot boot", and stops.
        let stops = host == Host::Gunicorn && matches!(status, Some(3 | 4));
        let failure = if stops { Failure::KeepsServerDown } else { Failure::Exits };
        let visitors = context.visitor_sees(context.failure(effect, failure)).phrase();
        let then = if stops { "gunicorn stops for good" } else { "it is started again and ends again" };
        let message = format!("{how}: {then}, visitors get {visitors}");
        let mut finding = context.finding(&RULE, effect, failure, message);
        let fixes = context.guard_fix(effect).into_iter().chain(context.remove_fix(effect));
        finding.fixes = fixes.chain(parse_nothing(context, effect)).collect();
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

/// `parse_args()` reads the server's command line; `parse_args([])` reads none.
fn parse_nothing(context: &Context<'_>, effect: &Effect) -> Option<Fix> {
    let file = context.file(&effect.site.path)?;
    let Expr::Call(call) = nodes::expression(&file, effect.site.range)? else { return None };
    let parses = matches!(&*call.func, Expr::Attribute(attribute) if attribute.attr.as_str() == "parse_args");
    if !parses || !call.arguments.is_empty() {
        return None;
    }
    let new = format!("{}([])", file.slice(call.func.range()));
    let edits = fixes::replace_expression(&file, call.range(), &new).map(|edit| vec![edit]);
    fix(format!("Use the defaults: `{new}`"), Safety::Review, &effect.site.path, edits)
}
