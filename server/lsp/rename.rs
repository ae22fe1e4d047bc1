//! `textDocument/rename` of a callable at a place of a configuration, and `workspace/willRenameFiles` of modules: the wirings follow.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp_server::jsonrpc::{Error, Result};
use tower_lsp_server::ls_types::{RenameFilesParams, RenameParams, TextEdit, Uri, WorkspaceEdit};

use super::results::View;
use super::session::Session;
use super::{config_files, convert};
use crate::comfort::config::{link_at, served_by};
use crate::text::{Encoding, TextRange};

/// Gives the callable that a configuration names another name, in all configurations and in the file that binds it.
///
/// # Errors
/// When the new name is none of Python's.
pub async fn rename(session: &Arc<Session>, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
    let (at, new) = (params.text_document_position, params.new_name);
    let is_name =
        new.chars().all(|c| c.is_alphanumeric() || c == '_') && !new.starts_with(|c: char| c.is_numeric());
    if new.is_empty() || !is_name {
        return Err(Error::invalid_params(format!("`{new}` is no name of Python")));
    }
    let found = config_files::look(session, &at.text_document.uri, move |view, path, encoding| {
        let link = config_files::with(view, path, |place| {
            link_at(place, config_files::offset(place, at.position, encoding))
        })??;
        let name = link.name?;
        let mut edits = Edits { view, encoding, changes: HashMap::new() };
        for (root, project) in config_files::projects(view) {
            for served in served_by(&view.snapshot, root, project, &link.path) {
                if let Some((range, _)) = served.callable.filter(|(_, own)| *own == name) {
                    edits.add(&served.by, range, &new);
                }
            }
        }
        let file = view.snapshot.python(&link.path, config_files::LOOKED_AT)?;
        let mut places = crate::fixes::uses_of(&file, &name);
        places.extend(config_files::binding(&file, &name));
        places.sort_by_key(|place| place.start());
        places.dedup();
        for place in places {
            edits.add(&link.path, place, &new);
        }
        Some(edits.finish())
    });
    Ok(found.await)
}

/// What configurations have to say when files of Python get other names.
pub async fn will_rename_files(session: &Arc<Session>, params: RenameFilesParams) -> Option<WorkspaceEdit> {
    session.up_to_date().await;
    let encoding = session.with(|state| state.features.encoding);
    let path = |uri: &str| uri.parse::<Uri>().ok().and_then(|uri| convert::path_of(&uri));
    let moves: Vec<(PathBuf, PathBuf)> =
        params.files.iter().filter_map(|file| Some((path(&file.old_uri)?, path(&file.new_uri)?))).collect();
    let found = session.look(move |view| {
        let mut edits = Edits { view, encoding, changes: HashMap::new() };
        for (old, new) in &moves {
            for (root, project) in config_files::projects(view) {
                for served in served_by(&view.snapshot, root, project, old) {
                    if let Some(text) = moved(&served.text, served.is_path, old, new) {
                        edits.add(&served.by, served.entry, &text);
                    }
                }
            }
        }
        edits.finish()
    });
    found.await.filter(|edit| edit.changes.as_ref().is_some_and(|changes| !changes.is_empty()))
}

/// How an entry is written after its file has moved; `None` where that cannot be told.
fn moved(text: &str, is_path: bool, old: &Path, new: &Path) -> Option<String> {
    let spelled = |path: &Path| {
        let path = path.to_string_lossy().into_owned();
        let bare = path.strip_suffix("/__init__.py").or_else(|| path.strip_suffix(".py")).map(str::to_owned);
        if is_path { Some(path) } else { bare.map(|bare| bare.replace('/', ".")) }
    };
    if is_path && text.starts_with('/') {
        return moved_on_server(text, &spelled(old)?, &spelled(new)?);
    }
    let (old, new) = (spelled(old)?, spelled(new)?);
    // What is in front of the entry's own words stays as it is.
    let base = old.strip_suffix(text.trim_start_matches("./"))?;
    new.strip_prefix(base).map(str::to_owned)
}

/// The same for a path on the server, whose end is the end of ours.
fn moved_on_server(text: &str, old: &str, new: &str) -> Option<String> {
    let mut ends = text.match_indices('/').map(|(at, _)| text.split_at(at));
    let (head, base) = ends.find_map(|(head, tail)| Some((head, old.strip_suffix(tail)?)))?;
    Some(format!("{head}{}", new.strip_prefix(base)?))
}

struct Edits<'a> {
    view: &'a View,
    encoding: Encoding,
    changes: HashMap<Uri, Vec<TextEdit>>,
}

impl Edits<'_> {
    fn add(&mut self, path: &Path, range: TextRange, new_text: &str) {
        let Some((uri, (source, _))) = convert::uri_of(path).zip(self.view.snapshot.text(path)) else {
            return;
        };
        let range = convert::range(&source, range, self.encoding);
        let edits = self.changes.entry(uri).or_default();
        if !edits.iter().any(|edit| edit.range == range) {
            edits.push(TextEdit { range, new_text: new_text.to_owned() });
        }
    }

    fn finish(self) -> WorkspaceEdit {
        WorkspaceEdit { changes: Some(self.changes), ..WorkspaceEdit::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_follow_their_files() {
        let of =
            |text: &str, is_path, old: &str, new: &str| moved(text, is_path, Path::new(old), Path::new(new));
        assert_eq!(of("app", false, "/s/app.py", "/s/shop.py").as_deref(), Some("shop"));
        assert_eq!(
            of("shop.wsgi", false, "/s/shop/wsgi.py", "/s/shop/web/wsgi.py").as_deref(),
            Some("shop.web.wsgi")
        );
        assert_eq!(of("web/app.py", true, "/s/web/app.py", "/s/web/main.py").as_deref(), Some("web/main.py"));
        assert_eq!(
            of("/srv/web/app.wsgi", true, "/s/web/app.wsgi", "/s/web/in/app.wsgi").as_deref(),
            Some("/srv/web/in/app.wsgi")
        );
        assert_eq!(of("app", false, "/s/app.py", "/other/app.py"), None);
    }
}
