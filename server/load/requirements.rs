//! The distributions that a project declares: `requirements*.txt` and `pyproject.toml`.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::environment::normalized;
use crate::workspace::{EntryKind, Snapshot};

/// The normalized names of the distributions that the project needs to run, as far as its usual files tell.
pub(super) fn declared(snapshot: &Snapshot, root: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for folder in [root.to_owned(), root.join("requirements")] {
        for entry in snapshot.entries(&folder).iter().flat_map(|entries| entries.iter()) {
            let name = entry.name.to_string_lossy();
            let listed = name.ends_with(".txt") && (name.starts_with("requirements") || folder != root);
            // Tools for development and tests are not installed on a host.
            let extra = ["dev", "test", "doc", "lint", "ci"].iter().any(|word| name.contains(word));
            if entry.kind == EntryKind::File
                && listed
                && !extra
                && let Some((source, _)) = snapshot.text(&folder.join(&entry.name))
            {
                names.extend(source.text().lines().filter_map(requirement));
            }
        }
    }
    if let Some((source, _)) = snapshot.text(&root.join("pyproject.toml")) {
        names.extend(from_pyproject(source.text()));
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// The releases that the lines of requirements pin, by the normalized names of the distributions.
pub(super) fn pinned(snapshot: &Snapshot, root: &Path) -> FxHashMap<String, String> {
    let mut pins = FxHashMap::default();
    for entry in snapshot.entries(root).iter().flat_map(|entries| entries.iter()) {
        let name = entry.name.to_string_lossy();
        if name.starts_with("requirements")
            && name.ends_with(".txt")
            && let Some((source, _)) = snapshot.text(&root.join(&entry.name))
        {
            pins.extend(source.text().lines().filter_map(|line| Some((requirement(line)?, pin(line)?))));
        }
    }
    pins
}

/// The release of `Django==1.9.1`, or of `Django~=1.9`.
fn pin(line: &str) -> Option<String> {
    let (_, release) = line.split_once("==").or_else(|| line.split_once("~="))?;
    let release: String = release.trim().chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    (!release.is_empty()).then_some(release)
}

/// The name at the start of a requirement such as `Flask[async]>=3 ; python_version > "3.8"`.
fn requirement(line: &str) -> Option<String> {
    let line = line.trim();
    if line.starts_with(['#', '-']) || line.contains("://") {
        return None;
    }
    let name: String =
        line.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect();
    (!name.is_empty()).then(|| normalized(&name))
}

fn from_pyproject(text: &str) -> Vec<String> {
    let Ok(document) = text.parse::<toml::Table>() else { return Vec::new() };
    let project = document.get("project").and_then(|project| project.get("dependencies"));
    let listed = project.and_then(toml::Value::as_array).into_iter().flatten();
    let mut names: Vec<String> = listed.filter_map(|one| requirement(one.as_str()?)).collect();
    let poetry = document
        .get("tool")
        .and_then(|tool| tool.get("poetry"))
        .and_then(|poetry| poetry.get("dependencies"));
    let keys = poetry.and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys);
    names.extend(keys.filter(|name| *name != "python").map(|name| normalized(name)));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_off_requirements() {
        assert_eq!(requirement("Flask_SQLAlchemy[x]>=3 ; y"), Some("flask-sqlalchemy".to_owned()));
        assert_eq!(pin("Django ==1.9.1 # old").as_deref(), Some("1.9.1"));
        assert_eq!((pin("Django>=1.9"), pin("Django")), (None, None));
        assert_eq!(requirement("# a comment"), None);
        assert_eq!(requirement("-r base.txt"), None);
        let text = "[project]\ndependencies = ['flask>=3', 'a.b']\n[tool.poetry.dependencies]\npython = '^3'\nX = '1'\n";
        assert_eq!(from_pyproject(text), ["flask", "a-b", "x"]);
    }
}
