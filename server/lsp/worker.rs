//! The thread that analyses: heavy work never holds up a message.

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use ruff_python_ast::PythonVersion;
use rustc_hash::FxHashMap;
use tower_lsp_server::ls_types::Uri;

use super::collect::Collector;
use super::logged::LogCache;
use super::results::{Results, View};
use super::session::{OpenDocument, Session, State};
use crate::analysis::{Memory, STACK_BYTES, analyze_again};
use crate::hosting::{DiscoveryError, Overrides};
use crate::rules;
use crate::syntax::logs::LogKind;
use crate::syntax::python::PythonFile;
use crate::text::{Encoding, Source, TextRange};
use crate::workspace::{FileStore, Overlay, Settings, Snapshot, active_virtualenv};

/// The newest grammar that the parser knows well, for buffers that no deployment says the version of.
const LOOSE_VERSION: PythonVersion = PythonVersion::PY314;

/// Starts the worker. It analyses the newest state of the session until the process ends; states that were superseded
/// meanwhile are never looked at.
///
/// # Errors
/// When the system gives no thread.
pub fn start(session: Arc<Session>) -> std::io::Result<()> {
    let run = move || {
        let mut worker = Worker::default();
        let mut revision = 0;
        loop {
            let job = session.next_change(revision, Job::take);
            revision = job.revision;
            let (results, view) = worker.analyse(job);
            session.finish(results, view);
        }
    };
    std::thread::Builder::new().name("analysis".to_owned()).stack_size(STACK_BYTES).spawn(run)?;
    Ok(())
}

/// One state of the session, as far as results depend on it.
struct Job {
    revision: u64,
    encoding: Encoding,
    /// The folders to analyse with what the editor says of them, in order.
    roots: BTreeMap<PathBuf, Settings>,
    documents: HashMap<Uri, OpenDocument>,
    typed_word: Option<(PathBuf, TextRange)>,
    spelled: HashMap<PathBuf, Uri>,
    stale: Vec<PathBuf>,
    all_stale: bool,
    problems: Vec<String>,
}

impl Job {
    fn take(state: &mut State, revision: u64) -> Self {
        let mut roots: BTreeMap<PathBuf, Settings> = BTreeMap::new();
        let mut add = |root: PathBuf| {
            let settings = state.settings.for_root(&root);
            roots.entry(root).or_insert(settings);
        };
        state.folders.iter().for_each(|(folder, _)| add(folder.clone()));
        // A file outside of all folders is looked at together with what lies beside it.
        for path in state.documents.values().filter(|one| one.is_python).filter_map(|one| one.path.as_ref()) {
            if !state.folders.iter().any(|(folder, _)| path.starts_with(folder)) {
                path.parent().into_iter().for_each(|parent| add(parent.to_owned()));
            }
        }
        let typed_word = state.typed_word.as_ref().and_then(|(uri, word)| {
            let path = state.documents.get(uri)?.path.clone()?;
            Some((path, *word))
        });
        Self {
            revision,
            typed_word,
            encoding: state.features.encoding,
            roots,
            documents: state.documents.clone(),
            spelled: state.spelled.clone(),
            stale: std::mem::take(&mut state.stale),
            all_stale: std::mem::take(&mut state.all_stale),
            problems: state.settings.problems(),
        }
    }
}

#[derive(Default)]
struct Worker {
    store: Arc<FileStore>,
    /// The buffers by their URIs, each with the number of its text.
    buffers: HashMap<Uri, (u64, Arc<Overlay>)>,
    /// What the analysis before left, by folder.
    memories: HashMap<PathBuf, Memory>,
    logs: LogCache,
}

