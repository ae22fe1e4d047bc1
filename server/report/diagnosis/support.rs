//! What a host's support asks for, without what it must not see.

use std::fmt::Write;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use super::super::markdown::code;
use super::{Diagnosis, page};
use crate::analysis::{Analysis, Judged};
use crate::workspace::{Snapshot, relative_slash};

/// Packages beyond this number are only counted.
const MOST_PACKAGES: usize = 300;

/// `password=...`, `"SECRET_KEY": "..."`, `token '...'`.
static ASSIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)([\w-]*(?:secret|passw(?:or)?d|passwd|token|api_?key|access_?key|private_?key|credential|authorization|cookie)[\w-]*["']?\s*(?:=|:|=>)\s*)("[^"]*"|'[^']*'|[^\s,;&)]+)"#,
    )
    .ok()
});
/// `https://user:password@server`
static IN_ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(://[^/\s:@]*:)[^/\s@]+@").ok());

/// A text without the values of what looks like a secret.
pub fn masked(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(pattern) = &*IN_ADDRESS {
        text = pattern.replace_all(&text, "${1}***@").into_owned();
    }
    if let Some(pattern) = &*ASSIGNED {
        text = pattern.replace_all(&text, "${1}***").into_owned();
    }
    text
}

/// The report: versions, deployments, and the diagnosis itself.
pub fn support_report(
    diagnosis: &Diagnosis,
    analysis: &Analysis,
    snapshot: &Snapshot,
    root: &Path,
) -> String {
    let mut out = String::from("# Report for support\n\n");
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(out, "- wsgi-ls {} on {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    for judged in &analysis.deployments {
        deployment(&mut out, judged, snapshot, root);
    }
    out.push('\n');
    out.push_str(page::render(diagnosis).trim_start_matches("# "));
    out = out.replacen("Why the site does not answer", "## Diagnosis", 1);
    if !diagnosis.causes.is_empty() || diagnosis.logs.is_empty() {
        return masked(&out);
    }
    out.push_str("\nThe logs that were read:\n\n");
    for log in &diagnosis.logs {
        let _ = writeln!(out, "- {}, {} lines", code(&log.path), log.lines);
    }
    masked(&out)
}

fn deployment(out: &mut String, judged: &Judged, snapshot: &Snapshot, root: &Path) {
    let one = &judged.deployment;
    let name = |path: &Path| match relative_slash(path, root) {
        here if here.is_empty() => code("."),
        inner => code(&inner),
    };
    let _ = write!(out, "\n## {} on {}\n\n", name(&one.entry), one.host.title());
    let how = if one.python_is_known { "" } else { " (assumed)" };
    let _ = writeln!(out, "- Python {}{how}", one.python);
    let _ = writeln!(out, "- callable: {}", code(&one.callable));
    let _ = writeln!(out, "- working directory: {}", name(&one.working_directory));
    let paths: Vec<String> = one.search_path.iter().map(|path| name(path)).collect();
    let _ = writeln!(out, "- search path: {}", paths.join(", "));
    for (variable, value) in &one.process.environment {
        let shown = if value.is_some() { "set" } else { "set, value not known" };
        let _ = writeln!(out, "- environment: {} ({shown})", code(variable));
    }
    let _ = writeln!(out, "- modules that the host imports: {}", judged.load.modules.len());
    let _ = writeln!(out, "- handlers of requests: {}", judged.requests.handlers.len());
    let Some(virtualenv) = &one.virtualenv else { return };
    let _ = writeln!(out, "- virtual environment: {}", name(virtualenv));
    let folder = virtualenv.join(format!("lib/python{}/site-packages", one.python));
    let entries = snapshot.entries(&folder).unwrap_or_default();
    let packages: Vec<String> = entries
        .iter()
        .filter_map(|entry| Some(entry.name.to_str()?.strip_suffix(".dist-info")?.replace('-', " ")))
        .take(MOST_PACKAGES)
        .collect();
    if !packages.is_empty() {
        let _ = writeln!(out, "- packages: {}", packages.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked() {
        for (text, wanted) in [
            ("password=hunter2, x", "password=***, x"),
            ("{'SECRET_KEY': 'a b c', 'n': 1}", "{'SECRET_KEY': ***, 'n': 1}"),
            ("mysql://jane:pw@db/x", "mysql://jane:***@db/x"),
            ("API_KEY: abc", "API_KEY: ***"),
            ("KeyError: 'SECRET_KEY'", "KeyError: 'SECRET_KEY'"),
            ("GET /tokens/3", "GET /tokens/3"),
        ] {
            assert_eq!(masked(text), wanted);
        }
    }
}
