//! Command lines: which server they start, and what they tell it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::given::{Given, Options, variable};
use super::places::Places;
use super::{ConfigPlace, EntryName, Launch, gunicorn, split_target, uwsgi};
use crate::hosting::{Host, Limits, Process};
use crate::syntax::config::{Command, ConfigKind, Spanned, Word};
use crate::workspace::{Snapshot, normalize};

/// Where a command is started.
pub(super) struct Start<'a> {
    path: Arc<Path>,
    bases: Vec<PathBuf>,
    places: Places<'a>,
}

impl<'a> Start<'a> {
    /// Where a command of a file is started.
    pub fn of(
        snapshot: &'a Snapshot,
        root: &'a Path,
        path: &Path,
        kind: ConfigKind,
        command: &Command,
    ) -> Self {
        let mut places = Places::new(snapshot, root);
        let folder = path.parent().unwrap_or(root);
        let mut bases = super::bases(root, path);
        // A container is mostly built from the folder of its file, else from one above it.
        for (from, to) in &command.mounts {
            let from = from.text.trim_end_matches("/*").trim_start_matches('/');
            let here = bases
                .iter()
                .map(|base| normalize(&base.join(from)))
                .find(|path| snapshot.kind(path).is_some());
            let server = normalize(Path::new(&to.text));
            if let Some(here) = here {
                let is_file = snapshot.is_file(&here);
                let to_folder = to.text.ends_with('/') || to.text.ends_with("/.");
                let server = match here.file_name() {
                    Some(name) if is_file && to_folder => server.join(name),
                    _ => server,
                };
                places.mounts.push((server, here));
            }
        }
        if kind == ConfigKind::Procfile {
            bases = vec![folder.to_owned()];
        }
        let mut directory = PathBuf::new();
        command.directories.iter().for_each(|part| directory.push(&part.text));
        if !directory.as_os_str().is_empty() {
            let text = directory.to_string_lossy();
            let mut known: Vec<PathBuf> =
                bases.iter().filter_map(|base| places.folder(&text, base)).collect();
            known.extend(std::mem::take(&mut bases));
            bases = known;
        }
        let mut seen = FxHashSet::default();
        bases.retain(|base| seen.insert(base.clone()));
        Self { path: Arc::from(path), bases, places }
    }
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

/// The servers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Server {
    Gunicorn,
    Uwsgi,
    ModWsgi,
    /// One that is no host of ours and takes `module:callable`.
    Other,
}

