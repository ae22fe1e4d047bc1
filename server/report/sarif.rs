//! SARIF 2.1.0, the format of code scanning services.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};

use super::distinct::{Distinct, distinct};
use super::json::{Fix, Range, Report};
use crate::rules::{self, Rule, Severity};

/// All that the path of a URI may not hold as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Value,
    /// Our columns count characters, not UTF-16 units.
    column_kind: &'static str,
    results: Vec<Value>,
}

/// The report as one SARIF log.
///
/// # Errors
/// When the JSON cannot be written.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let driver = json!({
        "name": env!("CARGO_PKG_NAME"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules::ALL.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
    });
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: json!({ "driver": driver }),
            column_kind: "unicodeCodePoints",
            results: distinct(report).iter().map(result).collect(),
        }],
    };
    serde_json::to_string_pretty(&log).map(|json| json + "\n")
}

/// What a rule means.
fn descriptor(rule: &Rule) -> Value {
    let text = rules::markdown(rule);
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.guidance.explanation.trim() },
        "help": { "text": text, "markdown": text },
        "helpUri": rule.guidance.pages.first().map(|page| page.url),
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "note",
    }
}

fn result(one: &Distinct<'_>) -> Value {
    let finding = one.finding;
    let related = finding.related.iter().enumerate().map(|(at, related)| {
        let mut location = location(&related.file, &related.range);
        location["id"] = json!(at + 1);
        location["message"] = json!({ "text": related.message });
        location
    });
    let entries: Vec<&str> = one.deployments.iter().map(|deployment| deployment.entry.as_str()).collect();
    json!({
        "ruleId": finding.rule,
        "ruleIndex": rules::ALL.iter().position(|rule| rule.id == finding.rule),
        "level": level(finding.severity),
        "message": { "text": finding.message },
        "locations": [location(&finding.file, &finding.range)],
        "relatedLocations": related.collect::<Vec<_>>(),
        "fixes": finding.fixes.iter().map(fix).collect::<Vec<_>>(),
        "partialFingerprints": { "wsgiLs/v1": finding.fingerprint },
        "properties": { "certainty": finding.certainty, "deployments": entries },
    })
}

fn location(file: &str, range: &Range) -> Value {
    json!({ "physicalLocation": { "artifactLocation": artifact(file), "region": region(range) } })
}

/// A file: relative to the root of the sources, or by its whole address when it lies outside of them.
fn artifact(file: &str) -> Value {
    let path = utf8_percent_encode(file, ENCODED);
    if file.starts_with('/') {
        json!({ "uri": format!("file://{path}") })
    } else {
        json!({ "uri": path.to_string(), "uriBaseId": "%SRCROOT%" })
    }
}

fn region(range: &Range) -> Value {
    json!({
        "startLine": range.start.line,
        "startColumn": range.start.column,
        "endLine": range.end.line,
        "endColumn": range.end.column,
    })
}

fn fix(fix: &Fix) -> Value {
    let mut files: Vec<&str> = fix.edits.iter().map(|edit| edit.file.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    let changes = files.into_iter().map(|file| {
        let edits = fix.edits.iter().filter(|edit| edit.file == file);
        let replacements = edits.map(
            |edit| json!({ "deletedRegion": region(&edit.range), "insertedContent": { "text": edit.text } }),
        );
        json!({ "artifactLocation": artifact(file), "replacements": replacements.collect::<Vec<_>>() })
    });
    json!({ "description": { "text": fix.title }, "artifactChanges": changes.collect::<Vec<_>>() })
}
