//! `bad-option-value`: an option has a value that its server cannot use, or takes for something else.

use super::configuration::no_load;
use super::{ConfigContext, Finding, Fix, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::options::{self, Family, ValueKind};
use crate::catalog::pages;
use crate::hosting::told::{Spelling, Told};
use crate::syntax::config::Spanned;
use crate::text::suggest::similar_names;

/// The rule.
pub static RULE: Rule = Rule {
    id: "bad-option-value",
    summary: "an option has a value that its server refuses or takes for something else",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
uWSGI reads a number up to the first character that is no digit: `harakiri = thirty` is 0, which switches it off. A switch is on whatever \
stands there, but for `false`, `off`, `no` and `0`: `need-app = nope` is on.

gunicorn refuses to start with a number that is none, a truth value that is neither `True` nor `False`, a word that is no choice of the \
setting, a worker class that it cannot find. Apache refuses words other than `On` and `Off`.",
        bad: "# gunicorn.conf.py\nwsgi_app = \"app:app\"\ntimeout = \"abc\"",
        good: "# gunicorn.conf.py\nwsgi_app = \"app:app\"\ntimeout = 60",
        when_wrong: "When the value is filled in by a tool before the server reads it, silence it.",
        pages: &[pages::UWSGI_OPTIONS, pages::GUNICORN_SETTINGS, pages::MOD_WSGI_DIRECTIVES],
    },
    check: no_load,
};

/// Tells values that cannot be what was meant.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    for told in context.configuration.groups.iter().flat_map(|group| &group.told) {
        let (Some(info), Some(value)) = (told.info, told.known()) else { continue };
        let found = match told.family {
            Family::Uwsgi => of_uwsgi(context, told, &info.kind, value),
            Family::Gunicorn => of_gunicorn(context, told, &info.kind, value),
            Family::ModWsgi if info.flags.contains(&"TAKE1") => {
                of_directive(context, told, &info.kind, value)
            }
            Family::ModWsgiDaemon => of_daemon(context, told, value),
            _ => None,
        };
        report.findings.extend(found);
    }
}

fn of_uwsgi(context: &ConfigContext<'_>, told: &Told, kind: &ValueKind, value: &Spanned) -> Option<Finding> {
    let (name, text) = (told.setting(), value.text.trim());
    match kind {
        ValueKind::Int if !text.is_empty() && !reads_as_number(text) => {
            let message = format!("`{name}` wants a number: uWSGI takes `{text}` for 0");
            Some(context.finding(&RULE, value.range, message).severity(Severity::Warning))
        }
        ValueKind::Int
            if name == "buffer-size" && text.parse::<u64>().is_ok_and(|number| number > 65_535) =>
        {
            let message = format!("`buffer-size` goes up to 65535: uWSGI takes `{text}` for that");
            let fix = context.replace("Write 65535", value.range, "65535", Safety::Safe);
            Some(context.finding(&RULE, value.range, message).severity(Severity::Information).mended([fix]))
        }
        ValueKind::Flag if means_no(text) => {
            let message =
                format!("`{text}` switches `{name}` on: for uWSGI only `false`, `off`, `no` and `0` mean no");
            let fix = context.replace("Write `false`", value.range, "false", Safety::Review);
            Some(context.finding(&RULE, value.range, message).severity(Severity::Warning).mended([fix]))
        }
        _ => None,
    }
}

/// As C's `atoi` reads it; some options count cores or take several numbers.
fn reads_as_number(text: &str) -> bool {
    text.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit())
}

fn means_no(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "nope" | "none" | "never" | "null" | "nil" | "disable" | "disabled" | "n" | "f" | "flase" | "fasle"
    )
}

/// Settings that gunicorn reads as whole numbers from 0 on.
const COUNTS: [&str; 12] = [
    "backlog",
    "graceful_timeout",
    "keepalive",
    "limit_request_field_size",
    "limit_request_fields",
    "limit_request_line",
    "max_requests",
    "max_requests_jitter",
    "threads",
    "timeout",
    "worker_connections",
    "workers",
];

