//! The JSON that `check --format json` prints. Version 1 stays as it is: keys may be added, never changed or removed.

use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::fingerprint;
use super::sources::Sources;
use crate::analysis::Analysis;
use crate::hosting::{self, Host, VisitorSees};
use crate::load::Certainty;
use crate::rules::{self, Safety, Severity, Verdict};
use crate::text::TextRange;
use crate::workspace::{Snapshot, relative_slash};

/// The result of `wsgi-ls check --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "wsgi-ls check, version 1")]
pub struct Report {
    /// The version of this format: 1.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// What is hosted, with the prediction for each.
    pub deployments: Vec<Deployment>,
    /// What is wrong, in the order of the deployments, causes first; what is wrong in configuration files comes last.
    pub findings: Vec<Finding>,
}

/// One hosted app.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Deployment {
    /// What serves it.
    pub host: Host,
    /// The file that the host loads, relative to the checked folder, with forward slashes.
    pub entry: String,
    /// The name that the host looks for in it.
    pub callable: String,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What a visitor gets.
    pub visitor_sees: VisitorSees,
    /// How its server is started, as far as the project says.
    pub start: Start,
}

/// How the server of an app is started.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Start {
    /// The configuration files that say so, named as the entry is.
    pub read_from: Vec<String>,
    /// Where the process works, named as the entry is; `.` is the checked folder.
    pub working_directory: String,
    /// Worker processes; absent where only the server's default is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workers: Option<u32>,
    /// Threads in each of them; absent as above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// The seconds after which a request is given up, 0 for never; absent as above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_seconds: Option<f64>,
    /// The names of the environment variables that are set; their values may be secrets.
    pub environment: Vec<String>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// The id of the rule.
    pub rule: String,
    /// How loud it is.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// The index of its deployment; absent for what is wrong in a configuration file by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment: Option<usize>,
    /// What is wrong and what comes of it.
    pub message: String,
    /// What a visitor gets because of it; absent for advice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visitor_sees: Option<VisitorSees>,
    /// The file, relative to the checked folder, with forward slashes.
    pub file: String,
    /// The range in the file.
    pub range: Range,
    /// The chain of imports and calls that leads there, and other places that matter.
    pub related: Vec<Related>,
    /// The address of the help page.
    pub guide: Option<String>,
    /// What mends it, best first.
    pub fixes: Vec<Fix>,
    /// What tells this finding from all others, and stays the same when lines are added above it. Deployments that share a
    /// finding share its fingerprint.
    pub fingerprint: String,
}

/// A place that belongs to a finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Related {
    /// The file, relative to the checked folder, with forward slashes.
    pub file: String,
    /// The range in the file.
    pub range: Range,
    /// What happens there.
    pub message: String,
}

/// Something that mends a finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Fix {
    /// What it does.
    pub title: String,
    /// Whether `--fix` applies it.
    pub safety: Safety,
    /// The edits, in any order; none overlaps another one of the same fix.
    pub edits: Vec<Edit>,
}

/// One edit of a fix.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Edit {
    /// The file, named as the finding's own file is.
    pub file: String,
    /// What is replaced; empty for an insertion.
    pub range: Range,
    /// The text that takes its place.
    pub text: String,
}

/// A range of a file; the end is the first place after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Range {
    /// The first place.
    pub start: Place,
    /// The first place after it.
    pub end: Place,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Place {
    /// The line, counted from 1.
    #[schemars(range(min = 1))]
    pub line: usize,
    /// The column, counted from 1, in characters.
    #[schemars(range(min = 1))]
    pub column: usize,
}

impl Report {
    /// Writes down an analysis of the folder `root`; files are named relative to `base`.
    pub fn of(analysis: &Analysis, snapshot: &Snapshot, root: &Path, base: &Path) -> Self {
        let mut sources = Sources::new(snapshot, base);
        let deployments = analysis.deployments.iter().map(|judged| Deployment {
            host: judged.deployment.host,
            entry: relative_slash(&judged.deployment.entry, base),
            callable: judged.deployment.callable.clone(),
            verdict: judged.judgement.verdict,
            visitor_sees: judged.judgement.visitor_sees,
            start: Start::of(&judged.deployment, base),
        });
        let deployments = deployments.collect();
        let marks = fingerprint::all(analysis, snapshot, root);
        let findings = analysis.findings().zip(marks);
        let findings = findings.map(|((at, finding), mark)| Finding::of(at, finding, mark, &mut sources));
        Self { version: 1, deployments, findings: findings.collect() }
    }

    /// The JSON schema of the report, as it is published in `docs/schema/check.v1.json`.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Self)
    }
}

impl Start {
    fn of(deployment: &hosting::Deployment, base: &Path) -> Self {
        let mut read_from: Vec<String> =
            deployment.told_in.iter().map(|told| relative_slash(&told.path, base)).collect();
        read_from.dedup();
        let directory = relative_slash(&deployment.working_directory, base);
        Self {
            read_from,
            working_directory: if directory.is_empty() { ".".to_owned() } else { directory },
            workers: deployment.limits.workers,
            threads: deployment.limits.threads,
            request_seconds: deployment.limits.request_seconds,
            environment: deployment.process.environment.iter().map(|(name, _)| name.clone()).collect(),
        }
    }
}

impl Finding {
    fn of(
        deployment: Option<usize>,
        finding: &rules::Finding,
        fingerprint: String,
        sources: &mut Sources<'_>,
    ) -> Self {
        let related = finding.related.iter().map(|related| Related {
            file: sources.name(&related.site.path),
            range: Range::of(&related.site.path, related.site.range, sources),
            message: related.message.clone(),
        });
        let related = related.collect();
        let fixes = finding.fixes.iter().map(|fix| Fix::of(fix, sources)).collect();
        Self {
            rule: finding.rule.id.to_owned(),
            severity: finding.severity,
            certainty: finding.certainty,
            deployment,
            message: finding.message.clone(),
            visitor_sees: finding
                .failure
                .map(|_| finding.visitor_sees)
                .filter(|seen| *seen != VisitorSees::Ok),
            file: sources.name(&finding.site.path),
            range: Range::of(&finding.site.path, finding.site.range, sources),
            related,
            guide: finding.rule.guidance.pages.first().map(|page| page.url.to_owned()),
            fixes,
            fingerprint,
        }
    }
}

impl Fix {
    fn of(fix: &rules::Fix, sources: &mut Sources<'_>) -> Self {
        let edits = fix.edits.iter().map(|file_edit| Edit {
            file: sources.name(&file_edit.path),
            range: Range::of(&file_edit.path, file_edit.edit.range, sources),
            text: file_edit.edit.new_text.clone(),
        });
        Self { title: fix.title.clone(), safety: fix.safety, edits: edits.collect() }
    }
}

impl Range {
    fn of(path: &Arc<Path>, range: TextRange, sources: &mut Sources<'_>) -> Self {
        let source = sources.get(path);
        let place = |offset| {
            let place = source.line_column(offset);
            Place { line: place.line, column: place.column }
        };
        Self { start: place(range.start()), end: place(range.end()) }
    }
}
