//! Imports for a file that exists, where the usual tools would sort them.

use ruff_python_ast::helpers::is_docstring_stmt;
use ruff_python_ast::{Alias, Stmt, StmtImportFrom};
use ruff_source_file::LineRanges;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::super::imports::{ImportEdit, add_import};
use super::super::insert::{before, below};
use super::super::layout::Layout;
use super::super::span::Span;
use super::needs::{key_of, member_key};
use super::project::{Project, imports_of};
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// Adds `import ...` and `from ... import ...` statements: names go to an import of the same module where there is one, other
/// statements among the imports that open the file. `None` when the file has no place for them.
pub(super) fn add_imports(
    project: &Project<'_>,
    file: &PythonFile,
    imports: &[String],
) -> Option<Vec<TextEdit>> {
    let mut edits = Vec::new();
    let mut new: Vec<String> = Vec::new();
    for import in imports {
        match import.strip_prefix("from ").and_then(|rest| rest.split_once(" import ")) {
            Some((module, names)) if !names.contains(" as ") => {
                let names = missing(file, module, names.split(", ").collect());
                if names.is_empty() {
                    continue;
                }
                match from_import(file, module) {
                    Some(existing) => edits.extend(extended(file, existing, &names)?),
                    None => new.push(format!("from {module} import {}", names.join(", "))),
                }
            }
            _ if imports_of(file.body()).any(|own| own.top && own.text() == *import) => {}
            _ => new.push(import.clone()),
        }
    }
    new.sort_by_key(|import| key_of(project, import));
    edits.extend(placed(project, file, &new)?);
    Some(edits)
}

/// Adds a name to the `from ... import` statement with this range.
pub(super) fn extend_import(file: &PythonFile, import: TextRange, name: &str) -> Option<Vec<TextEdit>> {
    let stmt = file.body().iter().find(|stmt| stmt.range() == import)?;
    let Stmt::ImportFrom(import) = stmt else { return None };
    extended(file, import, &[name])
}

fn missing<'n>(file: &PythonFile, module: &str, mut names: Vec<&'n str>) -> Vec<&'n str> {
    let there = |name: &str| {
        imports_of(file.body()).any(|own| {
            own.top
                && own.binds() == name
                && own.name() == name
                && own.text().starts_with(&format!("from {module} "))
        })
    };
    names.retain(|name| !there(name));
    names
}

/// The first import of a module's names that can take another one.
fn from_import<'a>(file: &'a PythonFile, module: &str) -> Option<&'a StmtImportFrom> {
    file.body().iter().find_map(|stmt| {
        let Stmt::ImportFrom(import) = stmt else { return None };
        let dots = ".".repeat(usize::try_from(import.level).unwrap_or(0));
        let own = format!("{dots}{}", import.module.as_ref().map_or("", |own| own.as_str()));
        let open = import.names.iter().all(|alias| alias.name.as_str() != "*");
        (own == module && open).then_some(import)
    })
}

/// New names in an import statement: in their order when the statement keeps one, each on a line of its own when the others
/// have theirs.
fn extended(file: &PythonFile, import: &StmtImportFrom, names: &[&str]) -> Option<Vec<TextEdit>> {
    let layout = Layout::of(file)?;
    let key = |alias: &Alias| member_key(alias.name.as_str());
    let sorted = import.names.is_sorted_by_key(key);
    let mut names = names.to_vec();
    names.sort_by_key(|name| member_key(name));
    let lead = |alias: &Alias| {
        let line = layout.slice(TextRange::new(layout.text.line_start(alias.start()), alias.start()));
        line.trim().is_empty().then_some(line)
    };
    let mut edits: Vec<TextEdit> = Vec::new();
    for name in names {
        let next = import.names.iter().find(|alias| sorted && key(alias) > member_key(name));
        edits.push(match next {
            Some(next) => {
                let separator =
                    lead(next).map_or(" ".to_owned(), |lead| format!("{}{lead}", layout.style.newline));
                insertion(next.start(), &format!("{name},{separator}"))
            }
            None => {
                let last = import.names.last()?;
                let separator =
                    lead(last).map_or(" ".to_owned(), |lead| format!("{}{lead}", layout.style.newline));
                insertion(last.end(), &format!(",{separator}{name}"))
            }
        });
    }
    Some(edits)
}

/// New statements (sorted) among the imports that open the file: each behind the last one that comes before it in order,
/// with a blank line where another section begins.
fn placed(project: &Project<'_>, file: &PythonFile, new: &[String]) -> Option<Vec<TextEdit>> {
    let layout = Layout::of(file)?;
    let body = file.body();
    let docstring = usize::from(body.first().is_some_and(is_docstring_stmt));
    let leading: Vec<&Stmt> = body
        .iter()
        .skip(docstring)
        .take_while(|stmt| matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_)))
        .collect();
    if leading.is_empty() {
        let added = new.iter().map(|import| add_import(file, import));
        let added: Option<Vec<ImportEdit>> = added.collect();
        return Some(
            added?
                .into_iter()
                .filter_map(|edit| match edit {
                    ImportEdit::Add(edit) => Some(edit),
                    ImportEdit::AlreadyThere => None,
                })
                .collect(),
        );
    }
    let keys: Vec<_> = leading.iter().map(|stmt| key_of(project, file.slice(stmt.range()))).collect();
    let mut edits = Vec::new();
    let mut rest = new;
    while let Some(import) = rest.first() {
        let anchor = |import: &String| keys.iter().rposition(|own| *own <= key_of(project, import));
        let at = anchor(import);
        let count = rest.iter().take_while(|other| anchor(other) == at).count();
        let (group, others) = rest.split_at_checked(count)?;
        rest = others;
        let mut section = at.and_then(|at| keys.get(at)).map(|key| key.0);
        let blank_first = section.is_some_and(|own| own != key_of(project, import).0);
        let mut lines: Vec<&str> = Vec::new();
        section = if blank_first { None } else { section };
        for import in group {
            let own = key_of(project, import).0;
            if section.is_some_and(|section| section != own) {
                lines.push("");
            }
            section = Some(own);
            lines.push(import);
        }
        let lines = lines.join(layout.style.newline);
        // The section may begin further down, behind a blank line of its own.
        let next = at.map_or(0, |at| at + 1);
        let joins_next = keys.get(next).is_some_and(|key| Some(key.0) == section);
        edits.push(match at.and_then(|at| leading.get(at)).filter(|_| !(blank_first && joins_next)) {
            Some(stmt) => {
                let span = Span::find(file, &[stmt.range()])?;
                let end = span.layout.line_end(stmt.end());
                below(&span.layout, end, &lines, (usize::from(blank_first), 0))
            }
            None => {
                let span = Span::find(file, &[leading.get(next)?.range()])?;
                before(&span, &lines, usize::from(!joins_next))?
            }
        });
    }
    Some(edits)
}

fn insertion(at: TextSize, text: &str) -> TextEdit {
    TextEdit::replace(TextRange::empty(at), text)
}
