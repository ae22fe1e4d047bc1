//! Command lines: which server they start, and what they tell it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::around::module_file;
use super::given::{Given, Options, variable};
use super::places::Places;
use super::{ConfigPlace, EntryName, Launch, distinct, gunicorn, split_target, uwsgi};
use crate::catalog::options::Family;
use crate::hosting::told::{Arguments, Server, arguments, server_in};
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
        Self { path: Arc::from(path), bases: distinct(bases), places }
    }

    /// The folders in which it may be started, and where the paths of its configuration lie.
    pub fn into_parts(self) -> (Vec<PathBuf>, Places<'a>) {
        (self.bases, self.places)
    }
}

/// The starts that a command line describes, one for each app, and the configuration files that it reads.
pub(super) fn launches<'a>(start: &Start<'a>, command: &Command) -> (Vec<Launch<'a>>, Vec<PathBuf>) {
    let Some((server, first)) = server_in(&command.words) else { return Default::default() };
    let words = &command.words[first..];
    let mut used = Vec::new();
    let one = |launch: Option<Launch<'a>>| launch.into_iter().collect();
    let mut launches: Vec<Launch<'a>> = match server {
        Server::Gunicorn => one(of_gunicorn(start, command, words, &mut used)),
        Server::Uwsgi => of_uwsgi(start, words, &mut used),
        Server::ModWsgi | Server::ModWsgiExpress => one(of_mod_wsgi(start, words)),
        Server::Waitress | Server::Other => one(of_other(start, words)),
    };
    for launch in &mut launches {
        for (name, value) in &command.variables {
            let told = variable(&format!("{}={}", name.text, value.text));
            launch.process.environment.extend(told);
        }
    }
    (launches, used)
}

fn of_gunicorn<'a>(
    start: &Start<'a>,
    command: &Command,
    arguments: &[Word],
    used: &mut Vec<PathBuf>,
) -> Option<Launch<'a>> {
    let (flags, plain) = given_flags(Family::Gunicorn, &start.path, arguments);
    let target = plain.into_iter().next();
    let more = command.variables.iter().filter(|(name, _)| name.text == "GUNICORN_CMD_ARGS");
    let from_environment =
        more.flat_map(|(_, value)| given_flags(Family::Gunicorn, &start.path, &value.words()).0);
    let config = flags.iter().rev().find(|given| given.name == "config").map(|given| given.value.clone());
    let is_named = config.is_some();
    let config = match config {
        Some(value) => value?,
        None => "gunicorn.conf.py".into(),
    };
    // `python:module` names a module.
    let file = match config.strip_prefix("python:") {
        Some(module) => format!("{}.py", module.replace('.', "/")),
        None => config.trim_start_matches("file:").to_owned(),
    };
    let mut options = Options::default();
    let found = start.bases.iter().find_map(|base| start.places.file(&file, base));
    // Where the app lies somewhere else than here on the server, so does the file beside it.
    let module = target.as_ref().map(|word| split_target(&word.text).0);
    let is_here = module.is_none_or(|module| {
        start.bases.iter().any(|base| module_file(start.places.snapshot, base, &module).is_some())
    });
    if let Some(path) = found.or_else(|| start.places.anywhere(&file).filter(|_| is_named || !is_here)) {
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
    gunicorn::launch(options, target, start.bases.as_slice().into(), start.places.clone())
}

/// What the options of a command line set, and the words that are no options.
fn given_flags(family: Family, path: &Arc<Path>, words: &[Word]) -> (Vec<Given>, Vec<Word>) {
    let Arguments { flags, plain } = arguments(family, words);
    let given = flags.into_iter().map(|flag| {
        let range = flag.value.as_ref().map_or(flag.written.range, |value| value.range);
        let value = match &flag.value {
            Some(value) => value.is_known().then(|| value.text.clone()),
            None => Some("true".into()),
        };
        let place = ConfigPlace { path: path.clone(), range };
        Given { name: flag.setting(family).into(), value, place }
    });
    (given.collect(), plain)
}

fn of_uwsgi<'a>(start: &Start<'a>, arguments: &[Word], used: &mut Vec<PathBuf>) -> Vec<Launch<'a>> {
    let mut options = Options::default();
    let (mut given, plain) = given_flags(Family::Uwsgi, &start.path, arguments);
    // A file that no option names is one of options as well.
    given.extend(plain.into_iter().map(|word| Given {
        name: "ini".into(),
        value: word.is_known().then(|| word.text.clone()),
        place: ConfigPlace { path: start.path.clone(), range: word.range },
    }));
    given.sort_by_key(|given| given.place.range.start());
    for Given { name, value: known, place } in given {
        if matches!(name.as_str(), "ini" | "yaml" | "yml" | "xml") {
            // What such a file says, nobody knows.
            let Some(known) = &known else { return Vec::new() };
            let (file, section) = uwsgi::section_of(known);
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
        options.0.push(Given { name, value: known, place });
    }
    uwsgi::launches(&options, &start.bases, &start.places)
}

fn of_mod_wsgi<'a>(start: &Start<'a>, arguments: &[Word]) -> Option<Launch<'a>> {
    let (flags, plain) = given_flags(Family::ModWsgiExpress, &start.path, arguments);
    let options = Options(flags);
    // The first argument is the command, such as `start-server`.
    let entry = plain.get(1).filter(|word| word.is_known())?;
    let is_module = options.text(&["application-type"]) == Some("module");
    let entry_name = if is_module {
        EntryName::Module(entry.text.to_string())
    } else {
        EntryName::File(entry.text.to_string())
    };
    let callable = options.text(&["callable-object"]).map(str::to_owned);
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
            told_in: Vec::new(),
            bases: self.bases.as_slice().into(),
            directory: None,
            search: Vec::new(),
            virtualenv: None,
            places: self.places.clone(),
            process: Process::default(),
            limits,
        }
    }
}
