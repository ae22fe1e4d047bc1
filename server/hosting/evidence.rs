//! Which host most likely loads a `wsgi.py`, read off the files around it.

use std::path::Path;

use super::Host;
use crate::workspace::Snapshot;

/// Files that name the server which a project runs on or installs.
const SERVER_LISTS: [&str; 7] = [
    "Procfile",
    "gunicorn.conf.py",
    "requirements.txt",
    "requirements/production.txt",
    "requirements/prod.txt",
    "Pipfile",
    "pyproject.toml",
];

/// The host of an entry whose name does not tell it: PythonAnywhere when the entry names a `/home/<user>/` folder, gunicorn
/// when the project names it; `None` when nothing tells.
pub(super) fn host_of(snapshot: &Snapshot, root: &Path, entry: &Path) -> Option<Host> {
    let text = |path: &Path| snapshot.text(path).map(|(source, _)| source);
    if text(entry).is_some_and(|source| names_home(source.text())) {
        return Some(Host::PythonAnywhere);
    }
    let folders = entry.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    let names_gunicorn = |folder: &Path| {
        SERVER_LISTS.iter().any(|name| {
            let path = folder.join(name);
            snapshot.is_file(&path)
                && (*name == "gunicorn.conf.py"
                    || text(&path).is_some_and(|source| mentions(source.text(), "gunicorn")))
        })
    };
    folders.into_iter().any(names_gunicorn).then_some(Host::Gunicorn)
}

/// Whether a line of code names a folder such as `/home/jane/mysite`.
fn names_home(text: &str) -> bool {
    // Most files name no such folder at all, which is quickly seen.
    text.contains("/home/")
        && code_lines(text).any(|line| {
            line.split(['"', '\'']).any(|part| {
                part.strip_prefix("/home/")
                    .is_some_and(|rest| rest.split('/').next().is_some_and(|u| !u.is_empty()))
            })
        })
}

fn mentions(text: &str, server: &str) -> bool {
    code_lines(text).any(|line| line.to_ascii_lowercase().contains(server))
}

fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with('#'))
}
