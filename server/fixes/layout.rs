//! Where statements sit on their lines: what leads up to them, what ends them, and which lines are inside a string.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_source_file::UniversalNewlineIterator;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::style::Style;
use crate::syntax::python::{PythonFile, SyntaxProblemKind};

/// The text, the tokens and the habits of a file that parses.
pub(super) struct Layout<'a> {
    pub(super) text: &'a str,
    pub(super) style: Style,
    tokens: &'a [Token],
    strings: Vec<TextRange>,
}

/// What stands before a statement on its logical line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// Nothing; the line starts at this offset.
    OwnLine(TextSize),
    /// Another statement and a semicolon.
    Semicolon,
    /// The header of a compound statement, whose colon ends at this offset.
    Colon(TextSize),
}

/// Where a logical line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineEnd {
    /// Behind the last character, trailing comment included.
    pub(super) content: TextSize,
    /// Behind the line end; the same as `content` on a last line that has none.
    pub(super) full: TextSize,
}

impl<'a> Layout<'a> {
    /// `None` for a file that Python cannot parse: there, tokens and tree need not fit together.
    pub(super) fn of(file: &'a PythonFile) -> Option<Self> {
        if file.problems().iter().any(|problem| problem.kind == SyntaxProblemKind::Grammar) {
            return None;
        }
        let tokens: &[Token] = file.tokens()?;
        let strings = string_ranges(tokens);
        Some(Self { text: file.source().text(), style: Style::of(file), tokens, strings })
    }

