//! Logs of hosts: PythonAnywhere, uWSGI, gunicorn, Apache with mod_wsgi. Lines become incidents.
//!
//! A log is a stream: it may be larger than memory, cut in the middle of a line, and no text at all in places. What can be read
//! is read, and [`Reading`] tells of the rest.

mod assemble;
mod fact;
mod here;
mod incident;
mod killed;
mod kind;
mod line;
mod stamp;
mod stream;
mod traceback;

pub use assemble::Assembler;
pub use fact::Fact;
pub use incident::{Exception, Frame, Incident, Kind, Request, Span};
pub use kind::LogKind;
pub use line::fact;
pub use stamp::{Line, Stamp};
pub use stream::{Reading, scan};

use regex::Regex;

/// Compiles a pattern that is part of the program.
fn pattern(text: &'static str) -> Regex {
    match Regex::new(text) {
        Ok(pattern) => pattern,
        // Every pattern is used by a test, so it cannot be malformed here.
        Err(error) => unreachable!("{text}: {error}"),
    }
}
