//! Findings that several deployments share, told once.

use super::json::{Deployment, Finding, Report};

/// One finding with the deployments that it concerns.
pub(super) struct Distinct<'a> {
    /// The finding, as the first of them has it.
    pub finding: &'a Finding,
    /// The deployments; none for what is wrong in a configuration file by itself.
    pub deployments: Vec<&'a Deployment>,
}

/// The findings of a report in their order, those with the same fingerprint as one.
pub(super) fn distinct(report: &Report) -> Vec<Distinct<'_>> {
    let mut all: Vec<Distinct<'_>> = Vec::new();
    for finding in &report.findings {
        let deployment = finding.deployment.and_then(|at| report.deployments.get(at));
        match all.iter_mut().find(|known| known.finding.fingerprint == finding.fingerprint) {
            Some(known) => known.deployments.extend(deployment),
            None => all.push(Distinct { finding, deployments: deployment.into_iter().collect() }),
        }
    }
    all
}
