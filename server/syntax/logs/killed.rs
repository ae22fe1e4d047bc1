//! A worker that was killed, while the log goes on to tell what it did.

use super::fact::Dumped;
use super::here::Here;
use super::incident::{Frame, Incident, Kind};

/// What a killed worker says comes within so many lines.
const PATIENCE: u64 = 60;
/// The innermost calls of a traceback that are kept.
pub(super) const MOST_FRAMES: usize = 100;

/// A kill whose request or calls are still to come.
#[derive(Debug)]
pub(super) struct Killed {
    /// What is known of it.
    pub incident: Incident,
    /// The line at which no more is waited for.
    pub until: u64,
    /// The threads that told where they are.
    threads: usize,
}

impl Killed {
    /// A kill of which only this is known.
    pub fn new(incident: Incident) -> Self {
        let until = incident.line + PATIENCE;
        Self { incident, until, threads: 0 }
    }

    /// Whether it is a daemon process of Apache.
    pub fn is_daemon(&self) -> bool {
        self.incident.kind == Kind::DaemonTimeout
    }

    /// Takes a call of a process that is being stopped; they come innermost first.
    pub fn dump(&mut self, here: &Here<'_>, call: &Dumped) {
        self.threads += usize::from(call.begins_thread);
        let frames = &mut self.incident.frames;
        if self.threads > 1 {
            // Of several threads nobody knows which was late.
            frames.clear();
        } else if frames.len() < MOST_FRAMES {
            let frame = Frame {
                path: here.body[call.path.clone()].to_owned(),
                line: call.line,
                function: Some(here.body[call.function.clone()].to_owned()),
                span: here.span(call.path.start, call.path.end),
            };
            frames.insert(0, frame);
        }
    }
}
