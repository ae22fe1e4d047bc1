//! Dotted names in settings, such as `shop.middleware.Timing`: the nearest ones that lead to something in the project.

use std::path::{Path, PathBuf};

use ruff_python_ast::Stmt;

use super::Context;
use crate::fixes;
use crate::load::similar_names;
use crate::workspace::EntryKind;

/// Where a dotted name has led so far.
#[derive(Clone, Debug)]
enum Place {
    /// A package, or the folders of the search path.
    Folder(PathBuf),
    /// A module.
    File(PathBuf),
    /// Something in a module.
    Name,
}

/// Names that lead to something and differ from `dotted` in one part only, and there by little.
pub(super) fn nearest(context: &Context<'_>, dotted: &str) -> Vec<String> {
    let parts: Vec<&str> = dotted.split('.').collect();
    let mut found = Vec::new();
    for folder in search_folders(context) {
        let mut place = Place::Folder(folder);
        for (at, part) in parts.iter().enumerate() {
            if let Some(next) = step(context, &place, part) {
                place = next;
                continue;
            }
            for name in similar_names(part, &names(context, &place)) {
                let mut corrected = parts.clone();
                if let Some(slot) = corrected.get_mut(at) {
                    *slot = &name;
                }
                let rest = corrected.get(at..).unwrap_or_default();
                if leads_somewhere(context, &place, rest) {
                    found.push(corrected.join("."));
                }
            }
            break;
        }
    }
    dedup(found)
}

/// The dotted names of the project's settings modules.
pub(super) fn settings_modules(context: &Context<'_>) -> Vec<String> {
    /// Settings lie in the project's package, at most so many folders deep.
    const DEEPEST: usize = 3;
    let mut found = Vec::new();
    for folder in search_folders(context) {
        let mut todo = vec![(folder, Vec::new())];
        while let Some((folder, parts)) = todo.pop() {
            for name in names(context, &Place::Folder(folder.clone())) {
                let mut parts: Vec<String> = parts.clone();
                parts.push(name.clone());
                let inner = folder.join(&name);
                let is_module = context.snapshot.is_file(&folder.join(format!("{name}.py")));
                let is_package = context.snapshot.is_file(&inner.join("__init__.py"));
                if name == "settings" && (is_module || is_package) {
                    found.push(parts.join("."));
                } else if is_package && parts.len() < DEEPEST {
                    todo.push((inner, parts));
                }
            }
        }
    }
    dedup(found)
}

/// What a part of a dotted name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leads {
    /// A folder with modules.
    Package,
    /// A file.
    Module,
    /// A class, function or variable.
    Member,
}

/// The names of the project that can follow a dotted name, or begin one when it is empty.
pub(crate) fn following(context: &Context<'_>, dotted: &str) -> Vec<(String, Leads)> {
    let mut found: Vec<(String, Leads)> = Vec::new();
    for folder in search_folders(context) {
        let mut place = Some(Place::Folder(folder));
        for part in dotted.split('.').filter(|part| !part.is_empty()) {
            place = place.and_then(|place| step(context, &place, part));
        }
        let Some(place) = place else { continue };
        for name in names(context, &place).into_iter().chain(variables(context, &place)) {
            let leads = match step(context, &place, &name) {
                Some(Place::Folder(folder)) if holds_modules(context, &folder) => Leads::Package,
                Some(Place::File(_)) => Leads::Module,
                Some(Place::Name) => Leads::Member,
                _ => continue,
            };
            if !found.iter().any(|(known, _)| *known == name) {
                found.push((name, leads));
            }
        }
    }
    found
}

fn holds_modules(context: &Context<'_>, folder: &Path) -> bool {
    let entries = context.snapshot.entries(folder);
    entries
        .iter()
        .flat_map(|entries| entries.iter())
        .any(|entry| Path::new(&entry.name).extension().is_some_and(|e| e == "py"))
}

/// What a module assigns on its top level.
fn variables(context: &Context<'_>, place: &Place) -> Vec<String> {
    let Place::File(path) = place else { return Vec::new() };
    let Some(file) = context.file(path) else { return Vec::new() };
    let assigned = file.body().iter().filter_map(|stmt| match stmt {
        Stmt::Assign(assign) => assign.targets.first()?.as_name_expr().map(|name| name.id.to_string()),
        _ => None,
    });
    assigned.collect()
}

fn dedup(names: Vec<String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

/// The folders of the search path: those it begins with, those in which the load found modules, and those of Django
/// projects, which the entry adds.
pub(super) fn search_folders(context: &Context<'_>) -> Vec<PathBuf> {
    let deployment = context.deployment;
    let mut folders = vec![deployment.working_directory.clone()];
    folders.extend(deployment.search_path.iter().cloned());
    for module in &context.load.modules {
        let is_package = module.path.ends_with("__init__.py");
        let depth = module.name.split('.').count() + usize::from(is_package);
        folders.extend(module.path.ancestors().nth(depth).map(Path::to_owned));
    }
    for entry in context.snapshot.entries(&deployment.root).iter().flat_map(|entries| entries.iter()) {
        let folder = deployment.root.join(&entry.name);
        if entry.kind == EntryKind::Directory && context.snapshot.is_file(&folder.join("manage.py")) {
            folders.push(folder);
        }
    }
    folders.retain(|folder| folder.starts_with(&deployment.root));
    folders.sort();
    folders.dedup();
    folders
}

fn leads_somewhere(context: &Context<'_>, from: &Place, parts: &[&str]) -> bool {
    let mut place = from.clone();
    parts.iter().all(|part| match step(context, &place, part) {
        Some(next) => {
            place = next;
            true
        }
        None => false,
    })
}

fn step(context: &Context<'_>, place: &Place, part: &str) -> Option<Place> {
    match place {
        Place::Folder(folder) => {
            let (inner, module) = (folder.join(part), folder.join(format!("{part}.py")));
            if context.snapshot.is_dir(&inner) {
                return Some(Place::Folder(inner));
            }
            if context.snapshot.is_file(&module) {
                return Some(Place::File(module));
            }
            bound_in(context, &folder.join("__init__.py"), part).then_some(Place::Name)
        }
        Place::File(file) => bound_in(context, file, part).then_some(Place::Name),
        Place::Name => None,
    }
}

fn bound_in(context: &Context<'_>, path: &Path, name: &str) -> bool {
    context.file(path).is_some_and(|file| !fixes::statements_binding(&file, name).is_empty())
}

/// What can come behind the dot.
fn names(context: &Context<'_>, place: &Place) -> Vec<String> {
    match place {
        Place::Folder(folder) => {
            let entries = context.snapshot.entries(folder);
            let names = entries.iter().flat_map(|entries| entries.iter()).filter_map(|entry| {
                let name = entry.name.to_string_lossy();
                match entry.kind {
                    EntryKind::File => name.strip_suffix(".py").map(str::to_owned),
                    EntryKind::Directory => (!name.contains('.')).then(|| name.into_owned()),
                }
            });
            names.filter(|name| name != "__init__" && name != "__pycache__").collect()
        }
        Place::File(path) => {
            let Some(file) = context.file(path) else { return Vec::new() };
            let defined = file.body().iter().filter_map(|stmt| match stmt {
                Stmt::ClassDef(class) => Some(class.name.to_string()),
                Stmt::FunctionDef(function) => Some(function.name.to_string()),
                _ => None,
            });
            defined.collect()
        }
        Place::Name => Vec::new(),
    }
}