    pub(super) fn slice(&self, range: TextRange) -> &'a str {
        self.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or("")
    }

    /// The tokens that start inside a range.
    pub(super) fn tokens_in(&self, range: TextRange) -> &'a [Token] {
        let from = self.tokens.partition_point(|token| token.start() < range.start());
        let to = self.tokens.partition_point(|token| token.start() < range.end());
        self.tokens.get(from..to).unwrap_or(&[])
    }

    /// What stands before the statement that starts at an offset.
    pub(super) fn lead(&self, statement: TextSize) -> Option<Lead> {
        let upto = self.tokens.partition_point(|token| token.start() < statement);
        let mut before = self.tokens.get(..upto)?.iter().rev();
        let Some(token) = before.find(|t| !matches!(t.kind(), TokenKind::Indent | TokenKind::Dedent)) else {
            return Some(Lead::OwnLine(TextSize::new(0)));
        };
        match token.kind() {
            TokenKind::Newline | TokenKind::NonLogicalNewline => Some(Lead::OwnLine(token.end())),
            TokenKind::Semi => Some(Lead::Semicolon),
            TokenKind::Colon => Some(Lead::Colon(token.end())),
            _ => None,
        }
    }

    /// The indentation of a statement on its own line. `None` when it is not, or when a backslash hides the indentation.
    pub(super) fn indentation(&self, statement: TextSize) -> Option<&'a str> {
        let Lead::OwnLine(line) = self.lead(statement)? else { return None };
        let before = after_form_feed(self.slice(TextRange::new(line, statement)));
        before.chars().all(|c| c == ' ' || c == '\t').then_some(before)
    }

    /// The end of the logical line on which a statement ends at `offset`.
    pub(super) fn line_end(&self, offset: TextSize) -> LineEnd {
        let from = self.tokens.partition_point(|token| token.start() < offset);
        let rest = self.tokens.get(from..).unwrap_or(&[]);
        rest.iter().find(|token| token.kind() == TokenKind::Newline).map_or_else(
            || LineEnd { content: TextSize::of(self.text), full: TextSize::of(self.text) },
            |token| LineEnd { content: token.start(), full: token.end() },
        )
    }

    /// The end of a compound statement together with the comments below it that are indented deeper than it is.
    pub(super) fn block_end(&self, offset: TextSize, indentation: &str) -> LineEnd {
        let mut end = self.line_end(offset);
        let rest = self.slice(TextRange::new(end.full, TextSize::of(self.text)));
        for line in UniversalNewlineIterator::with_offset(rest, end.full) {
            let content = line.as_str().trim_start_matches(WHITESPACE);
            let lead = &line.as_str()[..line.as_str().len() - content.len()];
            if content.is_empty() {
                continue;
            }
            if !content.starts_with('#') || after_form_feed(lead).len() <= indentation.len() {
                break;
            }
            end = LineEnd { content: line.end(), full: line.full_end() };
        }
        end
    }

    /// The start of the comment lines that stand directly above a line and share its indentation; the line itself when
    /// there are none, or when they open the file: then they speak of the file.
    pub(super) fn comments_above(&self, line: TextSize, indentation: &str) -> TextSize {
        let gap = self.gap_above(line);
        let mut start = line;
        for above in UniversalNewlineIterator::with_offset(self.slice(gap), gap.start()).rev() {
            let comment = above.as_str().strip_prefix(indentation);
            if !comment.is_some_and(|rest| rest.starts_with('#')) {
                return start;
            }
            start = above.start();
        }
        if gap.start() == TextSize::new(0) { line } else { start }
    }

    /// How many blank lines are right above a line, and where the first of them starts.
    pub(super) fn blank_lines_above(&self, line: TextSize) -> (usize, TextSize) {
        let gap = self.gap_above(line);
        let mut found = (0, line);
        for above in UniversalNewlineIterator::with_offset(self.slice(gap), gap.start()).rev() {
            if !is_blank(above.as_str()) {
                break;
            }
            found = (found.0 + 1, above.start());
        }
        found
    }

    /// Where each of the blank lines below a line end ends in turn.
    pub(super) fn blank_lines_below(&self, line_end: TextSize) -> Vec<TextSize> {
        let rest = self.slice(TextRange::new(line_end, TextSize::of(self.text)));
        UniversalNewlineIterator::with_offset(rest, line_end)
            .take_while(|line| is_blank(line.as_str()))
            .map(|line| line.full_end())
            .collect()
    }

    /// The physical lines that start inside a range, not at its start; lines that start inside a string are left out,
    /// because their first characters are the string's.
    pub(super) fn lines_within(&self, range: TextRange) -> Vec<(TextSize, &'a str)> {
        UniversalNewlineIterator::with_offset(self.slice(range), range.start())
            .skip(1)
            .map(|line| (line.start(), line.as_str()))
            .filter(|(start, text)| !is_blank(text) && !self.in_string(*start))
            .collect()
    }

    /// Whether an offset is inside a string, f-strings with their expressions included.
    pub(super) fn in_string(&self, offset: TextSize) -> bool {
        let next = self.strings.partition_point(|string| string.start() < offset);
        next.checked_sub(1).and_then(|at| self.strings.get(at)).is_some_and(|string| offset < string.end())
    }

    /// The blank and comment lines between the logical line before and the line that starts at an offset.
    fn gap_above(&self, line: TextSize) -> TextRange {
        let upto = self.tokens.partition_point(|token| token.start() < line);
        let before = self.tokens.get(..upto).unwrap_or(&[]);
        let newline = before.iter().rev().find(|token| token.kind() == TokenKind::Newline);
        TextRange::new(newline.map_or(TextSize::new(0), Ranged::end).min(line), line)
    }
}

/// The characters that may stand before a statement.
pub(super) const WHITESPACE: [char; 3] = [' ', '\t', '\x0c'];

/// Python counts columns anew behind a form feed.
pub(super) fn after_form_feed(indentation: &str) -> &str {
    indentation.rsplit('\x0c').next().unwrap_or(indentation)
}

fn is_blank(line: &str) -> bool {
    line.chars().all(|c| WHITESPACE.contains(&c))
}

/// All strings in order; an f-string counts once, from its first quote to its last.
fn string_ranges(tokens: &[Token]) -> Vec<TextRange> {
    let mut ranges = Vec::new();
    let mut open = Vec::new();
    for token in tokens {
        match token.kind() {
            TokenKind::String if open.is_empty() => ranges.push(token.range()),
            TokenKind::FStringStart | TokenKind::TStringStart => open.push(token.start()),
            TokenKind::FStringEnd | TokenKind::TStringEnd => {
                if let (Some(start), true) = (open.pop(), open.is_empty()) {
                    ranges.push(TextRange::new(start, token.end()));
                }
            }
            _ => {}
        }
    }
    ranges
}
