//! What classes inherit: the order in which Python looks through a class and its bases.

use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::interp::Interp;
use super::value::{Class, Id, Kind, Value};

/// Where an attribute of a class was found.
#[derive(Clone, Debug)]
pub(crate) enum Found<'a> {
    /// In the project.
    Here(Value<'a>),
    /// Perhaps in this library class.
    InLibrary(Name),
    /// A base is not known, so nobody can tell.
    Unknown,
    /// Nowhere.
    Nowhere,
}

impl<'a> Interp<'a> {
    /// Looks for an attribute in a class and its bases, in a simple order: the class, then each base with its own bases.
    pub fn find_in_class(&self, class: Id, name: &str) -> Found<'a> {
        self.find_bounded(class, name, 0)
    }

    fn find_bounded(&self, class: Id, name: &str, depth: usize) -> Found<'a> {
        if let Some(value) = self.heap.slot(class, name).and_then(|slot| slot.value.bound()) {
            return Found::Here(value);
        }
        let Kind::Class(info) = self.heap.kind(class) else { return Found::Unknown };
        if depth > 30 {
            return Found::Unknown;
        }
        self.find_in_bases(&info.bases, name, depth)
    }

    fn find_in_bases(&self, bases: &[Value<'a>], name: &str, depth: usize) -> Found<'a> {
        let mut library = None;
        for base in bases {
            match base {
                Value::Object(id) => match self.find_bounded(*id, name, depth + 1) {
                    Found::Here(value) => return Found::Here(value),
                    Found::InLibrary(path) => library = library.or(Some(path)),
                    Found::Unknown => return Found::Unknown,
                    Found::Nowhere => {}
                },
                Value::Library(base) if base.path == "builtins.object" => {}
                Value::Library(base) => library = library.or(Some(base.path.clone())),
                _ => return Found::Unknown,
            }
        }
        library.map_or(Found::Nowhere, Found::InLibrary)
    }

    /// Looks where `super()` does: in the classes that follow one in the order of the receiver's class.
    pub fn find_after(&self, class: Id, receiver: &Value<'a>, name: &str) -> Found<'a> {
        let Kind::Class(info) = self.heap.kind(class) else { return Found::Unknown };
        let own = match receiver.object().map(|id| (id, self.heap.kind(id))) {
            Some((_, Kind::Instance(of))) => *of,
            Some((id, Kind::Class(_))) => id,
            _ => class,
        };
        let mut order = Vec::new();
        if self.ancestors(own, &mut order, 0) {
            // Of a class that is reached twice, the last place counts.
            let last = |at: usize, id: &Id| !order[at + 1..].contains(id);
            let order: Vec<Id> =
                order.iter().enumerate().filter(|(at, id)| last(*at, id)).map(|(_, id)| *id).collect();
            let following = order.iter().skip_while(|id| **id != class).skip(1);
            for id in following {
                if let Some(value) = self.heap.slot(*id, name).and_then(|slot| slot.value.bound()) {
                    return Found::Here(value);
                }
            }
        }
        match self.find_in_bases(&info.bases.clone(), name, 0) {
            // A class beside it may have it from a library.
            Found::Nowhere if own != class => {
                self.library_bases(own).into_iter().next().map_or(Found::Nowhere, Found::InLibrary)
            }
            found => found,
        }
    }

    /// A class of the project and its bases of the project, nearest first; `false` when a base is not known.
    pub fn ancestors(&self, class: Id, found: &mut Vec<Id>, depth: usize) -> bool {
        let Kind::Class(info) = self.heap.kind(class) else { return false };
        if depth > 30 {
            return false;
        }
        found.push(class);
        let info: Rc<Class<'a>> = info.clone();
        info.bases.iter().all(|base| match base {
            Value::Object(id) => self.ancestors(*id, found, depth + 1),
            Value::Library(_) => true,
            _ => false,
        })
    }

    /// The name of a class of the project.
    pub fn class_name(&self, id: Id) -> Option<Name> {
        match self.heap.kind(id) {
            Kind::Class(info) => Some(info.name.clone()),
            _ => None,
        }
    }

    /// The library classes that a class of the project derives from, directly or not.
    pub fn library_bases(&self, class: Id) -> Vec<Name> {
        let mut found = Vec::new();
        let mut todo = vec![class];
        let mut seen = Vec::new();
        while let Some(id) = todo.pop() {
            if seen.contains(&id) {
                continue;
            }
            seen.push(id);
            let Kind::Class(info) = self.heap.kind(id) else { continue };
            for base in &info.bases {
                match base {
                    Value::Object(id) => todo.push(*id),
                    Value::Library(library) => found.push(library.path.clone()),
                    _ => found.push(Name::new_static("?")),
                }
            }
        }
        found
    }

    /// Whether a value of a class is a mere default, in whose place a library puts another one into each instance, from the environment
    /// for instance.
    pub(super) fn may_be_filled(&self, class: Id, value: &Value<'a>) -> bool {
        let is_plain = match value {
            Value::Object(id) => {
                matches!(self.heap.kind(*id), Kind::List(..) | Kind::Dict(..) | Kind::Set(..))
            }
            value => !matches!(value, Value::Function(_)),
        };
        let fills = |base: &Name| {
            let library = base.split('.').next().unwrap_or(base);
            matches!(library, "pydantic" | "pydantic_settings" | "sqlmodel" | "msgspec")
        };
        is_plain && self.library_bases(class).iter().any(fills)
    }

    /// Whether a class may be an enumeration, whose members are more than their values.
    pub(super) fn may_be_enumeration(&self, class: Id) -> bool {
        self.library_bases(class).iter().any(|base| {
            base.contains("enum") || base.contains("Enum") || base.ends_with("Choices") || base == "?"
        })
    }
}
