//! Lines that belong together become one incident.

use std::mem;

use super::incident::{Exception, Frame, Incident, Kind, Request, Span};
use super::line::{Called, Fact, fact};
use super::stamp::{Line, Stamp, in_brackets};

/// What a killed worker says comes within so many lines.
const PATIENCE: u64 = 60;
/// The innermost calls of a traceback that are kept.
const MOST_FRAMES: usize = 100;
/// A traceback that goes on for longer is none (lines).
const LONGEST: u64 = 2_000;

/// Takes one line after the other and gives incidents.
#[derive(Debug, Default)]
pub struct Assembler {
    /// The traceback that is being read.
    traceback: Option<Traceback>,
    /// A kill whose request or traceback is still to come; the line at which it is given up.
    killed: Option<(Incident, u64)>,
    /// The worker that was killed last for its time, by number or process id: its death needs no other reason.
    victim: Option<u32>,
    /// The request that the next traceback is about, and its line.
    request: Option<(Request, u64)>,
    /// The newest time that a line told.
    when: Option<Stamp>,
}

#[derive(Debug)]
struct Traceback {
    incident: Incident,
    /// Whether the exception was read: what follows may be chained to it, or not.
    is_complete: bool,
    is_chained: bool,
    /// PythonAnywhere's error log tells the exception first.
    exception_first: bool,
    /// The calls are those that led to a message of the logging module.
    in_call_stack: bool,
}

impl Assembler {
    /// Whether the next line matters whatever it says.
    pub fn needs_every_line(&self) -> bool {
        self.traceback.is_some() || self.killed.is_some() || self.request.is_some()
    }

    /// Takes a line without its end; `number` counts from 1, `offset` is where it begins (bytes).
    pub fn line(&mut self, number: u64, offset: u64, text: &str, out: &mut dyn FnMut(Incident)) {
        let line = Line::of(text);
        self.when = line.when.or(self.when);
        let here = Here { number, start: offset + line.at as u64, body: line.body };
        let fact = fact(line.body);
        if let Some((_, until)) = &self.killed
            && number > *until
        {
            self.flush_killed(out);
        }
        if self.request.as_ref().is_some_and(|(_, at)| number > at + 3) {
            self.request = None;
        }
        if self.traceback.is_some() && self.in_traceback(&here, &fact, out) {
            return;
        }
        self.outside(&here, fact, out);
    }

    /// Gives what is still open at the end of the log.
    pub fn finish(&mut self, out: &mut dyn FnMut(Incident)) {
        self.close(out);
        self.flush_killed(out);
    }

    /// Takes a line as part of the traceback; `false` when it is none, and the traceback is closed.
    fn in_traceback(&mut self, here: &Here<'_>, fact: &Fact, out: &mut dyn FnMut(Incident)) -> bool {
        let when = self.when;
        let Some(open) = &mut self.traceback else { return false };
        let body = here.body;
        let is_long = here.number > open.incident.line + LONGEST;
        match fact {
            _ if is_long => {}
            Fact::Frame { place, path, line, function } => {
                // PythonAnywhere's error log may tell two failures without a line between them.
                let frames = &mut open.incident.frames;
                if frames.len() == MOST_FRAMES {
                    frames.remove(0);
                }
                frames.push(Frame {
                    path: body[path.clone()].to_owned(),
                    line: *line,
                    function: function.clone().map(|range| body[range].to_owned()),
                    span: here.span(place.start, place.end),
                });
                return true;
            }
            Fact::Chained => {
                open.is_chained = true;
                return true;
            }
            Fact::CallStack if open.incident.kind == Kind::LoggingError => {
                open.in_call_stack = true;
                open.is_complete = false;
                open.incident.frames.clear();
                return true;
            }
            Fact::Traceback if !open.is_complete && open.incident.frames.is_empty() => return true,
            Fact::Traceback if open.is_chained => {
                open.is_chained = false;
                open.is_complete = false;
                open.incident.frames.clear();
                return true;
            }
            _ if body.is_empty() || body.starts_with([' ', '\t']) => return true,
            _ if open.in_call_stack && body.starts_with("Message:") => return true,
            _ if open.in_call_stack && body.starts_with("Arguments:") => return true,
            _ if open.in_call_stack => {}
            _ if !open.is_complete && !open.exception_first => {
                if let Some(exception) = exception(body) {
                    open.incident.exception = Some(exception);
                    open.incident.when = when.or(open.incident.when);
                    open.is_complete = true;
                    return true;
                }
                // Before the traceback proper: "Error running WSGI application" on one line, the exception on the next.
            }
            _ if open.exception_first && open.incident.exception.is_none() => {
                if let Some(exception) = exception(body) {
                    open.incident.exception = Some(exception);
                    return true;
                }
            }
            _ => {}
        }
        self.close(out);
        false
    }

