//! What an editor session remembers changes no result: after every keystroke, the analysis with a memory equals the one from
//! scratch.
//!
//! The projects are the fixtures of all rules; the keystrokes are random, but the same at every run.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wsgi_ls::analysis::{Analysis, Memory, STACK_BYTES, analyze, analyze_again};
use wsgi_ls::hosting::Overrides;
use wsgi_ls::text::Source;
use wsgi_ls::workspace::{FileStore, Overlay, Settings, Snapshot, normalize};

/// Keystrokes in each project, unless `WSGI_LS_KEYSTROKES` says how many.
const KEYSTROKES: usize = 8;

#[test]
fn a_session_finds_what_a_first_look_finds() {
    let test = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(|| {
        let told = std::env::var("WSGI_LS_KEYSTROKES").ok();
        let keystrokes = told.map_or(KEYSTROKES, |number| number.parse().expect("a number"));
        for (project, seed) in projects().iter().zip(1..) {
            type_in(project, keystrokes, Random(seed));
        }
    });
    test.unwrap().join().expect("the difference is above");
}

/// Types in the files of one project and compares after each keystroke.
fn type_in(root: &Path, keystrokes: usize, mut random: Random) {
    let files = python_files(root);
    let settings = Settings { entry: entry_of(root), ..Settings::default() };
    let store: Arc<FileStore> = Arc::default();
    let mut memory = Memory::default();
    // Two open files show that one edit does not hide another.
    let mut open: Vec<(PathBuf, String, Arc<Overlay>)> = Vec::new();
    for _ in 0..2.min(files.len()) {
        let path = files[random.below(files.len())].clone();
        if open.iter().all(|(known, ..)| *known != path) {
            let text = fs::read_to_string(&path).unwrap_or_default();
            let overlay = Arc::new(Overlay::new(Source::new(text.clone()), None));
            open.push((path, text, overlay));
        }
    }
    for keystroke in 0..keystrokes {
        let overlays = open.iter().map(|(path, _, overlay)| (path.clone(), overlay.clone())).collect();
        let snapshot = Snapshot::with_overlays(store.clone(), overlays);
        let overrides = Overrides::default();
        let fresh = told(&analyze(&snapshot, root, &settings, &overrides).unwrap());
        let again = told(&analyze_again(&snapshot, root, &settings, &overrides, &mut memory).unwrap());
        if fresh != again {
            let difference = similar::TextDiff::from_lines(&fresh, &again);
            let texts: Vec<&String> = open.iter().map(|(_, text, _)| text).collect();
            panic!(
                "{}, keystroke {keystroke}\n{}\n{texts:#?}",
                root.display(),
                difference.unified_diff().header("from scratch", "with a memory")
            );
        }
        let at = random.below(open.len());
        let (path, text, overlay) = &mut open[at];
        // Now and then everything is undone.
        *text = if random.below(8) == 0 {
            fs::read_to_string(path).unwrap_or_default()
        } else {
            edited(text, &mut random)
        };
        *overlay = Arc::new(Overlay::new(Source::new(text.clone()), overlay.newest_good()));
    }
}

/// The text after one keystroke, or after one command of an editor.
fn edited(text: &str, random: &mut Random) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let line = random.below(lines.len() + 1);
    let indent = lines.get(line).map_or("", |line| &line[..line.len() - line.trim_start().len()]);
    let indent = indent.trim_matches('\n');
    let inserted = match random.below(9) {
        0 => "\n".to_owned(),
        1 => format!("{indent}# a comment\n"),
        2 => format!("{indent}pass\n"),
        3 => format!("{indent}import os\n"),
        4 => format!("{indent}print(undefined)\n"),
        5 => lines.get(line).map_or_else(String::new, |line| (*line).to_owned()),
        6 => {
            // A line disappears.
            return lines.iter().enumerate().filter(|(at, _)| *at != line).map(|(_, line)| *line).collect();
        }
        typed => {
            let mut at = random.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let key = ["x", " ", "(", ")", "\n", ".", "'", "1", ":"][random.below(9)];
            return if typed == 7 {
                format!("{}{key}{}", &text[..at], &text[at..])
            } else {
                // Backspace.
                let before = text[..at].char_indices().next_back().map_or(0, |(before, _)| before);
                format!("{}{}", &text[..before], &text[at..])
            };
        }
    };
    let (above, below) = lines.split_at(line);
    format!("{}{inserted}{}", above.concat(), below.concat())
}

/// Everything that an analysis says.
fn told(analysis: &Analysis) -> String {
    let each = analysis.deployments.iter().map(|judged| {
        let modules: Vec<_> = judged.load.modules.iter().map(|m| (&m.name, &m.path)).collect();
        let (effects, application) = (&judged.load.effects, &judged.load.application);
        format!(
            "{:#?}\n{modules:#?}\n{effects:#?}\n{application:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:?}\n",
            judged.deployment,
            judged.requests,
            judged.judgement,
            judged.findings,
            judged.notes,
            judged.load.django_debug
        )
    });
    each.collect()
}

/// The entry that a fixture names, if it does.
fn entry_of(root: &Path) -> Option<PathBuf> {
    let case = fs::read_to_string(root.join("case.toml")).ok()?;
    let line = case.lines().find_map(|line| line.strip_prefix("entry = "))?;
    Some(PathBuf::from(line.trim_matches('"')))
}

fn projects() -> Vec<PathBuf> {
    let root = normalize(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"));
    let mut projects: Vec<PathBuf> = folders(&root).iter().flat_map(|rule| folders(rule)).collect();
    projects.retain(|project| !python_files(project).is_empty());
    projects.sort();
    projects
}

fn folders(of: &Path) -> Vec<PathBuf> {
    entries(of).into_iter().filter(|path| path.is_dir()).collect()
}

fn python_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            found.extend(python_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "py" || ending == "wsgi") {
            found.push(path);
        }
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Numbers that look random (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}
