//! A baseline: the findings that were there already, so that only new ones fail a build.

use std::collections::BTreeSet;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{fingerprint, json};
use crate::analysis::Analysis;
use crate::workspace::Snapshot;

/// The file that `check --baseline` reads and `--write-baseline` writes.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "wsgi-ls baseline, version 1")]
pub struct Baseline {
    /// The version of this format: 1.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// The findings that are known.
    pub findings: Vec<Known>,
}

/// One finding that is known. Only its fingerprint counts; the rest is for people who read the file.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The file, relative to the checked folder, with forward slashes.
    pub file: String,
    /// The id of the rule.
    pub rule: String,
    /// The fingerprint, as the JSON report has it.
    pub fingerprint: String,
    /// What was wrong when it was written.
    pub message: String,
}

/// What a baseline made of an analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// How many findings were known and are not shown.
    pub known: usize,
    /// How many entries of the baseline are not found any more.
    pub gone: usize,
}

impl Baseline {
    /// All findings of a report of the checked folder.
    pub fn of(report: &json::Report) -> Self {
        let known = report.findings.iter().map(|finding| Known {
            file: finding.file.clone(),
            rule: finding.rule.clone(),
            fingerprint: finding.fingerprint.clone(),
            message: finding.message.clone(),
        });
        let mut findings: Vec<Known> = known.collect();
        findings.sort();
        findings.dedup_by(|a, b| a.fingerprint == b.fingerprint);
        Self { version: 1, findings }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// When the text is no baseline of a known version, in a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let baseline: Self =
            serde_json::from_str(text).map_err(|error| format!("it is no baseline: {error}"))?;
        match baseline.version {
            1 => Ok(baseline),
            version => Err(format!("it has version {version}, and this wsgi-ls knows version 1 only")),
        }
    }

    /// The text of the file.
    ///
    /// # Errors
    /// When the JSON cannot be written.
    pub fn text(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|json| json + "\n")
    }

    /// Takes the findings that are known out of an analysis of the folder `root`. The verdict stays as it is: what is known is
    /// not mended.
    pub fn hide(&self, analysis: &mut Analysis, snapshot: &Snapshot, root: &Path) -> Compared {
        let known: BTreeSet<&str> = self.findings.iter().map(|known| known.fingerprint.as_str()).collect();
        let marks = fingerprint::all(analysis, snapshot, root);
        let found: BTreeSet<&str> = marks.iter().map(String::as_str).collect();
        let compared =
            Compared { known: found.intersection(&known).count(), gone: known.difference(&found).count() };
        let mut marks = marks.iter();
        for judged in &mut analysis.deployments {
            judged.findings.retain(|_| marks.next().is_none_or(|mark| !known.contains(mark.as_str())));
        }
        analysis.configurations.retain(|_| marks.next().is_none_or(|mark| !known.contains(mark.as_str())));
        compared
    }

    /// The JSON schema of the file, as it is published in `docs/schema/baseline.v1.json`.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Self)
    }
}
