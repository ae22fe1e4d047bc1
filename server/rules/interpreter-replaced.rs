//! `interpreter-replaced`: the import replaces the server process by another program.

use super::causes::prefer_first;
use super::{Context, Guidance, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::hosting::{Failure, Host};
use crate::load::EffectKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "interpreter-replaced",
    summary: "the import replaces the server process by another program",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
`os.execl()` and its relatives put another program in the place of the running process. Passenger starts a Python interpreter for your \
app, and its documentation has people switch to the one of their virtual environment in this way. Other hosts *are* the process: under \
uWSGI `sys.executable` is the `uwsgi` program, gunicorn's workers hold the socket. After the call there is no server any more, \
visitors get 502.

Tell the host which virtual environment to use: on PythonAnywhere's \"Web\" page, with `virtualenv` or `home` in uWSGI's configuration, \
or by starting gunicorn from that environment.",
        bad: "\
import os
import sys

INTERP = \"/home/jane/.virtualenvs/shop/bin/python\"
os.execl(INTERP, INTERP, *sys.argv)",
        good: "\
from flask import Flask

application = Flask(__name__)",
        when_wrong: "When the file is used by Passenger alone, name that host in the settings.",
        pages: &[pages::PA_VIRTUALENVS, pages::PYTHON_EXEC],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    let host = context.deployment.host;
    if host == Host::Passenger {
        return;
    }
    for effect in context.effects() {
        let EffectKind::ReplacesInterpreter(call) = &effect.kind else { continue };
        let message = format!(
            "`{call}()` puts another program in the place of {}'s process while it imports this file: nothing is left to serve, \
             visitors get {}",
            host.title(),
            context.visitor_sees(context.failure(effect, Failure::KillsServer)).phrase()
        );
        let mut finding = context.finding(&RULE, effect, Failure::KillsServer, message);
        finding.fixes = context.guard_fix(effect).into_iter().chain(context.remove_fix(effect)).collect();
        // What Passenger needs may not be put out of its reach without a look.
        for fix in &mut finding.fixes {
            fix.safety = super::Safety::Review;
        }
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}
