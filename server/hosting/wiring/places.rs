//! Where the paths of a configuration lie in the workspace. They name the server's folders, which mostly have other names here.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use crate::workspace::{EntryKind, Snapshot, normalize};

/// Folders of the project and where they lie on the server.
#[derive(Clone, Debug)]
pub(in crate::hosting) struct Places<'a> {
    pub snapshot: &'a Snapshot,
    pub root: &'a Path,
    /// The folder on the server, and the same folder here.
    pub mounts: Vec<(PathBuf, PathBuf)>,
}

impl<'a> Places<'a> {
    pub fn new(snapshot: &'a Snapshot, root: &'a Path) -> Self {
        Self { snapshot, root, mounts: Vec::new() }
    }

    /// The folder here that a text names when it is read in `base`; `None` when it is none of the project's.
    pub fn folder(&self, text: &str, base: &Path) -> Option<PathBuf> {
        self.find(text, base, EntryKind::Directory)
    }

    /// The file here that a text names when it is read in `base`.
    pub fn file(&self, text: &str, base: &Path) -> Option<PathBuf> {
        self.find(text, base, EntryKind::File)
    }

    /// The file of this relative path in one of the folders right below the checked one, where only one holds it: the server's own
    /// folders have other names than ours.
    pub fn anywhere(&self, text: &str) -> Option<PathBuf> {
        let entries = self.snapshot.entries(self.root)?;
        let paths = entries.iter().map(|entry| normalize(&self.root.join(&entry.name).join(text)));
        let mut found = paths.filter(|path| self.snapshot.is_file(path));
        found.next().filter(|_| found.next().is_none())
    }

    /// The first of the paths here that a text may name, surest first.
    fn find(&self, text: &str, base: &Path, kind: EntryKind) -> Option<PathBuf> {
        let is_it = |path: &PathBuf| self.snapshot.kind(path) == Some(kind);
        let path = Path::new(text);
        if !path.has_root() {
            return Some(normalize(&base.join(path))).filter(is_it);
        }
        let path = normalize(path);
        if path.starts_with(self.root) {
            return Some(path).filter(is_it);
        }
        let mut mounts: Vec<&(PathBuf, PathBuf)> =
            self.mounts.iter().filter(|(server, _)| path.starts_with(server)).collect();
        mounts.sort_by_key(|(server, _)| std::cmp::Reverse(server.components().count()));
        let mounted = mounts.into_iter().filter_map(|(server, here)| {
            let inner = path.strip_prefix(server).ok()?;
            Some(normalize(&here.join(inner)))
        });
        mounted.chain(self.tails(&path)).find(is_it)
    }

    /// The tails of a server's path below the checked folder, from the longest one: `/srv/site/web` is `site/web` or `web`.
    fn tails(&self, path: &Path) -> impl Iterator<Item = PathBuf> {
        let may_hold = self.snapshot.may_hold(self.root);
        let root_name = self.root.file_name();
        let mut rest = path.components();
        rest.next();
        std::iter::from_fn(move || {
            let tail = rest.as_path();
            let first = rest.next()?.as_os_str();
            let below = may_hold(first).then(|| self.root.join(tail));
            let is_root = root_name == Some(first);
            let inside = is_root.then(|| normalize(&self.root.join(rest.as_path())));
            Some(below.into_iter().chain(inside))
        })
        .flatten()
    }
}

/// Whether a text is still to be filled in, or is filled in by a tool that makes the file.
pub(in crate::hosting) fn is_template(text: &str) -> bool {
    static MARKS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i-u)\{\{|\{%|<%|@@|<your|your-?username|your_user|/path/to/").ok());
    MARKS.as_ref().is_some_and(|marks| marks.is_match(text))
}
