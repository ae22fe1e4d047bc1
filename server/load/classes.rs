//! What a `class` statement does beside running its body: metaclasses, `__set_name__`, fields, enumerations, abstract methods;
//! and what a call of such a class does.

use std::rc::Rc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{Expr, StmtAnnAssign, StmtClassDef};
use ruff_text_size::Ranged;

use super::effect::RaiseCause;
use super::inherit::Found;
use super::interp::{Eval, FrameKind, Interp, Stop};
use super::value::{Arguments, Id, Kind, Value};
use crate::text::TextRange;

/// The slot of a class that holds its metaclass.
const METACLASS: &str = "<metaclass>";
/// The slot of a class that holds the names of its annotated fields, in order.
const FIELDS: &str = "<fields>";
/// The slot of an enumeration that holds its members, in order.
const MEMBERS: &str = "<members>";
/// The slot of a class that holds the names of its abstract methods.
const ABSTRACT: &str = "<abstract>";

impl<'a> Interp<'a> {
    /// Remembers the metaclass. One that is not followed may do anything to the class.
    pub fn set_metaclass(&mut self, class: Id, metaclass: Option<Value<'a>>, def: &'a StmtClassDef) {
        match metaclass {
            None => {}
            Some(Value::Library(library)) if library.path == "abc.ABCMeta" => {}
            Some(value) => {
                self.heap.set_open(class);
                self.heap.set(class, Name::new_static(METACLASS), value, def.name.range());
            }
        }
    }

