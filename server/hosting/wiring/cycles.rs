//! Files of uWSGI that include each other without an end.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::uwsgi::{included, includes};
use crate::syntax::config::ConfigFile;
use crate::text::TextRange;
use crate::workspace::Snapshot;

/// A section of a file.
type Place = (Arc<Path>, String);

/// An include that leads back to the section in which it stands: its value (bytes), and the other files on the way.
pub fn include_cycle(
    snapshot: &Snapshot,
    root: &Path,
    path: &Arc<Path>,
    file: &ConfigFile,
) -> Option<(TextRange, Vec<PathBuf>)> {
    file.content().sections.iter().find_map(|section| {
        let start: Place = (path.clone(), section.name.text.to_string());
        let edges = edges(snapshot, root, &start, file);
        edges.into_iter().find_map(|(range, next)| {
            let mut way = Vec::new();
            let mut seen = vec![];
            leads_to(snapshot, root, &next, &start, &mut seen, &mut way).then(|| {
                way.retain(|other| **other != **path);
                (range, way)
            })
        })
    })
}

/// Whether the includes of `place` lead to `goal`; fills in the files on the way, the nearest one first.
fn leads_to(
    snapshot: &Snapshot,
    root: &Path,
    place: &Place,
    goal: &Place,
    seen: &mut Vec<Place>,
    way: &mut Vec<PathBuf>,
) -> bool {
    if place == goal {
        return true;
    }
    if seen.contains(place) {
        return false;
    }
    seen.push(place.clone());
    let Some(file) = snapshot.config(&place.0) else { return false };
    way.push(place.0.to_path_buf());
    let next = edges(snapshot, root, place, &file);
    if next.iter().any(|(_, next)| leads_to(snapshot, root, next, goal, seen, way)) {
        return true;
    }
    way.pop();
    false
}

/// What the section of a place includes, with the values (bytes) that say so.
fn edges(snapshot: &Snapshot, root: &Path, place: &Place, file: &ConfigFile) -> Vec<(TextRange, Place)> {
    let sections = file.content().sections.iter().filter(|section| section.name.text == place.1);
    let entries = sections.flat_map(|section| &section.entries).filter(|entry| !entry.is_conditional);
    let found = entries.filter_map(|entry| {
        let value = entry.value.as_ref().filter(|_| includes(&entry.key.text))?;
        let (path, section) = included(snapshot, root, &place.0, &value.text)?;
        Some((value.range, (path, section)))
    });
    found.collect()
}
