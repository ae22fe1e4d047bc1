//! Where the paths of a configuration lie in the workspace. They name the server's folders, which mostly have other names here.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use crate::workspace::{Snapshot, normalize};

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
        self.candidates(text, base).into_iter().find(|path| self.snapshot.is_dir(path))
    }

    /// The file here that a text names when it is read in `base`.
    pub fn file(&self, text: &str, base: &Path) -> Option<PathBuf> {
        self.candidates(text, base).into_iter().find(|path| self.snapshot.is_file(path))
    }

    /// The paths here that a text may name, surest first.
    fn candidates(&self, text: &str, base: &Path) -> Vec<PathBuf> {
        let path = Path::new(text);
        if !path.has_root() {
            return vec![normalize(&base.join(path))];
        }
        let path = normalize(path);
        if path.starts_with(self.root) {
            return vec![path];
        }
        let mut found = Vec::new();
        let mut mounts: Vec<&(PathBuf, PathBuf)> =
            self.mounts.iter().filter(|(server, _)| path.starts_with(server)).collect();
        mounts.sort_by_key(|(server, _)| std::cmp::Reverse(server.components().count()));
        for (server, here) in mounts {
            if let Ok(inner) = path.strip_prefix(server) {
                found.push(normalize(&here.join(inner)));
            }
        }
        // The tail of the server's path, from its longest one: `/srv/site/web` is `site/web` or `web`.
        let may_hold = self.snapshot.may_hold(self.root);
        let mut tail = path.components();
        tail.next();
        while let Some(first) = tail.clone().next() {
            if may_hold(first.as_os_str()) {
                found.push(self.root.join(tail.as_path()));
            }
            tail.next();
            if self.root.file_name() == Some(first.as_os_str()) {
                found.push(normalize(&self.root.join(tail.as_path())));
            }
        }
        found
    }
}

/// Whether a text is still to be filled in, or is filled in by a tool that makes the file.
pub(in crate::hosting) fn is_template(text: &str) -> bool {
    static MARKS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i-u)\{\{|\{%|<%|@@|<your|your-?username|your_user|/path/to/").ok());
    MARKS.as_ref().is_some_and(|marks| marks.is_match(text))
}
