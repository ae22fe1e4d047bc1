//! Attributes and items that are set: properties whose setter runs, and what Python does not let anybody set.

use ruff_python_ast::name::Name;

use super::data_class::FROZEN;
use super::effect::{Phase, RaiseCause};
use super::inherit::Found;
use super::interp::{Interp, Stop};
use super::value::{Arguments, Id, Kind, Value, Wrapper};
use crate::catalog::calls;
use crate::text::TextRange;

/// The slot of a property that holds its setter.
pub(super) const SETTER: &str = "<setter>";
/// The slot of a property that was made with a getter alone.
pub(super) const READ_ONLY: &str = "<read only>";

impl<'a> Interp<'a> {
    /// `object.name = value`.
    pub fn set_attribute(
        &mut self,
        object: &Value<'a>,
        name: &Name,
        value: Value<'a>,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        match object {
            Value::Object(id) => {
                if let Some(setter) = self.setter_for(*id, name, range)? {
                    let arguments = Arguments::of(vec![object.clone(), value]);
                    return self.call(&setter, arguments, range, range).map(drop);
                }
                if self.phase == Phase::Request {
                    self.set_by_request.insert((*id, name.clone()));
                }
                self.heap.set(*id, name.clone(), value, range);
            }
            Value::Library(library) => self.set_library_attribute(&library.path, name, value, range),
            Value::Union(members) => {
                for member in members.iter() {
                    if let Value::Object(id) = member {
                        self.heap.set(*id, name.clone(), Value::Unknown, range);
                    }
                }
            }
            Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Bytes
            | Value::Tuple(_) => {
                return Err(self.no_attribute(&format!("'{}' object", object.type_name()), name, range));
            }
            Value::Function(function) if name == "__name__" => {
                function.renamed.replace(Some(value));
            }
            Value::Function(_) | Value::Method(_) | Value::Unknown | Value::Unbound => {}
        }
        Ok(())
    }

    /// Replaces an attribute of a library.
    pub fn set_library_attribute(&mut self, path: &str, name: &Name, value: Value<'a>, range: TextRange) {
        self.share(&value);
        let full = calls::canonical(format!("{path}.{name}"));
        let list = match value {
            Value::Object(id) if full == "sys.path" => Some(id),
            _ => None,
        };
        self.heap.set(self.overrides, Name::new(full), value, range);
        if let Some(list) = list {
            self.watch_search_path(list, range);
        }
    }

    /// The setter of the property that an attribute of an object is, if it is one. Raises what Python raises where the
    /// attribute cannot be set.
    fn setter_for(&self, id: Id, name: &Name, range: TextRange) -> Result<Option<Value<'a>>, Stop<'a>> {
        let class = match self.heap.kind(id) {
            Kind::Instance(class) => *class,
            Kind::List(..) | Kind::Dict(..) | Kind::Set(..) if self.is_private(&Value::Object(id)) => {
                let kind = match self.heap.kind(id) {
                    Kind::List(..) => "list",
                    Kind::Dict(..) => "dict",
                    _ => "set",
                };
                return Err(self.no_attribute(&format!("'{kind}' object"), name, range));
            }
            _ => return Ok(None),
        };
        if matches!(self.find_in_class(class, "__setattr__"), Found::Here(_)) {
            return Ok(None);
        }
        if let Found::Here(Value::Object(property)) = self.find_in_class(class, name)
            && matches!(self.heap.kind(property), Kind::Wrapped(Wrapper::Property, _))
        {
            if let Some(setter) = self.heap.slot(property, SETTER) {
                return Ok(Some(setter.value.clone()));
            }
            if self.heap.slot(property, READ_ONLY).is_some() {
                let message = format!("property '{name}' of {} has no setter", self.object_of(class));
                return Err(self.raise("AttributeError", message, RaiseCause::Plain, range));
            }
        }
        self.check_frozen(class, name, range)?;
        if self.has_no_room_for(class, name) {
            return Err(self.no_attribute(&self.object_of(class), name, range));
        }
        Ok(None)
    }

    /// The fields of a frozen data class and of a named tuple cannot be set.
    fn check_frozen(&self, class: Id, name: &Name, range: TextRange) -> Result<(), Stop<'a>> {
        let Found::Here(Value::Str(message)) = self.find_in_class(class, FROZEN) else { return Ok(()) };
        if self.is_named_tuple(class) {
            return match self.is_tuple_field(class, name) {
                true => Err(self.raise("AttributeError", &*message, RaiseCause::Plain, range)),
                false => Ok(()),
            };
        }
        let own = self.heap.slot(class, FROZEN).is_some();
        if !own && !self.has_field(class, name) {
            return Ok(());
        }
        let message = format!("{message} '{name}'");
        Err(self.raise_library("dataclasses.FrozenInstanceError", message, RaiseCause::Plain, range))
    }

    /// Whether all classes of an object say by `__slots__` which attributes it has, and this is none of them.
    fn has_no_room_for(&self, class: Id, name: &Name) -> bool {
        let mut classes = Vec::new();
        if !self.ancestors(class, &mut classes, 0)
            || !self.library_bases(class).iter().all(|base| base == "builtins.object")
            || matches!(self.find_in_class(class, name), Found::Here(_))
        {
            return false;
        }
        classes.iter().all(|at| match self.slots_of(*at) {
            Some(slots) => !slots.iter().any(|slot| slot == name || slot == "__dict__"),
            None => false,
        })
    }

    /// The names in a class's `__slots__`, where they are known.
    fn slots_of(&self, class: Id) -> Option<Vec<Name>> {
        let names = match &self.heap.slot(class, "__slots__")?.value {
            Value::Str(name) => return Some(vec![Name::new(&**name)]),
            Value::Tuple(names) => names.clone(),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::List(names, false) => names.clone(),
                Kind::Dict(items, false) => {
                    items.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().into()
                }
                _ => return None,
            },
            _ => return None,
        };
        names.iter().map(|name| name.as_str().map(Name::new)).collect()
    }

    /// A name of `__slots__` cannot have a value in the class.
    pub(super) fn check_slots(&self, class: Id, range: TextRange) -> Result<(), Stop<'a>> {
        for name in self.slots_of(class).unwrap_or_default() {
            if self.heap.slot(class, &name).is_some() {
                let message = format!("'{name}' in __slots__ conflicts with class variable");
                return Err(self.raise("ValueError", message, RaiseCause::Plain, range));
            }
        }
        Ok(())
    }

    /// Raises what Python raises for `object[key] = value` where the object holds no items that can be set, or takes no such
    /// value.
    pub(super) fn check_item_assignment(
        &self,
        object: &Value<'a>,
        value: &Value<'a>,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let message = match object {
            Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Tuple(_)
            | Value::Function(_)
            | Value::Method(_) => {
                format!("'{}' object does not support item assignment", object.type_name())
            }
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::Library(path, _) if path == "flask.Flask()" => {
                    "'Flask' object does not support item assignment".to_owned()
                }
                _ => return Ok(()),
            },
            Value::Library(library) if library.path == "os.environ" => match value {
                Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                    format!("str expected, not {}", value.type_name())
                }
                _ => return Ok(()),
            },
            _ => return Ok(()),
        };
        Err(self.raise("TypeError", message, RaiseCause::Plain, range))
    }
}
