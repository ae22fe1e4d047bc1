//! What the project's files that are no code say: they set variables and declare dependencies.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::workspace::{EntryKind, Snapshot};

/// The text of those files in the checked folder `root`, in the usual folders below it, and beside the entry `app`.
pub(super) fn read(snapshot: &Snapshot, root: &Path, app: &Path) -> String {
    /// Large files are data.
    const LARGEST: usize = 200_000;
    const FOLDERS: &[&str] = &[
        "",
        ".github",
        ".github/workflows",
        "docker",
        "env",
        "envs",
        ".envs",
        "deploy",
        "deployment",
        "docs",
        "config",
        "conf",
        "etc",
        "requirements",
        "scripts",
        "bin",
        "contrib",
        ".ebextensions",
        "systemd",
        "nginx",
        "ops",
        "infra",
    ];
    let mut text = String::new();
    let mut folders: FxHashSet<PathBuf> = FxHashSet::default();
    for folder in FOLDERS {
        folders.insert(if folder.is_empty() { root.to_owned() } else { root.join(folder) });
    }
    // Larger projects sort them further: `docker/prod/env/.env`.
    for folder in folders.clone() {
        if folder != root {
            add_below(snapshot, &folder, 2, &mut folders);
        }
    }
    // Each service of a larger project has files of its own.
    let beside = app.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    folders.extend(beside.map(Path::to_owned));
    for folder in folders {
        for entry in snapshot.entries(&folder).iter().flat_map(|entries| entries.iter()) {
            let name = entry.name.to_string_lossy();
            if entry.kind == EntryKind::File
                && tells_of_environment(&name)
                && let Some((source, _)) = snapshot.text(&folder.join(&entry.name))
                && source.text().len() <= LARGEST
            {
                text.push_str(source.text());
                text.push('\n');
            }
        }
    }
    text
}

/// Whether a text holds a word, whole.
pub(super) fn contains_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

/// Adds the folders below a folder, so many levels deep.
fn add_below(snapshot: &Snapshot, folder: &Path, depth: usize, found: &mut FxHashSet<PathBuf>) {
    for entry in snapshot.entries(folder).iter().flat_map(|entries| entries.iter()) {
        if depth > 0 && entry.kind == EntryKind::Directory && !entry.is_link {
            let below = folder.join(&entry.name);
            add_below(snapshot, &below, depth - 1, found);
            found.insert(below);
        }
    }
}

fn tells_of_environment(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "md", "rst", "txt", "yml", "yaml", "toml", "ini", "cfg", "conf", "sh", "service", "env", "example",
        "sample", "template", "dist", "lock", "in",
    ];
    const NAMES: &[&str] = &[
        "Dockerfile",
        "Procfile",
        "Makefile",
        "README",
        "Pipfile",
        "app.json",
        "Vagrantfile",
        "Justfile",
        "justfile",
    ];
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    name.starts_with(".env")
        || name.starts_with("Dockerfile")
        || NAMES.contains(&name)
        || ENDINGS.contains(&ending)
        || name == ".flaskenv"
        || name == ".envrc"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole() {
        assert!(contains_word("export SECRET_KEY=1", "SECRET_KEY"));
        assert!(!contains_word("DJANGO_SECRET_KEY_FILE", "SECRET_KEY"));
    }
}
