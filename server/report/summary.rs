//! How many findings there are of each severity.

use std::fmt;

use crate::analysis::Analysis;
use crate::rules::Severity;

/// Counts of findings, as the last line of a report tells them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    counts: [usize; Severity::ALL.len()],
    deployments: usize,
}

impl Summary {
    /// Counts the findings of an analysis; what several deployments share counts once.
    pub fn of(analysis: &Analysis) -> Self {
        let mut summary = Self { deployments: analysis.deployments.len(), ..Self::default() };
        for group in super::terminal::merged(analysis) {
            if let Some(count) =
                summary.counts.get_mut(Severity::Error as usize - group.finding.severity as usize)
            {
                *count += 1;
            }
        }
        summary
    }

    /// Whether there is a finding at least as loud as `threshold`.
    pub fn reaches(&self, threshold: Severity) -> bool {
        Severity::ALL.iter().zip(self.counts).any(|(severity, count)| *severity >= threshold && count > 0)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nouns = ["error", "warning", "information", "hint"];
        let counted: Vec<String> = nouns
            .iter()
            .zip(self.counts)
            .filter(|(_, count)| *count > 0)
            .map(|(noun, count)| match (*noun, count) {
                ("information", _) => format!("{count} information"),
                (_, 1) => format!("1 {noun}"),
                _ => format!("{count} {noun}s"),
            })
            .collect();
        let checked = match self.deployments {
            1 => "1 deployment".to_owned(),
            count => format!("{count} deployments"),
        };
        if counted.is_empty() {
            write!(f, "Nothing to report ({checked} checked).")
        } else {
            write!(f, "Found {} ({checked} checked).", counted.join(", "))
        }
    }
}
