//! All safe fixes of a folder, applied in memory until nothing is left to apply.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::analysis::{Analysis, analyze};
use crate::hosting::{DiscoveryError, Overrides};
use crate::rules::{Fix, Safety};
use crate::text::{Source, TextEdit, apply_edits};
use crate::workspace::{Settings, Snapshot};

/// One fix can uncover the next problem; a chain longer than this is two fixes undoing each other.
const MAX_ROUNDS: usize = 10;

/// What the safe fixes come to.
#[derive(Debug)]
pub struct Mended {
    /// The files that change, sorted by path.
    pub files: Vec<MendedFile>,
    /// The titles of the fixes, in the order in which they were applied.
    pub applied: Vec<String>,
    /// The view with the new texts.
    pub snapshot: Snapshot,
    /// What is left to say about it.
    pub analysis: Analysis,
}

/// A file before and after.
#[derive(Debug)]
pub struct MendedFile {
    /// Its path, absolute.
    pub path: PathBuf,
    /// The text that was analysed.
    pub before: Source,
    /// The text with the fixes.
    pub after: Source,
}

/// Applies the safe fixes of a folder (absolute, normalized) in memory. Nothing is written, and no file outside of the
/// folder is changed.
///
/// # Errors
/// When the settings or overrides name a host, an entry or a version that cannot be used.
pub fn mend(
    snapshot: &Snapshot,
    root: &Path,
    settings: &Settings,
    overrides: &Overrides,
) -> Result<Mended, DiscoveryError> {
    let mut now = snapshot.clone();
    let mut analysis = analyze(&now, root, settings, overrides)?;
    let mut applied = Vec::new();
    let mut changed: BTreeMap<PathBuf, Source> = BTreeMap::new();
    for _ in 0..MAX_ROUNDS {
        let (texts, titles) = one_round(&now, root, &analysis);
        if texts.is_empty() {
            break;
        }
        let next = now.with_texts(texts.clone());
        if texts.keys().any(|path| breaks(&analysis, &now, &next, path)) {
            break;
        }
        now = next;
        analysis = analyze(&now, root, settings, overrides)?;
        changed.extend(texts);
        applied.extend(titles);
    }
    let files = changed.into_iter().filter_map(|(path, after)| {
        let (before, _) = snapshot.text(&path)?;
        (before.text() != after.text()).then_some(MendedFile { path, before, after })
    });
    Ok(Mended { files: files.collect(), applied, snapshot: now, analysis })
}

/// The new texts after the fixes of one analysis that do not get into each other's way, and the titles of those fixes.
fn one_round(
    snapshot: &Snapshot,
    root: &Path,
    analysis: &Analysis,
) -> (BTreeMap<PathBuf, Source>, Vec<String>) {
    let mut edits: BTreeMap<&Path, Vec<TextEdit>> = BTreeMap::new();
    let mut titles = Vec::new();
    for (_, finding) in analysis.findings() {
        let safe = || finding.fixes.iter().filter(|fix| fix.safety == Safety::Safe);
        let Some(fix) = safe().find(|fix| fix.preferred).or_else(|| safe().next()) else { continue };
        if fits(fix, snapshot, root, &edits) {
            for file_edit in &fix.edits {
                edits.entry(&file_edit.path).or_default().push(file_edit.edit.clone());
            }
            titles.push(fix.title.clone());
        }
    }
    let texts = edits.into_iter().filter_map(|(path, edits)| {
        let (source, _) = snapshot.text(path)?;
        let text = apply_edits(&source, &edits)?;
        (text != source.text()).then(|| (path.to_owned(), Source::new(text)))
    });
    (texts.collect(), titles)
}

/// Whether a fix can be applied, stays inside the folder and touches nothing that an earlier fix of this round touches.
fn fits(fix: &Fix, snapshot: &Snapshot, root: &Path, taken: &BTreeMap<&Path, Vec<TextEdit>>) -> bool {
    fix.edits.iter().all(|file_edit| {
        let path = &*file_edit.path;
        // Ranges that only meet are refused too: which of two insertions comes first is not ours to guess.
        let apart = |other: &TextEdit| file_edit.edit.range.intersect(other.range).is_none();
        let own = fix.edits.iter().filter(|other| *other.path == *path).map(|other| other.edit.clone());
        let own: Vec<TextEdit> = own.collect();
        path.starts_with(root)
            && taken.get(path).is_none_or(|edits| edits.iter().all(apart))
            && snapshot.text(path).is_some_and(|(source, _)| apply_edits(&source, &own).is_some())
    })
}

/// Whether a file that compiled no longer does.
fn breaks(analysis: &Analysis, before: &Snapshot, after: &Snapshot, path: &Path) -> bool {
    analysis.deployments.iter().any(|judged| {
        let compiles = |snapshot: &Snapshot| {
            snapshot.python(path, judged.deployment.python).is_some_and(|file| file.compiles())
        };
        compiles(before) && !compiles(after)
    })
}
