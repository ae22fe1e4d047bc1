//! The virtual environment of a deployment and the version of Python that it runs.

use std::path::{Path, PathBuf};

use ruff_python_ast::PythonVersion;

use super::{DiscoveryError, Overrides};
use crate::workspace::{Settings, Snapshot, normalize};

/// When nothing tells the version, nothing is refused for being new.
const ASSUMED_PYTHON: PythonVersion = PythonVersion::PY314;

/// Where the environment mostly lies in a project.
const USUAL_FOLDERS: [&str; 3] = [".venv", "venv", "env"];

/// What a deployment runs on.
#[derive(Clone, Debug)]
pub(super) struct Interpreter {
    /// The virtual environment, absolute.
    pub virtualenv: Option<PathBuf>,
    /// The version, known or assumed.
    pub version: PythonVersion,
    /// Whether the version was read from somewhere.
    pub is_known: bool,
}

/// Finds the environment (setting, active one, usual folders) and the version (setting, environment, `.python-version`,
/// `runtime.txt`).
pub(super) fn find(
    snapshot: &Snapshot,
    root: &Path,
    settings: &Settings,
    overrides: &Overrides,
) -> Result<Interpreter, DiscoveryError> {
    let config = |folder: &PathBuf| snapshot.is_file(&folder.join("pyvenv.cfg"));
    let named = settings.virtualenv.as_ref().map(|path| normalize(&root.join(path)));
    let virtualenv = named.or_else(|| {
        let active = overrides.active_virtualenv.iter().map(|path| normalize(&root.join(path)));
        active.chain(USUAL_FOLDERS.map(|name| root.join(name))).find(config)
    });
    let told = match &settings.python_version {
        Some(text) => {
            Some(parse_setting(text).ok_or_else(|| DiscoveryError::BadPythonVersion(text.clone()))?)
        }
        None => virtualenv
            .as_ref()
            .and_then(|folder| of_virtualenv(snapshot, folder))
            // An environment that is too old for the project belongs to something else.
            .filter(|version| required_at_least(snapshot, root).is_none_or(|least| *version >= least))
            .or_else(|| of_first_line(snapshot, &root.join(".python-version")))
            .or_else(|| of_first_line(snapshot, &root.join("runtime.txt"))),
    };
    Ok(Interpreter { virtualenv, version: told.unwrap_or(ASSUMED_PYTHON), is_known: told.is_some() })
}

/// Reads `3.11` or `3.11.4`, no older than the parser knows.
pub(crate) fn parse_setting(text: &str) -> Option<PythonVersion> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !text.split('.').all(is_number) || text.split('.').count() > 3 {
        return None;
    }
    parse(text)
}

fn of_virtualenv(snapshot: &Snapshot, folder: &Path) -> Option<PythonVersion> {
    let (source, _) = snapshot.text(&folder.join("pyvenv.cfg"))?;
    source.text().lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        // `venv` writes `version`, `virtualenv` and `uv` write `version_info`.
        matches!(key.trim(), "version" | "version_info").then(|| parse(value.trim()))?
    })
}

fn of_first_line(snapshot: &Snapshot, path: &Path) -> Option<PythonVersion> {
    let (source, _) = snapshot.text(path)?;
    let line =
        source.text().lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    parse(line.trim_start_matches("cpython-").trim_start_matches("python-"))
}

/// The oldest version that `requires-python` in `pyproject.toml` lets in.
fn required_at_least(snapshot: &Snapshot, root: &Path) -> Option<PythonVersion> {
    let (source, _) = snapshot.text(&root.join("pyproject.toml"))?;
    let line = source.text().lines().find(|line| line.trim_start().starts_with("requires-python"))?;
    let (_, wanted) = line.split_once('=')?;
    let bounds = wanted.trim().trim_matches(['"', '\'']).split(',');
    let least = bounds.filter_map(|bound| {
        let bound = bound.trim();
        let version = bound
            .strip_prefix(">=")
            .or_else(|| bound.strip_prefix("=="))
            .or_else(|| bound.strip_prefix("~="))?;
        parse(version.trim())
    });
    least.max()
}

/// The first two numbers of a version such as `3.11.4.final.0`; what follows the second number is not looked at.
fn parse(text: &str) -> Option<PythonVersion> {
    let (major, rest) = text.split_once('.')?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let version = PythonVersion { major: major.parse().ok()?, minor: rest[..digits].parse().ok()? };
    (version.major == 3 && version >= PythonVersion::lowest()).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_their_files_write_them() {
        let version = |major, minor| Some(PythonVersion { major, minor });
        assert_eq!(parse("3.11.4.final.0"), version(3, 11));
        assert_eq!(parse("3.13t"), version(3, 13));
        assert_eq!(parse("my-env"), None);
        assert_eq!(parse("2.7.18"), None);
        assert_eq!(parse_setting("3.12"), version(3, 12));
        assert_eq!(parse_setting("3.12.1"), version(3, 12));
        assert_eq!(parse_setting("3.12rc1"), None);
        assert_eq!(parse_setting("3"), None);
    }
}
