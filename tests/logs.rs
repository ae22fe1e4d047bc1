//! Logs, each led back to the code by a diagnosis.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod recorded;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use recorded::recorded;
use wsgi_ls::analysis::analyze;
use wsgi_ls::hosting::{Host, Overrides};
use wsgi_ls::logs::Digest;
use wsgi_ls::report::diagnosis::{Diagnosis, render};
use wsgi_ls::workspace::{FileStore, Settings, Snapshot, find_logs, open_log};

fn diagnose(root: &Path, entry: Option<&str>, host: Host, logs: &[PathBuf]) -> Diagnosis {
    let snapshot = Snapshot::of_disk(Arc::new(FileStore::default()));
    let overrides =
        Overrides { host: Some(host), entry: entry.map(|entry| root.join(entry)), active_virtualenv: None };
    let analysis = analyze(&snapshot, root, &Settings::default(), &overrides).unwrap();
    let mut digest = Digest::default();
    for log in logs {
        digest.read(log.clone(), open_log(log).unwrap(), None);
    }
    Diagnosis::of(&analysis, &snapshot, root, &digest, &|_| true)
}

#[test]
fn real_logs_lead_to_the_line_that_is_to_blame() {
    let mut wrong = Vec::new();
    let mut led = 0;
    for one in recorded() {
        let diagnosis = diagnose(&one.app, Some(&one.entry), one.host, &one.logs);
        let Some(first) = diagnosis.causes.first() else {
            wrong.push(format!("{}: no cause", one.name));
            continue;
        };
        let foreseen = first.foreseen.iter().flat_map(|finding| {
            let own = format!("{}:{}", finding.file, finding.range.start.line);
            let related = finding.related.iter();
            related.map(|r| format!("{}:{}", r.file, r.range.start.line)).chain([own])
        });
        let places: Vec<String> =
            foreseen.chain(first.logged.iter().flat_map(|logged| logged.places.clone())).collect();
        if !places.iter().any(|place| one.blames(place)) {
            wrong.push(format!("{}: {places:?} instead of {:?}", one.name, one.blamed));
        }
        if first.logged.is_empty() != one.is_silent() {
            wrong.push(format!("{}: the log says {:?} of the first cause", one.name, first.logged));
        }
        led += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(led > 60, "{led}");
}

#[test]
fn a_late_request_leads_to_its_handler_and_a_newer_file_is_taken_for_mended() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap().join("mysite");
    fs::create_dir(&root).unwrap();
    let app = "\
import requests
from flask import Flask

application = Flask(__name__)


@application.route(\"/rates/<code>\")
def rates(code):
    return requests.get(\"https://rates.example/\" + code).text
";
    fs::write(root.join("wsgi.py"), app).unwrap();
    let log = "\
2026-11-23 06:00:00 *** HARAKIRI ON WORKER 2 (pid: 6, try: 1) ***
2026-11-23 06:00:00 HARAKIRI [core 0] 1.2.3.4 - GET /rates/EUR?key=x since 1795414500
";
    fs::write(root.join("jane.pythonanywhere.com.server.log"), log).unwrap();
    let of_time = |seconds: u64| {
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        fs::File::open(root.join("wsgi.py")).unwrap().set_modified(time).unwrap();
        let snapshot = Snapshot::default();
        diagnose(&root, Some("wsgi.py"), Host::PythonAnywhere, &find_logs(&snapshot, &root))
    };
    let before = of_time(1_000_000_000);
    let cause = &before.causes[0];
    assert_eq!(cause.logged[0].request.as_deref(), Some("GET /rates/EUR"), "the query may hold secrets");
    assert_eq!(cause.logged[0].places.last().map(String::as_str), Some("wsgi.py:8"));
    assert_eq!(cause.foreseen[0].rule, "unbounded-wait");
    assert!(!cause.may_be_mended);
    assert!(
        before.reload.iter().any(|command| command.starts_with("touch /var/www/")),
        "{:?}",
        before.reload
    );
    let page = render(&before);
    assert!(page.contains("jane.pythonanywhere.com.server.log:1"), "{page}");
    assert!(of_time(2_000_000_000).causes[0].may_be_mended);
}

#[test]
fn nothing_found_says_what_was_checked() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let app =
        "def application(environ, start_response):\n    start_response(\"200 OK\", [])\n    return [b\"\"]\n";
    fs::write(root.join("wsgi.py"), app).unwrap();
    let diagnosis = diagnose(&root, Some("wsgi.py"), Host::Uwsgi, &[]);
    assert!(diagnosis.causes.is_empty(), "{:?}", diagnosis.causes);
    let page = render(&diagnosis);
    assert!(page.contains("Nothing was found") && page.contains("no log"), "{page}");
}
