//! Classes whose fields are declared: data classes and named tuples. Which definitions Python refuses, what a call of such a
//! class takes, and whose fields cannot be set.

use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::effect::RaiseCause;
use super::inherit::Found;
use super::interp::{Eval, Interp, Stop};
use super::lacks::DECORATED;
use super::value::{Arguments, Class, Id, Kind, Value};
use crate::text::TextRange;

/// The slot of a class that is a data class: whether all of its options were followed.
const DATA_CLASS: &str = "<data class>";
/// The slot of a class whose fields cannot be set, with what Python says of one.
pub(super) const FROZEN: &str = "<frozen>";
/// The slot of a named tuple that tells whether all of its fields are known.
const NAMED_TUPLE: &str = "<named tuple>";

/// Words that cannot be the name of anything.
const KEYWORDS: &str = "False None True and as assert async await break class continue def del elif else except finally for from \
    global if import in is lambda nonlocal not or pass raise return try while with yield";

/// One field of a data class or named tuple.
#[derive(Clone, Debug)]
struct Field<'a> {
    name: Name,
    default: Option<Value<'a>>,
    /// Whether the constructor takes it, and in which way.
    given: Given,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    /// By position or by name.
    Anyhow,
    ByName,
    Never,
}

impl<'a> Interp<'a> {
    /// `@dataclass`, with the options that the decorator was given.
    pub fn make_data_class(
        &mut self,
        class: Id,
        options: &Arguments<'a>,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let init = options.keywords.iter().all(|(name, _)| name != "init" && name != "kw_only");
        let frozen = options.keyword("frozen").map_or(Some(false), |value| self.truth(value));
        self.heap.set(class, Name::new_static(DATA_CLASS), Value::Bool(init && !options.open), range);
        self.heap.set(class, Name::new_static("__dataclass_fields__"), Value::Unknown, range);
        self.check_mutable_defaults(class, range)?;
        self.check_field_order(class, range)?;
        if let (Some(frozen), false) = (frozen, options.open) {
            self.check_frozen_bases(class, frozen, range)?;
        }
        if frozen == Some(true) {
            let message = Value::str("cannot assign to field");
            self.heap.set(class, Name::new_static(FROZEN), message, range);
        }
        Ok(())
    }

