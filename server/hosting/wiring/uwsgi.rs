//! uWSGI: its options from files, the files that they include, and flags.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use compact_str::CompactString;
use rustc_hash::FxHashSet;

use super::given::{self, Given, Options};
use super::places::{Places, is_template};
use super::{ConfigPlace, EntryName, Launch, bases, is_name, split_target};
use crate::hosting::{Host, Limits, Process};
use crate::syntax::config::{ConfigFile, Placeholder, PlaceholderKind, placeholders};
use crate::workspace::{Snapshot, normalize};

/// Files that include each other are followed this deep.
const MAX_DEPTH: usize = 8;

const INCLUDES: [&str; 8] = ["ini", "include", "inherit", "yaml", "yml", "xml", "config", "xmlconfig"];

/// Options that make a variable, or set another option: `set-placeholder = name=value`.
const PLACEHOLDERS: [&str; 3] = ["set-placeholder", "set-ph", "set"];

/// Reads the options of files.
pub(super) struct Reader<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// The checked folder.
    pub root: &'a Path,
    /// The files that were included, and read as part of others.
    pub included: FxHashSet<PathBuf>,
}

impl<'a> Reader<'a> {
    /// Reads files of this snapshot.
    pub fn new(snapshot: &'a Snapshot, root: &'a Path) -> Self {
        Self { snapshot, root, included: FxHashSet::default() }
    }

    /// The options of a file's section, with those of the files that it includes.
    pub fn read(&mut self, path: &Arc<Path>, file: &ConfigFile, section: &str) -> Options {
        let mut options = Options::default();
        self.read_into(path, file, section, 0, &mut options);
        options
    }

    fn read_into(
        &mut self,
        path: &Arc<Path>,
        file: &ConfigFile,
        section: &str,
        depth: usize,
        options: &mut Options,
    ) {
        for found in file.content().sections.iter().filter(|found| found.name.text == section) {
            for entry in &found.entries {
                let name = entry.key.text.clone();
                let written = entry.value.as_ref().map_or("", |value| value.text.as_str());
                let value = resolve(written, path, options).filter(|_| !entry.is_conditional);
                let range = entry.value.as_ref().map_or(entry.key.range, |value| value.range);
                if includes(&name)
                    && depth < MAX_DEPTH
                    && let Some(value) = &value
                {
                    self.include(path, value, depth, options);
                }
                let place = ConfigPlace { path: path.clone(), range };
                if PLACEHOLDERS.contains(&name.as_str())
                    && let Some((own, value)) = value.as_deref().and_then(|text| text.split_once('='))
                {
                    let (name, value) = (own.trim().into(), Some(value.trim().into()));
                    options.0.push(Given { name, value, place: place.clone() });
                }
                options.0.push(Given { name, value, place });
            }
        }
    }

    fn include(&mut self, from: &Arc<Path>, value: &str, depth: usize, options: &mut Options) {
        if let Some((path, section)) = find_included(self.snapshot, self.root, from, value)
            && let Some(file) = self.snapshot.config(&path)
        {
            if path != *from {
                self.included.insert(path.to_path_buf());
            }
            self.read_into(&path, &file, &section, depth + 1, options);
        }
    }
}

/// Whether an option includes another file.
pub(super) fn includes(name: &str) -> bool {
    INCLUDES.contains(&name)
}

/// The file and the section that an option of `from` includes, as it is written there.
pub(super) fn included(
    snapshot: &Snapshot,
    root: &Path,
    from: &Arc<Path>,
    written: &str,
) -> Option<(Arc<Path>, String)> {
    let value = resolve(written, from, &Options::default())?;
    find_included(snapshot, root, from, &value)
}

fn find_included(
    snapshot: &Snapshot,
    root: &Path,
    from: &Arc<Path>,
    value: &str,
) -> Option<(Arc<Path>, String)> {
    let (name, section) = section_of(value);
    if name.is_empty() {
        return Some((from.clone(), section.to_owned()));
    }
    // The name is relative to where uWSGI was started, which nobody knows here.
    let mut paths = bases(root, from).into_iter().map(|base| normalize(&base.join(name)));
    let path = paths.find(|path| snapshot.is_file(path))?;
    Some((Arc::from(path), section.to_owned()))
}

/// `file.ini:section`, with uWSGI's section where none is named.
pub(super) fn section_of(text: &str) -> (&str, &str) {
    match text.rsplit_once(':') {
        Some((file, section)) if !section.is_empty() && !section.contains('/') => (file, section),
        Some((file, "")) => (file, "uwsgi"),
        _ => (text, "uwsgi"),
    }
}

