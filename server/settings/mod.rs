//! Settings from files and from JSON, checked against the hosts and rules that there are.

mod reader;

use std::path::Path;

use crate::workspace::{Settings, SettingsError, read_small_text};
use reader::{Names, Tree};

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
        let text = match read_small_text(&root.join(name)) {
            Ok(Some(text)) => text,
            Ok(None) => return Self::default(),
            Err(reason) => {
                complain("", None, reason);
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
        let (settings, complaints) = reader::read(tree, &known_names());
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
        let (settings, complaints) = reader::read(Tree::of_json(value), &known_names());
        if complaints.is_empty() {
            return Ok(settings);
        }
        let messages: Vec<String> = complaints.into_iter().map(|complaint| complaint.message).collect();
        Err(SettingsError { place: place.to_owned(), message: messages.join("; ") })
    }
}

fn known_names() -> Names {
    Names {
        hosts: crate::hosting::Host::ALL.iter().map(|host| host.name()).collect(),
        rules: crate::rules::ALL.iter().map(|rule| rule.id).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::workspace::RuleSetting;

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
