//! Small additions in the manner of what is there: an element of a list, a name of an import.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Expr, Stmt};
use ruff_source_file::LineRanges;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::super::imports::{ImportEdit, add_import};
use super::super::layout::Layout;
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
        let is_last = significant(TextRange::new(place, inside.end())).next().is_none();
        let new = match (comma, is_last) {
            (Some(_), true) => format!(" {element},"),
            (Some(_), false) => format!(" {element},"),
            (None, _) => format!(", {element}"),
        };
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

/// Adds a name to the `from ... import` statement with this range.
pub(super) fn extend_import(file: &PythonFile, import: TextRange, name: &str) -> Option<TextEdit> {
    let stmt = file.body().iter().find(|stmt| stmt.range() == import)?;
    let Stmt::ImportFrom(import) = stmt else { return None };
    let last = import.names.last()?;
    (last.name.as_str() != "*").then(|| insertion(last.end(), &format!(", {name}")))
}

/// Adds `from module import name`, to the import of that module when there is one. No edits when it is there already.
pub(super) fn import_name(file: &PythonFile, module: &str, name: &str) -> Option<Vec<TextEdit>> {
    import_names(file, module, &[name])
}

/// Adds `from module import a, b`, to the import of that module when there is one. No edits when all are there.
pub(super) fn import_names(file: &PythonFile, module: &str, names: &[&str]) -> Option<Vec<TextEdit>> {
    let (level, bare) = (module.len() - module.trim_start_matches('.').len(), module.trim_start_matches('.'));
    let mut existing = None;
    let mut missing: Vec<&str> = names.to_vec();
    for stmt in file.body() {
        let Stmt::ImportFrom(import) = stmt else { continue };
        let own = import.module.as_ref().map_or("", |own| own.as_str());
        if own != bare || usize::try_from(import.level).ok()? != level {
            continue;
        }
        for alias in &import.names {
            if alias.asname.is_none() {
                missing.retain(|name| *name != alias.name.as_str());
            }
        }
        if import.names.iter().all(|alias| alias.name.as_str() != "*") {
            existing.get_or_insert(stmt.range());
        }
    }
    if missing.is_empty() {
        return Some(Vec::new());
    }
    let missing = missing.join(", ");
    if let Some(edit) = existing.and_then(|import| extend_import(file, import, &missing)) {
        return Some(vec![edit]);
    }
    match add_import(file, &format!("from {module} import {missing}"))? {
        ImportEdit::AlreadyThere => Some(Vec::new()),
        ImportEdit::Add(edit) => Some(vec![edit]),
    }
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
