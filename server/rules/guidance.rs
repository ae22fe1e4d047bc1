//! The text behind a rule: one source for hovers, `explain`, links and pages.

use std::fmt::Write;

use super::Rule;
use super::outcomes::{self, Symptom};
use crate::catalog::HelpPage;
use crate::hosting::Host;

/// The text that explains a rule.
#[derive(Clone, Copy, Debug)]
pub struct Guidance {
    /// What happens on the hosts and why, in Markdown, without headings.
    pub explanation: &'static str,
    /// Code that has the problem: one file or several, as [`example_files`] takes them apart. It is a fixture.
    pub bad: &'static str,
    /// The same code, mended.
    pub good: &'static str,
    /// When the rule is wrong and what to do then, in Markdown.
    pub when_wrong: &'static str,
    /// Where the hosts tell more, the best page first; never empty.
    pub pages: &'static [HelpPage],
}

/// One file of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFile<'a> {
    /// Its path, with forward slashes; `None` when the example does not say it. Then it is the entry, `wsgi.py`.
    pub name: Option<&'a str>,
    /// Its text, without the line that named it.
    pub text: &'a str,
}

/// Takes an example apart: a line that is a comment with a path and nothing else, such as `# mysite/flask_app.py`, begins a file.
/// Files below `venv/` are what is installed; the analysis needs them and pages do not show them.
pub fn example_files(example: &str) -> Vec<ExampleFile<'_>> {
    let mut files = Vec::new();
    let (mut name, mut start, mut at) = (None, 0, 0);
    for line in example.split_inclusive('\n') {
        if let Some(next) = file_name(line.trim_end()) {
            files.push(ExampleFile { name, text: &example[start..at] });
            (name, start) = (Some(next), at + line.len());
        }
        at += line.len();
    }
    files.push(ExampleFile { name, text: &example[start..] });
    files.retain(|file| file.name.is_some() || !file.text.trim().is_empty());
    files
}

fn file_name(line: &str) -> Option<&str> {
    let path = line.strip_prefix("# ")?;
    let last = path.rsplit('/').next()?;
    let is_plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    let is_file = matches!(last, "Procfile" | "METADATA")
        || last.rsplit_once('.').is_some_and(|(_, end)| !end.is_empty());
    (is_plain && is_file).then_some(path)
}

/// The whole text of a rule in Markdown, with its id as the heading.
pub fn markdown(rule: &Rule) -> String {
    let guidance = &rule.guidance;
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(out, "# {}\n\n{}\n\n", rule.id, sentence(rule.summary));
    let _ = write!(out, "Severity: {}\n\n{}\n", rule.severity.name(), guidance.explanation.trim());
    out.push_str(&table(rule));
    let _ = write!(out, "\n## What fails\n\n{}", fenced(guidance.bad));
    let _ = write!(out, "\n## What works\n\n{}", fenced(guidance.good));
    let _ = write!(
        out,
        "\n## When it is wrong\n\n{}\n\nSilence it on one line with `# wsgi-ls: ignore[{id}] reason`, in a whole file with \
         `# wsgi-ls: ignore-file[{id}] reason`, and everywhere with `{id} = \"off\"` below `[rules]` in the settings.\n\n## More\n\n",
        guidance.when_wrong.trim(),
        id = rule.id,
    );
    for page in guidance.pages {
        let _ = writeln!(out, "- [{}]({})", page.title, page.url);
    }
    out
}

/// What visitors get, host by host; empty when the rule keeps nobody from getting the page.
fn table(rule: &Rule) -> String {
    let failures = outcomes::failures(rule.id);
    let mut out = String::new();
    if failures.is_empty() {
        return out;
    }
    let hosts: Vec<&str> = Host::ALL.iter().map(|host| host.title()).collect();
    let _ = write!(
        out,
        "\n## What visitors get\n\n| | {} |\n|{}\n",
        hosts.join(" | "),
        " --- |".repeat(hosts.len() + 1)
    );
    for failure in failures {
        let cells =
            Host::ALL.iter().map(|host| Symptom::of(*failure, *host).map_or("the page", Symptom::name));
        let _ = writeln!(
            out,
            "| {} | {} |",
            outcomes::happening(*failure),
            cells.collect::<Vec<_>>().join(" | ")
        );
    }
    out
}

fn fenced(example: &str) -> String {
    let mut out = String::new();
    let shown = |file: &ExampleFile<'_>| !file.name.is_some_and(|name| name.starts_with("venv/"));
    for (at, file) in example_files(example).into_iter().filter(shown).enumerate() {
        if at > 0 {
            out.push('\n');
        }
        if let Some(name) = file.name {
            let _ = write!(out, "`{name}`\n\n");
        }
        let _ = write!(out, "```{}\n{}\n```\n", language(file.name.unwrap_or("wsgi.py")), file.text.trim());
    }
    out
}

fn language(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("py" | "wsgi") => "python",
        Some("ini") => "ini",
        Some("toml") => "toml",
        Some("yaml" | "yml") => "yaml",
        Some("json") => "json",
        Some("conf") => "apache",
        _ => "text",
    }
}

/// The summary as a sentence.
fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    // Code keeps its spelling: a summary may begin with a name in backticks.
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_that_are_paths_begin_files() {
        let example = "import a\n# a/b.py\nx = 1\n# a comment.\n# Procfile\nweb: gunicorn wsgi\n";
        let file = |name, text| ExampleFile { name, text };
        assert_eq!(
            example_files(example),
            [
                file(None, "import a\n"),
                file(Some("a/b.py"), "x = 1\n# a comment.\n"),
                file(Some("Procfile"), "web: gunicorn wsgi\n")
            ]
        );
        assert_eq!(example_files("# wsgi.py\nx = 1"), [file(Some("wsgi.py"), "x = 1")]);
    }
}
