//! wsgi-ls looks at a Python web project with its host's eyes.
//!
//! Data flows one way: `text -> syntax -> hosting -> load -> rules -> lsp | report | cli`. ARCHITECTURE.md describes the rooms
//! and the laws that keep them apart; `tests/tidy.rs` checks those laws.

pub mod analysis;
pub mod catalog;
pub mod cli;
pub mod comfort;
pub mod fixes;
pub mod hosting;
pub mod load;
pub mod logs;
pub mod lsp;
pub mod mend;
pub mod report;
pub mod request;
pub mod rules;
pub mod settings;
pub mod syntax;
pub mod text;
pub mod workspace;
