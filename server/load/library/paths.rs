//! Paths as text: `os.path` and `pathlib`.

use std::path::{Component, Path};
use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::folder::after_template;
use crate::load::interp::Interp;
use crate::load::value::{Id, Kind, Library, Value};
use crate::workspace::{is_ignored, normalize};

/// `os.path.join` of two parts.
pub(in crate::load) fn join(base: &str, part: &str) -> String {
    if part.starts_with('/') || base.is_empty() {
        part.to_owned()
    } else if base.ends_with('/') {
        format!("{base}{part}")
    } else {
        format!("{base}/{part}")
    }
}

/// `os.path.dirname`.
fn parent(path: &str) -> String {
    match path.rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((head, _)) => head.trim_end_matches('/').to_owned(),
        None => String::new(),
    }
}

fn normalized(path: &str) -> String {
    normalize(Path::new(path)).to_string_lossy().into_owned()
}

impl<'a> Interp<'a> {
    /// A `pathlib` path.
    pub fn make_path(&mut self, text: &str) -> Value<'a> {
        Value::Object(self.heap.allocate(Kind::Path(Rc::from(text))))
    }

    /// The text of something that stands for a path.
    pub fn path_text(&self, value: &Value<'a>) -> Option<String> {
        match value {
            Value::Str(text) => Some(text.to_string()),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::Path(text) => Some(text.to_string()),
                _ => None,
            },
            _ => None,
        }
    }

    /// A path made absolute against the working directory of the process.
    pub fn absolute(&self, text: &str) -> Option<String> {
        if after_template(text).is_some() {
            return Some(text.to_owned());
        }
        let cwd = self.cwd()?;
        Some(normalized(&join(&cwd.to_string_lossy(), text)))
    }

    /// `os.path.*` on known texts; `None` when the function is not one of them.
    pub(super) fn call_os_path(&mut self, function: &str, call: &Call<'_, 'a>) -> Option<Value<'a>> {
        let parts: Option<Vec<String>> =
            call.arguments.positional.iter().map(|v| self.path_text(v)).collect();
        let known = parts.filter(|parts| !parts.is_empty() && !call.arguments.open);
        let first = known.as_ref().and_then(|parts| parts.first()).cloned();
        let text = |text: Option<String>| text.map_or(Value::Unknown, Value::str);
        Some(match function {
            "join" => {
                text(known.map(|parts| parts.into_iter().reduce(|a, b| join(&a, &b)).unwrap_or_default()))
            }
            "dirname" => text(first.map(|path| parent(&path))),
            "basename" => text(first.map(|path| path.rsplit('/').next().unwrap_or("").to_owned())),
            "abspath" | "realpath" => text(first.and_then(|path| self.absolute(&path))),
            "normpath" => text(first.map(|path| normalized(&path))),
            "expanduser" => match first {
                Some(path) if !path.starts_with('~') => Value::str(path),
                _ => Value::Unknown,
            },
            "expandvars" => match first {
                Some(path) if !path.contains('$') => Value::str(path),
                _ => Value::Unknown,
            },
            "isabs" => first.map_or(Value::Unknown, |path| Value::Bool(path.starts_with('/'))),
            "split" => match first {
                Some(path) => {
                    let base = path.rsplit('/').next().unwrap_or("").to_owned();
                    Value::Tuple(Rc::new(vec![Value::str(parent(&path)), Value::str(base)]))
                }
                None => Value::Unknown,
            },
            "splitext" => match first {
                Some(path) => {
                    let file = Path::new(&path);
                    let ending =
                        file.extension().map_or(String::new(), |e| format!(".{}", e.to_string_lossy()));
                    let stem = path[..path.len() - ending.len()].to_owned();
                    Value::Tuple(Rc::new(vec![Value::str(stem), Value::str(ending)]))
                }
                None => Value::Unknown,
            },
            "exists" | "isfile" | "isdir" | "lexists" => {
                first.map_or(Value::Unknown, |path| self.exists(&path, function))
            }
            _ => return None,
        })
    }

    /// Whether something exists on the host, as far as it can be seen from here.
    pub(super) fn exists(&mut self, text: &str, function: &str) -> Value<'a> {
        use crate::workspace::EntryKind;
        let Some(path) = self.locate(text) else {
            // Nothing of the host outside of the project can be seen; what is asked for by name mostly exists.
            self.assumed = true;
            return match text.starts_with("/etc/") {
                true => Value::Bool(false),
                false => Value::Unknown,
            };
        };
        let kind = self.snapshot.kind(&path);
        if kind.is_none() {
            if self.is_made(&path) {
                return Value::Bool(true);
            }
            if self.is_ignored(&path) {
                return Value::Unknown;
            }
            // The host may hold a file that the project does not.
            self.assumed = true;
        }
        Value::Bool(match function {
            "isfile" => kind == Some(EntryKind::File),
            "isdir" => kind == Some(EntryKind::Directory),
            _ => kind.is_some(),
        })
    }

    /// Whether the code has made a file or folder.
    pub(super) fn is_made(&self, path: &Path) -> bool {
        self.heap.slot(self.overrides, &format!("<made {}>", path.display())).is_some()
    }

    /// Whether the project keeps a file out of its repository, so that only the host has it.
    pub(in crate::load) fn is_ignored(&self, path: &Path) -> bool {
        is_ignored(self.snapshot, &self.deployment.root, path)
    }

    /// Where a path of the host lies in the checked folder; `None` when it lies elsewhere.
    pub fn locate(&self, text: &str) -> Option<std::path::PathBuf> {
        let absolute = self.absolute(text)?;
        let path = normalize(Path::new(&absolute));
        if path.starts_with(&self.deployment.root) {
            return Some(path);
        }
        // `/home/jane/mysite/data.csv`: the folder by its tail, then the rest.
        let folder = path.parent()?;
        match self.folder(&folder.to_string_lossy()) {
            crate::load::folder::Folder::Known(folder) => Some(folder.join(path.file_name()?)),
            _ => None,
        }
    }

    /// An attribute of a `pathlib` path.
    pub fn path_attribute(&mut self, text: &str, id: Id, name: &Name) -> Value<'a> {
        match name.as_str() {
            "parent" => self.make_path(&match parent(text) {
                empty if empty.is_empty() => ".".to_owned(),
                other => other,
            }),
            "name" => Value::str(text.rsplit('/').next().unwrap_or("")),
            "stem" => Value::str(
                Path::new(text).file_stem().map_or(String::new(), |s| s.to_string_lossy().into_owned()),
            ),
            "suffix" => Value::str(
                Path::new(text).extension().map_or(String::new(), |e| format!(".{}", e.to_string_lossy())),
            ),
            "parents" => {
                let mut all = Vec::new();
                let mut at = text.to_owned();
                while !at.is_empty() && at != "/" && at != "." {
                    at = parent(&at);
                    all.push(self.make_path(if at.is_empty() { "." } else { &at }));
                }
                Value::Tuple(all.into())
            }
            "parts" => {
                let parts = Path::new(text).components().map(|part| match part {
                    Component::RootDir => Value::str("/"),
                    other => Value::str(other.as_os_str().to_string_lossy()),
                });
                Value::Tuple(Rc::new(parts.collect()))
            }
            _ => Value::Library(Rc::new(Library {
                path: Name::new(format!("pathlib.Path().{name}")),
                receiver: Some(id),
            })),
        }
    }

    /// A method of a `pathlib` path with known text.
    pub(super) fn call_path_method(&mut self, method: &str, call: &Call<'_, 'a>) -> Option<Value<'a>> {
        let id = call.library.receiver?;
        let Kind::Path(text) = self.heap.kind(id).clone() else { return None };
        Some(match method {
            "resolve" | "absolute" => match self.absolute(&text) {
                Some(path) => self.make_path(&path),
                None => Value::Unknown,
            },
            "expanduser" => Value::Object(id),
            "as_posix" | "__str__" | "__fspath__" => Value::Str(text),
            "joinpath" => {
                let mut path = text.to_string();
                for part in &call.arguments.positional {
                    match self.path_text(part) {
                        Some(part) => path = join(&path, &part),
                        None => return Some(Value::Unknown),
                    }
                }
                self.make_path(&path)
            }
            "with_name" => match call.arguments.positional.first().and_then(Value::as_str) {
                Some(name) => {
                    let path = join(&parent(&text), name);
                    self.make_path(&path)
                }
                None => Value::Unknown,
            },
            "exists" => self.exists(&text, "exists"),
            "is_file" => self.exists(&text, "isfile"),
            "is_dir" => self.exists(&text, "isdir"),
            _ => return None,
        })
    }
}
