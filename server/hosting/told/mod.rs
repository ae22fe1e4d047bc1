//! What one configuration file tells a server, in whatever format: its options with their places and what is known of them.

mod address;
mod flags;
mod read;
mod target;

use crate::catalog::options::{Family, OptionInfo};
use crate::syntax::config::{Spanned, Word};
use crate::text::TextRange;

pub use address::{Address, Listener, Pass, listeners, passes};
pub use flags::{Arguments, Flag, arguments};
pub use read::{read, server_in};
pub use target::{Target, targets};

/// One option as a file gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Whose option it is.
    pub family: Family,
    /// Its name as it is written there, `--` included.
    pub name: Spanned,
    /// What is known of it.
    pub info: Option<&'static OptionInfo>,
    /// Its value.
    pub value: Option<Spanned>,
    /// How the value is written.
    pub spelling: Spelling,
    /// The whole line, statement, directive or pair of words (bytes).
    pub range: TextRange,
    /// Whether it may be passed over.
    pub is_conditional: bool,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As text that the server reads.
    Text,
    /// A text of Python; the value's place is the one between its quotes.
    PythonText,
    /// A number, truth value, list or `None` of Python.
    PythonLiteral,
    /// Something that has to be computed, or that is filled in elsewhere.
    Unknown,
    /// There is none.
    Nothing,
}

impl Told {
    /// The name of the setting: the option that a flag stands for, else what is written.
    pub fn setting(&self) -> &str {
        self.info.map_or_else(|| self.name.text.trim_start_matches('-'), |info| info.name)
    }

    /// Whether it is the option of this name, or another name of that.
    pub fn is(&self, name: &str) -> bool {
        self.setting() == name || self.info.is_some_and(|info| info.same_as == Some(name))
    }

    /// The value, where it is a text or number that stands there as it counts.
    pub fn known(&self) -> Option<&Spanned> {
        let is_known =
            matches!(self.spelling, Spelling::Text | Spelling::PythonText | Spelling::PythonLiteral);
        self.value.as_ref().filter(|_| is_known)
    }

    /// The text that counts.
    pub fn text(&self) -> Option<&str> {
        self.known().map(|value| value.text.as_str())
    }
}

/// What belongs together: a section, a file of settings, a command line, the directives of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Who reads it.
    pub server: Server,
    /// The section's name, the process of a `Procfile`, the service.
    pub title: Option<Spanned>,
    /// The options, in order.
    pub told: Vec<Told>,
    /// The app that a command line names beside its options.
    pub target: Option<Word>,
    /// Which of the file's commands it is.
    pub command: Option<usize>,
    /// Where it stands (bytes).
    pub range: TextRange,
}

impl Group {
    /// The option that counts: the last one of this name, whether known or not.
    pub fn last(&self, name: &str) -> Option<&Told> {
        self.told.iter().rev().find(|told| told.is(name))
    }

    /// Whether a switch of uWSGI is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.last(name).is_some_and(|told| {
            told.text().is_none_or(|text| {
                !matches!(text.to_ascii_lowercase().as_str(), "false" | "off" | "no" | "0")
            })
        })
    }
}

/// The servers whose options are known, and those that only take an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// uWSGI.
    Uwsgi,
    /// gunicorn.
    Gunicorn,
    /// Apache with mod_wsgi.
    ModWsgi,
    /// `mod_wsgi-express`.
    ModWsgiExpress,
    /// `waitress-serve`.
    Waitress,
    /// Another server that takes `module:callable`: uvicorn, hypercorn, daphne, granian.
    Other,
}

impl Server {
    /// The table of its options.
    pub fn family(self) -> Option<Family> {
        Some(match self {
            Self::Uwsgi => Family::Uwsgi,
            Self::Gunicorn => Family::Gunicorn,
            Self::ModWsgi => Family::ModWsgi,
            Self::ModWsgiExpress => Family::ModWsgiExpress,
            Self::Waitress => Family::Waitress,
            Self::Other => return None,
        })
    }

    /// Its name as people write it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Uwsgi => "uWSGI",
            Self::Gunicorn => "gunicorn",
            Self::ModWsgi => "mod_wsgi",
            Self::ModWsgiExpress => "mod_wsgi-express",
            Self::Waitress => "waitress",
            Self::Other => "the server",
        }
    }
}
