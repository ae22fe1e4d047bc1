//! Between the protocol's types and ours.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use tower_lsp_server::ls_types::{self as proto, DiagnosticSeverity, PositionEncodingKind, Uri};

use crate::rules::Severity;
use crate::text::{self, Encoding, Source, TextRange, TextSize, positions_of};
use crate::workspace::normalize;

/// What VS Code leaves as it is in the path of a URI.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The file that a URI names, absolute and normalized; `None` when it names no file of this machine.
pub fn path_of(uri: &Uri) -> Option<PathBuf> {
    if !uri.scheme().as_str().eq_ignore_ascii_case("file") {
        return None;
    }
    let host = uri.authority().map_or("", |authority| authority.host());
    let path = uri.path().as_str();
    let local = host.is_empty() || host.eq_ignore_ascii_case("localhost");
    let path = native_path(if local { "" } else { host }, path)?;
    path.is_absolute().then(|| normalize(&path))
}

#[cfg(unix)]
fn native_path(host: &str, path: &str) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let bytes: Vec<u8> = percent_decode_str(path).collect();
    (host.is_empty() && !bytes.contains(&0)).then(|| PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

#[cfg(not(unix))]
fn native_path(host: &str, path: &str) -> Option<PathBuf> {
    let path = percent_decode_str(path).decode_utf8().ok()?;
    if !host.is_empty() {
        return Some(PathBuf::from(format!("//{host}{path}")));
    }
    // `/c:/site`; the drive's letter is the same in either case, and paths are compared as text.
    let mut path = path.strip_prefix('/')?.to_owned();
    path.get_mut(..1)?.make_ascii_uppercase();
    Some(PathBuf::from(path))
}

/// The URI of a file, spelled as VS Code spells it; `path` is absolute.
pub fn uri_of(path: &Path) -> Option<Uri> {
    Uri::from_str(&format!("file://{}", percent_encode(&uri_bytes(path), PATH))).ok()
}

#[cfg(unix)]
fn uri_bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(not(unix))]
fn uri_bytes(path: &Path) -> Vec<u8> {
    let mut path = path.to_string_lossy().replace('\\', "/");
    if let Some(drive) = path.get_mut(..1) {
        drive.make_ascii_lowercase();
    }
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("{slash}{path}").into_bytes()
}

/// The first of the client's encodings that we know, which is all of them that the protocol names; UTF-16 when it offers none.
pub fn negotiate(offered: Option<&[PositionEncodingKind]>) -> Encoding {
    offered.unwrap_or_default().iter().find_map(encoding_named).unwrap_or_default()
}

fn encoding_named(kind: &PositionEncodingKind) -> Option<Encoding> {
    match kind.as_str() {
        "utf-8" => Some(Encoding::Utf8),
        "utf-16" => Some(Encoding::Utf16),
        "utf-32" => Some(Encoding::Utf32),
        _ => None,
    }
}

/// The protocol's name of an encoding.
pub fn encoding_kind(encoding: Encoding) -> PositionEncodingKind {
    match encoding {
        Encoding::Utf8 => PositionEncodingKind::UTF8,
        Encoding::Utf16 => PositionEncodingKind::UTF16,
        Encoding::Utf32 => PositionEncodingKind::UTF32,
    }
}

/// A position that the client sent.
pub fn position(position: proto::Position) -> text::Position {
    text::Position { line: position.line, character: position.character }
}

/// A range (bytes) of a text in the client's encoding.
pub fn range(source: &Source, range: TextRange, encoding: Encoding) -> proto::Range {
    let (start, end) = positions_of(source, range, encoding);
    let at = |place: text::Position| proto::Position::new(place.line, place.character);
    proto::Range::new(at(start), at(end))
}

