//! Hosting: which host loads which file, from where, and how each host shows a failure.

mod deployment;
mod discovery;
mod entry_file;
mod evidence;
mod host;
mod python_version;
mod wiring;

pub use deployment::{ConfigPlace, Deployment, Limits, Process, Wiring};
pub use discovery::{DiscoveryError, LOOKED_FOR, Overrides, discover};
pub use host::{Failure, Host, VisitorSees};
pub(crate) use python_version::parse_setting as parse_python_version;
