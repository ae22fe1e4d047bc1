//! Knowledge as data: servers, frameworks, help pages.

pub mod pages;

pub use pages::HelpPage;
