//! Fixes: what each edit makes of a file, that Python compiles the result, and that nothing else changes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod background;
mod expressions;
mod guard;
mod insert;
mod invariants;
mod lazy;
mod program;
mod python;
mod remove;
mod reorder;
mod robustness;

use wsgi_ls::syntax::python::{PythonFile, PythonVersion};
use wsgi_ls::text::{Source, TextEdit, TextRange, TextSize, apply_edits};

/// A text with the parts between `«` and `»` marked, and what is expected of it; `None` when nothing may be edited.
type Case = (&'static str, Option<&'static str>);

fn parse(text: &str) -> PythonFile {
    PythonFile::parse(Source::new(text), None, PythonVersion::PY311)
}

/// Takes the marks out of a text; the ranges are those of the marked parts, in order.
fn marked(text: &str) -> (String, Vec<TextRange>) {
    let mut clean = String::new();
    let mut ranges = Vec::new();
    let mut start = TextSize::new(0);
    for c in text.chars() {
        match c {
            '«' => start = TextSize::of(&*clean),
            '»' => ranges.push(TextRange::new(start, TextSize::of(&*clean))),
            c => clean.push(c),
        }
    }
    (clean, ranges)
}

/// Checks a table of cases; every text, before and after, must also be one that Python compiles.
fn check(cases: &[Case], edit: impl Fn(&PythonFile, &[TextRange]) -> Option<Vec<TextEdit>>) {
    let mut texts = Vec::new();
    for (before, expected) in cases {
        let (before, ranges) = marked(before);
        let file = parse(&before);
        let after = edit(&file, &ranges)
            .map(|edits| apply_edits(file.source(), &edits).expect("edits that do not overlap"));
        assert_eq!(after.as_deref(), *expected, "\nof {before:?}");
        texts.push(before);
        texts.extend(after);
    }
    python::assert_all_compile(&texts);
}
