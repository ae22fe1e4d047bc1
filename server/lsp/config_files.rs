//! Requests about configuration files: finds the file of a position in the newest view.

use std::path::Path;
use std::sync::Arc;

use tower_lsp_server::ls_types::{Location, Position, Range, Uri};

use super::convert;
use super::results::View;
use super::session::Session;
use crate::comfort::config::{Link, Place};
use crate::syntax::python::PythonFile;
use crate::text::{Encoding, TextRange, TextSize, offset_of};
use crate::workspace::Snapshot;

/// The newest grammar that the parser knows well: only names are looked for.
pub const LOOKED_AT: ruff_python_ast::PythonVersion = ruff_python_ast::PythonVersion::PY314;

/// Uses a configuration file of the view; `None` when the path is none.
pub fn with<T>(view: &View, path: &Path, use_it: impl FnOnce(&Place<'_>) -> T) -> Option<T> {
    let (root, project) = projects(view).find(|(_, project)| {
        project.configurations.iter().any(|configuration| *configuration.path == *path)
    })?;
    let configuration = project.configurations.iter().find(|configuration| *configuration.path == *path)?;
    Some(use_it(&Place { snapshot: &view.snapshot, root, project, configuration }))
}

/// The checked folders with their configuration files.
pub fn projects(view: &View) -> impl Iterator<Item = (&Path, &crate::rules::Project)> {
    view.analyses.iter().filter_map(|(_, analysis)| {
        let project = analysis.project.as_ref()?;
        Some((project.root.as_path(), project))
    })
}

/// Answers a request about a document from the newest view of its newest text; `None` for what is no file.
pub async fn look<T: Send + 'static>(
    session: &Arc<Session>,
    uri: &Uri,
    look: impl FnOnce(&View, &Path, Encoding) -> Option<T> + Send + 'static,
) -> Option<T> {
    session.up_to_date().await;
    let (path, encoding) = session.with(|state| {
        let path = state.documents.get(uri).and_then(|document| document.path.clone());
        path.or_else(|| convert::path_of(uri)).map(|path| (path, state.features.encoding))
    })?;
    session.look(move |view| look(view, &path, encoding)).await?
}

/// The offset (bytes) of a position in a configuration file.
pub fn offset(place: &Place<'_>, position: Position, encoding: Encoding) -> TextSize {
    offset_of(place.configuration.file.source(), convert::position(position), encoding)
}

/// A range of a configuration file in the client's terms.
pub fn range(place: &Place<'_>, range: TextRange, encoding: Encoding) -> Range {
    convert::range(place.configuration.file.source(), range, encoding)
}

/// Where a link leads: to the name in its file, else to its first line.
pub fn location(snapshot: &Snapshot, link: &Link, encoding: Encoding) -> Option<Location> {
    let uri = convert::uri_of(&link.path)?;
    let file = link.name.as_ref().and_then(|_| snapshot.python(&link.path, LOOKED_AT));
    let bound = file.as_ref().zip(link.name.as_ref()).and_then(|(file, name)| binding(file, name));
    let range = match (file, bound, link.target) {
        (Some(file), Some(bound), _) => convert::range(file.source(), bound, encoding),
        (_, _, Some(target)) => {
            let (source, _) = snapshot.text(&link.path)?;
            convert::range(&source, target, encoding)
        }
        _ => Range::default(),
    };
    Some(Location { uri, range })
}

/// Where a file binds a name at module level (bytes).
pub fn binding(file: &PythonFile, name: &str) -> Option<TextRange> {
    let settings = crate::syntax::config::settings(file);
    let bound =
        settings.iter().rev().find(|setting| setting.name.text == name).map(|setting| setting.name.range);
    bound.or_else(|| crate::fixes::uses_of(file, name).first().copied())
}
