//! All rules, in the order in which people should read about them.

use super::{
    Rule, application_missing, bad_sys_path_entry, circular_import, late_sys_path,
    missing_environment_variable, missing_file_at_import, missing_import_name, removed_api, removed_module,
    server_started_at_import, shadowed_module, syntax_error, unresolved_django_setting, unresolved_import,
};

/// Every rule.
pub static ALL: &[&Rule] = &[
    &syntax_error::RULE,
    &unresolved_import::RULE,
    &late_sys_path::RULE,
    &bad_sys_path_entry::RULE,
    &removed_module::RULE,
    &missing_import_name::RULE,
    &circular_import::RULE,
    &shadowed_module::RULE,
    &removed_api::RULE,
    &unresolved_django_setting::RULE,
    &missing_file_at_import::RULE,
    &missing_environment_variable::RULE,
    &server_started_at_import::RULE,
    &application_missing::RULE,
];

/// The rule with that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id).copied()
}
