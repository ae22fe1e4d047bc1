//! Adding an import.

use ruff_python_ast::{Stmt, helpers::is_docstring_stmt};
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;

use super::insert::{append_to_comments, before, below, indented, insert_after_statement};
use super::layout::Layout;
use super::span::Span;
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// What it takes to have an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportEdit {
    /// Nothing: the module already imports it, on its top level.
    AlreadyThere,
    /// This edit.
    Add(TextEdit),
}

/// Adds one `import ...` or `from ... import ...` to the imports that open the module: behind the shebang, the coding
/// line, other opening comments, the docstring and `from __future__` imports.
///
/// `None` when `import` is no single import statement.
pub fn add_import(file: &PythonFile, import: &str) -> Option<ImportEdit> {
    let wanted = parse_module(import).ok()?;
    let [wanted] = &**wanted.suite() else { return None };
    let wanted = imported(wanted);
    if wanted.is_empty() {
        return None;
    }
    let body = file.body();
    let there: Vec<Imported> = body.iter().flat_map(imported).collect();
    if wanted.iter().all(|name| there.contains(name)) {
        return Some(ImportEdit::AlreadyThere);
    }
    let docstring = usize::from(body.first().is_some_and(is_docstring_stmt));
    let imports = body
        .iter()
        .skip(docstring)
        .take_while(|stmt| is_import(stmt) && !is_more_than_future(stmt, import))
        .count();
    let edit = match (docstring + imports).checked_sub(1).and_then(|at| body.get(at)) {
        Some(last) if is_import(last) => insert_after_statement(file, last.range(), import)?,
        Some(docstring) => below_docstring(file, docstring, import)?,
        None => above_everything(file, import)?,
    };
    Some(ImportEdit::Add(edit))
}

/// What one alias of an import statement imports: level and module of `from`, the name, and the name that it gets.
type Imported = (Option<(u32, String)>, String, Option<String>);

fn imported(stmt: &Stmt) -> Vec<Imported> {
    let (from, names) = match stmt {
        Stmt::Import(import) => (None, &import.names),
        Stmt::ImportFrom(import) => {
            let module = import.module.as_ref().map(|module| module.to_string()).unwrap_or_default();
            (Some((import.level, module)), &import.names)
        }
        _ => return Vec::new(),
    };
    let alias = |alias: &ruff_python_ast::Alias| {
        let asname = alias.asname.as_ref().filter(|asname| **asname != *alias.name);
        (from.clone(), alias.name.to_string(), asname.map(ToString::to_string))
    };
    names.iter().map(alias).collect()
}

fn is_import(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_))
}

/// A `from __future__` import may only follow other ones.
fn is_more_than_future(stmt: &Stmt, import: &str) -> bool {
    let future = |from: &Imported| from.0.as_ref().is_some_and(|(_, module)| module == "__future__");
    import.starts_with("from __future__") && !imported(stmt).iter().all(future)
}

fn below_docstring(file: &PythonFile, docstring: &Stmt, import: &str) -> Option<TextEdit> {
    let span = Span::find(file, &[docstring.range()])?;
    let line = span.layout.line_end(docstring.end());
    let behind = usize::from(span.next().is_some() && span.layout.blank_lines_below(line.full).is_empty());
    let lines = indented(import, "", span.layout.style.newline);
    Some(below(&span.layout, line, &lines, (1, behind)))
}

fn above_everything(file: &PythonFile, import: &str) -> Option<TextEdit> {
    let Some(first) = file.body().first() else {
        return append_to_comments(&Layout::of(file)?, import);
    };
    let span = Span::find(file, &[first.range()])?;
    before(&span, &indented(import, "", span.layout.style.newline), usize::from(!is_import(first)))
}
