//! Putting statements under `if __name__ == "__main__":`.

use ruff_python_ast::{CmpOp, Expr, Stmt, StmtIf};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::layout::{Layout, Lead, after_form_feed};
use super::names::{bound, read};
use super::remove::removal;
use super::span::Span;
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// Puts the statement with this range under a `__main__` guard. See [`guard_statements_with_main`].
pub fn guard_with_main(file: &PythonFile, statement: TextRange) -> Option<Vec<TextEdit>> {
    guard_statements_with_main(file, &[statement])
}

/// Puts neighbouring statements of module level, or of a block there, under a `__main__` guard.
///
/// Statements of the module itself join a guard that comes later, as the first in it, so that a run as a script does
/// the same in the same order; or a guard that ends right before them. All others get a guard in their place.
///
/// `None` in a function (its caller is to be guarded), under a guard already, and when names that the statements bind are
/// read outside: an import would then miss them.
pub fn guard_statements_with_main(file: &PythonFile, statements: &[TextRange]) -> Option<Vec<TextEdit>> {
    let span = Span::find(file, statements)?;
    let elsewhere =
        span.owners.iter().any(|owner| owner.is_function_def_stmt() || main_guard(owner).is_some());
    if elsewhere || span.statements()?.iter().any(|stmt| main_guard(stmt).is_some() || is_future_import(stmt))
    {
        return None;
    }
    if binds_what_others_read(file, &span) {
        return None;
    }
    if span.owners.is_empty() {
        if let Some(edits) = join_previous(&span) {
            return Some(edits);
        }
        if let Some(edits) = join_later(&span) {
            return Some(edits);
        }
    }
    wrap(&span)
}

/// The guard, when a statement is `if __name__ == "__main__":` in either order.
pub fn main_guard(stmt: &Stmt) -> Option<&StmtIf> {
    let Stmt::If(guard) = stmt else { return None };
    let Expr::Compare(test) = &*guard.test else { return None };
    let ([CmpOp::Eq], [right]) = (&*test.ops, &*test.comparators) else { return None };
    let is_name = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id.as_str() == "__name__");
    let is_main =
        |expr: &Expr| matches!(expr, Expr::StringLiteral(text) if text.value.to_str() == "__main__");
    ((is_name(&test.left) && is_main(right)) || (is_main(&test.left) && is_name(right))).then_some(guard)
}

fn is_future_import(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::ImportFrom(import) if import.module.as_ref().is_some_and(|m| m.as_str() == "__future__"))
}

fn binds_what_others_read(file: &PythonFile, span: &Span<'_>) -> bool {
    let names = span.statements().map(bound).unwrap_or_default();
    if names.is_empty() {
        return false;
    }
    let mut except = vec![span.range()];
    for guard in file.body().iter().filter_map(main_guard) {
        except.extend(guard.body.iter().map(Ranged::range));
    }
    let others = read(file.body(), &except);
    names.iter().any(|name| others.contains(name))
}

/// Joins a guard that ends right before the statements, by indenting them.
fn join_previous(span: &Span<'_>) -> Option<Vec<TextEdit>> {
    let guard = main_guard(span.previous()?)?;
    if !guard.elif_else_clauses.is_empty() || !matches!(span.lead()?, Lead::OwnLine(_)) {
        return None;
    }
    let indentation = span.layout.indentation(guard.body.first()?.start())?;
    let mut edits = vec![insertion(span.start(), indentation.to_owned())];
    edits.extend(indented(span, "", indentation));
    edits.extend(split_from_next(span, ""));
    Some(edits)
}

/// Moves the statements to the top of the next guard, unless names that they read get another value on the way.
fn join_later(span: &Span<'_>) -> Option<Vec<TextEdit>> {
    let after = span.siblings.get(span.last + 1..)?;
    let (at, guard) = after.iter().enumerate().find_map(|(at, stmt)| Some((at, main_guard(stmt)?)))?;
    let passed = bound(after.get(..at)?);
    if read(span.statements()?, &[]).iter().any(|name| passed.contains(name)) {
        return None;
    }
    Some(vec![removal(span, true)?, prepend(&span.layout, guard, span)?])
}

/// Inserts the text of statements as the first in a guard.
fn prepend(layout: &Layout<'_>, guard: &StmtIf, span: &Span<'_>) -> Option<TextEdit> {
    let first = guard.body.first()?;
    let newline = layout.style.newline;
    match layout.lead(first.start())? {
        Lead::Colon(colon) => {
            let indent = &layout.style.indent;
            let text = span.text_for(indent)?;
            let new = format!("{newline}{indent}{text}{newline}{indent}");
            Some(TextEdit::replace(TextRange::new(colon, first.start()), new))
        }
        Lead::OwnLine(_) => {
            let indentation = layout.indentation(first.start())?;
            let text = span.text_for(indentation)?;
            // Above the comments that lead up to the first statement, which go on speaking of it.
            let header = layout.line_end(guard.test.end());
            Some(insertion(header.full, format!("{indentation}{text}{newline}")))
        }
        Lead::Semicolon => None,
    }
}

/// Writes a guard around the statements where they are.
fn wrap(span: &Span<'_>) -> Option<Vec<TextEdit>> {
    let layout = &span.layout;
    let style = &layout.style;
    let (newline, quote) = (style.newline, style.quote);
    let outer = span.indentation()?;
    let inner = format!("{outer}{}", style.indent);
    let guard = format!("if __name__ == {quote}__main__{quote}:{newline}{inner}");
    let mut edits = Vec::new();
    let mut extra = style.indent.clone();
    if let Some(colon) = span.header_colon() {
        extra.push_str(&style.indent);
        if span.first > 0 {
            let start = span.siblings.first()?.start();
            edits.push(TextEdit::replace(TextRange::new(colon, start), format!("{newline}{outer}")));
        }
    }
    match span.lead()? {
        Lead::OwnLine(_) => edits.push(insertion(span.start(), guard)),
        Lead::Semicolon => {
            let gap = TextRange::new(span.previous()?.end(), span.start());
            edits.push(TextEdit::replace(gap, format!("{newline}{outer}{guard}")));
        }
        Lead::Colon(colon) => {
            let gap = TextRange::new(colon, span.start());
            edits.push(TextEdit::replace(gap, format!("{newline}{outer}{guard}")));
        }
    }
    edits.extend(indented(span, &outer, &extra));
    edits.extend(split_from_next(span, &outer));
    Some(edits)
}

/// Indents all lines of the statements but the first, behind the indentation that they share.
fn indented(span: &Span<'_>, base: &str, extra: &str) -> Vec<TextEdit> {
    let lines = span.layout.lines_within(span.range());
    let place = |start: TextSize, line: &str| {
        let content = line.trim_start_matches(super::layout::WHITESPACE);
        let before = &line[..line.len() - content.len()];
        let column = after_form_feed(before);
        let skipped = &before[..before.len() - column.len()];
        start + TextSize::of(skipped) + TextSize::of(if column.starts_with(base) { base } else { "" })
    };
    lines.into_iter().map(|(start, line)| insertion(place(start, line), extra.to_owned())).collect()
}

/// Gives what follows behind a semicolon a line of its own, outside the guard.
fn split_from_next(span: &Span<'_>, indentation: &str) -> Option<TextEdit> {
    let gap = TextRange::new(span.range().end(), span.next_on_line()?.start());
    Some(TextEdit::replace(gap, format!("{}{indentation}", span.layout.style.newline)))
}

fn insertion(at: TextSize, text: String) -> TextEdit {
    TextEdit::replace(TextRange::empty(at), text)
}
