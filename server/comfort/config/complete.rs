//! What could stand at a place of a configuration: options, values, modules, callables, paths.

use super::explain::describe;
use super::{Place, family_of};
use crate::catalog::options::{self, Family, OptionInfo, ValueKind};
use crate::comfort::{Completion, CompletionKind};
use crate::hosting::Around;
use crate::hosting::told::{Group, Server, server_in};
use crate::syntax::config::{ConfigKind, TargetForm};
use crate::text::{TextEdit, TextRange, TextSize};
use crate::workspace::EntryKind;

/// What could stand at an offset (bytes).
pub fn complete(place: &Place<'_>, offset: TextSize) -> Vec<Completion> {
    let file = &place.configuration.file;
    let source = file.source();
    let line = place.line(offset);
    let before = source.slice(TextRange::new(line.start(), offset.min(line.end())));
    match family_of(file.kind()) {
        Some((Family::Uwsgi, _)) => of_uwsgi(place, before, offset),
        Some((Family::Gunicorn, _)) => of_gunicorn(place, before, offset),
        Some((Family::ModWsgi, _)) => of_apache(before, offset),
        _ if file.kind() == ConfigKind::Nginx => of_nginx(before, offset),
        _ => of_command(place, before, offset),
    }
}

fn of_uwsgi(place: &Place<'_>, before: &str, offset: TextSize) -> Vec<Completion> {
    let kind = place.configuration.file.kind();
    let trimmed = before.trim_start();
    if trimmed.starts_with([';', '#']) {
        return Vec::new();
    }
    if let Some(typed) = trimmed.strip_prefix('[').filter(|_| kind == ConfigKind::UwsgiIni) {
        return vec![item("uwsgi", "uwsgi", typed, offset, CompletionKind::Member)];
    }
    let split = match kind {
        ConfigKind::UwsgiIni => trimmed.split_once('='),
        ConfigKind::UwsgiYaml => trimmed.split_once(": "),
        _ => trimmed.strip_prefix('<').and_then(|rest| rest.split_once('>')),
    };
    if let Some((name, value)) = split {
        let Some(info) = options::uwsgi(name.trim()) else { return Vec::new() };
        let group = place.configuration.groups.iter().find(|group| group.range.contains_inclusive(offset));
        return values(place, Server::Uwsgi, group, info, value.trim_start(), offset);
    }
    let typed = trimmed.trim_start_matches('<');
    if typed.contains(char::is_whitespace) || kind == ConfigKind::UwsgiXml && !trimmed.starts_with('<') {
        return Vec::new();
    }
    let tail = |info: &OptionInfo| match kind {
        ConfigKind::UwsgiIni => format!("{} = ", info.name),
        ConfigKind::UwsgiYaml => format!("{}: ", info.name),
        _ => format!("{0}></{0}>", info.name),
    };
    let usable = options::all_uwsgi().filter(|info| info.since != Some(options::UWSGI_DEVELOPMENT));
    named(usable, typed, offset, tail)
}

fn of_gunicorn(place: &Place<'_>, before: &str, offset: TextSize) -> Vec<Completion> {
    if before.starts_with(char::is_whitespace) || before.starts_with('#') {
        return Vec::new();
    }
    let Some((name, value)) = before.split_once('=') else {
        let release = place.project.versions.of(Server::Gunicorn).exact;
        let fits =
            |info: &&'static OptionInfo| release.map_or(info.until.is_none(), |version| info.is_in(version));
        let plain = before.chars().all(|c| c.is_alphanumeric() || c == '_');
        return if plain {
            named(options::all_gunicorn().filter(fits), before, offset, |info| format!("{} = ", info.name))
        } else {
            Vec::new()
        };
    };
    let Some(info) = options::gunicorn(name.trim()) else { return Vec::new() };
    let value = value.trim_start();
    let group = place.configuration.groups.first();
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) if !value[1..].contains(quote) => {
            values(place, Server::Gunicorn, group, info, &value[1..], offset)
        }
        _ if info.kind == ValueKind::Flag => ["True", "False"]
            .into_iter()
            .filter(|word| word.starts_with(value))
            .map(|word| item(word, word, value, offset, CompletionKind::Expression))
            .collect(),
        _ => Vec::new(),
    }
}

