//! An element more in a list, in the manner of those that are there.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Expr, Stmt};
use ruff_source_file::LineRanges;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::super::layout::Layout;
use super::LINE;
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// Adds an element to the list with this range, behind the element `after` or at its end, in the way in which the list is
/// laid out. `None` when the file does not parse.
pub(super) fn add_element(
    file: &PythonFile,
    list: TextRange,
    after: Option<TextRange>,
    element: &str,
) -> Option<Vec<TextEdit>> {
    let layout = Layout::of(file)?;
    let inside = TextRange::new(list.start() + TextSize::new(1), list.end() - TextSize::new(1));
    let significant = |range: TextRange| {
        layout
            .tokens_in(range)
            .iter()
            .filter(|t| !matches!(t.kind(), TokenKind::Comment | TokenKind::NonLogicalNewline))
    };
    let Some(last) = significant(inside).next_back() else {
        return Some(vec![insertion(inside.start(), element)]);
    };
    // The element, and the comma behind it if there is one.
    let end = after.map_or(last.end(), |range| range.end());
    let comma =
        significant(TextRange::new(end, inside.end())).next().filter(|t| t.kind() == TokenKind::Comma);
    let comma = comma.or_else(|| (after.is_none() && last.kind() == TokenKind::Comma).then_some(last));
    let place = comma.map_or(end, |comma| comma.end());
    let close = list.end() - TextSize::new(1);
    let alone = layout.slice(TextRange::new(layout.text.line_start(close), close)).trim().is_empty();
    if !alone {
        if let Some(edit) = broken_up(&layout, list, place, element) {
            return Some(vec![edit]);
        }
        let new = if comma.is_some() { format!(" {element},") } else { format!(", {element}") };
        return Some(vec![insertion(place, &new)]);
    }
    let first = significant(inside).next()?;
    let line = layout.text.line_start(first.start());
    let lead = layout.slice(TextRange::new(line, first.start()));
    let indentation = if lead.trim().is_empty() { lead } else { layout.style.indent.as_str() };
    let line_end = layout.text.line_end(place);
    let new = format!("{}{indentation}{element},", layout.style.newline);
    Some(if comma.is_some() || line_end == place {
        vec![insertion(line_end, &format!("{}{new}", if comma.is_some() { "" } else { "," }))]
    } else {
        vec![insertion(place, ","), insertion(line_end, &new)]
    })
}

/// The list with each element on a line of its own, when it stands on one line, which would become too long.
fn broken_up(layout: &Layout<'_>, list: TextRange, place: TextSize, element: &str) -> Option<TextEdit> {
    let line = layout.text.line_range(list.start());
    let length = layout.slice(line).chars().count() + element.chars().count() + 2;
    if length <= LINE || !line.contains_range(list) || layout.slice(line).contains('#') {
        return None;
    }
    let inside = TextRange::new(list.start() + TextSize::new(1), list.end() - TextSize::new(1));
    let mut depth = 0_usize;
    let mut commas: Vec<TextSize> = Vec::new();
    for token in layout.tokens_in(inside) {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth = depth.saturating_sub(1),
            TokenKind::Comma if depth == 0 => commas.push(token.start()),
            _ => {}
        }
    }
    let mut elements: Vec<(TextSize, String)> = Vec::new();
    let mut from = inside.start();
    for end in commas.into_iter().chain([inside.end()]) {
        let text = layout.slice(TextRange::new(from, end)).trim();
        if !text.is_empty() {
            elements.push((from, text.to_owned()));
        }
        from = end + TextSize::new(1);
    }
    let at = elements.iter().position(|(start, _)| *start >= place).unwrap_or(elements.len());
    elements.insert(at, (place, element.to_owned()));
    let newline = layout.style.newline;
    let lead = layout.slice(TextRange::new(line.start(), list.start()));
    let outer = &lead[..lead.len() - lead.trim_start().len()];
    let lines = elements.iter().map(|(_, text)| format!("{newline}{outer}{}{text},", layout.style.indent));
    Some(TextEdit::replace(list, format!("[{}{newline}{outer}]", lines.collect::<String>())))
}

/// The range of the list that the module binds to a name.
pub(super) fn list_named(file: &PythonFile, name: &str) -> Option<TextRange> {
    file.body().iter().find_map(|stmt| {
        let Stmt::Assign(assign) = stmt else { return None };
        let named = assign.targets.iter().any(|target| matches!(target, Expr::Name(one) if one.id == name));
        (named && assign.value.is_list_expr()).then(|| assign.value.range())
    })
}

fn insertion(at: TextSize, text: &str) -> TextEdit {
    TextEdit::replace(TextRange::empty(at), text)
}
