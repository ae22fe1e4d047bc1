//! gunicorn: its settings from Python files and flags.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use compact_str::{CompactString, ToCompactString};
use ruff_python_ast::PythonVersion;

use super::given::{self, Given, Options};
use super::places::{Places, is_template};
use super::{ConfigPlace, EntryName, Launch, is_name, split_target};
use crate::hosting::{Host, Limits, Process};
use crate::syntax::config::{PythonValue, Spanned, settings};
use crate::workspace::Snapshot;

/// The settings that a `gunicorn.conf.py` binds.
pub(super) fn of_file(snapshot: &Snapshot, path: &Arc<Path>) -> Options {
    let Some(file) = snapshot.python(path, PythonVersion::PY314) else { return Options::default() };
    let given = settings(&file).into_iter().flat_map(|setting| {
        let place = ConfigPlace { path: path.clone(), range: setting.value_range };
        let values = match &setting.value {
            _ if setting.is_conditional => vec![None],
            PythonValue::List(items) => items.iter().map(text_of).collect(),
            value => vec![text_of(value)],
        };
        let name = setting.name.text;
        values.into_iter().map(move |value| Given { name: name.clone(), value, place: place.clone() })
    });
    Options(given.collect())
}

fn text_of(value: &PythonValue) -> Option<CompactString> {
    match value {
        PythonValue::Text(text) => Some(text.text.clone()),
        PythonValue::Int(int) => Some(int.to_compact_string()),
        PythonValue::Float(float) => Some(float.to_compact_string()),
        PythonValue::Bool(truth) => Some(truth.to_compact_string()),
        PythonValue::Nothing => Some(CompactString::default()),
        PythonValue::List(_) | PythonValue::Function | PythonValue::Unknown => None,
    }
}

/// Worker classes that call the app as ASGI says, by what their names hold.
const ASGI_WORKERS: [&str; 4] = ["uvicorn", "asgi", "hypercorn", "aiohttp"];

/// The start that these settings describe; `target` is the app that the command names.
pub(super) fn launch<'a>(
    options: Options,
    target: Option<(Spanned, &Arc<Path>)>,
    bases: Arc<[PathBuf]>,
    places: Places<'a>,
) -> Option<Launch<'a>> {
    let (text, place) = match target {
        Some((text, path)) => (text.text, ConfigPlace { path: path.clone(), range: text.range }),
        None => {
            let given = options.last(&["wsgi_app"])?;
            (given.value.clone()?, given.place.clone())
        }
    };
    if text.is_empty() || is_template(&text) {
        return None;
    }
    let (module, callable, calls_factory) = split_target(&text);
    if callable.as_deref().is_some_and(|name| !is_name(name)) {
        return None;
    }
    let directory = match options.last(&["chdir"]) {
        // Where it is depends on the server.
        Some(given) if given.value.is_none() => return None,
        Some(given) => given.value.as_deref().filter(|value| !value.is_empty()).map(str::to_owned),
        None => None,
    };
    let class = options.last(&["worker_class"]);
    let is_asgi = class.is_some_and(|class| match &class.value {
        Some(value) => ASGI_WORKERS.iter().any(|worker| value.to_lowercase().contains(worker)),
        None => false,
    });
    // A class that is computed may be either.
    if class.is_some_and(|class| class.value.is_none()) {
        return None;
    }
    let process = Process {
        loads_in_worker: options.switch(&["preload_app"]).map(|preload| !preload),
        needs_app: false,
        is_asgi,
        environment: options.texts(&["raw_env"]).filter_map(given::variable).collect(),
    };
    let limits = Limits {
        request_seconds: options.number(&["timeout"]).map(f64::from),
        workers: options.number(&["workers"]),
        threads: options.number(&["threads"]),
        worker_class: options.text(&["worker_class"]).map(str::to_owned),
    };
    let search = options
        .text(&["pythonpath"])
        .map(|value| value.split(',').map(|part| part.trim().to_owned()).collect());
    Some(Launch {
        host: Some(Host::Gunicorn),
        entry: EntryName::Module(module),
        callable,
        calls_factory,
        place,
        told_in: Vec::new(),
        bases,
        directory,
        search: search.unwrap_or_default(),
        virtualenv: None,
        places,
        process,
        limits,
    })
}
