//! Rules: each reads the simulation and says what is wrong, why, and what mends it. One file for each rule, named by its id.

pub mod background;
mod binding;
mod causes;
mod configuration;
mod costs;
pub(crate) mod dotted;
mod finding;
mod guidance;
mod handlers;
mod imports;
pub mod index;
mod nodes;
pub mod outcomes;
mod project_apps;
mod registry;
mod responses;
pub(crate) mod search_path;
mod verdict;
mod versions;
mod waits;

#[path = "application-missing.rs"]
mod application_missing;
#[path = "application-not-callable.rs"]
mod application_not_callable;
#[path = "asgi-application.rs"]
mod asgi_application;
#[path = "bad-sys-path-entry.rs"]
mod bad_sys_path_entry;
#[path = "blocking-import.rs"]
mod blocking_import;
#[path = "circular-import.rs"]
mod circular_import;
#[path = "crash-at-import.rs"]
mod crash_at_import;
#[path = "django-setup-in-web-app.rs"]
mod django_setup_in_web_app;
#[path = "exit-at-import.rs"]
mod exit_at_import;
#[path = "fragile-entry-import.rs"]
mod fragile_entry_import;
#[path = "interpreter-replaced.rs"]
mod interpreter_replaced;
#[path = "late-sys-path.rs"]
mod late_sys_path;
#[path = "malformed-response.rs"]
mod malformed_response;
#[path = "missing-environment-variable.rs"]
mod missing_environment_variable;
#[path = "missing-file-at-import.rs"]
mod missing_file_at_import;
#[path = "missing-import-name.rs"]
mod missing_import_name;
#[path = "removed-api.rs"]
mod removed_api;
#[path = "removed-module.rs"]
mod removed_module;
#[path = "server-started-at-import.rs"]
mod server_started_at_import;
#[path = "shadowed-module.rs"]
mod shadowed_module;
#[path = "slow-import.rs"]
mod slow_import;
#[path = "syntax-error.rs"]
mod syntax_error;
#[path = "uncalled-factory.rs"]
mod uncalled_factory;
#[path = "unresolved-django-setting.rs"]
mod unresolved_django_setting;
#[path = "unresolved-import.rs"]
mod unresolved_import;
#[path = "worker-lost-in-fork.rs"]
mod worker_lost_in_fork;
#[path = "wrong-signature.rs"]
mod wrong_signature;
#[path = "wsgi-application.rs"]
mod wsgi_application;

#[path = "bad-option-value.rs"]
mod bad_option_value;
#[path = "comment-in-value.rs"]
mod comment_in_value;
#[path = "conflicting-options.rs"]
mod conflicting_options;
#[path = "crash-in-request.rs"]
mod crash_in_request;
#[path = "entry-mismatch.rs"]
mod entry_mismatch;
#[path = "exit-in-request.rs"]
mod exit_in_request;
#[path = "gateway-error-from-app.rs"]
mod gateway_error_from_app;
#[path = "gui-call.rs"]
mod gui_call;
#[path = "harakiri-without-master.rs"]
mod harakiri_without_master;
#[path = "heavy-work-in-request.rs"]
mod heavy_work_in_request;
#[path = "malformed-configuration.rs"]
mod malformed_configuration;
#[path = "missing-path.rs"]
mod missing_path;
#[path = "option-not-in-this-version.rs"]
mod option_not_in_this_version;
#[path = "oversized-header.rs"]
mod oversized_header;
#[path = "refused-host.rs"]
mod refused_host;
#[path = "relative-exec-start.rs"]
mod relative_exec_start;
#[path = "relative-path.rs"]
mod relative_path;
#[path = "server-started-in-request.rs"]
mod server_started_in_request;
#[path = "setup-only-under-main.rs"]
mod setup_only_under_main;
#[path = "shared-global-state.rs"]
mod shared_global_state;
#[path = "slow-request.rs"]
mod slow_request;
#[path = "thread-in-web-app.rs"]
mod thread_in_web_app;
#[path = "timeout-order.rs"]
mod timeout_order;
#[path = "torch-threads.rs"]
mod torch_threads;
#[path = "unbounded-wait.rs"]
mod unbounded_wait;
#[path = "unexpanded-variable.rs"]
mod unexpanded_variable;
#[path = "unknown-option.rs"]
mod unknown_option;
#[path = "unreached-socket.rs"]
mod unreached_socket;

pub use configuration::{ConfigCheck, ConfigContext, Configuration, Project};
pub use costs::notes as tell_costs;
pub use finding::{FileEdit, Finding, Fix, Note, Related, Safety, Severity};
pub use guidance::{ExampleFile, Guidance, example_files, markdown};
pub use registry::{ALL, CONFIGURATION, find};
pub use verdict::{Judgement, Verdict, judge, judge_start};

use std::path::Path;

use crate::hosting::{Deployment, Failure, VisitorSees};
use crate::load::Load;
use crate::request::Requests;
use crate::workspace::Snapshot;

/// One rule. Its id is also the name of its file, of its fixtures' folder and of its page.
#[derive(Debug)]
pub struct Rule {
    /// Kebab case; reads well after "allow"; names the bad pattern, never the remedy.
    pub id: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// How loud it is when it is sure.
    pub severity: Severity,
    /// The text that explains it.
    pub guidance: Guidance,
    /// Reads the simulation of one deployment and reports.
    pub check: fn(&Context<'_>, &mut Reporter),
}

/// What a rule may read.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// The deployment that is judged.
    pub deployment: &'a Deployment,
    /// What its load does.
    pub load: &'a Load,
    /// What requests to it do.
    pub requests: &'a Requests,
}

impl Context<'_> {
    /// What a visitor gets on this host when the app fails in this way.
    pub fn visitor_sees(&self, failure: Failure) -> VisitorSees {
        self.deployment.visitor_sees(failure)
    }

    /// A path as people read it: relative to the checked folder, with forward slashes.
    pub fn display(&self, path: &Path) -> String {
        crate::workspace::relative_slash(path, &self.deployment.root)
    }
}

/// Where rules put what they found.
#[derive(Debug, Default)]
pub struct Reporter {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What is worth telling when somebody points at it.
    pub notes: Vec<Note>,
}
