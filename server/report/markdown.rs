//! Markdown, for the summary of a build or a comment on a change.

use std::fmt::Write;

use super::distinct::distinct;
use super::json::{Finding, Report};
use crate::hosting::VisitorSees;
use crate::rules::Severity;

/// The report as Markdown with GitHub's tables.
pub fn render(report: &Report) -> String {
    let mut out = String::from("## wsgi-ls\n\n");
    if report.deployments.is_empty() {
        out.push_str("No deployment was found.\n");
        return out;
    }
    out.push_str("| deployment | host | visitors get |\n| --- | --- | --- |\n");
    for deployment in &report.deployments {
        let mark = if deployment.visitor_sees == VisitorSees::Ok { "✅" } else { "❌" };
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "| {} | {} | {mark} {} |",
            code(&deployment.entry),
            deployment.host.title(),
            deployment.visitor_sees.phrase()
        );
    }
    let findings = distinct(report);
    if findings.is_empty() {
        out.push_str("\nNothing to report.\n");
    }
    for one in &findings {
        out.push('\n');
        out.push_str(&details(one.finding));
    }
    out
}

fn details(finding: &Finding) -> String {
    let icon = match finding.severity {
        Severity::Error => "🛑",
        Severity::Warning => "⚠️",
        Severity::Information | Severity::Hint => "ℹ️",
    };
    let place = code(&format!("{}:{}", finding.file, finding.range.start.line));
    let mut out = format!("### {icon} {place} {}\n\n{}\n", code(&finding.rule), paragraph(&finding.message));
    if !finding.related.is_empty() {
        out.push('\n');
    }
    for related in &finding.related {
        let place = code(&format!("{}:{}", related.file, related.range.start.line));
        let _ = writeln!(out, "1. {place} {}", paragraph(&related.message));
    }
    if let Some(fix) = finding.fixes.first() {
        let _ = writeln!(out, "\nTo mend it: {}.", paragraph(&fix.title));
    }
    if let Some(guide) = &finding.guide {
        let _ = writeln!(out, "\n<{guide}>");
    }
    out
}

/// A code span, which may hold backticks, on one line and inside a table's cell.
pub(super) fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let room = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{room}{}{room}{fence}", text.replace('|', "\\|"))
}

/// A message, whose code spans stay and in which nothing else is markup.
pub(super) fn paragraph(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for c in text.chars() {
        match c {
            '`' => {
                in_code = !in_code;
                out.push('`');
            }
            c if c.is_control() => out.push(' '),
            c if in_code => out.push(c),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '*' | '_' | '[' | ']' | '#' | '|' | '\\' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_or_a_message_is_markup() {
        assert_eq!(code("a`b|c\u{1b}.py"), "``a`b\\|c\u{fffd}.py``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(paragraph("`a_b` <img> *x* [y]\n"), "`a_b` &lt;img> \\*x\\* \\[y\\] ");
    }
}
