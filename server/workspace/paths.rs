//! Paths, compared as text: no link is followed, so the same text always means the same file.

use std::path::{Component, Path, PathBuf};

/// The path without `.` and `..`, both resolved as text, as `os.path.normpath` does.
pub fn normalize(path: &Path) -> PathBuf {
    if is_plain(path) {
        return path.to_owned();
    }
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                if !out.pop() && !out.has_root() {
                    out.push("..");
                }
            }
            other => out.push(other),
        }
    }
    if out.as_os_str().is_empty() { PathBuf::from(".") } else { out }
}

/// Whether a path is normal for sure, which nearly all are: every part of it is a name, and one separator stands between two.
fn is_plain(path: &Path) -> bool {
    let bytes = path.as_os_str().as_encoded_bytes();
    let odd = |at: usize| matches!(bytes[at + 1..], [] | [b'/', ..] | [b'.'] | [b'.', b'/' | b'.', ..]);
    std::path::MAIN_SEPARATOR == '/'
        && !matches!(bytes, [] | [b'.', ..])
        && (bytes == b"/" || !memchr::memchr_iter(b'/', bytes).any(odd))
}

/// The virtual environment that is active where we run: the variable `VIRTUAL_ENV`.
pub fn active_virtualenv() -> Option<PathBuf> {
    std::env::var_os("VIRTUAL_ENV").filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Whether a program of that name lies in a folder of the variable `PATH`. It is not started.
pub fn is_installed(program: &str) -> bool {
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(&name).is_file())
}

/// The path below `root` with forward slashes; the whole path when it is not below it.
pub fn relative_slash(path: &Path, root: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    let text = inner.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace('\\', "/") }
}
