//! Which folder of the project a text in `sys.path` names on the host.

use std::path::{Path, PathBuf};

use super::interp::Interp;
use crate::workspace::normalize;

/// What a text in `sys.path` leads to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Folder {
    /// A folder that can be searched.
    Known(PathBuf),
    /// A server path that was taken for the checked folder, because nothing better fits.
    Assumed(PathBuf),
    /// Nothing is there.
    Missing,
    /// A path that is still to be filled in: `/home/yourusername/...`.
    Placeholder,
    /// A path outside of what can be seen.
    Elsewhere,
}

impl<'a> Interp<'a> {
    /// The folder that a text in `sys.path` names on the host, seen from here.
    pub fn folder(&self, text: &str) -> Folder {
        if let Some((tail, project)) = after_template(text).filter(|_| !is_placeholder(text)) {
            return self.by_template(tail, project);
        }
        let path = Path::new(text);
        if !path.is_absolute() {
            let Some(cwd) = self.cwd() else { return Folder::Elsewhere };
            let folder = normalize(&cwd.join(path));
            return if self.snapshot.is_dir(&folder) { Folder::Known(folder) } else { Folder::Missing };
        }
        let path = normalize(path);
        // Above the checked folder only the folders on the way to it can be seen.
        if self.deployment.root.starts_with(&path) {
            return Folder::Known(path);
        }
        if path.starts_with(&self.deployment.root) {
            return if self.snapshot.is_dir(&path) { Folder::Known(path) } else { Folder::Missing };
        }
        if is_placeholder(text) {
            return Folder::Placeholder;
        }
        self.by_tail(&path)
    }

    /// `{{ project_dir }}/mysite`: the host's template, or a file before it is installed. What follows the placeholder is looked
    /// for as the tail of a server path is.
    fn by_template(&self, tail: &str, project: bool) -> Folder {
        let path = normalize(&Path::new("/").join(tail));
        if path.parent().is_none() {
            return if project { Folder::Known(self.deployment.root.clone()) } else { Folder::Elsewhere };
        }
        match self.by_tail(&path) {
            Folder::Elsewhere if project && !is_environment(&path) => Folder::Missing,
            found => found,
        }
    }

    /// Matches a server path to the checked folder by its tail: `/home/jane/mysite/web` is `mysite/web` or `web` below it, or
    /// the folder itself when it has the name of the last part.
    fn by_tail(&self, path: &Path) -> Folder {
        let root = &self.deployment.root;
        let parts: Vec<_> = path.components().skip(1).map(|c| c.as_os_str().to_owned()).collect();
        for from in 0..parts.len() {
            let tail: PathBuf = parts[from..].iter().collect();
            let candidate = root.join(&tail);
            if self.snapshot.is_dir(&candidate) {
                return Folder::Known(candidate);
            }
            // The path of a module where its folder was meant: Python searches folders only.
            if self.snapshot.is_file(&candidate) {
                return Folder::Missing;
            }
            if root.file_name() == Some(&parts[from]) {
                let inner: PathBuf = parts[from + 1..].iter().collect();
                let candidate = normalize(&root.join(inner));
                if self.snapshot.is_dir(&candidate) {
                    return Folder::Known(candidate);
                }
                if self.snapshot.is_file(&candidate) {
                    return Folder::Missing;
                }
            }
        }
        // The project is there and a folder inside it is not. Environments are left out: they are not part of a project.
        let environment = is_environment(path);
        let project =
            parts.iter().rev().skip(1).any(|part| {
                root.file_name() == Some(part.as_os_str()) || self.snapshot.is_dir(&root.join(part))
            });
        if project && !environment {
            return Folder::Missing;
        }
        // `/home/<user>/<project>`: repositories often have another name than the folder on the server.
        let home = parts
            .first()
            .is_some_and(|first| matches!(first.to_str(), Some("home" | "var" | "srv" | "opt" | "www")));
        if home
            && parts.len() <= 3
            && !parts.iter().any(|part| part.to_string_lossy().contains("site-packages"))
        {
            return Folder::Assumed(root.clone());
        }
        Folder::Elsewhere
    }
}

/// Whether a path leads into a virtual environment or a Python, which are not part of a project.
fn is_environment(path: &Path) -> bool {
    path.components().any(|part| {
        let part = part.as_os_str().to_string_lossy();
        part.contains("env") || part.contains("packages") || part.contains("python") || part == "lib"
    })
}

/// What follows the last placeholder of a template in a path, and whether that placeholder may stand for the project's own
/// folder: it begins the path and is not named after somebody's home.
pub(super) fn after_template(text: &str) -> Option<(&str, bool)> {
    let is_template = |part: &str| {
        part.contains("{{") || part.contains("${") || part.starts_with('<') && part.ends_with('>')
    };
    let part = text.split('/').rfind(|part| is_template(part))?;
    let at = text.rfind(part)?;
    let tail = text[at + part.len()..].trim_start_matches('/');
    let name = part.to_lowercase();
    let elsewhere = ["home", "user", "env"].iter().any(|word| name.contains(word));
    Some((tail, at == 0 && !elsewhere))
}

/// Whether a path still holds the name that a template asks to replace.
fn is_placeholder(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "yourusername",
        "your_username",
        "your-username",
        "<username>",
        "<your",
        "myusername",
        "your_user",
        "/username/",
    ]
    .iter()
    .any(|mark| lower.contains(mark))
}
