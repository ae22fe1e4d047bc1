//! Moves the slow work of real apps to background tasks, and runs them with real uWSGI, real workers and a real Redis.
//!
//! The work is done by `tests/background/run.py`; `tests/background/setup.sh` installs what it needs.
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
fn moved_work_is_done_by_real_workers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/background");
    run(Command::new("bash").arg(folder.join("setup.sh")));
    run(Command::new(folder.join("../.cache/background/venv/bin/python"))
        .arg(folder.join("run.py"))
        .args(["--server", env!("CARGO_BIN_EXE_wsgi-ls")]));
}
