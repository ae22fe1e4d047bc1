//! What keeps a folder from being looked at.

use std::fmt;
use std::path::PathBuf;

use super::Host;

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
            Self::MissingEntry(path) => write!(f, "there is no file {} to use as the entry", path.display()),
            Self::BadPythonVersion(text) => {
                write!(
                    f,
                    "`{text}` is not a version of Python that can be checked; write it as `3.11`, from 3.7 on"
                )
            }
        }
    }
}

impl std::error::Error for DiscoveryError {}
