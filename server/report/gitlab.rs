//! GitLab's code quality report: a subset of Code Climate's format.

use serde::Serialize;

use super::distinct::distinct;
use super::json::Report;
use crate::rules::Severity;

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The findings as one JSON array.
///
/// # Errors
/// When the JSON cannot be written.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let distinct = distinct(report);
    let issues = distinct.iter().map(|one| {
        let finding = one.finding;
        Issue {
            description: &finding.message,
            check_name: &finding.rule,
            fingerprint: &finding.fingerprint,
            severity: match finding.severity {
                Severity::Error => "blocker",
                Severity::Warning => "major",
                Severity::Information => "minor",
                Severity::Hint => "info",
            },
            location: Location {
                path: &finding.file,
                lines: Lines { begin: finding.range.start.line, end: finding.range.end.line },
            },
        }
    });
    serde_json::to_string_pretty(&issues.collect::<Vec<_>>()).map(|json| json + "\n")
}
