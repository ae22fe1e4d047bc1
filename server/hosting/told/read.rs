//! Reads a configuration file as the options that it gives to servers.

use std::path::Path;

use ruff_python_ast::PythonVersion;

use super::{Flag, Group, Server, Spelling, Told, arguments};
use crate::catalog::options::{self, Family};
use crate::syntax::config::{
    ConfigFile, ConfigKind, Directive, Entry, PythonSetting, PythonValue, Section, Spanned, Word,
    placeholders, settings, visit,
};
use crate::text::TextRange;
use crate::workspace::Snapshot;

/// What a file tells servers, in its order. A gunicorn file is read by the parser of Python, from the snapshot.
pub fn read(snapshot: &Snapshot, path: &Path, file: &ConfigFile) -> Vec<Group> {
    match file.kind() {
        ConfigKind::UwsgiIni | ConfigKind::UwsgiYaml | ConfigKind::UwsgiXml => of_uwsgi(file),
        ConfigKind::Gunicorn => of_gunicorn(snapshot, path).into_iter().collect(),
        ConfigKind::Apache => of_apache(file),
        _ => of_commands(file),
    }
}

/// The sections that uWSGI reads: its own, and those that the file itself names as `file.ini:section`.
fn of_uwsgi(file: &ConfigFile) -> Vec<Group> {
    let sections = &file.content().sections;
    let entries = || sections.iter().flat_map(|section| &section.entries);
    let is_read = |section: &Section| {
        let name = section.name.text.as_str();
        let named = |entry: &Entry| {
            entry
                .value
                .as_ref()
                .is_some_and(|value| value.text.rsplit_once(':').is_some_and(|(_, s)| s == name))
        };
        name == "uwsgi"
            || entries().any(|entry| matches!(&*entry.key.text, "ini" | "yaml" | "xml") && named(entry))
    };
    let read = sections.iter().filter(|section| is_read(section));
    let groups = read.map(|section| Group {
        server: Server::Uwsgi,
        title: Some(section.name.clone()),
        told: section.entries.iter().map(of_entry).collect(),
        target: None,
        command: None,
        range: section.range,
    });
    groups.collect()
}

fn of_entry(entry: &Entry) -> Told {
    let spelling = match &entry.value {
        None => Spelling::Nothing,
        Some(value) if is_filled_in(&value.text) => Spelling::Unknown,
        Some(_) => Spelling::Text,
    };
    Told {
        family: Family::Uwsgi,
        name: entry.key.clone(),
        info: options::uwsgi(&entry.key.text),
        value: entry.value.clone(),
        spelling,
        range: entry.range,
        is_conditional: entry.is_conditional,
    }
}

/// Whether uWSGI, or a tool before it, replaces a part of the text.
fn is_filled_in(text: &str) -> bool {
    // Most values hold nothing of the kind.
    if !text.contains(['%', '$', '@', '{', '<']) && !text.contains("__") {
        return false;
    }
    !placeholders(text).is_empty()
        || ["{{", "{%", "<%", "${", "@@", "__"].iter().any(|mark| text.contains(mark))
        || text.starts_with('<')
        || text.contains('{') && text.contains('}')
}

fn of_gunicorn(snapshot: &Snapshot, path: &Path) -> Option<Group> {
    let file = snapshot.python(path, PythonVersion::PY314)?;
    let range = TextRange::up_to(crate::text::TextSize::of(file.source().text()));
    let told = settings(&file).into_iter().map(of_setting).collect();
    Some(Group { server: Server::Gunicorn, title: None, told, target: None, command: None, range })
}

fn of_setting(setting: PythonSetting) -> Told {
    let literal = |text: String| Some(Spanned { text: text.into(), range: setting.value_range });
    let (value, spelling) = match &setting.value {
        PythonValue::Text(text) if text.text.contains("{{") => (Some(text.clone()), Spelling::Unknown),
        PythonValue::Text(text) => (Some(text.clone()), Spelling::PythonText),
        PythonValue::Int(int) => (literal(int.to_string()), Spelling::PythonLiteral),
        PythonValue::Float(float) => (literal(format!("{float:?}")), Spelling::PythonLiteral),
        PythonValue::Bool(true) => (literal("True".to_owned()), Spelling::PythonLiteral),
        PythonValue::Bool(false) => (literal("False".to_owned()), Spelling::PythonLiteral),
        PythonValue::Nothing => (literal("None".to_owned()), Spelling::PythonLiteral),
        PythonValue::List(_) | PythonValue::Unknown => (literal(String::new()), Spelling::Unknown),
        PythonValue::Function => (None, Spelling::Nothing),
    };
    Told {
        family: Family::Gunicorn,
        info: options::gunicorn(&setting.name.text),
        name: setting.name,
        value,
        spelling,
        range: setting.statement,
        is_conditional: setting.is_conditional,
    }
}

/// Blocks of Apache whose content may not count.
const CONDITIONS: [&str; 6] = ["If", "IfDefine", "IfVersion", "Else", "ElseIf", "Macro"];

/// The directives of mod_wsgi, and the options that stand in them.
fn of_apache(file: &ConfigFile) -> Vec<Group> {
    let mut told = Vec::new();
    visit(&file.content().directives, &mut |around, directive| {
        if directive.is_of_mod_wsgi() {
            // What stands in a condition may be for another server.
            let is_conditional = around.iter().any(|outer| CONDITIONS.iter().any(|name| outer.is(name)));
            of_directive(directive, is_conditional, &mut told);
        }
    });
    let range = TextRange::up_to(crate::text::TextSize::of(file.source().text()));
    let group = Group { server: Server::ModWsgi, title: None, told, target: None, command: None, range };
    if group.told.is_empty() { Vec::new() } else { vec![group] }
}

