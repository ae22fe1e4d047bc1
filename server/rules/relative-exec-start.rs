//! `relative-exec-start`: systemd wants the whole path of what it starts.

use super::configuration::no_load;
use super::{ConfigContext, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::syntax::config::{ConfigKind, Spanned};

/// The rule.
pub static RULE: Rule = Rule {
    id: "relative-exec-start",
    summary: "a unit of systemd starts a program, or names a directory, by a relative path",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
systemd does not look in `WorkingDirectory` for the program of `ExecStart`: a path with a slash in it has to begin with one. Otherwise the unit is not loaded, and \
the log says \"neither a valid executable name nor an absolute path\". A bare name such as `gunicorn` is looked for in the system's own folders, where a \
virtual environment is not among them. `WorkingDirectory` has to be a whole path as well, or begin with `~`.",
        bad: "# site.service\n[Service]\nWorkingDirectory=/srv/site\nExecStart=venv/bin/gunicorn app:app",
        good: "# site.service\n[Service]\nWorkingDirectory=/srv/site\nExecStart=/srv/site/venv/bin/gunicorn app:app",
        when_wrong: "When a tool completes the path before the unit is installed, silence it.",
        pages: &[pages::SYSTEMD_COMMANDS],
    },
    check: no_load,
};

/// Tells relative paths.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    if context.configuration.file.kind() != ConfigKind::Systemd {
        return;
    }
    let mut seen = Vec::new();
    for command in &context.configuration.file.content().commands {
        if let Some(first) = command.words.first()
            && is_relative(&first.text)
            && first.text.contains('/')
            && first.is_known()
        {
            let message =
                format!("systemd wants the whole path of the program: it does not start `{}`", first.text);
            let base = command.directories.first().filter(|base| base.text.starts_with('/'));
            let fix = base.map(|base| {
                let whole = join(&base.text, &first.text);
                context.replace(format!("Start `{whole}`"), first.range, whole, Safety::Review)
            });
            report.findings.push(context.finding(&RULE, first.range, message).stops().mended(fix));
        }
        for Spanned { text, range } in command.directories.iter().take(1) {
            if is_relative(text) && !text.starts_with('~') && !seen.contains(range) {
                seen.push(*range);
                let message = format!(
                    "systemd wants a whole path as the working directory, not `{text}`: it passes over it"
                );
                report.findings.push(context.finding(&RULE, *range, message).stops());
            }
        }
    }
}

/// What a tool fills in, or systemd itself (`%h`), may be anything.
fn is_relative(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(['/', '%', '$', '{', '<', '@', '-']) && !text.contains("{{")
}

fn join(base: &str, path: &str) -> String {
    format!("{}/{}", base.trim_end_matches('/'), path.trim_start_matches("./"))
}
