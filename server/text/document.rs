//! An open buffer, kept up to date by the edits that an editor sends.

use ropey::Rope;

use super::position::{Encoding, Position};
use super::{TextRange, TextSize};

/// The text of an open buffer. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub struct Document {
    rope: Rope,
}

/// One edit as an editor sends it.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The range that goes away, start first; `None` when the new text replaces everything.
    pub range: Option<(Position, Position)>,
    /// What comes in its place.
    pub text: &'a str,
}

impl Document {
    /// A buffer that holds this text.
    pub fn new(text: &str) -> Self {
        Self { rope: Rope::from_str(text) }
    }

    /// Applies one change; returns `false`, and changes nothing, when its range ends before it starts.
    ///
    /// A position past the end of its line is the line's end, a line past the last one is the end of the text, and a
    /// position inside a character is the character's start.
    pub fn apply(&mut self, change: Change<'_>, encoding: Encoding) -> bool {
        let Some((start, end)) = change.range else {
            self.rope = Rope::from_str(change.text);
            return true;
        };
        let (start, end) = (self.char_at(start, encoding), self.char_at(end, encoding));
        if start > end || self.rope.try_remove(start..end).is_err() {
            return false;
        }
        self.rope.try_insert(start, change.text).is_ok()
    }

    /// The dotted name (bytes) inside or behind which a change ended that this document has just applied: blanks may follow
    /// it, as in `name =`. `None` when the change brought anything but a part of a name, as a pasted line does.
    pub fn typed_word(&self, change: Change<'_>, encoding: Encoding) -> Option<TextRange> {
        let in_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let blank = |c: char| c == ' ' || c == '\t';
        let (start, _) = change.range.filter(|_| change.text.chars().all(|c| in_word(c) || blank(c)))?;
        let caret = self.char_at(start, encoding) + change.text.chars().count();
        let count_before = |at: usize, wanted: &dyn Fn(char) -> bool| {
            let mut before = self.rope.get_chars_at(at)?;
            Some(std::iter::from_fn(|| before.prev()).take_while(|c| wanted(*c)).count())
        };
        let caret = caret - count_before(caret, &blank)?;
        let left = count_before(caret, &in_word)?;
        let right = self.rope.get_chars_at(caret)?.take_while(|c| in_word(*c)).count();
        let byte = |at: usize| TextSize::try_from(self.rope.char_to_byte(at)).ok();
        Some(TextRange::new(byte(caret - left)?, byte(caret + right)?)).filter(|_| left > 0)
    }

    /// The whole text.
    pub fn text(&self) -> String {
        self.rope.to_string()
    }

    /// The index of the character at a position, clamped into the text.
    fn char_at(&self, position: Position, encoding: Encoding) -> usize {
        let rope = &self.rope;
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        if line >= rope.len_lines() {
            return rope.len_chars();
        }
        let start = rope.line_to_char(line);
        let end = start + content_chars(rope, line);
        let steps = usize::try_from(position.character).unwrap_or(usize::MAX);
        let at = match encoding {
            Encoding::Utf8 => rope.try_byte_to_char(rope.char_to_byte(start).saturating_add(steps)),
            Encoding::Utf16 => rope.try_utf16_cu_to_char(rope.char_to_utf16_cu(start).saturating_add(steps)),
            Encoding::Utf32 => Ok(start.saturating_add(steps)),
        };
        at.map_or(end, |at| at.min(end))
    }
}

