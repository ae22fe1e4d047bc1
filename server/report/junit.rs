//! JUnit's XML, which most build servers can show: a suite for each deployment, a case for its verdict and for each finding.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::json::{Deployment, Finding, Report};
use crate::hosting::VisitorSees;
use crate::rules::Severity;

/// The report as one XML document. Errors and warnings are failed cases; information and hints pass and are told.
///
/// # Errors
/// When the XML cannot be written.
pub fn render(report: &Report) -> io::Result<String> {
    let mut suites: Vec<Suite<'_>> = (0..report.deployments.len()).map(|at| Suite::of(report, at)).collect();
    suites.extend(Suite::of_configurations(report));
    let tests = suites.iter().map(|suite| suite.cases.len()).sum();
    let failures = suites.iter().map(Suite::failures).sum();
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    element(&mut xml, "testsuites", &counted("wsgi-ls", tests, failures), |xml| {
        suites.iter().try_for_each(|suite| suite.write(xml))
    })?;
    String::from_utf8(xml.into_inner()).map(|text| text + "\n").map_err(io::Error::other)
}

struct Suite<'a> {
    name: String,
    cases: Vec<Case<'a>>,
}

/// One case; it passed when there is no failure.
struct Case<'a> {
    class: &'a str,
    name: &'a str,
    file: &'a str,
    line: usize,
    failure: Option<Failure<'a>>,
    /// What is said of a case that passed.
    said: &'a str,
}

struct Failure<'a> {
    kind: &'a str,
    message: String,
    text: String,
}

impl<'a> Suite<'a> {
    fn of(report: &'a Report, at: usize) -> Self {
        let deployment = &report.deployments[at];
        let own = report.findings.iter().filter(|finding| finding.deployment == Some(at));
        Self {
            name: format!("{} ({})", deployment.entry, deployment.host.title()),
            cases: std::iter::once(Case::verdict(deployment)).chain(own.map(Case::finding)).collect(),
        }
    }

    /// What is wrong in configuration files by themselves; `None` when nothing is.
    fn of_configurations(report: &'a Report) -> Option<Self> {
        let own = report.findings.iter().filter(|finding| finding.deployment.is_none());
        let cases: Vec<Case<'a>> = own.map(Case::finding).collect();
        (!cases.is_empty()).then(|| Self { name: "configuration".to_owned(), cases })
    }

    fn failures(&self) -> usize {
        self.cases.iter().filter(|case| case.failure.is_some()).count()
    }

    fn write(&self, xml: &mut Xml) -> io::Result<()> {
        element(xml, "testsuite", &counted(&self.name, self.cases.len(), self.failures()), |xml| {
            self.cases.iter().try_for_each(|case| case.write(xml))
        })
    }
}

impl<'a> Case<'a> {
    /// The case that says whether visitors get the page.
    fn verdict(deployment: &'a Deployment) -> Self {
        let sees = deployment.visitor_sees;
        let failure = (sees != VisitorSees::Ok).then(|| Failure {
            kind: "verdict",
            message: format!("visitors get {}", sees.phrase()),
            text: String::new(),
        });
        Self {
            class: &deployment.entry,
            name: "verdict",
            file: &deployment.entry,
            line: 1,
            failure,
            said: "",
        }
    }

    fn finding(finding: &'a Finding) -> Self {
        let mut text = String::new();
        for related in &finding.related {
            text.push_str(&format!("{}:{}: {}\n", related.file, related.range.start.line, related.message));
        }
        text.extend(finding.guide.as_ref().map(|guide| format!("See {guide}\n")));
        let failure = (finding.severity >= Severity::Warning).then(|| Failure {
            kind: finding.severity.name(),
            message: finding.message.clone(),
            text,
        });
        let said = if failure.is_some() { "" } else { &finding.message };
        Self {
            class: &finding.file,
            name: &finding.rule,
            file: &finding.file,
            line: finding.range.start.line,
            failure,
            said,
        }
    }

    fn write(&self, xml: &mut Xml) -> io::Result<()> {
        let attributes = [
            ("classname", self.class.to_owned()),
            ("name", self.name.to_owned()),
            ("file", self.file.to_owned()),
            ("line", self.line.to_string()),
            ("time", "0".to_owned()),
        ];
        element(xml, "testcase", &attributes, |xml| {
            if let Some(failure) = &self.failure {
                let attributes = [("type", failure.kind.to_owned()), ("message", failure.message.clone())];
                element(xml, "failure", &attributes, |xml| write_text(xml, &failure.text))?;
            }
            match self.said {
                "" => Ok(()),
                said => element(xml, "system-out", &[], |xml| write_text(xml, said)),
            }
        })
    }
}

type Xml = Writer<Vec<u8>>;

fn counted(name: &str, tests: usize, failures: usize) -> [(&'static str, String); 5] {
    [
        ("name", name.to_owned()),
        ("tests", tests.to_string()),
        ("failures", failures.to_string()),
        ("errors", "0".to_owned()),
        ("skipped", "0".to_owned()),
    ]
}

fn element(
    xml: &mut Xml,
    name: &str,
    attributes: &[(&str, String)],
    inner: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    let clean: Vec<(&str, String)> = attributes.iter().map(|(key, value)| (*key, legal(value))).collect();
    let attributes = clean.iter().map(|(key, value)| (*key, value.as_str()));
    xml.create_element(name).with_attributes(attributes).write_inner_content(inner)?;
    Ok(())
}

fn write_text(xml: &mut Xml, text: &str) -> io::Result<()> {
    xml.write_event(Event::Text(BytesText::new(&legal(text))))
}

/// The text without the characters that no XML document may hold, however they are written.
fn legal(text: &str) -> String {
    let is_legal = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if is_legal(c) { c } else { '\u{fffd}' }).collect()
}
