//! What is on the disk, read once and remembered until somebody says that it changed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};
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
/// Each answer stays the same until [`FileStore::forget`] or [`FileStore::forget_changed`], so an analysis that asks twice
/// is told the same thing twice.
#[derive(Debug, Default)]
pub struct FileStore {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    directories: FxHashMap<PathBuf, Option<Arc<[Entry]>>>,
    texts: FxHashMap<PathBuf, Option<Decoded>>,
    python: FxHashMap<PathBuf, Vec<(PythonVersion, Facts)>>,
    configs: FxHashMap<PathBuf, Option<Arc<ConfigFile>>>,
    /// How files and directories looked right before they were read.
    stamps: FxHashMap<PathBuf, Stamp>,
    generation: u64,
}

/// How a file or directory looks from outside.
#[derive(Clone, Copy, Debug)]
struct Stamp {
    modified: SystemTime,
    bytes: u64,
    seen: SystemTime,
}

impl Stamp {
    /// Two changes within so long can leave the same time of modification on some disks.
    const TICK: Duration = Duration::from_secs(2);

    fn of(path: &Path) -> Option<Self> {
        let seen = SystemTime::now();
        let meta = fs::metadata(path).ok()?;
        Some(Self { modified: meta.modified().ok()?, bytes: meta.len(), seen })
    }

    /// Whether what was read then is for certain what is there now.
    fn still_holds(&self, path: &Path) -> bool {
        let now = Self::of(path);
        let had_settled = self.modified.checked_add(Self::TICK).is_some_and(|settled| settled < self.seen);
        had_settled && now.is_some_and(|now| now.modified == self.modified && now.bytes == self.bytes)
    }
}

type Decoded = (Source, Option<DecodeError>);

/// The facts of a file once somebody has found them out; `None` when it cannot be read.
type Facts = Arc<OnceLock<Option<Arc<PythonFile>>>>;

impl FileStore {
    /// The entries of a directory, sorted by name; `None` when it is not a directory or cannot be read.
    pub fn entries(&self, directory: &Path) -> Option<Arc<[Entry]>> {
        if let Some(known) = self.lock().directories.get(directory) {
            return known.clone();
        }
        let stamp = Stamp::of(directory);
        let read = read_directory(directory);
        let mut state = self.lock();
        state.directories.insert(directory.to_owned(), read.clone());
        state.stamps.extend(stamp.map(|stamp| (directory.to_owned(), stamp)));
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
        let stamp = Stamp::of(path);
        let read = read_text(path);
        let mut state = self.lock();
        state.texts.insert(path.to_owned(), read.clone());
        state.stamps.extend(stamp.map(|stamp| (path.to_owned(), stamp)));
        read
    }

    /// When a file was changed last, as it was when its text was read.
    pub fn modified(&self, path: &Path) -> Option<SystemTime> {
        self.text(path)?;
        self.lock().stamps.get(path).map(|stamp| stamp.modified)
    }

    /// The facts of a Python file on disk.
    pub fn python(&self, path: &Path, version: PythonVersion) -> Option<Arc<PythonFile>> {
        let parse = || {
            let (source, error) = self.text(path)?;
            Some(Arc::new(PythonFile::parse(source, error.as_ref(), version)))
        };
        // Of two threads that want the same file, one parses it and the other waits.
        self.facts(path, version).get_or_init(parse).clone()
    }

    fn facts(&self, path: &Path, version: PythonVersion) -> Facts {
        let mut state = self.lock();
        let known = state.python.get(path).and_then(|known| known.iter().find(|(of, _)| *of == version));
        if let Some((_, facts)) = known {
            return facts.clone();
        }
        let facts = Facts::default();
        state.python.entry(path.to_owned()).or_default().push((version, facts.clone()));
        facts
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
        state.generation += 1;
        state.texts.remove(path);
        state.configs.remove(path);
        state.python.remove(path);
        state.directories.retain(|known, _| known != path && Some(known.as_path()) != path.parent());
    }

    /// Forgets whatever may not be on the disk any more as it was read, and what was not there.
    ///
    /// Costs a look at each known file and directory, and no reading.
    pub fn forget_changed(&self) {
        let mut state = self.lock();
        state.generation += 1;
        let stamps = std::mem::take(&mut state.stamps);
        let holds: FxHashMap<PathBuf, Stamp> =
            stamps.into_iter().filter(|(path, stamp)| stamp.still_holds(path)).collect();
        state.texts.retain(|path, read| read.is_some() && holds.contains_key(path));
        state.python.retain(|path, _| holds.contains_key(path));
        state.configs.retain(|path, _| holds.contains_key(path));
        // What a link leads to can change without its directory.
        state.directories.retain(|path, read| {
            let plain = read.as_ref().is_some_and(|entries| entries.iter().all(|entry| !entry.is_link));
            plain && holds.contains_key(path)
        });
        state.stamps = holds;
    }

    /// How often something was forgotten: while it stays the same, so do all answers.
    pub fn generation(&self) -> u64 {
        self.lock().generation
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    /// A file whose time of modification is so many seconds ago.
    fn write(path: &Path, text: &str, seconds_ago: u64) {
        fs::write(path, text).unwrap();
        settle(path, seconds_ago);
    }

    fn settle(path: &Path, seconds_ago: u64) {
        let time = SystemTime::now() - Duration::from_secs(seconds_ago);
        fs::File::open(path).unwrap().set_modified(time).unwrap();
    }

    #[test]
    fn only_what_changed_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        write(&path("same.py"), "a = 1\n", 60);
        write(&path("other.py"), "b = 1\n", 60);
        write(&path("young.py"), "c = 1\n", 0);
        settle(folder.path(), 60);
        let store = FileStore::default();
        let facts = |name: &str| store.python(&path(name), PythonVersion::PY313);
        let text = |name: &str| store.text(&path(name)).map(|(source, _)| source.text().to_owned());
        let same = facts("same.py").unwrap();
        let young = facts("young.py").unwrap();
        assert_eq!((text("other.py").as_deref(), text("new.py")), (Some("b = 1\n"), None));
        assert_eq!(store.entries(folder.path()).unwrap().len(), 3);
        write(&path("other.py"), "b = 2\n", 30);
        write(&path("new.py"), "d = 1\n", 60);
        assert_eq!((text("other.py").as_deref(), text("new.py")), (Some("b = 1\n"), None));
        store.forget_changed();
        assert_eq!(
            (text("other.py").as_deref(), text("new.py").as_deref()),
            (Some("b = 2\n"), Some("d = 1\n"))
        );
        assert_eq!(store.entries(folder.path()).unwrap().len(), 4);
        assert!(Arc::ptr_eq(&same, &facts("same.py").unwrap()), "nothing happened to it");
        // It may have changed again within the same tick of the disk's clock.
        assert!(!Arc::ptr_eq(&young, &facts("young.py").unwrap()));
        fs::remove_file(path("same.py")).unwrap();
        store.forget_changed();
        assert!(facts("same.py").is_none());
    }
}
