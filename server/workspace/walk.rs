//! A walk over a project's own files, read from a snapshot, so that the analysis that asks for it stays pure.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{EntryKind, Snapshot};

/// Folders that hold other people's code or none.
const FOREIGN_FOLDERS: [&str; 4] = ["node_modules", "site-packages", "dist-packages", "__pycache__"];

/// A hidden folder that says how the app is hosted (Elastic Beanstalk).
const CONFIGURATION_FOLDER: &str = ".ebextensions";

/// The files below `root` (absolute, normalized) whose names `wanted` accepts, sorted by depth and then by path.
///
/// Hidden folders, virtual environments, installed packages, linked folders, whatever `.gitignore` files name, and
/// `exclude` (patterns of `.gitignore`, relative to `root`) are left out; a folder that cannot be read holds nothing.
pub fn walk(
    snapshot: &Snapshot,
    root: &Path,
    exclude: &[String],
    wanted: impl Fn(&OsStr) -> bool,
) -> Vec<PathBuf> {
    let excluded = rules(root, exclude.iter().map(String::as_str));
    let mut found = Vec::new();
    let mut pending = vec![(root.to_owned(), outer_ignores(snapshot, root))];
    while let Some((directory, outer)) = pending.pop() {
        let Some(entries) = snapshot.entries(&directory) else { continue };
        let has = |name: &str| entries.iter().any(|entry| entry.name == name);
        if directory != *root && has("pyvenv.cfg") {
            continue;
        }
        let ignores = if has(".gitignore") { Ignores::read(snapshot, &directory, outer) } else { outer };
        for entry in entries.iter() {
            let is_directory = entry.kind == EntryKind::Directory;
            if is_directory {
                let name = entry.name.to_string_lossy();
                let is_hidden = name.starts_with('.') && name != CONFIGURATION_FOLDER;
                if entry.is_link || is_hidden || FOREIGN_FOLDERS.contains(&&*name) {
                    continue;
                }
            } else if !wanted(&entry.name) {
                continue;
            }
            let path = directory.join(&entry.name);
            if excluded.matched(&path, is_directory).is_ignore() || ignored(&ignores, &path, is_directory) {
                continue;
            }
            if is_directory {
                pending.push((path, ignores.clone()));
            } else {
                found.push(path);
            }
        }
    }
    found.sort_by_cached_key(|path| (path.components().count(), path.clone()));
    found
}

/// Whether the `.gitignore` files of `root`, and of the folders between it and a path below it, keep that path out of the repository.
pub fn is_ignored(snapshot: &Snapshot, root: &Path, path: &Path) -> bool {
    let mut ignores = outer_ignores(snapshot, root);
    let mut above: Vec<&Path> = path.ancestors().skip(1).take_while(|at| at.starts_with(root)).collect();
    above.reverse();
    for folder in above {
        // What lies in a folder that is left out is left out as well.
        if folder != root && ignored(&ignores, folder, true) {
            return true;
        }
        ignores = Ignores::read(snapshot, folder, ignores);
    }
    ignored(&ignores, path, false) || ignored(&ignores, path, true)
}

/// The `.gitignore` rules of a folder, linked to those of the folders above it.
struct Ignores {
    own: Gitignore,
    outer: Option<Rc<Ignores>>,
}

impl Ignores {
    fn read(snapshot: &Snapshot, directory: &Path, outer: Option<Rc<Self>>) -> Option<Rc<Self>> {
        let Some((text, _)) = snapshot.text(&directory.join(".gitignore")) else { return outer };
        Some(Rc::new(Self { own: rules(directory, text.text().lines()), outer }))
    }
}

fn ignored(ignores: &Option<Rc<Ignores>>, path: &Path, is_directory: bool) -> bool {
    let mut next = ignores.as_ref();
    while let Some(level) = next {
        match level.own.matched(path, is_directory) {
            Match::Ignore(_) => return true,
            Match::Whitelist(_) => return false,
            Match::None => next = level.outer.as_ref(),
        }
    }
    false
}

/// The rules of the folders above `root`, up to the one that holds the repository; none when there is no repository.
fn outer_ignores(snapshot: &Snapshot, root: &Path) -> Option<Rc<Ignores>> {
    let holds_repository = |folder: &&Path| snapshot.kind(&folder.join(".git")).is_some();
    if holds_repository(&root) {
        return None;
    }
    let top = root.ancestors().skip(1).find(holds_repository)?;
    let above: Vec<&Path> = root.ancestors().skip(1).take_while(|folder| folder.starts_with(top)).collect();
    above.iter().rev().fold(None, |outer, folder| Ignores::read(snapshot, folder, outer))
}

/// A line that is no pattern is left out, as git does.
fn rules<'a>(root: &Path, lines: impl Iterator<Item = &'a str>) -> Gitignore {
    let mut builder = GitignoreBuilder::new(root);
    for line in lines {
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
