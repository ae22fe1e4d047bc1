//! Comfort in configuration files: what could stand at a place, what it means, and where it leads.

mod apps;
mod complete;
mod explain;
mod links;
mod outline;

use crate::catalog::options::Family;
use crate::hosting::told::{Server, Told};
use crate::rules::{Configuration, Project};
use crate::text::{TextRange, TextSize};
use crate::workspace::Snapshot;

pub use complete::complete;
pub use explain::explain;
pub use links::{Link, link_at, links, served_by};
pub use outline::{Symbol, SymbolKind, outline};

/// A configuration file in its project.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// The checked folder.
    pub root: &'a std::path::Path,
    /// All configuration files of the folder.
    pub project: &'a Project,
    /// The file.
    pub configuration: &'a Configuration,
}

impl<'a> Place<'a> {
    /// The option at an offset (bytes), and the index of its group.
    fn told_at(&self, offset: TextSize) -> Option<(usize, &'a Told)> {
        self.configuration.groups.iter().enumerate().find_map(|(at, group)| {
            let told = group.told.iter().find(|told| {
                told.name.range.contains_inclusive(offset)
                    || told.value.as_ref().is_some_and(|value| value.range.contains_inclusive(offset))
            });
            told.map(|told| (at, told))
        })
    }

    /// The line (bytes) of an offset.
    fn line(&self, offset: TextSize) -> TextRange {
        let source = self.configuration.file.source();
        source.line_range(source.line(offset))
    }
}

/// The family whose options a file's own lines are; `None` for files of commands.
fn family_of(kind: crate::syntax::config::ConfigKind) -> Option<(Family, Server)> {
    use crate::syntax::config::ConfigKind as K;
    match kind {
        K::UwsgiIni | K::UwsgiYaml | K::UwsgiXml => Some((Family::Uwsgi, Server::Uwsgi)),
        K::Gunicorn => Some((Family::Gunicorn, Server::Gunicorn)),
        K::Apache => Some((Family::ModWsgi, Server::ModWsgi)),
        _ => None,
    }
}
