//! `textDocument/completion`: what could stand at a place, by the kind of the file.

use std::path::Path;
use std::sync::Arc;

use tower_lsp_server::ls_types::{
    CompletionItem, CompletionItemKind, CompletionParams, CompletionResponse, CompletionTextEdit,
    Documentation, MarkupContent, MarkupKind, TextEdit,
};

use super::results::View;
use super::session::Session;
use super::{config_files, convert};
use crate::comfort::{self, Completion, CompletionKind, complete_python};
use crate::rules::Context;
use crate::text::{Encoding, Source, TextSize, offset_of};

/// The characters that ask for it without a key of their own.
pub const TRIGGERS: [&str; 6] = ["/", ".", "'", "\"", ":", "-"];

/// What could stand at a position; `None` when nothing is known.
pub async fn completion(session: &Arc<Session>, params: CompletionParams) -> Option<CompletionResponse> {
    let place = params.text_document_position;
    session.up_to_date().await;
    let (path, encoding) = session.with(|state| {
        let document = state.documents.get(&place.text_document.uri)?;
        Some((document.path.clone()?, state.features.encoding))
    })?;
    let position = convert::position(place.position);
    let items = session.look(move |view| {
        let (source, _) = view.snapshot.text(&path)?;
        let offset = offset_of(&source, position, encoding);
        Some(items(view, &path, &source, offset, encoding))
    });
    Some(CompletionResponse::Array(items.await??))
}

fn items(
    view: &View,
    path: &Path,
    source: &Source,
    offset: TextSize,
    encoding: Encoding,
) -> Vec<CompletionItem> {
    let configured = config_files::with(view, path, |place| comfort::config::complete(place, offset));
    if let Some(found) = configured {
        return found.into_iter().enumerate().map(|(at, one)| item(at, one, source, encoding)).collect();
    }
    // The eyes are those of the deployment that loads the file, else of any around it.
    let Some(judged) = view.judged(path) else { return Vec::new() };
    let context = Context {
        snapshot: &view.snapshot,
        deployment: &judged.deployment,
        load: &judged.load,
        requests: &judged.requests,
    };
    let found = match path.extension().and_then(|extension| extension.to_str()) {
        Some("py" | "wsgi") => context
            .snapshot
            .python(path, judged.deployment.python)
            .map_or_else(Vec::new, |file| complete_python(&context, path, &file, offset)),
        _ => Vec::new(),
    };
    found.into_iter().enumerate().map(|(at, one)| item(at, one, source, encoding)).collect()
}

fn item(at: usize, completion: Completion, source: &Source, encoding: Encoding) -> CompletionItem {
    let edit = |edit: &crate::text::TextEdit| TextEdit {
        range: convert::range(source, edit.range, encoding),
        new_text: edit.new_text.clone(),
    };
    CompletionItem {
        label: completion.label,
        documentation: completion
            .documentation
            .map(|value| Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })),
        kind: Some(match completion.kind {
            CompletionKind::Folder => CompletionItemKind::FOLDER,
            CompletionKind::File => CompletionItemKind::FILE,
            CompletionKind::Expression => CompletionItemKind::SNIPPET,
            CompletionKind::Module => CompletionItemKind::MODULE,
            CompletionKind::Member => CompletionItemKind::CLASS,
            CompletionKind::Option => CompletionItemKind::PROPERTY,
        }),
        // Editors would put them in alphabetical order.
        sort_text: Some(format!("{at:04}")),
        filter_text: Some(completion.filter),
        text_edit: Some(CompletionTextEdit::Edit(edit(&completion.edit))),
        additional_text_edits: (!completion.more.is_empty())
            .then(|| completion.more.iter().map(edit).collect()),
        ..CompletionItem::default()
    }
}