/// The server's name and where its arguments begin.
fn server_in(words: &[Word]) -> Option<(Server, usize)> {
    for (at, word) in words.iter().enumerate() {
        let name = word.text.rsplit('/').next().unwrap_or(&word.text);
        let server = match name {
            "gunicorn" | "gunicorn3" => Some(Server::Gunicorn),
            "uwsgi" | "uwsgi_python3" | "uwsgi-core" | "pyuwsgi" => Some(Server::Uwsgi),
            "mod_wsgi-express" => Some(Server::ModWsgi),
            "uvicorn" | "hypercorn" | "daphne" | "granian" | "waitress-serve" => Some(Server::Other),
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

/// The start that a command line describes, and the configuration files that it reads.
pub(super) fn launch<'a>(start: &Start<'a>, command: &Command) -> Option<(Launch<'a>, Vec<PathBuf>)> {
    let (server, first) = server_in(&command.words)?;
    let arguments = &command.words[first..];
    let mut used = Vec::new();
    let mut launch = match server {
        Server::Gunicorn => of_gunicorn(start, command, arguments, &mut used),
        Server::Uwsgi => of_uwsgi(start, arguments, &mut used),
        Server::ModWsgi => of_mod_wsgi(start, arguments),
        Server::Other => of_other(start, arguments),
    }?;
    for (name, value) in &command.variables {
        let told = variable(&format!("{}={}", name.text, value.text));
        launch.process.environment.extend(told);
    }
    Some((launch, used))
}

/// The flags of gunicorn that take no value.
const SWITCHES: [&str; 22] = [
    "--capture-output",
    "--check-config",
    "--daemon",
    "--disable-redirect-access-to-syslog",
    "--do-handshake-on-connect",
    "--enable-stdio-inheritance",
    "--forwarder-headers",
    "--http2",
    "--initgroups",
    "--log-syslog",
    "--no-control-socket",
    "--no-sendfile",
    "--permit-unconventional-http-method",
    "--permit-unconventional-http-version",
    "--preload",
    "--print-config",
    "--proxy-protocol",
    "--reload",
    "--reuse-port",
    "--spew",
    "-D",
    "-R",
];

/// The flags whose settings have other names, as far as they matter here.
const RENAMED: [(&str, &str); 8] = [
    ("-c", "config"),
    ("-e", "raw_env"),
    ("--env", "raw_env"),
    ("-k", "worker_class"),
    ("-t", "timeout"),
    ("-w", "workers"),
    ("-b", "bind"),
    ("--preload", "preload_app"),
];

fn of_gunicorn<'a>(
    start: &Start<'a>,
    command: &Command,
    arguments: &[Word],
    used: &mut Vec<PathBuf>,
) -> Option<Launch<'a>> {
    let (flags, target) = gunicorn_flags(&start.path, arguments);
    let more = command.variables.iter().filter(|(name, _)| name.text == "GUNICORN_CMD_ARGS");
    let from_environment = more.flat_map(|(_, value)| {
        let words = value.text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        environment_flags(&words, &ConfigPlace { path: start.path.clone(), range: value.range })
    });
    let config = flags.iter().rev().find(|given| given.name == "config").map(|given| given.value.clone());
    let config = match config {
        Some(value) => value?,
        None => "gunicorn.conf.py".to_owned(),
    };
    // `python:module` names a module.
    let file = match config.strip_prefix("python:") {
        Some(module) => format!("{}.py", module.replace('.', "/")),
        None => config.trim_start_matches("file:").to_owned(),
    };
    let mut options = Options::default();
    if let Some(path) = start.bases.iter().find_map(|base| start.places.file(&file, base)) {
        let path: Arc<Path> = Arc::from(path);
        options = gunicorn::of_file(start.places.snapshot, &path);
        used.push(path.to_path_buf());
    }
    options.0.extend(from_environment);
    options.0.extend(flags);
    if let Some(word) = &target
        && !word.is_known()
    {
        return None;
    }
    let target = target.map(|word| (Spanned { text: word.text.clone(), range: word.range }, &start.path));
    gunicorn::launch(options, target, start.bases.clone(), start.places.clone())
}

/// The settings that flags stand for, and the app, which is the argument that no flag takes.
fn gunicorn_flags(path: &Arc<Path>, arguments: &[Word]) -> (Vec<Given>, Option<Word>) {
    let mut given = Vec::new();
    let mut target = None;
    let mut rest = arguments.iter().peekable();
    while let Some(word) = rest.next() {
        if !word.text.starts_with('-') || word.text == "-" {
            target.get_or_insert_with(|| word.clone());
            continue;
        }
        let (flag, inline) = match word.text.split_once('=') {
            Some((flag, _)) if flag.starts_with("--") => (flag, Some(word.after(flag.len() + 1))),
            // `-w4`
            _ if !word.text.starts_with("--") && word.text.len() > 2 && word.text.is_char_boundary(2) => {
                (&word.text[..2], Some(word.after(2)))
            }
            _ => (word.text.as_str(), None),
        };
        let value = match inline {
            Some(value) => Some(value),
            None if SWITCHES.contains(&flag) => None,
            None => rest.next().cloned(),
        };
        let place =
            ConfigPlace { path: path.clone(), range: value.as_ref().map_or(word.range, |value| value.range) };
        let value = match value {
            Some(value) => value.is_known().then_some(value.text),
            None => Some("true".to_owned()),
        };
        given.push(Given { name: setting_name(flag), value, place });
    }
    (given, target)
}

fn environment_flags(words: &[String], place: &ConfigPlace) -> Vec<Given> {
    let mut given = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next().filter(|word| word.starts_with('-')) {
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None if SWITCHES.contains(&word.as_str()) => (word.as_str(), Some("true".to_owned())),
            None => (word.as_str(), rest.next().cloned()),
        };
        given.push(Given { name: setting_name(flag), value, place: place.clone() });
    }
    given
}

fn setting_name(flag: &str) -> String {
    let renamed = RENAMED.iter().find(|(known, _)| *known == flag).map(|(_, name)| (*name).to_owned());
    renamed.unwrap_or_else(|| flag.trim_start_matches('-').replace('-', "_"))
}

/// The flags of uWSGI that take no value, as far as they are common.
const UWSGI_SWITCHES: [&str; 16] = [
    "--master",
    "--vacuum",
    "--die-on-term",
    "--enable-threads",
    "--lazy-apps",
    "--lazy",
    "--need-app",
    "--strict",
    "--single-interpreter",
    "--thunder-lock",
    "--disable-logging",
    "--memory-report",
    "--manage-script-name",
    "--log-master",
    "--auto-procname",
    "--no-orphans",
];

