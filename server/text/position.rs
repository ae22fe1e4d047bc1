//! Positions as editors count them: lines and characters from 0, in the encoding that both sides agreed upon.

use super::{Source, TextRange, TextSize};

/// What one step of a position's character is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// One byte of UTF-8.
    Utf8,
    /// One 16-bit unit of UTF-16: what editors count that offer no choice.
    #[default]
    Utf16,
    /// One Unicode scalar value.
    Utf32,
}

impl Encoding {
    /// How many steps of this encoding a text is long.
    pub fn len(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }

    /// How many steps of this encoding a character is long.
    fn char_len(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A place in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, counted from 0. `\n`, `\r\n` and `\r` end a line.
    pub line: u32,
    /// The steps of the encoding before it on its line, counted from 0.
    pub character: u32,
}

/// The position of an offset (bytes). An offset inside a character is its start, one inside a line end is the line's last
/// position, one past the end is the end.
pub fn position_of(source: &Source, offset: TextSize, encoding: Encoding) -> Position {
    let line = source.line(offset);
    let range = source.line_range(line);
    let text = source.slice(range);
    let mut inside = offset.to_usize().saturating_sub(range.start().to_usize()).min(text.len());
    while !text.is_char_boundary(inside) {
        inside -= 1;
    }
    let character = encoding.len(text.get(..inside).unwrap_or(text));
    Position { line: to_u32(line.saturating_sub(1)), character: to_u32(character) }
}

/// The positions of both ends of a range (bytes).
pub fn positions_of(source: &Source, range: TextRange, encoding: Encoding) -> (Position, Position) {
    (position_of(source, range.start(), encoding), position_of(source, range.end(), encoding))
}

/// The offset (bytes) of a position. A position past the end of its line is the line's end, a line past the last one is the
/// end of the text, and a position inside a character is the character's start.
pub fn offset_of(source: &Source, position: Position, encoding: Encoding) -> TextSize {
    let line = usize::try_from(position.line).unwrap_or(usize::MAX).saturating_add(1);
    let range = source.line_range(line);
    let mut left = usize::try_from(position.character).unwrap_or(usize::MAX);
    let mut offset = range.start();
    for character in source.slice(range).chars() {
        let length = encoding.char_len(character);
        if length > left {
            break;
        }
        left -= length;
        offset += TextSize::of(character);
    }
    offset
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    #[test]
    fn each_encoding_counts_its_own_steps() {
        let source = Source::new("a\u{e9}\u{1f600}b\r\nc\rd");
        let at = |encoding| position_of(&source, TextSize::new(7), encoding);
        assert_eq!(at(Encoding::Utf8), Position { line: 0, character: 7 });
        assert_eq!(at(Encoding::Utf16), Position { line: 0, character: 4 });
        assert_eq!(at(Encoding::Utf32), Position { line: 0, character: 3 });
        assert_eq!(
            position_of(&source, TextSize::new(12), Encoding::Utf16),
            Position { line: 2, character: 0 }
        );
    }

    #[test]
    fn every_offset_comes_back() {
        let text = "x = 'h\u{e9}llo'  # \u{1f600}\r\n\n\ty\r\u{10ffff}z";
        let source = Source::new(text);
        for encoding in ALL {
            for (offset, _) in text.char_indices().filter(|(at, _)| !text[..*at].ends_with('\r')) {
                let offset = TextSize::try_from(offset).unwrap_or_default();
                let back = offset_of(&source, position_of(&source, offset, encoding), encoding);
                assert_eq!(back, offset, "{encoding:?}");
            }
        }
    }

    #[test]
    fn positions_outside_the_text_are_clamped() {
        let source = Source::new("a\u{1f600}b\r\ncd");
        let at = |line, character| offset_of(&source, Position { line, character }, Encoding::Utf16).to_u32();
        assert_eq!((at(0, 5), at(0, 99), at(1, 99), at(7, 0), at(u32::MAX, u32::MAX)), (6, 6, 10, 10, 10));
        assert_eq!(at(0, 2), 1, "the middle of a surrogate pair is its start");
        assert_eq!(
            position_of(&source, TextSize::new(7), Encoding::Utf16),
            Position { line: 0, character: 4 },
            "between CR and LF is the end of the line"
        );
    }
}
