//! Host profiles: what a visitor gets for each way in which an app can fail.
//!
//! The table was measured with uWSGI 2.0.26 and 2.0.31, gunicorn 27.0.1 and Apache with mod_wsgi behind nginx; PythonAnywhere is
//! uWSGI behind an import wrapper that turns an ordinary exception into a page with status 500.

use schemars::JsonSchema;
use serde::Serialize;

/// What loads and serves the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Host {
    /// PythonAnywhere's web apps: uWSGI behind a wrapper, the entry is `/var/www/<domain>_wsgi.py`.
    #[serde(rename = "pythonanywhere")]
    PythonAnywhere,
    /// Plain uWSGI, loading before the fork.
    Uwsgi,
    /// gunicorn with a sync worker.
    Gunicorn,
    /// Apache with mod_wsgi in daemon mode.
    ModWsgi,
    /// Phusion Passenger.
    Passenger,
}

impl Host {
    /// All hosts, in the order in which help texts name them.
    pub const ALL: [Self; 5] =
        [Self::PythonAnywhere, Self::Uwsgi, Self::Gunicorn, Self::ModWsgi, Self::Passenger];

    /// The name that settings, the command line and the JSON output use.
    pub fn name(self) -> &'static str {
        match self {
            Self::PythonAnywhere => "pythonanywhere",
            Self::Uwsgi => "uwsgi",
            Self::Gunicorn => "gunicorn",
            Self::ModWsgi => "mod_wsgi",
            Self::Passenger => "passenger",
        }
    }

    /// The name that sentences use.
    pub fn title(self) -> &'static str {
        match self {
            Self::PythonAnywhere => "PythonAnywhere",
            Self::Uwsgi => "uWSGI",
            Self::Gunicorn => "gunicorn",
            Self::ModWsgi => "mod_wsgi",
            Self::Passenger => "Passenger",
        }
    }

    /// The host with that [`Self::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|host| host.name() == name)
    }

    /// What a visitor gets when the app fails in this way.
    pub fn visitor_sees(self, failure: Failure) -> VisitorSees {
        use Failure as F;
        use VisitorSees as V;
        match (failure, self) {
            (F::RefusesHost, _) => V::ClientError,
            // The host kills the worker at its limit. An import has none.
            (F::NeverAnswers | F::OutlastsRequest, Self::Uwsgi | Self::PythonAnywhere) => V::KilledBadGateway,
            (F::NeverAnswers | F::OutlastsRequest, Self::Gunicorn) => V::KilledServerError,
            (F::NeverReturns | F::NeverAnswers | F::OutlastsRequest, _) => V::Timeout,
            // The worker is gone in the middle of a request; gunicorn and mod_wsgi catch `SystemExit` around the app.
            (F::ExitsInRequest, Self::Uwsgi | Self::PythonAnywhere | Self::Passenger) => V::BadGateway,
            (F::KillsWorker, Self::ModWsgi) => V::ServerError,
            (F::KillsWorker | F::AnswersGatewayError | F::OversizedHeader, _) => V::BadGateway,
            // The reloader executes `sys.executable`, which is the uwsgi binary and exits.
            (F::Reloads | F::PortTaken | F::Exits, Self::Uwsgi | Self::PythonAnywhere) => V::BadGateway,
            (F::Reloads | F::PortTaken | F::Exits, Self::Gunicorn) => V::Timeout,
            (F::Raises | F::NoApplication, Self::Gunicorn) => V::BadGateway,
            (F::FirstRequest, Self::Uwsgi) => V::BadGateway,
            (F::RaisesBase, Self::Gunicorn) => V::Timeout,
            (F::WrongCallable, Self::Uwsgi) => V::BadGateway,
            (F::HiddenApplication, Self::Uwsgi | Self::ModWsgi) => V::ServerError,
            (F::HiddenApplication, _) => V::Ok,
            // mod_wsgi takes nothing but an iterable of `bytes`.
            (F::ReturnsText | F::ReturnsBytes, Self::ModWsgi) => V::ServerError,
            (F::ReturnsText, _) => V::WrongBody,
            (F::ReturnsBytes, Self::Uwsgi) => V::Ok,
            (F::ReturnsBytes, _) => V::WrongBody,
            (F::ReturnsNothing, Self::Uwsgi) => V::WrongBody,
            (F::NeverStartsResponse, Self::Uwsgi | Self::PythonAnywhere | Self::Gunicorn) => V::BadGateway,
            (F::KeepsServerDown, _) => V::BadGateway,
            (F::KillsServer, Self::Gunicorn) => V::Timeout,
            (F::KillsServer, _) => V::BadGateway,
            _ => V::ServerError,
        }
    }
}

