//! The imports that moved code needs in the module of tasks.

use ruff_python_ast::Stmt;

use super::home::Home;
use super::project::{Import, Project, imports_of};
use super::{Refusal, because};
use crate::catalog::stdlib;
use crate::syntax::python::PythonFile;

/// The imports that moved code needs, as statements.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// Those for the top of the module.
    pub top: Vec<String>,
    /// Those inside of the task, because at the top they would close a circle or hide another name.
    pub inside: Vec<String>,
}

impl Needs {
    /// Finds out where names of the handler's module come from.
    pub fn of(
        project: &Project<'_>,
        file: &PythonFile,
        home: &Home,
        names: &[String],
    ) -> Result<Self, Refusal> {
        let mut needs = Self::default();
        if home.is_handlers {
            return Ok(needs);
        }
        let module_names = super::flow::bound(file.body());
        let has_star = imports_of(file.body()).any(|import| import.name() == "*");
        let mut of_handler = Vec::new();
        for name in names {
            let by_import: Vec<Import<'_>> =
                imports_of(file.body()).filter(|import| import.binds() == *name).collect();
            match by_import.as_slice() {
                [import] if import.top && is_only_binding(file, name) => {
                    let text = absolute(project, home, import);
                    let circle = project.files_of(project.path, import).iter().any(|path| {
                        // A package around the module of tasks is imported before it in any case.
                        let around = path.ends_with("__init__.py")
                            && path.parent().is_some_and(|folder| home.path.starts_with(folder));
                        !around && project.leads_to(path, project.path)
                    });
                    let there = home
                        .file
                        .as_ref()
                        .is_some_and(|home| imports_of(home.body()).any(|own| own.text() == text));
                    let hides = home.binds(name) && !there;
                    let list = if circle || hides { &mut needs.inside } else { &mut needs.top };
                    if !list.contains(&text) {
                        list.push(text);
                    }
                }
                _ if module_names.contains(name) || has_star => of_handler.push(name.clone()),
                _ => {}
            }
        }
        if !of_handler.is_empty() {
            let Some(module) = project.module_name(project.path) else {
                return Err(because(format!(
                    "It uses `{}` of this file, which a worker cannot import.",
                    of_handler.first().map_or("", String::as_str)
                )));
            };
            needs.inside.push(format!("from {module} import {}", of_handler.join(", ")));
        }
        needs.inside = in_order(project, &needs.inside).concat();
        Ok(needs)
    }
}

fn is_only_binding(file: &PythonFile, name: &str) -> bool {
    let binds = |stmt: &&Stmt| super::flow::bound(std::slice::from_ref(*stmt)).contains(name);
    file.body().iter().filter(binds).count() == 1
}

/// A relative import counts from its own file: in a module elsewhere it is written out.
fn absolute(project: &Project<'_>, home: &Home, import: &Import<'_>) -> String {
    let Some((level, module)) = &import.from else { return import.text() };
    if *level == 0 || home.path.parent() == Some(project.folder()) {
        return import.text();
    }
    let own = project.module_name(project.path).unwrap_or_default();
    let parts: Vec<&str> = own.split('.').collect();
    let kept = parts.len().saturating_sub(usize::try_from(*level).unwrap_or(0));
    let mut absolute: Vec<&str> = parts.into_iter().take(kept).collect();
    absolute.extend(module.split('.').filter(|part| !part.is_empty()));
    import.text().replacen(
        &format!("{}{module}", ".".repeat(usize::try_from(*level).unwrap_or(0))),
        &absolute.join("."),
        1,
    )
}

/// Import statements as they open a module: the standard library, installed packages, the project, each in order.
pub(super) fn in_order(project: &Project<'_>, imports: &[String]) -> Vec<Vec<String>> {
    let mut merged: Vec<(String, Vec<String>)> = Vec::new();
    for import in imports {
        match import.strip_prefix("from ").and_then(|rest| rest.split_once(" import ")) {
            Some((module, names)) => {
                let at = merged.iter().position(|(own, _)| own == module).unwrap_or_else(|| {
                    merged.push((module.to_owned(), Vec::new()));
                    merged.len() - 1
                });
                for name in names.split(", ") {
                    if let Some((_, known)) = merged.get_mut(at)
                        && !known.iter().any(|one| one == name)
                    {
                        known.push(name.to_owned());
                    }
                }
            }
            None if merged.iter().all(|(own, _)| own != import) => merged.push((import.clone(), Vec::new())),
            None => {}
        }
    }
    let mut statements: Vec<String> = merged
        .into_iter()
        .map(|(key, mut names)| {
            names.sort_by_key(|name| member_key(name));
            if names.is_empty() { key } else { format!("from {key} import {}", names.join(", ")) }
        })
        .collect();
    statements.sort_by_key(|import| key_of(project, import));
    let mut sections: Vec<Vec<String>> = vec![Vec::new(); 4];
    for import in statements {
        if let Some(lines) = sections.get_mut(key_of(project, &import).0) {
            lines.push(import);
        }
    }
    sections.retain(|lines| !lines.is_empty());
    sections
}

/// Where an import statement belongs, as the usual tools sort them: the section (the standard library, installed packages, the
/// project, relative imports), plain imports first, then the module.
pub(super) fn key_of(project: &Project<'_>, import: &str) -> (usize, bool, String) {
    let is_from = import.starts_with("from ");
    let module = import.split_whitespace().nth(1).unwrap_or("").trim_end_matches(',');
    let top = module.split('.').next().unwrap_or("");
    let section = if module.starts_with('.') {
        3
    } else if project.is_own(top) {
        2
    } else {
        usize::from(stdlib::standing(top, project.surroundings.python).is_none() && top != "__future__")
    };
    (section, is_from, module.to_owned())
}

/// Where a name belongs among those of one import: constants, classes, then all others.
pub(super) fn member_key(name: &str) -> (bool, bool, String) {
    let is_constant = name.chars().all(|c| c.is_uppercase() || c == '_' || c.is_ascii_digit());
    (!is_constant, !name.starts_with(|c: char| c.is_uppercase()), name.to_owned())
}