/// Edits (bytes, in order of position) of one text in the client's encoding.
///
/// What is added behind the last line goes before its line end, and what fills an empty text reaches beyond it: the outcome is the
/// same, but Neovim would leave an empty line at the end otherwise.
pub fn text_edits<'a>(
    source: &Source,
    edits: impl IntoIterator<Item = &'a text::TextEdit>,
    encoding: Encoding,
) -> Vec<proto::TextEdit> {
    let mut edits: Vec<text::TextEdit> = edits.into_iter().cloned().collect();
    let text = source.text();
    if let Some((last, others)) = edits.split_last_mut()
        && let Some(line_end) = ["\r\n", "\n"].into_iter().find(|end| text.ends_with(end))
        && last.range.is_empty()
        && last.range.start().to_usize() == text.len()
        && let Some(added) = last.new_text.strip_suffix(line_end)
    {
        let before = last.range.start() - TextSize::of(line_end);
        if others.iter().all(|other| other.range.end() < before) {
            *last = text::TextEdit::replace(TextRange::empty(before), format!("{line_end}{added}"));
        }
    }
    let edits = edits.into_iter().map(|edit| proto::TextEdit {
        range: match text.is_empty() {
            true => proto::Range::new(proto::Position::new(0, 0), proto::Position::new(1, 0)),
            false => range(source, edit.range, encoding),
        },
        new_text: edit.new_text,
    });
    edits.collect()
}

/// Whether two ranges share a place; their ends belong to them, so that a cursor behind the last character counts.
pub fn touches(one: proto::Range, other: proto::Range) -> bool {
    one.start <= other.end && other.start <= one.end
}

/// The protocol's severity.
pub fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Information => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use super::*;

    #[test]
    #[cfg(unix)]
    fn files_have_the_uris_that_editors_give_them() {
        for (path, uri) in [
            ("/home/jane/mysite/app.py", "file:///home/jane/mysite/app.py"),
            ("/a b/\u{e9}[1]{2}.py", "file:///a%20b/%C3%A9%5B1%5D%7B2%7D.py"),
            ("/c:/100%~-_.py", "file:///c%3A/100%25~-_.py"),
        ] {
            let made = uri_of(Path::new(path)).expect("a URI");
            assert_eq!(made.as_str(), uri);
            assert_eq!(path_of(&made).as_deref(), Some(Path::new(path)));
        }
    }

    #[test]
    #[cfg(unix)]
    fn only_files_of_this_machine_have_paths() {
        let path = |uri: &str| path_of(&Uri::from_str(uri).expect("a URI"));
        assert_eq!(path("file://localhost/a/../b.py"), Some(PathBuf::from("/b.py")));
        assert_eq!(path("FILE:///a.py"), Some(PathBuf::from("/a.py")));
        for other in
            ["untitled:Untitled-1", "file://server/a.py", "vscode-notebook-cell:/a.py#x", "file:///a%00.py"]
        {
            assert_eq!(path(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_added_at_the_end_leaves_no_empty_line() {
        let at = |place: u32| TextRange::empty(TextSize::from(place));
        let first = |text: &str, edits: &[(TextRange, &str)]| {
            let edits: Vec<_> =
                edits.iter().map(|(range, new)| text::TextEdit::replace(*range, *new)).collect();
            let edit = text_edits(&Source::new(text), &edits, Encoding::Utf8).pop().expect("an edit");
            let (start, end) = (edit.range.start, edit.range.end);
            ((start.line, start.character), (end.line, end.character), edit.new_text)
        };
        let before_the_end = ((0, 1), (0, 1), "\ny".to_owned());
        assert_eq!(first("x\n", &[(at(2), "y\n")]), before_the_end);
        assert_eq!(first("x\r\n", &[(at(3), "y\r\n")]), ((0, 1), (0, 1), "\r\ny".to_owned()));
        assert_eq!(first("", &[(at(0), "y\n")]), ((0, 0), (1, 0), "y\n".to_owned()));
        // As they stand: no line end, and another edit there.
        assert_eq!(first("x", &[(at(1), "\ny\n")]), ((0, 1), (0, 1), "\ny\n".to_owned()));
        let all = TextRange::new(TextSize::from(0), TextSize::from(2));
        assert_eq!(first("x\n", &[(all, ""), (at(2), "y\n")]), ((1, 0), (1, 0), "y\n".to_owned()));
    }

    #[test]
    fn the_clients_first_choice_counts() {
        let kind = |name: &'static str| PositionEncodingKind::new(name);
        assert_eq!(negotiate(None), Encoding::Utf16);
        assert_eq!(negotiate(Some(&[kind("utf-7"), kind("utf-32"), kind("utf-8")])), Encoding::Utf32);
        assert_eq!(negotiate(Some(&[kind("utf-7")])), Encoding::Utf16);
    }
}
