//! An element more in a list, in the manner of those that are there.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Expr, Stmt};
use ruff_source_file::LineRanges;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::super::Style;
use super::super::layout::Layout;
use super::LINE;
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// An element of a list: `head`, the arguments, `tail`; all of it is in `head` when it is no call.
pub(super) struct Element<'e> {
    pub head: &'e str,
    pub arguments: &'e [String],
    pub tail: &'e str,
}

impl Element<'_> {
    fn line(&self) -> String {
        format!("{}{}{}", self.head, self.arguments.join(", "), self.tail)
    }

    fn wrapped(&self, indentation: &str, style: &Style) -> String {
        wrapped(self.head, self.arguments, self.tail, indentation, style)
    }
}

/// A call on one line, or broken as formatters do it where it is too long: its arguments on a line of their own, or each on
/// one. `indentation` is that of its first line.
pub(super) fn wrapped(
    head: &str,
    arguments: &[String],
    tail: &str,
    indentation: &str,
    style: &Style,
) -> String {
    let width = |text: &str| text.chars().count();
    let line = format!("{head}{}{tail}", arguments.join(", "));
    // A comma follows in a list.
    if width(indentation) + width(&line) < LINE || arguments.is_empty() || line.contains('\n') {
        return line;
    }
    let newline = style.newline;
    let inner = format!("{indentation}{}", style.indent);
    let together = arguments.join(", ");
    if width(&inner) + width(&together) <= LINE {
        return format!("{head}{newline}{inner}{together}{newline}{indentation}{tail}");
    }
    let lines: Vec<String> = arguments.iter().map(|argument| format!("{inner}{argument},")).collect();
    format!("{head}{newline}{}{newline}{indentation}{tail}", lines.join(newline))
}

/// Adds an element to the list with this range, behind the element `after` or at its end, in the way in which the list is
/// laid out. `None` when the file does not parse.
pub(super) fn add_element(
    file: &PythonFile,
    list: TextRange,
    after: Option<TextRange>,
    element: &Element<'_>,
) -> Option<Vec<TextEdit>> {
    let layout = Layout::of(file)?;
    let inside = TextRange::new(list.start() + TextSize::new(1), list.end() - TextSize::new(1));
    let significant = |range: TextRange| {
        layout
            .tokens_in(range)
            .iter()
            .filter(|t| !matches!(t.kind(), TokenKind::Comment | TokenKind::NonLogicalNewline))
    };
    let line = element.line();
    let Some(last) = significant(inside).next_back() else {
        return Some(vec![insertion(inside.start(), &line)]);
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
        let new = if comma.is_some() { format!(" {line},") } else { format!(", {line}") };
        return Some(vec![insertion(place, &new)]);
    }
    let first = significant(inside).next()?;
    let line = layout.text.line_start(first.start());
    let lead = layout.slice(TextRange::new(line, first.start()));
    let indentation = if lead.trim().is_empty() { lead } else { layout.style.indent.as_str() };
    let line_end = layout.text.line_end(place);
    let new =
        format!("{}{indentation}{},", layout.style.newline, element.wrapped(indentation, &layout.style));
    Some(if comma.is_some() || line_end == place {
        vec![insertion(line_end, &format!("{}{new}", if comma.is_some() { "" } else { "," }))]
    } else {
        vec![insertion(place, ","), insertion(line_end, &new)]
    })
}

/// The list with each element on a line of its own, when it stands on one line, which would become too long.
fn broken_up(
    layout: &Layout<'_>,
    list: TextRange,
    place: TextSize,
    element: &Element<'_>,
) -> Option<TextEdit> {
    let line = layout.text.line_range(list.start());
    let length = layout.slice(line).chars().count() + element.line().chars().count() + 2;
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
    let newline = layout.style.newline;
    let lead = layout.slice(TextRange::new(line.start(), list.start()));
    let outer = &lead[..lead.len() - lead.trim_start().len()];
    let inner = format!("{outer}{}", layout.style.indent);
    elements.insert(at, (place, element.wrapped(&inner, &layout.style)));
    let lines = elements.iter().map(|(_, text)| format!("{newline}{inner}{text},"));
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
