//! The laws of the house, kept by a test; ARCHITECTURE.md tells why each of them is one.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The ground that all stand on.
const GROUND: &[&str] = &["text", "catalog", "syntax", "workspace", "fixes", "hosting", "load"];

/// Each room with the rooms below it, which are the only ones that it may name. All that are not part
/// of the ground themselves may name all of it.
const ROOMS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("catalog", &["text"]),
    ("syntax", &["text"]),
    ("workspace", &["text", "syntax"]),
    ("fixes", &["text", "catalog", "syntax", "workspace"]),
    ("hosting", &["text", "catalog", "syntax", "workspace"]),
    ("load", &["text", "catalog", "syntax", "workspace", "hosting"]),
    ("request", &["text", "catalog", "syntax", "workspace", "hosting", "load"]),
    ("rules", &["request"]),
    ("settings", &["rules"]),
    ("analysis", &["request", "rules"]),
    ("comfort", &["rules"]),
    ("mend", &["rules", "analysis"]),
    ("logs", &["request", "analysis"]),
    ("report", &["rules", "analysis", "logs"]),
    ("lsp", &["request", "rules", "settings", "analysis", "comfort", "mend", "logs", "report"]),
    ("cli", &["rules", "settings", "analysis", "comfort", "mend", "logs", "report", "lsp"]),
];

/// The longest a file may be, in lines.
const MAX_LINES: usize = 400;

/// Files that are longer, because what they hold is one thing.
const LONG_FILES: &[&str] = &["server/load/call.rs", "server/load/import.rs"];

/// What reaches the disk: words of a path, and calls.
const DISK: &[&str] = &["fs", "WalkBuilder"];
const DISK_CALLS: &[&str] = &[
    ".exists()",
    ".is_file()",
    ".is_dir()",
    ".metadata()",
    ".canonicalize()",
    ".read_dir()",
    ".read_link()",
];

/// What belongs to the protocol.
const PROTOCOL: &[&str] = &["tower_lsp_server", "ls_types", "lsp_types"];

/// One source file of the server.
struct SourceFile {
    /// Relative to the repository, with forward slashes.
    path: String,
    text: String,
}

impl SourceFile {
    /// The room that the file belongs to: the folder below `server/`, or the name of a file that lies in `server/` itself.
    fn room(&self) -> &str {
        let inner = self.path.strip_prefix("server/").unwrap();
        inner.split_once('/').map_or_else(|| inner.trim_end_matches(".rs"), |(room, _)| room)
    }

    /// The lines of code with their 1-based numbers, without comments and without the tests at the end of the file.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_test_file = self.path.ends_with("/tests.rs");
        self.text
            .lines()
            .take_while(|line| line.trim() != "#[cfg(test)]")
            .enumerate()
            .filter(move |_| !is_test_file)
            .map(|(at, line)| (at + 1, line.split_once("//").map_or(line, |(code, _)| code)))
    }
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files with that ending that are part of the repository, relative to it, in order.
fn files(below: &str, extension: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ignore::WalkBuilder::new(repository().join(below))
        .hidden(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|found| found == extension) && path.is_file())
        .map(|path| path.strip_prefix(repository()).unwrap().to_owned())
        .collect();
    found.sort();
    assert!(!found.is_empty(), "there are no .{extension} files in {below}");
    found
}

fn server() -> Vec<SourceFile> {
    files("server", "rs")
        .into_iter()
        .map(|path| SourceFile {
            text: fs::read_to_string(repository().join(&path)).unwrap(),
            path: path.to_str().unwrap().replace('\\', "/"),
        })
        .collect()
}

/// The identifiers of a line, `a::b` as `a`, `b` and `a::b`.
fn words(code: &str) -> impl Iterator<Item = &str> {
    let paths = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    paths
        .flat_map(|path| std::iter::once(path.trim_matches(':')).chain(path.split("::")))
        .filter(|w| !w.is_empty())
}

#[track_caller]
fn assert_none(law: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{law}:\n  {}", broken.join("\n  "));
}

/// Every line outside one room that names one of these words or holds one of these texts.
fn named_outside(room: &str, forbidden: &[&str], texts: &[&str]) -> Vec<String> {
    let mut broken = Vec::new();
    for file in server().iter().filter(|file| file.room() != room) {
        for (line, code) in file.code() {
            if words(code).any(|word| forbidden.contains(&word))
                || texts.iter().any(|text| code.contains(text))
            {
                broken.push(format!("{}:{line}: {}", file.path, code.trim()));
            }
        }
    }
    broken
}

#[test]
fn only_lsp_names_the_protocol() {
    assert_none("only server/lsp/ may name protocol types", &named_outside("lsp", PROTOCOL, &[]));
}

#[test]
fn only_the_workspace_touches_the_disk() {
    assert_none(
        "only server/workspace/ may read or write files",
        &named_outside("workspace", DISK, DISK_CALLS),
    );
}

