//! `check`: one folder, analysed, mended if asked for, and reported.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::explain::unknown_rule;
use super::format::Format;
use super::output;
use super::progress::Progress;
use super::{CLEAN, CheckArguments, FINDINGS};
use crate::analysis::{self, Analysis, STACK_BYTES, absolute};
use crate::hosting::{LOOKED_FOR, Overrides};
use crate::mend::{Mended, mend};
use crate::report::json::Report;
use crate::report::{self, Baseline, Summary};
use crate::rules;
use crate::workspace::{
    FileStore, RuleSetting, Settings, SettingsError, Snapshot, read_small_text, relative_slash, write_file,
    write_text,
};

/// How a check ended.
pub(super) struct Checked {
    /// The exit code.
    pub code: u8,
    /// Whether somebody still reads the output.
    pub is_read: bool,
}

/// Runs `check`.
pub(super) fn run(arguments: &CheckArguments) -> Result<Checked, String> {
    on_big_stack(|| check(arguments))
}

/// Does some work on a thread with a stack that the deepest file needs.
pub(super) fn on_big_stack<T: Send>(work: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work)
            .map_err(|error| format!("cannot start a thread: {error}"))?;
        thread.join().unwrap_or_else(|_| Err("the check stopped because of a defect in wsgi-ls".to_owned()))
    })
}

fn check(arguments: &CheckArguments) -> Result<Checked, String> {
    let snapshot = Snapshot::of_disk(Arc::new(FileStore::default()));
    let (root, entry) = target(&arguments.path, arguments.entry.as_ref(), &snapshot)?;
    let settings = settings(arguments, &root)?;
    let overrides =
        Overrides { host: arguments.host, entry, active_virtualenv: crate::workspace::active_virtualenv() };
    let project = Project { arguments, root: &root };
    if arguments.fix || arguments.diff {
        let mended = mend(&snapshot, &root, &settings, &overrides).map_err(|error| error.to_string())?;
        if arguments.diff { project.show(&mended) } else { project.write(mended) }
    } else {
        let progress = Progress::new("deployments");
        let mut tell = |done, total| progress.show(done, total);
        let analysis = analysis::analyze_telling(&snapshot, &root, &settings, &overrides, &mut tell)
            .map_err(|error| error.to_string())?;
        drop(progress);
        if arguments.write_baseline {
            project.write_baseline(&analysis, &snapshot)
        } else {
            project.report(analysis, &snapshot)
        }
    }
}

/// The folder to check and the entry in it: a path to a file names the entry.
pub(super) fn target(
    given: &Path,
    entry: Option<&PathBuf>,
    snapshot: &Snapshot,
) -> Result<(PathBuf, Option<PathBuf>), String> {
    let path = absolute(given);
    let shown = given.display();
    if snapshot.entries(&path).is_some() {
        return Ok((path, entry.cloned()));
    }
    if snapshot.is_dir(&path) {
        return Err(format!("the folder {shown} cannot be read"));
    }
    if !snapshot.is_file(&path) {
        return Err(format!("there is nothing at {shown}"));
    }
    if entry.is_some() {
        return Err(format!("{shown} is a file, and so is --entry; name the project's folder"));
    }
    let folder = path.parent().map_or_else(|| path.clone(), Path::to_owned);
    Ok((folder, Some(path)))
}

/// The settings of the folder itself.
pub(super) fn own_settings(root: &Path) -> Result<Settings, String> {
    let (settings, errors) = Settings::load(root);
    if errors.is_empty() {
        return Ok(settings);
    }
    let lines: Vec<String> = errors.iter().map(SettingsError::to_string).collect();
    Err(lines.join("\nwsgi-ls: "))
}

/// The settings of the folder, under what the command line says.
fn settings(arguments: &CheckArguments, root: &Path) -> Result<Settings, String> {
    let mut settings = own_settings(root)?;
    for id in arguments.select.iter().chain(&arguments.ignore) {
        rules::find(id).ok_or_else(|| unknown_rule(id))?;
    }
    let selected = |id: &str| arguments.select.is_empty() || arguments.select.iter().any(|named| named == id);
    for rule in rules::ALL {
        if !selected(rule.id) || arguments.ignore.iter().any(|named| named == rule.id) {
            settings.rules.insert(rule.id.to_owned(), RuleSetting::Off);
        }
    }
    Ok(settings)
}

