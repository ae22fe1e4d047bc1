//! `textDocument/diagnostic` and `workspace/diagnostic`.

use std::collections::{BTreeMap, HashMap};

use tower_lsp_server::ls_types::{
    DocumentDiagnosticReport, DocumentDiagnosticReportResult, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport, Uri, WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};

use super::results::{FileReport, Results, empty_id};
use super::session::{Session, State};

/// The diagnostics of one document, or that they are those that the client has.
pub async fn document(
    session: &Session,
    uri: Uri,
    previous: Option<String>,
) -> DocumentDiagnosticReportResult {
    let results = session.up_to_date().await;
    let report = results.files.get(&uri);
    let id = id_of(report);
    session.with(|state| tell(state, &uri, &id));
    let report = if previous.as_ref() == Some(&id) {
        let report = UnchangedDocumentDiagnosticReport { result_id: id };
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: report,
        })
    } else {
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: full(report, id),
        })
    };
    DocumentDiagnosticReportResult::Report(report)
}

/// The diagnostics of all files that have any, or had some when the client asked last.
pub async fn workspace(session: &Session, previous: HashMap<Uri, String>) -> WorkspaceDiagnosticReport {
    // From now on, files that are not open are asked for and no longer sent.
    if session.with(|state| !std::mem::replace(&mut state.workspace_pulls, true)) {
        session.change(|_| ());
    }
    let results = session.up_to_date().await;
    let mut files: BTreeMap<&Uri, Option<&FileReport>> = previous.keys().map(|uri| (uri, None)).collect();
    files.extend(said(&results).map(|(uri, report)| (uri, Some(report))));
    session.with(|state| files.iter().for_each(|(uri, report)| tell(state, uri, &id_of(*report))));
    let items = files.into_iter().map(|(uri, report)| {
        let id = id_of(report);
        let version = report.and_then(|report| report.version).map(i64::from);
        if previous.get(uri) == Some(&id) {
            let report = UnchangedDocumentDiagnosticReport { result_id: id };
            return WorkspaceDocumentDiagnosticReport::Unchanged(
                WorkspaceUnchangedDocumentDiagnosticReport {
                    uri: uri.clone(),
                    version,
                    unchanged_document_diagnostic_report: report,
                },
            );
        }
        WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
            uri: uri.clone(),
            version,
            full_document_diagnostic_report: full(report, id),
        })
    });
    WorkspaceDiagnosticReport { items: items.collect() }
}

/// The files with diagnostics, and the open documents.
fn said(results: &Results) -> impl Iterator<Item = (&Uri, &FileReport)> {
    results.files.iter().filter(|(_, report)| !report.items.is_empty() || report.version.is_some())
}

fn id_of(report: Option<&FileReport>) -> String {
    report.map_or_else(empty_id, |report| report.id.clone())
}

fn full(report: Option<&FileReport>, id: String) -> FullDocumentDiagnosticReport {
    let items = report.map(FileReport::diagnostics).unwrap_or_default();
    FullDocumentDiagnosticReport { result_id: Some(id), items }
}

/// Remembers what the client knows now.
fn tell(state: &mut State, uri: &Uri, id: &str) {
    let edit = state.documents.get(uri).map(|document| document.edit);
    state.told.insert(uri.clone(), (id.to_owned(), edit));
}
