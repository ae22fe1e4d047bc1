//! What a string could go on with: real folders, files, modules and members of the project.

use super::literal::{DottedKind, Meaning, string_at};
use super::paths;
use crate::rules::Context;
use crate::rules::dotted::{self, Leads};
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange, TextSize};

/// So many are offered at most.
const MOST: usize = 200;

/// Something that can stand at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What people choose by.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// What it takes the place of (bytes).
    pub edit: TextEdit,
    /// What the text that is there already is compared with.
    pub filter: String,
    /// Edits elsewhere that it needs, such as an import.
    pub more: Vec<TextEdit>,
    /// What it means, in Markdown.
    pub documentation: Option<String>,
}

/// What a completion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A folder.
    Folder,
    /// A file.
    File,
    /// An expression that takes the place of the string.
    Expression,
    /// A module or package.
    Module,
    /// A class, function or variable.
    Member,
    /// An option of a server.
    Option,
}

/// What the string at an offset (bytes) of a Python file could be, in the eyes of a deployment; empty outside of strings
/// that mean something.
pub fn complete_python(
    context: &Context<'_>,
    path: &std::path::Path,
    file: &PythonFile,
    offset: TextSize,
) -> Vec<Completion> {
    let Some(string) = string_at(file, offset) else { return Vec::new() };
    let typed = file.slice(TextRange::new(string.content.start(), offset));
    let mut found = match string.meaning {
        Meaning::Dotted(kind) => dotted(context, kind, typed, string.content),
        _ => paths::complete(context, path, file, &string, typed),
    };
    found.truncate(MOST);
    found
}

fn dotted(context: &Context<'_>, kind: DottedKind, typed: &str, content: TextRange) -> Vec<Completion> {
    let (before, prefix) = match typed.rsplit_once('.') {
        Some((before, _)) => (before, format!("{before}.")),
        None => ("", String::new()),
    };
    let found = dotted::following(context, before).into_iter().filter(|(name, leads)| match (kind, leads) {
        (_, Leads::Package) | (DottedKind::Member, _) | (DottedKind::Module, Leads::Module) => true,
        (DottedKind::App, Leads::Module) => name == "apps",
        (DottedKind::App, Leads::Member) => name.ends_with("Config"),
        (DottedKind::Module, Leads::Member) => false,
    });
    let completion = |(name, leads): (String, Leads)| {
        let text = format!("{prefix}{name}");
        Completion {
            kind: if leads == Leads::Member { CompletionKind::Member } else { CompletionKind::Module },
            filter: text.clone(),
            edit: TextEdit::replace(content, text),
            label: name,
            more: Vec::new(),
            documentation: None,
        }
    };
    found.map(completion).collect()
}
