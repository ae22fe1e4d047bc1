//! Files and folders that are opened, listed and made: what is not there, and what the app's user may not write.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::Call;
use super::scripts::OPENED;
use crate::load::effect::{Phase, RaiseCause};
use crate::load::interp::{Eval, Interp, Stop};
use crate::load::suggest::similar_names;
use crate::load::value::{Kind, Value};
use crate::text::TextRange;

/// The slot of the process that tells of a folder that was made, nobody knows which.
const MADE_SOMEWHERE: &str = "<made somewhere>";

impl<'a> Interp<'a> {
    /// `open(path)`.
    pub(super) fn open_file(&mut self, call: &Call<'_, 'a>) -> Eval<'a> {
        let path = call.arguments.get("file", 0).and_then(|value| self.path_text(value));
        let mode = call.arguments.get("mode", 1).map_or(Some("r"), |value| value.as_str()).map(str::to_owned);
        self.open_path(path, mode, call.range)
    }

    fn open_path(&mut self, path: Option<String>, mode: Option<String>, range: TextRange) -> Eval<'a> {
        if let (Some(path), Some(mode)) = (&path, mode) {
            if mode.contains(['w', 'a', 'x', '+']) {
                self.check_writable(path, range)?;
                self.check_folder_of(path, range)?;
                self.remember_made(path);
            } else {
                self.check_readable(path, range)?;
            }
        }
        let file = self.heap.allocate(Kind::Library(Name::new_static("io.TextIOWrapper()"), Rc::default()));
        if let Some(path) = path {
            self.heap.set(file, Name::new_static(OPENED), Value::str(path), range);
        }
        Ok(Value::Object(file))
    }

    /// A method of a `pathlib` path that looks at the disk; `None` for the others.
    pub(super) fn use_path(
        &mut self,
        method: &str,
        call: &Call<'_, 'a>,
    ) -> Result<Option<Value<'a>>, Stop<'a>> {
        let path = call.library.receiver.and_then(|id| self.path_text(&Value::Object(id)));
        Ok(Some(match method {
            "open" => {
                let mode = call.arguments.get("mode", 0).map_or(Some("r"), |value| value.as_str());
                let mode = mode.map(str::to_owned);
                self.open_path(path, mode, call.range)?
            }
            "read_text" | "read_bytes" => {
                let Some(path) = path else { return Ok(Some(Value::Unknown)) };
                self.check_readable(&path, call.range)?;
                let name = Name::new_static("io.TextIOWrapper().read()");
                let text = self.heap.allocate(Kind::Library(name, Rc::default()));
                self.heap.set(text, Name::new_static(OPENED), Value::str(path), call.range);
                Value::Object(text)
            }
            "write_text" | "write_bytes" | "touch" => {
                if let Some(path) = path {
                    self.check_folder_of(&path, call.range)?;
                    self.remember_made(&path);
                }
                Value::None
            }
            "mkdir" => {
                self.make_folder(path, call)?;
                Value::None
            }
            "iterdir" => {
                if let Some(path) = path {
                    self.check_folder(&path, call.range)?;
                }
                Value::Unknown
            }
            _ => return Ok(None),
        }))
    }

    /// `os.mkdir`, `os.makedirs` and `Path.mkdir`: a folder that is there already cannot be made again, unless the call allows it.
    pub(super) fn make_folder(&mut self, path: Option<String>, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let Some(text) = path else {
            self.heap.set(self.overrides, Name::new_static(MADE_SOMEWHERE), Value::Bool(true), call.range);
            return Ok(());
        };
        let allowed = call.arguments.open || call.arguments.keyword("exist_ok").is_some();
        let allowed = allowed || call.path != "os.mkdir" && call.arguments.positional.len() > 2;
        let there = self.locate(&text).is_some_and(|path| self.snapshot.kind(&path).is_some());
        if there && !allowed {
            let message = format!("[Errno 17] File exists: '{text}'");
            return Err(
                self.assuming(true, |me| me.raise("FileExistsError", message, RaiseCause::Plain, call.range))
            );
        }
        self.remember_made(&text);
        Ok(())
    }

    /// Remembers that the code makes a file or folder.
    pub(super) fn remember_made(&mut self, text: &str) {
        if let Some(path) = self.locate(text) {
            let name = Name::new(format!("<made {}>", path.display()));
            self.heap.set(self.overrides, name, Value::Bool(true), TextRange::default());
        }
    }

    /// Raises what Python raises when a file of the project that is read is not there.
    pub(super) fn check_readable(&mut self, text: &str, range: TextRange) -> Result<(), Stop<'a>> {
        let Some(path) = self.locate(text) else { return Ok(()) };
        if self.snapshot.kind(&path).is_some() || self.is_made(&path) {
            return Ok(());
        }
        let relative = !Path::new(text).is_absolute();
        let beside = self.module().and_then(|module| module.path.parent().map(|folder| folder.join(text)));
        let beside = beside.filter(|candidate| relative && self.snapshot.is_file(candidate));
        // A file that is nowhere may be made on the host; one beside the module was meant and is missed.
        let cause = RaiseCause::MissingFile { path: text.to_owned(), beside_module: beside.clone() };
        let message = format!("[Errno 2] No such file or directory: '{text}'");
        if beside.is_some() {
            return Err(self.raise("FileNotFoundError", message, cause, range));
        }
        if self.phase == Phase::Load && !self.may_come_by_hand(&path) && !self.lies_below(text) {
            return Err(self.assuming(true, |me| me.raise("FileNotFoundError", message, cause, range)));
        }
        self.doubt.possible += 1;
        let stop = self.raise("FileNotFoundError", message, cause, range);
        self.doubt.possible -= 1;
        self.may_raise(stop);
        Ok(())
    }

    /// Whether the host may have a file or folder that the project lacks: it is kept out of the repository, lies further out,
    /// has an example beside it, or is named anywhere else.
    fn may_come_by_hand(&self, path: &Path) -> bool {
        let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else {
            return true;
        };
        let within = path.ancestors().take_while(|at| at.starts_with(&self.deployment.root));
        let mut within = within.filter(|at| **at != self.deployment.root);
        within.any(|at| self.is_ignored(at))
            || self.lies_further_out(path)
            || self.has_example(path, &name)
            || self.is_among_data(path, &name)
            || self.environment.names_file(self.snapshot, &name)
            || self.is_named_elsewhere(path, &name)
    }

    /// `config.example.json` beside `config.json`.
    fn has_example(&self, path: &Path, name: &str) -> bool {
        const WORDS: &[&str] = &["example", "sample", "template", "dist", "default", "tmpl"];
        let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or(name).to_lowercase();
        let entries = path.parent().and_then(|folder| self.snapshot.entries(folder)).unwrap_or_default();
        entries.iter().any(|entry| {
            let other = entry.name.to_string_lossy().to_lowercase();
            other.contains(&stem) && WORDS.iter().any(|word| other.contains(word))
        })
    }

    /// Whether a relative path leads to something from another folder of the project, in which the host may well work.
    fn lies_below(&self, text: &str) -> bool {
        let relative = Path::new(text).is_relative();
        let places = [Some(self.deployment.root.as_path()), self.deployment.entry.parent()];
        let loaded = self.loaded.iter().flat_map(|module| module.path.ancestors().skip(1));
        let within = loaded.take_while(|folder| folder.starts_with(&self.deployment.root));
        relative
            && places
                .into_iter()
                .flatten()
                .chain(within)
                .any(|folder| self.snapshot.kind(&crate::workspace::normalize(&folder.join(text))).is_some())
    }

    /// Whether a folder of data holds others of the kind: a repository often holds a part of the data only. A file of nearly
    /// that name was meant.
    fn is_among_data(&self, path: &Path, name: &str) -> bool {
        let Some(folder) = path.parent() else { return false };
        let holds_code = self.loaded.iter().any(|module| module.path.parent() == Some(folder));
        let entries = self.snapshot.entries(folder).unwrap_or_default();
        let names: Vec<String> =
            entries.iter().map(|entry| entry.name.to_string_lossy().into_owned()).collect();
        let ending = path.extension();
        let alike = names.iter().any(|other| Path::new(other).extension() == ending);
        !holds_code && alike && similar_names(name, &names).is_empty()
    }

    /// Whether the code names the file more than once, or a script does that is not loaded: something may write it.
    fn is_named_elsewhere(&self, path: &Path, name: &str) -> bool {
        let count = |path: &Path| {
            let text = self.snapshot.text(path);
            text.map_or(0, |(source, _)| source.text().matches(name).count())
        };
        let folders = [path.parent(), self.deployment.entry.parent(), Some(self.deployment.root.as_path())];
        let mut files: Vec<PathBuf> = self.loaded.iter().map(|module| module.path.to_path_buf()).collect();
        for folder in folders.into_iter().flatten() {
            for entry in self.snapshot.entries(folder).unwrap_or_default().iter() {
                let file = folder.join(&entry.name);
                if file.extension().is_some_and(|ending| ending == "py") && !files.contains(&file) {
                    files.push(file);
                }
            }
        }
        files.iter().map(|file| count(file)).sum::<usize>() > 1
    }

    /// Raises what Python raises when something is written into a folder of the project that is not there.
    pub(super) fn check_folder_of(&mut self, text: &str, range: TextRange) -> Result<(), Stop<'a>> {
        let Some(folder) = Path::new(text).parent() else { return Ok(()) };
        let folder = folder.to_string_lossy().into_owned();
        if folder.is_empty() {
            return Ok(());
        }
        self.missing_folder(&folder, text, range)
    }

    /// Raises what Python raises when a folder of the project is listed that is not there.
    pub(super) fn check_folder(&mut self, text: &str, range: TextRange) -> Result<(), Stop<'a>> {
        self.missing_folder(text, text, range)
    }

    fn missing_folder(&mut self, folder: &str, wanted: &str, range: TextRange) -> Result<(), Stop<'a>> {
        let Some(path) = self.locate(folder) else { return Ok(()) };
        let made_somewhere = self.heap.slot(self.overrides, MADE_SOMEWHERE).is_some();
        if self.snapshot.kind(&path).is_some()
            || made_somewhere
            || self.phase != Phase::Load
            || self.holds_what_was_made(&path)
            || self.may_come_by_hand(&path)
            || self.lies_below(folder)
        {
            return Ok(());
        }
        let cause = RaiseCause::MissingFile { path: wanted.to_owned(), beside_module: None };
        let message = format!("[Errno 2] No such file or directory: '{wanted}'");
        Err(self.assuming(true, |me| me.raise("FileNotFoundError", message, cause, range)))
    }

    /// Whether the code has made a folder, or anything below it.
    fn holds_what_was_made(&self, folder: &Path) -> bool {
        let made = self.heap.get(self.overrides).slots.keys().filter_map(|name| name.strip_prefix("<made "));
        made.filter_map(|name| name.strip_suffix('>')).any(|path| Path::new(path).starts_with(folder))
    }

    /// Raises what Python raises when the app's user writes where only the administrator may.
    pub(super) fn check_writable(&mut self, text: &str, range: TextRange) -> Result<(), Stop<'a>> {
        const FORBIDDEN: &[&str] =
            &["/var/log/", "/etc/", "/usr/", "/root/", "/bin/", "/sbin/", "/lib/", "/opt/", "/run/"];
        let forbidden = FORBIDDEN.iter().any(|prefix| text.starts_with(prefix));
        if !forbidden || Path::new(text).starts_with(&self.deployment.root) {
            return Ok(());
        }
        let cause = RaiseCause::Permission(text.to_owned());
        let message = format!("[Errno 13] Permission denied: '{text}'");
        Err(self.assuming(true, |me| me.raise("PermissionError", message, cause, range)))
    }
}