/// The number of characters of a line without its line end.
fn content_chars(rope: &Rope, line: usize) -> usize {
    let line = rope.line(line);
    let count = line.len_chars();
    let last = count.checked_sub(1).map(|at| line.char(at));
    let before = count.checked_sub(2).map(|at| line.char(at));
    match (before, last) {
        (Some('\r'), Some('\n')) => count - 2,
        (_, Some('\n' | '\r')) => count - 1,
        _ => count,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Source;
    use super::super::position::offset_of;
    use super::*;

    /// The same edit on a `String`, by the conversions of [`Source`].
    fn model(text: &mut String, start: Position, end: Position, new: &str, encoding: Encoding) -> bool {
        let source = Source::new(text.as_str());
        let offset = |at| offset_of(&source, at, encoding).to_usize();
        let (start, end) = (offset(start), offset(end));
        if start > end {
            return false;
        }
        text.replace_range(start..end, new);
        true
    }

    /// The word that is typed when `new` takes the place of `old` characters at the `|` of an ASCII line.
    fn typed(line: &str, old: u32, new: &str) -> Option<String> {
        let column = u32::try_from(line.find('|')?).ok()?;
        let at = |character| Position { line: 1, character };
        let mut document = Document::new(&format!("\u{e9}\n{}\n", line.replacen('|', "", 1)));
        let change = Change { range: Some((at(column), at(column + old))), text: new };
        assert!(document.apply(change, Encoding::Utf16));
        let word = document.typed_word(change, Encoding::Utf16)?;
        document.text().get(word.start().to_usize()..word.end().to_usize()).map(str::to_owned)
    }

    #[test]
    fn the_word_that_is_typed_is_the_one_around_or_before_the_edit() {
        for (line, old, new, word) in [
            ("import os.pat|", 0, "h", Some("os.path")),
            ("import s|s", 0, "y", Some("sys")),
            ("app |", 1, "", Some("app")),
            ("app|", 0, " ", Some("app")),
            ("ap|p = x", 1, "", Some("ap")),
            ("f|", 0, "(", None),
            ("x = |f", 0, "\"", None),
            ("|", 0, "    ", None),
            ("a|", 0, "b\n", None),
        ] {
            assert_eq!(typed(line, old, new).as_deref(), word, "{line} {new:?}");
        }
        assert_eq!(Document::new("x").typed_word(Change { range: None, text: "x" }, Encoding::Utf8), None);
    }

    fn position() -> impl Strategy<Value = Position> {
        let line = prop_oneof![8 => 0u32..8, 1 => Just(u32::MAX)];
        let character = prop_oneof![8 => 0u32..12, 1 => Just(u32::MAX)];
        (line, character).prop_map(|(line, character)| Position { line, character })
    }

    fn text() -> impl Strategy<Value = String> {
        // Line ends of every kind, also some that are none in the protocol, and characters of one to four bytes.
        let piece = prop::sample::select(vec![
            "a",
            "(",
            "\n",
            "\r\n",
            "\r",
            "\u{e9}",
            "\u{4e2d}",
            "\u{1f600}",
            "\t",
            "\u{c}",
            "\u{2028}",
            "\u{85}",
            "x = 1",
        ]);
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn incremental_edits_equal_the_full_text(
            first in text(),
            edits in prop::collection::vec((position(), position(), text()), 1..24),
            encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Utf16, Encoding::Utf32]),
        ) {
            let mut expected = first.clone();
            let mut document = Document::new(&first);
            for (start, end, new) in &edits {
                let change = Change { range: Some((*start, *end)), text: new };
                let applied = document.apply(change, encoding);
                prop_assert_eq!(applied, model(&mut expected, *start, *end, new, encoding));
                prop_assert_eq!(&document.text(), &expected);
            }
            let mut full = Document::default();
            let replaced = full.apply(Change { range: None, text: &expected }, encoding);
            prop_assert!(replaced);
            prop_assert_eq!(full.text(), document.text());
        }
    }

    #[test]
    fn an_inverted_range_changes_nothing() {
        let mut document = Document::new("abc\ndef\n");
        let at = |line, character| Position { line, character };
        let change = Change { range: Some((at(1, 2), at(0, 1))), text: "X" };
        assert!(!document.apply(change, Encoding::Utf16));
        assert_eq!(document.text(), "abc\ndef\n");
    }
}
