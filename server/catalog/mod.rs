//! Knowledge as data: servers, frameworks, the standard library, help pages, the options of hosts.

pub mod calls;
pub mod handlers;
pub mod options;
pub mod pages;
pub mod stdlib;
pub mod work;

pub use pages::HelpPage;

/// Reads a table that is part of the program.
///
/// A test reads each of them, so that one which cannot be read never gets into a program that people run.
fn read<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> T {
    match toml::from_str(text) {
        Ok(table) => table,
        Err(error) => unreachable!("{name}: {error}"),
    }
}
