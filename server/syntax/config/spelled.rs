//! Pieces of a configuration file with their places, also where the file spells them with quotes and escapes.

use compact_str::CompactString;

use crate::text::{Source, TextRange, TextSize};

/// What a piece of a file says, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned {
    /// The text, without quotes and with its escapes resolved.
    pub text: CompactString,
    /// Where it stands (bytes), without its quotes.
    pub range: TextRange,
}

impl Spanned {
    /// A piece that says what stands there.
    pub fn verbatim(source: &Source, range: TextRange) -> Self {
        Self { text: source.slice(range).into(), range }
    }

    /// The places of a part of the text, given in bytes of it. Where the file spells the text in another way than it reads, it
    /// is the whole piece.
    pub fn part(&self, part: std::ops::Range<usize>) -> TextRange {
        if self.range.len().to_usize() != self.text.len() || part.end > self.text.len() {
            return self.range;
        }
        let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
        span(self.range.start() + size(part.start), self.range.start() + size(part.end))
    }
}

impl Spanned {
    /// The words of the text, as somebody splits them who replaces nothing.
    pub fn words(&self) -> Vec<super::Word> {
        let chars = self.text.char_indices().map(|(at, char)| (char, self.part(at..at + char.len_utf8())));
        let commands = super::shell::split(&chars.collect(), super::Reader::Plain);
        commands.into_iter().flat_map(|command| command.words).collect()
    }
}

/// A text, character by character, with the place of each one in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spelled {
    chars: Vec<(char, TextRange)>,
}

impl Spelled {
    /// The text as it stands there.
    pub fn verbatim(source: &Source, range: TextRange) -> Self {
        Self { chars: placed(source, range).collect() }
    }

    /// A text between double quotes with JSON's and YAML's escapes; the range is the one between the quotes.
    pub fn escaped(source: &Source, range: TextRange) -> Self {
        let mut out = Vec::new();
        let mut rest = placed(source, range).peekable();
        while let Some((char, at)) = rest.next() {
            if char != '\\' {
                out.push((char, at));
                continue;
            }
            let Some((escape, end)) = rest.next() else { break };
            let digits = match escape {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            let mut range = span(at.start(), end.end());
            let meant = match escape {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => '\0',
                'x' | 'u' | 'U' => {
                    let mut number = 0u32;
                    for _ in 0..digits {
                        let Some((digit, at)) = rest.next_if(|(c, _)| c.is_ascii_hexdigit()) else { break };
                        number = (number << 4) | digit.to_digit(16).unwrap_or_default();
                        range = span(range.start(), at.end());
                    }
                    char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
                }
                other => other,
            };
            out.push((meant, range));
        }
        Self { chars: out }
    }

    /// The text without one character of each pair of them: YAML's `''` between single quotes.
    pub fn undoubled(mut self, quote: char) -> Self {
        let mut previous_stays = false;
        self.chars.retain(|(char, _)| {
            let drop = *char == quote && previous_stays;
            previous_stays = *char == quote && !drop;
            !drop
        });
        self
    }

    /// The text with its line ends, and the blanks around them, folded to one blank, as YAML reads most texts.
    pub fn folded(self) -> Self {
        let mut out: Vec<(char, TextRange)> = Vec::with_capacity(self.chars.len());
        let mut after_break = false;
        for (char, at) in self.chars {
            match char {
                '\n' | '\r' => {
                    while out.last().is_some_and(|(c, _)| c.is_whitespace()) {
                        out.pop();
                    }
                    if !out.is_empty() {
                        out.push((' ', at));
                    }
                    after_break = true;
                }
                ' ' | '\t' if after_break => {}
                _ => {
                    after_break = false;
                    out.push((char, at));
                }
            }
        }
        Self { chars: out }.trimmed()
    }

    /// The text without the blanks at its two ends.
    pub fn trimmed(mut self) -> Self {
        let blank = |char: &(char, TextRange)| char.0.is_whitespace();
        while self.chars.last().is_some_and(blank) {
            self.chars.pop();
        }
        let front = self.chars.iter().take_while(|char| blank(char)).count();
        self.chars.drain(..front);
        self
    }

    /// The characters with their places (bytes).
    pub fn chars(&self) -> &[(char, TextRange)] {
        &self.chars
    }

    /// The whole text as one piece; `None` when it is empty.
    pub fn spanned(&self) -> Option<Spanned> {
        let (_, first) = self.chars.first()?;
        let (_, last) = self.chars.last()?;
        let text = self.chars.iter().map(|(char, _)| char).collect();
        Some(Spanned { text, range: span(first.start(), last.end()) })
    }
}

impl FromIterator<(char, TextRange)> for Spelled {
    fn from_iter<T: IntoIterator<Item = (char, TextRange)>>(chars: T) -> Self {
        Self { chars: chars.into_iter().collect() }
    }
}

fn placed(source: &Source, range: TextRange) -> impl Iterator<Item = (char, TextRange)> {
    source.slice(range).char_indices().map(move |(at, char)| {
        let start = range.start() + TextSize::try_from(at).unwrap_or_default();
        (char, TextRange::at(start, TextSize::of(char)))
    })
}

/// The range from one place to another; empty where the second does not come after the first.
pub(super) fn span(start: TextSize, end: TextSize) -> TextRange {
    TextRange::new(start, end.max(start))
}

/// The range without the blanks at its two ends.
pub(super) fn trimmed(source: &Source, range: TextRange) -> TextRange {
    let rest = source.slice(range).trim_start();
    let start = range.end() - TextSize::of(rest);
    TextRange::at(start, TextSize::of(rest.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_keep_the_places_of_what_they_mean() {
        let source = Source::new(r#"a\"b\u00e9c"#);
        let spelled = Spelled::escaped(&source, TextRange::up_to(TextSize::of(source.text())));
        let text: String = spelled.chars().iter().map(|(char, _)| char).collect();
        assert_eq!(text, "a\"b\u{e9}c");
        let places: Vec<&str> = spelled.chars().iter().map(|(_, at)| source.slice(*at)).collect();
        assert_eq!(places, ["a", "\\\"", "b", "\\u00e9", "c"]);
    }

    #[test]
    fn folding_joins_lines() {
        let source = Source::new("gunicorn app:app\n    --bind :80  \n");
        let spelled = Spelled::verbatim(&source, TextRange::up_to(TextSize::of(source.text()))).folded();
        assert_eq!(spelled.spanned().map(|s| s.text).as_deref(), Some("gunicorn app:app --bind :80"));
    }
}
