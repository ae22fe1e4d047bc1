//! Applications of the project that the load never came to.

use std::path::{Path, PathBuf};

use ruff_python_ast::{Expr, Stmt};

use super::{Context, dotted};
use crate::workspace::EntryKind;

/// The most files that are looked at.
const MOST_FILES: usize = 200;

/// Classes whose instances a host can serve.
const CLASSES: [&str; 4] = ["Bottle", "Flask", "flask.Flask", "falcon.App"];

/// An application that a module of the project binds on its top level.
#[derive(Clone, Debug)]
pub(super) struct ProjectApp {
    /// The folder that has to be on the search path.
    pub(super) folder: PathBuf,
    /// The module in it.
    pub(super) module: String,
    /// The name of the application.
    pub(super) name: String,
}

/// The applications in the folders of the project that may be on the search path, and in those right below it.
pub(super) fn unreached(context: &Context<'_>) -> Vec<ProjectApp> {
    let mut folders = dotted::search_folders(context);
    let below = |folder: &Path| {
        let entries = context.snapshot.entries(folder);
        let all: Vec<_> = entries.iter().flat_map(|entries| entries.iter()).cloned().collect();
        all
    };
    let root = &context.deployment.root;
    let is_shown =
        |name: &str| !name.starts_with(['.', '_']) && name != "node_modules" && name != "site-packages";
    for entry in below(root) {
        if entry.kind == EntryKind::Directory && is_shown(&entry.name.to_string_lossy()) {
            folders.push(root.join(&entry.name));
        }
    }
    folders.dedup();
    let mut found: Vec<ProjectApp> = Vec::new();
    let mut left = MOST_FILES;
    for folder in folders {
        for entry in below(&folder) {
            let path = folder.join(&entry.name);
            let name = entry.name.to_string_lossy();
            let Some(module) = name.strip_suffix(".py") else { continue };
            if path == context.deployment.entry || !module.chars().all(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let Some(rest) = left.checked_sub(1) else { return found };
            left = rest;
            let Some(file) = context.file(&path) else { continue };
            for name in file.body().iter().filter_map(|stmt| application(&file, stmt)) {
                let module = module.to_owned();
                if !found.iter().any(|known| known.module == module && known.name == name) {
                    found.push(ProjectApp { folder: folder.clone(), module, name });
                }
            }
        }
    }
    found
}

fn application(file: &crate::syntax::python::PythonFile, stmt: &Stmt) -> Option<String> {
    let Stmt::Assign(assign) = stmt else { return None };
    let [Expr::Name(name)] = assign.targets.as_slice() else { return None };
    let Expr::Call(call) = &*assign.value else { return None };
    let class = file.slice(ruff_text_size::Ranged::range(&*call.func));
    CLASSES.contains(&class).then(|| name.id.to_string())
}
