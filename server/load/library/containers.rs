//! Methods of strings, lists, dictionaries and sets.

use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::effect::RaiseCause;
use crate::load::folder::Folder;
use crate::load::interp::{Eval, Interp, Stop};
use crate::load::ops::grown_list;
use crate::load::value::{Arguments, Id, Kind, Value};
use crate::text::TextRange;

/// The slot of a view that holds the dictionary that it shows.
pub(in crate::load) const VIEW_OF: &str = "<view of>";

impl<'a> Interp<'a> {
    /// A method of a built-in container or string; `None` when the method is not modelled.
    pub(super) fn call_container(&mut self, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        let Some(receiver) = call.library.receiver else { return Ok(None) };
        let Some(rest) = call.path.strip_prefix("builtins.") else { return Ok(None) };
        let Some((kind, method)) = rest.split_once("().") else { return Ok(None) };
        if matches!(
            method,
            "append"
                | "extend"
                | "insert"
                | "add"
                | "update"
                | "remove"
                | "discard"
                | "pop"
                | "clear"
                | "setdefault"
        ) {
            self.change_state(receiver, call.range);
        }
        Ok(match kind {
            "str" => Some(self.str_method(receiver, method, call)?),
            "list" | "set" => Some(self.list_method(receiver, method, call)?),
            "dict" => Some(self.dict_method(receiver, method, call)?),
            "generator" => {
                // A task that was cancelled does nothing more.
                if method == "cancel" {
                    self.heap
                        .set_kind(receiver, Kind::Library(Name::new_static("asyncio.Task()"), Rc::default()));
                }
                Some(Value::Unknown)
            }
            _ => None,
        })
    }

