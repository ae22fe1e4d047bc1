//! Settings from `wsgi-ls.toml`, `[tool.wsgi-ls]` of `pyproject.toml`, the editor and the command line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
