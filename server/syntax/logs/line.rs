//! One line of a log becomes a fact.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::fact::{Called, Dumped, Fact};
use super::pattern;

/// A shorter wait is nothing to tell of (seconds).
const SLOW: u32 = 20;

/// What makes a line worth a look while no traceback is being read; every fact needs one of these in its line.
pub(super) static INTERESTING: LazyLock<regex::bytes::Regex> = LazyLock::new(|| {
    let words = [
        r"Traceback \(most",
        r"Fatal Python error: ",
        r"HARAKIRI",
        r"WORKER TIMEOUT",
        r"no python application found",
        r"unable to load app ",
        r"does not contain WSGI application",
        r"Failed to find attribute '",
        r"Application object must be callable",
        r"Failed to exec Python script",
        r"cannot be loaded as Python module",
        r"Could not read/compile source file",
        r" WSGI script '",
        r"Address already in use",
        r"Connection in use:",
        r"invalid request block size",
        r"write error",
        r"Broken pipe",
        r"Logging error ---",
        r"killed by signal ",
        r"was sent SIG",
        r"exit signal ",
        r"got Segmentation Fault",
        r"Out of memory",
        r"out of memory",
        r"Cannot allocate memory",
        r"Exception on /",
        r"Internal Server Error: ",
        r"Error handling request ",
        r"Error running WSGI application",
        r"Timeout when reading response headers",
        r"Script timed out before",
        r"Queue timeout expired",
        r"request time limit exceeded",
        r"Truncated or oversized response headers",
        r"Premature end of script headers",
        r#"" 50[0-9] "#,
        r"response-time=",
        r" msecs \(HTTP/",
    ];
    match regex::bytes::RegexBuilder::new(&words.join("|")).unicode(false).build() {
        Ok(pattern) => pattern,
        Err(error) => unreachable!("{error}"),
    }
});

static FRAME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"^ *File "([^"]+)", line (\d+)(?:,? in (\S.*?))?\s*$"#));
static HARAKIRI: LazyLock<Regex> = LazyLock::new(|| pattern(r"HARAKIRI ON WORKER (\d+)"));
static HARAKIRI_CORE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"HARAKIRI \[core \d+\] \S* ?- ([A-Z]+) (\S+) since \d+"));
static WORKER_TIMEOUT: LazyLock<Regex> = LazyLock::new(|| pattern(r"WORKER TIMEOUT \(pid:(\d+)\)"));
static DIED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"worker (\d+) \(pid: \d+\) died, killed by signal 9\b|Worker \(pid:(\d+)\) was sent SIGKILL")
});
/// uWSGI says both that it got a segmentation fault and, of its worker, that it died of signal 11: the first is enough.
static CRASHED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"got Segmentation Fault|died, killed by signal (?:4|6|7|8)\b|was sent SIG(?:SEGV|ABRT|BUS|FPE|ILL)\b|exit signal (?:Segmentation fault|Abort|Bus error|Floating point|Illegal)",
    )
});
static DUMPED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?:(Thread) \d+ executing|called from) file "([^"]+)", line (\d+), in (.*?)[,.]?$"#)
});
static FLASK: LazyLock<Regex> = LazyLock::new(|| pattern(r"Exception on (\S+) \[([A-Z]+)\]"));
static DJANGO: LazyLock<Regex> = LazyLock::new(|| pattern(r"Internal Server Error: (/\S*)"));
static GUNICORN: LazyLock<Regex> = LazyLock::new(|| pattern(r"Error handling request (?:([A-Z]+) )?(/\S*)"));
static DURING: LazyLock<Regex> = LazyLock::new(|| pattern(r"during ([A-Z]+) (\S+)|on request (\S+) \(ip"));
static ACCESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#""([A-Z]+) (\S+)[^"]*" (\d{3}) .*?(?:response-time=(\d+)|$)"#));
static UWSGI_ACCESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\] ([A-Z]+) (\S+) => generated \d+ bytes in (\d+) msecs \(HTTP/[\d.]+ (\d{3})\)")
});

