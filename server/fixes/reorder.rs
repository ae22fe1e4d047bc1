//! Moving statements above or below others.

use ruff_text_size::{Ranged, TextRange};

use super::insert::{before, below};
use super::remove::removal;
use super::span::Span;
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// Moves a statement, with the comments above and behind it, above another one and its comments.
///
/// The statement gets the indentation of its new block. `None` when it stands there already, when one of the two holds
/// the other, or when the other shares its line in a way that leaves no room.
pub fn move_statement_before(
    file: &PythonFile,
    statement: TextRange,
    anchor: TextRange,
) -> Option<Vec<TextEdit>> {
    let (moved, target) = both(file, statement, anchor)?;
    if moved.next().is_some_and(|next| next.range() == anchor) {
        return None;
    }
    let indentation = target.indentation()?;
    let lines = format!("{indentation}{}", moved.text_for(&indentation)?);
    Some(vec![removal(&moved, true)?, before(&target, &lines, 0)?])
}

/// Moves a statement, with the comments above and behind it, below another one. See [`move_statement_before`].
pub fn move_statement_after(
    file: &PythonFile,
    statement: TextRange,
    anchor: TextRange,
) -> Option<Vec<TextEdit>> {
    let (moved, target) = both(file, statement, anchor)?;
    let room = target.header_colon().is_none() && target.next_on_line().is_none();
    if !room || moved.previous().is_some_and(|previous| previous.range() == anchor) {
        return None;
    }
    let indentation = target.indentation()?;
    let lines = format!("{indentation}{}", moved.text_for(&indentation)?);
    Some(vec![removal(&moved, true)?, below(&target.layout, target.line_end(), &lines, (0, 0))])
}

fn both<'a>(file: &'a PythonFile, statement: TextRange, anchor: TextRange) -> Option<(Span<'a>, Span<'a>)> {
    let apart = statement.intersect(anchor).is_none_or(|common| common.is_empty());
    let moved = Span::find(file, &[statement])?;
    apart.then_some(())?;
    Some((moved, Span::find(file, &[anchor])?))
}
