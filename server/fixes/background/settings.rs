//! Django's settings: the task queue among the installed apps, and its own setting.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::Style;
use super::super::insert::append_statement;
use super::backend::{Backend, Given};
use super::layout_edits::{Element, add_element, list_named};
use super::project::{Project, imports_of};
use super::written;
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// What a back end wants in the settings.
struct Wants {
    apps: &'static [&'static str],
    setting: &'static str,
    value: &'static str,
}

fn wants(backend: Backend, given: Given<'_>) -> Option<Wants> {
    let wants = match backend {
        Backend::DjangoQ => Wants {
            apps: &["django_q"],
            setting: "Q_CLUSTER",
            // A job that takes longer than `retry` would be started a second time.
            value: "Q_CLUSTER = {\n    \"name\": \"tasks\",\n    \"orm\": \"default\",\n    \"workers\": 1,\n    \"timeout\": 3600,\n    \"retry\": 4000,\n}\n",
        },
        Backend::DjangoTasks => Wants {
            apps: if given.django_tasks == "django_tasks" {
                &["django_tasks", "django_tasks_db"]
            } else {
                &["django_tasks_db"]
            },
            setting: "TASKS",
            value: "TASKS = {\"default\": {\"BACKEND\": \"django_tasks_db.DatabaseBackend\"}}\n",
        },
        Backend::Huey if given.instance.is_none() => Wants {
            apps: &["huey.contrib.djhuey"],
            setting: "HUEY",
            value: "HUEY = {\n    \"huey_class\": \"huey.SqliteHuey\",\n    \"filename\": FILENAME,\n    \"immediate\": False,\n}\n",
        },
        _ => return None,
    };
    Some(wants)
}

/// The edits of the settings, file by file; `None` when settings are needed and none were found.
pub(super) fn edits(
    project: &Project<'_>,
    backend: Backend,
    given: Given<'_>,
) -> Option<Vec<(PathBuf, Vec<TextEdit>)>> {
    let Some(wants) = wants(backend, given) else { return Some(Vec::new()) };
    let (path, file) = settings(project)?;
    let style = Style::of(&file);
    let quote = style.quote;
    let mut all: Vec<(PathBuf, Vec<TextEdit>)> = Vec::new();
    let mut add = |path: &Path, edits: Vec<TextEdit>| {
        if edits.is_empty() {
            return;
        }
        match all.iter_mut().find(|(own, _)| own == path) {
            Some((_, known)) => known.extend(edits),
            None => all.push((path.to_owned(), edits)),
        }
    };
    let chain = with_star_imports(project, &path, &file);
    let mentions = |text: &str| chain.iter().any(|(_, file)| file.source().text().contains(text));
    let apps: Vec<&str> = wants
        .apps
        .iter()
        .copied()
        .filter(|app| !mentions(&format!("\"{app}\"")) && !mentions(&format!("'{app}'")))
        .collect();
    let mut lines = String::new();
    match chain.iter().find_map(|(path, file)| Some((path, file, list_named(file, "INSTALLED_APPS")?))) {
        Some((path, file, list)) => {
            // One after the other: each goes behind the one before.
            let elements: Vec<String> = apps.iter().map(|app| format!("{quote}{app}{quote}")).collect();
            for element in &elements {
                add(
                    path,
                    add_element(file, list, None, &Element { head: element, arguments: &[], tail: "" })?,
                );
            }
        }
        None if !apps.is_empty() => {
            let elements: Vec<String> = apps.iter().map(|app| format!("\"{app}\"")).collect();
            lines.push_str(&format!("INSTALLED_APPS += [{}]\n", elements.join(", ")));
        }
        None => {}
    }
    let is_set = chain.iter().any(|(_, file)| super::flow::bound(file.body()).contains(wants.setting));
    if !is_set {
        let base = chain.iter().any(|(_, file)| super::flow::bound(file.body()).contains("BASE_DIR"));
        let filename = if base { "f\"{BASE_DIR}/tasks.db\"" } else { "\"tasks.db\"" };
        lines.push_str(&wants.value.replace("FILENAME", filename));
    }
    if !lines.is_empty() {
        let text = format!("\n{}", written(&lines, "", &style).replace(style.newline, "\n"));
        add(&path, vec![append_statement(&file, &text)?]);
    }
    Some(all)
}

/// The settings that `manage.py` names; else a file of the usual name.
fn settings(project: &Project<'_>) -> Option<(PathBuf, Arc<PythonFile>)> {
    let (source, _) = project.snapshot().text(&project.manage_py()?)?;
    let behind = source.text().split_once("DJANGO_SETTINGS_MODULE")?.1;
    let mut quoted = behind.get(1..)?.split(['"', '\'']);
    let module = quoted.find(|part| !part.trim_matches([',', ' ', ')', '\n']).is_empty())?;
    let path = project.file_of(module)?;
    let file = project.python(&path)?;
    Some((path, file))
}

/// A file of settings and those whose names it takes over whole.
fn with_star_imports(
    project: &Project<'_>,
    path: &Path,
    file: &Arc<PythonFile>,
) -> Vec<(PathBuf, Arc<PythonFile>)> {
    let mut chain = vec![(path.to_owned(), file.clone())];
    let mut at = 0;
    while let Some((path, file)) = chain.get(at).cloned() {
        for import in imports_of(file.body()).filter(|import| import.name() == "*") {
            for found in project.files_of(&path, &import) {
                if chain.iter().all(|(own, _)| *own != found)
                    && let Some(file) = project.python(&found)
                {
                    chain.push((found, file));
                }
            }
        }
        at += 1;
    }
    chain
}
