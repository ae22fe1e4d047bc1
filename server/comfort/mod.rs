//! What an editor offers while nothing is wrong. Free of any protocol: places are bytes of a text.

mod completion;
pub mod config;
mod literal;
mod paths;

pub use completion::{Completion, CompletionKind, complete_python};
pub use literal::{DottedKind, Meaning, StringAt, string_at};