    /// What Python does when the body of a class has run.
    pub fn finish_class(&mut self, class: Id, def: &'a StmtClassDef) -> Result<(), Stop<'a>> {
        self.make_members(class);
        self.give_manager(class);
        let range = def.name.range();
        self.finish_named_tuple(class, range)?;
        self.check_slots(class, range)?;
        for (name, value) in self.bindings_in_order(class) {
            if let Some(hook) = self.method(&value, "__set_name__") {
                let arguments = Arguments::of(vec![Value::Object(class), Value::str(name.as_str())]);
                self.call(&hook, arguments, range, range)?;
            }
        }
        let Found::Here(Value::Object(metaclass)) = self.find_in_class(class, METACLASS) else {
            return Ok(());
        };
        for method in ["__new__", "__init__"] {
            if let Found::Here(Value::Function(hook)) = self.find_in_class(metaclass, method) {
                let first = if method == "__new__" { metaclass } else { class };
                let arguments = Arguments {
                    positional: vec![
                        Value::Object(first),
                        Value::str(def.name.as_str()),
                        Value::Unknown,
                        Value::Unknown,
                    ],
                    keywords: Vec::new(),
                    open: true,
                };
                self.run_function(&hook, &arguments, range)?;
            }
        }
        Ok(())
    }

    /// An annotation at the level of a module or class is an expression that runs, and makes a field of a data class.
    pub fn annotate(&mut self, stmt: &'a StmtAnnAssign) -> Result<(), Stop<'a>> {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let (kind, scope) = (frame.kind, frame.scope);
        if kind == FrameKind::Function {
            return Ok(());
        }
        let annotation = match self.defers_annotations() {
            true => Value::Unknown,
            false => self.eval(&stmt.annotation)?,
        };
        if let (FrameKind::Class, Expr::Name(name)) = (kind, &*stmt.target) {
            let text = self.module().map_or("", |module| module.slice(stmt.annotation.range()));
            if text.contains("ClassVar") || annotation.as_library() == Some("typing.ClassVar") {
                return Ok(());
            }
            let mut names = self.field_names(scope);
            names.push(match text {
                text if text.contains("InitVar") => Value::Unknown,
                // The fields that follow are given by name.
                text if text.contains("KW_ONLY") => Value::None,
                _ => Value::str(name.id.as_str()),
            });
            self.heap.set(scope, Name::new_static(FIELDS), Value::Tuple(names.into()), stmt.range());
        }
        Ok(())
    }

    /// Whether a class or one of its bases says the type of an attribute, which somebody else may then give a value.
    pub fn declares(&self, class: Id, name: &str) -> bool {
        let mut classes = Vec::new();
        self.ancestors(class, &mut classes, 0);
        classes.iter().any(|at| self.field_names(*at).iter().any(|field| field.as_str() == Some(name)))
    }

    pub(super) fn field_names(&self, class: Id) -> Vec<Value<'a>> {
        match self.heap.slot(class, FIELDS).map(|slot| &slot.value) {
            Some(Value::Tuple(names)) => names.to_vec(),
            _ => Vec::new(),
        }
    }

    /// The members of an enumeration are its instances. Those that are strings or numbers as well stay what they are.
    fn make_members(&mut self, class: Id) {
        let Kind::Class(info) = self.heap.kind(class).clone() else { return };
        let plain = |base: &Value<'a>| base.as_library() == Some("enum.Enum");
        let derived = |base: &Value<'a>| match base {
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::Class(info) => !info.bases.is_empty() && info.bases.iter().all(plain),
                _ => false,
            },
            _ => false,
        };
        if !matches!(info.bases.as_slice(), [base] if plain(base) || derived(base)) {
            return;
        }
        let mut members = Vec::new();
        for (name, value) in self.bindings_in_order(class) {
            let method = matches!(value, Value::Function(_))
                || matches!(value, Value::Object(id) if matches!(self.heap.kind(id), Kind::Wrapped(..) | Kind::Class(_)));
            if name.starts_with('_') || name.starts_with('<') || method {
                continue;
            }
            let member = self.heap.allocate(Kind::Instance(class));
            let range = self.heap.slot(class, &name).map(|slot| slot.range).unwrap_or_default();
            self.heap.set(member, Name::new_static("name"), Value::str(name.as_str()), range);
            self.heap.set(member, Name::new_static("value"), value, range);
            self.heap.set(class, name, Value::Object(member), range);
            members.push(Value::Object(member));
        }
        self.heap.set(class, Name::new_static(MEMBERS), Value::Tuple(members.into()), TextRange::default());
    }

    /// The members of an enumeration, in order.
    pub fn members(&self, class: Id) -> Option<Rc<Vec<Value<'a>>>> {
        match &self.heap.slot(class, MEMBERS)?.value {
            Value::Tuple(members) => Some(members.clone()),
            _ => None,
        }
    }

    /// `Colour("red")`: the member of that value.
    pub fn member_of_value(&mut self, class: Id, arguments: &Arguments<'a>, range: TextRange) -> Eval<'a> {
        let (Some(members), Some(wanted)) = (self.members(class), arguments.positional.first()) else {
            return Ok(Value::Unknown);
        };
        let mut unknown = members.is_empty() || arguments.open;
        for member in members.iter() {
            let value =
                member.object().and_then(|id| self.heap.slot(id, "value")).map(|slot| slot.value.clone());
            match value.and_then(|value| self.equal(&value, wanted)) {
                Some(true) => return Ok(member.clone()),
                Some(false) => {}
                None => unknown = true,
            }
        }
        if unknown || matches!(self.find_in_class(class, "_missing_"), Found::Here(_)) {
            return Ok(Value::Unknown);
        }
        let name = self.class_name(class).unwrap_or_default();
        let shown = self.text_of(wanted).unwrap_or_default();
        let shown = if wanted.as_str().is_some() { format!("'{shown}'") } else { shown };
        Err(self.raise("ValueError", format!("{shown} is not a valid {name}"), RaiseCause::Plain, range))
    }

    /// Remembers that a method of the running class body is abstract.
    pub fn note_abstract(&mut self, decorators: &[(Value<'a>, TextRange)], name: &Name, range: TextRange) {
        let Some(frame) = self.frames.last().filter(|frame| frame.kind == FrameKind::Class) else { return };
        let scope = frame.scope;
        if decorators.iter().any(|(decorator, _)| decorator.as_library() == Some("abc.abstractmethod")) {
            let slot = Name::new(format!("{ABSTRACT}{name}"));
            self.heap.set(scope, slot, Value::str(name.as_str()), range);
        }
    }

    /// A class with abstract methods that nothing implements cannot be called.
    pub fn check_abstract(&self, class: Id, range: TextRange) -> Result<(), Stop<'a>> {
        let mut classes = Vec::new();
        if !self.ancestors(class, &mut classes, 0) {
            return Ok(());
        }
        let metaclass = self.library_bases(class).iter().any(|base| base == "abc.ABC");
        let mut missing: Vec<&str> = Vec::new();
        for at in &classes {
            for (slot, value) in &self.heap.get(*at).slots {
                let Some(name) = slot.strip_prefix(ABSTRACT) else { continue };
                // The first class that has the name decides.
                let first = classes.iter().find(|c| self.heap.slot(**c, name).is_some());
                if first == Some(at) && value.value.as_str().is_some() {
                    missing.push(name);
                }
            }
        }
        if missing.is_empty() || !metaclass {
            return Ok(());
        }
        missing.sort_unstable();
        let name = self.class_name(class).unwrap_or_default();
        let message =
            format!("Can't instantiate abstract class {name} with abstract method {}", missing.join(", "));
        Err(self.raise("TypeError", message, RaiseCause::Plain, range))
    }

    /// A descriptor of the project answers for the attribute under which it stands in a class.
    pub fn read_descriptor(
        &mut self,
        descriptor: &Value<'a>,
        instance: &Value<'a>,
        owner: Value<'a>,
        range: TextRange,
    ) -> Result<Option<Value<'a>>, Stop<'a>> {
        match self.method(descriptor, "__get__") {
            Some(getter) => {
                self.call(&getter, Arguments::of(vec![instance.clone(), owner]), range, range).map(Some)
            }
            None => Ok(None),
        }
    }

    /// What the body of a class bound, in the order of the text.
    fn bindings_in_order(&self, class: Id) -> Vec<(Name, Value<'a>)> {
        let slots = &self.heap.get(class).slots;
        let mut bound: Vec<_> =
            slots.iter().filter_map(|(name, slot)| Some((slot.range, name, slot.value.bound()?))).collect();
        bound.sort_by_key(|(range, name, _)| (range.start(), (*name).clone()));
        bound.into_iter().map(|(_, name, value)| (name.clone(), value)).collect()
    }
}
