//! Which modules the standard library has, by version of Python.

use std::sync::LazyLock;

use ruff_python_ast::PythonVersion;
use rustc_hash::FxHashMap;

/// Where a module stands in one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is there.
    Present,
    /// It was there until, but not in, this version.
    Removed(PythonVersion),
    /// It comes with this version.
    NotYet(PythonVersion),
}

#[derive(Debug, Default)]
struct Lifetime {
    since: Option<PythonVersion>,
    until: Option<PythonVersion>,
}

static MODULES: LazyLock<FxHashMap<&'static str, Lifetime>> = LazyLock::new(|| {
    let lines = include_str!("stdlib.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next()?;
            let mut lifetime = Lifetime::default();
            while let (Some(word), Some(version)) = (words.next(), words.next()) {
                let version = version.parse().ok();
                match word {
                    "since" => lifetime.since = version,
                    _ => lifetime.until = version,
                }
            }
            Some((name, lifetime))
        })
        .collect()
});

/// Where a top-level module stands in a version; `None` when it never was in the standard library.
pub fn standing(module: &str, version: PythonVersion) -> Option<Standing> {
    let lifetime = MODULES.get(module)?;
    if let Some(until) = lifetime.until.filter(|until| version >= *until) {
        return Some(Standing::Removed(until));
    }
    if let Some(since) = lifetime.since.filter(|since| version < *since) {
        return Some(Standing::NotYet(since));
    }
    Some(Standing::Present)
}

/// The names of all modules that the version has.
pub fn names(version: PythonVersion) -> impl Iterator<Item = &'static str> {
    MODULES.keys().copied().filter(move |name| standing(name, version) == Some(Standing::Present))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_come_and_go() {
        assert_eq!(standing("json", PythonVersion::PY311), Some(Standing::Present));
        assert_eq!(standing("imp", PythonVersion::PY312), Some(Standing::Removed(PythonVersion::PY312)));
        assert_eq!(standing("imp", PythonVersion::PY311), Some(Standing::Present));
        assert_eq!(standing("tomllib", PythonVersion::PY310), Some(Standing::NotYet(PythonVersion::PY311)));
        assert_eq!(standing("flask", PythonVersion::PY311), None);
    }
}
