//! `textDocument/hover`: what is wrong at a place, why, and where to read more.

use std::sync::Arc;

use tower_lsp_server::ls_types::{
    Diagnostic, Hover, HoverContents, HoverParams, MarkupContent, MarkupKind, Position, Range,
};

use super::config_files;
use super::convert::touches;
use super::results::{FileReport, Item};
use super::session::Session;
use crate::comfort::config::explain;
use crate::rules::Rule;

/// Everything that is said of a position; `None` when nothing is.
pub async fn hover(session: &Arc<Session>, params: HoverParams) -> Option<Hover> {
    let place = params.text_document_position_params;
    let results = session.up_to_date().await;
    let said = results.files.get(&place.text_document.uri).and_then(|report| at(report, place.position));
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
    let markdown = session.with(|state| state.features.markdown);
    let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Some(Hover { contents: HoverContents::Markup(MarkupContent { kind, value }), range: Some(range) })
}

/// The narrowest range that something is said of, and all that is said.
fn at(report: &FileReport, position: Position) -> Option<(Range, String)> {
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

fn describe(item: &Item) -> String {
    let Some(rule) = item.rule else { return describe_logged(&item.diagnostic) };
    let Rule { id, guidance, .. } = rule;
    // The first paragraph says what happens; `wsgi-ls explain` and the page tell the rest.
    let explanation = guidance.explanation.trim().split("\n\n").next().unwrap_or_default();
    let mut text = format!("{}\n\n`{id}`: {}\n\n{explanation}", item.diagnostic.message, rule.summary);
    for page in guidance.pages.iter().take(2) {
        text.push_str(&format!("\n\n[{}]({})", page.title, page.url));
    }
    text
}

/// What a log tells explains itself; what is added are the places that it is about, and the page.
fn describe_logged(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    for related in diagnostic.related_information.iter().flatten() {
        let (uri, line) = (related.location.uri.as_str(), related.location.range.start.line + 1);
        let name = uri.rsplit('/').next().unwrap_or(uri);
        text.push_str(&format!("\n\n[{name}:{line}]({uri}#L{line}): {}", related.message));
    }
    if let Some(page) = &diagnostic.code_description {
        text.push_str(&format!("\n\n[What the hosts' help says]({})", page.href.as_str()));
    }
    text
}