impl Worker {
    fn analyse(&mut self, job: Job) -> (Results, View) {
        if job.all_stale {
            self.store.forget_changed();
        }
        job.stale.iter().for_each(|path| self.store.forget(path));
        self.take_buffers(&job.documents);
        let overlays: FxHashMap<PathBuf, Arc<Overlay>> = self
            .buffers
            .iter()
            .filter_map(|(uri, (_, overlay))| Some((job.documents.get(uri)?.path.clone()?, overlay.clone())))
            .collect();
        let snapshot = Snapshot::with_overlays(self.store.clone(), overlays).while_typing(job.typed_word);
        let versions = job.documents.iter().map(|(uri, document)| (uri.clone(), document.version));
        let mut collector = Collector::new(&snapshot, job.encoding, &job.spelled, versions.collect());
        let mut problems = job.problems;
        let mut analyses = Vec::new();
        let overrides = Overrides { active_virtualenv: active_virtualenv(), ..Overrides::default() };
        self.memories.retain(|root, _| job.roots.contains_key(root));
        for (root, said) in job.roots {
            let (from_files, errors) = Settings::load(&root);
            problems.extend(errors.iter().map(ToString::to_string));
            let mut settings = from_files.under(said);
            // The panic hook tells of it; the other folders and the next keystroke are not to suffer.
            let memory = self.memories.entry(root.clone()).or_default();
            let _ = catch_unwind(AssertUnwindSafe(|| {
                loop {
                    match analyze_again(&snapshot, &root, &settings, &overrides, memory) {
                        Ok(analysis) => {
                            collector.add(&analysis, &root);
                            collector.add_logged(&root, &analysis, self.logs.digest(&snapshot, &root));
                            analyses.push((root.clone(), analysis));
                            break;
                        }
                        Err(error) => {
                            problems.push(error.to_string());
                            leave_out(&mut settings, &error);
                        }
                    }
                }
            }));
        }
        for (uri, _) in job.documents.iter().filter(|(_, one)| one.path.is_none() && one.is_python) {
            let _ = catch_unwind(AssertUnwindSafe(|| self.add_loose(uri, &mut collector)));
        }
        for (uri, (_, overlay)) in &self.buffers {
            let path = job.documents.get(uri).and_then(|document| document.path.as_deref());
            if path.is_some_and(|path| LogKind::of(path).is_some()) {
                let add = || collector.add_log(uri, overlay.source(), &analyses);
                let _ = catch_unwind(AssertUnwindSafe(add));
            }
        }
        problems.sort();
        problems.dedup();
        let half_typed = collector.half_typed;
        let (files, folders) = collector.finish();
        let results = Results { revision: job.revision, files, folders, half_typed, problems };
        (results, View { snapshot, analyses })
    }

    /// Keeps the facts of buffers that did not change, and what was known of those that do not compile now.
    fn take_buffers(&mut self, documents: &HashMap<Uri, OpenDocument>) {
        self.buffers.retain(|uri, _| documents.contains_key(uri));
        for (uri, document) in documents {
            let known = self.buffers.get(uri);
            if known.is_some_and(|(edit, _)| *edit == document.edit) {
                continue;
            }
            let last_good = known.and_then(|(_, overlay)| overlay.newest_good());
            let overlay = Arc::new(Overlay::new(Source::new(document.text.text()), last_good));
            self.buffers.insert(uri.clone(), (document.edit, overlay));
        }
    }

    fn add_loose(&self, uri: &Uri, collector: &mut Collector<'_>) {
        let (Some(rule), Some((_, overlay))) = (rules::find("syntax-error"), self.buffers.get(uri)) else {
            return;
        };
        let source = overlay.source().clone();
        collector.add_loose(uri, &PythonFile::parse(source, None, LOOSE_VERSION), rule);
    }
}

/// Takes away the setting that an error is about, so that the rest goes on.
fn leave_out(settings: &mut Settings, error: &DiscoveryError) {
    match error {
        DiscoveryError::UnknownHost(_) => settings.host = None,
        DiscoveryError::MissingEntry(_) => settings.entry = None,
        DiscoveryError::BadPythonVersion(_) => settings.python_version = None,
    }
}
