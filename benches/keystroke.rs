//! How long it takes from a keystroke to diagnostics, and beside it how long the parser alone takes.
//!
//! Run it with `cargo bench`. The names `keystroke` and `parse` and their numbers of lines stay as they are, so that runs can be
//! compared over time.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod generate;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use divan::Bencher;
use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use wsgi_ls::analysis::{Analysis, analyze};
use wsgi_ls::hosting::{Host, Overrides};
use wsgi_ls::text::Source;
use wsgi_ls::workspace::{FileStore, Overlay, Settings, Snapshot};

const LINES: [usize; 2] = [300, 10_000];

fn main() {
    divan::main();
}

/// One editor session: a project on disk, one of its files open.
struct Session {
    /// Removes the project when the session ends.
    folder: tempfile::TempDir,
    open: PathBuf,
    text: String,
    store: Arc<FileStore>,
    settings: Settings,
}

impl Session {
    fn new(modules: usize, lines: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let open = generate::project(folder.path(), modules, lines).unwrap();
        let text = std::fs::read_to_string(&open).unwrap();
        let settings = Settings {
            host: Some(Host::PythonAnywhere.name().to_owned()),
            entry: Some(open.clone()),
            callable: Some("app".to_owned()),
            ..Settings::default()
        };
        Self { folder, open, text, store: Arc::default(), settings }
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The open file after the keystroke of that number; no two are the same, so that nothing can be remembered.
    fn typed(&self, keystroke: usize) -> String {
        let middle = self.text[self.text.len() / 2..].find("\n\n").unwrap() + self.text.len() / 2;
        format!("{}\n# typed {keystroke}{}", &self.text[..middle], &self.text[middle..])
    }

    /// What the server does with a changed buffer.
    fn diagnose(&self, text: String) -> Analysis {
        let overlay = Overlay::new(Source::new(text), None);
        let overlays = std::iter::once((self.open.clone(), Arc::new(overlay))).collect();
        let snapshot = Snapshot::with_overlays(self.store.clone(), overlays);
        analyze(&snapshot, self.root(), &self.settings, &Overrides::default()).unwrap()
    }

    /// Stops a measurement that would measure nothing.
    fn assert_reaches_the_open_file(&self) {
        let analysis = self.diagnose(self.typed(0));
        assert!(analysis.reached_files().contains(&self.open.as_path()), "the open file is not loaded");
        assert_eq!(analysis.findings().count(), 0, "the generated project is not healthy");
    }
}

/// From the text after a keystroke to the findings of the deployment.
#[divan::bench(args = LINES)]
fn keystroke(bencher: Bencher, lines: usize) {
    let session = Session::new(1, lines);
    session.assert_reaches_the_open_file();
    let mut count = 0;
    bencher
        .with_inputs(|| {
            count += 1;
            session.typed(count)
        })
        .bench_local_values(|text| session.diagnose(text));
}

/// The parser alone, on the same texts.
#[divan::bench(args = LINES)]
fn parse(bencher: Bencher, lines: usize) {
    let session = Session::new(1, lines);
    let mut count = 0;
    bencher
        .with_inputs(|| {
            count += 1;
            session.typed(count)
        })
        .bench_local_refs(|text| {
            let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY314);
            parse_unchecked(text, options)
        });
}

/// A keystroke in one file of a deployment of that many modules; the other files are known already.
#[divan::bench(args = [1, 1_000])]
fn keystroke_in_modules(bencher: Bencher, modules: usize) {
    let session = Session::new(modules, 60);
    session.assert_reaches_the_open_file();
    assert_eq!(
        session.diagnose(session.typed(0)).reached_files().len(),
        modules,
        "not every module is loaded"
    );
    let mut count = 0;
    bencher
        .with_inputs(|| {
            count += 1;
            session.typed(count)
        })
        .bench_local_values(|text| session.diagnose(text));
}

/// A first look at a deployment of that many modules: every file is read and parsed.
#[divan::bench(args = [1_000])]
fn cold(bencher: Bencher, modules: usize) {
    let session = Session::new(modules, 60);
    bencher.bench_local(|| {
        let snapshot = Snapshot::of_disk(Arc::default());
        analyze(&snapshot, session.root(), &session.settings, &Overrides::default()).unwrap()
    });
}

/// Reading and parsing the files that a first look reaches, and nothing else.
#[divan::bench(args = [1_000])]
fn cold_parse(bencher: Bencher, modules: usize) {
    let session = Session::new(modules, 60);
    let analysis = session.diagnose(session.typed(0));
    let files: Vec<PathBuf> = analysis.reached_files().into_iter().map(Path::to_owned).collect();
    bencher.bench_local(|| {
        for file in &files {
            let text = std::fs::read_to_string(file).unwrap();
            let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY314);
            divan::black_box(parse_unchecked(&text, options));
        }
    });
}
