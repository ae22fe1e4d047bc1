//! What an option means, for a hover.

use super::Place;
use super::apps::explain_app;
use crate::catalog::options::{self, OptionInfo, UWSGI_DEVELOPMENT, ValueKind, Version};
use crate::syntax::config::{ConfigKind, all};
use crate::text::{TextRange, TextSize};

/// What is at an offset (bytes), in Markdown, with its range.
pub fn explain(place: &Place<'_>, offset: TextSize) -> Option<(TextRange, String)> {
    if place.configuration.file.kind() == ConfigKind::Nginx {
        let directives = all(&place.configuration.file.content().directives).into_iter();
        let mut here = directives.filter(|one| one.name.range.contains_inclusive(offset));
        let directive = here.next()?;
        return Some((directive.name.range, describe(options::nginx(&directive.name.text)?)));
    }
    explain_option(place, offset).or_else(|| explain_app(place, offset))
}

fn explain_option(place: &Place<'_>, offset: TextSize) -> Option<(TextRange, String)> {
    let (_, told) = place.told_at(offset)?;
    let info = told.info?;
    if let Some(value) = &told.value
        && value.range.contains_inclusive(offset)
        && !told.name.range.contains_inclusive(offset)
    {
        let worker = options::gunicorn_worker(&value.text);
        let worker = worker.filter(|_| matches!(info.kind, ValueKind::Class) && info.name == "worker_class");
        return worker.map(|worker| (value.range, describe(worker)));
    }
    Some((told.name.range, describe(info)))
}

/// What is known of an option, in Markdown.
pub(super) fn describe(info: &OptionInfo) -> String {
    let mut out = format!("`{}`", info.name);
    if let Some(other) = info.same_as {
        out.push_str(&format!(", another name of `{other}`"));
    }
    out.push_str("\n\n");
    if let Some(description) = &info.description {
        out.push_str(description.trim());
        out.push_str("\n\n");
    }
    let mut facts = vec![format!("Value: {}", kind(&info.kind))];
    facts.extend(info.default.map(|default| format!("default: `{default}`")));
    facts.extend(info.since.map(|since| match since {
        UWSGI_DEVELOPMENT if info.link.contains("uwsgi") => "in no release".to_owned(),
        since => format!("since {}", shown(since)),
    }));
    facts.extend(info.until.map(|until| format!("gone since {}", shown(until))));
    out.push_str(&facts.join("; "));
    out.push_str(&format!("\n\n[Documentation]({})", info.link));
    out
}

fn shown((major, minor, patch): Version) -> String {
    format!("{major}.{minor}.{patch}")
}

fn kind(kind: &ValueKind) -> String {
    match kind {
        ValueKind::Any => "anything",
        ValueKind::Flag => "yes or no",
        ValueKind::Int => "a whole number",
        ValueKind::Float => "a number",
        ValueKind::Size => "a number of bytes",
        ValueKind::Mode => "permissions in octal digits",
        ValueKind::Str => "a text",
        ValueKind::Path => "a path",
        ValueKind::File => "a file",
        ValueKind::Dir => "a directory",
        ValueKind::PathList => "directories with colons between",
        ValueKind::Module => "a module, mostly with a callable: `package.module:application`",
        ValueKind::Callable => "the name of a callable",
        ValueKind::Class => "a class, by its path or a short name",
        ValueKind::Hook(count) => return format!("a function that takes {count} arguments"),
        ValueKind::Choice(words) => return format!("one of `{}`", words.join("`, `")),
        ValueKind::List => "several words",
        ValueKind::Mapping => "`name=value`",
        ValueKind::Mount => "`/path=module:callable`",
        ValueKind::Socket => "an address",
        ValueKind::User => "a user",
        ValueKind::Group => "a group",
        ValueKind::Block => "the beginning or end of a block",
        ValueKind::Arguments => "several arguments",
    }
    .to_owned()
}
