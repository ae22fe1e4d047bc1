//! Where the places of a configuration lead: modules, callables, files and folders of the project.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Place;
use crate::catalog::options::ValueKind;
use crate::hosting::told::{Server, Target, listeners, passes};
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
    for target in &place.configuration.targets {
        let Some(path) = entry(place, target) else { continue };
        found.push(Link { range: target.entry.range, path: path.clone(), name: None, target: None });
        found.extend(target.callable.as_ref().map(|callable| Link {
            range: callable.range,
            path,
            name: Some(callable.text.to_string()),
            target: None,
        }));
    }
    for group in &place.configuration.groups {
        let paths = group.told.iter().filter_map(|told| {
            let is_file = told.info.is_some_and(|info| info.kind == ValueKind::File);
            told.known().filter(|_| is_file)
        });
        let mut around = None;
        for value in paths {
            let around = around.get_or_insert_with(|| around_of(place, Some(group)));
            // `file.ini:section`
            let text = value.text.split(':').next().unwrap_or(&value.text);
            let path = around.file(text);
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
    let mut found = Vec::new();
    for pass in passes(&place.configuration.file) {
        let groups = place
            .project
            .configurations
            .iter()
            .flat_map(|one| one.groups.iter().map(move |group| (one, group)));
        for (one, group) in groups {
            let here = listeners(group).into_iter().find(|listener| listener.address == pass.address);
            found.extend(here.map(|listener| Link {
                range: pass.word.range,
                path: one.path.to_path_buf(),
                name: None,
                target: Some(listener.told.range),
            }));
        }
    }
    found
}

/// The link at an offset (bytes).
pub fn link_at(place: &Place<'_>, offset: TextSize) -> Option<Link> {
    links(place).into_iter().find(|link| link.range.contains_inclusive(offset))
}

fn around_of<'a>(
    place: &Place<'a>,
    group: Option<&crate::hosting::told::Group>,
) -> crate::hosting::Around<'a> {
    crate::hosting::Around::of(
        place.snapshot,
        place.root,
        &place.configuration.path,
        &place.configuration.file,
        group,
    )
}

/// The file that a target names.
fn entry(place: &Place<'_>, target: &Target) -> Option<PathBuf> {
    let group = target.group.and_then(|at| place.configuration.groups.get(at));
    let around = around_of(place, group);
    if target.is_path { around.file(&target.entry.text) } else { around.module(&target.entry.text) }
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
        for target in &configuration.targets {
            if entry(&place, target).as_deref() == Some(path) {
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
