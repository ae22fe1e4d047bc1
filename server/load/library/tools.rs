//! Libraries whose calls steer the load: `functools`, `importlib`, `asyncio`, `threading`, `subprocess` and others.

use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::Call;
use super::workers::is_executor;
use crate::load::effect::{Block, BlockKind, EffectKind, Phase, RaiseCause};
use crate::load::interp::{Interp, Stop};
use crate::load::rendezvous::is_lock_of_some_kind;
use crate::load::value::{Arguments, Kind, Value, Wrapper};

impl<'a> Interp<'a> {
    /// Calls into the tool libraries; `None` when nothing is known of what the call gives.
    pub(super) fn call_tool(&mut self, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        let arguments = call.arguments;
        let first = arguments.positional.first().cloned();
        Ok(Some(match call.path {
            "dataclasses.dataclass" | "dataclasses.dataclass()" => {
                let Some(Value::Object(class)) = first else { return Ok(None) };
                let options = match call.library.receiver.map(|made| self.heap.kind(made).clone()) {
                    Some(Kind::Library(_, options)) => options,
                    _ => Rc::default(),
                };
                self.make_data_class(class, &options, call.range)?;
                Value::Object(class)
            }
            "collections.namedtuple" => return self.make_named_tuple(arguments, call.range),
            "functools.partial" => {
                if arguments.positional.is_empty() {
                    return Ok(None);
                }
                self.partial(&arguments.positional, &arguments.keywords, arguments.open)
            }
            "asyncio.to_thread" => self.partial(&arguments.positional, &arguments.keywords, arguments.open),
            "asyncio.AbstractEventLoop().run_in_executor" => {
                self.partial(arguments.positional.get(1..).unwrap_or_default(), &[], arguments.open)
            }
            "socket.socketpair" => self.channel("socket.socket()", call.range),
            "select.select" => {
                let bounded = arguments.positional.len() > 3 || arguments.keyword("timeout").is_some();
                let mut all = Vec::new();
                for list in arguments.positional.iter().take(3) {
                    let items = self.iterate(list, call.range)?;
                    all.extend(items.known.iter().map(Value::object));
                    all.extend(items.open.then_some(None));
                }
                let silent =
                    !all.is_empty() && all.iter().all(|end| end.is_some_and(|end| self.is_silent(end)));
                let reads_only =
                    arguments.positional.get(1).is_some_and(|list| self.truth(list) == Some(false));
                if silent && reads_only && !bounded && self.phase == Phase::Request {
                    return Err(
                        self.waits_for_ever("a wait for something to read, which nobody writes", call)
                    );
                }
                return Ok(None);
            }
            path if path.starts_with("socket.socket().") => {
                self.use_socket(call)?;
                return Ok(None);
            }
            "functools.wraps()" => {
                let Some(wrapper) = first else { return Ok(None) };
                let made = call.library.receiver.map(|made| self.heap.kind(made));
                let wrapped = match made {
                    Some(Kind::Library(_, made)) => made.get("wrapped", 0).cloned(),
                    _ => None,
                };
                stands_for(&wrapper, wrapped.as_ref());
                wrapper
            }
            "functools.update_wrapper" => {
                let Some(wrapper) = arguments.get("wrapper", 0).cloned() else { return Ok(None) };
                stands_for(&wrapper, arguments.get("wrapped", 1));
                wrapper
            }
            "functools.cached_property" => first.map_or(Value::Unknown, |inner| {
                Value::Object(self.heap.allocate(Kind::Wrapped(Wrapper::Property, inner)))
            }),
            "werkzeug.utils.cached_property" | "django.utils.functional.cached_property" => first
                .map_or(Value::Unknown, |inner| {
                    Value::Object(self.heap.allocate(Kind::Wrapped(Wrapper::Property, inner)))
                }),
            "functools.lru_cache" | "functools.cache" | "functools.lru_cache()" if matches!(&first, Some(Value::Function(f)) if f.parameters.is_none_or(|p| p.is_empty())) => {
                first.map_or(Value::Unknown, |inner| {
                    Value::Object(self.heap.allocate(Kind::Wrapped(Wrapper::Cached, inner)))
                })
            }
            "contextlib.contextmanager" => first.map_or(Value::Unknown, |inner| {
                Value::Object(self.heap.allocate(Kind::Wrapped(Wrapper::ContextManager, inner)))
            }),
            "importlib.import_module" | "werkzeug.utils.import_string" => self.dynamic_import(call)?,
            "pyramid.config.Configurator().scan" => {
                if let Some(package) = first.as_ref().and_then(Value::as_str).map(str::to_owned) {
                    self.import_module(&package, call.range)?;
                }
                return Ok(None);
            }
            "importlib.reload" => Value::Unknown,
            "asyncio.run"
            | "asyncio.AbstractEventLoop().run_until_complete"
            | "asgiref.sync.async_to_sync()"
            | "trio.run"
            | "anyio.run" => self.run_event_loop(call)?,
            // A task runs on when somebody awaits it; what nobody awaits is cancelled with the loop.
            "asyncio.create_task" | "asyncio.ensure_future" => {
                self.heap.set(self.overrides, Name::new_static("<workers>"), Value::Bool(true), call.range);
                first.unwrap_or(Value::Unknown)
            }
            "asyncio.gather" | "asyncio.wait" | "asyncio.TaskGroup().create_task" => {
                self.run_together(arguments.positional.clone(), call.range)?
            }
            "asyncio.wait_for" | "asyncio.timeout" => self.run_bounded(call)?,
            "asyncio.shield" => match first {
                Some(coroutine) => self.run_suspended(&coroutine, call.range)?,
                None => Value::Unknown,
            },
            "time.sleep" | "asyncio.sleep" | "gevent.sleep" | "eventlet.sleep" | "anyio.sleep"
            | "trio.sleep" => {
                if let Some(seconds) = first.and_then(|value| self.seconds(&value)) {
                    self.wait(seconds, call.range);
                }
                Value::None
            }
            "getpass.getpass" => {
                let message = "EOF when reading a line";
                return Err(self.raise("EOFError", message, RaiseCause::NoInput, call.range));
            }
            "threading.Thread().join" | "multiprocessing.Process().join" => self.join_worker(call)?,
            "threading.Thread().run" | "multiprocessing.Process().run" => match self.worker_target(call) {
                Some((target, arguments)) => self.call(&target, arguments, call.range, call.callee)?,
                None => Value::Unknown,
            },
            path if is_executor(path) => {
                self.use_executor(call)?;
                return Ok(None);
            }
            path if path.starts_with("multiprocessing.Pool().") => self.pool_method(call)?,
            "subprocess.run" | "subprocess.call" | "subprocess.check_call" | "subprocess.check_output" => {
                if let Some(command) = first.as_ref().and_then(|value| self.command_text(value)) {
                    self.shell_command(&command, call)?;
                }
                return Ok(None);
            }
            "subprocess.Popen().wait" | "subprocess.Popen().communicate" => {
                if let Some(started) = call.library.receiver
                    && let Kind::Library(_, made) = self.heap.kind(started).clone()
                    && let Some(command) = made.get("args", 0).and_then(|value| self.command_text(value))
                {
                    self.shell_command(&command, call)?;
                }
                return Ok(None);
            }
            "logging.basicConfig"
            | "logging.FileHandler"
            | "logging.handlers.RotatingFileHandler"
            | "logging.handlers.TimedRotatingFileHandler" => {
                let file = arguments
                    .keyword("filename")
                    .or(first.as_ref().filter(|_| call.path != "logging.basicConfig"));
                if let Some(path) = file.and_then(|value| self.path_text(value)) {
                    self.check_writable(&path, call.range)?;
                    let delayed =
                        arguments.keyword("delay").is_some_and(|value| self.truth(value) != Some(false));
                    if !delayed {
                        self.check_folder_of(&path, call.range)?;
                    }
                }
                return Ok(None);
            }
            "dotenv.load_dotenv"
            | "dotenv.main.load_dotenv"
            | "environ.Env.read_env"
            | "environ.Env().read_env"
            | "environs.Env().read_env"
            | "decouple.config"
            | "dotenv.read_dotenv" => {
                self.environ_is_open = true;
                Value::Unknown
            }
            path if path.starts_with("argparse.") || path.starts_with("optparse.") => {
                return self.call_parser(call);
            }
            path if path.starts_with("sched.scheduler().") => return self.use_scheduler(call),
            path if path.starts_with("functools.singledispatch()") => return self.use_single_dispatch(call),
            "multiprocessing.set_start_method" => self.set_start_method(call)?,
            path if path.ends_with("Lock().acquire") || path.ends_with("Semaphore().acquire") => {
                let waits = first
                    .as_ref()
                    .or(arguments.keyword("blocking"))
                    .is_none_or(|v| self.truth(v) != Some(false));
                match call.library.receiver {
                    Some(lock) if waits && arguments.get("timeout", 1).is_none() && is_plain_lock(path) => {
                        self.acquire(lock, call.range)?;
                    }
                    _ => {}
                }
                if path.starts_with("asyncio.") {
                    return Ok(None);
                }
                Value::Unknown
            }
            path if path.ends_with("Lock().release") || path.ends_with("Semaphore().release") => {
                if let Some(lock) = call.library.receiver {
                    self.release(lock);
                }
                Value::None
            }
            "requests.get"
            | "requests.post"
            | "urllib.request.urlopen"
            | "httpx.get"
            | "httpx.post"
            | "socket.create_connection" => {
                self.connect(call)?;
                return Ok(None);
            }
            path if path.starts_with("sqlite3.") => {
                self.sqlite(call)?;
                return Ok(None);
            }
            path if path.starts_with("re.") => {
                return self.match_pattern(call);
            }
            "logging.config.dictConfig" => {
                if let Some(Value::Object(config)) = first {
                    self.check_logging(config).map_or(Ok(()), |(problem, _)| {
                        Err(self.raise("ValueError", problem, RaiseCause::Plain, call.range))
                    })?;
                }
                Value::None
            }
            "json.loads" | "json.load" => {
                self.check_json_text(call)?;
                return Ok(None);
            }
            "runpy.run_path" | "runpy.run_module" => self.run_by_name(call)?,
            "pkgutil.iter_modules" => self.list_modules(call)?,
            _ => return Ok(None),
        }))
    }

