//! Writing new statements between the existing ones, with the blank lines that the surroundings have.
//!
//! New text comes without indentation, its lines separated by `\n`; it must not hold a string of several lines.

use ruff_python_ast::helpers::is_compound_statement;
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Decorator, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::layout::{Layout, Lead, LineEnd};
use super::span::Span;
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// Writes statements below everything that the module holds.
pub fn append_statement(file: &PythonFile, text: &str) -> Option<TextEdit> {
    let Some(last) = file.body().last() else {
        return append_to_comments(&Layout::of(file)?, text);
    };
    let span = Span::find(file, &[last.range()])?;
    let below = span.layout.blank_lines_below(span.line_end().full);
    let end = below.last().copied().unwrap_or(span.line_end().full);
    if end == TextSize::of(span.layout.text) {
        return after(&span, text);
    }
    append_to_comments(&span.layout, text)
}

/// Writes statements below the statement of the module that holds or ends at an offset (bytes).
///
/// What shares the line with it, behind a semicolon, stays there and so comes before the new text.
pub fn insert_after(file: &PythonFile, offset: TextSize, text: &str) -> Option<TextEdit> {
    let found = file.body().iter().find(|stmt| stmt.range().contains_inclusive(offset))?;
    insert_after_statement(file, found.range(), text)
}

/// Writes statements below the statement with this range, which may be in a block.
pub fn insert_after_statement(file: &PythonFile, statement: TextRange, text: &str) -> Option<TextEdit> {
    after(&Span::find(file, &[statement])?, text)
}

/// Writes statements above the statement with this range and the comment lines directly above it.
///
/// A comment that opens the file stays on top. A statement behind a semicolon or a colon gets a line of its own.
pub fn insert_before(file: &PythonFile, statement: TextRange, text: &str) -> Option<TextEdit> {
    let span = Span::find(file, &[statement])?;
    let indentation = span.indentation()?;
    let lines = indented(text, &indentation, span.layout.style.newline);
    before(&span, &lines, blank_lines_between(text, &span))
}

/// Writes a decorator, given with its `@`, directly above the `def` or `class` of the statement with this range: below
/// the decorators that it has, so that they see the decorated function.
pub fn add_decorator(file: &PythonFile, definition: TextRange, decorator: &str) -> Option<TextEdit> {
    let span = Span::find(file, &[definition])?;
    let decorators: &[Decorator] = match span.statements()?.first()? {
        Stmt::FunctionDef(function) => &function.decorator_list,
        Stmt::ClassDef(class) => &class.decorator_list,
        _ => return None,
    };
    let from = decorators.last().map_or(definition.start(), Ranged::end);
    let keyword = span
        .layout
        .tokens_in(TextRange::new(from, definition.end()))
        .iter()
        .find(|token| matches!(token.kind(), TokenKind::Def | TokenKind::Class | TokenKind::Async))?;
    let indentation = span.layout.indentation(span.start())?;
    let new = format!("{decorator}{}{indentation}", span.layout.style.newline);
    Some(TextEdit::replace(TextRange::empty(keyword.start()), new))
}

/// Inserts ready lines above a statement. Behind them come as many blank lines as given.
pub(super) fn before(span: &Span<'_>, lines: &str, blank_lines: usize) -> Option<TextEdit> {
    let newline = span.layout.style.newline;
    let indentation = span.indentation()?;
    let edit = match span.lead()? {
        Lead::OwnLine(_) => {
            let new = format!("{lines}{newline}{}", newline.repeat(blank_lines));
            TextEdit::replace(TextRange::empty(span.line_start(true)?), new)
        }
        // In a block behind its header's colon, what comes first would have to move as well.
        Lead::Semicolon if span.header_colon().is_some() => return None,
        Lead::Semicolon => {
            let gap = TextRange::new(span.previous()?.end(), span.start());
            TextEdit::replace(gap, format!("{newline}{lines}{newline}{indentation}"))
        }
        Lead::Colon(colon) => {
            let gap = TextRange::new(colon, span.start());
            TextEdit::replace(gap, format!("{newline}{lines}{newline}{indentation}"))
        }
    };
    Some(edit)
}

