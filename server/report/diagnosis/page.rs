//! A diagnosis as a page of Markdown, which a terminal shows as well.

use std::fmt::Write;

use super::super::markdown::{code, paragraph};
use super::{Cause, Diagnosis, Logged};

/// The page.
pub fn render(diagnosis: &Diagnosis) -> String {
    let mut out = String::from("# Why the site does not answer\n\n");
    // Writing to a String cannot fail, here and below.
    for deployment in &diagnosis.deployments {
        let _ = writeln!(
            out,
            "- {} on {}: visitors get {}",
            code(&deployment.entry),
            deployment.host.title(),
            deployment.visitor_sees.phrase()
        );
    }
    if diagnosis.deployments.is_empty() {
        out.push_str("No deployment was found: name the file that the host loads with `--entry`.\n");
    }
    if diagnosis.causes.is_empty() {
        out.push_str("\n## Nothing was found\n\nWhat was checked:\n\n");
        checked(&mut out, diagnosis);
        out.push_str(
            "\nWhen visitors still see an error: reload the site, wait for a minute, and look at the host's status page. \
             Then ask its support; `wsgi-ls diagnose --report FILE` writes down what they need to know.\n",
        );
    }
    for (at, cause) in diagnosis.causes.iter().enumerate() {
        let heading = if at == 0 { "The most likely cause".to_owned() } else { format!("Cause {}", at + 1) };
        let _ = write!(out, "\n## {heading}\n\n{}\n", paragraph(&cause.title));
        evidence(&mut out, cause);
        let _ = write!(out, "\nTo mend it: {}\n", paragraph(&cause.remedy));
        if let Some(guide) = &cause.guide {
            let _ = write!(out, "\nMore: {guide}\n");
        }
    }
    if !diagnosis.causes.is_empty() {
        out.push_str("\n## Afterwards\n\n");
        if !diagnosis.reload.is_empty() {
            out.push_str(
                "Make the host load the app again (one of these, where it is installed):\n\n```console\n",
            );
            for command in &diagnosis.reload {
                let _ = writeln!(out, "{command}");
            }
            out.push_str("```\n\n");
        }
        out.push_str("What was checked:\n\n");
        checked(&mut out, diagnosis);
    }
    out
}

fn evidence(out: &mut String, cause: &Cause) {
    out.push('\n');
    if let Some(finding) = cause.foreseen.first() {
        let place = code(&format!("{}:{}", finding.file, finding.range.start.line));
        let _ = writeln!(out, "- The simulation: {place} {}", code(&finding.rule));
        for related in &finding.related {
            let place = code(&format!("{}:{}", related.file, related.range.start.line));
            let _ = writeln!(out, "  - {place} {}", paragraph(&related.message));
        }
    } else {
        out.push_str("- The simulation does not foresee it.\n");
    }
    for logged in &cause.logged {
        let _ = writeln!(out, "- The log: {}", told(logged));
    }
    if cause.logged.is_empty() {
        out.push_str("- The logs do not tell of it.\n");
    }
    if cause.may_be_mended {
        out.push_str("- The file was changed after the log told of it last: this may be mended already.\n");
    }
}

fn told(logged: &Logged) -> String {
    let mut text =
        format!("{} {}", code(&format!("{}:{}", logged.log, logged.line)), paragraph(&logged.message));
    if let Some(request) = &logged.request {
        let _ = write!(text, ", for {}", code(request));
    }
    if !logged.places.is_empty() {
        let places: Vec<String> = logged.places.iter().map(|place| code(place)).collect();
        let _ = write!(text, ", at {}", places.join(", "));
    }
    let times = if logged.count == 1 { "once".to_owned() } else { format!("{} times", logged.count) };
    let _ = write!(text, "; {times}");
    if let Some(last) = &logged.last {
        let _ = write!(text, ", {}{last}", if logged.count == 1 { "" } else { "last " });
    }
    text
}

pub(super) fn checked(out: &mut String, diagnosis: &Diagnosis) {
    for sentence in &diagnosis.checked {
        let _ = writeln!(out, "- {}", paragraph(sentence));
    }
    for log in &diagnosis.logs {
        for note in &log.notes {
            let _ = writeln!(out, "- {}: {}", code(&log.path), paragraph(note));
        }
    }
}
