//! Where the places of a configuration lead: modules, callables, files and folders of the project.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Place;
use super::apps::Apps;
use crate::catalog::options::ValueKind;
use crate::hosting::told::{Server, listeners, passes};
use crate::rules::Project;
use crate::syntax::config::ConfigKind;
use crate::text::{TextRange, TextSize};
use crate::workspace::Snapshot;

/// A place of a configuration that leads to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The place (bytes).
    pub range: TextRange,
    /// The file, absolute.
    pub path: PathBuf,
    /// The name in it, for a callable.
    pub name: Option<String>,
    /// The place in it (bytes), where it is known.
    pub target: Option<TextRange>,
}

/// All links of a file, in order.
pub fn links(place: &Place<'_>) -> Vec<Link> {
    let mut found = Vec::new();
    let mut apps = Apps::of(place);
    for target in &place.configuration.targets {
        let Some(path) = apps.file(target) else { continue };
        found.push(Link { range: target.entry.range, path: path.clone(), name: None, target: None });
        found.extend(target.callable.as_ref().map(|callable| Link {
            range: callable.range,
            path,
            name: Some(callable.text.to_string()),
            target: None,
        }));
    }
    for (at, group) in place.configuration.groups.iter().enumerate() {
        let paths = group.told.iter().filter_map(|told| {
            let is_file = told.info.is_some_and(|info| info.kind == ValueKind::File);
            told.known().filter(|_| is_file)
        });
        for value in paths {
            // `file.ini:section`
            let text = value.text.split(':').next().unwrap_or(&value.text);
            let path = apps.around(Some(at)).file(text);
            found.extend(path.map(|path| Link {
                range: value.part(0..text.len()),
                path,
                name: None,
                target: None,
            }));
        }
    }
    found.extend(sockets(place));
    found.sort_by_key(|link| link.range.start());
    found.dedup_by_key(|link| link.range);
    found
}

/// From nginx to the options with which servers listen where it passes requests to.
fn sockets(place: &Place<'_>) -> Vec<Link> {
    if place.configuration.file.kind() != ConfigKind::Nginx {
        return Vec::new();
    }
    let configurations = place.project.configurations.iter();
    let groups = configurations.flat_map(|one| one.groups.iter().map(move |group| (one, group)));
    let open: Vec<_> = groups
        .flat_map(|(one, group)| listeners(group).into_iter().map(move |listener| (&one.path, listener)))
        .collect();
    let mut found = Vec::new();
    for pass in passes(&place.configuration.file) {
        let here = open.iter().filter(|(_, listener)| listener.address == pass.address);
        found.extend(here.map(|(path, listener)| Link {
            range: pass.word.range,
            path: path.to_path_buf(),
            name: None,
            target: Some(listener.told.range),
        }));
    }
    found
}

/// The link at an offset (bytes).
pub fn link_at(place: &Place<'_>, offset: TextSize) -> Option<Link> {
    links(place).into_iter().find(|link| link.range.contains_inclusive(offset))
}

/// One place of a configuration that names a file of Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The configuration file.
    pub by: Arc<Path>,
    /// The module or path there (bytes).
    pub entry: TextRange,
    /// How it is written.
    pub text: String,
    /// Whether it is a path.
    pub is_path: bool,
    /// The callable there (bytes), with its name.
    pub callable: Option<(TextRange, String)>,
    /// Who serves it.
    pub server: Server,
}

/// The places that name a file of Python (absolute path): who serves it.
pub fn served_by(snapshot: &Snapshot, root: &Path, project: &Project, path: &Path) -> Vec<Served> {
    let mut found = Vec::new();
    for configuration in &project.configurations {
        let place = Place { snapshot, root, project, configuration };
        let mut apps = Apps::of(&place);
        for target in &configuration.targets {
            if apps.file(target).as_deref() == Some(path) {
                found.push(Served {
                    by: configuration.path.clone(),
                    entry: target.entry.range,
                    text: target.entry.text.to_string(),
                    is_path: target.is_path,
                    callable: target.callable.as_ref().map(|name| (name.range, name.text.to_string())),
                    server: target.server,
                });
            }
        }
    }
    found
}
