//! What one client's session knows: open documents, folders, settings, and the newest results.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::{oneshot, watch};
use tower_lsp_server::ls_types::Uri;

use super::convert::path_of;
use super::features::Features;
use super::results::{Results, View};
use super::settings::EditorSettings;
use crate::analysis::STACK_BYTES;
use crate::text::{Document, TextRange};

/// The session, shared by the handlers, the worker and the publisher.
#[derive(Debug)]
pub struct Session {
    state: Mutex<State>,
    /// Wakes the worker.
    changed: Condvar,
    results: watch::Sender<Arc<Results>>,
    /// What the newest results were found in.
    view: Mutex<Option<Arc<View>>>,
}

/// Everything that results depend on.
#[derive(Debug, Default)]
pub struct State {
    /// What the client can do.
    pub features: Features,
    /// The open documents.
    pub documents: HashMap<Uri, OpenDocument>,
    /// The workspace folders, absolute and normalized, with the client's names for them.
    pub folders: Vec<(PathBuf, Uri)>,
    /// How the client spells the files that it opened once.
    pub spelled: HashMap<PathBuf, Uri>,
    /// What the editor says.
    pub settings: EditorSettings,
    /// Paths that changed on disk since the worker last looked.
    pub stale: Vec<PathBuf>,
    /// Whether everything on disk may have changed since then.
    pub all_stale: bool,
    /// Why the worker does not start yet.
    pub hold: Hold,
    /// Whether the client asks for the diagnostics of files that are not open.
    pub workspace_pulls: bool,
    /// What the client was told last of each file that it asked for: the id of the result, and the edit of an open document.
    pub told: HashMap<Uri, (String, Option<u64>)>,
    /// The document that was edited last, and the dotted name (bytes) at which that happened; `None` once the typing went
    /// on elsewhere, or came to rest.
    pub typed_word: Option<(Uri, TextRange)>,
    revision: u64,
    edits: u64,
}

/// Why the worker does not start yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hold {
    /// The client has not finished its introduction.
    #[default]
    Introduction,
    /// The client was asked for its settings.
    Settings,
    /// Nothing stands in the way.
    Nothing,
}

/// One open document.
#[derive(Clone, Debug)]
pub struct OpenDocument {
    /// Its text.
    pub text: Document,
    /// The client's version number.
    pub version: i32,
    /// A number that no other text of this session has.
    pub edit: u64,
    /// Its file; `None` for a buffer that is no file of this machine.
    pub path: Option<PathBuf>,
    /// Whether it is Python.
    pub is_python: bool,
}

impl Session {
    /// An empty session.
    pub fn new() -> Self {
        let state = State { revision: 1, ..State::default() };
        let (results, _) = watch::channel(Arc::default());
        Self { state: Mutex::new(state), changed: Condvar::new(), results, view: Mutex::default() }
    }

    /// Reads the state, or changes what results do not depend on. Never wait for anything inside.
    pub fn with<T>(&self, use_it: impl FnOnce(&mut State) -> T) -> T {
        use_it(&mut self.lock())
    }

    /// Changes the state; what is being analysed now is out of date afterwards.
    pub fn change<T>(&self, change_it: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let out = change_it(&mut state);
        state.revision += 1;
        self.changed.notify_all();
        out
    }

    /// The results for the state as it is when they are returned; waits until there are such.
    pub async fn up_to_date(&self) -> Arc<Results> {
        self.release(Hold::Introduction);
        let mut results = self.results.subscribe();
        loop {
            let newest = results.borrow_and_update().clone();
            if self.is_current(&newest) || results.changed().await.is_err() {
                return newest;
            }
        }
    }

    /// Whether results are those of the state as it is.
    pub fn is_current(&self, results: &Results) -> bool {
        self.lock().revision == results.revision
    }

    /// Runs `use_it` unless the results are out of date; nothing changes meanwhile.
    pub fn if_current<T>(&self, results: &Results, use_it: impl FnOnce(&mut State) -> T) -> Option<T> {
        let mut state = self.lock();
        (state.revision == results.revision).then(|| use_it(&mut state))
    }

    /// Takes every name for complete, unless the results are out of date.
    pub fn rest(&self, results: &Results) {
        let mut state = self.lock();
        if state.revision == results.revision && state.typed_word.take().is_some() {
            state.revision += 1;
            self.changed.notify_all();
        }
    }

    /// Where new results are announced.
    pub fn subscribe(&self) -> watch::Receiver<Arc<Results>> {
        self.results.subscribe()
    }

    /// Blocks until the state is newer than `revision` and nothing stands in the way, then takes what `take` makes of it.
    pub fn next_change<T>(&self, revision: u64, take: impl FnOnce(&mut State, u64) -> T) -> T {
        let mut state = self.lock();
        while state.revision == revision || state.hold != Hold::Nothing {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let revision = state.revision;
        take(&mut state, revision)
    }

    /// Answers from the newest view, on a thread with as much stack as an analysis has; `None` when there is no view yet,
    /// or no thread.
    pub async fn look<T: Send + 'static>(
        self: &Arc<Self>,
        look: impl FnOnce(&View) -> T + Send + 'static,
    ) -> Option<T> {
        let (send, receive) = oneshot::channel();
        let session = self.clone();
        let run = move || {
            let view = session.view.lock().unwrap_or_else(PoisonError::into_inner).clone();
            // Whoever asked may be gone.
            let _ = send.send(view.map(|view| look(&view)));
        };
        std::thread::Builder::new().name("look".to_owned()).stack_size(STACK_BYTES).spawn(run).ok()?;
        receive.await.ok()?
    }

    /// Announces results and what they were found in.
    pub fn finish(&self, results: Results, view: View) {
        *self.view.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(view));
        self.results.send_replace(Arc::new(results));
    }

    /// Lets the worker start, if this is what it waits for.
    pub fn release(&self, hold: Hold) {
        let mut state = self.lock();
        if state.hold == hold {
            state.hold = Hold::Nothing;
            self.changed.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is complete before anything can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes a new text of a document.
    pub fn open(&mut self, uri: Uri, text: Document, version: i32, language: &str) {
        if self.hold == Hold::Introduction {
            self.hold = Hold::Nothing;
        }
        let path = path_of(&uri);
        if let Some(path) = &path {
            self.spelled.insert(path.clone(), uri.clone());
        }
        let by_name = path.as_deref().and_then(Path::extension).is_some_and(|e| e == "py" || e == "wsgi");
        let is_python = by_name || language.eq_ignore_ascii_case("python");
        let edit = self.next_edit();
        self.documents.insert(uri, OpenDocument { text, version, edit, path, is_python });
    }

    /// Marks a document as edited; returns it for the edit. `None` when it is not open.
    pub fn edit(&mut self, uri: &Uri, version: i32) -> Option<&mut Document> {
        let edit = self.next_edit();
        let document = self.documents.get_mut(uri)?;
        document.version = version;
        document.edit = edit;
        Some(&mut document.text)
    }

    fn next_edit(&mut self) -> u64 {
        self.edits += 1;
        self.edits
    }
}
