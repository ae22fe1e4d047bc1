//! What the files that describe a hosting make of a project: `tests/wiring/*.txt` hold projects with the deployments that are found in
//! each. A line `=== name` begins a project, `--- path` a file of it, `>>>` what is found.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wsgi_ls::hosting::{Deployment, Overrides, Wiring, discover};
use wsgi_ls::workspace::{FileStore, Settings, Snapshot, relative_slash};

struct Project {
    name: String,
    files: Vec<(String, String)>,
    expected: String,
}

fn projects(text: &str) -> Vec<Project> {
    let mut projects: Vec<Project> = Vec::new();
    let mut in_answer = false;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            projects.push(Project { name: name.to_owned(), files: Vec::new(), expected: String::new() });
            in_answer = false;
            continue;
        }
        let Some(project) = projects.last_mut() else { continue };
        if let Some(path) = line.strip_prefix("--- ") {
            project.files.push((path.to_owned(), String::new()));
        } else if line == ">>>" {
            in_answer = true;
        } else if in_answer {
            let _ = writeln!(project.expected, "{line}");
        } else if let Some((_, text)) = project.files.last_mut() {
            let _ = writeln!(text, "{line}");
        }
    }
    projects
}

/// One line for each deployment: what is known of it beyond the defaults.
fn told(deployment: &Deployment, snapshot: &Snapshot, root: &Path) -> String {
    let path = |path: &Path| {
        let text = relative_slash(path, root);
        if text.is_empty() { ".".to_owned() } else { text }
    };
    let callable = format!("{}{}", deployment.callable, if deployment.calls_factory { "()" } else { "" });
    let mut line = format!("{} {} {callable}", deployment.host.name(), path(&deployment.entry));
    if deployment.wiring != Wiring::Configuration {
        return line + " by its name";
    }
    let mut tell = |name: &str, value: String| line.push_str(&format!(" {name}={value}"));
    if let Some(module) = &deployment.module {
        tell("module", module.clone());
    }
    tell("from", path(&deployment.working_directory));
    let search: Vec<String> = deployment.search_path.iter().map(|folder| path(folder)).collect();
    tell("search", search.join(":"));
    if let Some(virtualenv) = &deployment.virtualenv {
        tell("env", path(virtualenv));
    }
    let process = &deployment.process;
    if let Some(late) = process.loads_in_worker {
        tell("loads", if late { "in-worker" } else { "before-fork" }.to_owned());
    }
    if process.needs_app {
        tell("needs", "app".to_owned());
    }
    if process.is_asgi {
        tell("calls", "asgi".to_owned());
    }
    for (name, value) in &process.environment {
        tell("var", format!("{name}:{}", value.as_deref().unwrap_or("?")));
    }
    let limits = &deployment.limits;
    let numbers = [
        ("seconds", limits.request_seconds.map(|n| n.to_string())),
        ("workers", limits.workers.map(|n| n.to_string())),
        ("threads", limits.threads.map(|n| n.to_string())),
        ("class", limits.worker_class.clone()),
    ];
    for (name, value) in numbers {
        if let Some(value) = value {
            tell(name, value);
        }
    }
    for place in &deployment.places {
        let (source, _) = snapshot.text(&place.path).unwrap();
        let at = source.line_column(place.range.start());
        tell("at", format!("{}:{}:{}", path(&place.path), at.line, at.column));
    }
    line
}

#[test]
fn projects_are_wired_as_their_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wiring");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let update = std::env::var_os("UPDATE_WIRING").is_some();
    let mut wrong = String::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let mut rewritten = String::new();
        for project in projects(&text) {
            let directory = tempfile::tempdir().unwrap();
            let root = directory.path().canonicalize().unwrap().join("site");
            for (path, text) in &project.files {
                let path = root.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            let snapshot = Snapshot::of_disk(Arc::new(FileStore::default()));
            let found = discover(&snapshot, &root, &Settings::default(), &Overrides::default()).unwrap();
            let answer: String = found.iter().map(|one| told(one, &snapshot, &root) + "\n").collect();
            if answer.trim() != project.expected.trim() {
                let _ = writeln!(
                    wrong,
                    "{}, wanted:\n{}\nfound:\n{answer}",
                    project.name,
                    project.expected.trim()
                );
            }
            let _ = writeln!(rewritten, "=== {}", project.name);
            for (path, text) in &project.files {
                let _ = write!(rewritten, "--- {path}\n{text}");
            }
            let _ = write!(rewritten, ">>>\n{answer}\n");
        }
        if update {
            fs::write(&file, rewritten.trim_end().to_owned() + "\n").unwrap();
        }
    }
    assert!(update || wrong.is_empty(), "{wrong}");
}
