//! Reports: the verdict and the findings for people, and for the programs that people use.

mod baseline;
pub mod diagnosis;
mod diff;
mod distinct;
mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod lines;
pub mod markdown;
pub mod prose;
pub mod sarif;
mod sources;
mod summary;
mod terminal;

pub use baseline::{Baseline, Compared, Known};
pub use diff::unified_diff;
pub use summary::Summary;
pub use terminal::render;
