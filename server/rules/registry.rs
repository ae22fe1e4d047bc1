//! All rules, in the order in which people should read about them.

use super::{
    Rule, application_missing, application_not_callable, asgi_application, blocking_import, crash_at_import,
    django_setup_in_web_app, exit_at_import, fragile_entry_import, interpreter_replaced, malformed_response,
    server_started_at_import, slow_import, syntax_error, uncalled_factory, worker_lost_in_fork,
    wrong_signature,
};

/// Every rule.
pub static ALL: &[&Rule] = &[
    &syntax_error::RULE,
    &server_started_at_import::RULE,
    &blocking_import::RULE,
    &slow_import::RULE,
    &exit_at_import::RULE,
    &crash_at_import::RULE,
    &interpreter_replaced::RULE,
    &application_missing::RULE,
    &application_not_callable::RULE,
    &uncalled_factory::RULE,
    &wrong_signature::RULE,
    &asgi_application::RULE,
    &malformed_response::RULE,
    &worker_lost_in_fork::RULE,
    &django_setup_in_web_app::RULE,
    &fragile_entry_import::RULE,
];

/// The rule with that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id).copied()
}
