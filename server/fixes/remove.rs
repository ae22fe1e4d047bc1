//! Removing statements.

use ruff_text_size::{Ranged, TextRange, TextSize};

use super::layout::Lead;
use super::span::Span;
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// Removes the statement with this range. See [`remove_statements`].
pub fn remove_statement(file: &PythonFile, statement: TextRange) -> Option<Vec<TextEdit>> {
    remove_statements(file, &[statement])
}

/// Removes neighbouring statements with their lines and the comments behind them.
///
/// A block that would be empty keeps a `pass`, and then also its comments. Comment lines above stay: they may speak of
/// more than the statement. Of the blank lines around, as many stay as the larger side had.
pub fn remove_statements(file: &PythonFile, statements: &[TextRange]) -> Option<Vec<TextEdit>> {
    let span = Span::find(file, statements)?;
    Some(vec![removal(&span, false)?])
}

/// The edit that takes statements away, optionally with the comment lines directly above them.
pub(super) fn removal(span: &Span<'_>, with_comments: bool) -> Option<TextEdit> {
    let range = span.range();
    let whole_block = span.first == 0 && span.last + 1 == span.siblings.len();
    if whole_block && !span.owners.is_empty() {
        // Comments that move along leave nothing behind, so `pass` takes the place of all of it.
        let moved = if with_comments { span.line_start(true) } else { None };
        return Some(match moved {
            Some(line) => {
                let lines = TextRange::new(line, span.line_end().content);
                TextEdit::replace(lines, format!("{}pass", span.indentation()?))
            }
            None => TextEdit::replace(range, "pass"),
        });
    }
    if let Some(next) = span.next_on_line() {
        return Some(TextEdit::replace(TextRange::new(range.start(), next.start()), ""));
    }
    match span.lead()? {
        Lead::Semicolon => {
            let previous = span.previous()?;
            Some(TextEdit::replace(TextRange::new(previous.end(), range.end()), ""))
        }
        Lead::Colon(_) => None,
        Lead::OwnLine(_) => {
            let lines = TextRange::new(span.line_start(with_comments)?, span.line_end().full);
            Some(TextEdit::replace(with_blank_lines(span, lines), ""))
        }
    }
}

/// Whole lines, together with the blank lines around them that would be too many without them.
fn with_blank_lines(span: &Span<'_>, lines: TextRange) -> TextRange {
    let (above, first_above) = span.layout.blank_lines_above(lines.start());
    let below = span.layout.blank_lines_below(lines.end());
    let last_below = below.last().copied().unwrap_or(lines.end());
    if last_below == TextSize::of(span.layout.text) {
        return TextRange::new(first_above, last_below);
    }
    let surplus = if lines.start() == TextSize::new(0) { below.len() } else { above.min(below.len()) };
    let end = surplus.checked_sub(1).and_then(|at| below.get(at)).copied();
    TextRange::new(lines.start(), end.unwrap_or(lines.end()))
}
