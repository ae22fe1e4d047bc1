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

use ignore::overrides::OverrideBuilder;
use serde_json::Value;
use wsgi_ls::syntax::config::ConfigKind;
use wsgi_ls::syntax::logs::LogKind;

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
    let output = Command::new("python3")
        .arg(format!("tests/editors/{editor}/run.py"))
        .arg("--server")
        .arg(env!("CARGO_BIN_EXE_wsgi-ls"))
        .output()
        .expect("python3 starts; WSGI_LS_SKIP_EDITORS=1 leaves the editors out");
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

#[test]
fn the_settings_for_sublime_text_start_the_server() {
    drive("sublime");
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

/// The files that `editors/kinds.json` names by examples, each with its kind there.
fn examples() -> Vec<(String, String)> {
    let kinds = json("editors/kinds.json");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let examples = kinds.as_array().unwrap().iter().flat_map(|kind| {
        let examples = kind["examples"].as_array().unwrap().iter();
        examples.map(|example| (text(&kind["kind"]), text(example))).collect::<Vec<_>>()
    });
    examples.collect()
}

/// An editor that does not send a kind of file shows nothing in it; one that sends what nobody reads is slow for nothing.
#[test]
fn the_kinds_of_files_are_those_that_the_server_reads() {
    for (kind, example) in examples() {
        let path = Path::new(&example);
        let is_read = match kind.as_str() {
            "python" | "mod_wsgi" => {
                path.extension().is_some_and(|extension| extension == "py" || extension == "wsgi")
            }
            "settings" | "requirements" => true,
            "log" => LogKind::of(path).is_some(),
            _ => ConfigKind::may_be(path.file_name().unwrap()),
        };
        assert!(is_read, "the server does not read {example} of the kind {kind}");
    }
}

/// The patterns that select documents in VS Code mean their examples; those of Neovim are the same, and its test opens each.
#[test]
fn the_patterns_of_documents_mean_their_examples() {
    let kinds = json("editors/kinds.json");
    let neovim = fs::read_to_string("editors/neovim/lsp/wsgi_ls.lua").unwrap();
    for kind in kinds.as_array().unwrap() {
        let patterns = kind["selectors"].as_array().unwrap().iter().filter_map(|one| one["pattern"].as_str());
        let mut builder = OverrideBuilder::new("/site");
        for pattern in patterns.clone() {
            builder.add(pattern).unwrap();
            assert!(neovim.contains(&format!("'{pattern}'")), "Neovim does not have {pattern}");
        }
        let selected = builder.build().unwrap();
        for example in kind["examples"].as_array().unwrap().iter().filter(|_| patterns.clone().count() > 0) {
            let path = Path::new("/site").join(example.as_str().unwrap());
            assert!(selected.matched(&path, false).is_whitelist(), "{example} is none of {kind}");
        }
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
