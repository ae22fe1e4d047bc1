//! The two examples of every rule are fixtures, and what its text says of failures is what its findings say.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wsgi_ls::analysis::{Analysis, STACK_BYTES, analyze};
use wsgi_ls::catalog::pages;
use wsgi_ls::hosting::Overrides;
use wsgi_ls::rules::{ALL, Severity, example_files, outcomes};
use wsgi_ls::workspace::{FileStore, Settings, Snapshot};

/// Analyses run on a thread with the stack that they need.
fn on_a_big_stack(test: fn()) {
    std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(test)
        .unwrap()
        .join()
        .expect("the failure is above");
}

fn analyzed(root: &Path) -> Analysis {
    let (settings, errors) = Settings::load(root);
    assert_eq!(errors, [], "{}", root.display());
    let snapshot = Snapshot::of_disk(Arc::new(FileStore::default()));
    analyze(&snapshot, root, &settings, &Overrides::default()).unwrap()
}

/// What is found in an example, as `severity[rule] message`; and whether there was a deployment at all.
fn found(example: &str) -> (bool, Vec<(String, Severity, String)>) {
    let folder = tempfile::tempdir().unwrap();
    for file in example_files(example) {
        let path = folder.path().join(file.name.unwrap_or("wsgi.py"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text).unwrap();
    }
    let analysis = analyzed(folder.path());
    let all = analysis.findings().map(|(_, f)| (f.rule.id.to_owned(), f.severity, f.message.clone()));
    let reads = analysis.project.as_ref().is_some_and(|project| !project.configurations.is_empty());
    (reads || !analysis.deployments.is_empty(), all.collect())
}

#[test]
fn the_bad_examples_are_reported_and_the_good_ones_are_not() {
    on_a_big_stack(|| {
        let mut wrong = String::new();
        for rule in ALL {
            let (is_there, all) = found(rule.guidance.bad);
            if !is_there || !all.iter().any(|(id, ..)| id == rule.id) {
                writeln!(wrong, "{}: the bad example is not reported: {all:?}", rule.id).unwrap();
            }
            for (id, _, message) in
                all.iter().filter(|(id, severity, _)| id != rule.id && *severity >= Severity::Warning)
            {
                writeln!(
                    wrong,
                    "{}: the bad example is also wrong for another reason: {id}: {message}",
                    rule.id
                )
                .unwrap();
            }
            let (is_there, all) = found(rule.guidance.good);
            let loud = all.iter().any(|(id, severity, _)| id == rule.id || *severity >= Severity::Warning);
            if !is_there || loud {
                writeln!(wrong, "{}: the good example is not silent: {all:?}", rule.id).unwrap();
            }
        }
        assert!(wrong.is_empty(), "\n{wrong}");
    });
}

#[test]
fn the_text_of_a_rule_knows_how_its_findings_fail() {
    on_a_big_stack(|| {
        let mut wrong = String::new();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        for rule in ALL {
            let known = outcomes::failures(rule.id);
            let folders = fs::read_dir(fixtures.join(rule.id)).unwrap().map(|entry| entry.unwrap().path());
            let bad = folders
                .filter(|path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("bad_"));
            for folder in bad {
                for (_, finding) in analyzed(&folder).findings().filter(|(_, f)| f.rule.id == rule.id) {
                    if let Some(failure) = finding.failure
                        && !known.contains(&failure)
                        && finding.severity >= Severity::Warning
                    {
                        writeln!(wrong, "{}: {failure:?} is missing, see {}", rule.id, folder.display())
                            .unwrap();
                    }
                }
            }
            // What is an error or a warning keeps visitors from the page somewhere.
            let harmless =
                outcomes::symptoms(rule).iter().all(|(symptom, _)| *symptom == outcomes::Symptom::Nothing);
            if rule.severity >= Severity::Warning && harmless {
                writeln!(wrong, "{}: its text does not say how the app fails", rule.id).unwrap();
            }
        }
        assert!(wrong.is_empty(), "\n{wrong}");
    });
}

#[test]
fn every_text_is_complete() {
    let mut wrong = String::new();
    for rule in ALL {
        let guidance = &rule.guidance;
        let texts = [guidance.explanation, guidance.bad, guidance.good, guidance.when_wrong, rule.summary];
        if texts.iter().any(|text| text.trim().is_empty()) || guidance.pages.is_empty() {
            writeln!(wrong, "{}: a part of the guidance is empty", rule.id).unwrap();
        }
        if guidance.explanation.lines().chain(guidance.when_wrong.lines()).any(|line| line.starts_with('#')) {
            writeln!(wrong, "{}: the page has headings of its own", rule.id).unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_link_is_an_address_whose_page_has_the_anchor() {
    let known = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guidance/anchors.toml"))
        .unwrap();
    let known: toml::Table = known.parse().unwrap();
    let mut wrong = String::new();
    for page in pages::ALL {
        let (address, anchor) = page.url.split_once('#').map_or((page.url, None), |(a, b)| (a, Some(b)));
        let Some((host, path)) = address.strip_prefix("https://").and_then(|rest| rest.split_once('/'))
        else {
            writeln!(wrong, "{}: not an address of a page: {}", page.title, page.url).unwrap();
            continue;
        };
        let is_plain =
            |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
        if !host.contains('.') || !is_plain(host, ".-") || !is_plain(path, "/._-") {
            writeln!(wrong, "{}: malformed: {}", page.title, page.url).unwrap();
        }
        let anchors = known.get(address).and_then(|anchors| anchors.as_array());
        let has =
            |wanted: &str| anchors.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(wanted)));
        // PythonAnywhere's articles are all known, so that a page that is gone is seen, too.
        if host == "help.pythonanywhere.com" && anchors.is_none() || !anchor.is_none_or(has) {
            writeln!(wrong, "{}: tests/guidance/anchors.toml does not know {}", page.title, page.url)
                .unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}run tools/pages/anchors.py, and look at the page");
}