    fn outside(&mut self, here: &Here<'_>, fact: Fact, out: &mut dyn FnMut(Incident)) {
        match fact {
            Fact::Traceback => self.open(here, Kind::Exception, false),
            Fact::LoggingError => self.open(here, Kind::LoggingError, false),
            Fact::LoadFailed => self.open(here, Kind::Exception, true),
            Fact::RequestFailed(called) => self.request = Some((here.request(&called), here.number)),
            Fact::HarakiriBegins(worker) => self.kill(here, Kind::Harakiri, worker, out),
            Fact::HarakiriOf(called) => match self.killed.take() {
                Some((mut incident, _)) if incident.kind == Kind::Harakiri => {
                    incident.request = Some(here.request(&called));
                    out(incident);
                }
                other => {
                    self.killed = other;
                    out(self.incident(here, Kind::Harakiri, Some(here.request(&called))));
                }
            },
            Fact::WorkerTimeout(pid) => self.kill(here, Kind::WorkerTimeout, pid, out),
            Fact::WorkerDied(worker) if self.victim == Some(worker) => self.victim = None,
            Fact::WorkerDied(_) => out(self.incident(here, Kind::WorkerKilled, None)),
            Fact::OutOfMemory => out(self.incident(here, Kind::OutOfMemory, None)),
            Fact::NoApplication => out(self.incident(here, Kind::NoApplication, None)),
            Fact::AddressInUse => out(self.incident(here, Kind::AddressInUse, None)),
            Fact::BlockSize => out(self.incident(here, Kind::BlockSize, None)),
            Fact::DaemonTimeout => out(self.incident(here, Kind::DaemonTimeout, None)),
            Fact::WriteError(called) => {
                let request = called.map(|called| here.request(&called));
                out(self.incident(here, Kind::WriteError, request));
            }
            Fact::Answered { called, status, seconds } => {
                let kind = if status >= 500 { Kind::Status(status) } else { Kind::Slow(seconds) };
                self.when = in_brackets(here.body).or(self.when);
                out(self.incident(here, kind, Some(here.request(&called))));
            }
            Fact::Frame { .. } | Fact::CallStack | Fact::Chained | Fact::Other => {}
        }
    }

    fn incident(&self, here: &Here<'_>, kind: Kind, request: Option<Request>) -> Incident {
        Incident {
            kind,
            line: here.number,
            span: here.span(0, here.body.trim_end().len()),
            when: self.when,
            request,
            frames: Vec::new(),
            exception: None,
        }
    }

    fn open(&mut self, here: &Here<'_>, kind: Kind, exception_first: bool) {
        let request = self.request.take().map(|(request, _)| request);
        self.traceback = Some(Traceback {
            incident: self.incident(here, kind, request),
            is_complete: false,
            is_chained: false,
            exception_first,
            in_call_stack: false,
        });
    }

    fn kill(&mut self, here: &Here<'_>, kind: Kind, worker: u32, out: &mut dyn FnMut(Incident)) {
        self.flush_killed(out);
        self.victim = Some(worker);
        self.killed = Some((self.incident(here, kind, None), here.number + PATIENCE));
    }

    fn flush_killed(&mut self, out: &mut dyn FnMut(Incident)) {
        if let Some((incident, _)) = self.killed.take() {
            out(incident);
        }
    }

    /// Ends the traceback.
    fn close(&mut self, out: &mut dyn FnMut(Incident)) {
        let Some(Traceback { mut incident, .. }) = self.traceback.take() else { return };
        if incident.frames.is_empty() && incident.exception.is_none() {
            return;
        }
        let (class, message) =
            incident.exception.as_ref().map_or(("", ""), |found| (&found.class, &found.message));
        // gunicorn ends a worker that is late by an exit in the middle of what it does.
        if class == "SystemExit"
            && let Some((killed, _)) = &mut self.killed
            && killed.kind == Kind::WorkerTimeout
        {
            killed.frames = mem::take(&mut incident.frames);
            killed.request = incident.request;
            return self.flush_killed(out);
        }
        if incident.kind == Kind::Exception {
            incident.kind = match (class, message) {
                ("MemoryError", _) => Kind::OutOfMemory,
                (_, message) if message.contains("Cannot allocate memory") => Kind::OutOfMemory,
                (_, message) if message.contains("Address already in use") => Kind::AddressInUse,
                ("OSError" | "IOError", "write error") => Kind::WriteError,
                _ => Kind::Exception,
            };
        }
        out(incident);
    }
}

/// A message and where it stands.
struct Here<'a> {
    number: u64,
    start: u64,
    body: &'a str,
}

