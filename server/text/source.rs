//! One decoded text with its line index.

use std::fmt;
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8};
use ruff_source_file::LineIndex;

use super::{TextRange, TextSize};

/// What some editors put before a UTF-8 text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A text that never changes, together with the offsets of its lines.
///
/// Cloning is cheap: both parts are shared. Offsets are UTF-8 bytes from the start of the *decoded* text; a byte order
/// mark is not part of it.
#[derive(Clone)]
pub struct Source {
    text: Arc<str>,
    index: LineIndex,
}

/// A place for people: both numbers count from 1, the column in characters (Unicode scalar values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, counted from 1. `\n`, `\r\n` and `\r` end a line, as in the language server protocol.
    pub line: usize,
    /// The column, counted from 1, in characters.
    pub column: usize,
}

/// Why the bytes of a file are no text, in the words that Python would use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The coding line names an encoding that Python does not know.
    UnknownEncoding(String),
    /// Some bytes are not valid in the file's encoding.
    Malformed {
        /// The encoding that was tried, by the name that Python gives it.
        encoding: String,
        /// The 1-based line of the first bad byte.
        line: usize,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownEncoding(name) => write!(f, "unknown encoding: {name}"),
            Self::Malformed { encoding, line } => {
                write!(f, "line {line} holds bytes that are not valid {encoding}")
            }
        }
    }
}

impl Source {
    /// Takes a text as it is.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let index = LineIndex::from_source_text(&text);
        Self { text, index }
    }

    /// Decodes the bytes of a Python file as Python does: a UTF-8 byte order mark, else the coding line of PEP 263 in the
    /// first two lines, else UTF-8.
    ///
    /// Bad bytes are replaced, so there is always a text to show; the error says what Python would refuse.
    pub fn decode_python(bytes: &[u8]) -> (Self, Option<DecodeError>) {
        let Some(name) = coding_cookie(bytes) else {
            return Self::decode_utf8(bytes);
        };
        match encoding_named(&name) {
            Some(encoding) if encoding == UTF_8 => Self::decode_utf8(bytes),
            Some(encoding) => {
                let (text, bad) = encoding.decode_without_bom_handling(bytes);
                let error = bad.then_some(DecodeError::Malformed { encoding: name, line: 1 });
                (Self::new(text), error)
            }
            // Python reads it and we cannot; its ASCII part is what matters here.
            None if is_python_codec(&name) => {
                let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
                (Self::new(text), None)
            }
            None => (Self::decode_utf8(bytes).0, Some(DecodeError::UnknownEncoding(name))),
        }
    }

    /// The bytes of `text` in the encoding of the Python file that `original` was, with its byte order mark if it had one;
    /// `None` when the encoding cannot express the text or is not known.
    pub fn encode_python_like(original: &[u8], text: &str) -> Option<Vec<u8>> {
        let encoded = match coding_cookie(original).map(|name| encoding_named(&name)) {
            Some(None) => return None,
            Some(Some(encoding)) if encoding != UTF_8 => encoding.encode(text).0.into_owned(),
            _ if original.starts_with(BYTE_ORDER_MARK) => [BYTE_ORDER_MARK, text.as_bytes()].concat(),
            _ => text.as_bytes().to_vec(),
        };
        // What was encoded must read back as the same text: neither a replacement nor a changed coding line may slip in.
        let (read_back, error) = Self::decode_python(&encoded);
        (error.is_none() && read_back.text() == text).then_some(encoded)
    }

    /// Decodes UTF-8, with or without a byte order mark.
    pub fn decode_utf8(bytes: &[u8]) -> (Self, Option<DecodeError>) {
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => (Self::new(text), None),
            Err(error) => {
                let line = 1 + bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count();
                let text = String::from_utf8_lossy(bytes);
                (Self::new(text), Some(DecodeError::Malformed { encoding: "utf-8".to_owned(), line }))
            }
        }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a range; empty when the range does not fit this text.
    pub fn slice(&self, range: TextRange) -> &str {
        self.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or("")
    }

    /// The index of the lines.
    pub fn index(&self) -> &LineIndex {
        &self.index
    }

    /// The place of an offset (bytes); one past the end is the end.
    pub fn line_column(&self, offset: TextSize) -> LineColumn {
        let offset = floor_to_char(&self.text, offset);
        let place = self.index.line_column(offset, &self.text);
        LineColumn { line: place.line.get(), column: place.column.get() }
    }

    /// The 1-based line of an offset (bytes).
    pub fn line(&self, offset: TextSize) -> usize {
        self.index.line_index(floor_to_char(&self.text, offset)).get()
    }

    /// The range of a 1-based line, without its line end; the end of the text when there is no such line.
    pub fn line_range(&self, line: usize) -> TextRange {
        let end = TextSize::of(&*self.text);
        let starts = self.index.line_starts();
        let Some(start) = line.checked_sub(1).and_then(|at| starts.get(at)).copied() else {
            return TextRange::empty(end);
        };
        let full = TextRange::new(start, starts.get(line).copied().unwrap_or(end));
        let kept = self.slice(full).trim_end_matches(['\n', '\r']);
        TextRange::at(start, TextSize::of(kept))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({} bytes)", self.text.len())
    }
}

