//! Deployments that configuration files describe: who starts a server, with which entry, from where.

mod apache;
mod around;
mod commands;
mod cycles;
mod deploy;
mod given;
mod gunicorn;
mod places;
mod platforms;
mod uwsgi;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{ConfigPlace, Host, Limits, Process};
use crate::syntax::config::{ConfigFile, ConfigKind};
use crate::text::{TextRange, TextSize};
use crate::workspace::Snapshot;
use places::Places;

pub use around::Around;
pub use cycles::include_cycle;
pub(super) use deploy::Deployer;
pub(super) use places::is_template;

/// One start of a server, as configuration files describe it.
#[derive(Clone, Debug)]
pub(super) struct Launch<'a> {
    /// The server; `None` for one that is no host of ours, such as uvicorn.
    pub host: Option<Host>,
    /// The module or file that it loads.
    pub entry: EntryName,
    /// The callable, where it is named.
    pub callable: Option<String>,
    /// Whether the callable is called first.
    pub calls_factory: bool,
    /// What names the entry.
    pub place: ConfigPlace,
    /// What the server reads when it starts: the command line, and whole files.
    pub told_in: Vec<ConfigPlace>,
    /// Where the process may be started, best first.
    pub bases: Arc<[PathBuf]>,
    /// The directory that it then changes to, as it is written.
    pub directory: Option<String>,
    /// Folders for the search path, as they are written.
    pub search: Vec<String>,
    /// The virtual environment, as it is written.
    pub virtualenv: Option<String>,
    /// Where the paths of the configuration lie.
    pub places: Places<'a>,
    /// How the app is loaded and called.
    pub process: Process,
    /// What limits a request.
    pub limits: Limits,
}

/// The module or file that a server loads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EntryName {
    /// A dotted name.
    Module(String),
    /// A path.
    File(String),
}

/// Finds the starts of servers in configuration files (absolute paths of the workspace).
///
/// Also returns the files that commands name and whose own names do not tell that they configure a server.
pub(super) fn find<'a>(
    snapshot: &'a Snapshot,
    root: &'a Path,
    files: &[PathBuf],
) -> (Vec<Launch<'a>>, Vec<PathBuf>) {
    let mut finder =
        Finder { snapshot, root, used: FxHashSet::default(), launches: Vec::new(), alone: Vec::new() };
    let configs: Vec<(&PathBuf, Arc<ConfigFile>)> = files
        .iter()
        .filter(|path| !is_sample_name(path))
        .filter_map(|path| Some((path, snapshot.config(path)?)))
        .filter(|(_, file)| file.source().text().len() < 1 << 20)
        .collect();
    // Commands come first: they say from where the other files are read.
    for (path, file) in &configs {
        finder.commands(path, file);
    }
    for (path, file) in &configs {
        finder.alone(path, file);
    }
    let Finder { mut launches, alone, used, .. } = finder;
    let mut more: Vec<PathBuf> =
        used.iter().filter(|path| !files.contains(path) && path.starts_with(root)).cloned().collect();
    more.sort();
    // A file that another one includes is a part of that one.
    launches.extend(alone.into_iter().filter(|(path, _)| !used.contains(path)).map(|(_, launch)| launch));
    (launches, more)
}

struct Finder<'a> {
    snapshot: &'a Snapshot,
    root: &'a Path,
    /// Files that another one reads.
    used: FxHashSet<PathBuf>,
    launches: Vec<Launch<'a>>,
    /// Those of uWSGI's files that no command reads.
    alone: Vec<(PathBuf, Launch<'a>)>,
}

impl<'a> Finder<'a> {
    fn commands(&mut self, path: &Path, file: &ConfigFile) {
        for command in &file.content().commands {
            let start = commands::Start::of(self.snapshot, self.root, path, file.kind(), command);
            let (launches, used) = commands::launches(&start, command);
            let line = ConfigPlace { path: Arc::from(path), range: command.range() };
            let told_in: Vec<_> =
                [line].into_iter().chain(used.iter().filter_map(|path| self.whole(path))).collect();
            let told = |launch| Launch { told_in: told_in.clone(), ..launch };
            self.launches.extend(launches.into_iter().map(told));
            self.used.extend(used);
        }
    }

