//! `diagnose`: the project and its logs, put together.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::check::{on_big_stack, own_settings, target};
use super::progress::Progress;
use super::{CLEAN, DiagnoseArguments, DiagnosisFormat, FINDINGS, output};
use crate::analysis::{self, absolute};
use crate::hosting::Overrides;
use crate::logs::Digest;
use crate::report::{diagnosis, prose};
use crate::syntax::logs::Stamp;
use crate::workspace::{
    FileStore, Snapshot, active_virtualenv, changed_at, find_logs, is_installed, open_log, write_file,
};

/// Lines for people are not longer than this (columns).
const WIDTH: usize = 100;

/// Runs `diagnose` on a thread with a stack that the deepest file needs.
pub(super) fn run(arguments: &DiagnoseArguments) -> Result<u8, String> {
    on_big_stack(|| diagnose(arguments))
}

fn diagnose(arguments: &DiagnoseArguments) -> Result<u8, String> {
    let snapshot = Snapshot::of_disk(Arc::new(FileStore::default()));
    let (root, entry) = target(&arguments.path, arguments.entry.as_ref(), &snapshot)?;
    let settings = own_settings(&root)?;
    let overrides = Overrides { host: arguments.host, entry, active_virtualenv: active_virtualenv() };
    let digest = read_logs(arguments, &snapshot, &root)?;
    let progress = Progress::new("deployments");
    let mut tell = |done, total| progress.show(done, total);
    let analysis = analysis::analyze_telling(&snapshot, &root, &settings, &overrides, &mut tell)
        .map_err(|error| error.to_string())?;
    drop(progress);
    let found = diagnosis::Diagnosis::of(&analysis, &snapshot, &root, &digest, &is_installed);
    let text = match arguments.format {
        DiagnosisFormat::Markdown => diagnosis::render(&found),
        DiagnosisFormat::Text => prose::render(&diagnosis::render(&found), WIDTH, false),
        DiagnosisFormat::Json => {
            let written = serde_json::to_string_pretty(&found);
            written.map_err(|error| format!("the diagnosis cannot be written: {error}"))? + "\n"
        }
    };
    output::print(&text, arguments.color)?;
    if let Some(path) = &arguments.report {
        let report = diagnosis::support_report(&found, &analysis, &snapshot, &root);
        write_file(path, &report).map_err(|error| error.to_string())?;
        output::tell(&format!(
            "Wrote the report for support into {}. Read it before you send it.",
            path.display()
        ));
    }
    Ok(if found.causes.is_empty() { CLEAN } else { FINDINGS })
}

/// Reads the logs that were named, else those that lie in the project.
fn read_logs(arguments: &DiagnoseArguments, snapshot: &Snapshot, root: &Path) -> Result<Digest, String> {
    let named = !arguments.logs.is_empty();
    let paths: Vec<PathBuf> = match named {
        true => arguments.logs.iter().map(|path| absolute(path)).collect(),
        false => find_logs(snapshot, root),
    };
    let progress = Progress::new("logs");
    let mut digest = Digest::default();
    for (at, path) in paths.iter().enumerate() {
        progress.show(at, paths.len());
        match open_log(path) {
            Ok(log) => digest.read(path.clone(), log, changed_at(path).map(Stamp)),
            Err(error) if named => return Err(format!("the log {} {error}", path.display())),
            Err(error) => output::complain(&format!("the log {} {error} and is left out", path.display())),
        }
    }
    Ok(digest)
}
