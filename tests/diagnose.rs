//! `wsgi-ls diagnose` as people run it: its three forms, the report for support, the command that reloads, and logs that are no logs.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const APP: &str = "\
import requests
from flask import Flask

application = Flask(__name__)


@application.route(\"/rates/<code>\")
def rates(code):
    return requests.get(\"https://rates.example/\" + code).text
";
const HEALTHY: &str = "\
def application(environ, start_response):
    start_response(\"200 OK\", [(\"Content-Type\", \"text/plain\")])
    return [b\"hello\"]
";
const ENTRY: &str = "jane_pythonanywhere_com_wsgi.py";
const LOG: &str = "\
2098-11-23 06:00:00 *** HARAKIRI ON WORKER 2 (pid: 6, try: 1) ***
2098-11-23 06:00:00 HARAKIRI [core 0] 1.2.3.4 - GET /rates/EUR?token=s3cr3tquery since 1795414500
2098-11-23 06:01:00,123: Exception on /rates/USD [GET]
Traceback (most recent call last):
  File \"/home/jane/mysite/jane_pythonanywhere_com_wsgi.py\", line 9, in rates
ValueError: cannot reach mysql://jane:s3cr3taddress@db/x with password='s3cr3tword'
";

fn project(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// A project on PythonAnywhere with its log.
fn late() -> TempDir {
    project(&[(ENTRY, APP.as_bytes()), ("jane.pythonanywhere.com.server.log", LOG.as_bytes())])
}

struct Run {
    code: i32,
    out: String,
    err: String,
}

/// Runs `diagnose` in a folder; `path` is the variable `PATH`.
fn diagnose_with(path: &Path, folder: &TempDir, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_wsgi-ls"))
        .arg("diagnose")
        .args(arguments)
        .current_dir(folder.path())
        .env("PATH", path)
        .env_remove("VIRTUAL_ENV")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn diagnose(folder: &TempDir, arguments: &[&str]) -> Run {
    diagnose_with(Path::new("/nowhere"), folder, arguments)
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}{}", run.out, run.err))
}

#[test]
fn the_three_forms_say_the_same() {
    let folder = late();
    let (text, markdown) = (diagnose(&folder, &[]), diagnose(&folder, &["--format", "markdown"]));
    let json = json(&diagnose(&folder, &["--format", "json"]));
    assert_eq!((text.code, text.err.as_str()), (1, ""));
    let cause = &json["causes"][0];
    assert_eq!(cause["foreseen"][0]["rule"], "unbounded-wait");
    let logged: Vec<&str> =
        cause["logged"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(logged, ["harakiri", "exception"], "both sides of one cause: {cause:#}");
    assert_eq!(cause["logged"][0]["places"][0], format!("{ENTRY}:9"));
    // Everything that the JSON tells of the first cause stands on the page, and on the terminal.
    let flat = |text: &str| {
        text.replace('`', "").replace('\n', " ").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for page in [&text.out, &markdown.out] {
        let page = flat(page);
        for words in [
            "Why the site does not answer",
            "The most likely cause",
            cause["title"].as_str().unwrap(),
            cause["remedy"].as_str().unwrap(),
            cause["guide"].as_str().unwrap(),
            "jane.pythonanywhere.com.server.log:1",
            "GET /rates/EUR",
            "once, 2098-11-23 06:00:00 UTC",
            "touch /var/www/jane_pythonanywhere_com_wsgi.py",
            "What was checked: - what is deployed: 1 found, 1 module of it followed",
        ] {
            assert!(page.contains(&flat(words)), "{words}\n{page}");
        }
    }
    assert!(
        markdown.out.contains("\n## The most likely cause\n") && !text.out.contains("##"),
        "{}",
        text.out
    );
    assert!(!text.out.contains('\u{1b}'), "no colours in a pipe");
}

#[test]
fn what_support_needs_is_written_without_secrets() {
    let folder = late();
    fs::write(
        folder.path().join("uwsgi.ini"),
        "[uwsgi]\nwsgi-file = other.py\nenv = API_KEY=s3cr3tvariable\n",
    )
    .unwrap();
    fs::write(folder.path().join("other.py"), HEALTHY).unwrap();
    let site = folder.path().join("venv/lib/python3.11/site-packages/Flask-3.1.3.dist-info");
    fs::create_dir_all(&site).unwrap();
    fs::write(folder.path().join("venv/pyvenv.cfg"), "home = /usr/bin\nversion = 3.11.2\n").unwrap();
    assert!(!folder.path().join("report.md").exists());
    let run = diagnose(&folder, &["--report", "report.md"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.err.contains("report.md") && run.err.contains("Read it before you send it"), "{}", run.err);
    let report = fs::read_to_string(folder.path().join("report.md")).unwrap();
    for words in [
        env!("CARGO_PKG_VERSION"),
        "## `jane_pythonanywhere_com_wsgi.py` on PythonAnywhere",
        "- Python 3.11\n",
        "- working directory: `.`",
        "- virtual environment: `venv`",
        "- packages: Flask 3.1.3",
        "- environment: `API_KEY` (set)",
        "## Diagnosis",
        "GET /rates/EUR",
        "***",
    ] {
        assert!(report.contains(words), "{words}\n{report}");
    }
    assert!(!report.contains("s3cr3t") && !run.out.contains("s3cr3t"), "{report}\n{}", run.out);
    let refused = diagnose(&folder, &["--report", "nowhere/report.md"]);
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("report.md"), "{}", refused.err);
}

#[test]
fn when_nothing_is_found_it_says_what_was_checked() {
    let folder = project(&[("wsgi.py", HEALTHY.as_bytes()), ("error.log", b"all is well\n")]);
    let run = diagnose(&folder, &["--host", "uwsgi", "--report", "report.md"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let report = fs::read_to_string(folder.path().join("report.md")).unwrap();
    for text in [&run.out, &report] {
        let text = text.replace(['`', '\n'], " ");
        for words in [
            "Nothing was found",
            "what is deployed: 1 found",
            "1 log, 1 lines: 0 different incidents",
            "--report FILE",
        ] {
            assert!(text.contains(words), "{words}\n{text}");
        }
    }
    assert!(report.contains("- `error.log`, 1 lines"), "{report}");
    let empty = project(&[]);
    assert!(diagnose(&empty, &[]).out.contains("No deployment was found"));
}

#[cfg(unix)]
#[test]
fn pa_is_told_of_where_it_is_installed_and_never_called() {
    use std::os::unix::fs::PermissionsExt;
    let folder = late();
    let programs = tempfile::tempdir().unwrap();
    let pa = programs.path().join("pa");
    fs::write(&pa, "#!/bin/sh\ntouch \"$(dirname \"$0\")/was-called\"\n").unwrap();
    fs::set_permissions(&pa, fs::Permissions::from_mode(0o755)).unwrap();
    let with = json(&diagnose_with(programs.path(), &folder, &["--format", "json"]));
    let touch = "touch /var/www/jane_pythonanywhere_com_wsgi.py";
    assert_eq!(
        with["reload"],
        serde_json::json!([touch, "pa webapp reload --domain jane.pythonanywhere.com"])
    );
    assert_eq!(fs::read_dir(programs.path()).unwrap().count(), 1, "it was called");
    let without = json(&diagnose(&folder, &["--format", "json"]));
    assert_eq!(without["reload"], serde_json::json!([touch]));
}

/// The log that a real host wrote, packed as log rotation does it.
fn packed() -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(LOG.as_bytes()).unwrap();
    for number in 0..20_000 {
        writeln!(packer, "request {number} took {} ms", number * 7919 % 1000).unwrap();
    }
    packer.finish().unwrap()
}

#[test]
fn of_a_damaged_log_what_can_be_read_is_told_and_the_rest_is_noted() {
    let packed = packed();
    let with = |before: &[u8], after: &[u8]| [before, LOG.as_bytes(), after].concat();
    let long = "x".repeat(3 << 20);
    for (what, bytes, note) in [
        ("whole", with(b"", b""), ""),
        ("packed", packed.clone(), ""),
        ("cut in the middle of a line", with(b"", &LOG.as_bytes()[..40]), ""),
        ("packed and cut", packed[..packed.len() / 2].to_vec(), "it could be read only as far as line "),
        ("not UTF-8", with(b"caf\xe9 opened\n", b""), "some bytes are not UTF-8 and are shown as `\u{fffd}`"),
        ("with zeros", with(&[0; 4096], b"\n"), "it holds zero bytes: some of it is no text"),
        ("a long line", with(b"", long.as_bytes()), "a line is very long; its beginning was read"),
    ] {
        let folder = project(&[(ENTRY, APP.as_bytes()), ("site.log", &bytes)]);
        let json = json(&diagnose(&folder, &["--format", "json", "--log", "site.log"]));
        let kinds = json["causes"][0]["logged"].to_string();
        assert!(kinds.contains("harakiri"), "{what}: {json:#}");
        let notes = json["logs"][0]["notes"].as_array().unwrap();
        let told = notes.iter().map(|told| told.as_str().unwrap()).collect::<Vec<_>>().join("; ");
        assert_eq!((told.contains(note), told.is_empty()), (true, note.is_empty()), "{what}: {told}");
        let page = diagnose(&folder, &["--format", "markdown", "--log", "site.log"]).out;
        assert!(
            note.is_empty() || page.contains(&format!("- `site.log`: {}", note.split('`').next().unwrap())),
            "{what}: {page}"
        );
    }
    // No text at all: nothing is found in it, and that is said.
    let noise: Vec<u8> = (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let folder = project(&[("wsgi.py", HEALTHY.as_bytes()), ("site.log", &noise)]);
    let run = diagnose(&folder, &[]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("zero bytes") && run.out.contains("not UTF-8"), "{}", run.out);
    for (name, sentence) in [("nowhere.log", "does not exist"), (".", "is no file")] {
        let run = diagnose(&folder, &["--log", name]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains(sentence), "{}", run.err);
    }
}
