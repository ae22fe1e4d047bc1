//! One unchanging view of the workspace, from which an analysis reads everything.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use ruff_python_ast::PythonVersion;
use rustc_hash::FxHashMap;

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
    overlays: Arc<FxHashMap<PathBuf, Arc<Overlay>>>,
    /// The file that somebody types in at the moment, and the dotted name (bytes) at which they do.
    typed_word: Option<(PathBuf, TextRange)>,
}

impl Snapshot {
    /// A view of the disk alone.
    pub fn of_disk(store: Arc<FileStore>) -> Self {
        Self { store, ..Self::default() }
    }

    /// A view of the disk under open buffers, whose paths are absolute and normalized.
    pub fn with_overlays(store: Arc<FileStore>, overlays: FxHashMap<PathBuf, Arc<Overlay>>) -> Self {
        Self { store, overlays: Arc::new(overlays), typed_word: None }
    }

    /// The same view while somebody types at a dotted name (bytes) of a file: what it leads to is not judged yet.
    pub fn while_typing(self, word: Option<(PathBuf, TextRange)>) -> Self {
        Self { typed_word: word, ..self }
    }

    /// The same view with other texts for some files (absolute, normalized paths), as if they were open buffers.
    pub fn with_texts(&self, texts: impl IntoIterator<Item = (PathBuf, Source)>) -> Self {
        let mut overlays = (*self.overlays).clone();
        overlays.extend(texts.into_iter().map(|(path, source)| (path, Arc::new(Overlay::new(source, None)))));
        Self { store: self.store.clone(), overlays: Arc::new(overlays), typed_word: None }
    }

    /// The facts of a Python file; `None` when there is no such file or it cannot be read.
    pub fn python(&self, path: &Path, version: PythonVersion) -> Option<Arc<PythonFile>> {
        match self.overlays.get(path) {
            Some(overlay) => Some(overlay.python(version)),
            None => self.store.python(path, version),
        }
    }

    /// The facts of a configuration file; `None` when there is no such file, it cannot be read or is none.
    pub fn config(&self, path: &Path) -> Option<Arc<ConfigFile>> {
        match self.overlays.get(path) {
            Some(overlay) => overlay.config(path),
            None => self.store.config(path),
        }
    }

    /// The last version that compiled of a file that is being typed: of its buffer, else what lies on disk.
    pub fn last_good_python(&self, path: &Path, version: PythonVersion) -> Option<Arc<PythonFile>> {
        let overlay = self.overlays.get(path)?;
        let on_disk = || self.store.python(path, version).filter(|file| file.compiles());
        overlay.last_good.clone().or_else(on_disk)
    }

    /// The dotted name (bytes) of a file at which somebody types at the moment.
    pub fn typed_word(&self, path: &Path) -> Option<TextRange> {
        self.typed_word.as_ref().filter(|(typed, _)| typed == path).map(|(_, word)| *word)
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
        match self.overlays.get(path) {
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

    /// The entries of a directory on disk, sorted by name.
    pub fn entries(&self, directory: &Path) -> Option<Arc<[Entry]>> {
        self.store.entries(directory)
    }
}
