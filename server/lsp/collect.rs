//! Turns what the rules said into what the client is shown.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use rustc_hash::FxHashSet;
use serde_json::json;
use tower_lsp_server::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, Location, NumberOrString, Range, Uri,
};

use super::convert;
use super::results::{FileEdits, FileReport, FolderReport, Item, Prediction, Repair};
use super::silence::silence;
use crate::analysis::{Analysis, Judged};
use crate::load::Site;
use crate::rules::{Finding, Fix, Rule, Safety};
use crate::syntax::python::PythonFile;
use crate::text::{self, Encoding, Source, TextRange};
use crate::workspace::Snapshot;

/// Collects the results of several analyses of one snapshot.
#[derive(Debug)]
pub struct Collector<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) encoding: Encoding,
    /// How the client spells files that it opened once.
    spelled: &'a HashMap<PathBuf, Uri>,
    /// The versions of the open documents.
    versions: HashMap<Uri, i32>,
    files: HashMap<Uri, FileReport>,
    /// Whether a load passed over a name because somebody types there.
    pub half_typed: bool,
    folders: Vec<FolderReport>,
    /// What was said already: a file that two deployments load is reported once.
    said: FxHashSet<(Uri, TextRange, &'static str, String)>,
}

impl<'a> Collector<'a> {
    /// Nothing yet, about a snapshot whose open documents have these versions.
    pub fn new(
        snapshot: &'a Snapshot,
        encoding: Encoding,
        spelled: &'a HashMap<PathBuf, Uri>,
        versions: HashMap<Uri, i32>,
    ) -> Self {
        let report = |version: &i32| FileReport { version: Some(*version), ..FileReport::default() };
        let files = versions.iter().map(|(uri, version)| (uri.clone(), report(version))).collect();
        Self {
            snapshot,
            encoding,
            spelled,
            versions,
            files,
            half_typed: false,
            folders: Vec::new(),
            said: FxHashSet::default(),
        }
    }

    /// Adds everything that the analysis of a folder says.
    pub fn add(&mut self, analysis: &Analysis, root: &Path) {
        let prediction = |judged: &Judged| Prediction::of(judged, self.uri(&judged.deployment.entry));
        let predictions = analysis.deployments.iter().map(prediction).collect();
        self.folders.push(FolderReport { root: root.to_owned(), predictions });
        for judged in &analysis.deployments {
            self.half_typed |= judged.load.half_typed;
            for finding in &judged.findings {
                self.finding(Some(judged), finding);
            }
            for note in &judged.notes {
                if let Some(location) = self.location(&note.site) {
                    let notes = &mut self.file(location.uri).notes;
                    let note = (location.range, note.markdown.clone());
                    if !notes.contains(&note) {
                        notes.push(note);
                    }
                }
            }
        }
        self.add_configurations(analysis);
    }

    /// Adds what is wrong in configuration files.
    fn add_configurations(&mut self, analysis: &Analysis) {
        for finding in &analysis.configurations {
            self.finding(None, finding);
        }
    }

    /// Adds what keeps a buffer from compiling that belongs to no folder.
    pub fn add_loose(&mut self, uri: &Uri, file: &PythonFile, rule: &'static Rule) {
        for problem in file.problems() {
            let line = file.source().line(problem.range.start());
            if file.suppressions().silences(rule.id, line) {
                continue;
            }
            let range = convert::range(file.source(), problem.range, self.encoding);
            let diagnostic = Diagnostic {
                severity: Some(convert::severity(rule.severity)),
                data: Some(json!({ "rule": rule.id })),
                ..diagnostic(rule, range, problem.message.clone())
            };
            let repairs = self.silence(uri, file, problem.range, rule).into_iter().collect();
            self.file(uri.clone()).items.push(Item { rule: Some(rule), diagnostic, repairs });
        }
    }

    /// What was collected.
    pub fn finish(mut self) -> (HashMap<Uri, FileReport>, Vec<FolderReport>) {
        self.files.values_mut().for_each(FileReport::seal);
        (self.files, self.folders)
    }