/// What a message (a line without what stands before it) says.
pub fn fact(body: &str) -> Fact {
    if body.starts_with(' ') {
        return frame(body).unwrap_or(Fact::Other);
    }
    let has = |words: &str| body.contains(words);
    if has("Traceback (most recent call last)") {
        return Fact::Traceback;
    }
    if has("Fatal Python error: ") {
        return Fact::FatalError;
    }
    if body.ends_with("(most recent call first):") {
        return Fact::Threads { is_current: body.starts_with("Current thread") };
    }
    if body.starts_with("Call stack:") {
        return Fact::CallStack;
    }
    if body.starts_with("During handling of the above exception")
        || body.starts_with("The above exception was the direct cause")
    {
        return Fact::Chained;
    }
    if has("HARAKIRI") {
        return harakiri(body).unwrap_or(Fact::Other);
    }
    if let Some(found) = WORKER_TIMEOUT.captures(body) {
        return Fact::WorkerTimeout(number(&found, 1));
    }
    if let Some(found) = DIED.captures(body) {
        return Fact::WorkerDied(number(&found, 1).max(number(&found, 2)));
    }
    if CRASHED.is_match(body) {
        return Fact::Crashed;
    }
    if (has("=> generated ") || has("\" "))
        && let Some(answered) = answered(body)
    {
        return answered;
    }
    if has("no python application found")
        || has("unable to load app ")
        || has("does not contain WSGI application")
        || has("Failed to find attribute '")
        || has("Application object must be callable")
        || has("Failed to exec Python script")
        || has("cannot be loaded as Python module")
        || has("Could not read/compile source file")
    {
        return Fact::NoApplication;
    }
    if has("Address already in use") || has("Connection in use:") {
        return Fact::AddressInUse;
    }
    if has("invalid request block size") {
        return Fact::BlockSize;
    }
    if has("Logging error ---") {
        return Fact::LoggingError;
    }
    if has("write error") || has("Broken pipe") {
        let called = DURING.captures(body).and_then(|found| called(&found, 1, 2).or(called(&found, 1, 3)));
        return Fact::WriteError(called);
    }
    if has("Out of memory") || has("out of memory") || has("Cannot allocate memory") {
        return Fact::OutOfMemory;
    }
    if has("Timeout when reading response headers")
        || has("request time limit exceeded")
        || has("Queue timeout expired")
        || has("Script timed out before")
    {
        return Fact::DaemonTimeout;
    }
    if has("Truncated or oversized response headers") || has("Premature end of script headers") {
        return Fact::DaemonLost;
    }
    if has("exception raised by WSGI script '") || has("Exception occurred processing WSGI script '") {
        return Fact::ScriptFailed;
    }
    if let Some(fact) = dumped(body) {
        return fact;
    }
    if has("Error running WSGI application") {
        return Fact::LoadFailed;
    }
    let failed = FLASK.captures(body).and_then(|found| called(&found, 2, 1));
    let failed = failed.or_else(|| DJANGO.captures(body).and_then(|found| called(&found, 9, 1)));
    let failed = failed.or_else(|| GUNICORN.captures(body).and_then(|found| called(&found, 1, 2)));
    failed.map_or(Fact::Other, Fact::RequestFailed)
}

fn frame(body: &str) -> Option<Fact> {
    if !body.trim_start().starts_with("File \"") {
        return None;
    }
    let found = FRAME.captures(body)?;
    let path = found.get(1)?.range();
    let end = found.get(2)?.end();
    Some(Fact::Frame {
        // Without the quote before it, so that a click on the path is inside.
        place: path.start..end,
        path,
        line: number(&found, 2),
        function: found.get(3).map(|part| part.range()),
    })
}

fn dumped(body: &str) -> Option<Fact> {
    if !body.contains(" file \"") {
        return None;
    }
    let found = DUMPED.captures(body)?;
    Some(Fact::Dumped(Dumped {
        begins_thread: found.get(1).is_some(),
        path: found.get(2)?.range(),
        line: number(&found, 3),
        function: found.get(4)?.range(),
    }))
}

fn harakiri(body: &str) -> Option<Fact> {
    if let Some(found) = HARAKIRI.captures(body) {
        return Some(Fact::HarakiriBegins(number(&found, 1)));
    }
    Some(Fact::HarakiriOf(called(&HARAKIRI_CORE.captures(body)?, 1, 2)?))
}

fn answered(body: &str) -> Option<Fact> {
    let (found, status, seconds) = if let Some(found) = UWSGI_ACCESS.captures(body) {
        let status = number(&found, 4);
        let seconds = number(&found, 3) / 1000;
        (found, status, seconds)
    } else {
        let found = ACCESS.captures(body)?;
        let (status, seconds) = (number(&found, 3), number(&found, 4));
        (found, status, seconds)
    };
    let status = u16::try_from(status).ok()?;
    if status < 500 && seconds < SLOW {
        return Some(Fact::Other);
    }
    Some(Fact::Answered { called: called(&found, 1, 2)?, status, seconds })
}

fn called(found: &Captures<'_>, method: usize, path: usize) -> Option<Called> {
    let path = found.get(path)?.range();
    Some(Called { method: found.get(method).map(|part| part.range()), path })
}

