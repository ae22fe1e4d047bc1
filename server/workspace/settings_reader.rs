//! Reading settings, from TOML or from JSON, with a sentence for everything that cannot be used.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::nearest;
use super::settings::{RuleSetting, Settings};

/// A value of either format, with its place in a TOML text (bytes).
pub(super) enum Tree {
    /// A string.
    Text(String, Range<usize>),
    /// A list.
    List(Vec<Tree>, Range<usize>),
    /// Keys with their values.
    Table(Vec<(String, Range<usize>, Tree)>),
    /// `null`, which JSON clients send for "not set".
    Nothing,
    /// Anything else, by what it is called.
    Other(&'static str, Range<usize>),
}

impl Tree {
    /// The tree of a TOML table.
    pub fn of_table(table: &DeTable<'_>) -> Self {
        let pair = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let name: &std::borrow::Cow<'_, str> = key.get_ref();
            (name.to_string(), key.span(), Self::of_toml(value))
        };
        Self::Table(table.iter().map(pair).collect())
    }

    /// The tree of a TOML value.
    pub fn of_toml(value: &Spanned<DeValue<'_>>) -> Self {
        match value.get_ref() {
            DeValue::String(text) => Self::Text(text.to_string(), value.span()),
            DeValue::Array(items) => Self::List(items.iter().map(Self::of_toml).collect(), value.span()),
            DeValue::Table(table) => Self::of_table(table),
            DeValue::Boolean(_) => Self::Other("a boolean", value.span()),
            DeValue::Datetime(_) => Self::Other("a date", value.span()),
            DeValue::Integer(_) | DeValue::Float(_) => Self::Other("a number", value.span()),
        }
    }

    /// The tree of a JSON value, which has no places.
    pub fn of_json(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::String(text) => Self::Text(text, 0..0),
            Value::Array(items) => Self::List(items.into_iter().map(Self::of_json).collect(), 0..0),
            Value::Object(map) => {
                Self::Table(map.into_iter().map(|(key, value)| (key, 0..0, Self::of_json(value))).collect())
            }
            Value::Null => Self::Nothing,
            Value::Bool(_) => Self::Other("a boolean", 0..0),
            Value::Number(_) => Self::Other("a number", 0..0),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Text(..) => "a string",
            Self::List(..) => "a list",
            Self::Table(_) => "a table",
            Self::Nothing => "null",
            Self::Other(kind, _) => kind,
        }
    }
}

/// What is wrong, and where in a TOML text (byte).
#[derive(Debug)]
pub(super) struct Complaint {
    /// The first byte of the key or value.
    pub at: usize,
    /// A sentence without its end.
    pub message: String,
}

/// The names that values may have.
pub(super) struct Names {
    /// The hosts.
    pub hosts: Vec<&'static str>,
    /// The rules.
    pub rules: Vec<&'static str>,
}

/// Reads a tree. What cannot be used is left out of the settings and complained of.
pub(super) fn read(tree: Tree, names: &Names) -> (Settings, Vec<Complaint>) {
    let mut reader = Reader { names, complaints: Vec::new() };
    let settings = reader.settings(tree);
    // TOML tables are sorted by their keys; people read a file from its start.
    reader.complaints.sort_by_key(|complaint| complaint.at);
    (settings, reader.complaints)
}

const KEYS: [&str; 7] = ["host", "entry", "callable", "python-version", "virtualenv", "exclude", "rules"];

struct Reader<'a> {
    names: &'a Names,
    complaints: Vec<Complaint>,
}

