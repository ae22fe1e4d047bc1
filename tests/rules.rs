//! Every rule on small projects that could be real: `tests/fixtures/<rule>/{ok_*,bad_*}/`.
//!
//! `# expect: rule-id [severity] "part of the message"` stands on the line of each finding. What is not expected must not be
//! found at `warning` or above, in any file, by any rule, nor at all by the rule whose case it is. `case.toml` says the rest;
//! `tests/fixtures/README.md` tells how.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use wsgi_ls::analysis::{Analysis, STACK_BYTES, analyze};
use wsgi_ls::hosting::{Host, Overrides};
use wsgi_ls::load::Certainty;
use wsgi_ls::mend::{Mended, mend};
use wsgi_ls::report::unified_diff;
use wsgi_ls::rules::{self, Finding, Severity};
use wsgi_ls::text::{Source, TextEdit, apply_edits};
use wsgi_ls::workspace::{FileStore, Settings, Snapshot, normalize, relative_slash};

/// What `case.toml` may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Case {
    host: Option<String>,
    entry: Option<PathBuf>,
    callable: Option<String>,
    python_version: Option<String>,
    hosts: BTreeMap<String, Outcome>,
    expect: Vec<Expectation>,
}

/// What becomes of the project on one host.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Outcome {
    verdict: String,
    visitor_sees: String,
}

/// A finding that must be there.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Expectation {
    rule: String,
    file: String,
    line: Option<usize>,
    severity: Option<String>,
    message: Option<String>,
}

/// Fixtures whose certain error has no fix, each with the reason.
const UNMENDED: &[(&str, &str)] = &[
    (
        "application-not-callable/bad_instance_without_call",
        "only its author knows what `__call__` shall answer",
    ),
    ("bad-option-value/bad_flag_value", "nobody knows the number that was meant"),
    ("bad-option-value/bad_gunicorn_values", "nobody knows the number that was meant"),
    ("conflicting-options/bad_one_port_twice", "another port is to be chosen"),
    ("crash-at-import/bad_label_is_frozen", "only the author knows what was meant"),
    ("crash-at-import/bad_list_is_none", "only the author knows what the function should return"),
    (
        "crash-at-import/bad_slips_in_the_standard_library",
        "only the author knows which of the names was meant",
    ),
    ("crash-at-import/bad_unpacks_too_much", "only its author knows which parts were meant"),
    ("crash-in-request/bad_data_that_is_no_json", "only its author knows what of the data is to be sent"),
    ("crash-in-request/bad_django_links", "only its author knows what middleware and parameters are to do"),
    ("crash-in-request/bad_form_without_an_answer", "only its author knows what the view shall answer"),
    ("crash-in-request/bad_missing_module_in_a_view", "nothing there has a name like it"),
    ("crash-in-request/bad_name_and_template", "only its author knows what the view shall answer"),
    ("gui-call/bad_in_a_view", "only its author knows what the visitor shall see instead"),
    ("malformed-configuration/bad_gunicorn_file", "nobody knows what was to be typed"),
    ("missing-import-name/bad_config_named_by_a_string", "no class has a name like it"),
    ("refused-host/bad_empty", "only its owner knows the name of the site"),
    ("removed-module/bad_cgi_in_a_module", "a package is to be installed"),
    ("shadowed-module/bad_calendar_py", "a file is to be renamed, and an edit changes texts alone"),
    ("shadowed-module/bad_celery_py", "a file is to be renamed"),
    ("shadowed-module/bad_email_py", "a file is to be renamed"),
    ("shadowed-module/bad_flask_py", "a file is to be renamed"),
    ("slow-request/bad_django_view", "the work is to be moved to a task, which the editor offers"),
    ("slow-request/bad_endless_loop", "the loop needs an end that only its author knows"),
    ("slow-request/bad_long_loops", "another algorithm is to be found"),
    (
        "slow-request/bad_looks_at_the_clock",
        "the wait is to be dropped, or moved to a task, which the editor offers",
    ),
    ("slow-request/bad_recursion", "what is known already is to be kept, where the function may keep it"),
    ("slow-request/bad_regular_expression", "only its author knows what the pattern shall match"),
    ("slow-request/bad_report_in_a_helper", "the work is to be moved to a task, which the editor offers"),
    ("slow-request/bad_waits_for_a_thread", "the work is to be moved to a task, which the editor offers"),
    ("slow-request/bad_what_nobody_brings", "only its author knows who was to bring it"),
    ("syntax-error/bad_match_on_python_3_9", "a newer Python is to be chosen"),
    (
        "syntax-error/bad_windows_1251_without_coding_line",
        "no editor can show the bytes before the encoding is chosen",
    ),
    ("unexpanded-variable/bad_list_form_of_docker", "the list form or the variable is to go"),
    ("unknown-option/bad_strict", "no option is called nearly so"),
    ("unresolved-import/bad_package_not_installed", "a package is to be installed"),
    ("worker-lost-in-fork/bad_gunicorn_preload", "the import itself uses the pool"),
    ("worker-lost-in-fork/bad_warm_thread_pool", "the import itself uses the pool"),
    ("wrong-signature/bad_tornado", "the app needs a server of its own"),
];

