//! `django-setup-in-web-app`: `django.setup()` runs while the host imports an app that Django sets up by itself.

use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity, nodes};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::{Failure, VisitorSees};
use crate::load::{Effect, EffectKind};

/// The rule.
pub static RULE: Rule = Rule {
    id: "django-setup-in-web-app",
    summary: "the web app calls `django.setup()`, which `get_wsgi_application()` does by itself",
    severity: Severity::Information,
    guidance: Guidance {
        explanation: "\
`get_wsgi_application()` sets Django up. `django.setup()` is for scripts that use Django without serving it. Called in a web app it \
loads, but logging is configured twice, and PythonAnywhere's help traces floods of \"Bad file descriptor\" messages in the log to it.

When models are imported before `get_wsgi_application()`, move those imports below it instead of calling `django.setup()`.",
        bad: "\
import os

import django
from django.core.wsgi import get_wsgi_application

os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"mysite.settings\")
django.setup()
application = get_wsgi_application()
# mysite/__init__.py
# mysite/settings.py
SECRET_KEY = \"change me\"
ROOT_URLCONF = \"mysite.urls\"
# mysite/urls.py
urlpatterns = []",
        good: "\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"mysite.settings\")
application = get_wsgi_application()
# mysite/__init__.py
# mysite/settings.py
SECRET_KEY = \"change me\"
ROOT_URLCONF = \"mysite.urls\"
# mysite/urls.py
urlpatterns = []",
        when_wrong: "An app of another framework that borrows Django's models needs the call; there nothing is reported.",
        pages: &[pages::PA_502_DJANGO_SETUP],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    let serves =
        |module: &crate::load::LoadedModule| module.file.source().text().contains("get_wsgi_application");
    let mut found = context
        .effects()
        .filter(|effect| {
            let in_command = || effect.site.path.components().any(|part| part.as_os_str() == "management");
            effect.kind == EffectKind::SetsUpDjango && !in_command()
        })
        .peekable();
    // The cheap question first: hardly any app calls it.
    if found.peek().is_none() || !context.load.modules.iter().any(serves) {
        return;
    }
    for effect in found {
        let message = format!(
            "`django.setup()` is for scripts: `get_wsgi_application()` does it already, and under {} a second set-up of \
             logging can flood the log",
            context.deployment.host.title()
        );
        let mut finding = context.finding(&RULE, effect, Failure::Raises, message);
        finding.failure = None;
        finding.visitor_sees = VisitorSees::Ok;
        finding.fixes = remove(context, effect).into_iter().collect();
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

/// Removes the call, and `import django` when nothing else needs it.
fn remove(context: &Context<'_>, effect: &Effect) -> Option<Fix> {
    let path = &effect.site.path;
    let file = context.file(path)?;
    nodes::statement(&file, effect.statement)?.as_expr_stmt()?;
    let mut edits = fixes::remove_statement(&file, effect.statement)?;
    let uses = fixes::uses_of(&file, "django");
    let import = file.body().iter().find(|stmt| match stmt {
        Stmt::Import(import) => {
            import.names.len() == 1
                && import.names.iter().all(|n| n.name.as_str() == "django" && n.asname.is_none())
        }
        _ => false,
    });
    if let (Some(import), 2) = (import, uses.len()) {
        edits.extend(fixes::remove_statement(&file, import.range())?);
    }
    fix("Remove `django.setup()`", Safety::Review, path, Some(edits))
}
