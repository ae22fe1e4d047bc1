//! The built-in functions and classes.

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::effect::RaiseCause;
use crate::load::exceptions::is_builtin_exception;
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Arguments, Kind, Value, Wrapper};

const FUNCTIONS: &[&str] = &[
    "abs",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "copyright",
    "credits",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "exit",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "license",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "quit",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
    "__import__",
    "NotImplemented",
    "Ellipsis",
    "__debug__",
    "__build_class__",
    "WindowsError",
];

impl<'a> Interp<'a> {
    /// The built-in value of that name.
    pub fn builtin(&self, name: &str) -> Option<Value<'a>> {
        let path = format!("builtins.{name}");
        if let Some(slot) = self.heap.slot(self.overrides, &path) {
            return slot.value.bound();
        }
        if name == "__debug__" {
            return Some(Value::Bool(true));
        }
        (FUNCTIONS.contains(&name) || is_builtin_exception(name)).then(|| Value::library(path))
    }

    /// A call of a built-in function, class or method; `None` when nothing is known of what it gives.
    pub(super) fn call_builtin(&mut self, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        if call.path.contains("()") {
            if let Some(role) = call.path.strip_prefix("builtins.property().") {
                return Ok(Some(self.extend_property(role, call)));
            }
            return self.call_container(call);
        }
        let name = call.path.strip_prefix("builtins.").unwrap_or(call.path);
        let arguments = call.arguments;
        let first = arguments.positional.first().cloned();
        if is_builtin_exception(name) {
            return Ok(Some(self.make_exception(call.path, arguments)));
        }
        Ok(Some(match name {
            "property" => self.make_property(call),
            "object.__setattr__" | "object().__setattr__" => self.set_without_asking(call),
            "staticmethod" => self.wrap(Wrapper::StaticMethod, first),
            "classmethod" => self.wrap(Wrapper::ClassMethod, first),
            "super" => self.super_object(arguments),
            "globals" => self.module().map_or(Value::Unknown, |module| Value::Object(module.scope)),
            "locals" => self.frames.last().map_or(Value::Unknown, |frame| Value::Object(frame.scope)),
            "vars" => match first {
                None => self.frames.last().map_or(Value::Unknown, |frame| Value::Object(frame.scope)),
                Some(value) => value,
            },
            "dir" => match first {
                Some(Value::Object(id)) => self.names_list(id),
                _ => Value::Unknown,
            },
            "getattr" => return self.get_attribute(call).map(Some),
            "hasattr" => self.has_attribute(call)?,
            "setattr" => {
                let mut rest = arguments.positional.iter();
                match (rest.next(), rest.next(), rest.next()) {
                    (Some(object), Some(Value::Str(name)), Some(value)) => {
                        self.set_attribute(object, &Name::new(&**name), value.clone(), call.range)?;
                    }
                    (Some(Value::Object(id)), ..) => self.heap.set_open(*id),
                    _ => {}
                }
                Value::None
            }
            "delattr" => {
                if let (Some(Value::Object(id)), Some(Value::Str(name))) =
                    (&first, arguments.positional.get(1))
                {
                    self.heap.set(*id, Name::new(&**name), Value::Unbound, call.range);
                }
                Value::None
            }
            "exec" | "eval" => self.execute(call)?,
            // The code stands for its text.
            "compile" => first.unwrap_or(Value::Unknown),
            "__import__" => match first.as_ref().and_then(Value::as_str) {
                Some(module) => {
                    self.import_module(module, call.range)?;
                    let top = module.split('.').next().unwrap_or(module);
                    self.loaded_module(top).unwrap_or(Value::library(top))
                }
                None => Value::Unknown,
            },
            "open" => self.open_file(call)?,
            "input" => {
                return Err(self.raise(
                    "EOFError",
                    "EOF when reading a line",
                    RaiseCause::NoInput,
                    call.range,
                ));
            }
            "breakpoint" => Value::None,
            "print" => Value::None,
            "len" => match first {
                Some(Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Function(_)) => {
                    let kind = first.as_ref().map_or("object", Value::type_name);
                    let message = format!("object of type '{kind}' has no len()");
                    return Err(self.raise("TypeError", message, RaiseCause::Plain, call.range));
                }
                Some(value) => match self.instance_length(&value, call.range)? {
                    Some(length) => length,
                    None => self.length(&value),
                },
                None => Value::Unknown,
            },
            "bool" => first
                .map_or(Value::Bool(false), |value| self.truth(&value).map_or(Value::Unknown, Value::Bool)),
            "int" => match &first {
                Some(Value::Int(int)) => Value::Int(*int),
                Some(Value::Str(text)) if arguments.positional.len() == 1 => {
                    let digits = text.trim().replace('_', "");
                    let number = digits.strip_prefix(['+', '-']).unwrap_or(&digits);
                    let is_whole = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
                    if digits.is_ascii() && !is_whole {
                        let message = format!("invalid literal for int() with base 10: '{text}'");
                        return Err(self.raise("ValueError", message, RaiseCause::Plain, call.range));
                    }
                    digits.parse().map_or(Value::Unknown, Value::Int)
                }
                Some(Value::None) => {
                    let message = "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'";
                    return Err(self.misused_none("TypeError", message, call.range));
                }
                Some(Value::Bool(truth)) => Value::Int(i64::from(*truth)),
                _ => Value::Unknown,
            },
            "float" => match &first {
                Some(Value::Str(text)) if text.is_ascii() => {
                    match text.trim().replace('_', "").parse::<f64>() {
                        Ok(number) => Value::Float(number),
                        Err(_) => {
                            let message = format!("could not convert string to float: '{text}'");
                            let assumed = self.assumed;
                            return Err(self.assuming(assumed, |me| {
                                me.raise("ValueError", message, RaiseCause::Plain, call.range)
                            }));
                        }
                    }
                }
                _ => Value::Unknown,
            },
            "str" | "repr" if first.is_some() => {
                let value = first.unwrap_or(Value::Unknown);
                let value = if name == "str" { self.shown(value, call.range)? } else { value };
                self.text_of(&value).filter(|_| name == "str").map_or(Value::Unknown, Value::str)
            }
            "str" => Value::str(""),
            "list" | "tuple" | "set" | "frozenset" | "sorted" | "reversed" => {
                self.collect(name, first, call)?
            }
            "dict" => self.make_dict(first, arguments),
            "sum" | "max" | "min" | "any" | "all" => {
                if let Some(value) = &first {
                    let items = self.iterate(value, call.range)?;
                    self.check_length(&items, call.range)?;
                    self.apply_key(&items.known, call)?;
                    let numbers = items.known.iter().map(|item| match item {
                        Value::Int(int) => Some(*int),
                        _ => None,
                    });
                    if let ("sum", false, 1) = (name, items.open || items.endless, arguments.positional.len())
                        && let Some(total) = numbers.sum::<Option<i64>>()
                    {
                        return Ok(Some(Value::Int(total)));
                    }
                    if name == "any" || name == "all" {
                        let truths: Option<Vec<bool>> =
                            items.known.iter().map(|item| self.truth(item)).collect();
                        if let Some(truths) = truths.filter(|_| !items.open) {
                            return Ok(Some(Value::Bool(match name {
                                "any" => truths.contains(&true),
                                _ => !truths.contains(&false),
                            })));
                        }
                    }
                }
                Value::Unknown
            }
            "map" | "filter" => self.map(name == "filter", call),
            "next" => match &first {
                Some(Value::Object(id)) if matches!(self.heap.kind(*id), Kind::Suspended(..)) => {
                    self.first_item(*id, call.range)?
                }
                // A generator expression that has run.
                Some(Value::Object(id)) => match (self.heap.kind(*id).clone(), arguments.positional.get(1)) {
                    (Kind::List(items, false), default) if items.is_empty() => match default {
                        Some(default) => default.clone(),
                        None => return Err(self.raise("StopIteration", "", RaiseCause::Plain, call.range)),
                    },
                    (Kind::List(items, false), None) => items.first().cloned().unwrap_or(Value::Unknown),
                    _ => Value::Unknown,
                },
                _ => Value::Unknown,
            },
            "pow" => match (&first, arguments.positional.get(1), arguments.positional.get(2)) {
                (Some(base), Some(exponent), None) => {
                    let (base, exponent) = (base.clone(), exponent.clone());
                    self.binary(&base, ruff_python_ast::Operator::Pow, &exponent, call.range)?
                }
                _ => Value::Unknown,
            },
            "isinstance" | "issubclass" | "callable" => self.type_test(name, arguments),
            "type" => match &first {
                Some(Value::Object(id)) if arguments.positional.len() == 1 => match self.heap.kind(*id) {
                    Kind::Instance(class) => Value::Object(*class),
                    _ => Value::Unknown,
                },
                _ => Value::Unknown,
            },
            "exit" | "quit" => return Err(self.exit(&format!("{name}()"), None, call.range)),
            "range" | "enumerate" | "object" | "iter" | "zip" => {
                if name == "iter" && arguments.positional.len() == 1 {
                    return Ok(first);
                }
                return Ok(None);
            }
            _ => Value::Unknown,
        }))
    }

    pub(super) fn wrap(&mut self, wrapper: Wrapper, inner: Option<Value<'a>>) -> Value<'a> {
        inner.map_or(Value::Unknown, |inner| Value::Object(self.heap.allocate(Kind::Wrapped(wrapper, inner))))
    }

    fn super_object(&mut self, arguments: &Arguments<'a>) -> Value<'a> {
        let (class, receiver) = match (arguments.positional.first(), arguments.positional.get(1)) {
            (Some(Value::Object(class)), Some(receiver)) => (Some(*class), Some(receiver.clone())),
            _ => {
                let frame = self.frames.iter().rev().find(|frame| frame.receiver.is_some());
                (frame.and_then(|f| f.function.as_ref()?.class), frame.and_then(|f| f.receiver.clone()))
            }
        };
        match (class, receiver) {
            (Some(class), Some(receiver)) => Value::Object(self.heap.allocate(Kind::Super(class, receiver))),
            _ => Value::Unknown,
        }
    }

    fn get_attribute(&mut self, call: &Call<'_, 'a>) -> Result<Value<'a>, Stop<'a>> {
        let arguments = call.arguments;
        let (Some(object), Some(Value::Str(name))) =
            (arguments.positional.first(), arguments.positional.get(1))
        else {
            // A method that nobody knows may be called next.
            if let Some(object) = arguments.positional.first() {
                self.share(object);
            }
            return Ok(Value::Unknown);
        };
        let name = Name::new(&**name);
        match (self.attribute(object, &name, call.range), arguments.positional.get(2)) {
            (Ok(Value::Unknown), _) => Ok(Value::Unknown),
            // A library's attribute may be there or not.
            (Ok(value @ Value::Library(_)), Some(default)) => Ok(value.or(default.clone())),
            (Ok(value), _) => Ok(value),
            (Err(_), Some(default)) => Ok(default.clone()),
            (Err(stop), None) => Err(stop),
        }
    }

    fn has_attribute(&mut self, call: &Call<'_, 'a>) -> Result<Value<'a>, Stop<'a>> {
        let arguments = call.arguments;
        let (Some(Value::Object(id)), Some(Value::Str(name))) =
            (arguments.positional.first(), arguments.positional.get(1))
        else {
            return Ok(Value::Unknown);
        };
        if self.heap.slot(*id, name).is_some_and(|slot| !slot.value.may_be_unbound()) {
            return Ok(Value::Bool(true));
        }
        let class = match self.heap.kind(*id) {
            Kind::Class(_) => *id,
            Kind::Instance(class) => *class,
            Kind::Module(_) if !self.heap.get(*id).open && self.heap.slot(*id, "__getattr__").is_none() => {
                return Ok(Value::Bool(false));
            }
            _ => return Ok(Value::Unknown),
        };
        Ok(match self.find_in_class(class, name) {
            crate::load::inherit::Found::Here(_) => Value::Bool(true),
            crate::load::inherit::Found::Nowhere if !self.heap.get(class).open => Value::Bool(false),
            _ => Value::Unknown,
        })
    }
}
