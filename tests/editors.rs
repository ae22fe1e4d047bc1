//! Real editors, driven without a screen, with the real server.
//!
//! `./tests/run --test editors` installs what they need. `WSGI_LS_SKIP_EDITORS=1` leaves them out, and says so;
//! `WSGI_LS_SCREENSHOTS=FOLDER` keeps pictures.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Whether the user asked to leave the editors out. Written past the test harness, which hides what a passing test prints.
fn skipped(editor: &str) -> bool {
    let skip = std::env::var_os("WSGI_LS_SKIP_EDITORS").is_some_and(|value| value == "1");
    if skip {
        let mut terminal = std::io::stderr();
        writeln!(terminal, "SKIPPED: {editor} was not driven, because WSGI_LS_SKIP_EDITORS=1").unwrap();
    }
    skip
}

/// Runs `tests/editors/<editor>/run.py`.
fn drive(editor: &str) {
    if skipped(editor) {
        return;
    }
    let run = || {
        Command::new("python3")
            .arg(format!("tests/editors/{editor}/run.py"))
            .arg("--server")
            .arg(env!("CARGO_BIN_EXE_wsgi-ls"))
            .output()
            .expect("python3 starts; WSGI_LS_SKIP_EDITORS=1 leaves the editors out")
    };
    // An editor on a busy machine can miss a key; what fails twice is broken.
    let mut output = run();
    if !output.status.success() {
        eprintln!("{editor}: the first attempt failed\n{}", String::from_utf8_lossy(&output.stderr));
        output = run();
    }
    print!("{}", String::from_utf8_lossy(&output.stdout));
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "the story failed; WSGI_LS_SKIP_EDITORS=1 leaves the editors out");
}

#[test]
fn neovim_shows_explains_and_mends() {
    drive("neovim");
}

#[test]
fn vscode_shows_explains_and_mends() {
    drive("vscode");
}

#[test]
fn helix_shows_explains_and_mends() {
    drive("helix");
}

#[test]
fn emacs_shows_and_mends() {
    drive("emacs");
}

#[test]
fn kate_shows_and_mends() {
    drive("kate");
}

fn json(path: &str) -> Value {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn names(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// `node editors/vscode/scripts/manifest.mjs` writes them; this test needs no Node to find out that it has to.
#[test]
fn the_extension_has_the_settings_of_the_server() {
    let manifest = json("editors/vscode/package.json");
    let shown = &manifest["contributes"]["configuration"]["properties"];
    let mirrored = names(shown).into_iter().filter_map(|name| name.strip_prefix("wsgi-ls."));
    let mirrored: BTreeSet<&str> = mirrored.filter(|name| !["path", "trace.server"].contains(name)).collect();
    let schema = json("docs/schema/settings.json");
    assert_eq!(mirrored, names(&schema["properties"]), "run: node editors/vscode/scripts/manifest.mjs");
    for (name, setting) in schema["properties"].as_object().unwrap() {
        let told = setting["description"].as_str().unwrap().replace('\n', " ");
        assert_eq!(shown[format!("wsgi-ls.{name}")]["markdownDescription"], told, "{name}");
    }
}

/// A command of the palette that nobody handles is a dead end, and so is one that nobody can call.
#[test]
fn the_extension_has_the_commands_that_it_shows() {
    let manifest = json("editors/vscode/package.json");
    let source = fs::read_to_string("editors/vscode/src/extension.ts").unwrap();
    let registered = source.split("command('").skip(1).filter_map(|rest| rest.split('\'').next());
    let registered: BTreeSet<String> = registered.map(|name| format!("wsgi-ls.{name}")).collect();
    let shown = manifest["contributes"]["commands"].as_array().unwrap().iter();
    let shown: BTreeSet<String> = shown.map(|one| one["command"].as_str().unwrap().to_owned()).collect();
    assert_eq!(shown, registered);
}
