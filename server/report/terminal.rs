//! The report that people read: the verdict of each deployment, then each finding on its source.

use std::fmt::Write;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Renderer, Snippet};
use anstyle::{AnsiColor, Style};

use super::Summary;
use super::sources::Sources;
use crate::analysis::{Analysis, Judged};
use crate::hosting::VisitorSees;
use crate::rules::{Finding, Safety, Severity, Verdict};
use crate::text::{Source, TextRange};
use crate::workspace::{Snapshot, relative_slash};

/// A finding that one or several deployments have in common.
pub(super) struct Merged<'a> {
    /// The finding, as the first of them has it.
    pub finding: &'a Finding,
    /// The indexes of the deployments.
    pub deployments: Vec<usize>,
}

/// The findings, those of the same rule at the same place as one.
pub(super) fn merged(analysis: &Analysis) -> Vec<Merged<'_>> {
    let mut groups: Vec<Merged<'_>> = Vec::new();
    for (at, finding) in analysis.findings() {
        let same = |group: &&mut Merged<'_>| {
            std::ptr::eq(group.finding.rule, finding.rule) && group.finding.site == finding.site
        };
        match groups.iter_mut().find(same) {
            Some(group) => {
                if let Some(at) = at.filter(|at| !group.deployments.contains(at)) {
                    group.deployments.push(at);
                }
            }
            None => groups.push(Merged { finding, deployments: at.into_iter().collect() }),
        }
    }
    groups
}

/// The whole report, with ANSI colours; a stream that shows none strips them.
pub fn render(analysis: &Analysis, snapshot: &Snapshot, root: &Path) -> String {
    let mut out = String::new();
    for judged in &analysis.deployments {
        verdict(&mut out, judged, root);
    }
    let mut sources = Sources::new(snapshot, root);
    let renderer = Renderer::styled();
    for group in merged(analysis) {
        out.push('\n');
        out.push_str(&annotated(&renderer, &group, analysis, &mut sources));
        out.push('\n');
    }
    // Writing to a String cannot fail.
    let _ = writeln!(out, "\n{}", Summary::of(analysis));
    out
}

/// Two lines on what becomes of a deployment.
fn verdict(out: &mut String, judged: &Judged, root: &Path) {
    let deployment = &judged.deployment;
    let good = judged.judgement.visitor_sees == VisitorSees::Ok;
    let colour = match judged.judgement.verdict {
        Verdict::Unknown => AnsiColor::Yellow,
        _ if good => AnsiColor::Green,
        _ => AnsiColor::Red,
    };
    let style = Style::new().bold().fg_color(Some(colour.into()));
    let bold = Style::new().bold();
    let _ = writeln!(
        out,
        "{bold}{}{bold:#} ({}, `{}`): {style}{}{style:#}",
        visible(&relative_slash(&deployment.entry, root)),
        deployment.host.title(),
        visible(&deployment.callable),
        judged.judgement.verdict.phrase(),
    );
    let _ = writeln!(out, "  {}", judged.judgement.visitors());
}

/// One finding on its source, as compilers show it.
fn annotated(
    renderer: &Renderer,
    group: &Merged<'_>,
    analysis: &Analysis,
    sources: &mut Sources<'_>,
) -> String {
    let finding = group.finding;
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::INFO,
        Severity::Hint => Level::HELP.with_name("hint"),
    };
    let mut excerpts = vec![Excerpt::new(&finding.site.path)];
    excerpts[0].places.push((AnnotationKind::Primary, finding.site.range, String::new()));
    for related in &finding.related {
        let at = match excerpts.iter().position(|excerpt| *excerpt.path == related.site.path) {
            Some(at) => at,
            None => {
                excerpts.push(Excerpt::new(&related.site.path));
                excerpts.len() - 1
            }
        };
        excerpts[at].places.push((AnnotationKind::Context, related.site.range, related.message.clone()));
    }
    // One excerpt for each step tells the chain by itself; steps that share an excerpt are told again, in their order.
    let retold = if excerpts.len() <= finding.related.len() { &finding.related[..] } else { &[] };
    let mut elements: Vec<Element<'_>> =
        excerpts.into_iter().map(|excerpt| excerpt.snippet(sources).into()).collect();
    elements.extend(retold.iter().map(|related| {
        Level::NOTE.message(format!("{}: {}", sources.place(&related.site), related.message)).into()
    }));
    if group.deployments.len() > 1 {
        let names: Vec<String> = group
            .deployments
            .iter()
            .filter_map(|at| analysis.deployments.get(*at))
            .map(|judged| sources.name(&judged.deployment.entry))
            .collect();
        elements.push(Level::NOTE.message(format!("this concerns {}", names.join(" and "))).into());
    }
    if let Some(page) = finding.rule.guidance.pages.first() {
        elements.push(Level::NOTE.message(format!("see {}", page.url)).into());
    }
    if let Some(fix) = finding.fixes.iter().find(|fix| fix.preferred).or(finding.fixes.first()) {
        let how = if fix.safety == Safety::Safe { " (`--fix` does it)" } else { "" };
        elements.push(Level::HELP.message(format!("{}{how}", fix.title)).into());
    }
    let title = level.primary_title(finding.message.as_str()).id(finding.rule.id);
    renderer.render(&[Group::with_title(title).elements(elements)])
}

/// The lines of one file that a finding shows.
struct Excerpt<'a> {
    path: &'a Arc<Path>,
    places: Vec<(AnnotationKind, TextRange, String)>,
}

impl<'a> Excerpt<'a> {
    fn new(path: &'a Arc<Path>) -> Self {
        Self { path, places: Vec::new() }
    }