fn of_apache(before: &str, offset: TextSize) -> Vec<Completion> {
    let trimmed = before.trim_start();
    let words: Vec<&str> = trimmed.split_whitespace().collect();
    let typed = if trimmed.ends_with(char::is_whitespace) { "" } else { words.last().copied().unwrap_or("") };
    let count = words.len() - usize::from(!typed.is_empty());
    let Some(first) = words.first().filter(|_| count > 0) else {
        return named(options::all_mod_wsgi().filter(|info| info.until.is_none()), typed, offset, |info| {
            format!("{} ", info.name)
        });
    };
    let tail = |info: &OptionInfo| format!("{}=", info.name);
    match first.to_ascii_lowercase().as_str() {
        "wsgidaemonprocess" if count > 1 => named(options::all_mod_wsgi_daemon(), typed, offset, tail),
        "wsgiscriptalias" | "wsgiscriptaliasmatch" if count > 2 => {
            named(options::all_mod_wsgi_script(), typed, offset, tail)
        }
        _ => {
            let is_switch = options::mod_wsgi(first).is_some_and(|info| info.kind == ValueKind::Flag);
            let words = ["On", "Off"].into_iter().filter(|_| is_switch && count == 1);
            words.map(|word| item(word, word, typed, offset, CompletionKind::Expression)).collect()
        }
    }
}

/// The first word of a directive.
fn of_nginx(before: &str, offset: TextSize) -> Vec<Completion> {
    let typed = before.rsplit([';', '{', '}']).next().unwrap_or("").trim_start();
    let is_name = typed.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !is_name {
        return Vec::new();
    }
    named(options::all_nginx(), typed, offset, |info| format!("{} ", info.name))
}

/// The app that a platform's own file names.
fn of_target(place: &Place<'_>, offset: TextSize) -> Vec<Completion> {
    let content = place.configuration.file.content();
    let mut here = content.targets.iter().filter(|target| target.text.range.contains_inclusive(offset));
    let Some(target) = here.next() else { return Vec::new() };
    let text = place.configuration.file.source().text();
    let Some(typed) = text.get(target.text.range.start().to_usize()..offset.to_usize()) else {
        return Vec::new();
    };
    match target.form {
        TargetForm::WsgiPath => apps(place, None, typed, offset),
        TargetForm::Dotted => {
            // The callable is the last part of the name, with no colon before it.
            let whole = apps(place, None, typed, offset).into_iter().map(|item| {
                let plain = |text: &str| text.replace(':', ".");
                let edit = TextEdit { new_text: plain(&item.edit.new_text), ..item.edit };
                Completion { label: plain(&item.label), filter: plain(&item.filter), edit, ..item }
            });
            let of_module = typed
                .rsplit_once('.')
                .map(|(module, name)| apps(place, None, &format!("{module}:{name}"), offset));
            whole.chain(of_module.into_iter().flatten()).collect()
        }
    }
}

/// Flags and apps of a command line.
fn of_command(place: &Place<'_>, before: &str, offset: TextSize) -> Vec<Completion> {
    let file = &place.configuration.file;
    // Where the cursor stands behind the last word, the command ends before it.
    let near = |range: TextRange| range.start() <= offset && offset <= range.end() + TextSize::new(2);
    let commands = file.content().commands.iter().enumerate();
    let Some((at, command)) = commands.rev().find(|(_, command)| near(command.range())) else {
        return of_target(place, offset);
    };
    let Some((server, _)) = server_in(&command.words) else { return Vec::new() };
    let typed = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '[' | ','))
        .next()
        .unwrap_or("");
    let group = place.configuration.groups.iter().find(|group| group.command == Some(at));
    if typed.starts_with('-') && !typed.contains('=') {
        let of = |info: &'static OptionInfo| info.flags.iter().find(|flag| flag.starts_with("--")).copied();
        let all: Vec<(String, &'static OptionInfo)> = match server {
            Server::Gunicorn => options::all_gunicorn()
                .filter(|info| info.until.is_none())
                .filter_map(|info| Some((of(info)?.to_owned(), info)))
                .collect(),
            Server::Waitress => {
                options::all_waitress().filter_map(|info| Some((of(info)?.to_owned(), info))).collect()
            }
            Server::ModWsgiExpress => options::all_mod_wsgi_express()
                .filter_map(|info| Some((of(info)?.to_owned(), info)))
                .collect(),
            Server::Uwsgi => options::all_uwsgi().map(|info| (format!("--{}", info.name), info)).collect(),
            Server::ModWsgi | Server::Other => Vec::new(),
        };
        let fitting = all.into_iter().filter(|(flag, _)| flag.starts_with(typed));
        let items = fitting.map(|(flag, info)| Completion {
            documentation: Some(describe(info)),
            ..item(&flag, &flag, typed, offset, CompletionKind::Option)
        });
        return items.collect();
    }
    if matches!(server, Server::Gunicorn | Server::Waitress | Server::Other)
        && typed.contains(|c: char| c.is_alphabetic())
        || typed.is_empty()
    {
        return apps(place, group, typed, offset);
    }
    Vec::new()
}

