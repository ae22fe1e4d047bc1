//! The whole way through, for one folder: deployments, their loads, what the rules say.

use std::path::{Path, PathBuf};

use crate::hosting::{Deployment, DiscoveryError, Overrides, discover};
use crate::load::Load;
pub use crate::request::Memory;
use crate::request::{Requests, simulate_requests};
use crate::rules::{self, Context, Finding, Judgement, Note, Reporter, Severity};
use crate::workspace::{RuleSetting, Settings, Snapshot};

/// What was found out about one folder.
#[derive(Debug, Default)]
pub struct Analysis {
    /// The deployments, each with its verdict.
    pub deployments: Vec<Judged>,
}

/// One deployment with its verdict and everything that was said of it.
#[derive(Debug)]
pub struct Judged {
    /// The deployment.
    pub deployment: Deployment,
    /// Its load.
    pub load: Load,
    /// What requests to it do.
    pub requests: Requests,
    /// The verdict and what a visitor gets.
    pub judgement: Judgement,
    /// What is wrong, causes first; suppressed findings are not among them.
    pub findings: Vec<Finding>,
    /// What is worth telling on the way.
    pub notes: Vec<Note>,
}

impl Analysis {
    /// All findings, each with the index of its deployment.
    pub fn findings(&self) -> impl Iterator<Item = (usize, &Finding)> {
        self.deployments
            .iter()
            .enumerate()
            .flat_map(|(at, judged)| judged.findings.iter().map(move |f| (at, f)))
    }

    /// The project files that any load reached, without repetition, in order of their paths.
    pub fn reached_files(&self) -> Vec<&Path> {
        let mut paths: Vec<&Path> =
            self.deployments.iter().flat_map(|d| d.load.modules.iter().map(|m| &*m.path)).collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    }
}

/// Analyses a folder (absolute, normalized). Pure: everything is read from the snapshot.
///
/// # Errors
/// When the settings or overrides name a host or an entry that does not exist.
pub fn analyze(
    snapshot: &Snapshot,
    root: &Path,
    settings: &Settings,
    overrides: &Overrides,
) -> Result<Analysis, DiscoveryError> {
    analyze_telling(snapshot, root, settings, overrides, &mut |_, _| {})
}

/// The same, with what is left of the analysis before; `memory` makes it cheaper and changes no result.
///
/// # Errors
/// As [`analyze`].
pub fn analyze_again(
    snapshot: &Snapshot,
    root: &Path,
    settings: &Settings,
    overrides: &Overrides,
    memory: &mut Memory,
) -> Result<Analysis, DiscoveryError> {
    let found = discover(snapshot, root, settings, overrides)?;
    memory.keep(&found);
    let judge = |one| judge_one(snapshot, settings, one, memory);
    Ok(Analysis { deployments: found.into_iter().map(judge).collect() })
}

/// The same, telling before each deployment how many are done and how many there are, and once more at the end.
///
/// # Errors
/// As [`analyze`].
pub fn analyze_telling(
    snapshot: &Snapshot,
    root: &Path,
    settings: &Settings,
    overrides: &Overrides,
    tell: &mut dyn FnMut(usize, usize),
) -> Result<Analysis, DiscoveryError> {
    let found = discover(snapshot, root, settings, overrides)?;
    let total = found.len();
    let mut deployments = Vec::with_capacity(total);
    for deployment in found {
        tell(deployments.len(), total);
        deployments.push(judge_one(snapshot, settings, deployment, &mut Memory::default()));
    }
    tell(total, total);
    Ok(Analysis { deployments })
}

fn judge_one(
    snapshot: &Snapshot,
    settings: &Settings,
    deployment: Deployment,
    memory: &mut Memory,
) -> Judged {
    let (load, requests) = simulate_requests(snapshot, &deployment, memory);
    let context = Context { snapshot, deployment: &deployment, load: &load, requests: &requests };
    let mut report = Reporter::default();
    for rule in rules::ALL {
        (rule.check)(&context, &mut report);
    }
    let judgement = rules::judge(&context, &report.findings);
    let Reporter { mut findings, notes } = report;
    findings.retain_mut(|finding| {
        let setting = settings.rules.get(finding.rule.id).copied().unwrap_or(RuleSetting::On);
        finding.severity = match setting {
            RuleSetting::Off => return false,
            RuleSetting::On => finding.severity,
            RuleSetting::Error => Severity::Error,
            RuleSetting::Warning => Severity::Warning,
            RuleSetting::Information => Severity::Information,
            RuleSetting::Hint => Severity::Hint,
        };
        let Some(file) = snapshot.python(&finding.site.path, deployment.python) else { return true };
        let line = file.source().line(finding.site.range.start());
        !file.suppressions().silences(finding.rule.id, line)
    });
    Judged { deployment, load, requests, judgement, findings, notes }
}

/// A folder made absolute against the current directory of the process and normalized.
pub fn absolute(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    crate::workspace::normalize(&absolute)
}

/// The stack (bytes) of a thread that analyses: parsing and dropping the tree of a hostile file takes more than a thread
/// usually has. Only pages that are touched cost memory.
pub const STACK_BYTES: usize = 256 << 20;
