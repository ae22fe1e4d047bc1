//! Files that change on disk: asking the client to watch them, and hearing from it.

use std::path::Path;

use serde_json::json;
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::{FileChangeType, FileEvent, Registration};

use super::convert::path_of;
use super::session::State;
use crate::syntax::config::ConfigKind;

/// What an analysis reads, beside configuration files.
const PATTERNS: [&str; 7] = [
    "**/*.py",
    "**/*.wsgi",
    "**/wsgi-ls.toml",
    "**/pyproject.toml",
    "**/requirements*.txt",
    "**/requirements/*.txt",
    "**/*.log",
];

/// Asks the client to tell of changes. A client that refuses is treated like one that cannot watch.
///
/// # Errors
/// When the client refuses.
pub async fn register(client: &Client) -> tower_lsp_server::jsonrpc::Result<()> {
    let patterns = PATTERNS.iter().chain(ConfigKind::PATTERNS);
    let watchers: Vec<_> = patterns.map(|pattern| json!({ "globPattern": pattern })).collect();
    let registration = Registration {
        id: "wsgi-ls-watched-files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(json!({ "watchers": watchers })),
    };
    client.register_capability(vec![registration]).await
}

/// Takes note of changes on disk.
pub fn changed(state: &mut State, events: &[FileEvent]) {
    for event in events {
        let Some(path) = path_of(&event.uri) else { continue };
        if event.typ != FileChangeType::CHANGED {
            // Its folders may be new or gone as well.
            state.stale.extend(path.ancestors().skip(1).map(Path::to_owned));
        }
        state.stale.push(path);
    }
}
