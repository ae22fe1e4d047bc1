//! One word of a command line or directive, with the place of every character.

use std::ops::Range;

use compact_str::CompactString;

use super::Spelled;
use super::spelled::span;
use crate::text::{Source, TextRange, TextSize};

/// One word of a command line, quotes removed. Expansions such as `$PORT` stay in the text as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// The text.
    pub text: CompactString,
    /// Where it stands (bytes), with its quotes.
    pub range: TextRange,
    /// What a shell replaces: the name of a variable (empty for a command or a calculation), and where in `text`.
    pub expansions: Vec<(String, Range<usize>)>,
    places: Places,
}

/// Where each byte of a word's text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Places {
    /// The text is written as it reads, from this place (bytes) on. Nearly all words are.
    Verbatim(TextSize),
    /// The place of each byte.
    Each(Vec<TextRange>),
}

impl Default for Places {
    fn default() -> Self {
        Self::Verbatim(TextSize::default())
    }
}

impl Word {
    /// A word that is written as it reads; nothing in it is expanded.
    pub fn verbatim(source: &Source, range: TextRange) -> Self {
        let (text, places) = (source.slice(range).into(), Places::Verbatim(range.start()));
        Self { text, range, places, ..Self::default() }
    }

    /// A word without a character yet, which begins there.
    pub(super) fn starting(at: TextSize) -> Self {
        Self { range: TextRange::empty(at), ..Self::default() }
    }

    /// A word that is a text of its own, such as one of a JSON list; nothing in it is expanded.
    pub fn literal(spelled: &Spelled) -> Option<Self> {
        let range = spelled.spanned()?.range;
        let mut word = Self { range, ..Self::default() };
        for (char, at) in spelled.chars() {
            word.push(*char, *at);
        }
        Some(word)
    }

    /// Whether nothing of it has to be replaced before it is known.
    pub fn is_known(&self) -> bool {
        self.expansions.is_empty()
    }

    /// The place in the file of a part of the text (bytes of it).
    pub fn part(&self, part: Range<usize>) -> TextRange {
        match (self.place(part.start), self.place(part.end.saturating_sub(1))) {
            (Some(first), Some(last)) if part.start < part.end => {
                span(first.start(), last.end().max(first.end()))
            }
            (Some(first), _) => TextRange::empty(first.start()),
            _ => {
                let last = self.text.len().checked_sub(1).and_then(|last| self.place(last));
                TextRange::empty(last.map_or(self.range.end(), |last| last.end()))
            }
        }
    }

    /// Where a byte of the text stands.
    fn place(&self, byte: usize) -> Option<TextRange> {
        match &self.places {
            Places::Verbatim(start) => {
                let at = TextSize::try_from(byte).ok().filter(|_| byte < self.text.len())?;
                Some(TextRange::at(*start + at, TextSize::new(1)))
            }
            Places::Each(places) => places.get(byte).copied(),
        }
    }

    /// The word's own characters, for a shell that is given it as a script.
    pub fn spelled(&self) -> Spelled {
        self.text.char_indices().map(|(at, char)| (char, self.part(at..at + char.len_utf8()))).collect()
    }

    /// The rest of the word behind so many bytes of its text, as a word.
    pub fn after(&self, bytes: usize) -> Self {
        let bytes = bytes.min(self.text.len());
        let places = match &self.places {
            Places::Verbatim(start) => Places::Verbatim(*start + TextSize::of(&self.text[..bytes])),
            Places::Each(places) => Places::Each(places[bytes..].to_vec()),
        };
        let range = self.part(bytes..self.text.len());
        let expansions = self.expansions.iter().filter(|(_, at)| at.start >= bytes);
        let expansions =
            expansions.map(|(name, at)| (name.clone(), at.start - bytes..at.end - bytes)).collect();
        Self { text: self.text.get(bytes..).unwrap_or_default().into(), range, expansions, places }
    }

    /// Adds a character that stands there (bytes).
    pub(super) fn push(&mut self, char: char, at: TextRange) {
        if self.text.is_empty() {
            self.places = Places::Verbatim(at.start());
        }
        let as_written = |start: TextSize| {
            at.start() == start + TextSize::of(self.text.as_str()) && at.len() == TextSize::of(char)
        };
        if let Places::Verbatim(start) = self.places
            && !as_written(start)
        {
            let known = (0..self.text.len()).filter_map(|byte| self.place(byte)).collect();
            self.places = Places::Each(known);
        }
        self.text.push(char);
        if let Places::Each(places) = &mut self.places {
            places.extend(std::iter::repeat_n(at, char.len_utf8()));
        }
    }
}
