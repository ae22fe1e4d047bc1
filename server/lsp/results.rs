//! What an analysis found, in the client's terms: URIs as it spells them, positions as it counts them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tower_lsp_server::ls_types::{Diagnostic, Range, TextEdit, Uri};

use crate::analysis::{Analysis, Judged};
use crate::rules::{Rule, Verdict};
use crate::workspace::Snapshot;

/// What was found out about one state of the session.
#[derive(Debug, Default)]
pub struct Results {
    /// The state's number.
    pub revision: u64,
    /// Every file that something is to be said of, and every open document.
    pub files: HashMap<Uri, FileReport>,
    /// Whether a name was passed over because somebody types there.
    pub half_typed: bool,
    /// The folders, each with the prediction for what is deployed from it.
    pub folders: Vec<FolderReport>,
    /// Settings that could not be used, each as a sentence for people.
    pub problems: Vec<String>,
}

/// The files as they were analysed, and what came out, for requests that look again.
///
/// It holds trees, and to drop a tree takes as much stack as to analyse it: it never leaves threads that have so much.
#[derive(Debug)]
pub struct View {
    /// The files.
    pub snapshot: Snapshot,
    /// One analysis for each folder, with the folder (absolute).
    pub analyses: Vec<(PathBuf, Analysis)>,
}

impl View {
    /// The deployment that loads a file (absolute path), else any whose folder is above it.
    pub fn judged(&self, path: &Path) -> Option<&Judged> {
        let mut all = self.analyses.iter().flat_map(|(_, analysis)| &analysis.deployments);
        let loads = all.clone().find(|judged| judged.load.modules.iter().any(|module| *module.path == *path));
        loads.or_else(|| all.find(|judged| path.starts_with(&judged.deployment.root)))
    }
}

/// What is to be said of one analysed folder.
#[derive(Debug)]
pub struct FolderReport {
    /// The folder, absolute.
    pub root: PathBuf,
    /// What becomes of each of its deployments.
    pub predictions: Vec<Prediction>,
}

/// What becomes of one deployment, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Prediction {
    /// The file that the host loads.
    #[serde(rename = "uri")]
    pub entry: Option<Uri>,
    /// The host's name.
    pub host: &'static str,
    /// What it does with the app, as a predicate.
    pub does: &'static str,
    /// What visitors get, as a sentence without its full stop.
    pub visitors: String,
    /// Whether visitors get the page.
    pub good: bool,
}

impl Prediction {
    /// The prediction for a deployment whose entry the client calls by this name.
    pub fn of(judged: &Judged, entry: Option<Uri>) -> Self {
        Self {
            entry,
            host: judged.deployment.host.title(),
            does: judged.judgement.verdict.phrase(),
            visitors: judged.judgement.visitors(),
            good: judged.judgement.verdict == Verdict::Serves,
        }
    }

    /// All of it in one line.
    pub fn title(&self) -> String {
        match self.good {
            true => format!("{}: {}", self.host, self.does),
            false => format!("{}: {}; {}", self.host, self.does, self.visitors),
        }
    }
}

/// What is to be said of one file.
#[derive(Debug, Default)]
pub struct FileReport {
    /// Names the diagnostics: the same id means the same diagnostics.
    pub id: String,
    /// The version of the document that was analysed; `None` for a file that is not open.
    pub version: Option<i32>,
    /// What is wrong, in order of position.
    pub items: Vec<Item>,
    /// What is worth telling in Markdown when somebody points at a place.
    pub notes: Vec<(Range, String)>,
    /// Links to other files.
    pub links: Vec<Link>,
}

/// A link from a place of a document.
#[derive(Clone, Debug)]
pub struct Link {
    /// The place.
    pub range: Range,
    /// The file, with its line as the fragment.
    pub target: Uri,
}

/// One finding.
#[derive(Debug)]
pub struct Item {
    /// The rule that says so; `None` when a log does.
    pub rule: Option<&'static Rule>,
    /// As the client shows it.
    pub diagnostic: Diagnostic,
    /// What mends or silences it, best first.
    pub repairs: Vec<Repair>,
}

/// A change that mends or silences a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Repair {
    /// What it does, in the imperative.
    pub title: String,
    /// Whether it is the one to offer first.
    pub preferred: bool,
    /// Whether it may be applied without a look.
    pub safe: bool,
    /// Whether it mends nothing, but keeps the rule from speaking.
    pub silences: bool,
    /// The edits, one entry for each file.
    pub edits: Vec<FileEdits>,
}

/// The edits of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileEdits {
    /// The file.
    pub uri: Uri,
    /// The version of the document that the edits fit; `None` for a file that is not open.
    pub version: Option<i32>,
    /// The edits, in order of position.
    pub edits: Vec<TextEdit>,
    /// Whether the file does not exist yet.
    pub creates: bool,
}

impl FileReport {
    /// The diagnostics alone.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.items.iter().map(|item| item.diagnostic.clone()).collect()
    }

    /// Puts everything in order and names it.
    pub fn seal(&mut self) {
        self.items.sort_by_key(|item| (item.diagnostic.range.start, item.diagnostic.range.end));
        self.id = name_of(&self.diagnostics());
    }
}

/// The id of a file without diagnostics.
pub fn empty_id() -> String {
    name_of(&[])
}

/// The same diagnostics have the same name in every session.
fn name_of(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    // Diagnostics are plain data, which always serializes.
    serde_json::to_string(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
