//! Settings from `wsgi-ls.toml`, `[tool.wsgi-ls]` of `pyproject.toml`, the editor and the command line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings_reader::{self, Names, Tree};

/// What a user can say. All fields are optional; a later source wins over an earlier one, field by field: `wsgi-ls.toml` over
/// `pyproject.toml`, the editor over both, the command line over all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Settings {
    /// The host that serves the app: `pythonanywhere`, `uwsgi`, `gunicorn`, `mod_wsgi` or `passenger`. Guessed from the entry
    /// file's name when absent.
    pub host: Option<String>,
    /// The file that the host loads, relative to the workspace folder. Found by its name when absent.
    pub entry: Option<PathBuf>,
    /// The name of the callable in that file; `application` when absent.
    pub callable: Option<String>,
    /// The version of Python that the host runs, such as `3.11`. Read from the virtual environment when absent.
    pub python_version: Option<String>,
    /// The virtual environment that the host uses, relative to the workspace folder.
    pub virtualenv: Option<PathBuf>,
    /// Folders that are not looked at, as patterns of `.gitignore`.
    pub exclude: Vec<String>,
    /// How loud single rules are, by their ids.
    pub rules: BTreeMap<String, RuleSetting>,
}

impl Settings {
    /// Reads `wsgi-ls.toml` and `[tool.wsgi-ls]` of `pyproject.toml` in a folder. A file that cannot be used is left out and told of.
    ///
    /// A single value that cannot be used is left out and told of in the same way; the others count.
    pub fn load(root: &Path) -> (Self, Vec<SettingsError>) {
        let mut errors = Vec::new();
        let pyproject = Self::load_one(root, "pyproject.toml", &["tool", "wsgi-ls"], &mut errors);
        let own = Self::load_one(root, "wsgi-ls.toml", &[], &mut errors);
        (pyproject.under(own), errors)
    }

    /// Reads the table at `keys` of one file; nothing when there is no such file or table.
    fn load_one(root: &Path, name: &str, keys: &[&str], errors: &mut Vec<SettingsError>) -> Self {
        let mut complain = |text: &str, at: Option<usize>, message: String| {
            let line = at.map(|at| format!(":{}", 1 + text.bytes().take(at).filter(|b| *b == b'\n').count()));
            errors.push(SettingsError { place: format!("{name}{}", line.unwrap_or_default()), message });
        };
        let text = match std::fs::read(root.join(name)).map(String::from_utf8) {
            Ok(Ok(text)) => text,
            Ok(Err(_)) => {
                complain("", None, "is not UTF-8 text".to_owned());
                return Self::default();
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Self::default(),
            Err(error) => {
                complain("", None, format!("cannot be read: {error}"));
                return Self::default();
            }
        };
        let document = match toml::de::DeTable::parse(&text) {
            Ok(document) => document,
            // Somebody else's mistake in a file that has nothing for us is not ours to tell.
            Err(_) if !keys.iter().all(|key| text.contains(key)) => return Self::default(),
            Err(error) => {
                complain(
                    &text,
                    error.span().map(|span| span.start),
                    format!("is no TOML: {}", error.message()),
                );
                return Self::default();
            }
        };
        let mut tree = Tree::of_table(document.get_ref());
        for key in keys {
            let Tree::Table(pairs) = tree else { return Self::default() };
            let Some((_, _, inner)) = pairs.into_iter().find(|(name, _, _)| name == key) else {
                return Self::default();
            };
            tree = inner;
        }
        let (settings, complaints) = settings_reader::read(tree, &known_names());
        for complaint in complaints {
            complain(&text, Some(complaint.at), complaint.message);
        }
        settings
    }

    /// Reads settings that an editor sent; `place` names where they came from.
    ///
    /// # Errors
    /// When a key, a host or a rule is unknown or a value has the wrong type; the message tells all of them.
    pub fn from_json(value: serde_json::Value, place: &str) -> Result<Self, SettingsError> {
        let (settings, complaints) = settings_reader::read(Tree::of_json(value), &known_names());
        if complaints.is_empty() {
            return Ok(settings);
        }
        let messages: Vec<String> = complaints.into_iter().map(|complaint| complaint.message).collect();
        Err(SettingsError { place: place.to_owned(), message: messages.join("; ") })
    }

    /// The JSON schema of the settings, as it is published in `docs/schema/settings.json`.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Self)
    }

    /// These settings under `stronger` ones, field by field.
    pub fn under(self, stronger: Self) -> Self {
        let mut rules = self.rules;
        rules.extend(stronger.rules);
        Self {
            host: stronger.host.or(self.host),
            entry: stronger.entry.or(self.entry),
            callable: stronger.callable.or(self.callable),
            python_version: stronger.python_version.or(self.python_version),
            virtualenv: stronger.virtualenv.or(self.virtualenv),
            exclude: if stronger.exclude.is_empty() { self.exclude } else { stronger.exclude },
            rules,
        }
    }
}

