//! The language server, spoken to as an editor does it: real messages over the real binary's standard streams.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod actions;
mod client;
mod completion;
mod configuration;
mod deployment;
mod diagnostics;
mod frames;
mod lifecycle;
mod logs;
#[path = "../recorded/mod.rs"]
mod recorded;
mod recorded_logs;
mod refactor;
mod settings;
mod sync;
mod typing;
mod uris;
mod verdict;
