//! Deployments, found by the names of files, and by what the user says.

use std::fmt;
use std::path::{Path, PathBuf};

use ruff_python_ast::PythonVersion;

use super::{Deployment, Host, Wiring};
use crate::workspace::{Settings, Snapshot, normalize};

/// The newest version that the parser knows well: when nothing tells the version, nothing is refused for being new.
const ASSUMED_PYTHON: PythonVersion = PythonVersion::PY314;

/// What the command line says; it wins over all settings.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The host.
    pub host: Option<Host>,
    /// The entry, relative to the checked folder.
    pub entry: Option<PathBuf>,
}

/// What the user named and we could not use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiscoveryError {
    /// No host has this name.
    UnknownHost(String),
    /// There is no such file.
    MissingEntry(PathBuf),
    /// This is not a version of Python.
    BadPythonVersion(String),
}

impl fmt::Display for DiscoveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownHost(name) => {
                let names: Vec<&str> = Host::ALL.iter().map(|host| host.name()).collect();
                write!(f, "no host is called `{name}`; these are known: {}", names.join(", "))
            }
            Self::MissingEntry(path) => write!(f, "the entry {} does not exist", path.display()),
            Self::BadPythonVersion(text) => {
                write!(f, "`{text}` is not a version of Python; write it as `3.11`")
            }
        }
    }
}

impl std::error::Error for DiscoveryError {}

/// Finds the deployments of a folder (absolute, normalized).
///
/// # Errors
/// When the user named a host, an entry or a version that cannot be used.
pub fn discover(
    snapshot: &Snapshot,
    root: &Path,
    settings: &Settings,
    overrides: &Overrides,
) -> Result<Vec<Deployment>, DiscoveryError> {
    let named_host = match (&overrides.host, &settings.host) {
        (Some(host), _) => Some(*host),
        (None, Some(name)) => {
            Some(Host::from_name(name).ok_or_else(|| DiscoveryError::UnknownHost(name.clone()))?)
        }
        (None, None) => None,
    };
    let named_entry = overrides.entry.as_ref().or(settings.entry.as_ref());
    let entries = match named_entry {
        Some(entry) => {
            let path = normalize(&root.join(entry));
            if !snapshot.is_file(&path) {
                return Err(DiscoveryError::MissingEntry(path));
            }
            vec![(path, Wiring::Named)]
        }
        None => Vec::new(),
    };
    let version = match &settings.python_version {
        Some(text) => Some(text.parse().map_err(|_| DiscoveryError::BadPythonVersion(text.clone()))?),
        None => None,
    };
    Ok(entries
        .into_iter()
        .map(|(entry, wiring)| Deployment {
            host: named_host.unwrap_or(Host::PythonAnywhere),
            working_directory: root.to_owned(),
            callable: settings.callable.clone().unwrap_or_else(|| "application".to_owned()),
            root: root.to_owned(),
            python: version.unwrap_or(ASSUMED_PYTHON),
            python_is_known: version.is_some(),
            virtualenv: settings.virtualenv.as_ref().map(|path| normalize(&root.join(path))),
            entry,
            wiring,
        })
        .collect())
}
