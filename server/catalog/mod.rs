//! Knowledge as data: servers, frameworks, the standard library, help pages, the options of hosts.

pub mod calls;
pub mod handlers;
pub mod options;
pub mod pages;
pub mod stdlib;
pub mod work;

pub use pages::HelpPage;
