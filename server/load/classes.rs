//! Classes: where an attribute of one is found, and what it derives from.

use ruff_python_ast::name::Name;

use super::effect::Phase;
use super::interp::Interp;
use super::value::{Id, Kind, Value};

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

    /// Looks in the bases of a class only, as `super()` does.
    pub(super) fn find_after(&self, class: Id, name: &str) -> Found<'a> {
        match self.heap.kind(class) {
            Kind::Class(info) => self.find_in_bases(&info.bases.clone(), name, 0),
            _ => Found::Unknown,
        }
    }

    /// Whether an object lacks an attribute that its class does not have: the request has made the object itself, and nobody
    /// sets such an attribute anywhere.
    pub(super) fn surely_lacks(&self, object: Id, class: Id, name: &Name) -> bool {
        let made_here =
            self.phase == Phase::Request && object.0 >= self.served_from && !self.heap.get(object).open;
        let answers_all = ["__getattr__", "__getattribute__", "__dataclass_fields__"]
            .iter()
            .any(|hook| !matches!(self.find_in_class(class, hook), Found::Nowhere));
        made_here
            && !answers_all
            && !name.starts_with("__")
            && !self.changing.contains(name)
            && self.is_closed(class, 0)
    }

    /// Whether nobody has given a class or its bases attributes that were not seen.
    fn is_closed(&self, class: Id, depth: usize) -> bool {
        let Kind::Class(info) = self.heap.kind(class) else { return false };
        !self.heap.get(class).open
            && depth < 30
            && info.bases.iter().all(|base| match base {
                Value::Object(base) => self.is_closed(*base, depth + 1),
                Value::Library(base) => base.path == "builtins.object",
                _ => false,
            })
    }

    /// Whether a class may be an enumeration, whose members are more than their values.
    pub(super) fn may_be_enumeration(&self, class: Id) -> bool {
        self.library_bases(class).iter().any(|base| {
            base.contains("enum") || base.contains("Enum") || base.ends_with("Choices") || base == "?"
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
}

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