/// The ways in which an app fails, as far as hosts differ in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// The import never ends: a server that serves, an endless loop, a wait without an end.
    NeverReturns,
    /// Requests are never answered, because what they wait for is not there.
    NeverAnswers,
    /// The import starts a development server with its reloader.
    Reloads,
    /// The import starts a server on a port that cannot be had.
    PortTaken,
    /// The import ends the process: `sys.exit()`, `os._exit()`.
    Exits,
    /// The import ends the process in a way that makes the host give up.
    KeepsServerDown,
    /// The import replaces or kills the server process itself.
    KillsServer,
    /// The import raises an ordinary exception.
    Raises,
    /// The import raises an exception that is no `Exception`, such as `KeyboardInterrupt`.
    RaisesBase,
    /// What the framework loads for the first request raises, and its own error page needs the same.
    FirstRequest,
    /// The same, with Django's `DEBUG` on, which answers with a page of its own.
    FirstRequestDebug,
    /// The import works and leaves no callable under the name that the host wants.
    NoApplication,
    /// The callable is only there for `getattr`, not in the module's dictionary.
    HiddenApplication,
    /// The callable cannot be called as PEP 3333 says.
    WrongCallable,
    /// The callable returns `str` or a list of `str`.
    ReturnsText,
    /// The callable returns one `bytes` object instead of an iterable of them.
    ReturnsBytes,
    /// The callable returns `None` or another object that is not iterable, or its headers are malformed.
    ReturnsNothing,
    /// The callable never calls `start_response`.
    NeverStartsResponse,
    /// A request takes longer than the host gives it, and its worker is killed.
    OutlastsRequest,
    /// A handler raises an ordinary exception.
    RaisesInRequest,
    /// A handler raises `SystemExit`.
    ExitsInRequest,
    /// A handler ends its worker process at once: `os._exit()`, a crash.
    KillsWorker,
    /// The app itself answers that a gateway is broken.
    AnswersGatewayError,
    /// Django answers 400 because the site's name is not in `ALLOWED_HOSTS`.
    RefusesHost,
    /// A response header does not fit into the proxy's buffer.
    OversizedHeader,
}

impl Failure {
    /// Whether the app is not there at all because of it: it concerns every request.
    pub fn is_at_load(self) -> bool {
        matches!(
            self,
            Self::NeverReturns
                | Self::Exits
                | Self::KeepsServerDown
                | Self::KillsServer
                | Self::Reloads
                | Self::PortTaken
                | Self::Raises
                | Self::RaisesBase
                | Self::NoApplication
                | Self::HiddenApplication
                | Self::WrongCallable
        )
    }
}

/// What a visitor gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub enum VisitorSees {
    /// The page.
    #[serde(rename = "ok")]
    Ok,
    /// 500 Internal Server Error.
    #[serde(rename = "500")]
    ServerError,
    /// 502 Bad Gateway.
    #[serde(rename = "502")]
    BadGateway,
    /// Nothing for a long time, until a proxy gives up, mostly with 504 Gateway Timeout, or the worker is killed at its limit.
    #[serde(rename = "timeout")]
    Timeout,
    /// The same to programs: 502 Bad Gateway when the worker is killed.
    #[serde(rename = "timeout")]
    #[schemars(skip)]
    KilledBadGateway,
    /// The same to programs: 500 Internal Server Error when the worker is killed.
    #[serde(rename = "timeout")]
    #[schemars(skip)]
    KilledServerError,
    /// Status 200 with an empty or broken page.
    #[serde(rename = "wrong-body")]
    WrongBody,
    /// A client error such as 400 or 404.
    #[serde(rename = "4xx")]
    ClientError,
}

impl VisitorSees {
    /// Whether a visitor waits for long before anything comes.
    pub fn is_late(self) -> bool {
        matches!(self, Self::Timeout | Self::KilledBadGateway | Self::KilledServerError)
    }

    /// A noun phrase for messages.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Ok => "the page",
            Self::ServerError => "500 Internal Server Error",
            Self::BadGateway => "502 Bad Gateway",
            Self::Timeout => "504 Gateway Timeout after a long wait",
            Self::KilledBadGateway => "502 Bad Gateway after a long wait, when the worker is killed",
            Self::KilledServerError => {
                "500 Internal Server Error after a long wait, when the worker is killed"
            }
            Self::WrongBody => "an empty or broken page with status 200",
            Self::ClientError => "a 4xx error",
        }
    }
}