/// Inserts ready lines below a place, with blank lines before and behind them.
pub(super) fn below(
    layout: &Layout<'_>,
    place: LineEnd,
    lines: &str,
    (above, behind): (usize, usize),
) -> TextEdit {
    let newline = layout.style.newline;
    let (above, behind) = (newline.repeat(above), newline.repeat(behind));
    let new = if place.content == place.full {
        format!("{newline}{above}{lines}")
    } else {
        format!("{above}{lines}{newline}{behind}")
    };
    TextEdit::replace(TextRange::empty(place.full), new)
}

/// The lines of new statements, ready to be inserted, without a line end behind the last.
pub(super) fn indented(text: &str, indentation: &str, newline: &str) -> String {
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{indentation}{line}") };
    text.trim_end().lines().map(line).collect::<Vec<_>>().join(newline)
}

/// What kind of statement a text starts with, as far as blank lines go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Import,
    Definition,
    Block,
    Plain,
}

impl Kind {
    fn of(stmt: &Stmt) -> Self {
        match stmt {
            Stmt::Import(_) | Stmt::ImportFrom(_) => Self::Import,
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => Self::Definition,
            _ if is_compound_statement(stmt) => Self::Block,
            _ => Self::Plain,
        }
    }

    fn of_text(text: &str) -> Self {
        let starts = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
        if starts(&["import ", "from "]) {
            Self::Import
        } else if starts(&["def ", "async def ", "class ", "@"]) {
            Self::Definition
        } else {
            Self::Plain
        }
    }
}

fn after(span: &Span<'_>, text: &str) -> Option<TextEdit> {
    if span.header_colon().is_some() {
        return None;
    }
    // The last statement on the line decides: nothing can be written between two that share it.
    let line = span.layout.line_end(span.range().end());
    let last = span.siblings.iter().rposition(|stmt| stmt.start() < line.content)?;
    let stmt = span.siblings.get(last)?;
    let next = span.siblings.get(last + 1);
    let place = if is_compound_statement(stmt) { span.line_end() } else { line };
    let gap = span.layout.blank_lines_below(place.full).len();
    let most = if span.owners.is_empty() { 2 } else { 1 };
    let usual = |wanted: usize| if next.is_some() { gap.min(wanted) } else { wanted };
    let new = Kind::of_text(text);
    let above = match (Kind::of(stmt), new) {
        (_, Kind::Definition) => most,
        (Kind::Definition, _) => usual(most),
        (Kind::Import, Kind::Import) | (Kind::Plain, _) => 0,
        (Kind::Import | Kind::Block, _) => usual(1),
    };
    let behind = if new == Kind::Definition && next.is_some() { most.saturating_sub(gap) } else { 0 };
    let lines = indented(text, &span.indentation()?, span.layout.style.newline);
    Some(below(&span.layout, place, &lines, (above, behind)))
}

/// How many blank lines belong between new text and the statement that it comes above.
fn blank_lines_between(text: &str, span: &Span<'_>) -> usize {
    let most = if span.owners.is_empty() { 2 } else { 1 };
    let stmt = span.statements().and_then(<[Stmt]>::first).map(Kind::of);
    match (Kind::of_text(text), stmt) {
        (Kind::Definition, _) => most,
        (_, Some(Kind::Definition)) => match (span.previous(), span.line_start(true)) {
            (Some(_), Some(line)) => span.layout.blank_lines_above(line).0.min(most),
            _ => most,
        },
        (Kind::Import, Some(Kind::Import)) => 0,
        (Kind::Import, _) if span.owners.is_empty() => 1,
        _ => 0,
    }
}

/// Writes statements at the end of a file that ends in comments, or has nothing else.
pub(super) fn append_to_comments(layout: &Layout<'_>, text: &str) -> Option<TextEdit> {
    let lines = indented(text, "", layout.style.newline);
    let content = TextSize::of(layout.text.trim_end());
    if content == TextSize::new(0) {
        let all = TextRange::up_to(TextSize::of(layout.text));
        return Some(TextEdit::replace(all, format!("{lines}{}", layout.style.newline)));
    }
    let rest = TextRange::new(content, TextSize::of(layout.text));
    let newline = layout.style.newline;
    let last = if rest.is_empty() { "" } else { newline };
    Some(TextEdit::replace(rest, format!("{newline}{newline}{lines}{last}")))
}
