//! What is on the disk, read once and remembered until somebody says that it changed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use ruff_python_ast::PythonVersion;
use rustc_hash::FxHashMap;

use crate::syntax::config::{ConfigFile, ConfigKind};
use crate::syntax::python::PythonFile;
use crate::text::{DecodeError, Source};

/// A file above this size (bytes) is not read: it is data, not code.
const MAX_READ_BYTES: u64 = 16 << 20;

/// One name in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The last part of the path.
    pub name: OsString,
    /// What it is, links followed.
    pub kind: EntryKind,
    /// Whether it is a symbolic link. A walk does not descend into linked directories: they can form a cycle.
    pub is_link: bool,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file, or a link to one.
    File,
    /// A directory, or a link to one.
    Directory,
}

/// A cache of the disk, shared by all snapshots.
///
/// Each answer stays the same until [`FileStore::forget`] or [`FileStore::forget_all`], so an analysis that asks twice
/// is told the same thing twice.
#[derive(Debug, Default)]
pub struct FileStore {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    directories: FxHashMap<PathBuf, Option<Arc<[Entry]>>>,
    texts: FxHashMap<PathBuf, Option<Decoded>>,
    python: FxHashMap<(PathBuf, PythonVersion), Arc<PythonFile>>,
    configs: FxHashMap<PathBuf, Option<Arc<ConfigFile>>>,
}

type Decoded = (Source, Option<DecodeError>);

impl FileStore {
    /// The entries of a directory, sorted by name; `None` when it is not a directory or cannot be read.
    pub fn entries(&self, directory: &Path) -> Option<Arc<[Entry]>> {
        if let Some(known) = self.lock().directories.get(directory) {
            return known.clone();
        }
        let read = read_directory(directory);
        self.lock().directories.insert(directory.to_owned(), read.clone());
        read
    }

    /// What a path leads to, by the listing of its parent; a case-insensitive disk therefore makes no wrong name right.
    pub fn kind(&self, path: &Path) -> Option<EntryKind> {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return path.has_root().then_some(EntryKind::Directory);
        };
        match self.entries(parent) {
            Some(entries) => {
                let at = entries.binary_search_by(|entry| entry.name.as_os_str().cmp(name)).ok();
                at.and_then(|at| entries.get(at)).map(|entry| entry.kind)
            }
            // A parent may be searchable but not readable, as /home is on shared hosts.
            None => fs::metadata(path).ok().and_then(|meta| kind_of(&meta)),
        }
    }

    /// The decoded text of a file, decoded as Python decodes source; `None` when it cannot be read or is too large.
    pub fn text(&self, path: &Path) -> Option<(Source, Option<DecodeError>)> {
        if let Some(known) = self.lock().texts.get(path) {
            return known.clone();
        }
        let read = read_text(path);
        self.lock().texts.insert(path.to_owned(), read.clone());
        read
    }

    /// The facts of a Python file on disk.
    pub fn python(&self, path: &Path, version: PythonVersion) -> Option<Arc<PythonFile>> {
        let key = (path.to_owned(), version);
        if let Some(known) = self.lock().python.get(&key) {
            return Some(known.clone());
        }
        let (source, error) = self.text(path)?;
        let file = Arc::new(PythonFile::parse(source, error.as_ref(), version));
        self.lock().python.insert(key, file.clone());
        Some(file)
    }

    /// The facts of a configuration file on disk; `None` when it cannot be read or is none.
    pub fn config(&self, path: &Path) -> Option<Arc<ConfigFile>> {
        if let Some(known) = self.lock().configs.get(path) {
            return known.clone();
        }
        let (source, error) = self.text(path)?;
        let kind = ConfigKind::of(path, source.text());
        let file = kind.map(|kind| Arc::new(ConfigFile::parse(source, error.as_ref(), kind)));
        self.lock().configs.insert(path.to_owned(), file.clone());
        file
    }

    /// Forgets what is known of one path, and of its directory's entries.
    pub fn forget(&self, path: &Path) {
        let mut state = self.lock();
        state.texts.remove(path);
        state.configs.remove(path);
        state.python.retain(|(known, _), _| known != path);
        state.directories.retain(|known, _| known != path && Some(known.as_path()) != path.parent());
    }

    /// Forgets everything.
    pub fn forget_all(&self) {
        *self.lock() = State::default();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The maps are consistent between any two statements, so a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kind_of(meta: &fs::Metadata) -> Option<EntryKind> {
    if meta.is_dir() { Some(EntryKind::Directory) } else { meta.is_file().then_some(EntryKind::File) }
}

fn read_directory(directory: &Path) -> Option<Arc<[Entry]>> {
    let mut entries: Vec<Entry> = fs::read_dir(directory)
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let file_type = entry.file_type().ok()?;
            let kind = if file_type.is_symlink() {
                kind_of(&fs::metadata(entry.path()).ok()?)?
            } else if file_type.is_dir() {
                EntryKind::Directory
            } else if file_type.is_file() {
                EntryKind::File
            } else {
                // Reading a pipe or a device would wait for ever.
                return None;
            };
            Some(Entry { name: entry.file_name(), kind, is_link: file_type.is_symlink() })
        })
        .collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Some(entries.into())
}

/// The text of a file of settings; `None` when there is no such file.
///
/// # Errors
/// When it cannot be read, is far too large or is not UTF-8, in words that follow the file's name.
pub fn read_small_text(path: &Path) -> Result<Option<String>, String> {
    match fs::metadata(path) {
        Ok(meta) if meta.len() > MAX_READ_BYTES => return Err("is too large".to_owned()),
        // Reading a pipe would wait for ever.
        Ok(meta) if !meta.is_file() => return Err("is no file".to_owned()),
        _ => {}
    }
    match fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => Ok(Some(text)),
        Ok(Err(_)) => Err("is not UTF-8 text".to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("cannot be read: {error}")),
    }
}

fn read_text(path: &Path) -> Option<Decoded> {
    let meta = fs::metadata(path).ok()?;
    if !meta.is_file() || meta.len() > MAX_READ_BYTES {
        return None;
    }
    Some(Source::decode_python(&fs::read(path).ok()?))
}