impl Here<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span { start: self.start + start as u64, end: self.start + end as u64 }
    }

    fn request(&self, called: &Called) -> Request {
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
fn exception(body: &str) -> Option<Exception> {
    let (class, message) = body.split_once(':').unwrap_or((body, ""));
    let class = class.trim_end();
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    let is_class = !class.is_empty() && class.split('.').all(is_name);
    is_class.then(|| Exception { class: class.to_owned(), message: message.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The incidents of a log: kind, line, request, innermost call, exception.
    fn read(log: &str) -> Vec<String> {
        let mut out = Vec::new();
        let mut tell = |found: Incident| {
            let request = found.request.map_or(String::new(), |request| request.shown());
            let frame = found.frames.last().map_or(String::new(), |f| format!("{}:{}", f.path, f.line));
            let class = found.exception.map_or(String::new(), |e| e.class);
            out.push(format!("{:?} {} [{request}] [{frame}] [{class}]", found.kind, found.line));
        };
        let mut assembler = Assembler::default();
        let mut offset = 0;
        for (at, line) in (1..).zip(log.split('\n')) {
            assembler.line(at, offset, line, &mut tell);
            offset += line.len() as u64 + 1;
        }
        assembler.finish(&mut tell);
        out
    }

    #[test]
    fn the_error_log_of_pythonanywhere() {
        let log = "\
2026-11-23 06:00:00,123: Error running WSGI application
2026-11-23 06:00:00,124: ModuleNotFoundError: No module named 'flaskk'
2026-11-23 06:00:00,124:   File \"/var/www/jane_pythonanywhere_com_wsgi.py\", line 16, in <module>
2026-11-23 06:00:00,124:     from site import app
2026-11-23 06:00:00,124:   File \"/home/jane/mysite/site.py\", line 2, in <module>
2026-11-23 06:00:00,124: ***************************************************
2026-11-23 06:00:00,124: If you're seeing an import error and don't know why,
2026-11-23 06:00:01,124: Exception on /slow [GET]
Traceback (most recent call last):
  File \"/home/jane/mysite/site.py\", line 9, in slow
    1 / 0
ZeroDivisionError: division by zero

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File \"/home/jane/mysite/site.py\", line 11, in slow
    raise Late
mysite.Late
2026-11-23 06:00:02,124: OSError: write error
";
        assert_eq!(
            read(log),
            [
                "Exception 1 [] [/home/jane/mysite/site.py:2] [ModuleNotFoundError]",
                "Exception 9 [GET /slow] [/home/jane/mysite/site.py:11] [mysite.Late]",
                "WriteError 20 [] [] []",
            ]
        );
    }

    #[test]
    fn a_kill_is_one_incident_and_needs_no_other_reason() {
        let log = "\
2026-11-23 06:00:00 Mon Nov 23 06:00:00 2026 - *** HARAKIRI ON WORKER 2 (pid: 6, try: 1) ***
2026-11-23 06:00:00 Mon Nov 23 06:00:00 2026 - HARAKIRI !!! worker 2 status !!!
2026-11-23 06:00:00 Mon Nov 23 06:00:00 2026 - HARAKIRI [core 0] 1.2.3.4 - POST /pdf?token=x since 1795414500
2026-11-23 06:00:00 DAMN ! worker 2 (pid: 6) died, killed by signal 9 :( trying respawn ...
DAMN ! worker 1 (pid: 5) died, killed by signal 9 :( trying respawn ...
*** HARAKIRI ON WORKER 1 (pid: 7, try: 1) ***
";
        assert_eq!(
            read(log),
            ["Harakiri 1 [POST /pdf] [] []", "WorkerKilled 5 [] [] []", "Harakiri 6 [] [] []"]
        );
    }

    #[test]
    fn gunicorn_tells_where_a_late_worker_was() {
        let log = "\
[2026-11-23 06:15:06 +0000] [4] [CRITICAL] WORKER TIMEOUT (pid:6)
[2026-11-23 06:15:06 +0000] [6] [ERROR] Error handling request GET /
Traceback (most recent call last):
  File \"/home/jane/site/driver.py\", line 7, in take
    time.sleep(30)
SystemExit: 1
[2026-11-23 06:15:06 +0000] [6] [INFO] Worker exiting (pid: 6)
[2026-11-23 06:15:07 +0000] [4] [ERROR] Worker (pid:6) was sent SIGKILL! Perhaps out of memory?
[2026-11-23 06:15:08 +0000] [4] [CRITICAL] WORKER TIMEOUT (pid:9)
";
        assert_eq!(
            read(log),
            ["WorkerTimeout 1 [GET /] [/home/jane/site/driver.py:7] []", "WorkerTimeout 9 [] [] []"]
        );
    }

    #[test]
    fn the_logging_module_and_taken_ports() {
        let log = "\
--- Logging error ---
Traceback (most recent call last):
  File \"/usr/lib/python3.11/logging/__init__.py\", line 1113, in emit
    stream.write(msg + self.terminator)
OSError: [Errno 9] Bad file descriptor
Call stack:
  File \"/home/jane/site/app.py\", line 3, in <module>
    logging.info(\"x\")
Message: 'x'
Arguments: ()
Traceback (most recent call last):
  File \"/home/jane/site/app.py\", line 4, in <module>
    app.run()
OSError: [Errno 98] Address already in use
";
        assert_eq!(
            read(log),
            [
                "LoggingError 1 [] [/home/jane/site/app.py:3] [OSError]",
                "AddressInUse 11 [] [/home/jane/site/app.py:4] [OSError]",
            ]
        );
    }
}
