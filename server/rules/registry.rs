//! All rules, in the order in which people should read about them.

use super::{
    ConfigCheck, Rule, application_missing, application_not_callable, asgi_application, bad_option_value,
    bad_sys_path_entry, blocking_import, circular_import, comment_in_value, conflicting_options,
    crash_at_import, crash_in_request, django_setup_in_web_app, entry_mismatch, exit_at_import,
    exit_in_request, fragile_entry_import, gateway_error_from_app, harakiri_without_master,
    heavy_work_in_request, interpreter_replaced, late_sys_path, malformed_configuration, malformed_response,
    missing_environment_variable, missing_file_at_import, missing_import_name, missing_path,
    option_not_in_this_version, oversized_header, relative_exec_start, removed_api, removed_module,
    server_started_at_import, server_started_in_request, shadowed_module, slow_import, slow_request,
    syntax_error, timeout_order, unbounded_wait, uncalled_factory, unexpanded_variable, unknown_option,
    unresolved_django_setting, unresolved_import, worker_lost_in_fork, wrong_signature,
};

/// Every rule.
pub static ALL: &[&Rule] = &[
    &syntax_error::RULE,
    &server_started_at_import::RULE,
    &blocking_import::RULE,
    &exit_at_import::RULE,
    &crash_at_import::RULE,
    &application_missing::RULE,
    &application_not_callable::RULE,
    &uncalled_factory::RULE,
    &wrong_signature::RULE,
    &asgi_application::RULE,
    &malformed_response::RULE,
    &worker_lost_in_fork::RULE,
    &unresolved_import::RULE,
    &late_sys_path::RULE,
    &bad_sys_path_entry::RULE,
    &missing_import_name::RULE,
    &circular_import::RULE,
    &shadowed_module::RULE,
    &removed_module::RULE,
    &removed_api::RULE,
    &unresolved_django_setting::RULE,
    &missing_file_at_import::RULE,
    &missing_environment_variable::RULE,
    &interpreter_replaced::RULE,
    &slow_import::RULE,
    &django_setup_in_web_app::RULE,
    &fragile_entry_import::RULE,
    &slow_request::RULE,
    &unbounded_wait::RULE,
    &heavy_work_in_request::RULE,
    &server_started_in_request::RULE,
    &exit_in_request::RULE,
    &crash_in_request::RULE,
    &gateway_error_from_app::RULE,
    &oversized_header::RULE,
    &malformed_configuration::RULE,
    &entry_mismatch::RULE,
    &missing_path::RULE,
    &unknown_option::RULE,
    &bad_option_value::RULE,
    &comment_in_value::RULE,
    &unexpanded_variable::RULE,
    &option_not_in_this_version::RULE,
    &conflicting_options::RULE,
    &harakiri_without_master::RULE,
    &relative_exec_start::RULE,
    &timeout_order::RULE,
];

/// What rules say of single configuration files, whether an app is deployed with them or not.
pub static CONFIGURATION: &[ConfigCheck] = &[
    malformed_configuration::check,
    entry_mismatch::check,
    missing_path::check,
    unknown_option::check,
    bad_option_value::check,
    comment_in_value::check,
    unexpanded_variable::check,
    option_not_in_this_version::check,
    conflicting_options::check,
    harakiri_without_master::check,
    relative_exec_start::check,
    timeout_order::check,
];

/// The rule with that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id).copied()
}
