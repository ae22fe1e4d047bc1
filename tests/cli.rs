//! The command line as people and scripts use it: what is printed, what is written, and the exit codes.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use wsgi_ls::rules;

const BROKEN: &str = "from flask import Flask\n\nprint \"loading\"\napplication = Flask(__name__)\n";
const HEALTHY: &str = "from flask import Flask\n\napplication = Flask(__name__)\n";

/// A project in a folder of its own.
struct Project {
    folder: TempDir,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        for (name, text) in files {
            project.write(name, text.as_bytes());
        }
        project
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap()
    }

    /// Runs the command in the project's folder.
    fn run(&self, arguments: &[&str]) -> Run {
        run_in(self.path(), arguments)
    }
}

/// What a run printed and how it ended.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("no signal ended it"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsgi-ls"));
    command.current_dir(folder).env_remove("VIRTUAL_ENV").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    command(folder).args(arguments).output().unwrap().into()
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/flask_on_pythonanywhere")
}

fn json(run: &Run) -> serde_json::Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}{}", run.out, run.err))
}

#[test]
fn a_finding_is_shown_on_its_source_under_the_verdict() {
    let project = Project::new(&[("wsgi.py", BROKEN)]);
    let run = project.run(&["check"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.out, @r#"
    wsgi.py (uWSGI, `application`): fails to load
      visitors get 500 Internal Server Error

    error[syntax-error]: missing parentheses in call to 'print' (Python 2 syntax): uWSGI cannot load the app, visitors get 500 Internal Server Error
     --> wsgi.py:3:7
      |
    3 | print "loading"
      |       ^^^^^^^^^
      |
      = note: see https://help.pythonanywhere.com/pages/502BadGateway/#look-for-import-errors-or-syntax-errors-in-your-wsgi-file
      = help: Write `print("loading")`

    Found 1 error (1 deployment checked).
    "#);
    let coloured = project.run(&["check", "--color", "always"]);
    insta::assert_snapshot!(coloured.out.replace('\u{1b}', "^["), @r#"
    ^[[1mwsgi.py^[[0m (uWSGI, `application`): ^[[1m^[[31mfails to load^[[0m
      visitors get 500 Internal Server Error

    ^[[1m^[[91merror[syntax-error]^[[0m^[[1m: missing parentheses in call to 'print' (Python 2 syntax): uWSGI cannot load the app, visitors get 500 Internal Server Error^[[0m
     ^[[1m^[[94m--> ^[[0mwsgi.py:3:7
      ^[[1m^[[94m|^[[0m
    ^[[1m^[[94m3^[[0m ^[[1m^[[94m|^[[0m print "loading"
      ^[[1m^[[94m|^[[0m       ^[[1m^[[91m^^^^^^^^^^[[0m
      ^[[1m^[[94m|^[[0m
      ^[[1m^[[94m= ^[[0m^[[1mnote^[[0m: see https://help.pythonanywhere.com/pages/502BadGateway/#look-for-import-errors-or-syntax-errors-in-your-wsgi-file
      ^[[1m^[[94m= ^[[0m^[[1mhelp^[[0m: Write `print("loading")`

    Found 1 error (1 deployment checked).
    "#);
}

#[test]
fn a_clean_project_ends_with_0() {
    let project = Project::new(&[("wsgi.py", HEALTHY)]);
    let run = project.run(&["check", "."]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @"
    wsgi.py (uWSGI, `application`): serves
      visitors get the page, as far as can be seen

    Nothing to report (1 deployment checked).
    ");
}

#[test]
fn the_threshold_decides_the_exit_code() {
    let project =
        Project::new(&[("wsgi.py", BROKEN), ("wsgi-ls.toml", "rules = { syntax-error = 'information' }")]);
    assert_eq!(project.run(&["check"]).code, 0);
    assert_eq!(project.run(&["check", "--fail-on", "information"]).code, 1);
    assert_eq!(project.run(&["check", "--fail-on", "hint"]).code, 1);
    assert_eq!(project.run(&["check", "--fail-on", "hint", "--ignore", "syntax-error"]).code, 0);
    assert_eq!(project.run(&["check", "--fail-on", "hint", "--select", "syntax-error"]).code, 1);
}

#[test]
fn what_cannot_be_checked_ends_with_2_and_says_why() {
    let project = Project::new(&[("wsgi.py", HEALTHY)]);
    let refused = |arguments: &[&str]| {
        let run = project.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}: {}", run.err);
        run.err
    };
    insta::assert_snapshot!(refused(&["check", "nowhere"]), @"wsgi-ls: there is nothing at nowhere");
    insta::assert_snapshot!(refused(&["check", "--select", "sintax-error"]), @"wsgi-ls: there is no rule `sintax-error`; did you mean `syntax-error`?");
    insta::assert_snapshot!(refused(&["check", "--ignore", "everything"]), @"wsgi-ls: there is no rule `everything`; `wsgi-ls rules` lists them all");
    insta::assert_snapshot!(refused(&["explain", "syntaxerror"]), @"wsgi-ls: there is no rule `syntaxerror`; did you mean `syntax-error`?");
    assert!(refused(&["check", "--entry", "asgi.py"]).contains("asgi.py"));
    assert!(refused(&["check", "wsgi.py", "--entry", "wsgi.py"]).contains("is a file"));
    assert!(refused(&["check", "--host", "apache"]).contains("mod_wsgi"));
    assert!(refused(&["check", "--fix", "--diff"]).contains("--diff"));
    assert!(refused(&["chekc"]).contains("check"));
}

#[test]
fn bad_settings_end_with_2_and_name_their_line() {
    let project =
        Project::new(&[("wsgi.py", HEALTHY), ("pyproject.toml", "[tool.wsgi-ls]\nhots = 'uwsgi'\n")]);
    let run = project.run(&["check"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    insta::assert_snapshot!(run.err, @"wsgi-ls: pyproject.toml:2: there is no setting `hots`; did you mean `host`?");
    project.write("pyproject.toml", b"[tool.wsgi-ls]\nentry = 'site.py'\n");
    assert_eq!(project.run(&["check"]).code, 2);
    project.write("pyproject.toml", b"[tool.wsgi-ls]\nvirtualenv = 3\npython-version = '2.7'\n");
    insta::assert_snapshot!(project.run(&["check"]).err, @"
    wsgi-ls: pyproject.toml:2: `virtualenv` is a string, not a number
    wsgi-ls: pyproject.toml:3: `2.7` is not a version of Python that can be checked; write it as `3.11`, from 3.7 on
    ");
}

#[test]
fn when_there_is_nothing_to_check_it_tells_how_to_name_an_entry() {
    let project = Project::new(&[("notes.txt", "nothing"), ("site.py", HEALTHY)]);
    let run = project.run(&["check"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(run.out, @"
    Found nothing to check in the folder .
    Looked for `*_wsgi.py` (PythonAnywhere), `wsgi.py`, `passenger_wsgi.py`, `*.wsgi`, and a `flask_app.py`, `app.py` or `main.py` that creates an application.
    Name the file that your host loads: wsgi-ls check --entry FILE .
    ");
    let report = json(&project.run(&["check", "--format", "json"]));
    assert_eq!(report, serde_json::json!({"version": 1, "deployments": [], "findings": []}));
    let named = project.run(&["check", "--entry", "site.py"]);
    assert!(named.out.starts_with("site.py (uWSGI, `application`): serves"), "{}", named.out);
}

#[test]
fn a_file_can_be_checked_by_its_path() {
    let project = Project::new(&[("site/start.py", BROKEN)]);
    let report = json(&project.run(&["check", "--format", "json", "--host", "mod_wsgi", "site/start.py"]));
    assert_eq!(report["deployments"][0]["entry"], "start.py");
    assert_eq!(report["deployments"][0]["host"], "mod_wsgi");
    assert_eq!(report["findings"][0]["file"], "start.py");
}

#[test]
fn the_json_counts_lines_and_characters_from_one() {
    let project = Project::new(&[("pkg é/wsgi.py", "application = 1\r\n\u{1f600}x = 1\r\n")]);
    let report = json(&project.run(&["check", "--format", "json", "--entry", "pkg é/wsgi.py"]));
    let finding = &report["findings"][0];
    assert_eq!(finding["file"], "pkg é/wsgi.py");
    assert_eq!(finding["range"]["start"], serde_json::json!({"line": 2, "column": 1}));
    assert_eq!(finding["range"]["end"], serde_json::json!({"line": 2, "column": 2}));
    assert_eq!(report["deployments"][0]["verdict"], "fails-to-load");
}

#[test]
fn entries_are_found_by_their_names_and_texts() {
    let found = |files: &[(&str, &str)]| -> Vec<String> {
        let report =
            json(&Project::new(files).run(&["check", "--format", "json", "--select", "syntax-error"]));
        let describe = |one: &serde_json::Value| {
            let text = |key: &str| one[key].as_str().unwrap().to_owned();
            format!("{} {} {}", text("host"), text("entry"), text("callable"))
        };
        report["deployments"].as_array().unwrap().iter().map(describe).collect()
    };
    let app = "from flask import Flask\napp = Flask(__name__)\n";
    assert_eq!(found(&[("wsgi.py", HEALTHY)]), ["uwsgi wsgi.py application"]);
    assert_eq!(
        found(&[("wsgi.py", HEALTHY), ("requirements.txt", "flask\ngunicorn==23\n")]),
        ["gunicorn wsgi.py application"]
    );
    assert_eq!(
        found(&[("wsgi.py", "from app import app\n"), ("Procfile", "web: gunicorn wsgi:app\n")]),
        ["gunicorn wsgi.py app"]
    );
    let home = "import sys\nsys.path.insert(0, '/home/jane/site')\nfrom site_app import app as application\n";
    assert_eq!(found(&[("wsgi.py", home)]), ["pythonanywhere wsgi.py application"]);
    assert_eq!(
        found(&[("var_www/www_example_com_wsgi.py", home), ("site/wsgi.py", HEALTHY)]),
        ["pythonanywhere var_www/www_example_com_wsgi.py application"]
    );
    assert_eq!(
        found(&[("www_example_com_wsgi.py", home), ("wsgi.py", HEALTHY), ("Procfile", "web: gunicorn wsgi")]),
        ["gunicorn wsgi.py application", "pythonanywhere www_example_com_wsgi.py application"]
    );
    assert_eq!(
        found(&[("passenger_wsgi.py", HEALTHY), ("a.wsgi", HEALTHY), ("app.py", app)]),
        ["mod_wsgi a.wsgi application", "passenger passenger_wsgi.py application"]
    );
    assert_eq!(found(&[("flask_app.py", app), ("app.py", app)]), ["pythonanywhere flask_app.py app"]);
    assert_eq!(found(&[("main.py", "import bottle\nweb = bottle.Bottle()\n")]), ["gunicorn main.py web"]);
    assert_eq!(found(&[("main.py", "print('a script')\n"), ("app.py", "app = 3\n")]), [""; 0]);
    assert_eq!(
        found(&[
            ("tests/wsgi.py", HEALTHY),
            ("docs/wsgi.py", HEALTHY),
            ("{{ name }}/wsgi.py", HEALTHY),
            (".hidden/wsgi.py", HEALTHY),
            ("node_modules/x/wsgi.py", HEALTHY),
            ("lib/site-packages/x/wsgi.py", HEALTHY),
            ("my_env/pyvenv.cfg", "version = 3.12.1"),
            ("my_env/wsgi.py", HEALTHY),
            ("build/wsgi.py", HEALTHY),
            ("old/wsgi.py", HEALTHY),
            (".gitignore", "/build\n"),
            ("wsgi-ls.toml", "exclude = ['old/']"),
        ]),
        [""; 0]
    );
}

#[test]
fn the_version_of_python_is_read_from_the_environment_and_the_settings() {
    let newer = "application = lambda e, s: [f\"{\"nested\"}\".encode()]\n";
    let code =
        |files: &[(&str, &str)]| Project::new(&[&[("wsgi.py", newer)], files].concat()).run(&["check"]).code;
    assert_eq!(code(&[]), 0, "nothing is refused for being new when the version is unknown");
    assert_eq!(code(&[("venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.4\n")]), 1);
    assert_eq!(
        code(&[
            (".venv/pyvenv.cfg", "version_info = 3.12.0.final.0\n"),
            ("venv/pyvenv.cfg", "version = 3.11.4")
        ]),
        0
    );
    assert_eq!(code(&[(".python-version", "3.11.9\n")]), 1);
    assert_eq!(code(&[("runtime.txt", "python-3.10.2\n")]), 1);
    assert_eq!(code(&[("runtime.txt", "python-3.10.2\n"), ("wsgi-ls.toml", "python-version = '3.13'")]), 0);
    let project = Project::new(&[("wsgi.py", newer), ("active/pyvenv.cfg", "version = 3.9.1\n")]);
    let active =
        command(project.path()).arg("check").env("VIRTUAL_ENV", project.path().join("active")).output();
    assert_eq!(Run::from(active.unwrap()).code, 1);
}

#[test]
fn strange_files_are_survived() {
    let project = Project::new(&[]);
    let utf_16: Vec<u8> =
        std::iter::once(0xfeff).chain(HEALTHY.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let deep = format!("x = {}1{}\n", "(-".repeat(20_000), ")".repeat(20_000)).into_bytes();
    let binary: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let old_mac = b"from flask import Flask\rprint 'old'\rapplication = 1\r".to_vec();
    for (name, bytes, code) in [
        ("utf16", utf_16, 1),
        ("deep", deep, 1),
        ("binary", binary, 1),
        ("mac", old_mac, 1),
        ("empty", Vec::new(), 0),
    ] {
        project.write("wsgi.py", &bytes);
        let run = project.run(&["check", "--select", "syntax-error"]);
        assert_eq!((run.code, run.err.as_str()), (code, ""), "{name}: {}", run.out);
        assert!(run.out.len() < 20_000, "{name}: {} bytes", run.out.len());
    }
}

#[cfg(unix)]
#[test]
fn link_cycles_and_unreadable_folders_are_survived() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let project = Project::new(&[("site/wsgi.py", BROKEN), ("closed/wsgi.py", BROKEN)]);
    symlink("..", project.path().join("site/up")).unwrap();
    symlink("itself", project.path().join("itself")).unwrap();
    symlink("nowhere", project.path().join("dangling_wsgi.py")).unwrap();
    let closed = project.path().join("closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser reads everything.
    let readable = fs::read_dir(&closed).is_ok();
    let run = project.run(&["check", "--format", "json"]);
    let itself = run_in(project.path(), &["check", "closed"]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    let found = json(&run)["deployments"].as_array().unwrap().len();
    assert_eq!((run.code, found), (1, if readable { 2 } else { 1 }));
    assert_eq!(itself.code, if readable { 1 } else { 2 }, "{}", itself.err);
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let many = "print 'x'\n".repeat(2_000);
    let project = Project::new(&[("wsgi.py", &many)]);
    let mut child = command(project.path())
        .args(["check", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!((child.wait().unwrap().code(), told.as_str()), (Some(1), ""));
}

#[test]
fn every_rule_is_listed_and_explained() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = run_in(folder, &["rules"]);
    let as_json = json(&run_in(folder, &["rules", "--format", "json"]));
    for (at, rule) in rules::ALL.iter().enumerate() {
        assert!(listed.out.lines().nth(at).unwrap().starts_with(rule.id));
        assert_eq!(as_json[at]["id"], rule.id);
        let explained = run_in(folder, &["explain", rule.id]);
        assert_eq!(explained.code, 0);
        assert!(explained.out.starts_with(&format!("# {}\n", rule.id)));
        assert!(explained.out.contains(rule.guidance.pages[0].url));
    }
}

#[test]
fn without_arguments_and_without_a_terminal_it_is_a_language_server() {
    // Nobody speaks on the input, so nothing may be written to a client either.
    let run = run_in(Path::new(env!("CARGO_MANIFEST_DIR")), &[]);
    assert_eq!(run.out, "");
}

#[test]
fn the_help_teaches() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let help = run_in(folder, &["--help"]);
    assert_eq!(help.code, 0);
    assert!(help.out.contains("wsgi-ls check") && help.out.contains("wsgi-ls lsp"), "{}", help.out);
    let check = run_in(folder, &["check", "--help"]);
    assert!(
        check.out.contains("Exit codes:") && check.out.contains("--host pythonanywhere"),
        "{}",
        check.out
    );
}

#[test]
fn the_sample_project_shows_why_it_does_not_answer() {
    let run = run_in(&sample(), &["check"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!("sample_project", run.out);
    let diff = run_in(&sample(), &["check", "--diff"]);
    assert_eq!(diff.code, 1);
    insta::assert_snapshot!("sample_project_diff", diff.out);
}

#[test]
fn safe_fixes_are_written_in_the_files_own_form() {
    let text =
        "\u{feff}from flask import Flask\r\n\r\napplication = Flask(__name__)\r\napplication.run()\r\n";
    let project = Project::new(&[("wsgi.py", text), ("other.py", "untouched = 1\n")]);
    let latin = b"# coding: latin-1\nfrom flask import Flask\nNAME = 'caf\xe9'\napplication = Flask(NAME)\napplication.run()\n";
    project.write("second/wsgi.py", latin);
    let before = project.run(&["check", "--diff"]);
    assert_eq!(
        (before.code, project.read("wsgi.py")),
        (1, text.as_bytes().to_vec()),
        "--diff writes nothing"
    );
    let run = project.run(&["check", "--fix"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let fixed = String::from_utf8(project.read("wsgi.py")).unwrap();
    assert!(fixed.starts_with('\u{feff}'));
    assert_eq!(fixed.matches('\n').count(), fixed.matches("\r\n").count());
    assert!(project.read("second/wsgi.py").windows(4).any(|four| four == b"caf\xe9"));
    assert_eq!(project.read("other.py"), b"untouched = 1\n");
    let again = project.run(&["check", "--fix"]);
    assert_eq!((again.code, String::from_utf8(project.read("wsgi.py")).unwrap()), (0, fixed));
    let names: Vec<_> = fs::read_dir(project.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "no temporary file stays: {names:?}");
}

#[cfg(unix)]
#[test]
fn a_file_outside_of_the_folder_is_never_written() {
    use std::os::unix::fs::symlink;
    let text = "from flask import Flask\napplication = Flask(__name__)\napplication.run()\n";
    let outside = Project::new(&[("shared.py", text)]);
    let project = Project::new(&[]);
    symlink(outside.path().join("shared.py"), project.path().join("wsgi.py")).unwrap();
    let run = project.run(&["check", "--fix"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("outside"), "{}", run.err);
    assert_eq!(outside.read("shared.py"), text.as_bytes());
}
