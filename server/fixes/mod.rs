//! Fixes: edits of one Python file that keep the user's formatting.
//!
//! Every function is pure: it takes a parsed file and ranges of it (bytes), and returns edits of that same text. `None`
//! means that the edit cannot be made without harm, for example because the file does not parse, the range is not
//! what it should be, or names would be lost. No function here knows a rule's text.

pub mod background;
mod expressions;
mod guard;
mod imports;
mod insert;
mod layout;
mod lazy;
mod names;
mod remove;
mod reorder;
mod span;
mod style;
mod syntax;

pub use expressions::{
    add_argument, add_call_parentheses, rename_identifier, replace_expression, wrap_expression,
};
pub use guard::{guard_statements_with_main, guard_with_main, main_guard};
pub use imports::{ImportEdit, add_import};
pub use insert::{add_decorator, append_statement, insert_after, insert_after_statement, insert_before};
pub use lazy::{Lazy, make_at_first_request, make_when_needed};
pub use names::{statements_binding, uses_of};
pub use remove::{remove_statement, remove_statements};
pub use reorder::{move_statement_after, move_statement_before};
pub use span::enclosing_statement;
pub use style::Style;
pub use syntax::mend_syntax;
