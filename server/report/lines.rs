//! JSON lines: one object on each line, so that a reader can begin before the whole report is there.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{Deployment, Finding, Report};

/// One line of `wsgi-ls check --format jsonl`, an object with one member: first the deployments, then the findings, then the end.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "wsgi-ls check, one JSON line, version 1")]
pub enum Line<'a> {
    /// One hosted app.
    Deployment(&'a Deployment),
    /// One thing that is wrong.
    Finding(&'a Finding),
    /// Nothing follows: the report is complete.
    End(End),
}

/// The last line of a report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct End {
    /// The version of this format: 1.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// How many deployments there were.
    pub deployments: usize,
    /// How many findings there were.
    pub findings: usize,
}

impl Line<'_> {
    /// The JSON schema of a line, as it is published in `docs/schema/check-line.v1.json`.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Line<'_>)
    }
}

/// The report as JSON lines.
///
/// # Errors
/// When the JSON cannot be written.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let end = End { version: 1, deployments: report.deployments.len(), findings: report.findings.len() };
    let lines = report.deployments.iter().map(Line::Deployment);
    let lines = lines.chain(report.findings.iter().map(Line::Finding)).chain([Line::End(end)]);
    lines.map(|line| serde_json::to_string(&line).map(|json| json + "\n")).collect()
}
