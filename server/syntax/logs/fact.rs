//! What one line of a log can say.

use std::ops::Range;

/// What the message of a line says; ranges are bytes of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A traceback begins.
    Traceback,
    /// The calls that led to a message of the logging module begin.
    CallStack,
    /// A call of a traceback.
    Frame {
        /// The file and its line as one place of the log.
        place: Range<usize>,
        /// The file.
        path: Range<usize>,
        /// Its line, from 1.
        line: u32,
        /// The function, when there is one.
        function: Option<Range<usize>>,
    },
    /// Python itself gives up; the calls of its threads follow.
    FatalError,
    /// The calls of a thread follow.
    Threads {
        /// Whether it is the thread that was running.
        is_current: bool,
    },
    /// Another traceback belongs to the one before.
    Chained,
    /// uWSGI begins to kill a worker of this number.
    HarakiriBegins(u32),
    /// It tells what the worker did.
    HarakiriOf(Called),
    /// gunicorn gives up a worker of this process id.
    WorkerTimeout(u32),
    /// A worker was killed by a signal from outside; its number at uWSGI or its process id at gunicorn.
    WorkerDied(u32),
    /// A worker died of its own fault.
    Crashed,
    /// There is no memory left.
    OutOfMemory,
    /// The host has no application.
    NoApplication,
    /// A port is taken.
    AddressInUse,
    /// uWSGI refuses a request for its size.
    BlockSize,
    /// The logging module is about to show why it could not write.
    LoggingError,
    /// The one that asked is gone.
    WriteError(Option<Called>),
    /// Apache stops a daemon process or gives it up.
    DaemonTimeout,
    /// Apache's connection to a daemon process ended too early.
    DaemonLost,
    /// A daemon process that is stopped tells where its threads are, one call after the other.
    Dumped(Dumped),
    /// mod_wsgi could not run the script; what Python says of it follows, for an error of syntax without the usual first line.
    ScriptFailed,
    /// An exception was raised for a request; a traceback follows.
    RequestFailed(Called),
    /// PythonAnywhere's wrapper could not load the app; the exception follows.
    LoadFailed,
    /// A request was answered.
    Answered {
        /// Which one.
        called: Called,
        /// With this status.
        status: u16,
        /// After so many whole seconds.
        seconds: u32,
    },
    /// Nothing that matters by itself.
    Other,
}

/// A call in the list of a daemon process: ranges of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dumped {
    /// Whether it is the innermost call of another thread.
    pub begins_thread: bool,
    /// The file.
    pub path: Range<usize>,
    /// Its line, from 1.
    pub line: u32,
    /// The function.
    pub function: Range<usize>,
}

/// A request in a message: ranges of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The method.
    pub method: Option<Range<usize>>,
    /// The path with its query.
    pub path: Range<usize>,
}
