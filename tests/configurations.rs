//! Compares what wsgi-ls says about small configurations with what real servers do with them.
//!
//! The work is done by `tests/configurations/run.py`, with the uWSGI, gunicorn and Apache that `tests/hosting/setup.sh` installs.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::process::Command;

/// Runs `command` with its output on the terminal, and fails unless it succeeds.
fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    assert!(status.success(), "{command:?} ended with {status}");
}

#[test]
fn servers_do_what_wsgi_ls_says() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    run(Command::new("bash").arg(tests.join("hosting/setup.sh")));
    run(Command::new(tests.join(".cache/hosting/venv/bin/python"))
        .arg(tests.join("configurations/run.py"))
        .args(["--check", env!("CARGO_BIN_EXE_wsgi-ls")]));
}
