//! Where the paths and modules of one part of a configuration are looked for.

use std::path::{Path, PathBuf};

use super::commands::Start;
use super::places::Places;
use super::{bases, distinct};
use crate::hosting::told::{Group, Server};
use crate::syntax::config::ConfigFile;
use crate::workspace::{Snapshot, normalize};

/// The folders that relative paths and modules of a group of options refer to.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    bases: Vec<PathBuf>,
    search: Vec<PathBuf>,
    places: Places<'a>,
    /// Whether all folders that the configuration names are known.
    is_complete: bool,
}

impl<'a> Around<'a> {
    /// Those of a group of a file below `root`; of the whole file where there is no group.
    pub fn of(
        snapshot: &'a Snapshot,
        root: &'a Path,
        path: &Path,
        file: &ConfigFile,
        group: Option<&Group>,
    ) -> Self {
        let command = group.and_then(|group| group.command).and_then(|at| file.content().commands.get(at));
        let (mut starts, places) = match command {
            Some(command) => Start::of(snapshot, root, path, file.kind(), command).into_parts(),
            None => (bases(root, path), Places::new(snapshot, root)),
        };
        starts.retain(|base| !base.ends_with(".ebextensions"));
        let mut is_complete = true;
        let mut change = |names: &[&str], bases: &[PathBuf]| -> Option<Vec<PathBuf>> {
            let told = names.iter().find_map(|name| group?.last(name))?;
            let found: Vec<PathBuf> = told
                .text()
                .map(|text| bases.iter().filter_map(|base| places.folder(text, base)).collect())
                .unwrap_or_default();
            is_complete &= !found.is_empty();
            Some(found)
        };
        let cwd = change(&["chdir"], &starts).unwrap_or_else(|| starts.clone());
        let more = change(&["pythonpath"], &cwd).unwrap_or_default();
        let mut search: Vec<PathBuf> = more.into_iter().chain(cwd.iter().cloned()).collect();
        if group.is_some_and(|group| group.server == Server::Gunicorn) {
            search.extend(starts.iter().cloned());
        }
        search.push(root.to_owned());
        let search = distinct(search);
        Self { bases: if cwd.is_empty() { starts } else { cwd }, search, places, is_complete }
    }

    /// Where relative paths begin, best first.
    pub fn bases(&self) -> &[PathBuf] {
        &self.bases
    }

    /// Where modules are looked for, best first.
    pub fn search(&self) -> &[PathBuf] {
        &self.search
    }

    /// Whether all folders that the configuration names are known.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The file of the workspace that a text names.
    pub fn file(&self, text: &str) -> Option<PathBuf> {
        self.bases.iter().find_map(|base| self.places.file(text, base))
    }

    /// The folder of the workspace that a text names.
    pub fn folder(&self, text: &str) -> Option<PathBuf> {
        self.bases.iter().find_map(|base| self.places.folder(text, base))
    }

    /// The file of a module by its dotted name; also below a folder that lies right below the checked one, when only one holds it.
    pub fn module(&self, name: &str) -> Option<PathBuf> {
        let snapshot = self.places.snapshot;
        let here = self.search.iter().find_map(|folder| module_file(snapshot, folder, name));
        here.or_else(|| {
            let entries = snapshot.entries(self.places.root)?;
            let mut found = entries
                .iter()
                .filter_map(|entry| module_file(snapshot, &self.places.root.join(&entry.name), name));
            found.next().filter(|_| found.next().is_none())
        })
    }
}

/// The file of a module below a folder; a package comes before a module of its name, as in Python.
pub(super) fn module_file(snapshot: &Snapshot, folder: &Path, name: &str) -> Option<PathBuf> {
    if name.is_empty() || name.contains(['/', '\\']) || name.split('.').any(str::is_empty) {
        return None;
    }
    let path = normalize(&folder.join(name.replace('.', "/")));
    let candidates = [
        path.join("__init__.py"),
        path.with_file_name(format!("{}.py", path.file_name()?.to_string_lossy())),
    ];
    candidates.into_iter().find(|path| snapshot.is_file(path))
}
