//! What comes of what a rule finds: the ways in which the app fails, and what people notice first.

use super::Rule;
use crate::hosting::{Failure, Host, VisitorSees};

/// What people notice, and look for when they need help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symptom {
    /// 502 Bad Gateway.
    BadGateway,
    /// 504 Gateway Timeout, or a browser that waits.
    Timeout,
    /// 500 Internal Server Error, or PythonAnywhere's "Something went wrong".
    ServerError,
    /// Status 200 with an empty or broken page.
    EmptyPage,
    /// It works, slowly.
    Slow,
    /// Nothing yet.
    Nothing,
}

impl Symptom {
    /// All, in the order of the index.
    pub const ALL: [Self; 6] =
        [Self::BadGateway, Self::Timeout, Self::ServerError, Self::EmptyPage, Self::Slow, Self::Nothing];

    /// A few words for a table's cell.
    pub fn name(self) -> &'static str {
        match self {
            Self::BadGateway => "502",
            Self::Timeout => "504",
            Self::ServerError => "500",
            Self::EmptyPage => "an empty page",
            Self::Slow => "the page, late",
            Self::Nothing => "the page",
        }
    }

    /// A heading of the index.
    pub fn heading(self) -> &'static str {
        match self {
            Self::BadGateway => "502 Bad Gateway",
            Self::Timeout => "504 Gateway Timeout, or a browser that waits",
            Self::ServerError => "500 Internal Server Error, \"Something went wrong\"",
            Self::EmptyPage => "An empty or broken page",
            Self::Slow => "A slow site, or a reload that times out",
            Self::Nothing => "Nothing yet",
        }
    }

    /// The words by which it can be asked for on the command line.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::BadGateway => &["502"],
            Self::Timeout => &["504", "timeout"],
            Self::ServerError => &["500"],
            Self::EmptyPage => &["empty"],
            Self::Slow => &["slow"],
            Self::Nothing => &["nothing"],
        }
    }

    /// Where to look first.
    pub fn advice(self) -> &'static str {
        match self {
            Self::BadGateway => {
                "The proxy asked your app's server and got no answer: the server is not there, or the process that answered was lost. \
                 Look into the server's log, not only into the app's."
            }
            Self::Timeout => {
                "The proxy waited and gave up. Either the app never finished loading, and then every page is like that, or this one request \
                 takes too long. The log often says nothing, because nothing failed."
            }
            Self::ServerError => {
                "The host could not load the app, or the app raised an exception. The traceback is in the error log; for an app that \
                 could not be loaded it stands at the time of the reload, not of the request."
            }
            Self::EmptyPage => {
                "The status is 200, the page is empty or cut short, and the log is silent: the host cannot send what the app answers."
            }
            Self::Slow => "Visitors get the page late, or the first visitor after a reload waits.",
            Self::Nothing => "The site works. These are advice, and accidents that wait for the next change.",
        }
    }

    /// What a visitor notices of a failure on a host; `None` when it is the page.
    pub fn of(failure: Failure, host: Host) -> Option<Self> {
        match host.visitor_sees(failure) {
            VisitorSees::Ok => None,
            VisitorSees::ServerError | VisitorSees::ClientError | VisitorSees::KilledServerError => {
                Some(Self::ServerError)
            }
            VisitorSees::BadGateway | VisitorSees::KilledBadGateway => Some(Self::BadGateway),
            VisitorSees::WrongBody => Some(Self::EmptyPage),
            VisitorSees::Timeout => Some(Self::Timeout),
        }
    }
}

/// The ways in which an app fails because of what a rule finds, the usual one first; none for mere advice.
pub fn failures(id: &str) -> &'static [Failure] {
    use Failure as F;
    match id {
        "server-started-at-import" => &[F::NeverReturns, F::Reloads, F::PortTaken, F::Raises],
        "blocking-import" => &[F::NeverReturns],
        "exit-at-import" => &[F::Exits, F::KeepsServerDown],
        "crash-at-import" => &[F::Raises, F::RaisesBase, F::FirstRequest, F::FirstRequestDebug],
        "application-missing" => &[F::NoApplication, F::HiddenApplication],
        "application-not-callable" | "entry-mismatch" => &[F::NoApplication],
        "uncalled-factory" | "wrong-signature" | "asgi-application" => &[F::WrongCallable],
        "malformed-response" => &[F::ReturnsText, F::ReturnsBytes, F::ReturnsNothing, F::NeverStartsResponse],
        "worker-lost-in-fork" => &[F::NeverAnswers],
        "interpreter-replaced" => &[F::KillsServer],
        "late-sys-path" | "bad-sys-path-entry" | "missing-environment-variable" => &[F::Raises],
        "syntax-error"
        | "unresolved-import"
        | "missing-import-name"
        | "circular-import"
        | "shadowed-module"
        | "removed-module"
        | "removed-api"
        | "unresolved-django-setting"
        | "missing-file-at-import" => &[F::Raises, F::FirstRequest, F::FirstRequestDebug],
        "slow-request" | "unbounded-wait" | "server-started-in-request" | "heavy-work-in-request" => {
            &[F::OutlastsRequest]
        }
        "exit-in-request" => &[F::ExitsInRequest, F::KillsWorker],
        "gui-call" => &[F::RaisesInRequest, F::KillsWorker, F::Raises, F::Exits],
        "crash-in-request" | "setup-only-under-main" | "relative-path" => &[F::RaisesInRequest],
        "gateway-error-from-app" => &[F::AnswersGatewayError],
        "refused-host" => &[F::RefusesHost],
        "oversized-header" => &[F::OversizedHeader],
        _ => &[],
    }
}

