//! Reading ahead: while a first look simulates, the files that it is about to import are read and parsed on the other processors.
//!
//! A file's facts are the same whoever asks for them first, so nothing but time depends on this. What will be imported is guessed
//! from the syntax: a file too many costs nobody's time, and one too few is read when it is needed.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, PythonVersion, Stmt};
use rustc_hash::FxHashSet;

use crate::hosting::Deployment;
use crate::syntax::python::PythonFile;
use crate::workspace::Snapshot;

/// More threads than this would wait for each other and for the disk.
const MOST_THREADS: usize = 8;

/// Does some work while the files that deployments import are read and parsed, on threads with a stack of so many bytes.
pub fn while_reading_ahead<T>(
    snapshot: &Snapshot,
    deployments: &[Deployment],
    stack_bytes: usize,
    work: impl FnOnce() -> T,
) -> T {
    let spare = thread::available_parallelism().map_or(0, |all| all.get() - 1).min(MOST_THREADS);
    let Some(first) = deployments.first().filter(|_| spare > 0) else { return work() };
    let ahead = Ahead::new(snapshot, first.python, deployments);
    thread::scope(|scope| {
        for _ in 0..spare {
            let builder = thread::Builder::new().name("ahead".to_owned()).stack_size(stack_bytes);
            // Where the system gives no thread, the work reads all files itself.
            let _ = builder.spawn_scoped(scope, || ahead.read());
        }
        let _end = End(&ahead);
        work()
    })
}

/// Tells the threads that the work is over, also when it was given up.
struct End<'a>(&'a Ahead<'a>);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.queue().is_over = true;
        self.0.changed.notify_all();
    }
}

/// What is read ahead.
struct Ahead<'a> {
    snapshot: &'a Snapshot,
    python: PythonVersion,
    /// The folders from which modules are imported.
    roots: Vec<PathBuf>,
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    /// Files that are still to be read.
    pending: Vec<PathBuf>,
    known_files: FxHashSet<PathBuf>,
    known_names: FxHashSet<String>,
    /// How many threads read a file, which may lead to more.
    busy: usize,
    is_over: bool,
}