/// The options whose names begin with what is typed, also with other hyphens.
fn named(
    all: impl Iterator<Item = &'static OptionInfo>,
    typed: &str,
    offset: TextSize,
    text: impl Fn(&OptionInfo) -> String,
) -> Vec<Completion> {
    let plain = |text: &str| text.to_ascii_lowercase().replace('_', "-");
    let wanted = plain(typed);
    let fitting = all.filter(|info| plain(info.name).starts_with(&wanted));
    let items = fitting.map(|info| Completion {
        filter: if info.name.starts_with(typed) { info.name.to_owned() } else { typed.to_owned() },
        documentation: Some(describe(info)),
        ..item(info.name, &text(info), typed, offset, CompletionKind::Option)
    });
    items.collect()
}

/// What an option could be set to.
fn values(
    place: &Place<'_>,
    server: Server,
    group: Option<&Group>,
    info: &OptionInfo,
    typed: &str,
    offset: TextSize,
) -> Vec<Completion> {
    let words = |words: &[&str]| -> Vec<Completion> {
        let fitting = words.iter().filter(|word| word.starts_with(typed));
        fitting.map(|word| item(word, word, typed, offset, CompletionKind::Expression)).collect()
    };
    match &info.kind {
        ValueKind::Flag if server == Server::Uwsgi => words(&["true", "false"]),
        ValueKind::Choice(choices) => words(choices),
        ValueKind::Class if info.name == "worker_class" => {
            let classes: Vec<&str> = options::all_gunicorn_workers()
                .filter(|info| info.until.is_none())
                .map(|info| info.name)
                .collect();
            words(&classes)
        }
        ValueKind::Module => apps(place, group, typed, offset),
        ValueKind::Callable => {
            let target = place.configuration.targets.first();
            let around = around(place, group);
            let path = target.and_then(|target| {
                if target.is_path {
                    around.file(&target.entry.text)
                } else {
                    around.module(&target.entry.text)
                }
            });
            let names = path.map(|path| callables(place, &path)).unwrap_or_default();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            words(&names)
        }
        ValueKind::File | ValueKind::Dir | ValueKind::Path => paths(place, group, info, typed, offset),
        _ => Vec::new(),
    }
}

fn around<'a>(place: &Place<'a>, group: Option<&Group>) -> Around<'a> {
    Around::of(place.snapshot, place.root, &place.configuration.path, &place.configuration.file, group)
}

