//! What a statement does that the host cares about.

use std::path::Path;
use std::sync::Arc;

use crate::text::TextRange;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    /// The file, absolute.
    pub path: Arc<Path>,
    /// The range in its text (bytes).
    pub range: TextRange,
}

/// Something that a statement does that the host cares about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// What it does.
    pub kind: EffectKind,
    /// The call or statement that does it.
    pub site: Site,
    /// How the load came there, outermost first: imports and calls.
    pub trail: Vec<Step>,
    /// How sure it is.
    pub certainty: Certainty,
}

/// The kinds of effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EffectKind {
    /// The module at the site cannot be compiled; its file's problems tell why.
    SyntaxError,
}

/// One step on the way to an effect.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The statement or call.
    pub site: Site,
    /// Whether it imports or calls.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// Imports the module of this dotted name.
    Import(String),
    /// Calls the function of this name.
    Call(String),
}

/// How sure a statement about the host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// On a path that the host may take.
    Likely,
    /// On every path that the host can take.
    Certain,
}
