//! `textDocument/hover`: what is wrong at a place, why, and where to read more.

use std::sync::Arc;

use tower_lsp_server::ls_types::{
    Hover, HoverContents, HoverParams, MarkupContent, MarkupKind, Position, Range, Uri,
};

use super::config_files;
use super::convert::{path_of, touches};
use super::results::{FileReport, FolderReport, Item};
use super::session::Session;
use crate::comfort::config::explain;
use crate::rules::Rule;

/// Everything that is said of a position; `None` when nothing is.
pub async fn hover(session: &Arc<Session>, params: HoverParams) -> Option<Hover> {
    let place = params.text_document_position_params;
    let results = session.up_to_date().await;
    let report = results.files.get(&place.text_document.uri);
    let (markdown, links) = session.with(|state| (state.features.markdown, state.features.links));
    let describe = |item: &Item| describe(item, &results.folders, links);
    let said = report.and_then(|report| at(report, place.position, describe));
    let position = place.position;
    let explained = config_files::look(session, &place.text_document.uri, move |view, path, encoding| {
        config_files::with(view, path, |place| {
            let (range, text) = explain(place, config_files::offset(place, position, encoding))?;
            Some((config_files::range(place, range, encoding), text))
        })?
    });
    let (range, value) = match (said, explained.await) {
        (Some((range, said)), Some((_, explained))) => (range, format!("{said}\n\n---\n\n{explained}")),
        (one, other) => one.or(other)?,
    };
    let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Some(Hover { contents: HoverContents::Markup(MarkupContent { kind, value }), range: Some(range) })
}

/// The narrowest range that something is said of, and all that is said.
fn at(
    report: &FileReport,
    position: Position,
    describe: impl Fn(&Item) -> String,
) -> Option<(Range, String)> {
    let here = |range: Range| touches(range, Range::new(position, position));
    let items = report.items.iter().filter(|item| here(item.diagnostic.range));
    let findings = items.map(|item| (item.diagnostic.range, describe(item)));
    let notes = report.notes.iter().filter(|(range, _)| here(*range)).cloned();
    let said: Vec<(Range, String)> = findings.chain(notes).collect();
    let narrowest = said
        .iter()
        .map(|(range, _)| *range)
        .min_by_key(|range| (range.end.line - range.start.line, range.end.character))?;
    let texts: Vec<String> = said.into_iter().map(|(_, text)| text).collect();
    Some((narrowest, texts.join("\n\n---\n\n")))
}

fn describe(item: &Item, folders: &[FolderReport], links: bool) -> String {
    let link = |title: &str, url: &str| match links {
        true => format!("\n\n[{title}]({url})"),
        false => format!("\n\n{title}: <{url}>"),
    };
    let mut text = item.diagnostic.message.clone();
    // Not every editor shows them with the finding.
    let related: Vec<String> = item
        .diagnostic
        .related_information
        .iter()
        .flatten()
        .map(|one| {
            let (uri, line) = (one.location.uri.as_str(), one.location.range.start.line + 1);
            let place = format!("{}:{line}", file_name(&one.location.uri, folders));
            match links {
                true => format!("- [{place}]({uri}#L{line}): {}", one.message),
                false => format!("- `{place}`: {}", one.message),
            }
        })
        .collect();
    if !related.is_empty() {
        text.push_str(&format!("\n\n{}", related.join("\n")));
    }
    let Some(Rule { id, guidance, summary, .. }) = item.rule else {
        // What a log tells explains itself.
        if let Some(page) = &item.diagnostic.code_description {
            text.push_str(&link("What the hosts' help says", page.href.as_str()));
        }
        return text;
    };
    // The first paragraph says what happens; `wsgi-ls explain` and the page tell the rest.
    let explanation = guidance.explanation.trim().split("\n\n").next().unwrap_or_default();
    text.push_str(&format!("\n\n`{id}`: {summary}\n\n{explanation}"));
    for page in guidance.pages.iter().take(2) {
        text.push_str(&link(page.title, page.url));
    }
    text
}

/// A file as people call it: relative to the checked folder that holds it.
fn file_name(uri: &Uri, folders: &[FolderReport]) -> String {
    let Some(path) = path_of(uri) else { return uri.as_str().to_owned() };
    let inside = folders.iter().find_map(|folder| path.strip_prefix(&folder.root).ok());
    inside.unwrap_or(&path).display().to_string()
}