/// Modules, and behind the colon the callables of one.
fn apps(place: &Place<'_>, group: Option<&Group>, typed: &str, offset: TextSize) -> Vec<Completion> {
    let around = around(place, group);
    if let Some((module, name)) = typed.split_once(':') {
        let names = around.module(module).map(|path| callables(place, &path)).unwrap_or_default();
        let fitting = names.iter().filter(|one| one.starts_with(name));
        return fitting.map(|one| item(one, one, name, offset, CompletionKind::Member)).collect();
    }
    let (package, last) = typed.rsplit_once('.').map_or(("", typed), |(package, last)| (package, last));
    let mut names: Vec<(String, bool)> = Vec::new();
    for base in around.search() {
        let folder = base.join(package.replace('.', "/"));
        let entries = place.snapshot.entries(&folder);
        for entry in entries.iter().flat_map(|entries| entries.iter()) {
            let name = entry.name.to_string_lossy();
            match (name.strip_suffix(".py"), entry.kind) {
                (Some(module), EntryKind::File) if !module.starts_with("__") => {
                    names.push((module.to_owned(), true))
                }
                (None, EntryKind::Directory)
                    if place.snapshot.is_file(&folder.join(&entry.name).join("__init__.py")) =>
                {
                    names.push((name.into_owned(), false));
                }
                _ => {}
            }
        }
    }
    names.sort();
    names.dedup_by(|a, b| a.0 == b.0);
    let prefix = if package.is_empty() { String::new() } else { format!("{package}.") };
    let mut items = Vec::new();
    for (name, is_module) in names.into_iter().filter(|(name, _)| name.starts_with(last)) {
        let whole = format!("{prefix}{name}");
        let apps = if is_module { around.module(&whole).map(|path| made_apps(place, &path)) } else { None };
        for app in apps.into_iter().flatten() {
            let text = format!("{whole}:{app}");
            items.push(item(&text, &text, typed, offset, CompletionKind::Member));
        }
        items.push(item(&whole, &whole, typed, offset, CompletionKind::Module));
    }
    // What is whole comes first.
    items.sort_by_key(|item| !item.label.contains(':'));
    items
}

/// The names that a file binds at module level and that could be called.
fn callables(place: &Place<'_>, path: &std::path::Path) -> Vec<String> {
    let mut found = made_apps(place, path);
    let Some(file) = place.snapshot.python(path, ruff_python_ast::PythonVersion::PY314) else { return found };
    for setting in crate::syntax::config::settings(&file) {
        let name = setting.name.text.to_string();
        if !found.contains(&name) && !name.starts_with('_') {
            found.push(name);
        }
    }
    found
}

/// The names under which a file seems to make an app.
fn made_apps(place: &Place<'_>, path: &std::path::Path) -> Vec<String> {
    let Some(file) = place.snapshot.python(path, ruff_python_ast::PythonVersion::PY314) else {
        return Vec::new();
    };
    let usual = ["application", "app", "server", "create_app"];
    let settings = crate::syntax::config::settings(&file);
    let bound = |name: &&str| settings.iter().any(|setting| setting.name.text == **name);
    usual.iter().filter(|name| bound(name)).map(|name| (*name).to_owned()).collect()
}

fn paths(
    place: &Place<'_>,
    group: Option<&Group>,
    info: &OptionInfo,
    typed: &str,
    offset: TextSize,
) -> Vec<Completion> {
    if typed.starts_with('/') || typed.contains(['%', '$', '@']) {
        return Vec::new();
    }
    let (folder, last) = typed.rsplit_once('/').map_or(("", typed), |(folder, last)| (folder, last));
    let around = around(place, group.filter(|_| info.name != "chdir"));
    let Some(base) = around.bases().first() else { return Vec::new() };
    let entries = place.snapshot.entries(&base.join(folder));
    let fitting = entries.iter().flat_map(|entries| entries.iter()).filter(|entry| {
        let name = entry.name.to_string_lossy();
        let fits = entry.kind == EntryKind::Directory || info.kind != ValueKind::Dir;
        fits && name.starts_with(last) && !name.starts_with('.') && name != "__pycache__"
    });
    let items = fitting.map(|entry| {
        let name = entry.name.to_string_lossy();
        let kind = match entry.kind {
            EntryKind::Directory => CompletionKind::Folder,
            EntryKind::File => CompletionKind::File,
        };
        item(&name, &name, last, offset, kind)
    });
    items.collect()
}

/// Replaces what is typed, which ends at the offset.
fn item(label: &str, text: &str, typed: &str, offset: TextSize, kind: CompletionKind) -> Completion {
    let start = offset - TextSize::of(typed).min(offset);
    Completion {
        label: label.to_owned(),
        kind,
        filter: label.to_owned(),
        edit: TextEdit::replace(TextRange::new(start, offset), text),
        more: Vec::new(),
        documentation: None,
    }
}
