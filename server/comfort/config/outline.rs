//! The sections, options and commands of a configuration file, for its outline.

use super::Place;
use crate::syntax::config::{ConfigKind, Directive, TargetForm};
use crate::text::TextRange;

/// One line of an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What stands behind it.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it (bytes).
    pub range: TextRange,
    /// Its name (bytes), inside of `range`.
    pub selection: TextRange,
    /// What stands in it.
    pub children: Vec<Symbol>,
}

/// What a line of an outline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// A section or a block.
    Section,
    /// An option.
    Option,
    /// A program that is started.
    Command,
}

/// The outline of a file.
pub fn outline(place: &Place<'_>) -> Vec<Symbol> {
    let configuration = place.configuration;
    let content = configuration.file.content();
    if configuration.file.kind() == ConfigKind::Gunicorn {
        return of_gunicorn(place);
    }
    if !content.sections.is_empty() {
        let sections = content.sections.iter().map(|section| Symbol {
            name: section.name.text.to_string(),
            detail: String::new(),
            kind: SymbolKind::Section,
            range: section.range.cover(section.name.range),
            selection: section.name.range,
            children: section
                .entries
                .iter()
                .map(|entry| Symbol {
                    name: entry.key.text.to_string(),
                    detail: entry.value.as_ref().map(|value| value.text.to_string()).unwrap_or_default(),
                    kind: SymbolKind::Option,
                    range: entry.range.cover(entry.key.range),
                    selection: entry.key.range,
                    children: Vec::new(),
                })
                .collect(),
        });
        return named(sections.collect());
    }
    if !content.directives.is_empty() {
        return named(content.directives.iter().map(of_directive).collect());
    }
    let commands = content.commands.iter().filter(|command| !command.words.is_empty()).map(|command| {
        let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
        let range = command.range();
        let title = command.role.as_ref();
        Symbol {
            name: title.map_or_else(
                || words.first().copied().unwrap_or_default().to_owned(),
                |role| role.text.to_string(),
            ),
            detail: words.join(" "),
            kind: SymbolKind::Command,
            range,
            selection: command.words.first().map_or(range, |word| word.range),
            children: Vec::new(),
        }
    });
    let targets = content.targets.iter().map(|target| {
        let name = match (&target.role, target.form) {
            (Some(role), _) => role.text.to_string(),
            (None, TargetForm::WsgiPath) => "WSGIPath".to_owned(),
            (None, TargetForm::Dotted) => "app_function".to_owned(),
        };
        Symbol {
            name,
            detail: target.text.text.to_string(),
            kind: SymbolKind::Command,
            range: target.text.range,
            selection: target.text.range,
            children: Vec::new(),
        }
    });
    named(commands.chain(targets).collect())
}

/// gunicorn's settings and hooks. Whatever else a file of Python holds editors know from elsewhere.
fn of_gunicorn(place: &Place<'_>) -> Vec<Symbol> {
    let told = place.configuration.groups.iter().flat_map(|group| &group.told);
    let settings = told.filter(|told| told.info.is_some()).map(|told| Symbol {
        name: told.name.text.to_string(),
        detail: told.text().unwrap_or_default().to_owned(),
        kind: SymbolKind::Option,
        range: told.range.cover(told.name.range),
        selection: told.name.range,
        children: Vec::new(),
    });
    settings.collect()
}

fn of_directive(directive: &Directive) -> Symbol {
    let arguments: Vec<&str> = directive.arguments.iter().map(|word| word.text.as_str()).collect();
    let is_block = !directive.block.is_empty();
    Symbol {
        name: directive.name.text.to_string(),
        detail: arguments.join(" "),
        kind: if is_block { SymbolKind::Section } else { SymbolKind::Option },
        range: directive.range.cover(directive.name.range),
        selection: directive.name.range,
        children: named(directive.block.iter().map(of_directive).collect()),
    }
}

/// Editors refuse symbols without a name.
fn named(mut symbols: Vec<Symbol>) -> Vec<Symbol> {
    symbols.retain(|symbol| !symbol.name.trim().is_empty());
    symbols
}
