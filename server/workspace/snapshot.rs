//! One unchanging view of the workspace, from which an analysis reads everything.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use ruff_python_ast::PythonVersion;
use rustc_hash::{FxHashMap, FxHashSet};

use super::store::{Entry, EntryKind, FileStore};
use crate::syntax::config::{ConfigFile, ConfigKind};
use crate::syntax::python::PythonFile;
use crate::text::{DecodeError, Source, TextRange};

/// An open buffer, which hides the file on disk.
#[derive(Debug)]
pub struct Overlay {
    source: Source,
    python: OnceLock<Arc<PythonFile>>,
    config: OnceLock<Option<Arc<ConfigFile>>>,
    /// The last text of this buffer that compiled: while people type, what was known of it stays known.
    last_good: Option<Arc<PythonFile>>,
}

impl Overlay {
    /// A buffer with this text; `last_good` is the newest version of it that compiled, if any did.
    pub fn new(source: Source, last_good: Option<Arc<PythonFile>>) -> Self {
        Self { source, python: OnceLock::new(), config: OnceLock::new(), last_good }
    }

    /// The text of the buffer.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The newest version of this buffer that compiled, this one included; only known once it was parsed.
    pub fn newest_good(&self) -> Option<Arc<PythonFile>> {
        self.python.get().filter(|file| file.compiles()).or(self.last_good.as_ref()).cloned()
    }

    fn config(&self, path: &Path) -> Option<Arc<ConfigFile>> {
        let parse = || {
            let kind = ConfigKind::of(path, self.source.text())?;
            Some(Arc::new(ConfigFile::parse(self.source.clone(), None, kind)))
        };
        self.config.get_or_init(parse).clone()
    }

    fn python(&self, version: PythonVersion) -> Arc<PythonFile> {
        let parse = || Arc::new(PythonFile::parse(self.source.clone(), None, version));
        let file = self.python.get_or_init(parse);
        if file.version() == version { file.clone() } else { parse() }
    }
}

/// What an analysis sees: the disk as it was first read, under the open buffers as they were when it was taken.
///
/// Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    store: Arc<FileStore>,
    /// What the store was when the view was taken, see [`FileStore::generation`].
    generation: u64,
    overlays: Arc<FxHashMap<PathBuf, Arc<Overlay>>>,
    /// The file that somebody types in at the moment, and the dotted name (bytes) at which they do.
    typed_word: Option<(PathBuf, TextRange)>,
    asked: Option<Arc<Asked>>,
}

/// The open buffers that somebody looked into.
#[derive(Debug, Default)]
pub struct Asked(Mutex<FxHashSet<(PathBuf, Question)>>);

/// What is asked of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// Its facts as Python.
    Python,
    /// Its text.
    Text,
}

impl Asked {
    /// Whether somebody asked this of the buffer with this path.
    pub fn was(&self, path: &Path, question: Question) -> bool {
        let asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.contains(&(path.to_owned(), question))
    }
}

impl Snapshot {
    /// A view of the disk alone.
    pub fn of_disk(store: Arc<FileStore>) -> Self {
        Self::with_overlays(store, FxHashMap::default())
    }

    /// A view of the disk under open buffers, whose paths are absolute and normalized.
    pub fn with_overlays(store: Arc<FileStore>, overlays: FxHashMap<PathBuf, Arc<Overlay>>) -> Self {
        let generation = store.generation();
        Self { store, generation, overlays: Arc::new(overlays), typed_word: None, asked: None }
    }

    /// The same view while somebody types at a dotted name (bytes) of a file: what it leads to is not judged yet.
    pub fn while_typing(self, word: Option<(PathBuf, TextRange)>) -> Self {
        Self { typed_word: word, ..self }
    }

    /// The same view with other texts for some files (absolute, normalized paths), as if they were open buffers.
    pub fn with_texts(&self, texts: impl IntoIterator<Item = (PathBuf, Source)>) -> Self {
        let mut overlays = (*self.overlays).clone();
        overlays.extend(texts.into_iter().map(|(path, source)| (path, Arc::new(Overlay::new(source, None)))));
        Self { overlays: Arc::new(overlays), typed_word: None, ..self.clone() }
    }

    /// The same view, which notes the open buffers that somebody looks into.
    pub fn noting(&self, asked: Arc<Asked>) -> Self {
        Self { asked: Some(asked), ..self.clone() }
    }

    /// The open buffers whose texts are not those of an earlier view; `None` when more than texts may have changed.
    pub fn edited_since(&self, earlier: &Self) -> Option<Vec<&Path>> {
        let same_files = Arc::ptr_eq(&self.store, &earlier.store)
            && self.generation == earlier.generation
            && self.overlays.len() == earlier.overlays.len();
        let edited = |(path, overlay): (&'_ PathBuf, &Arc<Overlay>)| {
            earlier.overlays.get(path).map(|before| !Arc::ptr_eq(before, overlay))
        };
        let mut paths = Vec::new();
        for entry in self.overlays.iter().filter(|_| same_files) {
            if edited(entry)? {
                paths.push(entry.0.as_path());
            }
        }
        same_files.then_some(paths)
    }

