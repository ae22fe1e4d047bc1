//! What logs tell, led back to the code: server paths to files of the workspace, requests to handlers.

mod concern;
mod digest;
mod guide;
mod places;

pub use concern::{Concern, Role, concerns, line_of, places};
pub use digest::{Digest, Group};
pub use guide::guide;
pub use places::{handler_of, locate};