impl<'a> Ahead<'a> {
    fn new(snapshot: &'a Snapshot, python: PythonVersion, deployments: &[Deployment]) -> Self {
        let mut roots: Vec<PathBuf> = Vec::new();
        let mut queue = Queue::default();
        for deployment in deployments.iter().filter(|one| one.python == python) {
            for folder in deployment.search_path.iter().chain([&deployment.root]) {
                if !roots.contains(folder) {
                    roots.push(folder.clone());
                }
            }
            queue.add(deployment.entry.clone());
        }
        Self { snapshot, python, roots, queue: Mutex::new(queue), changed: Condvar::new() }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // The queue is consistent between any two statements.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads files until there are none left.
    fn read(&self) {
        while let Some(path) = self.next() {
            if let Some(file) = self.snapshot.python(&path, self.python) {
                self.follow(&path, &file);
                // Whoever loads it will ask what its functions change.
                file.changes();
            }
            self.queue().busy -= 1;
            self.changed.notify_all();
        }
    }

    /// The last file that was found: the simulation begins with the first one, so the two seldom wait for each other.
    fn next(&self) -> Option<PathBuf> {
        let mut queue = self.queue();
        loop {
            if queue.is_over {
                return None;
            }
            if let Some(path) = queue.pending.pop() {
                queue.busy += 1;
                return Some(path);
            }
            if queue.busy == 0 {
                return None;
            }
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Finds the files that a module seems to import.
    fn follow(&self, path: &Path, file: &PythonFile) {
        let mut mentioned = Mentioned::default();
        mentioned.visit_body(file.body());
        for (level, name) in mentioned.modules {
            if level == 0 && !self.queue().known_names.insert(name.clone()) {
                continue;
            }
            let found = match level.checked_sub(1) {
                None => self.roots.iter().map(|root| self.find(root, &name)).find(|found| !found.is_empty()),
                Some(up) => path
                    .parent()
                    .and_then(|folder| folder.ancestors().nth(up))
                    .map(|folder| self.find(folder, &name)),
            };
            let mut queue = self.queue();
            found.into_iter().flatten().for_each(|file| queue.add(file));
        }
        self.changed.notify_all();
    }

    /// The files of the packages on the way to a module below a folder, and its own.
    fn find(&self, folder: &Path, name: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folder = folder.to_owned();
        for part in name.split('.').filter(|part| !part.is_empty()) {
            let package = folder.join(part);
            if !self.snapshot.is_dir(&package) {
                found.extend(
                    Some(folder.join(format!("{part}.py"))).filter(|file| self.snapshot.is_file(file)),
                );
                break;
            }
            found.extend(Some(package.join("__init__.py")).filter(|file| self.snapshot.is_file(file)));
            folder = package;
        }
        found
    }
}

impl Queue {
    fn add(&mut self, file: PathBuf) {
        if self.known_files.insert(file.clone()) {
            self.pending.push(file);
        }
    }
}

/// The modules that the top level of a file mentions.
#[derive(Default)]
struct Mentioned {
    /// Dotted names, each with the dots in front of it.
    modules: Vec<(usize, String)>,
}

impl<'a> Visitor<'a> for Mentioned {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(_) => {}
            Stmt::Import(import) => {
                self.modules.extend(import.names.iter().map(|alias| (0, alias.name.to_string())));
            }
            Stmt::ImportFrom(import) => {
                let level = usize::try_from(import.level).unwrap_or_default();
                let module = import.module.as_ref().map_or("", |name| name.as_str());
                let names = import.names.iter().map(|alias| (level, format!("{module}.{}", alias.name)));
                self.modules.extend(names);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            // Django is told by strings what to import, and looks into each app for these two.
            Expr::StringLiteral(text) if is_dotted_name(text.value.to_str()) => {
                let name = text.value.to_str();
                self.modules.extend(["apps", "models"].map(|part| (0, format!("{name}.{part}"))));
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}

fn is_dotted_name(text: &str) -> bool {
    text.contains('.') && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::hosting::{Overrides, discover};
    use crate::workspace::Settings;

    /// The files that are read ahead of an entry with this text, beside some that others mention.
    fn read_ahead(entry: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let root = crate::workspace::normalize(folder.path());
        for (path, text) in [
            ("wsgi.py", entry),
            ("other.py", "def later():\n    import unread\n"),
            ("unread.py", ""),
            ("shop/__init__.py", ""),
            ("shop/models.py", "from . import prices\n"),
            ("shop/prices.py", "from .tax.rates import RATES\nimport shop.models\n"),
            ("shop/tax/rates.py", "RATES = {}\n"),
        ] {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let snapshot = Snapshot::default();
        let found = discover(&snapshot, &root, &Settings::default(), &Overrides::default()).unwrap();
        let ahead = Ahead::new(&snapshot, found[0].python, &found);
        ahead.read();
        let queue = ahead.queue();
        assert!(queue.pending.is_empty() && queue.busy == 0);
        let paths = queue.known_files.iter().map(|path| crate::workspace::relative_slash(path, &root));
        let mut paths: Vec<String> = paths.collect();
        paths.sort();
        paths
    }

    #[test]
    fn what_a_module_mentions_is_read_with_all_that_it_leads_to() {
        assert_eq!(read_ahead("import flask, other\n"), ["other.py", "wsgi.py"]);
        let shop = ["shop/__init__.py", "shop/models.py", "shop/prices.py", "shop/tax/rates.py", "wsgi.py"];
        assert_eq!(read_ahead("from shop import prices\n"), shop);
        assert_eq!(read_ahead("INSTALLED_APPS = ['django.contrib.auth', 'shop.prices']\n"), shop);
    }

    #[test]
    fn nothing_is_read_when_the_work_is_over() {
        let snapshot = Snapshot::default();
        let ahead = Ahead::new(&snapshot, PythonVersion::PY313, &[]);
        ahead.queue().add(PathBuf::from("/site/wsgi.py"));
        drop(End(&ahead));
        ahead.read();
        assert_eq!(ahead.queue().pending.len(), 1);
    }
}
