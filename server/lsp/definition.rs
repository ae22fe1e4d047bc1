//! `textDocument/definition`, `documentLink` and `references` between configurations and the files of Python that they name.

use std::sync::Arc;

use tower_lsp_server::ls_types::{
    DocumentLink, DocumentLinkParams, GotoDefinitionParams, GotoDefinitionResponse, Location, ReferenceParams,
};

use super::session::Session;
use super::{config_files, convert};
use crate::comfort::config::{link_at, links, served_by};
use crate::text::{Source, offset_of};

/// Where a module, callable or path of a configuration leads.
pub async fn definition(
    session: &Arc<Session>,
    params: GotoDefinitionParams,
) -> Option<GotoDefinitionResponse> {
    let at = params.text_document_position_params;
    let found = config_files::look(session, &at.text_document.uri, move |view, path, encoding| {
        config_files::with(view, path, |place| {
            let link = link_at(place, config_files::offset(place, at.position, encoding))?;
            config_files::location(&view.snapshot, &link, encoding)
        })?
    });
    found.await.map(GotoDefinitionResponse::Scalar)
}

/// All places of a configuration that lead to files.
pub async fn document_links(session: &Arc<Session>, params: DocumentLinkParams) -> Option<Vec<DocumentLink>> {
    let uri = params.text_document.uri;
    let found = config_files::look(session, &uri, |view, path, encoding| {
        config_files::with(view, path, |place| {
            let paths = links(place).into_iter().filter(|link| link.name.is_none());
            let links = paths.filter_map(|link| {
                Some(DocumentLink {
                    range: config_files::range(place, link.range, encoding),
                    target: Some(convert::uri_of(&link.path)?),
                    tooltip: None,
                    data: None,
                })
            });
            links.collect::<Vec<_>>()
        })
    });
    found.await
}

/// Who serves the file of Python, or what a place of a configuration names: the places of all configurations that do.
pub async fn references(session: &Arc<Session>, params: ReferenceParams) -> Option<Vec<Location>> {
    let at = params.text_document_position;
    let found = config_files::look(session, &at.text_document.uri, move |view, path, encoding| {
        let link = config_files::with(view, path, |place| {
            link_at(place, config_files::offset(place, at.position, encoding))
        });
        let (path, name) = match link {
            Some(link) => link.map(|link| (link.path, link.name))?,
            None => {
                let file = view.snapshot.python(path, config_files::LOOKED_AT)?;
                let offset = offset_of(file.source(), convert::position(at.position), encoding);
                let name = word_at(file.source(), offset.to_usize());
                (path.to_owned(), Some(name?))
            }
        };
        let mut locations = Vec::new();
        for (root, project) in config_files::projects(view) {
            for served in served_by(&view.snapshot, root, project, &path) {
                let callable = served.callable.as_ref().map_or("application", |(_, name)| name);
                if name.as_ref().is_some_and(|name| name != callable) {
                    continue;
                }
                let (source, _) = view.snapshot.text(&served.by)?;
                let range = served
                    .callable
                    .as_ref()
                    .filter(|_| name.is_some())
                    .map_or(served.entry, |(range, _)| *range);
                let range = convert::range(&source, range, encoding);
                locations.push(Location { uri: convert::uri_of(&served.by)?, range });
            }
        }
        Some(locations)
    });
    found.await
}

/// The name around an offset (bytes).
fn word_at(source: &Source, offset: usize) -> Option<String> {
    let text = source.text();
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let start = text
        .get(..offset)?
        .rfind(|c| !is_part(c))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let end = text.get(offset..)?.find(|c| !is_part(c)).map_or(text.len(), |at| offset + at);
    (start < end).then(|| text[start..end].to_owned())
}