    fn str_method(&mut self, receiver: Id, method: &str, call: &Call<'_, 'a>) -> Eval<'a> {
        let Kind::Library(_, held) = self.heap.kind(receiver).clone() else { return Ok(Value::Unknown) };
        let Some(text) = held.positional.first().and_then(Value::as_str).map(str::to_owned) else {
            return Ok(Value::Unknown);
        };
        let argument = |at: usize| call.arguments.positional.get(at).and_then(Value::as_str);
        let list = |me: &mut Self, parts: Vec<&str>| {
            let items: Vec<Value<'a>> = parts.into_iter().map(Value::str).collect();
            Value::Object(me.heap.allocate(Kind::List(items.into(), false)))
        };
        Ok(match method {
            "lower" | "casefold" => Value::str(text.to_lowercase()),
            "upper" => Value::str(text.to_uppercase()),
            "strip" if call.arguments.positional.is_empty() => Value::str(text.trim()),
            "rstrip" if call.arguments.positional.is_empty() => Value::str(text.trim_end()),
            "lstrip" if call.arguments.positional.is_empty() => Value::str(text.trim_start()),
            "rstrip" => argument(0)
                .map_or(Value::Unknown, |set| Value::str(text.trim_end_matches(|c| set.contains(c)))),
            "lstrip" => argument(0)
                .map_or(Value::Unknown, |set| Value::str(text.trim_start_matches(|c| set.contains(c)))),
            "strip" => {
                argument(0).map_or(Value::Unknown, |set| Value::str(text.trim_matches(|c| set.contains(c))))
            }
            "startswith" => argument(0).map_or(Value::Unknown, |part| Value::Bool(text.starts_with(part))),
            "endswith" => argument(0).map_or(Value::Unknown, |part| Value::Bool(text.ends_with(part))),
            "replace" => match (argument(0), argument(1)) {
                // Beyond this a replacement is no longer about a name or a path.
                (Some(_), Some(new)) if text.len().saturating_mul(new.len()) > 16 << 20 => Value::Unknown,
                (Some(old), Some(new)) => Value::str(text.replace(old, new)),
                _ => Value::Unknown,
            },
            "removesuffix" => {
                argument(0).map_or(Value::Unknown, |s| Value::str(text.strip_suffix(s).unwrap_or(&text)))
            }
            "removeprefix" => {
                argument(0).map_or(Value::Unknown, |s| Value::str(text.strip_prefix(s).unwrap_or(&text)))
            }
            "split" if call.arguments.positional.is_empty() => list(self, text.split_whitespace().collect()),
            "split" if call.arguments.positional.len() == 1 => match argument(0) {
                Some(by) if !by.is_empty() => list(self, text.split(by).collect()),
                _ => Value::Unknown,
            },
            "splitlines" => list(self, text.lines().collect()),
            "join" => {
                let Some(items) = call.arguments.positional.first() else { return Ok(Value::Unknown) };
                let items = self.iterate(items, call.range)?;
                let parts: Option<Vec<&str>> = items.known.iter().map(Value::as_str).collect();
                parts.filter(|_| !items.open).map_or(Value::Unknown, |parts| Value::str(parts.join(&text)))
            }
            "encode" => Value::Bytes,
            "format" => {
                self.check_format(&text, call)?;
                self.format(&text, call.arguments).map_or(Value::Unknown, Value::str)
            }
            "isdigit" | "isnumeric" => {
                Value::Bool(!text.is_empty() && text.chars().all(|c| c.is_ascii_digit()))
            }
            _ => Value::Unknown,
        })
    }

    /// A name in braces that the call does not give.
    fn check_format(&self, text: &str, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        if call.arguments.open || text.contains("{{") || text.contains("}}") {
            return Ok(());
        }
        for field in text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(field, _)| field)) {
            let is_name = field.starts_with(char::is_alphabetic)
                && field.chars().all(|c| c.is_alphanumeric() || c == '_');
            if is_name && call.arguments.keyword(field).is_none() {
                return Err(self.raise("KeyError", format!("'{field}'"), RaiseCause::Plain, call.range));
            }
        }
        Ok(())
    }

    /// `str.format` for plain `{}`, `{0}` and `{name}`.
    fn format(&self, text: &str, arguments: &Arguments<'a>) -> Option<String> {
        let mut out = String::new();
        let mut next = 0;
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let tail = &rest[at..];
            if tail.starts_with("{{") || tail.starts_with("}}") {
                out.push_str(&tail[..1]);
                rest = &tail[2..];
                continue;
            }
            let (field, after) = tail.strip_prefix('{')?.split_once('}')?;
            let value = if field.is_empty() {
                next += 1;
                arguments.positional.get(next - 1)
            } else if let Ok(position) = field.parse::<usize>() {
                arguments.positional.get(position)
            } else {
                arguments.keyword(field)
            };
            out.push_str(&self.text_of(value?)?);
            rest = after;
        }
        out.push_str(rest);
        Some(out)
    }

    fn list_method(&mut self, id: Id, method: &str, call: &Call<'_, 'a>) -> Eval<'a> {
        let (items, open, is_set) = match self.heap.kind(id).clone() {
            Kind::List(items, open) => (items, open, false),
            Kind::Set(items, open) => (items, open, true),
            _ => return Ok(Value::Unknown),
        };
        self.burn_for(items.len());
        let mut items = items.to_vec();
        let mut open = open;
        let first = call.arguments.positional.first().cloned();
        let result = match method {
            "append" | "add" => {
                items.extend(first);
                Value::None
            }
            "insert" => {
                let at = match first {
                    Some(Value::Int(at)) => usize::try_from(at).unwrap_or(0).min(items.len()),
                    _ => items.len(),
                };
                if let Some(value) = call.arguments.positional.get(1) {
                    items.insert(at, value.clone());
                }
                Value::None
            }
            "extend" | "update" => {
                if let Some(more) = first {
                    let more = self.iterate(&more, call.range)?;
                    items.extend(more.known);
                    open |= more.open;
                }
                Value::None
            }
            "remove" | "discard" => {
                if let Some(value) = first {
                    items.retain(|item| !item.same(&value));
                }
                Value::None
            }
            "clear" => {
                items.clear();
                open = false;
                Value::None
            }
            "pop" => {
                let at = match first {
                    None => items.len().checked_sub(1),
                    Some(Value::Int(at)) => usize::try_from(at).ok(),
                    _ => None,
                };
                match at.filter(|at| *at < items.len() && !open) {
                    Some(at) => items.remove(at),
                    None if items.is_empty() && !open && !is_set && self.is_private(&Value::Object(id)) => {
                        let message = "pop from empty list";
                        return Err(self.raise("IndexError", message, RaiseCause::Plain, call.range));
                    }
                    None => {
                        open = true;
                        Value::Unknown
                    }
                }
            }
            "reverse" => {
                items.reverse();
                Value::None
            }
            "sort" => Value::None,
            "copy" => {
                let copy =
                    if is_set { Kind::Set(items.into(), open) } else { Kind::List(items.into(), open) };
                return Ok(Value::Object(self.heap.allocate(copy)));
            }
            _ => return Ok(Value::Unknown),
        };
        self.heap.set_kind(id, if is_set { Kind::Set(items.into(), open) } else { grown_list(items, open) });
        self.watch_search_path(id, call.range);
        Ok(result)
    }

    /// Remembers an entry of `sys.path` that leads nowhere, because a missing module is then its fault.
    pub(in crate::load) fn watch_search_path(&mut self, list: Id, range: TextRange) {
        let path = self.heap.slot(self.overrides, "sys.path").map(|slot| slot.value.clone());
        if !matches!(path, Some(Value::Object(id)) if id == list) {
            return;
        }
        /// No search path is that long; a loop that lets it grow must not be slow.
        const LONGEST: usize = 100;
        if matches!(self.heap.kind(list), Kind::List(items, _) if items.len() > LONGEST) {
            return;
        }
        for entry in self.search_path().0 {
            let known = self.bad_path_entry.as_ref().is_some_and(|(text, _)| *text == entry);
            if !known
                && !entry.starts_with('<')
                && matches!(self.folder(&entry), Folder::Missing | Folder::Placeholder)
            {
                self.bad_path_entry = Some((entry, self.site(range)));
            }
        }
    }

    fn dict_method(&mut self, id: Id, method: &str, call: &Call<'_, 'a>) -> Eval<'a> {
        let first = call.arguments.positional.first().cloned();
        let default = call.arguments.positional.get(1).cloned();
        // `globals()` and `vars(module)` are the names of a scope.
        if matches!(self.heap.kind(id), Kind::Module(_) | Kind::Scope | Kind::Instance(_) | Kind::Class(_)) {
            match (method, first.as_ref().and_then(Value::as_str)) {
                ("get" | "setdefault" | "pop", Some(name)) => {
                    let known = self.heap.slot(id, name).and_then(|slot| slot.value.bound());
                    return Ok(known.or(default).unwrap_or(Value::None));
                }
                ("update", _) => {
                    for (name, value) in &call.arguments.keywords {
                        self.heap.set(id, name.clone(), value.clone(), call.range);
                    }
                    if let Some(Value::Object(other)) = first
                        && let Kind::Dict(items, false) = self.heap.kind(other).clone()
                    {
                        for (key, value) in items.iter() {
                            self.set_item(&Value::Object(id), key, value.clone(), call.range);
                        }
                        return Ok(Value::None);
                    }
                    if !call.arguments.positional.is_empty() {
                        self.heap.set_open(id);
                    }
                    return Ok(Value::None);
                }
                _ => return Ok(Value::Unknown),
            }
        }
        let Kind::Dict(items, open) = self.heap.kind(id).clone() else { return Ok(Value::Unknown) };
        self.burn_for(items.len());
        let find = |key: &Value<'a>| {
            items.iter().rev().find(|(known, _)| known.same(key)).map(|(_, value)| value.clone())
        };
        // A key that nobody knows may be one of those that are there.
        let perhaps =
            |me: &Self, key: &Value<'a>| items.iter().any(|(known, _)| me.equal(known, key) != Some(false));
        let list = |me: &mut Self, values: Vec<Value<'a>>| {
            Value::Object(me.heap.allocate(Kind::List(values.into(), open)))
        };
        Ok(match (method, first) {
            ("get", Some(key)) => match find(&key) {
                Some(value) => value,
                None if open || perhaps(self, &key) => Value::Unknown,
                None => default.unwrap_or(Value::None),
            },
            ("setdefault", Some(key)) => match find(&key) {
                Some(value) => value,
                None => {
                    let value = default.unwrap_or(Value::None);
                    self.set_item(&Value::Object(id), &key, value.clone(), call.range);
                    if open { Value::Unknown } else { value }
                }
            },
            ("popitem", _) => {
                let rest = items.split_last().map_or_else(Vec::new, |(_, rest)| rest.to_vec());
                self.heap.set_kind(id, Kind::Dict(rest.into(), open));
                Value::Unknown
            }
            ("pop", Some(key)) => {
                let value = find(&key).or(default).unwrap_or(Value::Unknown);
                self.delete_item(&Value::Object(id), &key);
                value
            }
            ("update", source) => {
                let mut items = items.to_vec();
                let mut open = open;
                match source {
                    Some(Value::Object(other)) => match self.heap.kind(other).clone() {
                        Kind::Dict(more, more_open) => {
                            items.extend(more.iter().cloned());
                            open |= more_open;
                        }
                        _ => open = true,
                    },
                    Some(_) => open = true,
                    None => {}
                }
                items.extend(
                    call.arguments.keywords.iter().map(|(name, v)| (Value::str(name.as_str()), v.clone())),
                );
                self.heap.set_kind(id, Kind::Dict(items.into(), open));
                Value::None
            }
            ("keys" | "values" | "items", _) => {
                let part = |(key, value): &(Value<'a>, Value<'a>)| match method {
                    "keys" => key.clone(),
                    "values" => value.clone(),
                    _ => Value::Tuple(Rc::new(vec![key.clone(), value.clone()])),
                };
                let view = list(self, items.iter().map(part).collect());
                if let Value::Object(view) = view {
                    self.heap.set(view, Name::new_static(VIEW_OF), Value::Object(id), call.range);
                }
                view
            }
            ("copy", _) => Value::Object(self.heap.allocate(Kind::Dict(items, open))),
            ("clear", _) => {
                self.heap.set_kind(id, Kind::Dict(Vec::new().into(), false));
                Value::None
            }
            _ => Value::Unknown,
        })
    }

    /// The names of an object as a list of strings.
    pub(super) fn names_list(&mut self, id: Id) -> Value<'a> {
        let names: Vec<Value<'a>> =
            self.names(id).into_iter().map(|name| Value::str(Name::new(name).as_str())).collect();
        let open = self.heap.get(id).open;
        Value::Object(self.heap.allocate(Kind::List(names.into(), open)))
    }
}
