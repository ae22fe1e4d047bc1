//! `property` and `object.__setattr__`: how attributes are read and set past what a class says.

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::interp::Interp;
use crate::load::read_only::{READ_ONLY, SETTER};
use crate::load::value::{Kind, Value, Wrapper};

impl<'a> Interp<'a> {
    /// `property(getter, setter)`, also as a decorator.
    pub(super) fn make_property(&mut self, call: &Call<'_, 'a>) -> Value<'a> {
        let arguments = call.arguments;
        let Some(getter) = arguments.get("fget", 0).cloned() else { return Value::Unknown };
        let property = self.heap.allocate(Kind::Wrapped(Wrapper::Property, getter));
        match arguments.get("fset", 1) {
            Some(Value::None) | None if !arguments.open => {
                self.heap.set(property, Name::new_static(READ_ONLY), Value::Bool(true), call.range);
            }
            Some(setter @ (Value::Function(_) | Value::Method(_))) => {
                self.heap.set(property, Name::new_static(SETTER), setter.clone(), call.range);
            }
            _ => {}
        }
        Value::Object(property)
    }

    /// `@name.setter` and its relatives above a second definition: a property like the first, with one function more.
    pub(super) fn extend_property(&mut self, role: &str, call: &Call<'_, 'a>) -> Value<'a> {
        let (Some(first), Some(function)) = (call.library.receiver, call.arguments.positional.first()) else {
            return Value::Unknown;
        };
        let function = function.clone();
        let Kind::Wrapped(wrapper, getter) = self.heap.kind(first).clone() else { return Value::Unknown };
        let getter = if role == "getter" { function.clone() } else { getter };
        let setter = match role {
            "setter" => Some(function),
            _ => self.heap.slot(first, SETTER).map(|slot| slot.value.clone()),
        };
        let property = self.heap.allocate(Kind::Wrapped(wrapper, getter));
        match setter {
            Some(setter) => self.heap.set(property, Name::new_static(SETTER), setter, call.range),
            None if self.heap.slot(first, READ_ONLY).is_some() => {
                self.heap.set(property, Name::new_static(READ_ONLY), Value::Bool(true), call.range);
            }
            None => {}
        }
        Value::Object(property)
    }

    /// `object.__setattr__(self, name, value)`, which no class can refuse.
    pub(super) fn set_without_asking(&mut self, call: &Call<'_, 'a>) -> Value<'a> {
        if let [Value::Object(object), name, value] = call.arguments.positional.as_slice() {
            match name.as_str() {
                Some(name) => self.heap.set(*object, Name::new(name), value.clone(), call.range),
                None => self.heap.set_open(*object),
            }
        }
        Value::None
    }
}
