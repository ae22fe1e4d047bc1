//! Reports for machines, baselines, watching, and what shells and `man` are told.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use clap::CommandFactory;
use tempfile::TempDir;

const APP: &str = "from flask import Flask\n\napp = Flask(__name__)\napp.run()\n";
const HEALTHY: &str = "from flask import Flask\n\napplication = Flask(__name__)\n";

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsgi-ls"));
    command.current_dir(folder).env_remove("VIRTUAL_ENV").stdin(Stdio::null());
    command
}

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The exit code, the output and the error output of `check`.
fn check(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let output = command(folder.path()).arg("check").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[cfg(unix)]
#[test]
fn their_real_readers_are_content() {
    let output = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports/run.py"))
        .args(["--server", env!("CARGO_BIN_EXE_wsgi-ls")])
        .output()
        .expect("python3 starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    assert_eq!(out.matches("as it should be").count(), 12, "{out}{err}");
}

#[test]
fn what_becomes_of_a_late_request_is_told_as_the_host_ends_it() {
    let late = "import time\nfrom flask import Flask\n\napplication = Flask(__name__)\n\n\n\
                @application.route(\"/\")\ndef page():\n    time.sleep(900)\n    return \"done\"\n";
    let hang = "import time\n\nwhile True:\n    time.sleep(1)\n";
    let killed = "after a long wait, when the worker is killed";
    let apache =
        "WSGIDaemonProcess site request-timeout=60\nWSGIScriptAlias / /srv/site/wsgi.py process-group=site\n";
    for (host, app, configuration, wanted) in [
        ("pythonanywhere", late, ("", ""), format!("502 Bad Gateway {killed}")),
        ("uwsgi", late, ("", ""), format!("502 Bad Gateway {killed}")),
        (
            "uwsgi",
            late,
            ("uwsgi.ini", "[uwsgi]\nwsgi-file = wsgi.py\nmaster = true\nharakiri = 60\n"),
            format!("502 Bad Gateway {killed}"),
        ),
        ("gunicorn", late, ("", ""), format!("500 Internal Server Error {killed}")),
        (
            "gunicorn",
            late,
            ("Procfile", "web: gunicorn --threads 4 wsgi\n"),
            "504 Gateway Timeout after a long wait".to_owned(),
        ),
        ("mod_wsgi", late, ("", ""), "504 Gateway Timeout after a long wait".to_owned()),
        ("mod_wsgi", late, ("site.conf", apache), format!("500 Internal Server Error {killed}")),
        ("uwsgi", hang, ("", ""), "504 Gateway Timeout after a long wait".to_owned()),
    ] {
        let mut files = vec![("wsgi.py", app)];
        files.extend(Some(configuration).filter(|(name, _)| !name.is_empty()));
        let folder = project(&files);
        let arguments = if configuration.0.is_empty() { vec!["--host", host] } else { Vec::new() };
        for format in ["text", "markdown", "junit"] {
            let (_, out, err) = check(&folder, &[&arguments[..], &["--format", format]].concat());
            let told = out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(told.contains(&wanted), "{host} with {}: {told}{err}", configuration.0);
        }
        let (_, json, _) = check(&folder, &[&arguments[..], &["--format", "json"]].concat());
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["deployments"][0]["visitor_sees"], "timeout", "programs are told the same as ever");
        // The finding names the same status.
        let (status, _) = wanted.split_once(" after").unwrap();
        let message = json["findings"][0]["message"].as_str().unwrap();
        assert!(message.contains(status), "{host}: {message} instead of {status}");
    }
}

#[test]
fn a_baseline_hides_what_was_there_and_nothing_else() {
    let folder = project(&[("flask_app.py", APP)]);
    let (code, out, err) = check(&folder, &["--baseline", "known.json"]);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(err, @"wsgi-ls: there is no baseline known.json; `wsgi-ls check --baseline known.json --write-baseline` writes it");

    let (code, out, err) = check(&folder, &["--baseline", "known.json", "--write-baseline"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", "Wrote 1 finding into known.json.\n"));
    let written = fs::read_to_string(folder.path().join("known.json")).unwrap();
    assert!(written.contains("\"server-started-at-import\"") && written.ends_with("}\n"), "{written}");

    // Known, also after lines were added above; the verdict stays what it is.
    fs::write(folder.path().join("flask_app.py"), format!("# A comment.\n\n{APP}")).unwrap();
    let (code, out, err) = check(&folder, &["--baseline", "known.json"]);
    assert_eq!((code, err.as_str()), (0, "1 finding is in known.json and not shown.\n"));
    assert!(out.contains("hangs while it loads") && out.contains("Nothing to report"), "{out}");

    // A second finding of the same rule on an equal line is a new one.
    fs::write(
        folder.path().join("b_example_com_wsgi.py"),
        HEALTHY.replace('\n', "\r\n") + "import nowhere_\r\n",
    )
    .unwrap();
    fs::write(folder.path().join("a_example_com_wsgi.py"), "from flask_app import app as application\n")
        .unwrap();
    let (code, out, _) = check(&folder, &["--baseline", "known.json", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let rules: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap()).collect();
    assert!(!rules.contains(&"server-started-at-import"), "{rules:?}");
    assert_eq!(code, i32::from(!rules.is_empty()));

    // Mended: the entry has outlived its finding.
    fs::write(folder.path().join("flask_app.py"), APP.replace("app.run()\n", "")).unwrap();
    let (_, _, err) = check(&folder, &["--baseline", "known.json"]);
    assert_eq!(err, "1 entry of it is not found any more; --write-baseline takes them out of known.json.\n");
}

#[test]
fn equal_lines_are_told_apart() {
    let twice = "try:\n    import missing_a\nexcept ImportError:\n    pass\nprint 'x'\nprint 'x'\n";
    let folder = project(&[("wsgi.py", twice)]);
    let (_, out, _) = check(&folder, &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let marks: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|f| f["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(marks.len(), 2, "{out}");
    assert_ne!(marks[0], marks[1]);
}

#[test]
fn a_baseline_that_is_none_is_refused() {
    let folder = project(&[
        ("wsgi.py", HEALTHY),
        ("list.json", "[]"),
        ("new.json", "{\"version\": 2, \"findings\": []}"),
    ]);
    for (name, part) in
        [("list.json", "it is no baseline"), ("new.json", "knows version 1 only"), (".", "is no file")]
    {
        let (code, out, err) = check(&folder, &["--baseline", name]);
        assert_eq!((code, out.as_str()), (2, ""), "{name}");
        assert!(err.contains(part), "{name}: {err}");
    }
    assert_eq!(check(&folder, &["--write-baseline"]).0, 2, "the file has to be named");
    let (code, _, err) = check(&folder, &["--baseline", "nowhere/known.json", "--write-baseline"]);
    assert!(code == 2 && err.contains("cannot be written"), "{err}");
}

/// Ends the process when the test is over, also when it fails.
struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn watching_checks_again_after_each_change() {
    let folder = project(&[("wsgi.py", HEALTHY)]);
    let mut watching = Watching(
        command(folder.path())
            .args(["check", "--watch", "--format", "jsonl"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut lines = BufReader::new(watching.0.stdout.take().unwrap()).lines();
    let mut next = || {
        let mut findings = Vec::new();
        loop {
            let line: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
            if let Some(rule) = line["finding"]["rule"].as_str() {
                findings.push(rule.to_owned());
            } else if line.get("end").is_some() {
                return findings;
            }
        }
    };
    assert_eq!(next(), [""; 0]);
    fs::write(folder.path().join("wsgi.py"), format!("{HEALTHY}application.run()\n")).unwrap();
    assert_eq!(next(), ["server-started-at-import"]);
    // A setting that cannot be used is told, and the next change mends it.
    fs::write(folder.path().join("wsgi-ls.toml"), "hots = 'uwsgi'\n").unwrap();
    let mut told = BufReader::new(watching.0.stderr.take().unwrap()).lines();
    assert!(told.next().unwrap().unwrap().contains("there is no setting `hots`"));
    fs::write(folder.path().join("wsgi-ls.toml"), "host = 'uwsgi'\n").unwrap();
    assert_eq!(next(), ["server-started-at-import"]);
    fs::write(folder.path().join("wsgi.py"), HEALTHY).unwrap();
    assert_eq!(next(), [""; 0]);
}

#[test]
fn what_cannot_be_watched_ends_at_once() {
    let folder = project(&[("wsgi.py", HEALTHY)]);
    let (code, out, err) = check(&folder, &["--watch", "nowhere"]);
    assert_eq!((code, out.as_str(), err.as_str()), (2, "", "wsgi-ls: there is nothing at nowhere\n"));
    assert_eq!(check(&folder, &["--watch", "--fix"]).0, 2);
}

#[test]
fn every_option_stands_in_the_manual() {
    let man = |arguments: &[&str]| {
        let output = command(Path::new(".")).arg("man").args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let whole = man(&[]);
    assert!(whole.contains(".TH wsgi-ls 1"), "{whole}");
    for command in wsgi_ls::cli::Arguments::command().get_subcommands() {
        let name = command.get_name();
        assert!(whole.contains(&format!("wsgi\\-ls\\-{name}(1)")), "{name}: {whole}");
        let page = man(&[name]);
        assert!(page.contains(&format!(".TH wsgi-ls-{name} 1")), "{page}");
        for long in command.get_arguments().filter(|one| !one.is_hide_set()).filter_map(|one| one.get_long())
        {
            assert!(page.contains(&format!("\\-\\-{}", long.replace('-', "\\-"))), "{name}: --{long}");
        }
    }
    let refused = command(Path::new(".")).args(["man", "chekc"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("no command `chekc`"));
}

#[test]
fn nothing_is_drawn_into_a_pipe() {
    let folder = project(&[("wsgi.py", HEALTHY)]);
    let (code, out, err) = check(&folder, &[]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(!out.contains('\u{1b}') && !out.contains('\r'), "{out:?}");
}
