//! `textDocument/documentSymbol`: the outline of a configuration file.

use std::sync::Arc;

use tower_lsp_server::ls_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, SymbolKind as Kind,
};

use super::config_files;
use super::session::Session;
use crate::comfort::config::{Place, Symbol, SymbolKind, outline};
use crate::text::Encoding;

/// The outline; `None` for what is no configuration file.
pub async fn document_symbols(
    session: &Arc<Session>,
    params: DocumentSymbolParams,
) -> Option<DocumentSymbolResponse> {
    let uri = params.text_document.uri;
    let found = config_files::look(session, &uri, |view, path, encoding| {
        config_files::with(view, path, |place| {
            outline(place).into_iter().map(|symbol| of(place, symbol, encoding)).collect::<Vec<_>>()
        })
    });
    found.await.map(DocumentSymbolResponse::Nested)
}

fn of(place: &Place<'_>, symbol: Symbol, encoding: Encoding) -> DocumentSymbol {
    let children: Vec<DocumentSymbol> =
        symbol.children.into_iter().map(|child| of(place, child, encoding)).collect();
    #[allow(deprecated)]
    DocumentSymbol {
        name: symbol.name,
        detail: (!symbol.detail.is_empty()).then_some(symbol.detail),
        kind: match symbol.kind {
            SymbolKind::Section => Kind::NAMESPACE,
            SymbolKind::Option => Kind::PROPERTY,
            SymbolKind::Command => Kind::EVENT,
        },
        tags: None,
        deprecated: None,
        range: config_files::range(place, symbol.range, encoding),
        selection_range: config_files::range(place, symbol.selection, encoding),
        children: (!children.is_empty()).then_some(children),
    }
}