/// A value with its placeholders filled in; `None` when one of them depends on the server.
fn resolve(text: &str, file: &Path, options: &Options) -> Option<CompactString> {
    let found = placeholders(text);
    if found.is_empty() {
        return Some(text.into());
    }
    let mut out = CompactString::default();
    let mut from = 0;
    for Placeholder { kind, at } in found {
        out.push_str(&text[from..at.start]);
        from = at.end;
        match kind {
            PlaceholderKind::Magic(magic) => out.push_str(&magic_value(magic, file)?),
            PlaceholderKind::Option(name) => out.push_str(options.text(&[&name])?),
            PlaceholderKind::Environment(_) | PlaceholderKind::File(_) => return None,
        }
    }
    out.push_str(&text[from..]);
    Some(out)
}

/// What uWSGI knows about the file itself.
fn magic_value(magic: char, file: &Path) -> Option<String> {
    let text = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
    match magic {
        '%' => Some("%".to_owned()),
        'd' => file.parent().map(|folder| format!("{}/", folder.to_string_lossy())),
        'p' => Some(file.to_string_lossy().into_owned()),
        's' => text(file.file_name()),
        'n' => text(file.file_stem()),
        'e' => text(file.extension()),
        'c' => text(file.parent().and_then(Path::file_name)),
        _ => None,
    }
}

/// The starts that these options describe, one for each app; none when they name no Python app.
pub(super) fn launches<'a>(options: &Options, bases: &[PathBuf], places: &Places<'a>) -> Vec<Launch<'a>> {
    let module = ["module", "wsgi"];
    let file = ["wsgi-file", "file"];
    // The last one of all four counts.
    let main = options.last(&[module[0], module[1], file[0], file[1]]);
    let main = main.and_then(|entry| Some((entry, module.contains(&&*entry.name), entry.value.as_deref()?)));
    let mounts = options.0.iter().filter(|given| given.name == "mount");
    let mounts = mounts.filter_map(|given| {
        let (_, app) = given.value.as_deref()?.split_once('=')?;
        Some((given, !app.ends_with(".py") && !app.contains('/'), app))
    });
    let Some(common) = launch(options, bases, places) else { return Vec::new() };
    let apps = main.into_iter().chain(mounts);
    apps.filter_map(|(entry, is_module, text)| {
        let mut launch = common.clone();
        let (name, callable, calls_factory) = app(options, text, is_module)?;
        launch.place = entry.place.clone();
        (launch.entry, launch.callable, launch.calls_factory) = (name, callable, calls_factory);
        Some(launch)
    })
    .collect()
}

/// The entry, the callable and whether that is called first.
fn app(options: &Options, text: &str, is_module: bool) -> Option<(EntryName, Option<String>, bool)> {
    if text.is_empty() || is_template(text) {
        return None;
    }
    let (name, callable, calls_factory) = if is_module {
        let (module, callable, calls) = split_target(text);
        (EntryName::Module(module), callable, calls)
    } else {
        (EntryName::File(text.to_owned()), None, false)
    };
    let (callable, calls_factory) = match (callable, options.last(&["callable"])) {
        (Some(callable), _) => (Some(callable), calls_factory),
        (None, Some(told)) => {
            let told = told.value.as_deref()?;
            (Some(told.split('(').next().unwrap_or(told).trim().to_owned()), told.contains('('))
        }
        (None, None) => (None, false),
    };
    callable.as_deref().is_none_or(is_name).then_some((name, callable, calls_factory))
}

/// What all apps of a server have in common; `None` when the server changes to a directory that nobody knows.
fn launch<'a>(options: &Options, bases: &[PathBuf], places: &Places<'a>) -> Option<Launch<'a>> {
    let directory = match options.last(&["chdir"]) {
        // Where it is depends on the server.
        Some(given) => Some(given.value.as_deref()?.to_owned()),
        None => None,
    };
    let environment = options.texts(&["env"]).filter_map(given::variable).collect();
    let process = Process {
        loads_in_worker: options.switch(&["lazy-apps", "lazy"]),
        needs_app: options.is_on(&["need-app"]),
        is_asgi: false,
        environment,
    };
    let limits = Limits {
        request_seconds: options.number(&["harakiri"]).map(f64::from),
        workers: options.number(&["processes", "workers"]),
        threads: options.number(&["threads"]),
        worker_class: None,
    };
    Some(Launch {
        host: Some(Host::Uwsgi),
        entry: EntryName::Module(String::new()),
        callable: None,
        calls_factory: false,
        place: options.0.first()?.place.clone(),
        told_in: Vec::new(),
        bases: bases.into(),
        directory,
        search: options.texts(&["pythonpath", "python-path", "pp"]).map(str::to_owned).collect(),
        virtualenv: options.text(&["home", "virtualenv", "venv", "pyhome"]).map(str::to_owned),
        places: places.clone(),
        process,
        limits,
    })
}
