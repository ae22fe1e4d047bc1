//! Which release of a server a project uses: what is installed in its virtual environment, else what its requirements pin.

use std::path::Path;

use crate::catalog::options::Version;
use crate::hosting::told::Server;
use crate::workspace::Snapshot;

/// What is known of the release of one distribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// The release itself.
    pub exact: Option<Version>,
    /// Whether the project asks for the newest one.
    pub is_newest: bool,
}

/// The releases of the servers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Versions {
    uwsgi: Release,
    gunicorn: Release,
    waitress: Release,
}

impl Versions {
    /// Reads them off a virtual environment and off the requirements of a checked folder.
    pub fn find(snapshot: &Snapshot, root: &Path, virtualenv: Option<&Path>) -> Self {
        let listed = requirements(snapshot, root);
        let installed = virtualenv.map(|folder| distributions(snapshot, folder)).unwrap_or_default();
        let of = |names: &[&str]| {
            let found = installed.iter().find(|(name, _)| names.contains(&name.as_str()));
            let exact = found.and_then(|(_, version)| parse(version));
            exact.map_or_else(
                || declared(&listed, names),
                |exact| Release { exact: Some(exact), is_newest: false },
            )
        };
        Self { uwsgi: of(&["uwsgi", "pyuwsgi"]), gunicorn: of(&["gunicorn"]), waitress: of(&["waitress"]) }
    }

    /// What is known of a server's release.
    pub fn of(&self, server: Server) -> Release {
        match server {
            Server::Uwsgi => self.uwsgi,
            Server::Gunicorn => self.gunicorn,
            Server::Waitress => self.waitress,
            Server::ModWsgi | Server::ModWsgiExpress | Server::Other => Release::default(),
        }
    }
}

/// The names and versions of what is installed.
fn distributions(snapshot: &Snapshot, virtualenv: &Path) -> Vec<(String, String)> {
    let library = virtualenv.join("lib");
    let mut found = Vec::new();
    for python in snapshot.entries(&library).iter().flat_map(|entries| entries.iter()) {
        let packages = library.join(&python.name).join("site-packages");
        for entry in snapshot.entries(&packages).iter().flat_map(|entries| entries.iter()) {
            let name = entry.name.to_string_lossy().to_ascii_lowercase();
            let bare = name.strip_suffix(".dist-info").and_then(|name| name.split_once('-'));
            found.extend(bare.map(|(name, version)| (name.to_owned(), version.to_owned())));
        }
    }
    found
}

/// The lines of the files of requirements in the checked folder.
fn requirements(snapshot: &Snapshot, root: &Path) -> Vec<String> {
    let entries = snapshot.entries(root);
    let files = entries.iter().flat_map(|entries| entries.iter()).filter(|entry| {
        let name = entry.name.to_string_lossy();
        name.starts_with("requirements") && name.ends_with(".txt")
    });
    let texts = files.filter_map(|entry| snapshot.text(&root.join(&entry.name)));
    texts
        .flat_map(|(source, _)| source.text().lines().map(str::to_ascii_lowercase).collect::<Vec<_>>())
        .collect()
}

fn declared(lines: &[String], names: &[&str]) -> Release {
    let mut release = Release::default();
    for line in lines {
        let line = line.split('#').next().unwrap_or(line).trim();
        let end =
            line.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(line.len());
        if !names.contains(&&line[..end]) {
            continue;
        }
        let rest = line[end..].split(';').next().unwrap_or_default();
        let rest = rest.trim_start_matches(|c| c != ']').strip_prefix(']').unwrap_or(rest).trim();
        match rest.strip_prefix("==") {
            Some(version) => release.exact = parse(version.trim()),
            // `>=20` takes the newest one, `<21` and `~=20.1` do not.
            None => release.is_newest = rest.is_empty() || rest.starts_with(">=") && !rest.contains('<'),
        }
    }
    release
}

fn parse(text: &str) -> Option<Version> {
    let mut numbers = text.split('.').map(|part| {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part[..digits].parse().ok()
    });
    let first = numbers.next()??;
    Some((first, numbers.next().flatten().unwrap_or(0), numbers.next().flatten().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_tell_releases() {
        let of = |line: &str| declared(&[line.to_owned()], &["gunicorn"]);
        assert_eq!(of("gunicorn==20.1.0").exact, Some((20, 1, 0)));
        assert_eq!(of("gunicorn[gevent]==21.2 ; x").exact, Some((21, 2, 0)));
        assert!(of("gunicorn").is_newest && of("gunicorn>=20  # x").is_newest);
        assert_eq!(of("gunicorn<21"), Release::default());
        assert_eq!(of("gunicorn-extra==1"), Release::default());
    }
}