/// How loud a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleSetting {
    /// As the rule itself says.
    On,
    /// Silent.
    Off,
    /// Every finding of the rule is an error.
    Error,
    /// Every finding of the rule is a warning.
    Warning,
    /// Every finding of the rule is an information.
    Information,
    /// Every finding of the rule is a hint.
    Hint,
}

impl RuleSetting {
    /// The names of all settings, as they are written.
    pub const NAMES: [&str; 6] = ["on", "off", "error", "warning", "information", "hint"];

    /// The setting with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::On, Self::Off, Self::Error, Self::Warning, Self::Information, Self::Hint];
        Self::NAMES.iter().position(|known| *known == name).map(|at| all[at])
    }
}

fn known_names() -> Names {
    Names {
        hosts: crate::hosting::Host::ALL.iter().map(|host| host.name()).collect(),
        rules: crate::rules::ALL.iter().map(|rule| rule.id).collect(),
    }
}

/// A setting that cannot be used, with the place that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// The file with the line (`wsgi-ls.toml:3`), or `initializationOptions` and its like.
    pub place: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl std::fmt::Display for SettingsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn load(own: Option<&str>, pyproject: Option<&str>) -> (Settings, String) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("wsgi-ls.toml", own), ("pyproject.toml", pyproject)] {
            if let Some(text) = text {
                std::fs::write(folder.path().join(name), text).unwrap();
            }
        }
        let (settings, errors) = Settings::load(folder.path());
        (settings, errors.iter().map(|error| format!("{error}\n")).collect())
    }

    #[test]
    fn the_own_file_wins_field_by_field() {
        let (settings, errors) = load(
            Some("host = 'gunicorn'\n[rules]\nsyntax-error = 'hint'\n"),
            Some(
                "[tool.wsgi-ls]\nhost = 'uwsgi'\ncallable = 'app'\nexclude = ['old']\n[tool.other]\nx = 1\n",
            ),
        );
        assert_eq!(errors, "");
        assert_eq!(settings.host.as_deref(), Some("gunicorn"));
        assert_eq!(settings.callable.as_deref(), Some("app"));
        assert_eq!(settings.exclude, ["old"]);
        assert_eq!(settings.rules.get("syntax-error"), Some(&RuleSetting::Hint));
    }

    #[test]
    fn everything_that_cannot_be_used_is_told_with_its_line_and_the_rest_counts() {
        let own = "hots = 'uwsgi'\nhost = 'pythonanywere'\ncallable = 'app'\npython-version = 3.11\n\
                   exclude = 'old'\nentry = ['a']\n\n[rules]\nsintax-error = 'off'\nsyntax-error = 'loud'\n";
        let (settings, errors) = load(Some(own), None);
        insta::assert_snapshot!(errors, @r#"
        wsgi-ls.toml:1: there is no setting `hots`; did you mean `host`?
        wsgi-ls.toml:2: there is no host `pythonanywere`; did you mean `pythonanywhere`?
        wsgi-ls.toml:4: `python-version` is a string; write "3.11" with quotes
        wsgi-ls.toml:5: `exclude` is a list of strings, not a string
        wsgi-ls.toml:6: `entry` is a string, not a list
        wsgi-ls.toml:9: there is no rule `sintax-error`; did you mean `syntax-error`?
        wsgi-ls.toml:10: there is no level `loud`; there are on, off, error, warning, information, hint
        "#);
        assert_eq!(settings, Settings { callable: Some("app".to_owned()), ..Settings::default() });
    }

    #[test]
    fn a_file_that_is_no_toml_is_told_of_only_when_it_speaks_to_us() {
        assert_eq!(load(None, Some("[project\n")).1, "");
        insta::assert_snapshot!(load(None, Some("[tool.wsgi-ls]\nhost = \n")).1, @"pyproject.toml:2: is no TOML: string values must be quoted, expected literal string");
        insta::assert_snapshot!(load(Some("host = \n"), None).1, @"wsgi-ls.toml:1: is no TOML: string values must be quoted, expected literal string");
    }

    #[test]
    fn json_is_read_by_the_same_rules() {
        let read = |value| Settings::from_json(value, "initializationOptions").map_err(|e| e.to_string());
        let good = serde_json::json!({"host": "uwsgi", "entry": null, "rules": {"syntax-error": "off"}});
        assert_eq!(read(good).unwrap().host.as_deref(), Some("uwsgi"));
        insta::assert_snapshot!(read(serde_json::json!({"host": 5, "colour": 1})).unwrap_err(), @"initializationOptions: there is no setting `colour`; there are host, entry, callable, python-version, virtualenv, exclude, rules; `host` is a string, not a number");
        insta::assert_snapshot!(read(serde_json::json!([])).unwrap_err(), @"initializationOptions: settings are a table, not a list");
    }

    #[test]
    fn all_keys_of_the_schema_are_read() {
        let schema = serde_json::to_value(Settings::schema()).unwrap();
        for key in schema["properties"].as_object().unwrap().keys() {
            let error = Settings::from_json(serde_json::json!({ key: false }), "").unwrap_err();
            assert!(!error.message.contains("there is no setting"), "{key} is not read: {error}");
        }
    }
}