    /// A function with its first arguments.
    fn partial(&mut self, positional: &[Value<'a>], keywords: &[(Name, Value<'a>)], open: bool) -> Value<'a> {
        let Some((inner, rest)) = positional.split_first() else { return Value::Unknown };
        let bound = Arguments { positional: rest.to_vec(), keywords: keywords.to_vec(), open };
        Value::Object(self.heap.allocate(Kind::Partial(inner.clone(), Rc::new(bound))))
    }

    /// What importing a library does to the process.
    pub fn library_import_effects(&mut self, path: &str) {
        // These read a `.env` file when they are imported or first used.
        if path == "dotenv.autoload"
            || path == "decouple.config"
            || path == "environ.Env"
            || path == "environs.Env"
        {
            self.environ_is_open = true;
        }
    }

    fn dynamic_import(&mut self, call: &Call<'_, 'a>) -> Result<Value<'a>, Stop<'a>> {
        let Some(name) = call.arguments.get("name", 0).and_then(Value::as_str).map(str::to_owned) else {
            self.miss_routes(call.range);
            return Ok(Value::Unknown);
        };
        if name.starts_with('.') {
            let package = call.arguments.get("package", 1).and_then(Value::as_str).map(str::to_owned);
            let Some(package) = package else { return Ok(Value::Unknown) };
            let level = name.chars().take_while(|c| *c == '.').count();
            let mut parts: Vec<&str> = package.split('.').collect();
            parts.truncate((parts.len() + 1).saturating_sub(level));
            parts.extend(name[level..].split('.').filter(|part| !part.is_empty()));
            let absolute = parts.join(".");
            return self.import_module(&absolute, call.range);
        }
        let dotted = name.replace(':', ".");
        self.import_module(&dotted, call.range)
    }

    /// The workers of a pool import the module that defines the function, and wait for the import that waits for them.
    fn pool_method(&mut self, call: &Call<'_, 'a>) -> Result<Value<'a>, Stop<'a>> {
        let method = call.path.rsplit('.').next().unwrap_or("");
        let waits = matches!(method, "map" | "starmap" | "apply" | "imap" | "imap_unordered");
        if let (true, Some(Value::Function(function))) = (waits, call.arguments.positional.first())
            && self.is_running(function.module.scope)
        {
            let what = "a deadlock: the pool's workers import this module, which waits for them".to_owned();
            self.record(EffectKind::Blocks(Block { what, kind: BlockKind::Wait }), call.range);
            return Err(Stop::Halt);
        }
        Ok(Value::Unknown)
    }
}

/// Whether the call takes a lock at once, and not when it is awaited.
fn is_plain_lock(path: &str) -> bool {
    path.strip_suffix(".acquire")
        .is_some_and(|lock| is_lock_of_some_kind(lock) && !lock.starts_with("asyncio."))
}

/// Gives a function the name of another one, as `functools.wraps` does. Frameworks call views by it.
fn stands_for<'a>(wrapper: &Value<'a>, wrapped: Option<&Value<'a>>) {
    if let Value::Function(wrapper) = wrapper {
        let name = match wrapped {
            Some(Value::Function(wrapped)) => wrapped.dunder_name(),
            _ => Value::Unknown,
        };
        wrapper.renamed.replace(Some(name));
    }
}
