//! Real editors, driven without a screen, with the real server.
//!
//! They are installed on first use, into `tests/.cache`. `WSGI_LS_SKIP_EDITORS=1` leaves them out, and says so.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Write;
use std::process::Command;

/// Whether the user asked to leave the editors out. Written past the test harness, which hides what a passing test prints.
fn skipped(editor: &str) -> bool {
    let skip = std::env::var_os("WSGI_LS_SKIP_EDITORS").is_some_and(|value| value == "1");
    if skip {
        let mut terminal = std::io::stderr();
        writeln!(terminal, "SKIPPED: {editor} was not driven, because WSGI_LS_SKIP_EDITORS=1").unwrap();
    }
    skip
}

#[test]
fn neovim_shows_explains_and_mends() {
    if skipped("Neovim") {
        return;
    }
    let output = Command::new("python3")
        .arg("tests/editors/neovim/run.py")
        .arg("--server")
        .arg(env!("CARGO_BIN_EXE_wsgi-ls"))
        .output()
        .expect("python3 starts; WSGI_LS_SKIP_EDITORS=1 leaves the editors out");
    print!("{}", String::from_utf8_lossy(&output.stdout));
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "the story failed; WSGI_LS_SKIP_EDITORS=1 leaves the editors out");
}
