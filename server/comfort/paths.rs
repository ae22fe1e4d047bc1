//! Folders and files that a string can name, spelled as the host knows them.

use std::path::{Path, PathBuf};

use super::completion::{Completion, CompletionKind};
use super::literal::{Meaning, StringAt};
use crate::fixes::{self, ImportEdit};
use crate::hosting::Host;
use crate::rules::Context;
use crate::rules::search_path::{folder_value, lies_apart, server_path};
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;
use crate::workspace::{EntryKind, normalize};

/// Folders of the project are offered so many levels deep.
const DEEPEST: usize = 3;

/// What goes on from the text that is typed so far.
pub(super) fn complete(
    context: &Context<'_>,
    path: &Path,
    file: &PythonFile,
    string: &StringAt,
    typed: &str,
) -> Vec<Completion> {
    let on_server = typed.starts_with("/home/") && !Path::new(typed).starts_with(&context.deployment.root);
    let empty_on_server = typed.is_empty()
        && string.meaning == Meaning::SearchPath
        && context.deployment.host == Host::PythonAnywhere;
    let mut found = Vec::new();
    if on_server || empty_on_server {
        found = of_server(context, string, typed);
    }
    if found.is_empty() || empty_on_server {
        found.extend(of_workspace(context, path, string, typed));
    }
    if string.meaning == Meaning::SearchPath && !lies_apart(context, path) {
        found.extend(relative_to_file(context, path, file, string, typed));
    }
    found
}

/// Paths of the server: `/home/jane/mysite`.
fn of_server(context: &Context<'_>, string: &StringAt, typed: &str) -> Vec<Completion> {
    let root = &context.deployment.root;
    let mut found: Vec<Completion> = Vec::new();
    for folder in folders(context) {
        let Some(whole) = server_path(context, &folder, Some(typed)) else { continue };
        // The checked folder may be a copy of the whole home.
        let user: String = whole.split('/').take(3).collect::<Vec<_>>().join("/");
        let inner = crate::workspace::relative_slash(&folder, root);
        let as_home = (!inner.is_empty()).then(|| format!("{user}/{inner}"));
        for text in [whole].into_iter().chain(as_home) {
            // Where the user's name is a placeholder, nothing can start with what is typed.
            let fits = text.starts_with(typed) || user_of(typed) != user_of(&text);
            if fits && !found.iter().any(|known| known.label == text) {
                found.push(item(string, &text, &text, typed, EntryKind::Directory));
            }
        }
    }
    found
}

fn user_of(path: &str) -> Option<&str> {
    path.strip_prefix("/home/")?.split('/').next()
}

/// Paths of this machine, absolute or relative to where the string is read from.
fn of_workspace(context: &Context<'_>, path: &Path, string: &StringAt, typed: &str) -> Vec<Completion> {
    let root = &context.deployment.root;
    let (before, _) = typed.rsplit_once('/').map_or(("", typed), |(before, rest)| (before, rest));
    let base = match string.meaning {
        Meaning::FolderBesideModule => path.parent().unwrap_or(root),
        _ => &context.deployment.working_directory,
    };
    let wants_absolute = string.meaning == Meaning::SearchPath || typed.starts_with('/');
    let root_text = root.to_string_lossy();
    if wants_absolute && root_text.starts_with(typed) {
        let all = folders(context).into_iter().map(|folder| {
            let text = folder.to_string_lossy().into_owned();
            item(string, &text, &text, typed, EntryKind::Directory)
        });
        return all.collect();
    }
    let folder = if typed.starts_with('/') {
        PathBuf::from(if before.is_empty() { "/" } else { before })
    } else {
        normalize(&base.join(before))
    };
    // Nobody asked for what lies outside of the project.
    if !folder.starts_with(root) {
        return Vec::new();
    }
    let prefix = if before.is_empty() { String::new() } else { format!("{before}/") };
    let entries = context.snapshot.entries(&folder);
    let wanted = entries.iter().flat_map(|entries| entries.iter()).filter(|entry| {
        let name = entry.name.to_string_lossy();
        let fits = entry.kind == EntryKind::Directory || string.meaning == Meaning::File;
        fits && !is_hidden(&name)
    });
    let items = wanted.map(|entry| {
        let name = entry.name.to_string_lossy();
        item(string, &name, &format!("{prefix}{name}"), typed, entry.kind)
    });
    items.collect()
}

/// The folder as an expression, which is right on every machine.
fn relative_to_file(
    context: &Context<'_>,
    path: &Path,
    file: &PythonFile,
    string: &StringAt,
    typed: &str,
) -> Option<Completion> {
    let name = typed.rsplit('/').find(|part| !part.is_empty());
    let named =
        folders(context).into_iter().find(|folder| folder.file_name().and_then(|n| n.to_str()) == name);
    let folder = named.or_else(|| path.parent().map(Path::to_owned))?;
    let value = folder_value(context, file, path, &folder, None)?;
    let os = fixes::add_import(file, "import os");
    let more = match os {
        Some(ImportEdit::Add(edit)) if edit.range.end() <= string.literal.start() => vec![edit],
        _ => Vec::new(),
    };
    Some(Completion {
        label: value.clone(),
        kind: CompletionKind::Expression,
        filter: file.slice(string.literal).to_owned(),
        edit: TextEdit::replace(string.literal, value),
        more,
        documentation: None,
    })
}

fn item(string: &StringAt, label: &str, text: &str, typed: &str, kind: EntryKind) -> Completion {
    Completion {
        label: label.to_owned(),
        kind: if kind == EntryKind::Directory { CompletionKind::Folder } else { CompletionKind::File },
        filter: if text.starts_with(typed) { text.to_owned() } else { typed.to_owned() },
        edit: TextEdit::replace(string.content, text),
        more: Vec::new(),
        documentation: None,
    }
}

/// The folders of the project: the checked one first, then what is below it.
fn folders(context: &Context<'_>) -> Vec<PathBuf> {
    let root = context.deployment.root.clone();
    let mut found = vec![root.clone()];
    let mut level = vec![root];
    for _ in 0..DEEPEST {
        let mut next = Vec::new();
        for folder in level {
            let entries = context.snapshot.entries(&folder);
            for entry in entries.iter().flat_map(|entries| entries.iter()) {
                let inner = folder.join(&entry.name);
                let is_environment = context.snapshot.is_file(&inner.join("pyvenv.cfg"));
                if entry.kind == EntryKind::Directory
                    && !entry.is_link
                    && !is_hidden(&entry.name.to_string_lossy())
                    && !is_environment
                {
                    next.push(inner);
                }
            }
        }
        found.extend(next.iter().cloned());
        level = next;
    }
    found
}

fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name == "__pycache__" || name == "node_modules"
}
