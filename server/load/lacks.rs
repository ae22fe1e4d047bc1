//! Attributes that are certainly not there: of classes and objects of the project that nobody else may have changed, and of
//! Python's own types.

use ruff_python_ast::name::Name;

use super::effect::{Phase, RaiseCause};
use super::inherit::Found;
use super::interp::{Interp, Stop};
use super::value::{Id, Kind, Value};
use crate::text::TextRange;

/// The slot of a class that a decorator got hold of, which may have added to it.
pub(super) const DECORATED: &str = "<decorated>";

/// The slot of the process that tells of a call that was not followed to its end: it may have set anything.
pub(super) const CUT_SHORT: &str = "<cut short>";

const STR: &str = "capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha \
    isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip \
    maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines \
    startswith strip swapcase title translate upper zfill";
const BYTES: &str = "capitalize center count decode endswith expandtabs find fromhex hex index isalnum isalpha isascii isdigit islower \
    isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust \
    rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill";
/// Also what iterators, generators and views of dictionaries have, which the simulation takes for lists.
const LIST: &str =
    "append clear close copy count extend index insert isdisjoint mapping pop remove reverse send sort throw";
const NUMBER: &str = "as_integer_ratio bit_count bit_length conjugate denominator from_bytes fromhex hex imag is_integer numerator real \
    to_bytes";
const DICT: &str = "clear copy fromkeys get items keys pop popitem setdefault update values";
const SET: &str = "add clear copy difference difference_update discard intersection intersection_update isdisjoint issubset \
    issuperset pop remove symmetric_difference symmetric_difference_update union update";

