//! Where the ranges of findings are, for people.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::load::Site;
use crate::text::Source;
use crate::workspace::{Snapshot, relative_slash};

/// The texts that a report shows, each read once.
pub(super) struct Sources<'a> {
    snapshot: &'a Snapshot,
    root: &'a Path,
    known: FxHashMap<Arc<Path>, Source>,
}

impl<'a> Sources<'a> {
    /// The texts of a snapshot; paths are shown relative to `root`.
    pub fn new(snapshot: &'a Snapshot, root: &'a Path) -> Self {
        Self { snapshot, root, known: FxHashMap::default() }
    }

    /// The text of a file; empty when it is gone.
    pub fn get(&mut self, path: &Arc<Path>) -> Source {
        let read = || self.snapshot.text(path).map_or_else(|| Source::new(""), |(source, _)| source);
        self.known.entry(path.clone()).or_insert_with(read).clone()
    }

    /// The path of a file as reports show it.
    pub fn name(&self, path: &Path) -> String {
        relative_slash(path, self.root)
    }

    /// The place as `file:line`.
    pub fn place(&mut self, site: &Site) -> String {
        format!("{}:{}", self.name(&site.path), self.get(&site.path).line(site.range.start()))
    }
}
