//! Compares the tables of options in `server/catalog/options/` with released sources, read by the generator that wrote them.
//!
//! `tests/options/setup.sh` downloads the sources. Without a package registry there is nothing to compare with, and the test
//! says so; where `CI` is set it has to succeed.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::process::Command;

#[test]
fn the_tables_are_what_the_generator_makes_of_releases() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let setup = Command::new("bash").arg(repository.join("tests/options/setup.sh")).output().unwrap();
    if !setup.status.success() {
        let message = String::from_utf8_lossy(&setup.stderr);
        assert!(std::env::var_os("CI").is_none(), "the sources cannot be downloaded: {message}");
        eprintln!("not compared, because the sources cannot be downloaded: {message}");
        return;
    }
    let check = Command::new("python3")
        .arg("-B")
        .arg(repository.join("tools/options/generate.py"))
        .arg("--check")
        .arg(repository.join("tests/.cache/options"))
        .output()
        .unwrap();
    assert!(
        check.status.success(),
        "run tools/options/generate.py, and look at what changed:\n{}",
        String::from_utf8_lossy(&check.stderr)
    );
}
