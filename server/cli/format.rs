//! How a report is printed, and to whom.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::analysis::{Analysis, absolute};
use crate::report::json::Report;
use crate::report::{self, github, gitlab, junit, lines, markdown, sarif};
use crate::workspace::Snapshot;

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object, for programs.
    Json,
    /// One JSON object on each line.
    Jsonl,
    /// SARIF 2.1.0, for code scanning services and editors.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// JUnit's XML, for build servers.
    Junit,
    /// Markdown, for the summary of a build.
    Markdown,
}

impl Format {
    /// The text of a report of the folder `root`.
    ///
    /// # Errors
    /// When the format cannot express the report, in a sentence.
    pub(super) fn render(
        self,
        analysis: &Analysis,
        snapshot: &Snapshot,
        root: &Path,
    ) -> Result<String, String> {
        let below_root = || Report::of(analysis, snapshot, root, root);
        let below_here = || Report::of(analysis, snapshot, root, &base(root));
        let json = |written: serde_json::Result<String>| written.map_err(|error| error.to_string());
        let text = match self {
            Self::Text => Ok(report::render(analysis, snapshot, root)),
            Self::Json => json(serde_json::to_string_pretty(&below_root()).map(|text| text + "\n")),
            Self::Jsonl => json(lines::render(&below_root())),
            Self::Sarif => json(sarif::render(&below_here())),
            Self::Github => Ok(github::render(&below_here())),
            Self::Gitlab => json(gitlab::render(&below_here())),
            Self::Junit => junit::render(&below_here()).map_err(|error| error.to_string()),
            Self::Markdown => Ok(markdown::render(&below_here())),
        };
        text.map_err(|error| format!("the report cannot be written: {error}"))
    }
}

/// The folder to which a build's services take paths to be relative: where we run, when the checked folder lies in it.
fn base(root: &Path) -> PathBuf {
    let here = absolute(Path::new("."));
    if root.starts_with(&here) { here } else { root.to_owned() }
}
