//! All rules, in the order in which people should read about them.

use super::{
    Rule, application_missing, application_not_callable, asgi_application, bad_sys_path_entry,
    blocking_import, circular_import, crash_at_import, crash_in_request, django_setup_in_web_app,
    exit_at_import, exit_in_request, fragile_entry_import, gateway_error_from_app, gui_call,
    heavy_work_in_request, interpreter_replaced, late_sys_path, malformed_response,
    missing_environment_variable, missing_file_at_import, missing_import_name, oversized_header,
    refused_host, relative_path, removed_api, removed_module, server_started_at_import,
    server_started_in_request, setup_only_under_main, shadowed_module, shared_global_state, slow_import,
    slow_request, syntax_error, thread_in_web_app, torch_threads, unbounded_wait, uncalled_factory,
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
    &setup_only_under_main::RULE,
    &relative_path::RULE,
    &gui_call::RULE,
    &refused_host::RULE,
    &gateway_error_from_app::RULE,
    &oversized_header::RULE,
    &thread_in_web_app::RULE,
    &shared_global_state::RULE,
    &torch_threads::RULE,
];

/// The rule with that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id).copied()
}
