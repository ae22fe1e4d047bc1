//! Knowledge as data: servers, frameworks, the standard library, help pages.

pub mod calls;
pub mod handlers;
pub mod pages;
pub mod stdlib;
pub mod work;

pub use pages::HelpPage;
