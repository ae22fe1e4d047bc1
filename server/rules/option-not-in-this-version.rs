//! `option-not-in-this-version`: the release of the server that the project uses does not have the option.

use super::configuration::no_load;
use super::{ConfigContext, Finding, Guidance, Reporter, Rule, Severity};
use crate::catalog::options::{self, Family, OptionInfo, UWSGI_DEVELOPMENT, Version};
use crate::catalog::pages;
use crate::hosting::told::{Group, Told};
use crate::text::TextRange;

/// The rule.
pub static RULE: Rule = Rule {
    id: "option-not-in-this-version",
    summary: "an option, or a worker class, that the project's release of the server does not have",
    severity: Severity::Warning,
    guidance: Guidance {
        explanation: "\
Manuals describe the newest release, or one that never came out: uWSGI's lists options of a version 2.1 that was not released. A server passes over \
what it does not know in its file, and refuses to start when it is told on the command line. gunicorn took out its eventlet worker in 26.0.

The release is the one that is installed in the virtual environment, else the one that `requirements.txt` pins; where it asks for the newest one, that counts.",
        bad: "# gunicorn.conf.py\nwsgi_app = \"app:app\"\nworker_class = \"eventlet\"\n# requirements.txt\ngunicorn==26.0.0",
        good: "# gunicorn.conf.py\nwsgi_app = \"app:app\"\nworker_class = \"gevent\"\n# requirements.txt\ngunicorn==26.0.0",
        when_wrong: "When the host runs another release than the project's files say, silence it.",
        pages: &[pages::GUNICORN_SETTINGS, pages::UWSGI_OPTIONS],
    },
    check: no_load,
};

/// Tells options of other releases.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    for group in &context.configuration.groups {
        for told in &group.told {
            let Some(info) = told.info else { continue };
            let what = || format!("`{}`", told.name.text);
            report.findings.extend(judge(context, group, info, what, told.name.range));
            if told.family == Family::Gunicorn
                && info.name == "worker_class"
                && let Some(value) = told.known()
                && let Some(worker) = options::gunicorn_worker(&value.text)
            {
                report.findings.extend(of_worker(context, group, told, worker, value.range));
            }
        }
    }
}

fn judge(
    context: &ConfigContext<'_>,
    group: &Group,
    info: &OptionInfo,
    what: impl Fn() -> String,
    range: TextRange,
) -> Option<Finding> {
    let server = group.server.title();
    let release = context.project.versions.of(group.server);
    if info.since == Some(UWSGI_DEVELOPMENT) && group.server.family() == Some(Family::Uwsgi) {
        let message = format!(
            "no release of uWSGI has {}: it is in the development version, which calls itself 2.1",
            what()
        );
        return Some(context.finding(&RULE, range, message));
    }
    let version = release.exact?;
    let message = match (info.since, info.until) {
        (Some(since), _) if version < since => {
            let (what, version, since) = (what(), shown(version), shown(since));
            format!("{server} {version} does not have {what}, which came with {since}")
        }
        (_, Some(until)) if version >= until => {
            let (what, version, until) = (what(), shown(version), shown(until));
            format!("{server} {version} does not have {what} any more, which left with {until}")
        }
        _ => return None,
    };
    Some(context.finding(&RULE, range, message).likely())
}

fn of_worker(
    context: &ConfigContext<'_>,
    group: &Group,
    told: &Told,
    worker: &OptionInfo,
    range: TextRange,
) -> Option<Finding> {
    let release = context.project.versions.of(group.server);
    let what = format!("the worker class `{}`", worker.name);
    if let Some(found) = judge(context, group, worker, || what.clone(), range) {
        // It is looked for when the server starts.
        let message = format!("{}: it refuses to start", found.message);
        let severity = if told.is_conditional { Severity::Warning } else { Severity::Error };
        return Some(Finding { message, ..found }.severity(severity).stops());
    }
    let until = worker.until.filter(|_| release.is_newest)?;
    let message = format!(
        "the newest gunicorn does not have {what} any more, which left with {}: it refuses to start",
        shown(until)
    );
    Some(context.finding(&RULE, range, message).likely().stops())
}

fn shown((major, minor, patch): Version) -> String {
    if patch == 0 { format!("{major}.{minor}") } else { format!("{major}.{minor}.{patch}") }
}
