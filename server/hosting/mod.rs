//! Hosting: which host loads which file, from where, and how each host shows a failure.

mod deployment;
mod discovery;
mod host;

pub use deployment::{Deployment, Wiring};
pub use discovery::{DiscoveryError, Overrides, discover};
pub use host::{Failure, Host, VisitorSees};
