//! One message of a log, and what is cut out of it.

use super::fact::Called;
use super::incident::{Exception, Request, Span};

/// A message and where it stands.
pub(super) struct Here<'a> {
    /// The line, counted from 1.
    pub number: u64,
    /// Where the message begins (bytes of the log).
    pub start: u64,
    /// The message.
    pub body: &'a str,
}

impl Here<'_> {
    /// A range of the message (bytes) as one of the log.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span { start: self.start + start as u64, end: self.start + end as u64 }
    }

    /// A request that the message names.
    pub fn request(&self, called: &Called) -> Request {
        let path = &self.body[called.path.clone()];
        Request {
            method: called.method.clone().map(|range| self.body[range].to_owned()),
            path: path.split(['?', '#']).next().unwrap_or(path).to_owned(),
            span: self.span(
                called.method.as_ref().map_or(called.path.start, |m| m.start.min(called.path.start)),
                called.path.end,
            ),
        }
    }
}

/// The last line of a traceback: a class and its message.
pub(super) fn exception(body: &str) -> Option<Exception> {
    let (class, message) = body.split_once(':').unwrap_or((body, ""));
    let class = class.trim_end();
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    let is_class = !class.is_empty() && class.split('.').all(is_name);
    is_class.then(|| Exception { class: class.to_owned(), message: message.trim().to_owned() })
}
