//! Compares what wsgi-ls says about small apps with what real hosts do with them.
//!
//! The work is done by `tests/hosting/run.py`, which needs nginx, uWSGI and gunicorn;
//! `tests/hosting/setup.sh` installs what is missing. See `tests/hosting/README.md`.
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
fn hosts_do_what_wsgi_ls_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosting");
    let binary = env!("CARGO_BIN_EXE_wsgi-ls");
    run(Command::new("bash").arg(folder.join("setup.sh")));
    // The virtualenv's Python is the one that `setup.sh` found to be new enough.
    run(Command::new(folder.join("../.cache/hosting/venv/bin/python"))
        .arg(folder.join("run.py"))
        .args(["--check", binary, "--fix", binary]));
}
