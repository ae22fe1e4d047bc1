//! Where the hosts' help pages speak of what a log tells.

use crate::catalog::pages::{self, HelpPage};
use crate::syntax::logs::Kind;

/// The page on an incident; `None` where no page says more than the log does.
pub fn guide(kind: Kind) -> Option<HelpPage> {
    match kind {
        Kind::Harakiri | Kind::WorkerTimeout | Kind::DaemonTimeout | Kind::Slow(_) => {
            Some(pages::PA_502_SLOW_CODE)
        }
        Kind::Status(502 | 504) => Some(pages::PA_FLASK_504),
        Kind::NoApplication => Some(pages::PA_502_IMPORT_ERRORS),
        Kind::AddressInUse => Some(pages::PA_502_OWN_SERVER),
        Kind::LoggingError => Some(pages::PA_502_DJANGO_SETUP),
        Kind::BlockSize => Some(pages::UWSGI_THINGS_TO_KNOW),
        Kind::DaemonLost | Kind::WorkerCrashed => Some(pages::MOD_WSGI_GROUP),
        Kind::OutOfMemory | Kind::WorkerKilled | Kind::Exception | Kind::WriteError | Kind::Status(_) => None,
    }
}
