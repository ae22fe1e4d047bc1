//! Reports: the verdict and the findings as text for a terminal and as JSON.

mod diff;
pub mod json;
mod sources;
mod summary;
mod terminal;

pub use diff::unified_diff;
pub use summary::Summary;
pub use terminal::render;
