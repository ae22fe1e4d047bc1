//! Items: `object[key]`, slices, and what setting or deleting an item changes.

use std::rc::Rc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::Ranged;

use super::effect::{Phase, RaiseCause};
use super::interp::{Eval, Interp};
use super::value::{Arguments, Id, Kind, Value};
use crate::text::TextRange;

/// The slot of an object that a library was given.
const SHARED: &str = "<shared>";

impl<'a> Interp<'a> {
    /// `value[key]`.
    pub fn subscript(&mut self, expr: &'a ast::ExprSubscript) -> Eval<'a> {
        let object = self.eval(&expr.value)?;
        if let Expr::Slice(slice) = &*expr.slice {
            return self.slice(&object, slice);
        }
        let key = self.eval(&expr.slice)?;
        let item = self.item(&object, &key, expr.range())?;
        if !self.is_private(&object) {
            self.share(&item);
        }
        Ok(item)
    }

    fn slice(&mut self, object: &Value<'a>, slice: &'a ast::ExprSlice) -> Eval<'a> {
        let bound = |me: &mut Self, part: &'a Option<Box<Expr>>| match part {
            None => Ok(Some(None)),
            Some(part) => Ok(match me.eval(part)? {
                Value::Int(int) => Some(Some(int)),
                Value::None => Some(None),
                _ => None,
            }),
        };
        let lower = bound(self, &slice.lower)?;
        let upper = bound(self, &slice.upper)?;
        let step = bound(self, &slice.step)?;
        let (Some(lower), Some(upper), Some(None | Some(1))) = (lower, upper, step) else {
            return Ok(Value::Unknown);
        };
        let cut = |length: usize| {
            let length = i64::try_from(length).unwrap_or(i64::MAX);
            let place = |at: Option<i64>, default: i64| {
                let at = at.map_or(default, |at| if at < 0 { at + length } else { at });
                usize::try_from(at.clamp(0, length)).unwrap_or(0)
            };
            let (start, end) = (place(lower, 0), place(upper, length));
            start..end.max(start)
        };
        Ok(match object {
            Value::Str(text) => {
                let chars: Vec<char> = text.chars().collect();
                Value::str(chars[cut(chars.len())].iter().collect::<String>())
            }
            Value::Tuple(items) => Value::Tuple(Rc::new(items[cut(items.len())].to_vec())),
            Value::Object(id) => match self.heap.kind(*id).clone() {
                Kind::List(items, false) => {
                    let part = items[cut(items.len())].to_vec();
                    Value::Object(self.heap.allocate(Kind::List(part.into(), false)))
                }
                Kind::List(_, true) => Value::Object(self.heap.allocate(Kind::List(Vec::new().into(), true))),
                _ => Value::Unknown,
            },
            Value::Library(library) if library.path == "sys.version_info" => {
                let version = self.version_info();
                match version {
                    Value::Tuple(items) => Value::Tuple(Rc::new(items[cut(items.len())].to_vec())),
                    other => other,
                }
            }
            _ => Value::Unknown,
        })
    }

    /// `object[key]` for evaluated operands.
    pub fn item(&mut self, object: &Value<'a>, key: &Value<'a>, range: TextRange) -> Eval<'a> {
        let at = |items: &[Value<'a>]| match key {
            Value::Int(int) => {
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let at = if *int < 0 { int + length } else { *int };
                usize::try_from(at).ok().and_then(|at| items.get(at)).cloned()
            }
            _ => None,
        };
        Ok(match object {
            Value::None if self.phase == Phase::Request => {
                return Err(self.misused_none("TypeError", "'NoneType' object is not subscriptable", range));
            }
            Value::Tuple(items) => at(items).unwrap_or(Value::Unknown),
            Value::Str(text) => match key {
                Value::Int(int) if *int >= 0 => {
                    let at = usize::try_from(*int).unwrap_or(usize::MAX);
                    text.chars().nth(at).map_or(Value::Unknown, |c| Value::str(c.to_string()))
                }
                _ => Value::Unknown,
            },
            Value::Object(id) => match self.heap.kind(*id).clone() {
                Kind::List(items, false) => match at(&items) {
                    Some(item) => item,
                    None if self.is_argv(*id) && matches!(key, Value::Int(_)) => {
                        return Err(self.raise(
                            "IndexError",
                            "list index out of range",
                            RaiseCause::Plain,
                            range,
                        ));
                    }
                    None if self.is_out_of_range(*id, &items, key) => {
                        let message = "list index out of range";
                        return Err(self.raise("IndexError", message, RaiseCause::Plain, range));
                    }
                    None => Value::Unknown,
                },
                Kind::Dict(items, false) if self.is_lacking(*id, &items, key) => {
                    let shown = self.text_of(key).unwrap_or_default();
                    let message = if key.as_str().is_some() { format!("'{shown}'") } else { shown };
                    return Err(self.raise("KeyError", message, RaiseCause::Plain, range));
                }
                Kind::Dict(items, _) => items
                    .iter()
                    .rev()
                    .find(|(known, _)| self.equal(known, key) == Some(true))
                    .map_or(Value::Unknown, |(_, value)| value.clone()),
                Kind::Instance(_) => match self.method(object, "__getitem__") {
                    Some(method) => self.call(&method, Arguments::of(vec![key.clone()]), range, range)?,
                    None => Value::Unknown,
                },
                _ => Value::Unknown,
            },
            _ if object.has_no_items() => {
                let message = format!("'{}' object is not subscriptable", object.type_name());
                return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
            }
            Value::Library(library) => match library.path.as_str() {
                "os.environ" => return self.environment_item(key, range),
                "flask.Flask().config" => {
                    let slot = key.as_str().map(|key| format!("<config {key}>"));
                    let known = slot.zip(library.receiver).and_then(|(slot, app)| self.heap.slot(app, &slot));
                    known.and_then(|slot| slot.value.bound()).unwrap_or(Value::Unknown)
                }
                "sys.modules" => key
                    .as_str()
                    .and_then(|name| self.heap.slot(self.modules, name))
                    .and_then(|slot| slot.value.bound())
                    .unwrap_or(Value::Unknown),
                "sys.version_info" => {
                    let version = self.version_info();
                    return self.item(&version, key, range);
                }
                // A generic alias such as `list[int]` stands for its class.
                path if path.chars().next().is_some_and(char::is_alphabetic) && !path.contains("()") => {
                    object.clone()
                }
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        })
    }

    /// Whether a list that is wholly known is too short.
    fn is_out_of_range(&self, id: Id, items: &[Value<'a>], key: &Value<'a>) -> bool {
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        self.is_settled(id) && matches!(key, Value::Int(at) if *at >= length || *at < -length)
    }

    /// Whether a dictionary that is wholly known holds no such key.
    fn is_lacking(&self, id: Id, items: &[(Value<'a>, Value<'a>)], key: &Value<'a>) -> bool {
        self.is_settled(id)
            && matches!(key, Value::Str(_) | Value::Int(_))
            && items.iter().all(|(known, _)| self.equal(known, key) == Some(false))
    }

    /// Whether nobody else can have changed a container: while an app is loaded, libraries fill those that they were given.
    fn is_settled(&self, id: Id) -> bool {
        self.phase == Phase::Request || self.is_private(&Value::Object(id))
    }

    /// Whether a value is plain, or a container that no library was ever given.
    pub fn is_private(&self, value: &Value<'a>) -> bool {
        value.object().is_none_or(|id| self.heap.slot(id, SHARED).is_none())
    }

    /// Remembers that a library was given a value: it may keep it, and change it later.
    pub fn share(&mut self, value: &Value<'a>) {
        match value {
            Value::Object(id) => {
                let kind = self.heap.kind(*id);
                if matches!(
                    kind,
                    Kind::List(..) | Kind::Dict(..) | Kind::Set(..) | Kind::Class(_) | Kind::Instance(_)
                ) {
                    self.heap.set(*id, Name::new_static(SHARED), Value::Bool(true), TextRange::default());
                }
            }
            Value::Method(method) => self.share(&method.1.clone()),
            _ => {}
        }
    }

    /// `object[key] = value`.
    pub fn set_item(&mut self, object: &Value<'a>, key: &Value<'a>, value: Value<'a>, range: TextRange) {
        if let Value::Object(id) = object {
            self.change_state(*id, range);
        }
        match object {
            Value::Object(id) => match self.heap.kind(*id).clone() {
                Kind::Dict(items, open) => {
                    self.burn_for(items.len());
                    let mut items = items.to_vec();
                    match items.iter_mut().find(|(known, _)| known.same(key)) {
                        Some((_, slot)) => *slot = value,
                        None => items.push((key.clone(), value)),
                    }
                    self.heap.set_kind(*id, Kind::Dict(items.into(), open));
                }
                Kind::List(items, open) => {
                    self.burn_for(items.len());
                    let mut items = items.to_vec();
                    let at = match key {
                        Value::Int(at) if *at < 0 => {
                            items.len().checked_add_signed(isize::try_from(*at).unwrap_or(isize::MIN))
                        }
                        Value::Int(at) => usize::try_from(*at).ok().filter(|at| *at < items.len()),
                        _ => None,
                    };
                    match at {
                        Some(at) => items[at] = value,
                        None => items.clear(),
                    }
                    self.heap.set_kind(*id, Kind::List(items.into(), open || at.is_none()));
                }
                // `globals()["name"] = ...` writes into the module.
                Kind::Module(_) | Kind::Scope => match key.as_str() {
                    Some(name) => self.heap.set(*id, Name::new(name), value, range),
                    None => self.heap.set_open(*id),
                },
                _ => {}
            },
            Value::Library(library) => {
                let table = match library.path.as_str() {
                    "os.environ" => self.environ,
                    "sys.modules" => self.modules,
                    "flask.Flask().config" => return self.set_config(library.receiver, key, value, range),
                    _ => return,
                };
                if let Some(name) = key.as_str() {
                    if name == "DJANGO_SETTINGS_MODULE" {
                        self.django.named_at = Some(self.site(range));
                    }
                    self.heap.set(table, Name::new(name), value, range);
                } else if table == self.environ {
                    self.environ_is_open = true;
                }
            }
            _ => {}
        }
    }

    /// `del object[key]`.
    pub fn delete_item(&mut self, object: &Value<'a>, key: &Value<'a>) {
        match object {
            Value::Library(library) => {
                let table = match library.path.as_str() {
                    "os.environ" => self.environ,
                    "sys.modules" => self.modules,
                    _ => return,
                };
                if let Some(name) = key.as_str() {
                    self.heap.set(table, Name::new(name), Value::Unbound, TextRange::default());
                }
            }
            Value::Object(id) => match self.heap.kind(*id).clone() {
                Kind::Dict(items, open) => {
                    let rest: Vec<_> = items.iter().filter(|(known, _)| !known.same(key)).cloned().collect();
                    self.heap.set_kind(*id, Kind::Dict(rest.into(), open));
                }
                Kind::List(_, _) => self.heap.set_kind(*id, Kind::List(Vec::new().into(), true)),
                Kind::Module(_) | Kind::Scope => {
                    if let Some(name) = key.as_str() {
                        self.heap.set(*id, Name::new(name), Value::Unbound, TextRange::default());
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}
