//! `textDocument/codeLens`: the verdict, on top of the file that a host loads.

use serde_json::json;
use tower_lsp_server::ls_types::{CodeLens, CodeLensParams, Command, Range};

use super::commands;
use super::session::Session;

/// One lens for each deployment that loads this file; a click asks for the whole verdict.
pub async fn code_lenses(session: &Session, params: CodeLensParams) -> Vec<CodeLens> {
    let uri = params.text_document.uri;
    let results = session.up_to_date().await;
    let here = results.folders.iter().flat_map(|folder| &folder.predictions);
    let here = here.filter(|prediction| prediction.entry.as_ref() == Some(&uri));
    let lens = here.map(|prediction| CodeLens {
        range: Range::default(),
        command: Some(Command {
            title: prediction.title(),
            command: commands::VERDICT.to_owned(),
            arguments: Some(vec![json!(uri)]),
        }),
        data: None,
    });
    lens.collect()
}
