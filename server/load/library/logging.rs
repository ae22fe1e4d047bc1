//! `logging.config.dictConfig`, also by Django's `LOGGING`: handlers, formatters and levels that are not there.

use crate::load::effect::{RaiseCause, Site};
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Id, Kind, Value};
use crate::text::TextRange;

/// The handlers of `logging` and `logging.handlers`.
const HANDLERS: &[&str] = &[
    "logging.StreamHandler",
    "logging.FileHandler",
    "logging.NullHandler",
    "logging.Handler",
    "logging.handlers.WatchedFileHandler",
    "logging.handlers.BaseRotatingHandler",
    "logging.handlers.RotatingFileHandler",
    "logging.handlers.TimedRotatingFileHandler",
    "logging.handlers.SocketHandler",
    "logging.handlers.DatagramHandler",
    "logging.handlers.SysLogHandler",
    "logging.handlers.NTEventLogHandler",
    "logging.handlers.SMTPHandler",
    "logging.handlers.BufferingHandler",
    "logging.handlers.MemoryHandler",
    "logging.handlers.HTTPHandler",
    "logging.handlers.QueueHandler",
];

const LEVELS: &[&str] = &["CRITICAL", "FATAL", "ERROR", "WARN", "WARNING", "INFO", "DEBUG", "NOTSET"];