    /// All of a file, as a place.
    fn whole(&self, path: &Path) -> Option<ConfigPlace> {
        let (source, _) = self.snapshot.text(path)?;
        let range = TextRange::up_to(TextSize::of(source.text()));
        Some(ConfigPlace { path: Arc::from(path), range })
    }

    /// A file that no command reads stands for itself.
    fn alone(&mut self, path: &Path, file: &ConfigFile) {
        if self.used.contains(path) {
            return;
        }
        let places = Places::new(self.snapshot, self.root);
        let path: Arc<Path> = Arc::from(path);
        let bases = bases(self.root, &path);
        match file.kind() {
            ConfigKind::UwsgiIni | ConfigKind::UwsgiYaml | ConfigKind::UwsgiXml => {
                let mut reader = uwsgi::Reader::new(self.snapshot, self.root);
                let given = reader.read(&path, file, "uwsgi");
                let files = [&*path].into_iter().chain(reader.included.iter().map(PathBuf::as_path));
                let told_in: Vec<_> = files.filter_map(|path| self.whole(path)).collect();
                for launch in uwsgi::launches(&given, &bases, &places) {
                    let launch = Launch { told_in: told_in.clone(), ..launch };
                    self.alone.push((path.to_path_buf(), launch));
                }
                self.used.extend(reader.included);
            }
            ConfigKind::Gunicorn => {
                let given = gunicorn::of_file(self.snapshot, &path);
                if let Some(mut launch) = gunicorn::launch(given, None, bases.into(), places) {
                    launch.told_in.extend(self.whole(&path));
                    self.launches.push(launch);
                }
            }
            ConfigKind::Apache => {
                let whole = self.whole(&path);
                for mut launch in apache::launches(&path, file, &places) {
                    launch.told_in.extend(whole.clone());
                    self.launches.push(launch);
                }
            }
            ConfigKind::Beanstalk | ConfigKind::Zappa => {
                self.launches.extend(platforms::launches(&path, file, &bases, &places));
            }
            _ => {}
        }
    }
}

/// Where a process that a file describes may be started: in the file's own folder, the checked folder, or between them.
fn bases(root: &Path, file: &Path) -> Vec<PathBuf> {
    let folders = file.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    let mut bases: Vec<PathBuf> = folders.map(Path::to_owned).collect();
    if bases.is_empty() {
        bases.push(root.to_owned());
    }
    bases
}

/// Folders without those that came before.
fn distinct(folders: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut kept = Vec::with_capacity(folders.len());
    for folder in folders {
        if !kept.contains(&folder) {
            kept.push(folder);
        }
    }
    kept
}

/// Whether a file is an example by its name: `uwsgi.ini.example`, `nginx.conf.template`.
pub(super) fn is_sample_name(path: &Path) -> bool {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().to_lowercase());
    let parts: Vec<&str> = name.split(['.', '-', '_']).collect();
    ["example", "sample", "template", "tmpl", "tpl", "dist", "default"]
        .iter()
        .any(|mark| parts.contains(mark))
}

/// Whether a text can be the name of a callable in a module: a comment behind a value, or an attribute of an object is none.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// The parts of `module:callable`, with whether the callable is called.
fn split_target(text: &str) -> (String, Option<String>, bool) {
    let Some((module, callable)) = text.split_once(':') else { return (text.trim().to_owned(), None, false) };
    let callable = callable.trim();
    match callable.split_once('(') {
        Some((name, _)) => (module.trim().to_owned(), Some(name.trim().to_owned()), true),
        None if callable.is_empty() => (module.trim().to_owned(), None, false),
        None => (module.trim().to_owned(), Some(callable.to_owned()), false),
    }
}