struct Project<'a> {
    arguments: &'a CheckArguments,
    root: &'a Path,
}

impl Project<'_> {
    fn report(&self, mut analysis: Analysis, snapshot: &Snapshot) -> Result<Checked, String> {
        self.hide_known(&mut analysis, snapshot)?;
        let text = match self.arguments.format {
            Format::Text if analysis.deployments.is_empty() && analysis.configurations.is_empty() => {
                self.nothing_found()
            }
            format => format.render(&analysis, snapshot, self.root)?,
        };
        let is_read = output::print(&text, self.arguments.color)?;
        Ok(Checked { code: self.code(&analysis), is_read })
    }

    /// Takes out what the baseline knows, and says so on the error stream.
    fn hide_known(&self, analysis: &mut Analysis, snapshot: &Snapshot) -> Result<(), String> {
        let Some(path) = &self.arguments.baseline else { return Ok(()) };
        let shown = path.display();
        let text = read_small_text(path).map_err(|error| format!("the baseline {shown} {error}"))?;
        let text = text.ok_or_else(|| {
            format!(
                "there is no baseline {shown}; `wsgi-ls check --baseline {shown} --write-baseline` writes it"
            )
        })?;
        let baseline = Baseline::parse(&text).map_err(|error| format!("{shown} cannot be used: {error}"))?;
        let compared = baseline.hide(analysis, snapshot, self.root);
        if compared.known > 0 {
            output::tell(&format!(
                "{} in {shown} and not shown.",
                counted(compared.known, "finding is", "findings are")
            ));
        }
        if compared.gone > 0 {
            let entries = counted(compared.gone, "entry of it is", "entries of it are");
            output::tell(&format!(
                "{entries} not found any more; --write-baseline takes them out of {shown}."
            ));
        }
        Ok(())
    }

    fn write_baseline(&self, analysis: &Analysis, snapshot: &Snapshot) -> Result<Checked, String> {
        if let Some(path) = &self.arguments.baseline {
            let baseline = Baseline::of(&Report::of(analysis, snapshot, self.root, self.root));
            let text = baseline.text().map_err(|error| format!("the baseline cannot be written: {error}"))?;
            write_file(path, &text).map_err(|error| error.to_string())?;
            let count = counted(baseline.findings.len(), "finding", "findings");
            output::tell(&format!("Wrote {count} into {}.", path.display()));
        }
        Ok(Checked { code: CLEAN, is_read: true })
    }

    fn nothing_found(&self) -> String {
        format!(
            "Found nothing to check in the folder {}\nLooked for {LOOKED_FOR}.\n\
             Name the file that your host loads: wsgi-ls check --entry FILE {}\n",
            self.arguments.path.display(),
            self.arguments.path.display(),
        )
    }

    /// Writes the fixed files and reports what is left.
    fn write(&self, mended: Mended) -> Result<Checked, String> {
        for file in &mended.files {
            write_text(self.root, &file.path, file.before.text(), file.after.text())
                .map_err(|error| error.to_string())?;
        }
        if !mended.files.is_empty() {
            for title in &mended.applied {
                output::tell(&format!("Fixed: {title}"));
            }
        }
        self.report(mended.analysis, &mended.snapshot)
    }

    /// Prints the difference that the fixes make.
    fn show(&self, mended: &Mended) -> Result<Checked, String> {
        let mut text = String::new();
        for file in &mended.files {
            let name = relative_slash(&file.path, self.root);
            text.push_str(&report::unified_diff(&name, file.before.text(), file.after.text()));
        }
        let is_read = output::print(&text, self.arguments.color)?;
        let summary = Summary::of(&mended.analysis);
        output::tell(&match mended.applied.len() {
            0 => format!("No safe fix. {summary}"),
            1 => format!("1 safe fix would be applied. After it: {summary}"),
            count => format!("{count} safe fixes would be applied. After them: {summary}"),
        });
        let code = if mended.files.is_empty() { self.code(&mended.analysis) } else { FINDINGS };
        Ok(Checked { code, is_read })
    }

    fn code(&self, analysis: &Analysis) -> u8 {
        if Summary::of(analysis).reaches(self.arguments.fail_on) { FINDINGS } else { CLEAN }
    }
}

/// A count with the words that follow it.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