#[test]
fn every_rule_holds_on_its_fixtures() {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(|| {
        let mut failures = String::new();
        let mut diffs = Vec::new();
        let mut unmended = Vec::new();
        for (rule, cases) in fixtures() {
            if rules::find(&rule).is_none() {
                println!("{rule}: there is no such rule yet, its {} fixtures are left out", cases.len());
                continue;
            }
            for folder in cases {
                let mut fixture = Fixture::read(&rule, &folder);
                fixture.check();
                for failure in &fixture.failures {
                    writeln!(failures, "{}: {failure}", fixture.name).unwrap();
                }
                if fixture.unmended {
                    unmended.push(fixture.name.clone());
                }
                if !fixture.diff.is_empty() {
                    diffs.push((fixture.name.replace('/', "__"), fixture.diff));
                }
            }
        }
        assert!(failures.is_empty(), "\n{failures}");
        let known: Vec<&str> = UNMENDED.iter().map(|(name, _)| *name).collect();
        assert_eq!(unmended, known, "every certain error has a fix, but for those of this list");
        diffs
    });
    for (name, diff) in thread.unwrap().join().expect("the failures are above") {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, diff);
        });
    }
}

#[test]
fn every_rule_has_fixtures_of_both_kinds() {
    let all = fixtures();
    let mut missing = String::new();
    for rule in rules::ALL {
        for (kind, wanted) in [("bad_", 2), ("ok_", 2)] {
            let named = |folder: &&PathBuf| folder.file_name().unwrap().to_str().unwrap().starts_with(kind);
            let count = all.get(rule.id).map_or(0, |cases| cases.iter().filter(named).count());
            if count < wanted {
                writeln!(missing, "tests/fixtures/{}/{kind}*: {count} of at least {wanted}", rule.id)
                    .unwrap();
            }
        }
    }
    assert!(missing.is_empty(), "\n{missing}");
}

