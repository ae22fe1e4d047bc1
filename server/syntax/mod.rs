//! Syntax: one file becomes its facts. Facts depend on that file alone, never on another one.

pub mod config;
pub mod logs;
pub mod python;
mod suppression;

pub use suppression::Suppressions;