/// What people notice of a rule's finding, in the order of [`Symptom::ALL`], each with the hosts on which they do.
pub fn symptoms(rule: &Rule) -> Vec<(Symptom, Vec<Host>)> {
    let failures = failures(rule.id);
    let shows = |symptom: Symptom, host: Host| {
        failures.iter().any(|failure| Symptom::of(*failure, host) == Some(symptom))
    };
    let on = |symptom| Host::ALL.into_iter().filter(|host| shows(symptom, *host)).collect::<Vec<_>>();
    let all = Symptom::ALL.into_iter().map(|symptom| (symptom, on(symptom)));
    let mut shown: Vec<(Symptom, Vec<Host>)> = all.filter(|(_, hosts)| !hosts.is_empty()).collect();
    if is_slow(rule.id) {
        shown.push((Symptom::Slow, Host::ALL.to_vec()));
    } else if keeps_server_down(rule.id) {
        shown.push((Symptom::BadGateway, Host::ALL.to_vec()));
    } else if shown.is_empty() {
        shown.push((Symptom::Nothing, Host::ALL.to_vec()));
    }
    shown
}

/// Whether it is a mistake in a configuration at which servers do not start, or from which they do not recover.
fn keeps_server_down(id: &str) -> bool {
    matches!(
        id,
        "malformed-configuration"
            | "missing-path"
            | "unknown-option"
            | "bad-option-value"
            | "comment-in-value"
            | "unexpanded-variable"
            | "option-not-in-this-version"
            | "conflicting-options"
            | "harakiri-without-master"
            | "relative-exec-start"
    )
}

/// Whether people see it as slowness before anything fails.
fn is_slow(id: &str) -> bool {
    matches!(id, "slow-import" | "slow-request" | "unbounded-wait" | "heavy-work-in-request")
}

/// What happens in a failure, as the first cell of a row.
pub fn happening(failure: Failure) -> &'static str {
    match failure {
        Failure::NeverReturns => "the import never ends",
        Failure::NeverAnswers => "requests wait for ever",
        Failure::Reloads => "the server's reloader starts the program anew",
        Failure::PortTaken => "the port is taken, or below 1024",
        Failure::Exits => "the import ends the process",
        Failure::KeepsServerDown => "the import ends the process with a status at which the host gives up",
        Failure::KillsServer => "the server's process is replaced or killed",
        Failure::Raises => "the import raises an exception",
        Failure::RaisesBase => "the import raises something that is no `Exception`",
        Failure::FirstRequest => "it is only imported for the first request",
        Failure::FirstRequestDebug => "the same, with Django's `DEBUG` on",
        Failure::NoApplication => "there is nothing to call",
        Failure::HiddenApplication => "the callable only shows itself to `getattr`",
        Failure::WrongCallable => "the call fails",
        Failure::ReturnsText => "it answers with `str`",
        Failure::ReturnsBytes => "it answers with one `bytes` object",
        Failure::ReturnsNothing => "it answers with `None`, a number or malformed headers",
        Failure::NeverStartsResponse => "it never calls `start_response`",
        Failure::OutlastsRequest => "the request outlasts the host's limit",
        Failure::RaisesInRequest => "the handler raises an exception",
        Failure::ExitsInRequest => "the handler raises `SystemExit`",
        Failure::KillsWorker => "the handler ends its process",
        Failure::AnswersGatewayError => "the app answers so itself",
        Failure::RefusesHost => "the site's name is not allowed",
        Failure::OversizedHeader => "the headers do not fit into the proxy's buffer",
    }
}
