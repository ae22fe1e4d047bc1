//! `textDocument/codeLens`: the verdict, on top of the file that a host loads, and who is told to serve it.

use std::sync::Arc;

use serde_json::json;
use tower_lsp_server::ls_types::{CodeLens, CodeLensParams, Command, Location, Range, Uri};

use super::session::Session;
use super::{commands, config_files, convert};
use crate::comfort::config::served_by;
use crate::hosting::told::Server;

/// One lens for each deployment that loads this file: a click asks for the whole verdict. Behind them one for each place of a
/// configuration that names the file: a click leads there.
pub async fn code_lenses(session: &Arc<Session>, params: CodeLensParams) -> Vec<CodeLens> {
    let uri = params.text_document.uri;
    let wirings = wirings(session, &uri).await;
    let results = session.up_to_date().await;
    let here = results.folders.iter().flat_map(|folder| &folder.predictions);
    let here = here.filter(|prediction| prediction.entry.as_ref() == Some(&uri));
    let verdicts = here.map(|prediction| lens(prediction.title(), commands::VERDICT, json!(uri)));
    let served = wirings.into_iter().map(|(title, place)| lens(title, commands::OPEN_WIRING, json!(place)));
    verdicts.chain(served).collect()
}

/// Over the first line.
fn lens(title: String, command: &str, argument: serde_json::Value) -> CodeLens {
    let command = Command { title, command: command.to_owned(), arguments: Some(vec![argument]) };
    CodeLens { range: Range::default(), command: Some(command), data: None }
}

/// The places of configurations that name this file, with the title of each.
async fn wirings(session: &Arc<Session>, uri: &Uri) -> Vec<(String, Location)> {
    let found = config_files::look(session, uri, |view, path, encoding| {
        let mut places = Vec::new();
        for (root, project) in config_files::projects(view) {
            for served in served_by(&view.snapshot, root, project, path) {
                let Some((source, _)) = view.snapshot.text(&served.by) else { continue };
                let Some(uri) = convert::uri_of(&served.by) else { continue };
                let name = crate::workspace::relative_slash(&served.by, root);
                let line = source.line(served.entry.start());
                let title = match served.server {
                    Server::Other => format!("Served as {name} says in line {line}"),
                    server => format!("Served by {}: {name}, line {line}", server.title()),
                };
                let range = convert::range(&source, served.entry, encoding);
                places.push((title, Location { uri, range }));
            }
        }
        Some(places)
    });
    found.await.unwrap_or_default()
}
