//! Logs in the editor: diagnostics and links on a log that is open, and what logs told on the code that it concerns.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use tower_lsp_server::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString,
    Position, Range, Uri,
};

use super::collect::Collector;
use super::convert;
use super::results::{Item, Link};
use crate::analysis::Analysis;
use crate::load::Site;
use crate::logs::{Digest, Role, concerns, guide, handler_of, line_of, locate, places};
use crate::syntax::logs::{Incident, Kind, Span, Stamp, scan};
use crate::text::{Source, TextRange, TextSize};
use crate::workspace::{Snapshot, changed_at, find_logs, open_log};

/// An open log that tells more than this is told as far as that.
const MOST_IN_DOCUMENT: usize = 1_000;

/// The logs of the folders as they were read last; a log is read again when one of them has changed.
#[derive(Debug, Default)]
pub struct LogCache {
    digests: HashMap<PathBuf, (Vec<Seen>, Digest)>,
}

/// A log and when it was changed last, in seconds since 1970.
type Seen = (PathBuf, Option<i64>);

impl LogCache {
    /// What the logs that lie in a folder tell.
    pub fn digest(&mut self, snapshot: &Snapshot, root: &Path) -> &Digest {
        let logs = seen(snapshot, root);
        let known = self.digests.entry(root.to_owned()).or_default();
        if known.0 != logs {
            known.1 = read_all(&logs);
            known.0 = logs;
        }
        &known.1
    }
}

/// What the logs that lie in a folder tell now.
pub fn digest_of(snapshot: &Snapshot, root: &Path) -> Digest {
    read_all(&seen(snapshot, root))
}

fn seen(snapshot: &Snapshot, root: &Path) -> Vec<Seen> {
    let logs = find_logs(snapshot, root).into_iter();
    logs.map(|path| (path.clone(), changed_at(&path))).collect()
}

fn read_all(logs: &[Seen]) -> Digest {
    let mut digest = Digest::default();
    for (path, changed) in logs {
        // A log that is gone by now tells nothing.
        if let Ok(log) = open_log(path) {
            digest.read(path.clone(), log, changed.map(Stamp));
        }
    }
    digest
}

