//! All rules, in the order in which people should read about them.

use super::{Rule, syntax_error};

/// Every rule.
pub static ALL: &[&Rule] = &[&syntax_error::RULE];

/// The rule with that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id).copied()
}
