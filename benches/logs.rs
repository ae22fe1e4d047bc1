//! Reads a generated log of 1 GB, and lets `grep -c Harakiri` read the same one.
//!
//! `cargo bench --bench logs`; `LOG_MEGABYTES=100` makes it shorter. The log stays in `target/`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use wsgi_ls::logs::Digest;
use wsgi_ls::workspace::open_log;

/// Each is run so often, and the fastest run counts.
const ROUNDS: usize = 3;

fn main() {
    let megabytes: u64 =
        std::env::var("LOG_MEGABYTES").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000);
    let path = generate(megabytes);
    let ours = fastest(|| {
        let mut digest = Digest::default();
        digest.read(path.clone(), open_log(&path).unwrap(), None);
        assert!(!digest.groups.is_empty());
        println!("wsgi-ls: {} lines, {} groups", digest.logs[0].1.lines, digest.groups.len());
    });
    let grep = fastest(|| {
        let out = Command::new("grep").args(["-c", "Harakiri"]).arg(&path).output().unwrap();
        assert!(!out.stdout.is_empty());
    });
    let speed = |time: Duration| megabytes as f64 / time.as_secs_f64();
    println!(
        "wsgi-ls {:.0} MB/s, grep {:.0} MB/s: {:.2} of its speed",
        speed(ours),
        speed(grep),
        speed(ours) / speed(grep)
    );
    if let Some(peak) = peak_memory() {
        println!("most memory in use: {peak}");
    }
}

fn fastest(run: impl Fn()) -> Duration {
    let time = || {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..ROUNDS).map(|_| time()).min().unwrap_or_default()
}

fn peak_memory() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    Some(status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().to_owned())
}

/// A server log as a busy site writes it: mostly requests, now and then a kill.
fn generate(megabytes: u64) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/generated-{megabytes}.server.log"));
    let wanted = megabytes * 1_000_000;
    if fs::metadata(&path).is_ok_and(|meta| meta.len() >= wanted) {
        return path;
    }
    let mut out = BufWriter::new(File::create(&path).unwrap());
    let mut written = 0;
    let mut number = 0_u64;
    while written < wanted {
        number += 1;
        let stamp =
            format!("2026-11-23 {:02}:{:02}:{:02}", number / 3600 % 24, number / 60 % 60, number % 60);
        let line = match number % 5_000 {
            0 => format!(
                "{stamp} *** HARAKIRI ON WORKER 1 (pid: 6, try: 1) ***\n\
                 {stamp} HARAKIRI [core 0] 10.0.0.1 - GET /report/{} since 1795414500\n\
                 {stamp} DAMN ! worker 1 (pid: 6) died, killed by signal 9 :( trying respawn ...\n",
                number % 7
            ),
            n => format!(
                "{stamp} INFO shop.orders: order {number} of customer {n} was packed and is on its way\n"
            ),
        };
        out.write_all(line.as_bytes()).unwrap();
        written += line.len() as u64;
    }
    out.flush().unwrap();
    path
}
