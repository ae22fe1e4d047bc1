//! `textDocument/codeAction`: quick fixes for what the range touches, and all safe fixes of a file at once.
//!
//! The diagnostics that a request carries are never looked at: Kate sends none, and others send those of the whole line.

use std::collections::HashMap;

use tower_lsp_server::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, Range, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};

use super::convert::touches;
use super::features::FIX_ALL;
use super::results::{FileEdits, FileReport, Item, Repair};
use super::session::Session;

/// The actions for a range; none when nothing is wrong there.
pub async fn code_actions(session: &Session, params: CodeActionParams) -> Vec<CodeActionOrCommand> {
    let results = session.up_to_date().await;
    let Some(report) = results.files.get(&params.text_document.uri) else { return Vec::new() };
    let versioned = session.with(|state| state.features.document_changes);
    let only = params.context.only.as_deref();
    let mut actions = Vec::new();
    if wanted(&CodeActionKind::QUICKFIX, only) {
        quick_fixes(report, params.range, versioned, &mut actions);
    }
    // Without being asked for, it is only worth a line of the menu where there is something to mend.
    if (only.is_some() && wanted(&FIX_ALL, only)) || (only.is_none() && !actions.is_empty()) {
        actions.extend(fix_all(report, versioned));
    }
    actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

/// Whether a kind is asked for: `source` asks for `source.fixAll.wsgi-ls` too.
fn wanted(kind: &CodeActionKind, only: Option<&[CodeActionKind]>) -> bool {
    only.is_none_or(|only| {
        only.iter().any(|asked| {
            kind.as_str()
                .strip_prefix(asked.as_str())
                .is_some_and(|rest| rest.is_empty() || asked.as_str().is_empty() || rest.starts_with('.'))
        })
    })
}

fn quick_fixes(report: &FileReport, range: Range, versioned: bool, actions: &mut Vec<CodeAction>) {
    let mut offered: Vec<&Repair> = Vec::new();
    for item in report.items.iter().filter(|item| touches(item.diagnostic.range, range)) {
        for repair in &item.repairs {
            if offered.contains(&repair) {
                continue;
            }
            offered.push(repair);
            actions.push(CodeAction {
                title: repair.title.clone(),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![item.diagnostic.clone()]),
                edit: Some(workspace_edit(repair.edits.clone(), versioned)),
                is_preferred: repair.preferred.then_some(true),
                ..CodeAction::default()
            });
        }
    }
}

fn fix_all(report: &FileReport, versioned: bool) -> Option<CodeAction> {
    let all = safe_fixes(&report.items);
    (!all.is_empty()).then(|| CodeAction {
        title: "Apply all safe fixes of wsgi-ls".to_owned(),
        kind: Some(FIX_ALL),
        edit: Some(workspace_edit(all, versioned)),
        ..CodeAction::default()
    })
}

/// The best safe fix of every finding, as far as they do not touch each other.
pub fn safe_fixes<'a>(items: impl IntoIterator<Item = &'a Item>) -> Vec<FileEdits> {
    let mut all: Vec<FileEdits> = Vec::new();
    for item in items {
        let Some(repair) = item.repairs.iter().find(|repair| repair.safe) else { continue };
        if repair.edits.iter().all(|edits| fits(&all, edits)) {
            repair.edits.iter().for_each(|edits| join(&mut all, edits));
        }
    }
    all
}

/// Whether edits touch none of those that were taken.
fn fits(taken: &[FileEdits], new: &FileEdits) -> bool {
    let taken = taken.iter().filter(|file| file.uri == new.uri).flat_map(|file| &file.edits);
    taken.into_iter().all(|one| new.edits.iter().all(|other| !touches(one.range, other.range)))
}

fn join(all: &mut Vec<FileEdits>, new: &FileEdits) {
    match all.iter_mut().find(|file| file.uri == new.uri) {
        Some(file) => {
            file.edits.extend(new.edits.iter().cloned());
            file.edits.sort_by_key(|edit| edit.range.start);
        }
        None => all.push(new.clone()),
    }
}

/// Edits in the form that the client takes; `versioned`: with the versions of the documents.
pub fn workspace_edit(edits: Vec<FileEdits>, versioned: bool) -> WorkspaceEdit {
    if !versioned {
        let changes: HashMap<Uri, Vec<TextEdit>> =
            edits.into_iter().map(|file| (file.uri, file.edits)).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let edits = edits.into_iter().map(|file| TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri: file.uri, version: file.version },
        edits: file.edits.into_iter().map(OneOf::Left).collect(),
    });
    WorkspaceEdit {
        document_changes: Some(DocumentChanges::Edits(edits.collect())),
        ..WorkspaceEdit::default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use tower_lsp_server::ls_types::{Diagnostic, Position};

    use super::*;

    fn range(line: u32, start: u32, end: u32) -> Range {
        Range::new(Position::new(line, start), Position::new(line, end))
    }

    fn item(at: Range, safe: bool, edits: &[Range]) -> Item {
        let uri: Uri = "file:///app.py".parse().expect("a URI");
        let edits = edits.iter().map(|range| TextEdit { range: *range, new_text: String::new() });
        let edits = vec![FileEdits { uri, version: Some(3), edits: edits.collect() }];
        let title = format!("Mend line {}", at.start.line);
        Item {
            rule: crate::rules::find("syntax-error").expect("a rule"),
            diagnostic: Diagnostic { range: at, ..Diagnostic::default() },
            repairs: vec![Repair { title, preferred: true, safe, edits }],
        }
    }

    #[test]
    fn all_safe_fixes_that_do_not_touch_are_applied_together() {
        let items = vec![
            item(range(1, 0, 4), true, &[range(1, 0, 4)]),
            item(range(1, 2, 6), true, &[range(1, 2, 6), range(5, 0, 1)]),
            item(range(2, 0, 4), false, &[range(2, 0, 4)]),
            item(range(3, 0, 4), true, &[range(3, 0, 4), range(0, 0, 0)]),
        ];
        let report = FileReport { items, ..FileReport::default() };
        let action = fix_all(&report, false).expect("safe fixes");
        let changes = action.edit.expect("an edit").changes.expect("plain changes");
        let lines: Vec<u32> = changes.values().flatten().map(|edit| edit.range.start.line).collect();
        assert_eq!(lines, [0, 1, 3]);
    }

    #[test]
    fn the_range_decides_what_is_offered() {
        let items = vec![item(range(1, 2, 6), true, &[range(1, 2, 6)]), item(range(2, 0, 4), true, &[])];
        let report = FileReport { items, ..FileReport::default() };
        let titles = |at| {
            let mut actions = Vec::new();
            quick_fixes(&report, at, true, &mut actions);
            actions.into_iter().map(|action| action.title).collect::<Vec<_>>()
        };
        assert_eq!(titles(range(1, 6, 6)), ["Mend line 1"]);
        assert_eq!(
            titles(Range::new(Position::new(1, 0), Position::new(2, 0))),
            ["Mend line 1", "Mend line 2"]
        );
        assert!(titles(range(1, 7, 7)).is_empty());
    }

    #[test]
    fn a_kind_asks_for_its_children() {
        let wants = |asked: &'static str| wanted(&FIX_ALL, Some(&[CodeActionKind::new(asked)]));
        assert!(wants("source") && wants("source.fixAll") && wants("source.fixAll.wsgi-ls") && wants(""));
        assert!(!wants("source.fixAll.ruff") && !wants("sour") && !wants("quickfix"));
    }
}
