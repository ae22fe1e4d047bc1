//! Annotations of GitHub Actions: workflow commands, one line for each finding.

use std::fmt::Write;

use super::distinct::distinct;
use super::json::Report;
use crate::rules::Severity;

/// The findings as workflow commands, which the runner turns into annotations of the changed lines.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    for one in distinct(report) {
        let finding = one.finding;
        let level = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information | Severity::Hint => "notice",
        };
        let (start, end) = (&finding.range.start, &finding.range.end);
        let mut place = format!("file={},line={},endLine={}", property(&finding.file), start.line, end.line);
        // The runner takes columns only for an annotation that begins and ends on one line.
        if start.line == end.line {
            let _ = write!(place, ",col={},endColumn={}", start.column, end.column);
        }
        let mut message = finding.message.clone();
        for related in &finding.related {
            let _ = write!(message, "\n{}:{}: {}", related.file, related.range.start.line, related.message);
        }
        if let Some(guide) = &finding.guide {
            let _ = write!(message, "\nSee {guide}");
        }
        let title = property(&format!("wsgi-ls ({})", finding.rule));
        // Writing to a String cannot fail.
        let _ = writeln!(out, "::{level} {place},title={title}::{}", data(&message));
    }
    out
}

/// The text after the last `::`, in which the runner decodes these three.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, in which the separators of properties are encoded too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
