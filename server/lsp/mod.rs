//! The language server: the only room that names protocol types.
//!
//! `transport` moves messages in the promised order, `server` takes note of what they say in the `session`, the
//! `worker` analyses the newest state of it on a thread of its own, and `publish`, `pull`, `hover`, `code_action`,
//! `code_lens`, `commands`, `completion`, `diagnose` and `verdict` show the `results`; `refactor` looks further when an action is asked for.

mod code_action;
mod code_lens;
mod collect;
mod commands;
mod completion;
mod config_files;
mod convert;
mod definition;
mod diagnose;
mod document_symbol;
mod features;
mod hover;
mod links;
mod logged;
mod publish;
mod pull;
mod refactor;
mod rename;
mod results;
mod routes;
mod server;
mod session;
mod settings;
mod silence;
mod transport;
mod verdict;
mod watched;
mod worker;

use std::io::{BufReader, Write};
use std::process::ExitCode;
use std::time::Duration;

use tower_lsp_server::LspService;

/// How long the last messages may take once the end has come.
const GRACE: Duration = Duration::from_secs(2);

/// Serves one client over the standard streams until it is done or gone.
///
/// The exit code is the protocol's: 0 when the client asked for a shutdown first, else 1.
pub fn run() -> ExitCode {
    report_panics_in_one_line();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("the server cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let (service, socket) = LspService::build(server::Server::new)
        .custom_method("wsgi-ls/verdict", server::Server::verdict)
        .custom_method("wsgi-ls/explain", server::Server::explain)
        .custom_method("wsgi-ls/diagnose", server::Server::diagnose)
        .finish();
    let input = BufReader::new(std::io::stdin());
    let shut_down = runtime.block_on(transport::serve(service, socket, input, std::io::stdout(), GRACE));
    // Whatever still runs ends with the process.
    runtime.shutdown_background();
    if shut_down { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A panic is answered and survived; the log gets one line for a bug report.
fn report_panics_in_one_line() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("no message").replace('\n', " ");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        complain(&format!("internal error at {place}: {message}"));
    }));
}

/// Writes a line to the log, which may be closed.
fn complain(message: &str) {
    let _ = writeln!(std::io::stderr(), "wsgi-ls: {message}");
}
