//! Which files are logs, by their names.

use std::path::Path;

/// What a log holds, as its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogKind {
    /// What the app and its import say.
    Error,
    /// What the server says.
    Server,
    /// One line for each request.
    Access,
}

impl LogKind {
    /// The kind of log that a file is, live or rotated (`.1`, `.2.gz`); `None` when its name is none of a log.
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let mut name = name.strip_suffix(".gz").unwrap_or(&name);
        while let Some((head, tail)) = name.rsplit_once(['.', '-']) {
            if tail.is_empty() || !tail.bytes().all(|byte| byte.is_ascii_digit()) {
                break;
            }
            name = head;
        }
        let stem = name.strip_suffix(".log").or_else(|| name.strip_suffix("_log"))?;
        if stem.ends_with("access") {
            Some(Self::Access)
        } else if stem.ends_with("error") || stem.ends_with("errors") {
            Some(Self::Error)
        } else {
            Some(Self::Server)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_known_by_their_names() {
        let kind = |name: &str| LogKind::of(Path::new(name));
        assert_eq!(kind("/var/log/jane.pythonanywhere.com.error.log"), Some(LogKind::Error));
        assert_eq!(kind("jane.pythonanywhere.com.server.log.1"), Some(LogKind::Server));
        assert_eq!(kind("jane.pythonanywhere.com.access.log.2.gz"), Some(LogKind::Access));
        assert_eq!(kind("uwsgi.log-20260101.gz"), Some(LogKind::Server));
        assert_eq!(kind("error_log"), Some(LogKind::Error));
        for other in ["catalog", "app.py", "log.txt", "changes.1"] {
            assert_eq!(kind(other), None, "{other}");
        }
    }
}