fn of_uwsgi<'a>(start: &Start<'a>, arguments: &[Word], used: &mut Vec<PathBuf>) -> Option<Launch<'a>> {
    let mut options = Options::default();
    let mut rest = arguments.iter().peekable();
    while let Some(word) = rest.next() {
        let (name, value) = if let Some(flag) = word.text.strip_prefix("--") {
            match flag.split_once('=') {
                Some((name, _)) => (name.to_owned(), Some(word.after(name.len() + 3))),
                None if UWSGI_SWITCHES.contains(&word.text.as_str()) => (flag.to_owned(), None),
                None => (flag.to_owned(), rest.next_if(|next| !next.text.starts_with('-')).cloned()),
            }
        } else if word.text.starts_with('-') {
            let long = uwsgi::SHORT_FLAGS.iter().find(|(short, _)| *short == word.text);
            let name = long.map_or_else(|| word.text.clone(), |(_, long)| (*long).to_owned());
            let is_switch = UWSGI_SWITCHES.contains(&format!("--{name}").as_str());
            (name, if is_switch { None } else { rest.next_if(|next| !next.text.starts_with('-')).cloned() })
        } else {
            ("ini".to_owned(), Some(word.clone()))
        };
        let range = value.as_ref().map_or(word.range, |value| value.range);
        let known = match value {
            Some(value) => value.is_known().then_some(value.text),
            None => Some("1".to_owned()),
        };
        if matches!(name.as_str(), "ini" | "yaml" | "yml" | "xml") {
            let (file, section) = uwsgi::section_of(known.as_deref()?);
            let path = start.bases.iter().find_map(|base| start.places.file(file, base));
            if let Some(path) = path
                && let Some(config) = start.places.snapshot.config(&path)
            {
                let path: Arc<Path> = Arc::from(path);
                let mut reader = uwsgi::Reader::new(start.places.snapshot, start.places.root);
                options.0.extend(reader.read(&path, &config, section).0);
                used.push(path.to_path_buf());
                used.extend(reader.included);
            }
            continue;
        }
        options.0.push(Given { name, value: known, place: ConfigPlace { path: start.path.clone(), range } });
    }
    uwsgi::launch(options, start.bases.clone(), start.places.clone())
}

fn of_mod_wsgi<'a>(start: &Start<'a>, arguments: &[Word]) -> Option<Launch<'a>> {
    let (flags, _) = gunicorn_flags(&start.path, arguments);
    let options = Options(flags);
    // The first argument is the command, such as `start-server`.
    let mut plain = arguments.iter().skip(1).filter(|word| !word.text.starts_with('-'));
    let entry = plain.find(|word| {
        let is_value = options.0.iter().any(|given| given.place.range == word.range);
        word.is_known() && !is_value
    })?;
    let is_module = options.text(&["application_type"]) == Some("module");
    let entry_name =
        if is_module { EntryName::Module(entry.text.clone()) } else { EntryName::File(entry.text.clone()) };
    let callable = options.text(&["callable_object"]).map(str::to_owned);
    Some(start.launch(Some(Host::ModWsgi), entry_name, callable, false, entry, Limits::default()))
}

/// A server that is no host of ours: it only says that its app is not served by one.
fn of_other<'a>(start: &Start<'a>, arguments: &[Word]) -> Option<Launch<'a>> {
    let entry = arguments.iter().find(|word| {
        !word.text.starts_with('-')
            && word.text.contains(':')
            && word.is_known()
            && !word.text.contains("://")
            && word.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    })?;
    let (module, callable, calls) = split_target(&entry.text);
    Some(start.launch(None, EntryName::Module(module), callable, calls, entry, Limits::default()))
}

impl<'a> Start<'a> {
    fn launch(
        &self,
        host: Option<Host>,
        entry: EntryName,
        callable: Option<String>,
        calls_factory: bool,
        word: &Word,
        limits: Limits,
    ) -> Launch<'a> {
        Launch {
            host,
            entry,
            callable,
            calls_factory,
            place: ConfigPlace { path: self.path.clone(), range: word.range },
            bases: self.bases.clone(),
            directory: None,
            search: Vec::new(),
            virtualenv: None,
            places: self.places.clone(),
            process: Process::default(),
            limits,
        }
    }
}