fn floor_to_char(text: &str, offset: TextSize) -> TextSize {
    let mut at = offset.to_usize().min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    TextSize::try_from(at).unwrap_or_default()
}

/// The encoding that Python means by a name.
fn encoding_named(name: &str) -> Option<&'static Encoding> {
    let lower = name.to_ascii_lowercase().replace('_', "-");
    if lower.starts_with("utf-8-")
        || matches!(lower.as_str(), "utf" | "u8" | "utf8-ucs2" | "utf8-ucs4" | "cp65001")
    {
        return Some(UTF_8);
    }
    // The web's labels differ from Python's names for these two families.
    let label = match lower.as_str() {
        "latin-1" | "iso-latin-1" | "l1" => "iso-8859-1".to_owned(),
        other => other
            .strip_prefix("cp125")
            .map_or_else(|| other.to_owned(), |digit| format!("windows-125{digit}")),
    };
    Encoding::for_label(label.as_bytes())
}

/// Whether Python has a text encoding of this name.
fn is_python_codec(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['-', '.'], "_");
    include_str!("codecs.txt").lines().any(|known| known == name)
}

/// The encoding named by a coding line (PEP 263), which must be a comment in one of the first two lines.
fn coding_cookie(bytes: &[u8]) -> Option<String> {
    for line in bytes.split(|b| *b == b'\n').take(2) {
        let text: String = line.iter().map(|b| char::from(*b)).collect();
        let trimmed = text.trim_start_matches([' ', '\t', '\x0c']);
        if !trimmed.starts_with('#') {
            if trimmed.trim().is_empty() {
                continue;
            }
            return None;
        }
        if let Some(at) = trimmed.find("coding") {
            let rest = &trimmed[at + "coding".len()..];
            if let Some(rest) = rest.strip_prefix([':', '=']) {
                let name: String = rest
                    .trim_start_matches([' ', '\t'])
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
                    .collect();
                if !name.is_empty() {
                    return Some(name);
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_by_the_coding_line() {
        let (source, error) = Source::decode_python(b"# -*- coding: latin-1 -*-\nname = 'caf\xe9'\n");
        assert_eq!((source.slice(source.line_range(2)), error), ("name = 'caf\u{e9}'", None));
        let (_, error) = Source::decode_python(b"x = '\xe9'\n");
        assert_eq!(error, Some(DecodeError::Malformed { encoding: "utf-8".to_owned(), line: 1 }));
        let (_, error) = Source::decode_python(b"#!/usr/bin/python\n# coding: uft-8\n");
        assert_eq!(error, Some(DecodeError::UnknownEncoding("uft-8".to_owned())));
        for known in ["utf", "U8", "cp437", "mac-roman", "iso8859-15"] {
            let text = format!("# coding: {known}\nx = 1\n");
            assert_eq!(Source::decode_python(text.as_bytes()).1, None, "{known}");
        }
    }

    #[test]
    fn encodes_as_the_file_was() {
        let latin = b"# -*- coding: latin-1 -*-\nname = 'caf\xe9'\n";
        let (source, _) = Source::decode_python(latin);
        let again = |text: &str| Source::encode_python_like(latin, text);
        assert_eq!(again(source.text()).as_deref(), Some(&latin[..]));
        assert_eq!(again(&source.text().replace('\u{e9}', "\u{4e16}")), None);
        let marked = b"\xef\xbb\xbfx = 1\r\n";
        assert_eq!(Source::encode_python_like(marked, "x = 2\r\n"), Some(b"\xef\xbb\xbfx = 2\r\n".to_vec()));
    }

    #[test]
    fn places_count_characters_from_one() {
        let source = Source::new("a\u{1f600}b\r\nc");
        assert_eq!(source.line_column(TextSize::new(5)), LineColumn { line: 1, column: 3 });
        assert_eq!(source.line_column(TextSize::new(8)), LineColumn { line: 2, column: 1 });
        assert_eq!(source.line_column(TextSize::new(99)), LineColumn { line: 2, column: 2 });
    }
}