/// The folders of the fixtures, by rule.
fn fixtures() -> BTreeMap<String, Vec<PathBuf>> {
    let folders = |of: &Path| {
        let mut found: Vec<PathBuf> =
            fs::read_dir(of).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
        found.sort();
        found
    };
    let root = normalize(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"));
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    folders(&root).iter().map(|rule| (name(rule), folders(rule))).collect()
}

struct Fixture {
    name: String,
    rule: String,
    root: PathBuf,
    case: Case,
    settings: Settings,
    expected: Vec<Expectation>,
    snapshot: Snapshot,
    failures: Vec<String>,
    /// Whether it has a certain error without a fix.
    unmended: bool,
    diff: String,
}

impl Fixture {
    fn read(rule: &str, root: &Path) -> Self {
        let name = format!("{rule}/{}", root.file_name().unwrap().to_str().unwrap());
        let mut failures = Vec::new();
        let case: Case = match fs::read_to_string(root.join("case.toml")) {
            Ok(text) => toml::from_str(&text).unwrap_or_else(|error| panic!("{name}/case.toml: {error}")),
            Err(_) => Case::default(),
        };
        let (settings, errors) = Settings::load(root);
        failures.extend(errors.iter().map(ToString::to_string));
        let settings = settings.under(Settings {
            host: case.host.clone(),
            entry: case.entry.clone(),
            callable: case.callable.clone(),
            python_version: case.python_version.clone(),
            ..Settings::default()
        });
        let mut expected = case.expect.clone();
        in_comments(root, root, &mut expected);
        let snapshot = Snapshot::of_disk(Arc::new(FileStore::default()));
        let (rule, root) = (rule.to_owned(), root.to_owned());
        Self {
            name,
            rule,
            root,
            case,
            settings,
            expected,
            snapshot,
            failures,
            unmended: false,
            diff: String::new(),
        }
    }

    fn check(&mut self) {
        let is_bad = self.name.contains("/bad_");
        if is_bad != self.expected.iter().any(|expected| expected.rule == self.rule) {
            self.fail(format!("a bad_* case expects its rule, an ok_* case does not: {:?}", self.expected));
        }
        let Some(analysis) = self.analyze(None) else { return };
        let reads_configurations =
            analysis.project.as_ref().is_some_and(|project| !project.configurations.is_empty());
        if analysis.deployments.is_empty() && !reads_configurations {
            self.fail("no deployment was found".to_owned());
        }
        self.compare(&analysis, "");
        for host in self.case.hosts.keys().cloned().collect::<Vec<_>>() {
            self.check_host(&host);
        }
        for (_, finding) in analysis.findings() {
            self.check_fixes(&analysis, finding);
            let is_sure = finding.severity == Severity::Error && finding.certainty == Certainty::Certain;
            self.unmended |= is_sure && finding.fixes.is_empty();
        }
        match mend(&self.snapshot, &self.root, &self.settings, &Overrides::default()) {
            Ok(mended) => self.check_mended(&analysis, &mended),
            Err(error) => self.fail(error.to_string()),
        }
    }

    fn analyze(&mut self, host: Option<Host>) -> Option<Analysis> {
        let overrides = Overrides { host, ..Overrides::default() };
        match analyze(&self.snapshot, &self.root, &self.settings, &overrides) {
            Ok(analysis) => Some(analysis),
            Err(error) => {
                self.fail(error.to_string());
                None
            }
        }
    }

    /// Every expectation is met, and nothing else is found.
    fn compare(&mut self, analysis: &Analysis, when: &str) {
        let mut met = vec![false; self.expected.len()];
        let mut wrong = Vec::new();
        for (_, finding) in analysis.findings() {
            let matching: Vec<usize> =
                (0..met.len()).filter(|at| self.meets(finding, &self.expected[*at])).collect();
            let loud = finding.severity >= Severity::Warning || finding.rule.id == self.rule;
            if matching.is_empty() && loud {
                wrong.push(format!("{when}not expected: {}", self.describe(finding)));
            }
            for at in matching {
                met[at] = true;
            }
        }
        for (expected, _) in self.expected.iter().zip(&met).filter(|(_, met)| !**met) {
            wrong.push(format!("{when}not found: {expected:?}"));
        }
        self.failures.extend(wrong);
    }

    fn meets(&self, finding: &Finding, expected: &Expectation) -> bool {
        finding.rule.id == expected.rule
            && relative_slash(&finding.site.path, &self.root) == expected.file
            && expected.line.is_none_or(|line| line == self.line(finding))
            && expected.severity.as_ref().is_none_or(|severity| severity == finding.severity.name())
            && expected.message.as_ref().is_none_or(|part| finding.message.contains(part))
    }

    fn line(&self, finding: &Finding) -> usize {
        let (source, _) = self.snapshot.text(&finding.site.path).unwrap();
        source.line(finding.site.range.start())
    }

    fn describe(&self, finding: &Finding) -> String {
        let file = relative_slash(&finding.site.path, &self.root);
        let (rule, severity) = (finding.rule.id, finding.severity.name());
        format!("{file}:{}: {severity}[{rule}] {}", self.line(finding), finding.message)
    }

    /// The verdict on one host, and the same findings there.
    fn check_host(&mut self, name: &str) {
        let Some(host) = Host::from_name(name) else {
            self.fail(format!("case.toml: there is no host `{name}`"));
            return;
        };
        let Some(analysis) = self.analyze(Some(host)) else { return };
        let Some(judged) = analysis.deployments.first() else { return };
        let outcome = &self.case.hosts[name];
        let verdict = serde_json::to_value(judged.judgement.verdict).unwrap();
        let visitor_sees = serde_json::to_value(judged.judgement.visitor_sees).unwrap();
        if verdict != *outcome.verdict || visitor_sees != *outcome.visitor_sees {
            self.fail(format!("on {name}: {verdict}, visitors get {visitor_sees}, but {outcome:?} is true"));
        }
        self.compare(&analysis, &format!("on {name}: "));
    }

    /// Every single fix, safe or not, leaves files that compile and one finding fewer.
    fn check_fixes(&mut self, analysis: &Analysis, finding: &Finding) {
        let before = count(analysis, finding.rule.id);
        for fix in &finding.fixes {
            let mut edits: BTreeMap<&Path, Vec<TextEdit>> = BTreeMap::new();
            for file_edit in &fix.edits {
                edits.entry(&file_edit.path).or_default().push(file_edit.edit.clone());
            }
            let mut texts = Vec::new();
            for (path, edits) in edits {
                let (source, _) = self.snapshot.text(path).expect("a fix edits a file that is there");
                match apply_edits(&source, &edits) {
                    Some(text) => texts.push((path.to_owned(), Source::new(text))),
                    None => self.failures.push(format!("the edits of `{}` overlap", fix.title)),
                }
            }
            let fixed = self.snapshot.with_texts(texts.clone());
            let after = analyze(&fixed, &self.root, &self.settings, &Overrides::default()).unwrap();
            if count(&after, finding.rule.id) >= before {
                self.fail(format!("`{}` does not make its finding go away", fix.title));
            }
            for (path, _) in &texts {
                self.must_compile(&fixed, &after, path, &fix.title);
            }
        }
    }

    /// All safe fixes together leave nothing that has a safe fix, and files that compile.
    fn check_mended(&mut self, before: &Analysis, mended: &Mended) {
        let has_safe = |finding: &Finding| finding.fixes.iter().any(|f| f.safety == rules::Safety::Safe);
        let without = before.findings().filter(|(_, f)| f.rule.id == self.rule && !has_safe(f)).count();
        if count(&mended.analysis, &self.rule) > without {
            self.fail("a finding with a safe fix is still there after all safe fixes".to_owned());
        }
        for (_, finding) in mended.analysis.findings() {
            let id = finding.rule.id;
            if count(&mended.analysis, id) > count(before, id) {
                self.fail(format!("all safe fixes together bring {id}: {}", finding.message));
            }
        }
        for file in &mended.files {
            self.must_compile(&mended.snapshot, &mended.analysis, &file.path, "--fix");
            let name = relative_slash(&file.path, &self.root);
            self.diff.push_str(&unified_diff(&name, file.before.text(), file.after.text()));
        }
    }

    fn must_compile(&mut self, snapshot: &Snapshot, analysis: &Analysis, path: &Path, fix: &str) {
        if let Some(config) = snapshot.config(path) {
            let before = self.snapshot.config(path).map_or(0, |file| file.problems().len());
            if config.problems().len() > before {
                self.fail(format!("`{fix}` leaves a configuration that cannot be read"));
            }
        }
        let is_python = path.extension().is_some_and(|extension| extension == "py" || extension == "wsgi");
        for judged in analysis.deployments.iter().filter(|_| is_python) {
            let file = snapshot.python(path, judged.deployment.python).unwrap();
            if !file.compiles() {
                self.fail(format!("`{fix}` leaves a file that does not compile: {:?}", file.problems()));
            }
        }
    }

    fn fail(&mut self, message: String) {
        self.failures.push(message);
    }
}

fn count(analysis: &Analysis, rule: &str) -> usize {
    analysis.findings().filter(|(_, finding)| finding.rule.id == rule).count()
}

/// Reads the `# expect:` comments of all files below a folder.
fn in_comments(root: &Path, folder: &Path, found: &mut Vec<Expectation>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            in_comments(root, &path, found);
            continue;
        }
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        for (index, line) in text.lines().enumerate() {
            for comment in line.split("# expect:").skip(1) {
                let (words, message) = match comment.split_once('"') {
                    Some((words, rest)) => (words, rest.rsplit_once('"').map(|(part, _)| part.to_owned())),
                    None => (comment, None),
                };
                let mut words = words.split_whitespace();
                let rule = words.next().unwrap_or_else(|| panic!("{}: a rule", path.display())).to_owned();
                let severity = words.next().map(|word| word.trim_matches(['[', ']']).to_owned());
                let file = relative_slash(&path, root);
                found.push(Expectation { rule, file, line: Some(index + 1), severity, message });
            }
        }
    }
}