impl<'a> Interp<'a> {
    /// Raises what Python raises for an attribute that a string, `bytes`, list, dictionary or set does not have.
    pub fn check_built_in(&self, kind: &str, name: &Name, range: TextRange) -> Result<(), Stop<'a>> {
        let known = match kind {
            "str" => STR,
            "bytes" => BYTES,
            "list" => LIST,
            "dict" => DICT,
            "set" => SET,
            "tuple" => "count index",
            "int" | "float" | "bool" => NUMBER,
            _ => return Ok(()),
        };
        if name.starts_with("__") || known.split_whitespace().any(|method| method == name.as_str()) {
            return Ok(());
        }
        Err(self.no_attribute(&format!("'{kind}' object"), name, range))
    }

    /// Raises what Python raises for an attribute that a module of a library, or Django's settings, do not have.
    pub(super) fn check_library_attribute(
        &self,
        path: &str,
        name: &Name,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        if path == "django.conf.settings" {
            return self.check_setting(name, range);
        }
        if path == "django.contrib.admin.site" && name == "urls" {
            return self.check_admin_urls(range);
        }
        // Objects and classes are beyond a look at the names of a module.
        let last = path.rsplit('.').next().unwrap_or(path);
        if last.ends_with(')') || last.starts_with(char::is_uppercase) || !self.has_slipped(path, name) {
            return Ok(());
        }
        Err(self.no_attribute(&format!("module '{path}'"), name, range))
    }

    /// Raises what Python raises for an attribute that a class of the project, or its instance, does not have.
    pub fn check_lacking(
        &self,
        class: Id,
        instance: Option<Id>,
        name: &Name,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        if let (Phase::Request, Some(id)) = (self.phase, instance) {
            return match self.made_object_lacks(id, class, name) {
                true => Err(self.no_attribute(&self.object_of(class), name, range)),
                false => Ok(()),
            };
        }
        let shared = |id: Id| !self.is_private(&Value::Object(id)) || self.heap.get(id).open;
        let hooked = ["__getattr__", "__getattribute__"]
            .iter()
            .any(|hook| !matches!(self.find_in_class(class, hook), Found::Nowhere));
        if self.phase != Phase::Load
            || name.starts_with("__")
            || self.heap.slot(self.overrides, CUT_SHORT).is_some()
            || instance.is_some_and(|id| shared(id) || hooked)
            || matches!(self.find_in_class(class, "<metaclass>"), Found::Here(_))
        {
            return Ok(());
        }
        let mut classes = Vec::new();
        let known = self.ancestors(class, &mut classes, 0);
        if !known || classes.iter().any(|id| shared(*id) || self.heap.slot(*id, DECORATED).is_some()) {
            return Ok(());
        }
        let what = match instance {
            Some(_) => self.object_of(class),
            None => format!("type object '{}'", self.class_name(class).unwrap_or_default()),
        };
        Err(self.no_attribute(&what, name, range))
    }

    /// Whether an object that this request has made lacks an attribute: its class does not have it, and nobody sets such an
    /// attribute anywhere.
    fn made_object_lacks(&self, object: Id, class: Id, name: &Name) -> bool {
        let made_here = object.0 >= self.served_from && !self.heap.get(object).open;
        let answers_all = ["__getattr__", "__getattribute__", "__dataclass_fields__"]
            .iter()
            .any(|hook| !matches!(self.find_in_class(class, hook), Found::Nowhere));
        made_here
            && !answers_all
            && !name.starts_with("__")
            && !self.changing.contains(name)
            && !self.declares(class, name)
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

    /// Reading what neither a named tuple nor any tuple has.
    pub(super) fn check_tuple_attribute(
        &self,
        class: Id,
        base: &str,
        name: &Name,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let known = name.starts_with('_') || matches!(name.as_str(), "count" | "index");
        let only_tuple = matches!(base, "builtins.tuple" | "typing.NamedTuple")
            && self.library_bases(class).len() == 1
            && !self.heap.get(class).open
            && matches!(self.find_in_class(class, "__getattr__"), Found::InLibrary(_));
        if known || !only_tuple || !self.is_named_tuple(class) {
            return Ok(());
        }
        Err(self.no_attribute(&self.object_of(class), name, range))
    }

    pub(super) fn object_of(&self, class: Id) -> String {
        format!("'{}' object", self.class_name(class).unwrap_or_default())
    }

    /// Reading a member that an enumeration does not have.
    pub fn check_member(&self, class: Id, name: &Name, range: TextRange) -> Result<(), Stop<'a>> {
        let known = ["mro", "name", "value"];
        let lacks = match self.members(class) {
            Some(members) => !members.is_empty() && !known.contains(&name.as_str()),
            // The other enumerations have what their values have, too, of which nothing is written in capitals.
            None => {
                self.is_plain_enumeration(class) && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
            }
        };
        if !lacks || name.starts_with('_') {
            return Ok(());
        }
        let called = self.class_name(class).unwrap_or_default();
        Err(self.no_attribute(&format!("type object '{called}'"), name, range))
    }

    /// Whether a class is an enumeration all of whose members are bound in its body.
    fn is_plain_enumeration(&self, class: Id) -> bool {
        const ENUMERATIONS: &[&str] = &[
            "enum.Enum",
            "enum.IntEnum",
            "enum.StrEnum",
            "django.db.models.TextChoices",
            "django.db.models.IntegerChoices",
        ];
        let bases = self.library_bases(class);
        let mut classes = Vec::new();
        bases.iter().any(|base| ENUMERATIONS.contains(&base.as_str()))
            && bases.iter().all(|base| {
                ENUMERATIONS.contains(&base.as_str())
                    || matches!(base.as_str(), "builtins.str" | "builtins.int")
            })
            && self.ancestors(class, &mut classes, 0)
            && classes.iter().all(|at| !self.heap.get(*at).open)
            && self
                .heap
                .get(class)
                .slots
                .keys()
                .any(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    }

    pub(super) fn no_attribute(&self, what: &str, name: &Name, range: TextRange) -> Stop<'a> {
        self.raise("AttributeError", format!("{what} has no attribute '{name}'"), RaiseCause::Plain, range)
    }
}
