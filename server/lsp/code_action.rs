//! `textDocument/codeAction`: quick fixes for what the range touches, all safe fixes of a file at once, and moving work to a
//! background task.
//!
//! The diagnostics that a request carries are never looked at: Kate sends none, and others send those of the whole line.

use std::collections::HashMap;
use std::sync::Arc;

use tower_lsp_server::ls_types::{
    CodeAction, CodeActionDisabled, CodeActionKind, CodeActionOrCommand, CodeActionParams,
    CodeActionTriggerKind, Command, CreateFile, DocumentChangeOperation, DocumentChanges, Location, OneOf,
    OptionalVersionedTextDocumentIdentifier, Range, ResourceOp, TextDocumentEdit, TextEdit, Uri,
    WorkspaceEdit,
};

use super::convert::touches;
use super::features::{FIX_ALL, NEXT_STEPS};
use super::refactor::{ASKED_BY, Refactoring, places_of, refactorings};
use super::results::{FileEdits, FileReport, Item, Repair};
use super::session::Session;

/// The actions for a range; none when nothing is wrong there.
pub async fn code_actions(session: &Arc<Session>, params: CodeActionParams) -> Vec<CodeActionOrCommand> {
    let results = session.up_to_date().await;
    let uri = &params.text_document.uri;
    let Some(report) = results.files.get(uri) else { return Vec::new() };
    let form = Form::of(session);
    let only = params.context.only.as_deref();
    let mut actions = Vec::new();
    if wanted(&CodeActionKind::QUICKFIX, only) {
        quick_fixes(report, params.range, form, |repair| !repair.silences, &mut actions);
        for item in &report.items {
            if item.rule.is_some_and(|rule| ASKED_BY.contains(&rule.id))
                && touches(item.diagnostic.range, params.range)
            {
                let offered = refactorings(session, &results, places_of(uri, &item.diagnostic)).await;
                let refactoring = offered.into_iter().flatten().find_map(Result::ok);
                actions.extend(refactoring.map(|refactoring| CodeAction {
                    diagnostics: Some(vec![item.diagnostic.clone()]),
                    ..moved(CodeActionKind::QUICKFIX, refactoring, form)
                }));
            }
        }
        // To look away is the last thing to offer.
        quick_fixes(report, params.range, form, |repair| repair.silences, &mut actions);
    }
    // Without being asked for, it is only worth a line of the menu where there is something to mend.
    if (only.is_some() && wanted(&FIX_ALL, only)) || (only.is_none() && !actions.is_empty()) {
        actions.extend(fix_all(report, form));
    }
    if wanted(&CodeActionKind::REFACTOR_EXTRACT, only) {
        let told = session.with(|state| state.features.disabled_actions)
            && params.context.trigger_kind != Some(CodeActionTriggerKind::AUTOMATIC);
        let place = Location { uri: uri.clone(), range: params.range };
        match refactorings(session, &results, vec![place]).await.into_iter().next().flatten() {
            Some(Ok(refactoring)) => {
                let action = moved(CodeActionKind::REFACTOR_EXTRACT, refactoring, form);
                // A finding may have asked for the same.
                if actions.iter().all(|other| other.edit != action.edit) {
                    actions.push(action);
                }
            }
            Some(Err(reason)) if told => actions.push(CodeAction {
                title: "Move to a background task".to_owned(),
                kind: Some(CodeActionKind::REFACTOR_EXTRACT),
                disabled: Some(CodeActionDisabled { reason }),
                ..CodeAction::default()
            }),
            _ => {}
        }
    }
    actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

/// The form in which the client takes edits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Form {
    /// With the versions of the documents.
    versioned: bool,
    /// With the files that it is to create.
    creates_files: bool,
}

impl Form {
    /// The form that the client of a session takes.
    pub fn of(session: &Session) -> Self {
        session.with(|state| Self {
            versioned: state.features.document_changes,
            creates_files: state.features.creates_files,
        })
    }
}

/// The action that moves work to a background task; after its edit, the client shows what is left to do.
fn moved(kind: CodeActionKind, refactoring: Refactoring, form: Form) -> CodeAction {
    CodeAction {
        title: refactoring.title,
        kind: Some(kind),
        edit: Some(workspace_edit(refactoring.edits, form)),
        command: Some(Command {
            title: "Show what is left to do".to_owned(),
            command: NEXT_STEPS.to_owned(),
            arguments: Some(vec![refactoring.next_steps.into()]),
        }),
        ..CodeAction::default()
    }
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

fn quick_fixes(
    report: &FileReport,
    range: Range,
    form: Form,
    which: impl Fn(&Repair) -> bool,
    actions: &mut Vec<CodeAction>,
) {
    let mut offered: Vec<&Repair> = Vec::new();
    for item in report.items.iter().filter(|item| touches(item.diagnostic.range, range)) {
        for repair in item.repairs.iter().filter(|repair| which(repair)) {
            if offered.contains(&repair) {
                continue;
            }
            offered.push(repair);
            actions.push(CodeAction {
                title: repair.title.clone(),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![item.diagnostic.clone()]),
                edit: Some(workspace_edit(repair.edits.clone(), form)),
                is_preferred: repair.preferred.then_some(true),
                ..CodeAction::default()
            });
        }
    }
}

/// The best safe fix of every finding, as far as they do not touch each other.
fn fix_all(report: &FileReport, form: Form) -> Option<CodeAction> {
    let all = safe_fixes(&report.items);
    (!all.is_empty()).then(|| CodeAction {
        title: "Apply all safe fixes of wsgi-ls".to_owned(),
        kind: Some(FIX_ALL),
        edit: Some(workspace_edit(all, form)),
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

/// Edits in the form that the client takes. Files that do not exist yet are created first where the client can be told so;
/// elsewhere, an edit of a file that is not there is all that creates it.
pub fn workspace_edit(edits: Vec<FileEdits>, form: Form) -> WorkspaceEdit {
    let creates = form.creates_files && edits.iter().any(|file| file.creates);
    if !form.versioned && !creates {
        let changes: HashMap<Uri, Vec<TextEdit>> =
            edits.into_iter().map(|file| (file.uri, file.edits)).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let mut operations = Vec::new();
    for file in edits {
        if creates && file.creates {
            let create = CreateFile { uri: file.uri.clone(), options: None, annotation_id: None };
            operations.push(DocumentChangeOperation::Op(ResourceOp::Create(create)));
        }
        let version = file.version.filter(|_| form.versioned);
        operations.push(DocumentChangeOperation::Edit(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri: file.uri, version },
            edits: file.edits.into_iter().map(OneOf::Left).collect(),
        }));
    }
    WorkspaceEdit {
        document_changes: Some(DocumentChanges::Operations(operations)),
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
        let edits = vec![FileEdits { uri, version: Some(3), edits: edits.collect(), creates: false }];
        let title = format!("Mend line {}", at.start.line);
        Item {
            rule: None,
            diagnostic: Diagnostic { range: at, ..Diagnostic::default() },
            repairs: vec![Repair { title, preferred: true, safe, silences: false, edits }],
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
        let action = fix_all(&report, Form::default()).expect("safe fixes");
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
            quick_fixes(&report, at, Form::default(), |_| true, &mut actions);
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
