//! How long a keystroke in a long configuration file takes, from the edit to the findings and to what is offered at the cursor.
//!
//! Run it with `cargo bench --bench configuration`.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::cell::RefCell;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use divan::Bencher;
use mimalloc::MiMalloc;
use wsgi_ls::analysis::{Analysis, Memory, absolute, analyze_again};
use wsgi_ls::comfort::config::{Place, complete};
use wsgi_ls::hosting::Overrides;
use wsgi_ls::text::{Source, TextSize};
use wsgi_ls::workspace::{FileStore, Overlay, Settings, Snapshot};

/// That of the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Lines of the file; the second number is the one that has to stay below 10 ms.
const LINES: [usize; 2] = [100, 10_000];

fn main() {
    divan::main();
}

/// The formats, each as long as people want it.
const FORMATS: [&str; 4] = ["uwsgi.ini", "nginx.conf", "site.conf", "gunicorn.conf.py"];

/// A file of so many lines: what a real one holds, again and again.
fn text_of(file: &str, lines: usize) -> String {
    let mut text = String::new();
    match file {
        "uwsgi.ini" => {
            text.push_str("[uwsgi]\nmodule = app\nmaster = true\n");
            for at in 0..lines / 4 {
                let _ = write!(
                    text,
                    "; number {at}\nenv = NAME_{at}=value\nstatic-map = /s{at}=%d/s\nroute = ^/{at} log:\n"
                );
            }
        }
        "nginx.conf" => {
            for at in 0..lines / 6 {
                let _ = write!(
                    text,
                    "server {{\n    server_name s{at}.example.com;\n    location / {{\n        proxy_pass http://127.0.0.1:{};\n    }}\n}}\n",
                    10_000 + at
                );
            }
        }
        "site.conf" => {
            for at in 0..lines / 6 {
                let _ = write!(
                    text,
                    "<VirtualHost *:80>\n    ServerName s{at}.example.com\n    WSGIDaemonProcess s{at} threads=5\n    WSGIProcessGroup s{at}\n    WSGIScriptAlias / /srv/s{at}/app.py\n</VirtualHost>\n"
                );
            }
        }
        _ => {
            text.push_str("wsgi_app = \"app\"\nworkers = 2\n");
            for at in 0..lines / 2 {
                let _ = write!(text, "# number {at}\nname_{at} = {at}\n");
            }
        }
    }
    text
}

/// One editor session: a project on disk, its configuration open.
struct Session {
    folder: tempfile::TempDir,
    open: PathBuf,
    text: String,
    store: Arc<FileStore>,
    memory: RefCell<Memory>,
    overlay: RefCell<Option<Arc<Overlay>>>,
}

impl Session {
    fn new(file: &str, lines: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // What so many lines name is there: files get long where they work.
        let app = "def app(environ, start_response):\n    start_response(\"200 OK\", [])\n    return [b\"\"]\n\n\napplication = app\n";
        std::fs::write(folder.path().join("app.py"), app).unwrap();
        let text = text_of(file, lines);
        let open = absolute(&folder.path().join(file));
        std::fs::write(&open, &text).unwrap();
        let (memory, overlay) = (RefCell::default(), RefCell::default());
        Self { folder, open, text, store: Arc::default(), memory, overlay }
    }

    /// What the editor gets after the text has become this one.
    fn keystroke(&self, text: String) -> (Analysis, usize) {
        let end = TextSize::of(text.trim_end());
        let last_good = self.overlay.borrow().as_ref().and_then(|before| before.newest_good());
        let overlay = Arc::new(Overlay::new(Source::new(text), last_good));
        self.overlay.replace(Some(overlay.clone()));
        let overlays = std::iter::once((self.open.clone(), overlay)).collect();
        let snapshot = Snapshot::with_overlays(self.store.clone(), overlays);
        let root = absolute(self.folder.path());
        let memory = &mut self.memory.borrow_mut();
        let settings = Settings::default();
        let analysis = analyze_again(&snapshot, &root, &settings, &Overrides::default(), memory).unwrap();
        let project = analysis.project.as_ref().unwrap();
        let configuration = project.configurations.iter().find(|one| *one.path == *self.open).unwrap();
        let place = Place { snapshot: &snapshot, root: &root, project, configuration };
        let offered = complete(&place, end).len();
        (analysis, offered)
    }
}

/// A word is typed at the end of the file, a letter at a time.
#[divan::bench(args = FORMATS, consts = LINES)]
fn configuration_keystroke<const N: usize>(bencher: Bencher<'_, '_>, file: &str) {
    let session = Session::new(file, N);
    session.keystroke(session.text.clone());
    let mut typed = 0;
    bencher
        .with_inputs(|| {
            typed = typed % 8 + 1;
            format!("{}{}\n", session.text, &"processe"[..typed])
        })
        .bench_local_values(|text| session.keystroke(text));
}
