//! What real hosts logged, in the editor: each log leads to the code, and the code tells of the log.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::client::{Client, hover, uri};
use crate::recorded::{Recorded, recorded};

/// An app's project in a folder of its own, changed last at that time (seconds since 1970).
fn copied(app: &Path, changed: u64) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    // The name under which the servers had it.
    let root = folder.path().canonicalize().unwrap().join(app.file_name().unwrap());
    copy(app, &root, SystemTime::UNIX_EPOCH + Duration::from_secs(changed));
    (folder, root)
}

fn copy(from: &Path, to: &Path, changed: SystemTime) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target, changed);
        } else if entry.file_name() != "app.toml" {
            fs::copy(entry.path(), &target).unwrap();
            fs::File::options().append(true).open(&target).unwrap().set_modified(changed).unwrap();
        }
    }
}

/// A session in which the host and the entry are known.
fn opened(one: &Recorded, root: &Path) -> Client {
    let mut client = Client::start();
    client.initialize(json!({
        "capabilities": {},
        "workspaceFolders": [{"uri": uri(root), "name": "site"}],
        "initializationOptions": {"entry": one.entry, "host": one.host.name()},
    }));
    client
}

/// A place as the authors of the apps write it, lines counted from 1.
fn place(root: &Path, uri_of_file: &str, line: u64) -> String {
    let inner = uri_of_file.strip_prefix(&format!("{}/", uri(root))).unwrap_or(uri_of_file);
    format!("{inner}:{line}")
}

fn line_of(range: &Value) -> u64 {
    range["start"]["line"].as_u64().unwrap() + 1
}

/// The places to which the diagnostics and the links of a log lead.
fn led_to(client: &mut Client, root: &Path, log: &str, found: &[Value]) -> Vec<String> {
    let related =
        found.iter().flat_map(|item| item["relatedInformation"].as_array().cloned().unwrap_or_default());
    let mut places: Vec<String> = related
        .map(|one| place(root, one["location"]["uri"].as_str().unwrap(), line_of(&one["location"]["range"])))
        .collect();
    let links = client.request("textDocument/documentLink", json!({"textDocument": {"uri": log}}));
    for link in links["result"].as_array().into_iter().flatten() {
        let (file, line) = link["target"].as_str().unwrap().rsplit_once("#L").unwrap();
        places.push(place(root, file, line.parse().unwrap()));
    }
    places
}

/// What is said of a log in the editor, as sentences about what is missing.
fn wrong_in(one: &Recorded) -> Vec<String> {
    let (_folder, root) = copied(&one.app, 1_000_000_000);
    let mut wrong = Vec::new();
    let mut places = Vec::new();
    let logs: Vec<PathBuf> = ["site.error.log", "site.access.log"]
        .iter()
        .take(one.logs.len())
        .map(|name| root.join(name))
        .collect();
    for (source, log) in one.logs.iter().zip(&logs) {
        fs::copy(source, log).unwrap();
    }
    let mut client = opened(one, &root);
    for log in &logs {
        client.open(&uri(log), 1, &fs::read_to_string(log).unwrap());
        let found = client.published(&uri(log), Some(1));
        places.extend(led_to(&mut client, &root, &uri(log), &found));
        for item in &found {
            let start = &item["range"]["start"];
            let at = |key: &str| u32::try_from(start[key].as_u64().unwrap()).unwrap();
            let said = hover(&mut client, &uri(log), at("line"), at("character"));
            let text = said["contents"]["value"].as_str().unwrap_or_default();
            if !text.contains(item["message"].as_str().unwrap()) {
                wrong.push(format!("hover says {text:?} for {}", item["message"]));
            }
        }
    }
    let told = told_in_code(&mut client, one, &root);
    if !told.iter().any(|place| one.blames(place)) {
        wrong.push(format!("the code is told at {told:?}"));
    }
    assert_eq!(client.shut_down(), 0);
    if !places.iter().any(|place| one.blames(place)) {
        wrong.push(format!("the logs lead to {places:?}"));
    }
    wrong
}

/// The places of the blamed files at which something of a log is told.
fn told_in_code(client: &mut Client, one: &Recorded, root: &Path) -> Vec<String> {
    let mut told = Vec::new();
    for blamed in &one.blamed {
        let file = uri(&root.join(blamed.split(':').next().unwrap()));
        for item in client.pull(&file)["items"].as_array().unwrap() {
            if item["code"].as_str().unwrap().starts_with("log-") {
                told.push(place(root, &file, line_of(&item["range"])));
            }
        }
    }
    told
}

#[test]
fn every_recorded_log_leads_to_the_code_and_is_told_there() {
    let mut wrong = Vec::new();
    let all: Vec<Recorded> = recorded().into_iter().filter(|one| !one.is_silent()).collect();
    assert!(all.len() > 60, "{}", all.len());
    for one in &all {
        let sentences = wrong_in(one);
        wrong.extend(sentences.into_iter().map(|sentence| format!("{}: {sentence}", one.name)));
    }
    assert!(wrong.is_empty(), "{}\nblamed are others", wrong.join("\n"));
}

#[test]
fn live_and_rotated_logs_are_told_in_the_code_until_the_code_is_newer() {
    let one = recorded().into_iter().find(|one| one.name == "camera_sleeps_in_view.uwsgi").unwrap();
    let text = fs::read_to_string(&one.logs[0]).unwrap();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(text.as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    for (name, bytes) in [
        ("jane.pythonanywhere.com.server.log", text.as_bytes()),
        ("jane.pythonanywhere.com.server.log.1", text.as_bytes()),
        ("logs/uwsgi.log-20261124", text.as_bytes()),
        ("jane.pythonanywhere.com.server.log.2.gz", &packed),
    ] {
        for (changed, is_told) in [(1_000_000_000, true), (3_000_000_000, false)] {
            let (_folder, root) = copied(&one.app, changed);
            let log = root.join(name);
            fs::create_dir_all(log.parent().unwrap()).unwrap();
            fs::write(&log, bytes).unwrap();
            let mut client = opened(&one, &root);
            let told = told_in_code(&mut client, &one, &root);
            assert_eq!(told.iter().any(|place| one.blames(place)), is_told, "{name} {changed}: {told:?}");
            if bytes == text.as_bytes() && is_told {
                client.open(&uri(&log), 1, &text);
                let found = client.published(&uri(&log), Some(1));
                assert_eq!(found[0]["code"], "log-harakiri", "{name}");
                let places = led_to(&mut client, &root, &uri(&log), &found);
                assert!(places.iter().any(|place| one.blames(place)), "{name}: {places:?}");
            }
        }
    }
}
