//! What the built-in functions find out about values and make of them: lengths, containers, tests of types.

use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::comprehend::Lazy;
use crate::load::effect::BlockKind;
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Arguments, Kind, Value};
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// `key=` of `sorted`, `min` and `max`, which is called for each item.
    pub(super) fn apply_key(&mut self, items: &[Value<'a>], call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let Some(key) = call.arguments.keyword("key").cloned() else { return Ok(()) };
        if matches!(key, Value::Function(_) | Value::Method(_)) {
            for item in items {
                self.call(&key, Arguments::of(vec![item.clone()]), call.range, call.callee)?;
            }
        }
        Ok(())
    }

    pub(in crate::load) fn length(&mut self, value: &Value<'a>) -> Value<'a> {
        let known = |length: usize| i64::try_from(length).map_or(Value::Unknown, Value::Int);
        match value {
            Value::Str(text) => known(text.chars().count()),
            Value::Tuple(items) => known(items.len()),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::Set(items, false) | Kind::List(items, false) => known(items.len()),
                Kind::Dict(items, false) => known(items.len()),
                Kind::Library(path, _) if path == "builtins.range()" => {
                    match self.iterate(value, TextRange::default()) {
                        Ok(items) if items.count.is_some() => items.count.map_or(Value::Unknown, Value::Int),
                        Ok(items) if !items.open => known(items.known.len()),
                        _ => self.some_integer(),
                    }
                }
                _ => self.some_integer(),
            },
            _ => self.some_integer(),
        }
    }

    /// An integer that nobody knows.
    fn some_integer(&mut self) -> Value<'a> {
        Value::Object(self.heap.allocate(Kind::Library(Name::new_static("builtins.int()"), Rc::default())))
    }

    pub(super) fn collect(
        &mut self,
        name: &str,
        first: Option<Value<'a>>,
        call: &Call<'_, 'a>,
    ) -> Result<Value<'a>, Stop<'a>> {
        let items = match first {
            Some(value) => {
                self.check_iterable(&value, call.range)?;
                let items = self.iterate(&value, call.range)?;
                self.check_length(&items, call.range)?;
                if items.endless {
                    self.blocks(
                        "a list of something that never ends".to_owned(),
                        BlockKind::Loop,
                        call.range,
                    )?;
                }
                self.apply_key(&items.known, call)?;
                items
            }
            None => crate::load::iterate::Items::default(),
        };
        Ok(match name {
            "tuple" if !items.open => Value::Tuple(items.known.into()),
            "set" | "frozenset" => {
                Value::Object(self.heap.allocate(Kind::Set(items.known.into(), items.open)))
            }
            _ => Value::Object(self.heap.allocate(Kind::List(items.known.into(), items.open))),
        })
    }

    pub(super) fn make_dict(&mut self, first: Option<Value<'a>>, arguments: &Arguments<'a>) -> Value<'a> {
        let mut items = Vec::new();
        let mut open = arguments.open;
        match first {
            Some(Value::Object(id)) => match self.heap.kind(id).clone() {
                Kind::Dict(known, more) => {
                    items = known.to_vec();
                    open |= more;
                }
                _ => open = true,
            },
            Some(_) => open = true,
            None => {}
        }
        items.extend(
            arguments.keywords.iter().map(|(name, value)| (Value::str(name.as_str()), value.clone())),
        );
        Value::Object(self.heap.allocate(Kind::Dict(items.into(), open)))
    }

    /// `map` and `filter` call nothing before somebody asks for the items.
    pub(super) fn map(&mut self, filter: bool, call: &Call<'_, 'a>) -> Value<'a> {
        let [function, source] = call.arguments.positional.as_slice() else { return Value::Unknown };
        let (function, source) = (function.clone(), source.clone());
        let lazy = Lazy::Mapped { filter, function, source, range: call.range, callee: call.callee };
        Value::Object(self.heap.allocate(Kind::Lazy(Rc::new(lazy))))
    }

    pub(super) fn type_test(&self, name: &str, arguments: &Arguments<'a>) -> Value<'a> {
        let Some(value) = arguments.positional.first() else { return Value::Unknown };
        if name == "callable" {
            return match value {
                Value::Function(_) | Value::Method(_) => Value::Bool(true),
                Value::None | Value::Str(_) | Value::Int(_) | Value::Bool(_) | Value::Tuple(_) => {
                    Value::Bool(false)
                }
                _ => Value::Unknown,
            };
        }
        let plain = match value {
            Value::Str(_) => "builtins.str",
            Value::Int(_) => "builtins.int",
            Value::Bool(_) => "builtins.bool",
            Value::None => "types.NoneType",
            Value::Tuple(_) => "builtins.tuple",
            _ => return Value::Unknown,
        };
        match arguments.positional.get(1).and_then(Value::as_library) {
            Some(class) if class.starts_with("builtins.") => Value::Bool(
                class == plain
                    || class == "builtins.object"
                    || class == "builtins.int" && plain == "builtins.bool",
            ),
            _ => Value::Unknown,
        }
    }
}
