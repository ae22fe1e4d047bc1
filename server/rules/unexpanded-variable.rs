//! `unexpanded-variable`: `$PORT` reaches the server as it is written.

use super::configuration::no_load;
use super::{ConfigContext, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::options::{Family, ValueKind};
use crate::catalog::pages;
use crate::hosting::told::{Spelling, Told};
use crate::syntax::config::ConfigKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "unexpanded-variable",
    summary: "an address holds a variable such as `$PORT` that nobody replaces",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
A shell replaces `$PORT`; where no shell reads the text, the server is told the four letters behind a dollar sign and refuses to start: \"'$PORT' \
is not a valid port number\". No shell reads a `gunicorn.conf.py`, the list form of `CMD` and `ENTRYPOINT` in a Dockerfile, the commands of \
supervisor, and uWSGI's files, which have `$(PORT)` instead.",
        bad: "# gunicorn.conf.py\nwsgi_app = \"app:app\"\nbind = \"0.0.0.0:$PORT\"",
        good: "# gunicorn.conf.py\nimport os\n\nwsgi_app = \"app:app\"\nbind = f\"0.0.0.0:{os.environ['PORT']}\"",
        when_wrong: "When a tool fills the variable in before the server reads the file, silence it.",
        pages: &[pages::GUNICORN_SETTINGS, pages::DOCKER_FORMS, pages::UWSGI_CONFIGURATION],
    },
    check: no_load,
};

/// Tells addresses with variables in them.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    let configuration = context.configuration;
    let kind = configuration.file.kind();
    // Templates are filled in with `envsubst` and its like.
    let name =
        configuration.path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    if name.contains("template") || name.ends_with(".in") {
        return;
    }
    for group in &configuration.groups {
        let command = group.command.and_then(|at| configuration.file.content().commands.get(at));
        // Where somebody expands the words, what looks like a variable is one.
        if command.is_some_and(|command| command.expands) {
            continue;
        }
        for told in &group.told {
            let is_address = told.info.is_some_and(|info| info.kind == ValueKind::Socket);
            let Some(value) =
                told.value.as_ref().filter(|_| is_address && told.spelling != Spelling::Unknown)
            else {
                continue;
            };
            let Some((at, length)) = variable(&value.text) else { continue };
            let name = &value.text[at..at + length];
            let message = format!(
                "nobody replaces `{name}` here: {} takes it for a part of the address and refuses to start",
                group.server.title()
            );
            let range = value.part(at..at + length);
            let bare = name.trim_start_matches(['$', '{']).trim_end_matches('}');
            let fix = match (told.family, kind) {
                (Family::Uwsgi, ConfigKind::UwsgiIni | ConfigKind::UwsgiXml | ConfigKind::UwsgiYaml) => {
                    let new = format!("$({bare})");
                    Some(context.replace(format!("Write `{new}`"), range, new, Safety::Review))
                }
                (_, ConfigKind::Gunicorn) => of_python(context, told, bare),
                _ => None,
            };
            report.findings.push(context.finding(&RULE, range, message).stops().mended(fix));
        }
    }
}

/// `bind = "0.0.0.0:$PORT"` as an expression.
fn of_python(context: &ConfigContext<'_>, told: &Told, name: &str) -> Option<super::Fix> {
    let value = told.value.as_ref()?;
    let (at, length) = variable(&value.text)?;
    let is_last = at + length == value.text.len();
    let statement = context.slice(told.range);
    let right = statement[statement.find('=')? + 1..].trim();
    let quote = right.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    if !is_last || !right.ends_with(quote) || right.len() != value.text.len() + 2 {
        return None;
    }
    let start = told.range.end() - crate::text::TextSize::of(right);
    // Without the import somebody else has to see where it belongs.
    if !context.text().lines().any(|line| line.trim() == "import os") {
        return None;
    }
    let new = format!("{quote}{}{quote} + os.environ[{quote}{name}{quote}]", &value.text[..at]);
    let range = crate::text::TextRange::new(start, told.range.end());
    Some(context.replace(format!("Read `{name}` from the environment"), range, new, Safety::Review))
}

/// Where the first `$NAME` or `${NAME}` is, and its length.
fn variable(text: &str) -> Option<(usize, usize)> {
    let at = text.find('$')?;
    let rest = &text[at + 1..];
    let braced = rest.starts_with('{');
    let name = rest.trim_start_matches('{');
    let length = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(name.len());
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let whole = if braced { rest.find('}')? + 2 } else { length + 1 };
    starts.then_some((at, whole))
}
