//! `shadowed-module`: a file of the project has the name of a module that it, or another file, wants to import.

use std::path::Path;
use std::sync::Arc;

use super::imports::{Fault, faults, python_says};
use super::{Context, Guidance, Related, Reporter, Rule, Severity};
use crate::catalog::{pages, stdlib};
use crate::hosting::Failure;
use crate::load::{RaiseCause, Site};
use crate::text::TextRange;

/// The rule.
pub static RULE: Rule = Rule {
    id: "shadowed-module",
    summary: "a file of the project hides the module that an import means",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
The folder of the app comes before the standard library and the installed packages in `sys.path`. A file called `flask.py`, \
`email.py` or `calendar.py` there is what `import flask`, `import email` or `import calendar` finds, in every module of the process, \
also inside libraries. What the real module holds is then missing, and the import fails: PythonAnywhere, uWSGI and mod_wsgi answer \
every request with 500, gunicorn's workers leave and the proxy answers 502.

Give the file another name, change the imports of it, and delete the old `__pycache__` folder.",
        bad: "\
from flask_app import app as application
# flask_app.py
import random

from flask import Flask

app = Flask(__name__)
lucky = random.randint(1, 6)
# random.py
numbers = [4]",
        good: "\
from flask_app import app as application
# flask_app.py
import random

from flask import Flask

app = Flask(__name__)
lucky = random.randint(1, 6)
# lucky_numbers.py
numbers = [4]",
        when_wrong: "\
When the name in the project is meant, the module lacks what is asked of it: bind it there, or silence the line.",
        pages: &[pages::PA_SHADOWING, pages::PA_DEBUGGING_IMPORT_ERRORS],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for (effect, raise) in faults(context, Fault::Shadowed) {
        let (name, path) = match &raise.cause {
            RaiseCause::MissingName { module, path, .. } => (module.as_str(), Some(path.clone())),
            RaiseCause::MissingModule { missing, .. } => {
                let top = missing.split('.').next().unwrap_or(missing);
                (top, loaded_from(context, top))
            }
            _ => continue,
        };
        let Some(path) = path else { continue };
        let standard = stdlib::standing(name, context.deployment.python).is_some();
        let whose = if standard { "Python's own module" } else { "the installed package" };
        let file = context.display(&path);
        let message = format!(
            "{} (`{file}` hides {whose} `{name}`): {}. Rename `{file}`.",
            python_says(raise),
            context.cannot_load(effect)
        );
        let mut finding = context.finding(&RULE, effect, Failure::Raises, message);
        if *path != *effect.site.path {
            finding.related.push(Related {
                site: Site { path, range: TextRange::default() },
                message: format!("this file is found under the name `{name}`"),
            });
        }
        report.findings.push(finding);
    }
}

fn loaded_from(context: &Context<'_>, name: &str) -> Option<Arc<Path>> {
    context.load.modules.iter().find(|module| module.name == name).map(|module| module.path.clone())
}