    fn overlay(&self, path: &Path, question: Question) -> Option<&Arc<Overlay>> {
        let overlay = self.overlays.get(path)?;
        if let Some(asked) = &self.asked {
            asked.0.lock().unwrap_or_else(PoisonError::into_inner).insert((path.to_owned(), question));
        }
        Some(overlay)
    }

    /// The facts of a Python file; `None` when there is no such file or it cannot be read.
    pub fn python(&self, path: &Path, version: PythonVersion) -> Option<Arc<PythonFile>> {
        match self.overlay(path, Question::Python) {
            Some(overlay) => Some(overlay.python(version)),
            None => self.store.python(path, version),
        }
    }

    /// The facts of a configuration file; `None` when there is no such file, it cannot be read or is none.
    pub fn config(&self, path: &Path) -> Option<Arc<ConfigFile>> {
        match self.overlay(path, Question::Text) {
            Some(overlay) => overlay.config(path),
            None => self.store.config(path),
        }
    }

    /// The last version that compiled of a file that is being typed: of its buffer, else what lies on disk.
    pub fn last_good_python(&self, path: &Path, version: PythonVersion) -> Option<Arc<PythonFile>> {
        let overlay = self.overlay(path, Question::Python)?;
        let on_disk = || self.store.python(path, version).filter(|file| file.compiles());
        overlay.last_good.clone().or_else(on_disk)
    }

    /// The dotted name (bytes) of a file at which somebody types at the moment.
    pub fn typed_word(&self, path: &Path) -> Option<TextRange> {
        self.typed_word.as_ref().filter(|(typed, _)| typed == path).map(|(_, word)| *word)
    }

    /// Whether a file is open in an editor.
    pub fn is_open(&self, path: &Path) -> bool {
        self.overlays.contains_key(path)
    }

    /// Whether a file is open in an editor with a text that was not saved yet.
    pub fn is_unsaved(&self, path: &Path) -> bool {
        self.overlays.get(path).is_some_and(|overlay| {
            let saved = self.store.text(path);
            saved.is_none_or(|(saved, _)| saved.text() != overlay.source.text())
        })
    }

    /// The text of a file, with what is wrong with its encoding.
    pub fn text(&self, path: &Path) -> Option<(Source, Option<DecodeError>)> {
        match self.overlay(path, Question::Text) {
            Some(overlay) => Some((overlay.source.clone(), None)),
            None => self.store.text(path),
        }
    }

    /// When a file was changed last on disk.
    pub fn modified(&self, path: &Path) -> Option<SystemTime> {
        self.store.modified(path)
    }

    /// What a path leads to.
    pub fn kind(&self, path: &Path) -> Option<EntryKind> {
        if self.overlays.contains_key(path) { Some(EntryKind::File) } else { self.store.kind(path) }
    }

    /// Whether a path leads to a file.
    pub fn is_file(&self, path: &Path) -> bool {
        self.kind(path) == Some(EntryKind::File)
    }

    /// Whether a path leads to a directory.
    pub fn is_dir(&self, path: &Path) -> bool {
        self.kind(path) == Some(EntryKind::Directory)
    }

    /// Tells of names whether something may be called so in a directory; costs less than looks at what lies further below.
    pub fn may_hold(&self, directory: &Path) -> impl Fn(&OsStr) -> bool {
        let entries = self.store.entries(directory);
        move |name| {
            let known = |entries: &Arc<[Entry]>| {
                entries.binary_search_by(|entry| entry.name.as_os_str().cmp(name)).is_ok()
            };
            entries.as_ref().is_none_or(known)
                || self.overlays.keys().any(|path| may_be_below(path, directory, name))
        }
    }

    /// The entries of a directory on disk, sorted by name.
    pub fn entries(&self, directory: &Path) -> Option<Arc<[Entry]>> {
        self.store.entries(directory)
    }
}

/// Whether a path may be below an entry of a directory, or be that entry; only for sure when it is not.
fn may_be_below(path: &Path, directory: &Path, name: &OsStr) -> bool {
    let (path, folder) = (path.as_os_str().as_encoded_bytes(), directory.as_os_str().as_encoded_bytes());
    let inner = path.strip_prefix(folder).and_then(|inner| inner.get(1..));
    // Below the root of the disk no separator is left.
    inner.is_some_and(|inner| inner.starts_with(name.as_encoded_bytes())) || directory.parent().is_none()
}
