//! What a rule says.

use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rule;
use crate::hosting::{Failure, VisitorSees};
use crate::load::{Certainty, Site};
use crate::text::{TextEdit, TextRange};

/// One thing that is wrong, where, why, and what mends it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that says so.
    pub rule: &'static Rule,
    /// How loud.
    pub severity: Severity,
    /// How sure.
    pub certainty: Certainty,
    /// What is wrong and what a visitor of this host gets, as one sentence or two.
    pub message: String,
    /// Where.
    pub site: Site,
    /// The chain of imports and calls that leads there, innermost last, and other places that matter.
    pub related: Vec<Related>,
    /// How the app fails because of it; `None` for advice.
    pub failure: Option<Failure>,
    /// What a visitor of this host gets because of it.
    pub visitor_sees: VisitorSees,
    /// What mends it, best first.
    pub fixes: Vec<Fix>,
}

/// How loud a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Style.
    Hint,
    /// The host's advice.
    Information,
    /// The host will likely not serve it, or kill a request.
    Warning,
    /// The host will not serve it.
    Error,
}

impl Severity {
    /// All, loudest first.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Information, Self::Hint];

    /// The name that settings and the JSON output use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub site: Site,
    /// What happens there.
    pub message: String,
}

/// Something worth telling when somebody points at a place, without anything being wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where.
    pub site: Site,
    /// The text, in Markdown.
    pub markdown: String,
}

/// A change that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative: "Remove `app.run()`".
    pub title: String,
    /// Whether it may be applied without a look.
    pub safety: Safety,
    /// Whether it is the one to offer first.
    pub preferred: bool,
    /// The edits, in any order.
    pub edits: Vec<FileEdit>,
}

/// Whether a fix may be applied without a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// It cannot change what a healthy run does.
    Safe,
    /// A person should look at it.
    Review,
}

/// One edit of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    /// The file, absolute.
    pub path: Arc<Path>,
    /// The edit, in bytes of the text that was analysed.
    pub edit: TextEdit,
}

impl FileEdit {
    /// Replaces a range of a file.
    pub fn replace(path: &Arc<Path>, range: TextRange, new_text: impl Into<String>) -> Self {
        Self { path: path.clone(), edit: TextEdit::replace(range, new_text) }
    }
}
