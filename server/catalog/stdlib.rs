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

/// Modules that every interpreter has imported before it runs any code: no file can take their place.
const AT_START: &[&str] = &[
    "abc",
    "builtins",
    "codecs",
    "encodings",
    "genericpath",
    "io",
    "marshal",
    "os",
    "posix",
    "posixpath",
    "site",
    "stat",
    "sys",
    "time",
    "zipimport",
];

/// Modules that gunicorn 27.0.1 has imported before it imports the app.
const BY_GUNICORN: &[&str] = &[
    "argparse",
    "array",
    "ast",
    "atexit",
    "base64",
    "binascii",
    "bisect",
    "bz2",
    "calendar",
    "collections",
    "contextlib",
    "copy",
    "copyreg",
    "csv",
    "datetime",
    "dis",
    "email",
    "enum",
    "errno",
    "fcntl",
    "fnmatch",
    "functools",
    "gettext",
    "glob",
    "grp",
    "heapq",
    "html",
    "importlib",
    "inspect",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "math",
    "ntpath",
    "opcode",
    "operator",
    "pathlib",
    "pickle",
    "platform",
    "pwd",
    "queue",
    "quopri",
    "random",
    "re",
    "reprlib",
    "select",
    "selectors",
    "shlex",
    "shutil",
    "signal",
    "socket",
    "socketserver",
    "ssl",
    "string",
    "struct",
    "tempfile",
    "textwrap",
    "threading",
    "token",
    "tokenize",
    "traceback",
    "types",
    "typing",
    "urllib",
    "warnings",
    "weakref",
    "zipfile",
    "zlib",
];

/// Whether a module of the standard library is imported before the app is, so that a project file of its name stays unseen.
pub fn is_imported_before(module: &str, by_gunicorn: bool) -> bool {
    AT_START.contains(&module) || by_gunicorn && BY_GUNICORN.contains(&module)
}

static HELD: LazyLock<FxHashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("stdlib_names.txt").lines().filter(|line| !line.starts_with('#'));
    let words = lines.map(str::split_whitespace);
    words.filter_map(|mut words| Some((words.next()?, words.collect()))).collect()
});

/// The newest version of Python whose names are known.
const NEWEST_NAMES: PythonVersion = PythonVersion::PY314;

/// The names that a module or class of the standard library holds in any version that is still in use, without those that begin
/// with an underscore; `None` where they are not known.
pub fn held(path: &str, version: PythonVersion) -> Option<&'static [&'static str]> {
    HELD.get(path).filter(|_| version <= NEWEST_NAMES).map(Vec::as_slice)
}

static NEEDED: LazyLock<FxHashMap<&'static str, Vec<(&'static str, &'static str)>>> = LazyLock::new(|| {
    let mut needed: FxHashMap<_, Vec<_>> = FxHashMap::default();
    for line in include_str!("stdlib_needed.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        if let (Some(library), Some(module), Some(name)) = (words.next(), words.next(), words.next()) {
            needed.entry(library).or_default().push((module, name));
        }
    }
    needed
});

/// The modules of the standard library that an import of a library needs, each with a name that it needs of it.
pub fn needed_by(library: &str) -> &'static [(&'static str, &'static str)] {
    NEEDED.get(library).map_or(&[], Vec::as_slice)
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
