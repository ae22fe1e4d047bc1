//! The time that a host gives a request.

use crate::hosting::{Deployment, Host};

/// Work that takes longer than this (seconds) belongs into a queue: PythonAnywhere's rule of thumb.
pub const QUEUE_FROM: f64 = 30.0;

/// PythonAnywhere's limit (seconds).
const PYTHONANYWHERE: f64 = 300.0;

/// The limit that hosts are taken to have where nobody can see their configuration (seconds): that of PythonAnywhere, which
/// is also the longest that a default asks for (`request-timeout` of mod_wsgi, `harakiri` in most examples are shorter).
const ASSUMED: f64 = 300.0;

/// The time that a host gives a request, and who says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    /// A request that takes longer (seconds) does not survive.
    pub seconds: f64,
    /// What ends it, for sentences: "uWSGI's `harakiri`".
    pub by: String,
    /// Whether this is the host's own limit or one that a configuration sets; else it is only assumed.
    pub is_known: bool,
    /// The limit (seconds) that applies unless a configuration that we do not see sets another.
    pub default: Option<f64>,
}

impl Budget {
    /// The budget of a deployment's requests.
    pub fn of(deployment: &Deployment) -> Self {
        let limits = &deployment.limits;
        let (by, default) = match deployment.host {
            Host::PythonAnywhere => {
                let by = "PythonAnywhere's limit".to_owned();
                return Self { seconds: PYTHONANYWHERE, by, is_known: true, default: None };
            }
            Host::Uwsgi => ("`harakiri` of uWSGI", None),
            // <https://docs.gunicorn.org/en/stable/settings.html#timeout>: workers silent for more than 30 s are killed. Workers
            // that serve several requests at a time are not silent while one of them waits.
            Host::Gunicorn if deployment.serves_several() => ("a proxy's limit", None),
            Host::Gunicorn => ("`timeout` of gunicorn", Some(30.0)),
            Host::ModWsgi => ("`request-timeout` of mod_wsgi", None),
            Host::Passenger => ("the limit of Passenger", None),
        };
        let by = by.to_owned();
        match limits.request_seconds.filter(|_| !deployment.serves_several()) {
            Some(seconds) if seconds > 0.0 => Self { seconds, by, is_known: true, default: None },
            // The configuration switches the limit off.
            Some(_) => {
                Self { seconds: ASSUMED, by: "a proxy's limit".to_owned(), is_known: false, default: None }
            }
            None => Self { seconds: ASSUMED, by, is_known: false, default },
        }
    }
}
