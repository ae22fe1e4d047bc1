//! `relative-path`: a handler opens a file by a path that only works in the project's folder.

use super::causes::prefer_first;
use super::handlers::severity;
use super::missing_file_at_import::beside_the_module;
use super::{Context, Guidance, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::hosting::Failure;
use crate::load::{Certainty, EffectKind, RaiseCause};

/// The rule.
pub static RULE: Rule = Rule {
    id: "relative-path",
    summary: "a request opens a file relative to the wrong folder",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
`open(\"data.csv\")` looks into the folder in which the process works. On your machine that is the project, because you start it there; on a host it is what the host \
says: your home folder on PythonAnywhere, `chdir` in uWSGI, the folder in which gunicorn was started. The file is then not found, and the visitor gets 500 Internal Server Error.

Build the path from the place of the module: `Path(__file__).parent / \"data.csv\"`.",
        bad: "\
# wsgi.py
import os
os.chdir(\"/\")
from flask_app import app as application
# flask_app.py
from flask import Flask

app = Flask(__name__)


@app.route(\"/terms\")
def terms():
    return open(\"terms.txt\").read()
# terms.txt
Be nice.",
        good: "\
# wsgi.py
import os
os.chdir(\"/\")
from flask_app import app as application
# flask_app.py
from pathlib import Path

from flask import Flask

app = Flask(__name__)


@app.route(\"/terms\")
def terms():
    return open(Path(__file__).parent / \"terms.txt\").read()
# terms.txt
Be nice.",
        when_wrong: "When the host's working directory is another one than wsgi-ls assumes, tell it in the settings.",
        pages: &[pages::PA_ABSOLUTE_PATHS],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for what in context.in_requests(is_beside) {
        let EffectKind::Raises(raise) = &what.effect.kind else { continue };
        let RaiseCause::MissingFile { path, .. } = &raise.cause else { continue };
        if what.effect.certainty < Certainty::Likely {
            continue;
        }
        let severity = severity(what.effect.certainty);
        let failure = Failure::RaisesInRequest;
        let message = format!(
            "`{path}` lies beside this module, not in the folder in which the process works: {} fails with `{}`, the visitor gets {}",
            what.subject(),
            raise.exception,
            context.visitor_sees(failure).phrase()
        );
        let mut finding = context.request_finding(&RULE, &what, severity, Some(failure), message);
        finding.fixes = beside_the_module(context, what.effect, path).into_iter().collect();
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

/// Whether an exception says that a file is not in the working directory but beside its module.
pub(super) fn is_beside(kind: &EffectKind) -> bool {
    matches!(kind, EffectKind::Raises(raise)
        if matches!(&raise.cause, RaiseCause::MissingFile { beside_module: Some(_), .. }))
}
