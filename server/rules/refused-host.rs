//! `refused-host`: Django answers 400 to every visitor.

use super::causes::{fix, prefer_first};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity, nodes};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{Effect, EffectKind};

/// The rule.
pub static RULE: Rule = Rule {
    id: "refused-host",
    summary: "Django refuses the site's own name",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
Django only answers requests for a name that `ALLOWED_HOSTS` holds; to all others it answers 400 Bad Request. With `DEBUG = False` and an empty list \
that is every visitor. With `DEBUG = True` and an empty list only the developer's own machine is served. Nothing stands in the error log but `Invalid HTTP_HOST header`.

Write the domain of the site into the list: `ALLOWED_HOSTS = [\"jane.pythonanywhere.com\"]`.",
        bad: "\
# mysite/settings.py
DEBUG = False
ALLOWED_HOSTS = []
MIDDLEWARE = [\"django.middleware.common.CommonMiddleware\"]
ROOT_URLCONF = \"mysite.urls\"
# mysite/urls.py
urlpatterns = []
# mysite/wsgi.py
import os
from django.core.wsgi import get_wsgi_application

os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"mysite.settings\")
application = get_wsgi_application()",
        good: "\
# mysite/settings.py
DEBUG = False
ALLOWED_HOSTS = [\"jane.pythonanywhere.com\"]
MIDDLEWARE = [\"django.middleware.common.CommonMiddleware\"]
ROOT_URLCONF = \"mysite.urls\"
# mysite/urls.py
urlpatterns = []
# mysite/wsgi.py
import os
from django.core.wsgi import get_wsgi_application

os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"mysite.settings\")
application = get_wsgi_application()",
        when_wrong: "\
Settings that read the list from the environment, or from a file that only the host has, are not judged. When something else changes the list after \
the settings are read, silence it.",
        pages: &[pages::DJANGO_ALLOWED_HOSTS],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for effect in context.effects() {
        let EffectKind::RefusesHosts(refusal) = &effect.kind else { continue };
        let why = match (&refusal.domain, refusal.is_empty) {
            (Some(domain), false) => {
                format!("`ALLOWED_HOSTS` does not hold `{domain}`, the name of this site")
            }
            (Some(domain), true) => {
                format!("`ALLOWED_HOSTS` is empty and does not hold `{domain}`, the name of this site")
            }
            (None, _) => "`ALLOWED_HOSTS` is empty, and no name of a site is served".to_owned(),
        };
        let message = format!("{why}: Django answers 400 Bad Request to every visitor");
        let mut finding = context.finding(&RULE, effect, Failure::RefusesHost, message);
        finding.failure = Some(Failure::RefusesHost);
        finding.visitor_sees = context.visitor_sees(Failure::RefusesHost);
        finding.fixes =
            refusal.domain.as_ref().and_then(|domain| allow(context, effect, domain)).into_iter().collect();
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

/// Puts the domain behind the names that the list holds.
fn allow(context: &Context<'_>, effect: &Effect, domain: &str) -> Option<Fix> {
    let path = &effect.site.path;
    let file = context.file(path)?;
    let list = nodes::expression(&file, effect.site.range)?;
    let text = file.slice(effect.site.range);
    let (close, count) = match list {
        ruff_python_ast::Expr::List(list) => (']', list.elts.len()),
        ruff_python_ast::Expr::Tuple(tuple) if tuple.parenthesized => (')', tuple.elts.len()),
        _ => return None,
    };
    let quote = if text.contains('\'') { '\'' } else { '"' };
    let body = text.strip_suffix(close)?;
    let (body, tail) = body.split_at(body.trim_end().len());
    let last_line = body.lines().last().unwrap_or_default();
    if last_line.contains('#') {
        return None;
    }
    let comma = if count == 0 || body.ends_with(',') { "" } else { "," };
    let name = format!("{quote}{domain}{quote}");
    let written = if count > 0 && tail.contains('\n') {
        // A list with one name on each line keeps its shape.
        let newline = if tail.contains("\r\n") { "\r\n" } else { "\n" };
        let indent = &last_line[..last_line.len() - last_line.trim_start().len()];
        format!("{body}{comma}{newline}{indent}{name},{tail}{close}")
    } else {
        let space = if count == 0 { "" } else { " " };
        let single = if close == ')' && count == 0 { "," } else { "" };
        format!("{body}{comma}{space}{name}{single}{tail}{close}")
    };
    let edit = fixes::replace_expression(&file, effect.site.range, &written)?;
    fix(format!("Allow `{domain}`"), Safety::Safe, path, Some(vec![edit]))
}
