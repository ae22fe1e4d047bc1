//! `unresolved-django-setting`: a Django setting, or `DJANGO_SETTINGS_MODULE`, names something that is not there.

use std::path::Path;
use std::sync::Arc;

use super::causes::{fix, prefer_first};
use super::dotted::{nearest, settings_modules};
use super::imports::{Fault, faults, is_slip, python_says};
use super::search_path::{add_folder, literals, rewrite_literal};
use super::{Context, Fix, Guidance, Related, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::hosting::Failure;
use crate::load::{Effect, EffectKind, Raise, RaiseCause, Site};
use crate::text::TextRange;

/// The rule.
pub static RULE: Rule = Rule {
    id: "unresolved-django-setting",
    summary: "a Django setting names a module or class that is not there",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
Django imports by name: the module that `DJANGO_SETTINGS_MODULE` says, then everything in `INSTALLED_APPS`, and, when \
`get_wsgi_application()` makes the handler, every class in `MIDDLEWARE`. A name that leads nowhere raises, and the app does not load: \
PythonAnywhere, uWSGI and mod_wsgi answer every request with 500, gunicorn's workers leave and the proxy answers 502.

`ROOT_URLCONF` is imported with the first request. The app loads then, and every request fails.

The folder with `manage.py` has to be on the search path: `mysite.settings` is `mysite/settings.py` below it.",
        bad: "\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"mysite.setings\")
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
        when_wrong: "\
An app that is installed on the host and not in the virtual environment that wsgi-ls found is not known; name the right one with \
the setting `virtualenv`. When the host itself sets `DJANGO_SETTINGS_MODULE`, silence the line.",
        pages: &[pages::DJANGO_SETTINGS, pages::PA_DJANGO, pages::PA_DEBUGGING_IMPORT_ERRORS],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for effect in context.effects() {
        let EffectKind::Raises(raise) = &effect.kind else { continue };
        if let RaiseCause::DjangoSetting { setting, value } = &raise.cause {
            let found = named_by(context, &effect.site.path, effect.site.range, value);
            tell(context, report, (effect, raise), setting, value, found);
        }
    }
    for (effect, raise) in faults(context, Fault::Settings) {
        let RaiseCause::MissingModule { module, .. } = &raise.cause else { continue };
        let literal = settings_literal(context, effect, module);
        tell(context, report, (effect, raise), "DJANGO_SETTINGS_MODULE", module, literal);
    }
}

fn tell(
    context: &Context<'_>,
    report: &mut Reporter,
    (effect, raise): (&Effect, &Raise),
    setting: &str,
    value: &str,
    literal: Option<Site>,
) {
    let near = nearest(context, value);
    let hint = match near.as_slice() {
        [only] => format!(" (is `{only}` meant?)"),
        _ => String::new(),
    };
    let message = format!(
        "`{setting}` names `{value}`, which is not there{hint}. Python says {}: {}",
        python_says(raise),
        context.cannot_load(effect)
    );
    let mut finding = context.finding(&RULE, effect, Failure::Raises, message);
    finding.fixes = fixes_for(context, effect, raise, (setting, value), &near, literal.as_ref());
    finding.related.extend(
        literal
            .filter(|site| *site != effect.site)
            .map(|site| Related { site, message: format!("names `{value}`") }),
    );
    prefer_first(&mut finding.fixes);
    report.findings.push(finding);
}

/// The string that names a value, at or in a place of a file.
fn named_by(context: &Context<'_>, path: &Arc<Path>, within: TextRange, value: &str) -> Option<Site> {
    let file = context.file(path)?;
    let mut all = literals(&file).into_iter().filter(|(_, text)| text == value);
    let range = all.find(|(range, _)| within.contains_range(*range))?.0;
    Some(Site { path: path.clone(), range })
}

/// The string that names the settings module: at the place that is blamed, or in a file that was loaded.
fn settings_literal(context: &Context<'_>, effect: &Effect, module: &str) -> Option<Site> {
    if let Some(site) = named_by(context, &effect.site.path, effect.site.range, module) {
        return Some(site);
    }
    context.load.modules.iter().find_map(|loaded| {
        let range = literals(&loaded.file).into_iter().find(|(_, text)| text == module)?.0;
        Some(Site { path: loaded.path.clone(), range })
    })
}

fn fixes_for(
    context: &Context<'_>,
    effect: &Effect,
    raise: &Raise,
    (setting, value): (&str, &str),
    near: &[String],
    literal: Option<&Site>,
) -> Vec<Fix> {
    let mut found = Vec::new();
    if let RaiseCause::MissingModule { reachable_from: Some(folder), .. } = &raise.cause {
        let path = &effect.site.path;
        if let Some(file) = context.file(path) {
            let edit = add_folder(context, &file, path, effect.statement, folder);
            let title = "Put the project's folder on the search path first";
            found.extend(fix(title, Safety::Review, path, edit.map(|edit| vec![edit])));
        }
    }
    let Some(literal) = literal else { return found };
    let Some(file) = context.file(&literal.path) else { return found };
    let others = if near.is_empty() && setting == "DJANGO_SETTINGS_MODULE" {
        settings_modules(context)
    } else {
        Vec::new()
    };
    for name in near.iter().chain(&others) {
        let safe = near.len() == 1 && differs_by_a_slip(value, name);
        let safety = if safe { Safety::Safe } else { Safety::Review };
        let edit = rewrite_literal(&file, literal.range, value, name);
        found.extend(fix(format!("Name `{name}`"), safety, &literal.path, edit.map(|edit| vec![edit])));
    }
    found
}

/// Whether the only part that differs does so by a slip. Only the project's own names come into question here, so one
/// letter tells enough even where a name is short.
fn differs_by_a_slip(written: &str, real: &str) -> bool {
    let near = |a: &str, b: &str| is_slip(a, b) || strsim::damerau_levenshtein(a, b) == 1;
    written.split('.').zip(real.split('.')).all(|(a, b)| a == b || near(a, b))
}
