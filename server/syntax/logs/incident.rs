//! What a log tells of one failure.

use serde::Serialize;

use super::Stamp;

/// A range of a log (bytes from its start).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Span {
    /// The first byte.
    pub start: u64,
    /// The first byte after it.
    pub end: u64,
}

/// One failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// What happened.
    pub kind: Kind,
    /// The line that says so first, counted from 1.
    pub line: u64,
    /// That line without what stands before the message.
    pub span: Span,
    /// When, as far as this line or one before it tells.
    pub when: Option<Stamp>,
    /// For which request.
    pub request: Option<Request>,
    /// The calls of the traceback, outermost first.
    pub frames: Vec<Frame>,
    /// The exception that ends the traceback.
    pub exception: Option<Exception>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// uWSGI killed a worker whose request took too long.
    Harakiri,
    /// gunicorn killed a worker that said nothing for too long.
    WorkerTimeout,
    /// Apache stopped a daemon process, or gave up waiting for it.
    DaemonTimeout,
    /// Apache lost a daemon process in the middle of a request.
    DaemonLost,
    /// The host could not import the app, or found no callable in it.
    NoApplication,
    /// A port that somebody listens at already.
    AddressInUse,
    /// A process was killed for its memory, or could get no more.
    OutOfMemory,
    /// A worker was killed by a signal, and nothing says why.
    WorkerKilled,
    /// A worker ended itself by a fault in its machine code.
    WorkerCrashed,
    /// An exception that nobody caught.
    Exception,
    /// A request whose headers do not fit into uWSGI's buffer.
    BlockSize,
    /// The logging module could not write.
    LoggingError,
    /// The visitor or the proxy was gone before the answer was written.
    WriteError,
    /// An answer of 500 and above.
    Status(u16),
    /// An answer that took long, in whole seconds.
    Slow(u32),
}

/// A request that a log tells of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Request {
    /// The method; `None` when the log does not say it.
    pub method: Option<String>,
    /// The path, without the query: that may hold secrets.
    pub path: String,
    /// Where the log says it.
    #[serde(skip)]
    pub span: Span,
}

/// One call of a traceback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// The file, as the server names it.
    pub path: String,
    /// Its line, counted from 1.
    pub line: u32,
    /// The function; `None` for the place of a syntax error.
    pub function: Option<String>,
    /// Where the log names file and line.
    #[serde(skip)]
    pub span: Span,
}

/// An exception as a traceback shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Exception {
    /// Its class.
    pub class: String,
    /// Its message; may be empty.
    pub message: String,
}

impl Kind {
    /// The name that programs use: `harakiri`, `status-502` ...
    pub fn name(self) -> String {
        match self {
            Self::Status(status) => format!("status-{status}"),
            Self::Slow(_) => "slow".to_owned(),
            // The others are units, which serialize as their names.
            other => serde_json::to_value(other)
                .ok()
                .and_then(|name| name.as_str().map(str::to_owned))
                .unwrap_or_default(),
        }
    }

    /// What happened, as the start of a sentence.
    pub fn title(self) -> String {
        match self {
            Self::Harakiri => {
                "uWSGI killed the worker: the request took longer than its limit (harakiri)".to_owned()
            }
            Self::WorkerTimeout => {
                "gunicorn killed the worker: it was busy for longer than `timeout`".to_owned()
            }
            Self::DaemonTimeout => "Apache gave up waiting for the app's process".to_owned(),
            Self::DaemonLost => "Apache lost the app's process before its answer had begun".to_owned(),
            Self::NoApplication => "the host found no application to call".to_owned(),
            Self::AddressInUse => "the port is in use already".to_owned(),
            Self::OutOfMemory => "there was no memory left".to_owned(),
            Self::WorkerKilled => "a worker was killed by a signal, often for its memory".to_owned(),
            Self::WorkerCrashed => "a worker crashed (segmentation fault or the like)".to_owned(),
            Self::Exception => "an exception was not caught".to_owned(),
            Self::BlockSize => {
                "uWSGI refused a request whose headers are larger than `buffer-size`".to_owned()
            }
            Self::LoggingError => "the logging module could not write: its stream was closed".to_owned(),
            Self::WriteError => {
                "the answer could not be written: the visitor or the proxy was gone".to_owned()
            }
            Self::Status(status) => format!("a visitor got {status}"),
            Self::Slow(seconds) => format!("an answer took {seconds} s"),
        }
    }

    /// What it means and what to do, in a sentence or two.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Harakiri | Self::WorkerTimeout | Self::DaemonTimeout => {
                "Visitors get 502, 504 or 500. Bound every wait in the handler of this request, and move heavy work out of \
                 it, into a task queue or a scheduled task."
            }
            Self::DaemonLost => {
                "Visitors get 500. The process crashed, ended itself, or was stopped because the request took longer than \
                 `request-timeout`; headers of more than 8 kB look the same. `LogLevel wsgi:info` makes Apache say which."
            }
            Self::WorkerCrashed => {
                "Python itself does not crash: a package with compiled parts did. `faulthandler.enable()` makes the log name the \
                 line (give it a file of its own under mod_wsgi). There, `application-group=%{GLOBAL}` is what many of these \
                 packages need."
            }
            Self::NoApplication => {
                "The reason stands further up in the log, where the app was started: an exception while importing, or a \
                 WSGI file without the name `application`."
            }
            Self::AddressInUse => {
                "The host listens for visitors itself: remove the app's own server (`app.run()`), or put it below \
                 `if __name__ == \"__main__\":`."
            }
            Self::OutOfMemory | Self::WorkerKilled => {
                "Load less at once: read files in pieces, keep models and tables out of each worker, or run fewer workers."
            }
            Self::Exception => "The innermost call of your own code is the place to look at.",
            Self::BlockSize => {
                "Large cookies are the usual reason: keep sessions on the server, or raise `buffer-size` (at most 65535)."
            }
            Self::LoggingError => {
                "Usually `django.setup()` is called in the web app, which sets up logging a second time: leave that to \
                 `get_wsgi_application()`."
            }
            Self::WriteError => {
                "Harmless alone; many of them mean that answers come too late and visitors leave."
            }
            Self::Status(_) => "The error log of the same time tells why.",
            Self::Slow(_) => "Each worker serves one request at a time: others wait meanwhile.",
        }
    }

    /// Whether visitors were turned away by it.
    pub fn is_failure(self) -> bool {
        !matches!(self, Self::WriteError | Self::LoggingError | Self::Slow(_))
    }
}

impl Incident {
    /// What happened, with the exception's own words.
    pub fn headline(&self) -> String {
        match &self.exception {
            Some(Exception { class, message }) if self.kind == Kind::Exception && message.is_empty() => {
                class.clone()
            }
            Some(Exception { class, message }) if self.kind == Kind::Exception => {
                format!("{class}: {message}")
            }
            _ => self.kind.title(),
        }
    }
}

impl Request {
    /// Method and path, as people write them.
    pub fn shown(&self) -> String {
        match &self.method {
            Some(method) => format!("{method} {}", self.path),
            None => self.path.clone(),
        }
    }
}