    fn finding(&mut self, judged: Option<&Judged>, finding: &Finding) {
        let Some(Location { uri, range }) = self.location(&finding.site) else { return };
        let rule = finding.rule;
        if !self.said.insert((uri.clone(), finding.site.range, rule.id, finding.message.clone())) {
            return;
        }
        let related = finding.related.iter().filter_map(|related| {
            let location = self.location(&related.site)?;
            Some(DiagnosticRelatedInformation { location, message: related.message.clone() })
        });
        let related: Vec<_> = related.collect();
        let diagnostic = Diagnostic {
            severity: Some(convert::severity(finding.severity)),
            related_information: (!related.is_empty()).then_some(related),
            data: Some(json!({ "rule": rule.id, "certainty": finding.certainty })),
            ..diagnostic(rule, range, finding.message.clone())
        };
        let mut repairs: Vec<Repair> = finding.fixes.iter().filter_map(|fix| self.repair(fix)).collect();
        let python = judged.map(|judged| judged.deployment.python);
        if let Some(file) = python.and_then(|version| self.snapshot.python(&finding.site.path, version)) {
            repairs.extend(self.silence(&uri, &file, finding.site.range, rule));
        }
        self.file(uri).items.push(Item { rule: Some(rule), diagnostic, repairs });
    }

    /// `None` when a file that is to be edited cannot be read.
    fn repair(&self, fix: &Fix) -> Option<Repair> {
        let mut by_file: Vec<(&Path, Vec<&text::TextEdit>)> = Vec::new();
        for edit in &fix.edits {
            match by_file.iter_mut().find(|(path, _)| *path == &*edit.path) {
                Some((_, edits)) => edits.push(&edit.edit),
                None => by_file.push((&edit.path, vec![&edit.edit])),
            }
        }
        let edits = by_file.into_iter().map(|(path, edits)| {
            let creates = self.snapshot.kind(path).is_none();
            let source = if creates { Source::new("") } else { self.source(path)? };
            Some(FileEdits { creates, ..self.file_edits(self.uri(path)?, &source, edits) })
        });
        Some(Repair {
            title: fix.title.clone(),
            preferred: fix.preferred,
            safe: fix.safety == Safety::Safe,
            silences: false,
            edits: edits.collect::<Option<_>>()?,
        })
    }

    fn silence(&self, uri: &Uri, file: &PythonFile, range: TextRange, rule: &Rule) -> Option<Repair> {
        let edit = silence(file, range.start(), rule.id)?;
        Some(Repair {
            title: format!("Silence `{}` on this line", rule.id),
            preferred: false,
            safe: false,
            silences: true,
            edits: vec![self.file_edits(uri.clone(), file.source(), vec![&edit])],
        })
    }

    fn file_edits(&self, uri: Uri, source: &Source, mut edits: Vec<&text::TextEdit>) -> FileEdits {
        edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
        let edits = convert::text_edits(source, edits, self.encoding);
        FileEdits { version: self.versions.get(&uri).copied(), uri, edits, creates: false }
    }

    pub(super) fn location(&self, site: &Site) -> Option<Location> {
        let uri = self.uri(&site.path)?;
        let range = self
            .source(&site.path)
            .map_or_else(Range::default, |source| convert::range(&source, site.range, self.encoding));
        Some(Location { uri, range })
    }

    pub(super) fn source(&self, path: &Path) -> Option<Source> {
        Some(self.snapshot.text(path)?.0)
    }

    pub(super) fn uri(&self, path: &Path) -> Option<Uri> {
        self.spelled.get(path).cloned().or_else(|| convert::uri_of(path))
    }

    pub(super) fn file(&mut self, uri: Uri) -> &mut FileReport {
        self.files.entry(uri).or_default()
    }
}

