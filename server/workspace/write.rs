//! Writing a changed file: all of it or nothing, in its own encoding, with its own permissions.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::text::Source;

/// Why a file was not written. It is as it was.
#[derive(Debug)]
pub enum WriteError {
    /// The file lies, links followed, outside of the folder that may be changed.
    Outside(PathBuf),
    /// Its text is no longer the one that the change was made for.
    Changed(PathBuf),
    /// Its encoding cannot express the new text.
    Encoding(PathBuf),
    /// The disk refuses.
    Io(PathBuf, io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside(path) => {
                write!(f, "{} lies outside of the checked folder and is left as it is", path.display())
            }
            Self::Changed(path) => {
                write!(f, "{} has changed in the meantime and is left as it is", path.display())
            }
            Self::Encoding(path) => {
                write!(f, "{} cannot be written in its own encoding and is left as it is", path.display())
            }
            Self::Io(path, error) => write!(f, "{} cannot be written: {error}", path.display()),
        }
    }
}

impl std::error::Error for WriteError {}

/// Replaces the text of a Python file below `root`, if it still is `before`, by `after`. A link stays a link: the file
/// that it leads to is written.
///
/// # Errors
/// When the file lies outside of `root`, has another text by now, cannot express the new one, or cannot be written.
pub fn write_text(root: &Path, path: &Path, before: &str, after: &str) -> Result<(), WriteError> {
    let io = |error| WriteError::Io(path.to_owned(), error);
    let target = fs::canonicalize(path).map_err(io)?;
    if !target.starts_with(fs::canonicalize(root).map_err(io)?) {
        return Err(WriteError::Outside(path.to_owned()));
    }
    let bytes = fs::read(&target).map_err(io)?;
    let (source, error) = Source::decode_python(&bytes);
    if error.is_some() || source.text() != before {
        return Err(WriteError::Changed(path.to_owned()));
    }
    let encoded =
        Source::encode_python_like(&bytes, after).ok_or_else(|| WriteError::Encoding(path.to_owned()))?;
    replace(&target, &encoded).map_err(io)
}

/// Writes a file that the user named, new or in place of an old one.
///
/// # Errors
/// When it cannot be written.
pub fn write_file(path: &Path, text: &str) -> Result<(), WriteError> {
    let io = |error| WriteError::Io(path.to_owned(), error);
    match fs::canonicalize(path) {
        Ok(target) => replace(&target, text.as_bytes()).map_err(io),
        Err(_) => fs::write(path, text).map_err(io),
    }
}

/// Writes beside the file and renames, so that nobody ever sees half a file.
fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let permissions = fs::metadata(target)?.permissions();
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = target.with_file_name(name);
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
        file.write_all(bytes)?;
        file.set_permissions(permissions)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, target)
    };
    let written = write();
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_file_keeps_its_form_and_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wsgi.py");
        fs::write(&path, b"\xef\xbb\xbfx = 1\r\n").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions.clone()).unwrap();
        write_text(folder.path(), &path, "x = 1\r\n", "x = 2\r\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"\xef\xbb\xbfx = 2\r\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions(), permissions);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file stays");
    }

    #[test]
    fn what_cannot_be_written_rightly_is_left_as_it_is() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = folder.path().join("wsgi.py");
        let latin = b"# coding: latin-1\nx = '\xe9'\n";
        fs::write(&path, latin).unwrap();
        let text = "# coding: latin-1\nx = '\u{e9}'\n";
        let refused = |root: &Path, before: &str, after: &str| {
            let error = write_text(root, &path, before, after).unwrap_err();
            assert_eq!(fs::read(&path).unwrap(), latin);
            error
        };
        assert!(matches!(refused(folder.path(), "x = 0\n", text), WriteError::Changed(_)));
        assert!(matches!(
            refused(folder.path(), text, "# coding: latin-1\nx = '\u{4e16}'\n"),
            WriteError::Encoding(_)
        ));
        assert!(matches!(refused(other.path(), text, "# coding: latin-1\nx = ''\n"), WriteError::Outside(_)));
        let gone = write_text(folder.path(), &folder.path().join("gone.py"), "", "x").unwrap_err();
        assert!(matches!(gone, WriteError::Io(..)));
    }
}
