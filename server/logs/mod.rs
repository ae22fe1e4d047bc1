//! What logs tell, led back to the code: server paths to files of the workspace, requests to handlers.

mod concern;
mod digest;
mod places;

pub use concern::{Concern, Role, concerns};
pub use digest::{Digest, Group};
pub use places::{handler_of, locate};