fn diagnostic(rule: &Rule, range: Range, message: String) -> Diagnostic {
    let page = rule.guidance.pages.first().and_then(|page| Uri::from_str(page.url).ok());
    Diagnostic {
        range,
        code: Some(NumberOrString::String(rule.id.to_owned())),
        code_description: page.map(|href| CodeDescription { href }),
        source: Some("wsgi-ls".to_owned()),
        message,
        ..Diagnostic::default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use std::sync::Arc;

    use ruff_python_ast::PythonVersion;
    use rustc_hash::FxHashMap;
    use tower_lsp_server::ls_types::Position;

    use super::*;
    use crate::hosting::{Deployment, Host, VisitorSees, Wiring};
    use crate::load::{Certainty, Load};
    use crate::rules::{FileEdit, Judgement, Note, Related, Severity, Verdict};
    use crate::workspace::{FileStore, Overlay};

    fn judged(findings: Vec<Finding>, notes: Vec<Note>) -> Judged {
        let deployment = Deployment {
            host: Host::Gunicorn,
            entry: "/site/wsgi.py".into(),
            module: Some("wsgi".to_owned()),
            search_path: vec!["/site".into()],
            callable: "application".to_owned(),
            root: "/site".into(),
            working_directory: "/site".into(),
            python: PythonVersion::PY313,
            python_is_known: false,
            virtualenv: None,
            wiring: Wiring::Named,
            calls_factory: false,
            process: crate::hosting::Process::default(),
            limits: crate::hosting::Limits::default(),
            places: Vec::new(),
            told_in: Vec::new(),
        };
        let judgement = Judgement { verdict: Verdict::Unknown, visitor_sees: VisitorSees::Ok };
        Judged {
            deployment,
            load: Load::default(),
            requests: crate::request::Requests::default(),
            judgement,
            findings,
            notes,
        }
    }

    #[test]
    fn two_deployments_say_one_thing_once_and_everything_is_in_the_clients_terms() {
        let texts = [("/site/wsgi.py", "import app\n"), ("/site/app.py", "'\u{1f600}'; run()\n")];
        let overlays: FxHashMap<PathBuf, Arc<Overlay>> = texts
            .iter()
            .map(|(path, text)| (PathBuf::from(path), Arc::new(Overlay::new(Source::new(*text), None))))
            .collect();
        let snapshot = Snapshot::with_overlays(Arc::new(FileStore::default()), overlays);
        let place = |path: &str, start: u32, end: u32| Site {
            path: Arc::from(Path::new(path)),
            range: TextRange::new(start.into(), end.into()),
        };
        let run = place("/site/app.py", 8, 13);
        let import = place("/site/wsgi.py", 0, 10);
        let edits = vec![
            FileEdit::replace(&run.path, run.range, "pass"),
            FileEdit::replace(&import.path, import.range, ""),
            FileEdit::replace(&run.path, TextRange::empty(0.into()), "# "),
        ];
        let finding = Finding {
            rule: crate::rules::find("syntax-error").expect("a rule"),
            severity: Severity::Warning,
            certainty: Certainty::Likely,
            message: "starts a server".to_owned(),
            site: run.clone(),
            related: vec![Related { site: import, message: "imports `app`".to_owned() }],
            failure: None,
            visitor_sees: VisitorSees::Timeout,
            fixes: vec![Fix { title: "Mend".to_owned(), safety: Safety::Safe, preferred: true, edits }],
        };
        let note = Note { site: run, markdown: "a note".to_owned() };
        let analysis = Analysis {
            deployments: vec![
                judged(vec![finding.clone()], vec![note.clone()]),
                judged(vec![finding], vec![note]),
            ],
            ..Analysis::default()
        };
        let uri = |text: &str| Uri::from_str(text).expect("a URI");
        let spelled = HashMap::from([(PathBuf::from("/site/app.py"), uri("file:///site/./app.py"))]);
        let versions = HashMap::from([(uri("file:///site/./app.py"), 4)]);
        let mut collector = Collector::new(&snapshot, Encoding::Utf16, &spelled, versions);
        collector.add(&analysis, Path::new("/site"));
        let (files, folders) = collector.finish();
        assert_eq!(
            folders[0].predictions[0].title(),
            "gunicorn: unknown; the file cannot be read, so nothing is known of it"
        );
        assert_eq!(folders[0].predictions.len(), 2);
        assert_eq!(files.len(), 1, "{files:?}");
        let report = &files[&uri("file:///site/./app.py")];
        let range = |start, end| Range::new(Position::new(0, start), Position::new(0, end));
        assert_eq!(report.notes, [(range(6, 11), "a note".to_owned())]);
        assert_eq!((report.items.len(), report.version), (1, Some(4)));
        let Item { diagnostic, repairs, .. } = &report.items[0];
        assert_eq!(diagnostic.range, range(6, 11));
        let related = diagnostic.related_information.as_deref().unwrap_or_default();
        assert_eq!(related[0].location, Location { uri: uri("file:///site/wsgi.py"), range: range(0, 10) });
        let mend = &repairs[0].edits;
        assert_eq!((&mend[0].uri, mend[0].version), (&uri("file:///site/./app.py"), Some(4)));
        assert_eq!((&mend[1].uri, mend[1].version), (&uri("file:///site/wsgi.py"), None));
        let places: Vec<Range> = mend[0].edits.iter().map(|edit| edit.range).collect();
        assert_eq!(places, [range(0, 0), range(6, 11)]);
    }
}