fn of_gunicorn(
    context: &ConfigContext<'_>,
    told: &Told,
    kind: &ValueKind,
    value: &Spanned,
) -> Option<Finding> {
    let (name, text) = (told.setting(), value.text.trim());
    let refuses = |wants: &str| {
        let message = format!("`{name}` wants {wants}: gunicorn refuses to start with {}", shown(told, text));
        let found = context.finding(&RULE, value.range, message).stops();
        if told.is_conditional { found.likely() } else { found }
    };
    let is_flag = told.name.text.starts_with('-');
    match kind {
        ValueKind::Int if COUNTS.contains(&name) => {
            let number = text.replace('_', "").parse::<i64>();
            let is_truth = told.spelling == Spelling::PythonLiteral && matches!(text, "True" | "False");
            // Python also reads `0x10` and its like.
            let other_base = text.starts_with("0x") || text.starts_with("0o") || text.starts_with("0b");
            match number {
                Ok(0..) => None,
                Ok(_) => Some(refuses("a number from 0 on")),
                Err(_) if is_truth || other_base || text.contains("os.") => None,
                Err(_) => Some(refuses("a whole number")),
            }
        }
        ValueKind::Flag if !is_flag && told.spelling != Spelling::Nothing => {
            let is_truth = matches!(text.to_ascii_lowercase().as_str(), "true" | "false")
                || told.spelling == Spelling::PythonLiteral && text == "None";
            let is_old_choice = matches!(name, "proxy_protocol" | "sendfile");
            if is_truth || is_old_choice {
                return None;
            }
            let yes = matches!(text.to_ascii_lowercase().as_str(), "yes" | "on" | "1" | "y");
            let no = matches!(text.to_ascii_lowercase().as_str(), "no" | "off" | "0" | "n");
            let fix = (yes || no)
                .then(|| literal(context, told, value, if yes { "True" } else { "False" }))
                .flatten();
            Some(refuses("`True` or `False`").mended(fix))
        }
        ValueKind::Class if name == "worker_class" => of_worker(context, told, value),
        // gunicorn itself passes over a level that it does not know.
        ValueKind::Choice(choices) if name != "loglevel" && name != "proxy_protocol" => {
            let fits = choices.iter().any(|choice| choice.eq_ignore_ascii_case(text));
            (!fits && matches!(told.spelling, Spelling::PythonText | Spelling::Text))
                .then(|| refuses(&format!("one of {}", choices.join(", "))))
        }
        _ => None,
    }
}

fn shown(told: &Told, text: &str) -> String {
    if told.spelling == Spelling::PythonText { format!("`\"{text}\"`") } else { format!("`{text}`") }
}

/// Replaces a literal of Python with its quotes.
fn literal(context: &ConfigContext<'_>, told: &Told, value: &Spanned, new: &str) -> Option<Fix> {
    let whole = context.slice(told.range);
    let at = whole.find('=')?;
    let right = whole[at + 1..].trim();
    let start = told.range.end() - crate::text::TextSize::of(right);
    let range = crate::text::TextRange::new(start, told.range.end());
    range
        .contains_range(value.range)
        .then(|| context.replace(format!("Write `{new}`"), range, new, Safety::Review))
}

/// A short name that no release of gunicorn knows as a worker class.
fn of_worker(context: &ConfigContext<'_>, told: &Told, value: &Spanned) -> Option<Finding> {
    let text = value.text.as_str();
    let is_path = text.contains(['.', ':', '#', '/', ' ', '$']);
    if text.is_empty()
        || is_path
        || options::gunicorn_worker(text).is_some()
        || told.spelling == Spelling::PythonLiteral
    {
        return None;
    }
    let names: Vec<&str> =
        options::all_gunicorn_workers().filter(|info| info.until.is_none()).map(|info| info.name).collect();
    let near = similar_names(text, &names);
    let message = format!("gunicorn knows no worker class `{text}`: it refuses to start");
    let found = context.finding(&RULE, value.range, message).stops();
    // An installed package can bring a name of its own.
    let Some(first) = near.first() else { return Some(found.likely()) };
    let fix = context.replace(format!("Change it to `{first}`"), value.range, first.clone(), Safety::Review);
    Some(found.mended([fix]))
}

fn of_directive(
    context: &ConfigContext<'_>,
    told: &Told,
    kind: &ValueKind,
    value: &Spanned,
) -> Option<Finding> {
    let text = value.text.as_str();
    if *kind != ValueKind::Flag || text.eq_ignore_ascii_case("on") || text.eq_ignore_ascii_case("off") {
        return None;
    }
    let message = format!("`{}` is `On` or `Off`: Apache refuses to start with `{text}`", told.setting());
    let yes = matches!(text.to_ascii_lowercase().as_str(), "yes" | "true" | "1");
    let new = if yes { "On" } else { "Off" };
    let fix = context.replace(format!("Write `{new}`"), value.range, new, Safety::Review);
    Some(context.finding(&RULE, value.range, message).stops().mended([fix]))
}

fn of_daemon(context: &ConfigContext<'_>, told: &Told, value: &Spanned) -> Option<Finding> {
    let (name, text) = (told.setting(), value.text.as_str());
    if !matches!(name, "processes" | "threads")
        || reads_as_number(text) && !text.starts_with('0') && !text.starts_with('-')
    {
        return None;
    }
    let message = format!("`{name}` wants a number from 1 on: Apache refuses to start with `{text}`");
    Some(context.finding(&RULE, value.range, message).stops())
}