    fn snippet(self, sources: &mut Sources<'_>) -> Snippet<'static, Annotation<'static>> {
        let source = sources.get(self.path);
        let lines =
            self.places.iter().map(|(_, range, _)| (source.line(range.start()), source.line(range.end())));
        let first = lines.clone().map(|(start, _)| start).min().unwrap_or(1);
        let last = lines.map(|(_, end)| end).max().unwrap_or(1);
        let window = TextRange::new(source.line_range(first).start(), source.line_range(last).end());
        let annotations = self.places.into_iter().map(|(kind, range, label)| {
            let annotation = kind.span(span(&source, window, range));
            if label.is_empty() { annotation } else { annotation.label(label) }
        });
        let annotations: Vec<Annotation<'static>> = annotations.collect();
        Snippet::source(lines_of(source.slice(window)))
            .line_start(first)
            .path(sources.name(self.path))
            .annotations(annotations)
    }
}

/// A range (bytes of the file) inside a window of the file; it ends with its first line's end, where it goes on for long.
fn span(source: &Source, window: TextRange, range: TextRange) -> Range<usize> {
    let first_line = source.line_range(source.line(range.start()));
    let end = if range.end() > first_line.end() { first_line.end().max(range.start()) } else { range.end() };
    let base = window.start().to_usize();
    let clip = |at: usize| at.clamp(base, window.end().to_usize()) - base;
    clip(range.start().to_usize())..clip(end.to_usize())
}

/// The text with every line ended by `\n` at the same offsets, so that a file of an old Mac has lines too.
fn lines_of(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        out.push(if c == '\r' && rest.peek() != Some(&'\n') { '\n' } else { c });
    }
    out
}

/// The text without control characters, which a hostile file name could use to draw over the report.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::analysis::analyze;
    use crate::hosting::Overrides;
    use crate::load::{Certainty, Site};
    use crate::rules::{self, Fix, Related};
    use crate::text::TextSize;
    use crate::workspace::Settings;

    const WSGI: &str =
        "import sys\nsys.path.insert(0, '/home/jane/mysite')\n\nfrom site_app import app as application\n";
    const APP: &str = "from flask import Flask\n\ndef start():\n    app.run(\n        debug=True,\n    )\n\napp = Flask(__name__)\nstart()\n";

    fn site(path: &str, text: &str, part: &str) -> Site {
        let start = TextSize::try_from(text.find(part).unwrap_or_default()).unwrap_or_default();
        Site { path: Arc::from(Path::new(path)), range: TextRange::at(start, TextSize::of(part)) }
    }

    /// A finding of two deployments, with steps in its own file and in another one.
    #[test]
    fn a_chain_of_places_is_told_in_its_order() {
        let root = Path::new("/project");
        let (entry, second, app) =
            ("/project/a_example_com_wsgi.py", "/project/b_example_com_wsgi.py", "/project/site_app.py");
        let texts = [(entry, WSGI), (second, WSGI), (app, APP)];
        let snapshot = Snapshot::default()
            .with_texts(texts.map(|(path, text)| (PathBuf::from(path), Source::new(text))));
        let mut analysis = Analysis::default();
        for entry in [entry, second] {
            let overrides = Overrides { entry: Some(entry.into()), ..Overrides::default() };
            let found = analyze(&snapshot, root, &Settings::default(), &overrides);
            analysis.deployments.extend(found.into_iter().flat_map(|one| one.deployments));
        }
        let related = |site, message: &str| Related { site, message: message.to_owned() };
        for judged in &mut analysis.deployments {
            judged.findings = vec![Finding {
                rule: rules::ALL[0],
                severity: Severity::Warning,
                certainty: Certainty::Likely,
                message: "a server starts\u{1b}[2J while the app is loaded".to_owned(),
                site: site(app, APP, "app.run(\n        debug=True,\n    )"),
                related: vec![
                    related(
                        site(entry, WSGI, "from site_app import app as application"),
                        "imports `site_app`",
                    ),
                    related(site(app, APP, "start()\n"), "calls `start`"),
                ],
                failure: None,
                visitor_sees: VisitorSees::Ok,
                fixes: vec![
                    Fix {
                        title: "Delete it".to_owned(),
                        safety: Safety::Review,
                        preferred: false,
                        edits: Vec::new(),
                    },
                    Fix {
                        title: "Guard it".to_owned(),
                        safety: Safety::Safe,
                        preferred: true,
                        edits: Vec::new(),
                    },
                ],
            }];
        }
        let report = anstream::adapter::strip_str(&render(&analysis, &snapshot, root)).to_string();
        insta::assert_snapshot!(report, @"
        a_example_com_wsgi.py (PythonAnywhere, `application`): ends the server's process while it loads
          visitors get 502 Bad Gateway
        b_example_com_wsgi.py (PythonAnywhere, `application`): ends the server's process while it loads
          visitors get 502 Bad Gateway

        warning[syntax-error]: a server starts␛[2J while the app is loaded
         --> site_app.py:4:5
          |
        4 |     app.run(
          |     ^^^^^^^^
        ...
        9 | start()
          | ------- calls `start`
          |
         ::: a_example_com_wsgi.py:4:1
          |
        4 | from site_app import app as application
          | --------------------------------------- imports `site_app`
          |
          = note: a_example_com_wsgi.py:4: imports `site_app`
          = note: site_app.py:9: calls `start`
          = note: this concerns a_example_com_wsgi.py and b_example_com_wsgi.py
          = note: see https://help.pythonanywhere.com/pages/502BadGateway/#look-for-import-errors-or-syntax-errors-in-your-wsgi-file
          = help: Guard it (`--fix` does it)

        Found 1 warning (2 deployments checked).
        ");
    }
}
