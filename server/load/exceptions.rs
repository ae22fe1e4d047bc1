//! Exceptions: which class is raised, and which handler catches it.

use ruff_python_ast::name::Name;
use ruff_python_ast::{ExceptHandler, Expr};

use super::effect::{EffectKind, Exit, Raise, RaiseCause};
use super::interp::{Exception, Interp, Stop};
use super::value::{Arguments, Kind, Value};
use crate::text::TextRange;

/// Built-in exceptions with their bases; what is not listed derives from `Exception` alone.
const BASES: &[(&str, &str)] = &[
    ("Exception", "BaseException"),
    ("SystemExit", "BaseException"),
    ("KeyboardInterrupt", "BaseException"),
    ("GeneratorExit", "BaseException"),
    ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("OSError", "Exception"),
    ("FileNotFoundError", "OSError"),
    ("PermissionError", "OSError"),
    ("NotADirectoryError", "OSError"),
    ("FileExistsError", "OSError"),
    ("ConnectionError", "OSError"),
    ("ConnectionRefusedError", "ConnectionError"),
    ("TimeoutError", "OSError"),
    ("LookupError", "Exception"),
    ("KeyError", "LookupError"),
    ("IndexError", "LookupError"),
    ("ArithmeticError", "Exception"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("NameError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("RuntimeError", "Exception"),
    ("NotImplementedError", "RuntimeError"),
    ("RecursionError", "RuntimeError"),
    ("SyntaxError", "Exception"),
    ("IndentationError", "SyntaxError"),
    ("TabError", "IndentationError"),
    ("ValueError", "Exception"),
    ("UnicodeError", "ValueError"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("EOFError", "Exception"),
    ("AttributeError", "Exception"),
    ("TypeError", "Exception"),
    ("AssertionError", "Exception"),
    ("StopIteration", "Exception"),
];

/// Exceptions of libraries with the built-in class that they derive from.
const LIBRARY_BASES: &[(&str, &str)] = &[
    ("json.JSONDecodeError", "builtins.ValueError"),
    ("dataclasses.FrozenInstanceError", "builtins.AttributeError"),
];

/// Whether a name is a built-in exception class.
pub(super) fn is_builtin_exception(name: &str) -> bool {
    matches!(name, "BaseException" | "Exception" | "IOError" | "EnvironmentError" | "Warning")
        || BASES.iter().any(|(class, _)| *class == name)
        || (name.ends_with("Error") || name.ends_with("Warning"))
            && matches!(
                name,
                "BlockingIOError"
                    | "BrokenPipeError"
                    | "BufferError"
                    | "ChildProcessError"
                    | "ConnectionAbortedError"
                    | "ConnectionResetError"
                    | "FloatingPointError"
                    | "InterruptedError"
                    | "IsADirectoryError"
                    | "MemoryError"
                    | "OverflowError"
                    | "ProcessLookupError"
                    | "ReferenceError"
                    | "SystemError"
                    | "UnicodeEncodeError"
                    | "UnicodeTranslateError"
                    | "BytesWarning"
                    | "DeprecationWarning"
                    | "EncodingWarning"
                    | "FutureWarning"
                    | "ImportWarning"
                    | "PendingDeprecationWarning"
                    | "ResourceWarning"
                    | "RuntimeWarning"
                    | "SyntaxWarning"
                    | "UnicodeWarning"
                    | "UserWarning"
            )
        || matches!(name, "ExceptionGroup" | "BaseExceptionGroup" | "StopAsyncIteration")
}

fn base_of(name: &str) -> Option<&'static str> {
    if name == "BaseException" {
        return None;
    }
    Some(BASES.iter().find(|(class, _)| *class == name).map_or("Exception", |(_, base)| *base))
}

impl<'a> Interp<'a> {
    /// Whether a handler catches an exception, where that is known.
    pub fn catches(&mut self, handler: &'a ExceptHandler, exception: &Exception<'a>) -> Option<bool> {
        let ExceptHandler::ExceptHandler(inner) = handler;
        let Some(wanted) = &inner.type_ else { return Some(true) };
        let elements: Vec<&'a Expr> = match &**wanted {
            Expr::Tuple(tuple) => tuple.elts.iter().collect(),
            single => vec![single],
        };
        let mut answer = Some(false);
        for element in elements {
            let class = self.eval(element).unwrap_or(Value::Unknown);
            let classes = match &class {
                Value::Tuple(items) => items.to_vec(),
                _ => vec![class],
            };
            for class in classes {
                match self.is_instance(&exception.class, &class) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => answer = None,
                }
            }
        }
        answer
    }

    /// Whether an exception class derives from another, where that is known.
    pub fn is_instance(&self, class: &Value<'a>, wanted: &Value<'a>) -> Option<bool> {
        match (class, wanted) {
            (Value::Object(a), Value::Object(b)) if a == b => Some(true),
            (Value::Object(id), _) => {
                let Kind::Class(info) = self.heap.kind(*id) else { return None };
                let mut answer = Some(false);
                for base in &info.bases {
                    match self.is_instance(base, wanted) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => answer = None,
                    }
                }
                answer
            }
            (Value::Library(raised), Value::Library(wanted)) => {
                if raised.path == wanted.path {
                    return Some(true);
                }
                if let Some(base) =
                    LIBRARY_BASES.iter().find(|(class, _)| *class == raised.path).map(|(_, base)| base)
                {
                    return self.is_instance(&Value::library(*base), &Value::Library(wanted.clone()));
                }
                let raised = raised.path.strip_prefix("builtins.");
                let wanted = wanted.path.strip_prefix("builtins.").map(|name| match name {
                    "IOError" | "EnvironmentError" => "OSError",
                    other => other,
                });
                match (raised, wanted) {
                    (Some(raised), Some(wanted)) => {
                        let mut at = Some(raised);
                        while let Some(name) = at {
                            if name == wanted {
                                return Some(true);
                            }
                            at = base_of(name);
                        }
                        Some(false)
                    }
                    // A library's exception is an `Exception`, and may be more than that.
                    (None, Some("Exception" | "BaseException")) => Some(true),
                    (None, Some("SystemExit" | "KeyboardInterrupt" | "GeneratorExit")) => Some(false),
                    // A built-in exception is never one of a library's own classes.
                    (Some(_), None) => Some(false),
                    _ => None,
                }
            }
            // Classes of the project never catch what Python itself raises.
            (Value::Library(raised), Value::Object(_)) if raised.path.starts_with("builtins.") => Some(false),
            _ => None,
        }
    }

    /// The exception that `raise value` raises.
    pub fn raise_value(&self, value: &Value<'a>, range: TextRange) -> Stop<'a> {
        let class = match value {
            Value::Object(id) => match self.heap.kind(*id).clone() {
                Kind::Instance(class) => Value::Object(class),
                Kind::Exception(path) => Value::library(path),
                // `raise flask.abort(...)`: a call into a library.
                Kind::Library(path, _) => Value::library(path.trim_end_matches("()")),
                _ => value.clone(),
            },
            other => other.clone(),
        };
        let exception = match &class {
            Value::Library(library) => {
                library.path.strip_prefix("builtins.").unwrap_or(&library.path).to_owned()
            }
            Value::Object(id) => {
                self.class_name(*id).map_or_else(|| "an exception".to_owned(), |n| n.to_string())
            }
            _ => "an exception".to_owned(),
        };
        let ordinary = self.is_instance(&class, &Value::library("builtins.Exception")) != Some(false);
        let message = self.exception_message(value);
        let kind = if exception == "SystemExit" {
            EffectKind::Exits(Exit { call: "raise SystemExit".to_owned(), status: None, hard: false })
        } else {
            EffectKind::Raises(Raise { exception, message, cause: RaiseCause::Plain, ordinary })
        };
        let effect = self.effect(kind, range);
        Stop::Raise(Box::new(Exception { class, effect, value: value.clone() }))
    }

    /// The exceptions that a group holds; one that is no group counts as its only member.
    pub fn group_members(&mut self, exception: &Exception<'a>) -> Option<Vec<Exception<'a>>> {
        if !exception.class.as_library()?.ends_with("ExceptionGroup") {
            return Some(vec![exception.clone()]);
        }
        let held = exception.value.object().and_then(|id| self.heap.slot(id, "<members>"))?.value.clone();
        let items = self.iterate(&held, exception.effect.site.range).ok()?;
        if items.open {
            return None;
        }
        let member = |value: Value<'a>| match self.raise_value(&value, exception.effect.site.range) {
            Stop::Raise(member) => Some(*member),
            Stop::Halt => None,
        };
        items.known.into_iter().map(member).collect()
    }

    fn exception_message(&self, value: &Value<'a>) -> String {
        let Value::Object(id) = value else { return String::new() };
        let slot = self.heap.slot(*id, "<message>");
        slot.and_then(|slot| slot.value.as_str()).map(str::to_owned).unwrap_or_default()
    }

    /// An exception of a library's class (by its path), raised by the running statement.
    pub fn raise_library(
        &self,
        class: &str,
        message: impl Into<String>,
        cause: RaiseCause,
        range: TextRange,
    ) -> Stop<'a> {
        let name = class.rsplit('.').next().unwrap_or(class);
        match self.raise(name, message, cause, range) {
            Stop::Raise(mut raised) => {
                raised.class = Value::library(class);
                Stop::Raise(raised)
            }
            halt => halt,
        }
    }

    /// An exception object of a built-in class.
    pub fn make_exception(&mut self, path: &str, arguments: &Arguments<'a>) -> Value<'a> {
        let id = self.heap.allocate(Kind::Exception(Name::new(path)));
        if let Some(message @ Value::Str(_)) = arguments.positional.first() {
            self.heap.set(id, Name::new_static("<message>"), message.clone(), TextRange::default());
        }
        if let (true, Some(members)) = (path.ends_with("ExceptionGroup"), arguments.positional.get(1)) {
            self.heap.set(id, Name::new_static("<members>"), members.clone(), TextRange::default());
        }
        Value::Object(id)
    }

    /// `sys.exit()` and its relatives: an exception that handlers of `Exception` do not catch.
    pub fn exit(&self, call: &str, status: Option<i64>, range: TextRange) -> Stop<'a> {
        Stop::Raise(Box::new(Exception {
            class: Value::library("builtins.SystemExit"),
            effect: self
                .effect(EffectKind::Exits(Exit { call: call.to_owned(), status, hard: false }), range),
            value: Value::Unknown,
        }))
    }
}