#[test]
fn rooms_import_downward() {
    let mut broken = Vec::new();
    for file in &server() {
        let room = file.room();
        if matches!(room, "lib" | "main") {
            continue;
        }
        let Some((_, below)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            broken.push(format!("{}: tests/tidy.rs does not know this room", file.path));
            continue;
        };
        for (line, code) in file.code() {
            for named in code.split("crate::").skip(1) {
                let named = named.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap();
                let grounded = !GROUND.contains(&room) && GROUND.contains(&named);
                if named == room || grounded || below.contains(&named) {
                    continue;
                }
                broken.push(format!("{}:{line}: {room} may not name {named}: {}", file.path, code.trim()));
            }
        }
    }
    assert_none("rooms import downward only", &broken);
}

#[test]
fn files_are_short() {
    let mut long: Vec<String> = Vec::new();
    let mut listed: BTreeSet<&str> = LONG_FILES.iter().copied().collect();
    for file in server() {
        let lines = file.text.lines().count();
        if lines > MAX_LINES && !listed.remove(file.path.as_str()) {
            long.push(format!("{}: {lines} lines", file.path));
        }
    }
    assert_none("a file has at most 400 lines", &long);
    assert!(listed.is_empty(), "these files need not be listed as long any more: {listed:?}");
}

#[test]
fn nothing_is_left_for_later() {
    // Written in two parts, so that this file does not find itself.
    let marks =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!"), concat!("unimplemented", "!")];
    let mut broken = Vec::new();
    for folder in ["server", "tests", "benches"] {
        for path in files(folder, "rs") {
            let text = fs::read_to_string(repository().join(&path)).unwrap();
            for (at, line) in text.lines().enumerate() {
                if marks.iter().any(|mark| line.contains(mark)) {
                    broken.push(format!("{}:{}: {}", path.display(), at + 1, line.trim()));
                }
            }
        }
    }
    assert_none("unfinished work belongs into the issue tracker", &broken);
}

#[test]
fn nothing_unwraps() {
    let mut broken = Vec::new();
    for file in server() {
        for (line, code) in file.code() {
            if code.contains(".unwrap()")
                || code.contains(".expect(\"")
                || code.contains("clippy::unwrap_used")
            {
                broken.push(format!("{}:{line}: {}", file.path, code.trim()));
            }
        }
    }
    assert_none("no input ends the server: handle it or return what could be found out", &broken);
}

#[test]
fn tests_stand_at_the_end() {
    // `SourceFile::code` stops at the tests, so nothing may hide behind them.
    for file in server() {
        if let Some((_, tests)) = file.text.split_once("\n#[cfg(test)]\n") {
            assert!(tests.starts_with("mod ") || tests.starts_with("#["), "{}: odd #[cfg(test)]", file.path);
            let ends = tests.match_indices("\n}").count() + usize::from(tests.starts_with("mod tests;"));
            assert_eq!(ends, 1, "{}: code stands behind the tests", file.path);
        }
    }
}

#[test]
fn every_rule_has_its_file_its_place_and_its_fixtures() {
    let mut in_files = BTreeSet::new();
    let mut broken = Vec::new();
    for file in server().iter().filter(|file| file.text.contains("pub static RULE: Rule")) {
        let id = file.path.strip_prefix("server/rules/").unwrap().trim_end_matches(".rs");
        if !file.text.contains(&format!("id: \"{id}\"")) {
            broken.push(format!("{}: the id of the rule is not the name of the file", file.path));
        }
        if !id.split('-').all(|part| part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())) {
            broken.push(format!("{}: the name is not in kebab case", file.path));
        }
        for kind in ["ok_", "bad_"] {
            let folder = repository().join("tests/fixtures").join(id);
            let has_one = fs::read_dir(&folder).is_ok_and(|entries| {
                entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with(kind))
            });
            if !has_one {
                broken.push(format!("{}: there is no tests/fixtures/{id}/{kind}*", file.path));
            }
        }
        in_files.insert(id.to_owned());
    }
    assert_none("every rule has a file of its name, and fixtures", &broken);
    let registered: BTreeSet<String> = wsgi_ls::rules::ALL.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(in_files, registered, "server/rules/registry.rs and the files of the rules differ");
    assert_eq!(registered.len(), wsgi_ls::rules::ALL.len(), "a rule is registered twice");
}

#[test]
fn links_in_documents_lead_somewhere() {
    let mut broken = Vec::new();
    let mut checked = 0;
    for path in files("", "md") {
        let text = fs::read_to_string(repository().join(&path)).unwrap();
        for link in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            checked += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => repository().join(&path),
                _ => repository().join(&path).parent().unwrap().join(file),
            };
            let found = if anchor.is_empty() {
                target.exists()
            } else {
                fs::read_to_string(&target).is_ok_and(|text| anchors(&text).any(|known| known == anchor))
            };
            if !found {
                broken.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert_none("links lead to files and headings that exist", &broken);
    assert!(checked > 0, "no link was checked");
}

/// Markdown outside fenced code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// The targets of all inline links and pictures.
fn links(text: &str) -> impl Iterator<Item = &str> {
    prose(text).flat_map(|line| line.split("](").skip(1)).filter_map(|rest| Some(rest.split_once(')')?.0))
}

/// The anchors that a forge makes of the headings.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    prose(text).filter(|line| line.starts_with('#')).map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        title.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
    })
}
