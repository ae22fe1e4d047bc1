//! Lines that belong together become one incident.

use std::mem;

use super::fact::Fact;
use super::here::Here;
use super::incident::{Incident, Kind, Request};
use super::killed::Killed;
use super::line::fact;
use super::stamp::{Line, Stamp, in_brackets};
use super::traceback::{Order, Traceback};

/// What a host says of a crash comes so soon after what Python says of it (lines).
const SOON: u64 = 10;

/// Takes one line after the other and gives incidents.
#[derive(Debug, Default)]
pub struct Assembler {
    /// The traceback that is being read.
    traceback: Option<Traceback>,
    /// A kill whose request or traceback is still to come.
    killed: Option<Killed>,
    /// The worker that was killed last for its time, by number or process id: its death needs no other reason.
    victim: Option<u32>,
    /// The request that the next traceback is about, and its line.
    request: Option<(Request, u64)>,
    /// The line at which Python last had told of a crash.
    fatal: Option<u64>,
    /// The newest time that a line told.
    when: Option<Stamp>,
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
        if self.killed.as_ref().is_some_and(|killed| number > killed.until) {
            self.flush_killed(out);
        }
        if self.request.as_ref().is_some_and(|(_, at)| number > at + 3) {
            self.request = None;
        }
        if let Some(open) = &mut self.traceback {
            if open.take(&here, &fact, self.when) {
                return;
            }
            self.close(out);
        }
        self.outside(&here, fact, out);
    }

    /// Gives what is still open at the end of the log.
    pub fn finish(&mut self, out: &mut dyn FnMut(Incident)) {
        self.close(out);
        self.flush_killed(out);
    }

    fn outside(&mut self, here: &Here<'_>, fact: Fact, out: &mut dyn FnMut(Incident)) {
        match fact {
            Fact::Traceback => self.open(here, Kind::Exception, Order::Usual),
            // The traceback follows.
            Fact::ScriptFailed => self.open(here, Kind::Exception, Order::Usual),
            Fact::LoggingError => self.open(here, Kind::LoggingError, Order::Usual),
            Fact::LoadFailed => self.open(here, Kind::Exception, Order::ExceptionFirst),
            Fact::FatalError => self.open(here, Kind::WorkerCrashed, Order::InnermostFirst),
            Fact::RequestFailed(called) => self.request = Some((here.request(&called), here.number)),
            Fact::HarakiriBegins(worker) => self.kill(here, Kind::Harakiri, Some(worker), out),
            Fact::HarakiriOf(called) => match self.killed.take() {
                Some(Killed { mut incident, .. }) if incident.kind == Kind::Harakiri => {
                    incident.request = Some(here.request(&called));
                    out(incident);
                }
                other => {
                    self.killed = other;
                    out(self.incident(here, Kind::Harakiri, Some(here.request(&called))));
                }
            },
            Fact::WorkerTimeout(pid) => self.kill(here, Kind::WorkerTimeout, Some(pid), out),
            Fact::WorkerDied(worker) if self.victim == Some(worker) => self.victim = None,
            // What it was doing was told already.
            Fact::Crashed if self.fatal.is_some_and(|line| here.number <= line + SOON) => {}
            Fact::Crashed => out(self.incident(here, Kind::WorkerCrashed, None)),
            Fact::WorkerDied(_) => out(self.incident(here, Kind::WorkerKilled, None)),
            Fact::OutOfMemory => out(self.incident(here, Kind::OutOfMemory, None)),
            Fact::NoApplication => out(self.incident(here, Kind::NoApplication, None)),
            Fact::AddressInUse => out(self.incident(here, Kind::AddressInUse, None)),
            Fact::BlockSize => out(self.incident(here, Kind::BlockSize, None)),
            Fact::DaemonTimeout => self.kill(here, Kind::DaemonTimeout, None, out),
            // The end of the process that was stopped.
            Fact::DaemonLost if self.killed.as_ref().is_some_and(Killed::is_daemon) => self.flush_killed(out),
            Fact::DaemonLost => out(self.incident(here, Kind::DaemonLost, None)),
            Fact::Dumped(call) => {
                if let Some(killed) = self.killed.as_mut().filter(|killed| killed.is_daemon()) {
                    killed.dump(here, &call);
                }
            }
            Fact::WriteError(called) => {
                let request = called.map(|called| here.request(&called));
                out(self.incident(here, Kind::WriteError, request));
            }
            Fact::Answered { called, status, seconds } => {
                let kind = if status >= 500 { Kind::Status(status) } else { Kind::Slow(seconds) };
                self.when = in_brackets(here.body).or(self.when);
                out(self.incident(here, kind, Some(here.request(&called))));
            }
            Fact::Frame { .. } | Fact::CallStack | Fact::Chained | Fact::Threads { .. } | Fact::Other => {}
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

    fn open(&mut self, here: &Here<'_>, kind: Kind, order: Order) {
        let request = self.request.take().map(|(request, _)| request);
        self.traceback = Some(Traceback::new(self.incident(here, kind, request), order));
    }

    fn kill(&mut self, here: &Here<'_>, kind: Kind, worker: Option<u32>, out: &mut dyn FnMut(Incident)) {
        self.flush_killed(out);
        self.victim = worker.or(self.victim);
        self.killed = Some(Killed::new(self.incident(here, kind, None)));
    }

    fn flush_killed(&mut self, out: &mut dyn FnMut(Incident)) {
        if let Some(Killed { incident, .. }) = self.killed.take() {
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
            && let Some(Killed { incident: killed, .. }) = &mut self.killed
            && killed.kind == Kind::WorkerTimeout
        {
            killed.frames = mem::take(&mut incident.frames);
            killed.request = incident.request;
            return self.flush_killed(out);
        }
        if incident.kind == Kind::WorkerCrashed {
            self.fatal = Some(incident.line + incident.frames.len() as u64);
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

    #[test]
    fn apache_tells_where_the_process_was_that_it_stops() {
        let stopped = "\
[Mon Nov 23 06:00:00.1 2026] [wsgi:info] [pid 6:tid 63] mod_wsgi (pid=6): Daemon process request time limit exceeded, stopping process 'site'.
[Mon Nov 23 06:00:00.1 2026] [wsgi:info] [pid 6:tid 6] mod_wsgi (pid=6): Dumping stack trace for active Python threads.
[Mon Nov 23 06:00:00.1 2026] [wsgi:info] [pid 6:tid 6] mod_wsgi (pid=6): Thread 14 executing file \"/x/lib.py\", line 29, in sleep
[Mon Nov 23 06:00:00.1 2026] [wsgi:info] [pid 6:tid 6] mod_wsgi (pid=6): called from file \"/home/jane/site/wsgi.py\", line 10, in picture.
";
        let lost = "\
[Mon Nov 23 06:00:01.1 2026] [wsgi:error] [pid 7:tid 9] [client 127.0.0.1:50880] Truncated or oversized response headers received from daemon process 'site': /home/jane/site/wsgi.py
";
        assert_eq!(read(&format!("{stopped}{lost}")), ["DaemonTimeout 1 [] [/x/lib.py:29] []"]);
        let another = "Thread 15 executing file \"/home/jane/site/wsgi.py\", line 4, in page\n";
        let two = format!("{stopped}{another}{another}{lost}{lost}");
        assert_eq!(read(&two), ["DaemonTimeout 1 [] [] []", "DaemonLost 8 [] [] []"]);
    }

    #[test]
    fn mod_wsgi_tells_of_an_error_of_syntax_without_the_usual_first_line() {
        let log = "\
mod_wsgi (pid=6, process='site', application=''): Could not read/compile source file '/home/jane/site/wsgi.py'.
mod_wsgi (pid=6): Exception occurred processing WSGI script '/home/jane/site/wsgi.py'.
  File \"/home/jane/site/wsgi.py\", line 7
    def dogs()
SyntaxError: expected ':'
";
        assert_eq!(
            read(log),
            ["NoApplication 1 [] [] []", "Exception 2 [] [/home/jane/site/wsgi.py:7] [SyntaxError]"]
        );
    }

    #[test]
    fn python_tells_of_a_crash_innermost_call_first() {
        let log = "\
Fatal Python error: Segmentation fault

Thread 0x00007f94447 (most recent call first):
  File \"/home/jane/site/other.py\", line 3 in wait

Current thread 0x00007f9444794040 (most recent call first):
  File \"/usr/lib/python3.11/ctypes/__init__.py\", line 519 in string_at
  File \"/home/jane/site/wsgi.py\", line 14 in picture
  File \"/home/jane/site/run.py\", line 8 in <module>

Extension modules: markupsafe._speedups (total: 1)
[2026-11-30 23:06:09 +0000] [4] [WARNING] Worker (pid:6) was sent SIGSEGV!
";
        let crash = "WorkerCrashed 1 [] [/usr/lib/python3.11/ctypes/__init__.py:519] []";
        assert_eq!(read(log), [crash]);
        assert_eq!(read("Worker (pid:6) was sent SIGSEGV!\n"), ["WorkerCrashed 1 [] [] []"]);
    }
}