fn of_directive(directive: &Directive, is_conditional: bool, told: &mut Vec<Told>) {
    let first = directive.arguments.first().map(spanned);
    let is_known = directive.arguments.first().is_some_and(|word| !is_variable(&word.text));
    told.push(Told {
        family: Family::ModWsgi,
        name: directive.name.clone(),
        info: options::mod_wsgi(&directive.name.text),
        spelling: match &first {
            None => Spelling::Nothing,
            Some(_) if is_known => Spelling::Text,
            Some(_) => Spelling::Unknown,
        },
        value: first,
        range: directive.range,
        is_conditional,
    });
    let (family, skipped) = if directive.is("WSGIDaemonProcess") {
        (Family::ModWsgiDaemon, 1)
    } else if directive.is("WSGIScriptAlias") || directive.is("WSGIScriptAliasMatch") {
        (Family::ModWsgiScript, 2)
    } else {
        return;
    };
    for word in directive.arguments.iter().skip(skipped) {
        let (name, value) = match word.text.find('=') {
            Some(at) => {
                let value = at + 1..word.text.len();
                let text = word.text[value.clone()].into();
                (&word.text[..at], Some(Spanned { text, range: word.part(value) }))
            }
            None => (word.text.as_str(), None),
        };
        let info = match family {
            Family::ModWsgiDaemon => options::mod_wsgi_daemon(name),
            _ => options::mod_wsgi_script(name),
        };
        told.push(Told {
            family,
            name: Spanned { text: name.into(), range: word.part(0..name.len()) },
            info,
            spelling: match &value {
                None => Spelling::Nothing,
                Some(value) if is_variable(&value.text) => Spelling::Unknown,
                Some(_) => Spelling::Text,
            },
            value,
            range: word.range,
            is_conditional,
        });
    }
}

fn is_variable(text: &str) -> bool {
    text.contains(['$', '{', '@'])
        && (text.contains('@') || ["${", "%{", "{{", "$1"].iter().any(|mark| text.contains(mark)))
}

fn of_commands(file: &ConfigFile) -> Vec<Group> {
    let mut groups = Vec::new();
    for (at, command) in file.content().commands.iter().enumerate() {
        let Some((server, first)) = server_in(&command.words) else { continue };
        let words = &command.words[first..];
        let (told, plain) = match server.family() {
            Some(family) => {
                let arguments = arguments(family, words);
                let told = arguments.flags.into_iter().map(|flag| of_flag(family, flag)).collect();
                (told, arguments.plain)
            }
            None => (Vec::new(), words.iter().filter(|word| word.text.contains(':')).cloned().collect()),
        };
        let target = match server {
            // The first one is what it shall do: `start-server`.
            Server::ModWsgiExpress => plain.into_iter().nth(1),
            // Files of options.
            Server::Uwsgi => None,
            _ => plain.into_iter().next(),
        };
        let (title, range) = (command.role.clone(), command.range());
        groups.push(Group { server, title, told, target, command: Some(at), range });
    }
    groups
}

fn of_flag(family: Family, flag: Flag) -> Told {
    let spelling = match &flag.value {
        None => Spelling::Nothing,
        Some(word) if !word.is_known() || is_filled_in_by_tool(&word.text) => Spelling::Unknown,
        Some(_) => Spelling::Text,
    };
    let range = match &flag.value {
        Some(value) => flag.written.range.cover(value.range),
        None => flag.written.range,
    };
    Told {
        family,
        name: flag.written,
        info: flag.info,
        value: flag.value.as_ref().map(spanned),
        spelling,
        range,
        is_conditional: false,
    }
}

fn is_filled_in_by_tool(text: &str) -> bool {
    ["{{", "{%", "<%", "${", "%(", "$("].iter().any(|mark| text.contains(mark))
}

fn spanned(word: &Word) -> Spanned {
    Spanned { text: word.text.clone(), range: word.range }
}

/// Programs that start the program behind them.
const WRAPPERS: [&str; 26] = [
    "bash",
    "ddtrace-run",
    "dotenv",
    "dumb-init",
    "env",
    "exec",
    "gosu",
    "honcho",
    "hupper",
    "ionice",
    "newrelic-admin",
    "nice",
    "nohup",
    "opentelemetry-instrument",
    "pdm",
    "pipenv",
    "poetry",
    "python",
    "python3",
    "setsid",
    "sh",
    "sudo",
    "tini",
    "timeout",
    "uv",
    "watchmedo",
];

/// The server that a command line starts, and the index of the first word behind its name.
pub fn server_in(words: &[Word]) -> Option<(Server, usize)> {
    for (at, word) in words.iter().enumerate() {
        let name = word.text.rsplit('/').next().unwrap_or(&word.text);
        let server = match name {
            "gunicorn" | "gunicorn3" => Some(Server::Gunicorn),
            "uwsgi" | "uwsgi_python3" | "uwsgi-core" | "pyuwsgi" => Some(Server::Uwsgi),
            "mod_wsgi-express" => Some(Server::ModWsgiExpress),
            "waitress-serve" => Some(Server::Waitress),
            "uvicorn" | "hypercorn" | "daphne" | "granian" => Some(Server::Other),
            _ => None,
        };
        // The first word of all others is a program of its own: `pip install gunicorn`.
        let first = words.first().map_or("", |first| first.text.rsplit('/').next().unwrap_or(""));
        let wrapped =
            at == 0 || WRAPPERS.contains(&first) || first.starts_with("python") || first.ends_with(".sh");
        let installs = words[..at].iter().any(|word| matches!(word.text.as_str(), "install" | "add" | "pip"));
        if let Some(server) = server.filter(|_| wrapped && !installs) {
            return Some((server, at + 1));
        }
    }
    None
}
