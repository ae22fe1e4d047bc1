//! Moving work to a background task: each folder of `background/` is a project with the selection between `«` and `»`.
//!
//! What the refactoring makes of it, or why it refuses, is a snapshot. `case.toml` names the host where it matters.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wsgi_ls::analysis::analyze;
use wsgi_ls::fixes::background::{Offer, Refusal, move_to_background};
use wsgi_ls::hosting::{Host, Overrides};
use wsgi_ls::report::unified_diff;
use wsgi_ls::rules::background::{named_modules, surroundings};
use wsgi_ls::syntax::python::{PythonFile, PythonVersion};
use wsgi_ls::text::{Source, TextEdit, TextRange, TextSize, apply_edits};
use wsgi_ls::workspace::{FileStore, Settings, Snapshot, relative_slash};

/// What became of one project.
struct Outcome {
    offer: Result<Offer, Refusal>,
    /// The texts of the changed files, before and after.
    changed: BTreeMap<PathBuf, (String, String)>,
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixes/background");
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.is_dir());
    cases.sort();
    assert!(cases.len() > 20, "the cases are gone");
    cases
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries =
        ignore::WalkBuilder::new(folder).hidden(false).build().map(|entry| entry.unwrap().into_path());
    entries.filter(|path| path.is_file()).collect()
}

fn run(case: &Path) -> Outcome {
    let mut marked = None;
    for path in files_below(case) {
        let text = std::fs::read_to_string(&path).unwrap();
        if text.contains('«') {
            let (clean, ranges) = super::marked(&text);
            let point = |at: TextSize| TextRange::empty(at);
            let range = ranges.first().copied();
            assert!(marked.is_none(), "{} has two selections", case.display());
            marked = Some((path, clean, range.unwrap_or_else(|| point(TextSize::new(0)))));
        }
    }
    let (path, clean, range) = marked.unwrap_or_else(|| panic!("{} has no selection", case.display()));
    let disk = Snapshot::of_disk(Arc::new(FileStore::default()));
    let snapshot = disk.with_texts([(path.clone(), Source::new(clean))]);
    let toml = std::fs::read_to_string(case.join("case.toml")).unwrap_or_default();
    let toml: toml::Table = toml.parse().unwrap();
    let host = toml.get("host").map(|name| Host::from_name(name.as_str().unwrap()).unwrap());
    let overrides = Overrides { host, ..Overrides::default() };
    let analysis = analyze(&snapshot, case, &Settings::default(), &overrides).unwrap();
    let judged =
        analysis.deployments.first().unwrap_or_else(|| panic!("{} has no deployment", case.display()));
    let around = surroundings(&snapshot, &judged.deployment, named_modules(&judged.load.modules));
    let offer = move_to_background(&around, &path, range);
    let mut edits: BTreeMap<PathBuf, Vec<TextEdit>> = BTreeMap::new();
    for (path, edit) in offer.iter().flat_map(|offer| &offer.edits) {
        edits.entry(path.to_path_buf()).or_default().push(edit.clone());
    }
    let changed = edits.into_iter().map(|(path, edits)| {
        let before = snapshot.text(&path).map_or_else(|| Source::new(""), |(source, _)| source);
        let after = apply_edits(&before, &edits).expect("edits that do not overlap");
        (path, (before.text().to_owned(), after))
    });
    Outcome { changed: changed.collect(), offer }
}

fn described(case: &Path, outcome: &Outcome) -> String {
    match &outcome.offer {
        Err(Refusal::NotHere) => "nothing is offered\n".to_owned(),
        Err(Refusal::Because(reason)) => format!("refused: {reason}\n"),
        Ok(offer) => {
            let mut text = format!("{}\n\n{}\n", offer.title, offer.next_steps);
            for (path, (before, after)) in &outcome.changed {
                text.push('\n');
                text.push_str(&unified_diff(&relative_slash(path, case), before, after));
            }
            text
        }
    }
}

#[test]
fn work_moves_or_stays_with_a_reason() {
    for case in cases() {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let outcome = run(&case);
        let refused = matches!(outcome.offer, Err(Refusal::Because(_)));
        assert_eq!(refused, name.starts_with("refused_"), "{name}: {}", described(&case, &outcome));
        insta::assert_snapshot!(name, described(&case, &outcome));
    }
}

#[test]
fn python_compiles_what_comes_out() {
    let outcomes: Vec<Outcome> = cases().iter().map(|case| run(case)).collect();
    let changed = outcomes.iter().flat_map(|outcome| &outcome.changed);
    let python = changed.filter(|(path, _)| path.extension().is_some_and(|ending| ending == "py"));
    let texts: Vec<String> = python.map(|(_, (_, after))| after.clone()).collect();
    assert!(texts.len() > 30, "there is too little to compile");
    super::python::assert_all_compile(&texts);
}

#[test]
fn a_file_keeps_its_line_ends_and_quotes() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixes/background/flask_huey");
    let text = std::fs::read_to_string(case.join("app.py")).unwrap();
    let (text, ranges) = super::marked(&text.replace('\n', "\r\n").replace('"', "'"));
    let disk = Snapshot::of_disk(Arc::new(FileStore::default()));
    let path = case.join("app.py");
    let snapshot = disk.with_texts([(path.clone(), Source::new(text.as_str()))]);
    let analysis = analyze(&snapshot, &case, &Settings::default(), &Overrides::default()).unwrap();
    let around = surroundings(&snapshot, &analysis.deployments[0].deployment, Vec::new());
    let offer = move_to_background(&around, &path, ranges[0]).unwrap();
    for (edited, edit) in offer.edits {
        let new = edit.new_text;
        if edited.extension().is_some_and(|ending| ending == "py") {
            assert_eq!(new.matches('\n').count(), new.matches("\r\n").count(), "{new}");
            let docstrings = new.split("\"\"\"").skip(1).step_by(2);
            let quotes = docstrings.map(|text| text.matches('"').count() + 6).sum::<usize>();
            assert_eq!(new.matches('"').count(), quotes, "{new}");
        }
    }
    assert!(PythonFile::parse(Source::new(text), None, PythonVersion::PY311).compiles());
}
