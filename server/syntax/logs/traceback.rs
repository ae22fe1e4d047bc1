//! A traceback while it is read, line by line.

use super::fact::Fact;
use super::here::{Here, exception};
use super::incident::{Frame, Incident, Kind};
use super::killed::MOST_FRAMES;
use super::stamp::Stamp;

/// A traceback that goes on for longer is none (lines).
const LONGEST: u64 = 2_000;

/// In which order a traceback tells what it has to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The calls, outermost first, and the exception.
    Usual,
    /// PythonAnywhere's error log: the exception first.
    ExceptionFirst,
    /// What Python writes when it crashes: the calls of each thread, innermost first.
    InnermostFirst,
}

#[derive(Debug)]
pub(super) struct Traceback {
    /// What is known of it.
    pub incident: Incident,
    order: Order,
    /// Whether the exception was read: what follows may be chained to it, or not.
    is_complete: bool,
    is_chained: bool,
    /// The calls are those that led to a message of the logging module.
    in_call_stack: bool,
    /// The calls are those of a thread that did not crash.
    in_other_thread: bool,
}

impl Traceback {
    /// A traceback of which only the first line was read.
    pub fn new(incident: Incident, order: Order) -> Self {
        Self {
            incident,
            order,
            is_complete: false,
            is_chained: false,
            in_call_stack: false,
            in_other_thread: false,
        }
    }

    /// Takes a line as part of it; `false` when it is none. `when` is the newest time that the log told.
    pub fn take(&mut self, here: &Here<'_>, fact: &Fact, when: Option<Stamp>) -> bool {
        let body = here.body;
        if here.number > self.incident.line + LONGEST {
            return false;
        }
        match fact {
            Fact::Frame { place, path, line, function } => {
                let frame = Frame {
                    path: body[path.clone()].to_owned(),
                    line: *line,
                    function: function.clone().map(|range| body[range].to_owned()),
                    span: here.span(place.start, place.end),
                };
                self.frame(frame);
                true
            }
            Fact::Chained => {
                self.is_chained = true;
                true
            }
            Fact::CallStack if self.incident.kind == Kind::LoggingError => {
                self.in_call_stack = true;
                self.is_complete = false;
                self.incident.frames.clear();
                true
            }
            Fact::Threads { is_current } if self.order == Order::InnermostFirst => {
                // Nothing after the thread that crashed matters.
                let is_over = !self.incident.frames.is_empty();
                self.in_other_thread = !is_current;
                !is_over
            }
            Fact::Traceback if !self.is_complete && self.incident.frames.is_empty() => true,
            Fact::Traceback if self.is_chained => {
                self.is_chained = false;
                self.is_complete = false;
                self.incident.frames.clear();
                true
            }
            _ if body.is_empty() || body.starts_with([' ', '\t']) => true,
            _ if self.in_call_stack => body.starts_with("Message:") || body.starts_with("Arguments:"),
            _ => self.exception(body, when),
        }
    }

    fn frame(&mut self, frame: Frame) {
        let frames = &mut self.incident.frames;
        match self.order {
            Order::InnermostFirst if self.in_other_thread || frames.len() == MOST_FRAMES => {}
            Order::InnermostFirst => frames.insert(0, frame),
            Order::Usual | Order::ExceptionFirst => {
                if frames.len() == MOST_FRAMES {
                    frames.remove(0);
                }
                frames.push(frame);
            }
        }
    }

    /// Takes the line of the exception, if it is still to come.
    fn exception(&mut self, body: &str, when: Option<Stamp>) -> bool {
        let is_awaited = match self.order {
            Order::Usual => !self.is_complete,
            Order::ExceptionFirst => self.incident.exception.is_none(),
            Order::InnermostFirst => false,
        };
        let Some(exception) = Some(body).filter(|_| is_awaited).and_then(exception) else { return false };
        self.incident.exception = Some(exception);
        if self.order == Order::Usual {
            self.incident.when = when.or(self.incident.when);
            self.is_complete = true;
        }
        true
    }
}
