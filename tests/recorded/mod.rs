//! The logs that real hosts wrote while apps of the hosting test failed on them. `tests/hosting/record_logs.py` writes them anew.

use std::fs;
use std::path::{Path, PathBuf};

use wsgi_ls::hosting::Host;

/// A process that ends itself leaves nothing in these logs: neither the host nor the app says a word.
pub const SILENT: [&str; 5] = [
    "camera_exits_in_view.pythonanywhere",
    "camera_exits_in_view.uwsgi",
    "camera_kills_worker.gunicorn",
    "camera_kills_worker.pythonanywhere",
    "camera_kills_worker.uwsgi",
];

/// What one host wrote about one app.
pub struct Recorded {
    /// The app and the kind of host, as the files are called.
    pub name: String,
    pub host: Host,
    /// The app's project.
    pub app: PathBuf,
    /// The entry, relative to it.
    pub entry: String,
    /// The places that its author blames, as `file:line`.
    pub blamed: Vec<String>,
    /// The log, and the one that tells each request, where there is one.
    pub logs: Vec<PathBuf>,
}

/// All of them, by name.
pub fn recorded() -> Vec<Recorded> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folder = tests.join("logs/recorded");
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = files
        .filter(|name| !name.ends_with(".access.log"))
        .map(|name| name.strip_suffix(".log").unwrap().to_owned())
        .collect();
    names.sort();
    let one = |name: String| {
        let (app, kind) = name.split_once('.').unwrap();
        // mod_wsgi-express is mod_wsgi with other limits.
        let host = Host::from_name(kind.strip_suffix("-express").unwrap_or(kind)).unwrap();
        let app = tests.join("hosting/apps").join(app);
        let table: toml::Table = fs::read_to_string(app.join("app.toml")).unwrap().parse().unwrap();
        let places = ["blame", "via"].iter().filter_map(|key| table.get(*key)?.as_array());
        let logs = [".log", ".access.log"].map(|end| folder.join(format!("{name}{end}")));
        Recorded {
            host,
            entry: table.get("entry").and_then(|entry| entry.as_str()).unwrap_or("wsgi.py").to_owned(),
            blamed: places.flatten().map(|place| place.as_str().unwrap().to_owned()).collect(),
            logs: logs.into_iter().filter(|path| path.exists()).collect(),
            app,
            name,
        }
    };
    names.into_iter().map(one).collect()
}

impl Recorded {
    /// Whether the author blames this place (`file:line`), or the whole file.
    pub fn blames(&self, place: &str) -> bool {
        self.blamed.iter().any(|blame| place == blame || place.starts_with(&format!("{blame}:")))
    }

    pub fn is_silent(&self) -> bool {
        SILENT.contains(&self.name.as_str())
    }
}
