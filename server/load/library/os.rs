//! The operating system: environment variables, the working directory, `sys`, files.

use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::Call;
use crate::hosting::Host;
use crate::load::effect::{EffectKind, Exit, Phase, RaiseCause};
use crate::load::environment::Variable;
use crate::load::folder::Folder;
use crate::load::interp::{Eval, Interp, Stop};
use crate::load::value::{Kind, Value};
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// `os`, `sys`, `pathlib` and `site`.
    pub(super) fn call_os(&mut self, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        if let Some(function) = call.path.strip_prefix("os.path.") {
            return Ok(self.call_os_path(function, call));
        }
        if let Some(method) = call.path.strip_prefix("os.environ.") {
            return self.call_environ(method, call).map(Some);
        }
        if let Some(method) = call.path.strip_prefix("pathlib.Path().") {
            if let Some(value) = self.use_path(method, call)? {
                return Ok(Some(value));
            }
            return Ok(self.call_path_method(method, call));
        }
        let first = call.arguments.positional.first();
        Ok(Some(match call.path {
            "os.pipe" => self.channel("os.pipe()", call.range),
            "os.read" => match first.and_then(Value::object) {
                Some(end) if self.phase == Phase::Request && self.is_silent(end) => {
                    return Err(self.waits_for_ever("a wait for data that nobody writes", call));
                }
                _ => Value::Bytes,
            },
            "os.write" | "os.close" => {
                if let Some(end) = first.and_then(Value::object) {
                    self.write_channel(end, call.range);
                }
                Value::Unknown
            }
            "os.fork" | "os.forkpty" => {
                self.heap.set(self.overrides, Name::new_static("<workers>"), Value::Bool(true), call.range);
                Value::Unknown
            }
            "os.getenv" => self.call_environ("get", call)?,
            "os.putenv" => Value::None,
            "os.getcwd" => self.cwd().map_or(Value::Unknown, |cwd| Value::str(cwd.to_string_lossy())),
            "os.chdir" => self.change_directory(call)?,
            "os.fspath" => first.and_then(|v| self.path_text(v)).map_or(Value::Unknown, Value::str),
            "os.system" | "os.popen" => {
                if let Some(command) = first.and_then(Value::as_str).map(str::to_owned) {
                    self.shell_command(&command, call)?;
                }
                if self.phase == Phase::Request {
                    self.request_effect(call)?;
                }
                Value::Unknown
            }
            "os.makedirs" | "os.mkdir" => {
                let path = first.and_then(|value| self.path_text(value));
                self.make_folder(path, call)?;
                Value::None
            }
            "os.listdir" | "glob.glob" | "os.scandir" => {
                if let Some(path) = first.and_then(|value| self.path_text(value))
                    && call.path.starts_with("os.")
                {
                    self.check_folder(&path, call.range)?;
                }
                if call.path == "os.scandir" { Value::Unknown } else { self.list_files(call) }
            }
            "os.walk" => Value::Unknown,
            "pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath" => self.new_path(call),
            "pathlib.Path.cwd" => match self.cwd() {
                Some(cwd) => self.make_path(&cwd.to_string_lossy()),
                None => Value::Unknown,
            },
            "site.addsitedir" | "site.addpackage" => {
                if let Some(value) = first.cloned() {
                    self.add_site_dir(&value, call.range);
                }
                Value::None
            }
            // Hosts catch most signals; this one nobody can.
            "os.kill" if self.phase == Phase::Load && self.kills_itself(call) && is_kill(call) => {
                let text = self.callee_text(call);
                self.record(EffectKind::Exits(Exit { call: text, status: None, hard: true }), call.range);
                return Err(Stop::Halt);
            }
            "sys.getrecursionlimit" => Value::Unknown,
            // Standard input is empty on a host.
            "sys.stdin.read" | "sys.stdin.readline" => Value::str(""),
            path if path.starts_with("os.exec") => {
                let text = self.callee_text(call);
                self.record(
                    match self.phase {
                        // The worker is gone, and nobody answers the request.
                        Phase::Request => EffectKind::Exits(Exit { call: text, status: None, hard: true }),
                        _ => EffectKind::ReplacesInterpreter(text),
                    },
                    call.range,
                );
                return Err(Stop::Halt);
            }
            _ => return Ok(None),
        }))
    }

    /// Constants of libraries that conditions ask for.
    pub fn library_constant(&mut self, path: &str) -> Option<Value<'a>> {
        Some(match path {
            "sys.platform" => Value::str("linux"),
            // Under uWSGI the interpreter is part of the `uwsgi` program.
            "sys.executable" if self.deployment.host == Host::Gunicorn => {
                let virtualenv = self.deployment.virtualenv.as_ref()?;
                self.assumed = true;
                Value::str(virtualenv.join("bin").join("python3").to_string_lossy())
            }
            "sys.executable" if matches!(self.deployment.host, Host::Uwsgi | Host::PythonAnywhere) => {
                self.assumed = true;
                Value::str("/usr/local/bin/uwsgi")
            }
            "os.name" => Value::str("posix"),
            "os.sep" | "os.path.sep" => Value::str("/"),
            "os.pathsep" => Value::str(":"),
            "os.curdir" => Value::str("."),
            "os.pardir" => Value::str(".."),
            "sys.version_info.major" => Value::Int(i64::from(self.deployment.python.major)),
            "sys.version_info.minor" => Value::Int(i64::from(self.deployment.python.minor)),
            "typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING" => Value::Bool(false),
            "sys.flags.debug" => Value::Int(0),
            _ => return None,
        })
    }

    /// `sys.version_info` as a tuple; what lies behind the minor version is not known.
    pub fn version_info(&self) -> Value<'a> {
        let version = self.deployment.python;
        let numbers = [i64::from(version.major), i64::from(version.minor)].map(Value::Int);
        Value::Tuple(Rc::new(numbers.into_iter().chain([Value::Unknown]).collect()))
    }

    /// `os.environ[name]`.
    pub fn environment_item(&mut self, key: &Value<'a>, range: TextRange) -> Eval<'a> {
        let Some(name) = key.as_str().map(str::to_owned) else { return Ok(Value::Unknown) };
        if let Some(slot) = self.heap.slot(self.environ, &name)
            && let Some(value) = slot.value.bound()
        {
            return Ok(value);
        }
        match self.environment.variable(self.snapshot, &name, self.environ_is_open) {
            Variable::Unset => {
                let cause = RaiseCause::MissingEnvironment(name.clone());
                Err(self.assuming(true, |me| me.raise("KeyError", format!("'{name}'"), cause, range)))
            }
            Variable::Set | Variable::Unknown => Ok(Value::Unknown),
        }
    }

    fn call_environ(&mut self, method: &str, call: &Call<'_, 'a>) -> Eval<'a> {
        let key = call.arguments.get("key", 0).and_then(Value::as_str).map(str::to_owned);
        let default = call.arguments.get("default", 1).cloned().unwrap_or(Value::None);
        let Some(name) = key else {
            if method == "update" {
                return Ok(self.update_environ(call));
            }
            return Ok(Value::Unknown);
        };
        let known = self.heap.slot(self.environ, &name).and_then(|slot| slot.value.bound());
        Ok(match (method, known) {
            ("get" | "setdefault" | "pop", Some(value)) => value,
            ("get" | "setdefault" | "pop", None) => {
                let value = match self.environment.variable(self.snapshot, &name, self.environ_is_open) {
                    Variable::Unset => {
                        // A default in the code is meant to be used; without one, the answer is only an assumption.
                        self.assumed = true;
                        self.lacks_variables |= matches!(default, Value::None);
                        default
                    }
                    Variable::Set | Variable::Unknown if method == "setdefault" => default,
                    Variable::Set | Variable::Unknown => Value::Unknown,
                };
                if method == "setdefault" {
                    if name == "DJANGO_SETTINGS_MODULE" {
                        self.django.named_at = Some(self.site(call.range));
                    }
                    self.heap.set(self.environ, Name::new(&name), value.clone(), call.range);
                }
                value
            }
            _ => Value::Unknown,
        })
    }

    fn update_environ(&mut self, call: &Call<'_, 'a>) -> Value<'a> {
        for (name, value) in &call.arguments.keywords {
            self.heap.set(self.environ, name.clone(), value.clone(), call.range);
        }
        match call.arguments.positional.first() {
            Some(Value::Object(id)) => match self.heap.kind(*id).clone() {
                Kind::Dict(items, open) => {
                    for (key, value) in items.iter() {
                        self.set_item(&Value::library("os.environ"), key, value.clone(), call.range);
                    }
                    self.environ_is_open |= open;
                }
                _ => self.environ_is_open = true,
            },
            Some(_) => self.environ_is_open = true,
            None => {}
        }
        Value::None
    }

    fn change_directory(&mut self, call: &Call<'_, 'a>) -> Eval<'a> {
        let target = call.arguments.positional.first().and_then(|value| self.path_text(value));
        let value = match &target {
            None => Value::Unknown,
            Some(text) => {
                let absolute = self.absolute(text).unwrap_or_default();
                match self.folder(&absolute) {
                    Folder::Known(folder) | Folder::Assumed(folder) => Value::str(folder.to_string_lossy()),
                    Folder::Elsewhere => Value::Unknown,
                    Folder::Missing | Folder::Placeholder => {
                        let cause = RaiseCause::MissingFile { path: text.clone(), beside_module: None };
                        let message = format!("[Errno 2] No such file or directory: '{text}'");
                        return Err(self.raise("FileNotFoundError", message, cause, call.range));
                    }
                }
            }
        };
        self.heap.set(self.overrides, Name::new_static("os.<cwd>"), value, call.range);
        Ok(Value::None)
    }

    fn new_path(&mut self, call: &Call<'_, 'a>) -> Value<'a> {
        let parts: Option<Vec<String>> =
            call.arguments.positional.iter().map(|v| self.path_text(v)).collect();
        match parts {
            Some(parts) => {
                let text = parts.into_iter().reduce(|a, b| super::paths::join(&a, &b));
                self.make_path(&text.unwrap_or_else(|| ".".to_owned()))
            }
            None => Value::Unknown,
        }
    }

    /// `site.addsitedir`: the folder, and what its `.pth` files name.
    fn add_site_dir(&mut self, value: &Value<'a>, range: TextRange) {
        self.append_search_path(value.clone(), range);
        let Some(Folder::Known(folder)) = self.path_text(value).map(|text| self.folder(&text)) else {
            return;
        };
        for entry in self.snapshot.entries(&folder).iter().flat_map(|entries| entries.iter()) {
            if !entry.name.to_string_lossy().ends_with(".pth") {
                continue;
            }
            let Some((source, _)) = self.snapshot.text(&folder.join(&entry.name)) else { continue };
            for line in
                source.text().lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
            {
                let added = crate::workspace::normalize(&folder.join(line));
                if self.snapshot.is_dir(&added) {
                    self.append_search_path(Value::str(added.to_string_lossy()), range);
                }
            }
        }
    }

    /// Puts an entry at the end of `sys.path`.
    pub(super) fn append_search_path(&mut self, value: Value<'a>, range: TextRange) {
        let slot = self.heap.slot(self.overrides, "sys.path").map(|slot| slot.value.clone());
        let Some(Value::Object(id)) = slot else { return };
        if let Kind::List(items, open) = self.heap.kind(id).clone() {
            let mut items = items.to_vec();
            items.push(value);
            self.heap.set_kind(id, Kind::List(items.into(), open));
            self.watch_search_path(id, range);
        }
    }
}

fn is_kill(call: &Call<'_, '_>) -> bool {
    match call.arguments.get("sig", 1) {
        Some(Value::Int(number)) => *number == 9,
        Some(signal) => signal.as_library() == Some("signal.SIGKILL"),
        None => false,
    }
}