impl<'a> Interp<'a> {
    /// Django sets up logging before it loads the apps.
    pub(super) fn configure_logging(&mut self, settings: Id, range: TextRange) -> Result<(), Stop<'a>> {
        let told = self.heap.slot(settings, "LOGGING_CONFIG").and_then(|slot| slot.value.bound());
        match told {
            None => {}
            Some(Value::Str(function)) if &*function != "logging.config.dictConfig" => {
                let Some((module, name)) = function.rsplit_once('.') else { return Ok(()) };
                let blame = |me: &Self, stop| me.blame_setting(stop, settings, "LOGGING_CONFIG", &function);
                let loaded = self.import_module(module, range).map_err(|stop| blame(self, stop))?;
                let name = ruff_python_ast::name::Name::new(name);
                let found = self.import_name(&loaded, module, &name, range);
                return found.map(drop).map_err(|stop| blame(self, stop));
            }
            Some(_) => return Ok(()),
        }
        let config = self.heap.slot(settings, "LOGGING").and_then(|slot| slot.value.object());
        let Some((problem, word)) = config.and_then(|config| self.check_logging(config)) else {
            return Ok(());
        };
        let place = self.heap.slot(settings, "LOGGING").map(|slot| slot.range).unwrap_or_default();
        let site = match self.string_in(settings, &word) {
            Some(site) => Some(site),
            None => match self.heap.kind(settings) {
                Kind::Module(module) => Some(Site { path: module.path.clone(), range: place }),
                _ => None,
            },
        };
        match (self.raise("ValueError", problem, RaiseCause::Plain, range), site) {
            (Stop::Raise(mut exception), Some(site)) => {
                exception.effect.statement = site.range;
                exception.effect.site = site;
                Err(Stop::Raise(exception))
            }
            (stop, _) => Err(stop),
        }
    }

    /// What `dictConfig` refuses in a dictionary, with the word at fault.
    pub(super) fn check_logging(&mut self, config: Id) -> Option<(String, String)> {
        if let Kind::Dict(items, false) = self.heap.kind(config)
            && !items.is_empty()
            && items.iter().all(|(key, _)| key.as_str().is_some_and(|key| key != "version"))
        {
            return Some(("dictionary doesn't specify a version".to_owned(), String::new()));
        }
        let formatters = self.keys_of(config, "formatters");
        let handlers = self.keys_of(config, "handlers");
        if let Some(all) = self.entry_of(config, "handlers").and_then(|value| value.object()) {
            for (name, handler) in self.named_parts(all) {
                let problem = |why: String, word: String| {
                    Some((format!("Unable to configure handler '{name}': {why}"), word))
                };
                if let Some(class) =
                    self.entry_of(handler, "class").and_then(|class| class.as_str().map(str::to_owned))
                    && self.is_no_handler(&class)
                {
                    return problem(format!("cannot resolve '{class}'"), class);
                }
                let format = self.entry_of(handler, "formatter");
                if let (Some(wanted), Some(known)) = (format.as_ref().and_then(Value::as_str), &formatters)
                    && !known.iter().any(|name| name == wanted)
                {
                    return problem(format!("'{wanted}' is no formatter"), wanted.to_owned());
                }
                if let Some(level) = self.unknown_level(handler) {
                    return problem(format!("Unknown level: '{level}'"), level);
                }
                let delayed = self.entry_of(handler, "delay").is_some();
                let file = self.entry_of(handler, "filename").and_then(|value| self.path_text(&value));
                if let Some(file) = file.filter(|_| !delayed)
                    && let Err(Stop::Raise(exception)) = self
                        .check_folder_of(&file, TextRange::default())
                        .and_then(|()| self.check_writable(&file, TextRange::default()))
                {
                    let why = match &exception.effect.kind {
                        crate::load::EffectKind::Raises(raise) => raise.message.clone(),
                        _ => String::new(),
                    };
                    return problem(why, "filename".to_owned());
                }
            }
        }
        let root = self.entry_of(config, "root").and_then(|value| value.object());
        let loggers = self.entry_of(config, "loggers").and_then(|value| value.object());
        let named = loggers.map(|all| self.named_parts(all)).unwrap_or_default();
        let all = root.map(|id| ("root".to_owned(), id)).into_iter().chain(named);
        for (name, logger) in all {
            let wanted =
                self.entry_of(logger, "handlers").map(|value| self.texts_in(&value)).unwrap_or_default();
            if let Some(known) = &handlers
                && let Some(missing) = wanted.into_iter().find(|wanted| !known.contains(wanted))
            {
                return Some((
                    format!("Unable to configure logger '{name}': '{missing}' is no handler"),
                    missing,
                ));
            }
            if let Some(level) = self.unknown_level(logger) {
                return Some((
                    format!("Unable to configure logger '{name}': Unknown level: '{level}'"),
                    level,
                ));
            }
        }
        None
    }

    /// The keys of a part of the dictionary, where all are known; a part that is missing has none.
    fn keys_of(&self, config: Id, part: &str) -> Option<Vec<String>> {
        let Kind::Dict(_, false) = self.heap.kind(config) else { return None };
        let Some(part) = self.entry_of(config, part) else { return Some(Vec::new()) };
        let Kind::Dict(items, false) = self.heap.kind(part.object()?) else { return None };
        items.iter().map(|(key, _)| key.as_str().map(str::to_owned)).collect()
    }

    fn named_parts(&self, dictionary: Id) -> Vec<(String, Id)> {
        let Kind::Dict(items, _) = self.heap.kind(dictionary) else { return Vec::new() };
        items.iter().filter_map(|(key, value)| Some((key.as_str()?.to_owned(), value.object()?))).collect()
    }

    fn texts_in(&self, value: &Value<'a>) -> Vec<String> {
        let items = match value {
            Value::Tuple(items) => items.clone(),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::List(items, _) => items.clone(),
                _ => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    }

    fn unknown_level(&self, part: Id) -> Option<String> {
        let level = self.entry_of(part, "level")?.as_str()?.to_owned();
        // Others can be named by `logging.addLevelName`.
        let slipped = !LEVELS.contains(&level.as_str())
            && (LEVELS.iter().any(|known| known.eq_ignore_ascii_case(&level))
                || !crate::load::similar_names(&level, LEVELS).is_empty());
        slipped.then_some(level)
    }

    fn is_no_handler(&self, class: &str) -> bool {
        match class.rsplit_once('.') {
            Some(("logging" | "logging.handlers", _)) => !HANDLERS.contains(&class),
            Some((module, name)) => self.lacks_name(module, name).is_some(),
            None => false,
        }
    }
}
