//! `harakiri-without-master`: uWSGI kills its only process and nothing starts it again.

use super::configuration::no_load;
use super::{ConfigContext, FileEdit, Fix, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::hosting::told::{Group, Server, Told};
use crate::syntax::config::ConfigKind;
use crate::text::TextRange;

/// The rule.
pub static RULE: Rule = Rule {
    id: "harakiri-without-master",
    summary: "uWSGI is to kill slow workers, and has no master that starts new ones",
    severity: Severity::Warning,
    guidance: Guidance {
        explanation: "\
`harakiri` kills a worker whose request takes longer than so many seconds. It is the master that starts the next one: without `master = true` the first slow request \
is the end of the server, and visitors get 502 until somebody starts it again.",
        bad: "# uwsgi.ini\n[uwsgi]\nmodule = app:app\nharakiri = 30",
        good: "# uwsgi.ini\n[uwsgi]\nmodule = app:app\nmaster = true\nharakiri = 30",
        when_wrong: "When the command line or an emperor adds `master`, silence it.",
        pages: &[pages::UWSGI_THINGS_TO_KNOW, pages::UWSGI_OPTIONS],
    },
    check: no_load,
};

/// Options that bring the master with them, or options that this file does not show.
const BRING_MASTER: &[&str] = &[
    "alarm",
    "attach-daemon",
    "attach-daemon2",
    "carbon",
    "cheap",
    "cheaper",
    "cheaper-initial",
    "cheaper-step",
    "cron",
    "cron2",
    "evil-reload-on-as",
    "evil-reload-on-rss",
    "exception-handler",
    "farm",
    "idle",
    "legion",
    "log-master",
    "logger",
    "log-route",
    "log-maxsize",
    "log-socket",
    "master-fifo",
    "metric",
    "mule",
    "mules",
    "py-autoreload",
    "py-auto-reload",
    "python-autoreload",
    "python-auto-reload",
    "smart-attach-daemon",
    "smart-attach-daemon2",
    "spooler",
    "stats",
    "stats-http",
    "stats-server",
    "stats-push",
    "subscribe-to",
    "subscribe",
    "subscribe2",
    "threaded-logger",
    "timer",
    "rbtimer",
    "touch-reload",
    "touch-chain-reload",
    "touch-workers-reload",
    "touch-logrotate",
    "touch-logreopen",
    "unique-cron",
    "zerg-server",
    "enable-metrics",
    "emperor",
    "ini",
    "yaml",
    "yml",
    "xml",
    "include",
    "inherit",
    "config",
    "zerg",
];

/// Tells `harakiri` without a master.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    for group in context.configuration.groups.iter().filter(|group| group.server == Server::Uwsgi) {
        let Some(told) = group.last("harakiri") else { continue };
        let is_set = told.text().is_some_and(|text| text.starts_with(|c: char| ('1'..='9').contains(&c)));
        if !is_set || told.is_conditional || has_master(group) || is_started_with_more(context, group) {
            continue;
        }
        let message = "without `master` nothing starts a new process after `harakiri` has killed this one: visitors get 502 from then on";
        report.findings.push(context.finding(&RULE, told.range, message).likely().mended(fix(context, told)));
    }
}

fn has_master(group: &Group) -> bool {
    let options = group.told.iter();
    let brings = |told: &Told| {
        let other = told.info.and_then(|info| info.same_as);
        BRING_MASTER.contains(&told.setting())
            || told.setting().ends_with("-reload")
            || other.is_some_and(|name| BRING_MASTER.contains(&name))
    };
    // What depends on a condition, or is filled in elsewhere, may well be on.
    options.clone().any(|told| told.is("master") && (told.is_conditional || told.text().is_none()))
        || group.is_on("master")
        || options.clone().any(brings)
}

/// Whether a command line, or another file, reads this one and says more.
fn is_started_with_more(context: &ConfigContext<'_>, group: &Group) -> bool {
    let name = context.configuration.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let others = context.project.configurations.iter().filter(|one| one.path != context.configuration.path);
    let files = match group.command {
        // The command reads no file: all that it says is here.
        Some(at) => {
            let words = context.configuration.file.content().commands.get(at).map(|command| &command.words);
            return words.is_some_and(|words| words.iter().any(|word| word.text.ends_with(".ini")));
        }
        None => others,
    };
    files.into_iter().any(|one| {
        let commands = one.file.content().commands.iter().flat_map(|command| &command.words);
        let included = one.groups.iter().flat_map(|group| &group.told).filter_map(Told::text);
        commands.map(|word| word.text.as_str()).chain(included).any(|text| text.contains(&name))
            && one.groups.iter().any(|group| group.server == Server::Uwsgi && group.told.len() > 1)
    })
}

/// `master = true` on a line before.
fn fix(context: &ConfigContext<'_>, told: &Told) -> Option<Fix> {
    let source = context.configuration.file.source();
    let line = source.line_range(source.line(told.range.start()));
    let indent: String = context.slice(line).chars().take_while(|c| c.is_whitespace()).collect();
    let end = if context.text().contains("\r\n") { "\r\n" } else { "\n" };
    let text = match context.configuration.file.kind() {
        ConfigKind::UwsgiIni => format!("{indent}master = true{end}"),
        ConfigKind::UwsgiYaml => format!("{indent}master: true{end}"),
        ConfigKind::UwsgiXml => format!("{indent}<master>true</master>{end}"),
        _ => return None,
    };
    let edits = vec![FileEdit::replace(&context.configuration.path, TextRange::empty(line.start()), text)];
    Some(Fix { title: "Add `master = true`".to_owned(), safety: Safety::Review, preferred: true, edits })
}
