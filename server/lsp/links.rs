//! `textDocument/documentLink`: from the calls and requests of a log to the code.

use tower_lsp_server::ls_types::{DocumentLink, DocumentLinkParams};

use super::session::Session;

/// The links of a document.
pub async fn links(session: &Session, params: DocumentLinkParams) -> Vec<DocumentLink> {
    let results = session.up_to_date().await;
    let report = results.files.get(&params.text_document.uri);
    let links = report.map(|report| report.links.as_slice()).unwrap_or_default();
    let shown = |link: &super::results::Link| DocumentLink {
        range: link.range,
        target: Some(link.target.clone()),
        tooltip: None,
        data: None,
    };
    links.iter().map(shown).collect()
}