/// The number that a group holds; 0 when it holds none.
fn number(found: &Captures<'_>, group: usize) -> u32 {
    found.get(group).and_then(|part| part.as_str().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;

    fn request(body: &str, called: &Called) -> String {
        let method = called.method.clone().map_or("", |range| &body[range]);
        format!("{method} {}", &body[called.path.clone()])
    }

    #[test]
    fn requests_are_found_in_the_words_of_every_server() {
        for (body, wanted) in [
            ("HARAKIRI [core 0] 127.0.0.1 - GET /a?x=1 since 1795414500", "GET /a?x=1"),
            ("ERROR in app: Exception on /a [POST]", "POST /a"),
            ("Internal Server Error: /a", " /a"),
            ("Error handling request GET /a", "GET /a"),
            ("Error handling request /a", " /a"),
            (
                "uwsgi_response_write_body_do(): Broken pipe [core/writer.c line 306] during GET /a (::1)",
                "GET /a",
            ),
            (
                "1.2.3.4 - - [23/Nov/2026:06:00:00 +0000] \"GET /a HTTP/1.1\" 504 1 \"-\" \"UA\" \"::1\" response-time=300.1",
                "GET /a",
            ),
            (
                "[pid: 6|app: 0|req: 1/1] ::1 () {2 vars in 9 bytes} [Mon Nov 23 06:15:14 2026] GET /a => generated 48 bytes in 17 msecs (HTTP/1.1 500) 1 headers",
                "GET /a",
            ),
        ] {
            let (Fact::HarakiriOf(called)
            | Fact::RequestFailed(called)
            | Fact::WriteError(Some(called))
            | Fact::Answered { called, .. }) = fact(body)
            else {
                panic!("{body}: {:?}", fact(body));
            };
            assert_eq!(request(body, &called), wanted);
            assert!(INTERESTING.is_match(body.as_bytes()), "{body}");
        }
    }

    #[test]
    fn what_servers_say_of_themselves_is_known() {
        for (body, wanted) in [
            ("*** HARAKIRI ON WORKER 3 (pid: 6, try: 1) ***", Fact::HarakiriBegins(3)),
            ("WORKER TIMEOUT (pid:77)", Fact::WorkerTimeout(77)),
            ("DAMN ! worker 2 (pid: 9) died, killed by signal 9 :( trying respawn ...", Fact::WorkerDied(2)),
            ("Worker (pid:12) was sent SIGKILL! Perhaps out of memory?", Fact::WorkerDied(12)),
            ("--- no python application found, check your startup logs for errors ---", Fact::NoApplication),
            ("Failed to find attribute 'application' in 'wsgi'.", Fact::NoApplication),
            ("Application object must be callable.", Fact::NoApplication),
            ("Connection in use: ('127.0.0.1', 8000)", Fact::AddressInUse),
            ("invalid request block size: 4161 (max 4096)...skip", Fact::BlockSize),
            ("OSError: write error", Fact::WriteError(None)),
            ("--- Logging error ---", Fact::LoggingError),
            ("Out of memory: Killed process 77 (uwsgi)", Fact::OutOfMemory),
            ("Error running WSGI application", Fact::LoadFailed),
            ("Daemon process request time limit exceeded, stopping process 'a'.", Fact::DaemonTimeout),
            (
                "Timeout when reading response headers from daemon process 'site': /home/jane/site/wsgi.py",
                Fact::DaemonTimeout,
            ),
            ("Script timed out before returning headers: wsgi.py", Fact::DaemonTimeout),
            ("mod_wsgi (pid=6): Queue timeout expired for WSGI daemon process 'site'.", Fact::DaemonTimeout),
            (
                "Truncated or oversized response headers received from daemon process 'site': /home/jane/site/wsgi.py",
                Fact::DaemonLost,
            ),
            ("Premature end of script headers: wsgi.py", Fact::DaemonLost),
            (
                "mod_wsgi (pid=6): Target WSGI script '/x/wsgi.py' does not contain WSGI application 'application'.",
                Fact::NoApplication,
            ),
            (
                "mod_wsgi (pid=6): Target WSGI script '/x/wsgi.py' cannot be loaded as Python module.",
                Fact::NoApplication,
            ),
            (
                "mod_wsgi (pid=6, process='site', application=''): Could not read/compile source file '/x/wsgi.py'.",
                Fact::NoApplication,
            ),
            ("mod_wsgi (pid=6): Exception occurred processing WSGI script '/x/wsgi.py'.", Fact::ScriptFailed),
            (
                "mod_wsgi (pid=6): SystemExit exception raised by WSGI script '/x/wsgi.py' ignored.",
                Fact::ScriptFailed,
            ),
            ("AH00052: child pid 12 exit signal Segmentation fault (11)", Fact::Crashed),
            ("!!! uWSGI process 12 got Segmentation Fault !!!", Fact::Crashed),
            ("DAMN ! worker 1 (pid: 12) died, killed by signal 6 :( trying respawn ...", Fact::Crashed),
            ("DAMN ! worker 1 (pid: 12) died, killed by signal 11 :( trying respawn ...", Fact::Other),
            ("Worker (pid:12) was sent SIGSEGV!", Fact::Crashed),
            ("Worker (pid:12) was sent SIGTERM!", Fact::Other),
            ("::1 - - [23/Nov/2026:06:00:00 +0000] \"GET /a HTTP/1.1\" 200 1 response-time=0.5", Fact::Other),
            ("spawned uWSGI worker 1 (pid: 6, cores: 1)", Fact::Other),
        ] {
            assert_eq!(fact(body), wanted, "{body}");
            let is_looked_at = INTERESTING.is_match(body.as_bytes());
            assert!(is_looked_at || wanted == Fact::Other, "{body}");
        }
    }
}