impl Collector<'_> {
    /// Adds what the logs of a folder told to the code that it concerns, unless that was changed since.
    pub fn add_logged(&mut self, root: &Path, analysis: &Analysis, digest: &Digest) {
        for concern in concerns(self.snapshot, root, analysis, digest) {
            let Some(group) = digest.groups.get(concern.group).filter(|_| !concern.is_stale) else {
                continue;
            };
            let Some(Location { uri, range }) = self.location(&concern.site) else { continue };
            let times = if group.count == 1 { "once".to_owned() } else { format!("{} times", group.count) };
            let when = group.last.map_or(String::new(), |last| format!(", last at {last}"));
            let log = digest.logs.get(group.log).map(|(path, _)| path);
            let name = log.and_then(|path| path.file_name()).unwrap_or_default().to_string_lossy();
            let request =
                group.incident.request.as_ref().map_or(String::new(), |r| format!(" for {}", r.shown()));
            let message = format!(
                "{name} told {times}{when}{request}: {}. {}",
                group.incident.headline(),
                group.incident.kind.advice()
            );
            let severity = match concern.role {
                Role::Line | Role::Wait if group.incident.kind.is_failure() => DiagnosticSeverity::WARNING,
                _ => DiagnosticSeverity::INFORMATION,
            };
            let place = log.and_then(|path| self.line_of_log(path, group.incident.line));
            let related = place.map(|location| {
                vec![DiagnosticRelatedInformation { location, message: "the log tells it here".to_owned() }]
            });
            let diagnostic = Diagnostic {
                related_information: related,
                ..logged(range, severity, &code_of(group.incident.kind), message)
            };
            let diagnostic = with_page(diagnostic, group.incident.kind);
            self.file(uri).items.push(Item { rule: None, diagnostic, repairs: Vec::new() });
        }
    }

    /// Adds what an open log tells: `text` is the whole document.
    pub fn add_log(&mut self, uri: &Uri, source: &Source, analyses: &[(PathBuf, Analysis)]) {
        let mut incidents: Vec<Incident> = Vec::new();
        let reading = scan(source.text().as_bytes(), &mut |incident| {
            if incidents.len() < MOST_IN_DOCUMENT {
                incidents.push(incident);
            }
        });
        for incident in incidents {
            self.add_incident(uri, source, &incident, analyses);
        }
        for note in reading.notes() {
            let range = convert::range(source, source.line_range(1), self.encoding);
            let message = format!("Of this log, {note}.");
            let diagnostic = logged(range, DiagnosticSeverity::INFORMATION, "log-unreadable", message);
            self.file(uri.clone()).items.push(Item { rule: None, diagnostic, repairs: Vec::new() });
        }
    }

    fn add_incident(
        &mut self,
        uri: &Uri,
        source: &Source,
        incident: &Incident,
        analyses: &[(PathBuf, Analysis)],
    ) {
        let mut links = Vec::new();
        let mut notes = Vec::new();
        for frame in &incident.frames {
            let found = analyses.iter().find_map(|(root, _)| locate(self.snapshot, root, &frame.path));
            let Some(path) = found else { continue };
            if let Some(link) = self.link(source, frame.span, &path, frame.line) {
                notes.extend(self.code_at(&path, frame.line, &link.target).map(|code| (link.range, code)));
                links.push(link);
            }
        }
        let handler = incident
            .request
            .as_ref()
            .and_then(|request| analyses.iter().find_map(|(_, analysis)| handler_of(analysis, request)));
        if let (Some(request), Some((_, handler))) = (&incident.request, handler) {
            let line = self.line_of(&handler.site);
            links.extend(self.link(source, request.span, &handler.site.path, line));
        }
        let related: Vec<DiagnosticRelatedInformation> = analyses
            .iter()
            .map(|(root, analysis)| places(self.snapshot, root, analysis, incident))
            .find(|places| !places.is_empty())
            .into_iter()
            .flatten()
            .filter_map(|(role, site)| {
                let message = why(role, incident);
                Some(DiagnosticRelatedInformation { location: self.location(&site)?, message })
            })
            .collect();
        let range = convert::range(source, bytes(incident.span), self.encoding);
        let severity = if incident.kind.is_failure() {
            DiagnosticSeverity::WARNING
        } else {
            DiagnosticSeverity::INFORMATION
        };
        let message = format!("{}. {}", incident.headline(), incident.kind.advice());
        let diagnostic = Diagnostic {
            related_information: (!related.is_empty()).then_some(related),
            ..logged(range, severity, &code_of(incident.kind), message)
        };
        let diagnostic = with_page(diagnostic, incident.kind);
        let file = self.file(uri.clone());
        file.links.extend(links);
        file.notes.extend(notes);
        file.items.push(Item { rule: None, diagnostic, repairs: Vec::new() });
    }

    /// What stands at a line of the project now, in Markdown.
    fn code_at(&self, path: &Path, line: u32, target: &Uri) -> Option<String> {
        let site = line_of(self.snapshot, path, line)?;
        let name = path.file_name()?.to_string_lossy();
        let code = self.source(path)?.slice(site.range).trim_end().to_owned();
        Some(format!(
            "[{name}:{line}]({}) in your copy of the project:\n\n```python\n{code}\n```",
            target.as_str()
        ))
    }

    fn line_of(&self, site: &Site) -> u32 {
        let line = self.source(&site.path).map_or(1, |source| source.line(site.range.start()));
        u32::try_from(line).unwrap_or(1)
    }

    fn link(&self, source: &Source, span: Span, path: &Path, line: u32) -> Option<Link> {
        let target = Uri::from_str(&format!("{}#L{line}", self.uri(path)?.as_str())).ok()?;
        Some(Link { range: convert::range(source, bytes(span), self.encoding), target })
    }

    /// A line of a log, which may be too large to be read here.
    fn line_of_log(&self, path: &Path, line: u64) -> Option<Location> {
        let line = u32::try_from(line.checked_sub(1)?).ok()?;
        Some(Location {
            uri: self.uri(path)?,
            range: Range::new(Position::new(line, 0), Position::new(line, 0)),
        })
    }
}

fn bytes(span: Span) -> TextRange {
    let at = |offset: u64| TextSize::new(u32::try_from(offset).unwrap_or(u32::MAX));
    TextRange::new(at(span.start), at(span.end))
}

/// What a place has to do with an incident.
fn why(role: Role, incident: &Incident) -> String {
    match (role, &incident.request) {
        (Role::Line, _) => "the innermost call of this project".to_owned(),
        (Role::Wait, _) => "the request waits here".to_owned(),
        (Role::Handler, Some(request)) => format!("{} is handled here", request.shown()),
        (Role::Handler, None) => "the request is handled here".to_owned(),
        (Role::Entry, _) => "this keeps the host from loading the app".to_owned(),
        (Role::Foreseen, _) => "the log does not say for which request; it is foreseen here alone".to_owned(),
    }
}

fn code_of(kind: Kind) -> String {
    format!("log-{}", kind.name())
}

/// The diagnostic with the help page on what happened.
fn with_page(diagnostic: Diagnostic, kind: Kind) -> Diagnostic {
    let page = guide(kind).and_then(|page| Uri::from_str(page.url).ok());
    Diagnostic { code_description: page.map(|href| CodeDescription { href }), ..diagnostic }
}

fn logged(range: Range, severity: DiagnosticSeverity, code: &str, message: String) -> Diagnostic {
    Diagnostic {
        range,
        severity: Some(severity),
        code: Some(NumberOrString::String(code.to_owned())),
        source: Some("wsgi-ls".to_owned()),
        message,
        ..Diagnostic::default()
    }
}
