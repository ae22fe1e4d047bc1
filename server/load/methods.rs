//! The attributes of built-in values: what a string, a list or `None` does not have raises for certain.

use ruff_python_ast::name::Name;

use super::effect::{Phase, RaiseCause};
use super::interp::{Interp, Stop};
use crate::text::TextRange;

const TEXT: &[&str] = &[
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];

/// What `bytes` have that text does not have.
const BYTES: &[&str] = &["decode", "fromhex", "hex"];

/// Lists and what the simulation takes for lists: iterators, generators, views of dictionaries.
const LIST: &[&str] = &[
    "append",
    "clear",
    "close",
    "copy",
    "count",
    "extend",
    "index",
    "insert",
    "isdisjoint",
    "mapping",
    "pop",
    "remove",
    "reverse",
    "send",
    "sort",
    "throw",
];

const DICT: &[&str] = &[
    "clear",
    "copy",
    "fromkeys",
    "get",
    "items",
    "keys",
    "pop",
    "popitem",
    "setdefault",
    "update",
    "values",
];

impl<'a> Interp<'a> {
    /// Whether a built-in value has an attribute. Only requests are judged: while an app is loaded, what is taken for plain
    /// text may stand for more.
    pub(super) fn check_builtin_attribute(
        &self,
        kind: &str,
        name: &Name,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let (known, more): (&[&str], &[&str]) = match kind {
            "str" => (TEXT, &[]),
            "bytes" => (TEXT, BYTES),
            "list" => (LIST, &[]),
            "dict" => (DICT, &[]),
            _ => return Ok(()),
        };
        let text_only =
            kind == "bytes" && matches!(name.as_str(), "encode" | "format" | "format_map" | "casefold");
        let has = known.contains(&name.as_str()) && !text_only || more.contains(&name.as_str());
        if self.phase != Phase::Request || has || name.starts_with("__") {
            return Ok(());
        }
        let message = format!("'{kind}' object has no attribute '{name}'");
        Err(self.raise("AttributeError", message, RaiseCause::Plain, range))
    }
}
