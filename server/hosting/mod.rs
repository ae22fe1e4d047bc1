//! Hosting: which host loads which file, from where, and how each host shows a failure.

mod deployment;
mod discovery;
mod entry_file;
mod error;
mod evidence;
mod host;
mod python_version;
pub mod told;
mod wiring;

pub use deployment::{ConfigPlace, Deployment, Limits, Process, Wiring};
pub use discovery::{Found, LOOKED_FOR, Overrides, discover, survey};
pub use error::DiscoveryError;
pub use host::{Failure, Host, VisitorSees};
pub(crate) use python_version::parse_setting as parse_python_version;
pub use wiring::{Around, include_cycle};

/// Whether a text is still to be filled in, or is filled in by a tool that makes the file.
pub fn is_template(text: &str) -> bool {
    wiring::is_template(text)
}