    fn check_mutable_defaults(&self, class: Id, range: TextRange) -> Result<(), Stop<'a>> {
        for name in self.field_names(class) {
            let Some(name) = name.as_str() else { continue };
            let default = self.heap.slot(class, name).and_then(|slot| slot.value.object());
            let kind = match default.map(|id| self.heap.kind(id)) {
                Some(Kind::List(..)) => "list",
                Some(Kind::Dict(..)) => "dict",
                Some(Kind::Set(..)) => "set",
                _ => continue,
            };
            let message = format!(
                "mutable default <class '{kind}'> for field {name} is not allowed: use default_factory"
            );
            return Err(self.raise("ValueError", message, RaiseCause::Plain, range));
        }
        Ok(())
    }

    /// A field without a default cannot follow one that has a default.
    fn check_field_order(&self, class: Id, range: TextRange) -> Result<(), Stop<'a>> {
        let fields = self.data_class_fields(class).unwrap_or_default();
        let mut by_position = fields.iter().filter(|field| field.given == Given::Anyhow);
        let has_default = by_position.by_ref().any(|field| field.default.is_some());
        match by_position.find(|field| has_default && field.default.is_none()) {
            Some(field) => {
                let message = format!("non-default argument '{}' follows default argument", field.name);
                Err(self.raise("TypeError", message, RaiseCause::Plain, range))
            }
            None => Ok(()),
        }
    }

    /// Frozen data classes derive from frozen ones only, and the other way round.
    fn check_frozen_bases(&self, class: Id, frozen: bool, range: TextRange) -> Result<(), Stop<'a>> {
        let Kind::Class(info) = self.heap.kind(class) else { return Ok(()) };
        for base in info.bases.iter().filter_map(Value::object) {
            if self.heap.slot(base, DATA_CLASS).is_none() {
                continue;
            }
            let message = match (frozen, self.heap.slot(base, FROZEN).is_some()) {
                (false, true) => "cannot inherit non-frozen dataclass from a frozen one",
                (true, false) => "cannot inherit frozen dataclass from a non-frozen one",
                _ => continue,
            };
            return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
        }
        Ok(())
    }

    /// Binds the arguments of a data class's or named tuple's call to its fields and runs `__post_init__`; `false` when it is
    /// neither, or one whose fields are not all known.
    pub fn init_data_class(
        &mut self,
        class: Id,
        object: &Value<'a>,
        arguments: &Arguments<'a>,
        range: TextRange,
    ) -> Result<bool, Stop<'a>> {
        let named_tuple = self.named_tuple_fields(class);
        let method = if named_tuple.is_some() { "__new__" } else { "__init__" };
        let Some(fields) = named_tuple.or_else(|| self.data_class_fields(class)) else { return Ok(false) };
        let Value::Object(id) = object else { return Ok(false) };
        let name = self.class_name(class).unwrap_or_default();
        let by_position: Vec<&Field<'a>> =
            fields.iter().filter(|field| field.given == Given::Anyhow).collect();
        if arguments.positional.len() > by_position.len() {
            let message = format!(
                "{name}.{method}() takes {} positional arguments but {} were given",
                by_position.len() + 1,
                arguments.positional.len() + 1
            );
            return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
        }
        let takes = |keyword: &Name| fields.iter().any(|f| f.name == *keyword && f.given != Given::Never);
        if let Some((unknown, _)) = arguments.keywords.iter().find(|(keyword, _)| !takes(keyword)) {
            let message = format!("{name}.{method}() got an unexpected keyword argument '{unknown}'");
            return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
        }
        for field in &fields {
            let at = by_position.iter().position(|other| other.name == field.name);
            let given = match field.given {
                Given::Never => None,
                _ => {
                    arguments.keyword(&field.name).or_else(|| at.and_then(|at| arguments.positional.get(at)))
                }
            };
            let value = match (given, &field.default) {
                (Some(value), _) => value.clone(),
                (None, Some(default)) => self.field_default(default, range)?,
                (None, None) if field.given == Given::Never => continue,
                (None, None) if arguments.open => Value::Unknown,
                (None, None) => {
                    let message =
                        format!("{name}.{method}() missing 1 required positional argument: '{}'", field.name);
                    return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
                }
            };
            self.heap.set(*id, field.name.clone(), value, range);
        }
        if let Some(hook) = self.method(object, "__post_init__") {
            self.call(&hook, Arguments::default(), range, range)?;
        }
        Ok(true)
    }

    /// Whether nothing can have given a class a constructor that takes arguments.
    pub(super) fn takes_nothing(&self, class: Id) -> bool {
        let mut classes = Vec::new();
        self.ancestors(class, &mut classes, 0)
            && self.library_bases(class).iter().all(|base| base == "builtins.object")
            && classes.iter().all(|at| {
                !self.heap.get(*at).open
                    && [DECORATED, DATA_CLASS].iter().all(|slot| self.heap.slot(*at, slot).is_none())
            })
            && !matches!(self.find_in_class(class, "<metaclass>"), Found::Here(_))
    }

    /// The fields of a data class, those of its bases first, where all are known and an ordinary `__init__` takes them.
    fn data_class_fields(&self, class: Id) -> Option<Vec<Field<'a>>> {
        let Found::Here(Value::Bool(true)) = self.find_in_class(class, DATA_CLASS) else { return None };
        let Kind::Class(info) = self.heap.kind(class) else { return None };
        let mut fields = match info.bases.as_slice() {
            [] => Vec::new(),
            [Value::Object(base)] => self.data_class_fields(*base)?,
            _ => return None,
        };
        if self.heap.slot(class, DATA_CLASS).is_none() {
            return Some(fields);
        }
        let mut by_name = false;
        for name in self.field_names(class) {
            if matches!(name, Value::None) {
                by_name = true;
                continue;
            }
            let field = self.field(class, name.as_str()?, by_name)?;
            match fields.iter_mut().find(|known| known.name == field.name) {
                Some(known) => *known = field,
                None => fields.push(field),
            }
        }
        Some(fields)
    }

    /// One field as a class declares it; `None` when not all of its options are known.
    fn field(&self, class: Id, name: &str, by_name: bool) -> Option<Field<'a>> {
        let default = self.heap.slot(class, name).and_then(|slot| slot.value.bound());
        let given = if by_name { Given::ByName } else { Given::Anyhow };
        let mut field = Field { name: Name::new(name), default, given };
        let made = field.default.as_ref().and_then(Value::object).map(|id| self.heap.kind(id));
        if let Some(Kind::Library(path, options)) = made
            && path == "dataclasses.field()"
        {
            let option = |name: &str, default: bool| {
                options.keyword(name).map_or(Some(default), |value| self.truth(value))
            };
            field.given = match (option("init", true)?, option("kw_only", by_name)?) {
                (false, _) => Given::Never,
                (true, true) => Given::ByName,
                (true, false) => Given::Anyhow,
            };
            if options.open {
                return None;
            }
            let has_default =
                ["default", "default_factory"].iter().any(|name| options.keyword(name).is_some());
            field.default = field.default.filter(|_| has_default);
        }
        Some(field)
    }

    /// What a field holds that the call does not give: `field(default_factory=list)` calls, `field(default=1)` holds.
    fn field_default(&mut self, default: &Value<'a>, range: TextRange) -> Eval<'a> {
        let made = match default {
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::Library(path, made) if path == "dataclasses.field()" => made.clone(),
                _ => return Ok(default.clone()),
            },
            _ => return Ok(default.clone()),
        };
        match (made.keyword("default"), made.keyword("default_factory")) {
            (Some(value), _) => Ok(value.clone()),
            (None, Some(factory)) => self.call(&factory.clone(), Arguments::default(), range, range),
            (None, None) => Ok(Value::Unknown),
        }
    }

    /// `collections.namedtuple(name, fields)`: a class whose instances take the fields; `None` when they are not known.
    pub(super) fn make_named_tuple(
        &mut self,
        arguments: &Arguments<'a>,
        range: TextRange,
    ) -> Result<Option<Value<'a>>, Stop<'a>> {
        let name = arguments.get("typename", 0).and_then(Value::as_str).map(Name::new);
        let fields = match arguments.get("field_names", 1) {
            Some(Value::Str(text)) => {
                let words = text.split(|c: char| c == ',' || c.is_whitespace());
                words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
            }
            Some(listed) => {
                let items = self.iterate(&listed.clone(), range)?;
                let names: Option<Vec<String>> =
                    items.known.iter().map(|item| item.as_str().map(str::to_owned)).collect();
                match names {
                    Some(names) if !items.open => names,
                    _ => return Ok(None),
                }
            }
            None => return Ok(None),
        };
        let renames = arguments.keyword("rename").is_some();
        let Some(name) = name.filter(|_| !arguments.open && !renames) else { return Ok(None) };
        self.check_tuple_fields(&fields, range)?;
        let defaults = match arguments.keyword("defaults") {
            None | Some(Value::None) => Vec::new(),
            Some(defaults) => {
                let items = self.iterate(&defaults.clone(), range)?;
                if items.open {
                    return Ok(None);
                }
                items.known
            }
        };
        let class = Class { name, bases: vec![Value::library("builtins.tuple")] };
        let id = self.heap.allocate(Kind::Class(Rc::new(class)));
        let first_default = fields.len().saturating_sub(defaults.len());
        for (field, default) in fields.iter().skip(first_default).zip(defaults) {
            self.heap.set(id, Name::new(field), default, range);
        }
        let names: Vec<Value<'a>> = fields.iter().map(Value::str).collect();
        self.heap.set(id, Name::new_static(NAMED_TUPLE), Value::Tuple(names.into()), range);
        self.heap.set(id, Name::new_static(FROZEN), Value::str("can't set attribute"), range);
        Ok(Some(Value::Object(id)))
    }

    fn check_tuple_fields(&self, fields: &[String], range: TextRange) -> Result<(), Stop<'a>> {
        for (at, field) in fields.iter().enumerate() {
            let message = if KEYWORDS.split_whitespace().any(|word| word == field) {
                format!("Type names and field names cannot be a keyword: '{field}'")
            } else if field.starts_with('_') {
                format!("Field names cannot start with an underscore: '{field}'")
            } else if fields[..at].contains(field) {
                format!("Encountered duplicate field name: '{field}'")
            } else {
                continue;
            };
            return Err(self.raise("ValueError", message, RaiseCause::Plain, range));
        }
        Ok(())
    }

    /// `class Point(NamedTuple)`: the annotated names are its fields.
    pub(super) fn finish_named_tuple(&mut self, class: Id, range: TextRange) -> Result<(), Stop<'a>> {
        let Kind::Class(info) = self.heap.kind(class) else { return Ok(()) };
        if !info.bases.iter().any(|base| base.as_library() == Some("typing.NamedTuple")) {
            return Ok(());
        }
        let names = self.field_names(class);
        let mut default = None;
        for name in names.iter().filter_map(Value::as_str) {
            match (self.heap.slot(class, name).is_some(), default) {
                (true, _) => default = Some(name),
                (false, Some(before)) => {
                    let message =
                        format!("Non-default namedtuple field {name} cannot follow default field {before}");
                    return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
                }
                (false, None) => {}
            }
        }
        self.heap.set(class, Name::new_static(NAMED_TUPLE), Value::Tuple(names.into()), range);
        self.heap.set(class, Name::new_static(FROZEN), Value::str("can't set attribute"), range);
        Ok(())
    }

    fn named_tuple_fields(&self, class: Id) -> Option<Vec<Field<'a>>> {
        let mut classes = Vec::new();
        self.ancestors(class, &mut classes, 0);
        let owner = classes.into_iter().find(|at| self.heap.slot(*at, NAMED_TUPLE).is_some())?;
        let Value::Tuple(names) = &self.heap.slot(owner, NAMED_TUPLE)?.value else { return None };
        let field = |name: &Value<'a>| {
            let name = Name::new(name.as_str()?);
            let default = self.heap.slot(owner, &name).and_then(|slot| slot.value.bound());
            Some(Field { name, default, given: Given::Anyhow })
        };
        names.iter().map(field).collect()
    }

    /// Whether a class is a named tuple, all of whose attributes are known.
    pub(super) fn is_named_tuple(&self, class: Id) -> bool {
        self.named_tuple_fields(class).is_some()
    }

    /// Whether a class is a named tuple with a field of that name.
    pub(super) fn is_tuple_field(&self, class: Id, name: &str) -> bool {
        self.named_tuple_fields(class).is_some_and(|fields| fields.iter().any(|field| field.name == name))
    }

    /// Whether a class is a data class whose fields include this one.
    pub(super) fn has_field(&self, class: Id, name: &str) -> bool {
        self.data_class_fields(class).is_some_and(|fields| fields.iter().any(|field| field.name == name))
    }
}
