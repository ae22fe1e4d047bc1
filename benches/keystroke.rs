//! How long it takes from a keystroke to diagnostics, and beside it how long the parser alone takes.
//!
//! Run it with `cargo bench`. The names `keystroke` and `parse` and their numbers of lines stay as they are, so that runs can be
//! compared over time. With `WSGI_LS_BENCH_TREE` set to a checkout, `cold_tree` and `cold_tree_parse` look at that, too.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod generate;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use divan::Bencher;
use mimalloc::MiMalloc;
use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use wsgi_ls::analysis::{Analysis, Memory, STACK_BYTES, absolute, analyze, analyze_again};
use wsgi_ls::hosting::{Host, Overrides};
use wsgi_ls::text::Source;
use wsgi_ls::workspace::{FileStore, Overlay, Settings, Snapshot};

/// That of the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

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
    /// What the keystroke before left behind.
    memory: RefCell<Memory>,
    /// The buffer as it was then.
    overlay: RefCell<Option<Arc<Overlay>>>,
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
        let (memory, overlay) = (RefCell::default(), RefCell::default());
        Self { folder, open, text, store: Arc::default(), settings, memory, overlay }
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The open file with a line that nobody typed before, so that nothing can be remembered: a comment, a statement that
    /// runs while the file is loaded, or one in a function that runs for a request.
    fn typed(&self, line: &str, keystroke: usize) -> String {
        let middle = self.text[self.text.len() / 2..].find("\n\n\n").unwrap() + self.text.len() / 2;
        format!("{}\n{line}{keystroke}{}", &self.text[..middle], &self.text[middle..])
    }

    /// The open file while a person types lines into a function, one character after the other: it compiles at times.
    fn being_typed(&self, keystroke: usize) -> String {
        const LINES: &str = "    names = [item.name for item in items]\n    log.info(\"shown: %s\", names)\n";
        self.typed(&LINES[..keystroke % LINES.len()], keystroke / LINES.len() % 10)
    }

    /// What the server does with a changed buffer.
    fn diagnose(&self, text: String) -> Analysis {
        let last_good = self.overlay.borrow().as_ref().and_then(|before| before.newest_good());
        let overlay = Arc::new(Overlay::new(Source::new(text), last_good));
        self.overlay.replace(Some(overlay.clone()));
        let overlays = std::iter::once((self.open.clone(), overlay)).collect();
        let snapshot = Snapshot::with_overlays(self.store.clone(), overlays);
        let mut memory = self.memory.borrow_mut();
        analyze_again(&snapshot, self.root(), &self.settings, &Overrides::default(), &mut memory).unwrap()
    }

    /// Measures one keystroke after the other.
    fn bench(&self, bencher: Bencher, typed: impl Fn(&Self, usize) -> String) {
        let mut count = 0;
        bencher
            .with_inputs(|| {
                count += 1;
                typed(self, count)
            })
            .bench_local_values(|text| self.diagnose(text));
    }

    /// Stops a measurement that would measure nothing.
    fn assert_reaches_the_open_file(&self) {
        let analysis = self.diagnose(self.typed("# typed ", 0));
        assert!(analysis.reached_files().contains(&self.open.as_path()), "the open file is not loaded");
        assert_eq!(analysis.findings().count(), 0, "the generated project is not healthy");
    }
}

/// From the text after a keystroke to the findings of the deployment.
#[divan::bench(args = LINES)]
fn keystroke(bencher: Bencher, lines: usize) {
    let session = Session::new(1, lines);
    session.assert_reaches_the_open_file();
    session.bench(bencher, |session, count| session.typed("# typed ", count));
}

/// The parser alone, on the same texts.
#[divan::bench(args = LINES)]
fn parse(bencher: Bencher, lines: usize) {
    let session = Session::new(1, lines);
    let mut count = 0;
    bencher
        .with_inputs(|| {
            count += 1;
            session.typed("# typed ", count)
        })
        .bench_local_refs(|text| {
            let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY314);
            parse_unchecked(text, options)
        });
}

/// A keystroke in one file of a deployment of that many modules; the other files are known already.
#[divan::bench(args = [1, 1_000])]
fn keystroke_in_modules(bencher: Bencher, modules: usize) {
    deployment(modules).bench(bencher, |session, count| session.typed("# typed ", count));
}

/// The same for one that changes what runs while the entry is loaded.
#[divan::bench(args = [1, 1_000])]
fn keystroke_at_module_level(bencher: Bencher, modules: usize) {
    deployment(modules).bench(bencher, |session, count| session.typed("ITEMS[-1] = ", count));
}

/// The same for keystrokes in a function, most of which leave the file half typed.
#[divan::bench(args = [1, 1_000])]
fn keystroke_half_typed(bencher: Bencher, modules: usize) {
    deployment(modules).bench(bencher, Session::being_typed);
}

fn deployment(modules: usize) -> Session {
    let session = Session::new(modules, 60);
    session.assert_reaches_the_open_file();
    let reached = session.diagnose(session.typed("# typed ", 0)).reached_files().len();
    assert_eq!(reached, modules, "not every module is loaded");
    session
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
    let analysis = session.diagnose(session.typed("# typed ", 0));
    read_and_parse(bencher, &analysis);
}

/// A first look at the checkout that `WSGI_LS_BENCH_TREE` names.
#[divan::bench]
fn cold_tree(bencher: Bencher) {
    let Some(root) = tree() else { return };
    bencher.bench_local(|| first_look(&root));
}

/// Reading and parsing the files that it reaches, and nothing else.
#[divan::bench]
fn cold_tree_parse(bencher: Bencher) {
    let Some(root) = tree() else { return };
    read_and_parse(bencher, &first_look(&root));
}

fn tree() -> Option<PathBuf> {
    std::env::var_os("WSGI_LS_BENCH_TREE").map(|tree| absolute(Path::new(&tree)))
}

fn first_look(root: &Path) -> Analysis {
    let (settings, _) = Settings::load(root);
    let analyse = || {
        let snapshot = Snapshot::of_disk(Arc::default());
        analyze(&snapshot, root, &settings, &Overrides::default()).unwrap()
    };
    // Files that other people wrote may be deep.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, analyse);
        thread.unwrap().join().unwrap()
    })
}

fn read_and_parse(bencher: Bencher, analysis: &Analysis) {
    let files: Vec<PathBuf> = analysis.reached_files().into_iter().map(Path::to_owned).collect();
    bencher.bench_local(|| {
        for file in &files {
            let text = std::fs::read_to_string(file).unwrap();
            let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY314);
            divan::black_box(parse_unchecked(&text, options));
        }
    });
}
