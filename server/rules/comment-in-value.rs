//! `comment-in-value`: what looks like a comment is a part of the value in front of it.

use super::configuration::no_load;
use super::{ConfigContext, Finding, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::options::ValueKind;
use crate::catalog::pages;
use crate::hosting::told::Told;
use crate::hosting::{Failure, Host};
use crate::syntax::config::{ConfigKind, Spanned};
use crate::text::TextRange;

/// The rule.
pub static RULE: Rule = Rule {
    id: "comment-in-value",
    summary: "a comment behind a value is read as a part of the value",
    severity: Severity::Warning,
    guidance: Guidance {
        explanation: "\
In uWSGI's ini files and in units of systemd a comment is a line of its own. What follows a value on its line belongs to the value: uWSGI \
looks for a module called `app:app # the site`, and systemd for a directory whose name ends in `# the site`. Numbers are read up to the \
first blank and stay what they are.",
        bad: "# uwsgi.ini\n[uwsgi]\nmodule = app:app  # the site",
        good: "# uwsgi.ini\n[uwsgi]\n# the site\nmodule = app:app",
        when_wrong: "When the value really holds a `#`, silence it.",
        pages: &[pages::UWSGI_CONFIGURATION, pages::SYSTEMD_COMMANDS],
    },
    check: no_load,
};

/// Tells comments that are none.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    match context.configuration.file.kind() {
        ConfigKind::UwsgiIni => {
            for told in context.configuration.groups.iter().flat_map(|group| &group.told) {
                report.findings.extend(of_option(context, told));
            }
        }
        ConfigKind::Systemd => of_unit(context, report),
        _ => {}
    }
}

fn of_option(context: &ConfigContext<'_>, told: &Told) -> Option<Finding> {
    let value = told.value.as_ref()?;
    let info = told.info?;
    let at = comment(&value.text, true)?;
    let (kept, rest) = (value.text[..at].trim_end(), &value.text[at..]);
    let is_number = match &info.kind {
        ValueKind::Int | ValueKind::Size | ValueKind::Mode => kept.chars().all(|c| c.is_ascii_digit()),
        // Any word but these four is yes, so a `false` with a comment is a yes.
        ValueKind::Flag => !matches!(kept.to_ascii_lowercase().as_str(), "false" | "off" | "no" | "0"),
        ValueKind::Path
        | ValueKind::File
        | ValueKind::Dir
        | ValueKind::PathList
        | ValueKind::Module
        | ValueKind::Callable
        | ValueKind::Socket
        | ValueKind::User
        | ValueKind::Group
        | ValueKind::Choice(_) => false,
        _ => return None,
    };
    let range = value.part(at..value.text.len());
    let message = if is_number {
        format!(
            "uWSGI has no comments behind values: it skips this one only because `{kept}` is all that it needs"
        )
    } else {
        format!("uWSGI has no comments behind values: the value of `{}` is `{}`", told.setting(), value.text)
    };
    let severity = if is_number { Severity::Hint } else { Severity::Warning };
    let safety = if is_number { Safety::Safe } else { Safety::Review };
    let found = context
        .finding(&RULE, range, message)
        .severity(severity)
        .mended(moved(context, told.range, value, kept, rest, safety));
    let names_app = matches!(info.kind, ValueKind::Module | ValueKind::Callable) || info.name == "wsgi-file";
    Some(if names_app { found.fails(Failure::NoApplication, Host::Uwsgi) } else { found })
}

/// The comment on a line of its own above.
fn moved(
    context: &ConfigContext<'_>,
    line: TextRange,
    value: &Spanned,
    kept: &str,
    comment: &str,
    safety: Safety,
) -> Option<super::Fix> {
    let before = context.slice(TextRange::new(line.start(), value.range.start()));
    let end = if context.text().contains("\r\n") { "\r\n" } else { "\n" };
    let range = TextRange::new(line.start(), value.range.end());
    let text = format!("{comment}{end}{before}{kept}");
    (context.slice(value.range) == value.text)
        .then(|| context.replace("Put the comment on a line of its own", range, text, safety))
}

/// Where a comment begins: a `#` (or `;`) with a blank before it, and a blank or a letter behind.
fn comment(text: &str, semicolon: bool) -> Option<usize> {
    let starts = text.match_indices(|c| c == '#' || semicolon && c == ';').map(|(at, _)| at);
    starts.into_iter().find(|at| {
        let blank_before = text[..*at].chars().next_back().is_some_and(char::is_whitespace);
        let next = text[at + 1..].chars().next();
        blank_before && next.is_some_and(|c| c.is_whitespace() || c.is_alphabetic())
    })
}

fn of_unit(context: &ConfigContext<'_>, report: &mut Reporter) {
    let content = context.configuration.file.content();
    let mut seen: Vec<TextRange> = Vec::new();
    for command in &content.commands {
        for directory in &command.directories {
            if let Some(at) = comment(&directory.text, false)
                && !seen.contains(&directory.range)
            {
                seen.push(directory.range);
                let message = format!(
                    "systemd has no comments behind values: it looks for the directory `{}` and does not start the service",
                    directory.text
                );
                let line = context
                    .configuration
                    .file
                    .source()
                    .line_range(context.configuration.file.source().line(directory.range.start()));
                let (kept, rest) = (directory.text[..at].trim_end(), &directory.text[at..]);
                let fix = moved(context, line, directory, kept, rest, Safety::Review);
                let range = directory.part(at..directory.text.len());
                report.findings.push(
                    context.finding(&RULE, range, message).severity(Severity::Error).stops().mended(fix),
                );
            }
        }
        if let Some(word) = command.words.iter().find(|word| word.text == "#") {
            let message = "systemd has no comments behind values: this is passed to the program".to_owned();
            let range = TextRange::new(word.range.start(), command.range().end());
            report.findings.push(context.finding(&RULE, range, message));
        }
    }
}
