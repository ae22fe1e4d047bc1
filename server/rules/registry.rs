//! All rules, in the order in which people should read about them.

use super::{Rule, application_missing, server_started_at_import, syntax_error, worker_lost_in_fork};

/// Every rule.
pub static ALL: &[&Rule] = &[
    &syntax_error::RULE,
    &server_started_at_import::RULE,
    &application_missing::RULE,
    &worker_lost_in_fork::RULE,
];

/// The rule with that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id).copied()
}
