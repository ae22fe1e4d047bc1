//! The whole way through, for one folder: deployments, their loads, what the rules say.

use std::path::{Path, PathBuf};

use crate::hosting::{Deployment, DiscoveryError, Overrides, survey};
use crate::load::{Load, while_reading_ahead};
pub use crate::request::Memory;
use crate::request::{Requests, simulate_requests};
use crate::rules::{self, ConfigContext, Context, Finding, Judgement, Note, Project, Reporter, Severity};
use crate::workspace::{RuleSetting, Settings, Snapshot};

/// What was found out about one folder.
#[derive(Debug, Default)]
pub struct Analysis {
    /// The deployments, each with its verdict.
    pub deployments: Vec<Judged>,
    /// What is wrong in configuration files, whether an app is deployed with them or not; suppressed findings are not among them.
    pub configurations: Vec<Finding>,
    /// The configuration files as they were read.
    pub project: Option<Project>,
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
    /// All findings, each with the index of its deployment; those of configuration files belong to none and come last.
    pub fn findings(&self) -> impl Iterator<Item = (Option<usize>, &Finding)> {
        self.deployments
            .iter()
            .enumerate()
            .flat_map(|(at, judged)| judged.findings.iter().map(move |f| (Some(at), f)))
            .chain(self.configurations.iter().map(|finding| (None, finding)))
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
    analyze_each(snapshot, root, settings, overrides, memory, &mut |_, _| {})
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
    analyze_each(snapshot, root, settings, overrides, &mut Memory::default(), tell)
}

fn analyze_each(
    snapshot: &Snapshot,
    root: &Path,
    settings: &Settings,
    overrides: &Overrides,
    memory: &mut Memory,
    tell: &mut dyn FnMut(usize, usize),
) -> Result<Analysis, DiscoveryError> {
    let found = survey(snapshot, root, settings, overrides)?;
    memory.keep(&found.deployments);
    let virtualenv = found.deployments.iter().find_map(|one| one.virtualenv.clone());
    let project = Project::read(snapshot, root, &found.configurations, virtualenv.as_deref());
    let mut deployments = if memory.is_empty() {
        while_reading_ahead(snapshot, &found.deployments, STACK_BYTES, || {
            judge_each(snapshot, settings, &found.deployments, memory, tell)
        })
    } else {
        judge_each(snapshot, settings, &found.deployments, memory, tell)
    };
    let told = judge_configurations(snapshot, root, &project, &deployments);
    // What is not shown stops a server all the same.
    for judged in &mut deployments {
        judged.judgement = rules::judge_start(&judged.deployment, judged.judgement, &told);
    }
    let configurations = wanted(settings, &project, told);
    Ok(Analysis { deployments, configurations, project: Some(project) })
}

fn judge_each(
    snapshot: &Snapshot,
    settings: &Settings,
    deployments: &[Deployment],
    memory: &mut Memory,
    tell: &mut dyn FnMut(usize, usize),
) -> Vec<Judged> {
    let total = deployments.len();
    let mut judged = Vec::with_capacity(total);
    for deployment in deployments {
        tell(judged.len(), total);
        judged.push(judge_one(snapshot, settings, deployment.clone(), memory));
    }
    tell(total, total);
    judged
}

fn judge_configurations(
    snapshot: &Snapshot,
    root: &Path,
    project: &Project,
    deployments: &[Judged],
) -> Vec<Finding> {
    let apps: Vec<_> = deployments.iter().map(|judged| (&judged.deployment, &judged.load)).collect();
    let mut all = Vec::new();
    for configuration in &project.configurations {
        let context = ConfigContext { snapshot, root, configuration, project, apps: &apps };
        let mut report = Reporter::default();
        for check in rules::CONFIGURATION {
            check(&context, &mut report);
        }
        report.findings.sort_by_key(|finding| finding.site.range.start());
        all.append(&mut report.findings);
    }
    all
}

/// The findings of configuration files that neither settings nor comments silence.
fn wanted(settings: &Settings, project: &Project, mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.retain_mut(|finding| {
        let configuration = project.configurations.iter().find(|one| one.path == finding.site.path);
        is_wanted(settings, finding)
            && !configuration.is_some_and(|one| {
                let line = one.file.source().line(finding.site.range.start());
                one.file.suppressions().silences(finding.rule.id, line)
            })
    });
    findings
}

/// Whether settings let a finding through, which becomes as loud as they say.
fn is_wanted(settings: &Settings, finding: &mut Finding) -> bool {
    let setting = settings.rules.get(finding.rule.id).copied().unwrap_or(RuleSetting::On);
    finding.severity = match setting {
        RuleSetting::Off => return false,
        RuleSetting::On => finding.severity,
        RuleSetting::Error => Severity::Error,
        RuleSetting::Warning => Severity::Warning,
        RuleSetting::Information => Severity::Information,
        RuleSetting::Hint => Severity::Hint,
    };
    true
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
    rules::tell_costs(&context, &mut report);
    let judgement = rules::judge(&context, &report.findings);
    let Reporter { mut findings, notes } = report;
    findings.retain_mut(|finding| {
        if !is_wanted(settings, finding) {
            return false;
        }
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