impl Reader<'_> {
    fn settings(&mut self, tree: Tree) -> Settings {
        let mut settings = Settings::default();
        let Tree::Table(pairs) = tree else {
            self.complain(0, format!("settings are a table, not {}", tree.kind()));
            return settings;
        };
        for (key, place, value) in pairs {
            if matches!(value, Tree::Nothing) && KEYS.contains(&&*key) {
                continue;
            }
            match &*key {
                "host" => settings.host = self.host(value, &place),
                "entry" => settings.entry = self.text("entry", value, &place).map(PathBuf::from),
                "callable" => settings.callable = self.text("callable", value, &place),
                "python-version" => settings.python_version = self.version(value, &place),
                "virtualenv" => {
                    settings.virtualenv = self.text("virtualenv", value, &place).map(PathBuf::from)
                }
                "exclude" => settings.exclude = self.texts("exclude", value, &place),
                "rules" => settings.rules = self.rules(value, &place),
                _ => self.unknown("setting", &key, place.start, &KEYS),
            }
        }
        settings
    }

    fn host(&mut self, value: Tree, key: &Range<usize>) -> Option<String> {
        let at = place_of(&value, key);
        let name = self.text("host", value, key)?;
        if self.names.hosts.contains(&&*name) {
            return Some(name);
        }
        let hosts = self.names.hosts.clone();
        self.unknown("host", &name, at, &hosts);
        None
    }

    fn version(&mut self, value: Tree, key: &Range<usize>) -> Option<String> {
        let at = place_of(&value, key);
        if let Tree::Other("a number", _) = value {
            self.complain(at, "`python-version` is a string; write \"3.11\" with quotes".to_owned());
            return None;
        }
        let text = self.text("python-version", value, key)?;
        if crate::hosting::parse_python_version(&text).is_some() {
            return Some(text);
        }
        self.complain(
            at,
            format!(
                "`{text}` is not a version of Python that can be checked; write it as `3.11`, from 3.7 on"
            ),
        );
        None
    }

    fn rules(&mut self, value: Tree, key: &Range<usize>) -> BTreeMap<String, RuleSetting> {
        let mut rules = BTreeMap::new();
        let Tree::Table(pairs) = value else {
            let at = place_of(&value, key);
            self.complain(at, format!("`rules` is a table of rule ids, not {}", value.kind()));
            return rules;
        };
        for (id, place, value) in pairs {
            if !self.names.rules.contains(&&*id) {
                let known = self.names.rules.clone();
                self.unknown("rule", &id, place.start, &known);
                continue;
            }
            let at = place_of(&value, &place);
            match value {
                Tree::Text(level, _) => match RuleSetting::from_name(&level) {
                    Some(setting) => {
                        rules.insert(id, setting);
                    }
                    None => self.unknown("level", &level, at, &RuleSetting::NAMES),
                },
                other => self.complain(
                    at,
                    format!(
                        "the level of `{id}` is one of {}, not {}",
                        RuleSetting::NAMES.join(", "),
                        other.kind()
                    ),
                ),
            }
        }
        rules
    }

    fn text(&mut self, name: &str, value: Tree, key: &Range<usize>) -> Option<String> {
        let at = place_of(&value, key);
        match value {
            Tree::Text(text, _) if !text.is_empty() => Some(text),
            Tree::Text(..) => {
                self.complain(at, format!("`{name}` is empty; leave it out instead"));
                None
            }
            other => {
                self.complain(at, format!("`{name}` is a string, not {}", other.kind()));
                None
            }
        }
    }

    fn texts(&mut self, name: &str, value: Tree, key: &Range<usize>) -> Vec<String> {
        match value {
            Tree::List(items, _) => items.into_iter().filter_map(|item| self.text(name, item, key)).collect(),
            other => {
                let at = place_of(&other, key);
                self.complain(at, format!("`{name}` is a list of strings, not {}", other.kind()));
                Vec::new()
            }
        }
    }

    fn unknown(&mut self, what: &str, wrong: &str, at: usize, known: &[&str]) {
        let right = match nearest(wrong, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", known.join(", ")),
        };
        self.complain(at, format!("there is no {what} `{wrong}`; {right}"));
    }

    fn complain(&mut self, at: usize, message: String) {
        self.complaints.push(Complaint { at, message });
    }
}

/// Where a value is; its key for a table, which TOML may spread over the file.
fn place_of(value: &Tree, key: &Range<usize>) -> usize {
    match value {
        Tree::Text(_, place) | Tree::List(_, place) | Tree::Other(_, place) => place.start,
        Tree::Table(_) | Tree::Nothing => key.start,
    }
}
