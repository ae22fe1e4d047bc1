//! Attributes that are certainly not there: of classes and objects of the project that nobody else may have changed, and of
//! Python's own types.

use ruff_python_ast::name::Name;

use super::effect::{Phase, RaiseCause};
use super::inherit::Found;
use super::interp::{Interp, Stop};
use super::value::{Id, Value};
use crate::text::TextRange;

/// The slot of a class that a decorator got hold of, which may have added to it.
pub(super) const DECORATED: &str = "<decorated>";

/// The slot of the process that tells of a call that was not followed to its end: it may have set anything.
pub(super) const CUT_SHORT: &str = "<cut short>";

const STR: &str = "capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha \
    isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip \
    maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines \
    startswith strip swapcase title translate upper zfill";
const LIST: &str = "append clear copy count extend index insert pop remove reverse sort";
const DICT: &str = "clear copy fromkeys get items keys pop popitem setdefault update values";
const SET: &str = "add clear copy difference difference_update discard intersection intersection_update isdisjoint issubset \
    issuperset pop remove symmetric_difference symmetric_difference_update union update";

impl<'a> Interp<'a> {
    /// Raises what Python raises for an attribute that a string, list, dictionary or set does not have.
    pub fn check_built_in(&self, kind: &str, name: &Name, range: TextRange) -> Result<(), Stop<'a>> {
        let known = match kind {
            "str" => STR,
            "list" => LIST,
            "dict" => DICT,
            "set" => SET,
            _ => return Ok(()),
        };
        if name.starts_with("__") || known.split_whitespace().any(|method| method == name.as_str()) {
            return Ok(());
        }
        Err(self.no_attribute(&format!("'{kind}' object"), name, range))
    }

    /// Raises what Python raises for an attribute that a class of the project, or its instance, does not have.
    pub fn check_lacking(
        &self,
        class: Id,
        instance: Option<Id>,
        name: &Name,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
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
        let called = self.class_name(class).unwrap_or_default();
        let what =
            if instance.is_some() { format!("'{called}' object") } else { format!("type object '{called}'") };
        Err(self.no_attribute(&what, name, range))
    }

    /// Reading a member that an enumeration does not have.
    pub fn check_member(&self, class: Id, name: &Name, range: TextRange) -> Result<(), Stop<'a>> {
        let known = ["mro", "name", "value"];
        if self.members(class).is_none_or(|members| members.is_empty())
            || name.starts_with('_')
            || known.contains(&name.as_str())
        {
            return Ok(());
        }
        let called = self.class_name(class).unwrap_or_default();
        Err(self.no_attribute(&format!("type object '{called}'"), name, range))
    }

    fn no_attribute(&self, what: &str, name: &Name, range: TextRange) -> Stop<'a> {
        self.raise("AttributeError", format!("{what} has no attribute '{name}'"), RaiseCause::Plain, range)
    }
}
