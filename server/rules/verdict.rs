//! The prediction for one deployment, read off its findings.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Finding, Severity};
use crate::hosting::{Deployment, Failure, VisitorSees};
use crate::load::Certainty;

/// What becomes of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It loads and serves, as far as can be seen.
    Serves,
    /// The server does not start with what its configuration says.
    DoesNotStart,
    /// The import raises.
    FailsToLoad,
    /// The import never ends.
    HangsWhileLoading,
    /// The import ends the process.
    ExitsWhileLoading,
    /// The import works and leaves nothing that the host can call.
    NoUsableApplication,
    /// Some requests fail.
    RequestsFail,
    /// Some requests outlast the host's limit.
    RequestsExceedBudget,
    /// The entry could not be read.
    Unknown,
}

impl Verdict {
    /// What the deployment does, as the predicate of a sentence about it.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Serves => "serves",
            Self::DoesNotStart => "is not served: its server does not start with this configuration",
            Self::FailsToLoad => "fails to load",
            Self::HangsWhileLoading => "hangs while it loads",
            Self::ExitsWhileLoading => "ends the server's process while it loads",
            Self::NoUsableApplication => "loads, but has no application that the host can call",
            Self::RequestsFail => "loads, but requests fail",
            Self::RequestsExceedBudget => "loads, but requests take longer than the host allows",
            Self::Unknown => "unknown",
        }
    }
}

impl Judgement {
    /// What visitors get, as a sentence without its full stop.
    pub fn visitors(self) -> String {
        match (self.verdict, self.visitor_sees) {
            (Verdict::Unknown, _) => "the file cannot be read, so nothing is known of it".to_owned(),
            (_, VisitorSees::Ok) => "visitors get the page, as far as can be seen".to_owned(),
            (_, seen) => format!("visitors get {}", seen.phrase()),
        }
    }
}

/// The verdict and what a visitor gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What becomes of the deployment.
    pub verdict: Verdict,
    /// What a visitor gets.
    pub visitor_sees: VisitorSees,
}

/// Judges a deployment by its findings: the first certain failure decides, else the first likely one that is at least a
/// warning.
pub fn judge(context: &Context<'_>, findings: &[Finding]) -> Judgement {
    if context.load.modules.is_empty() {
        return Judgement { verdict: Verdict::Unknown, visitor_sees: VisitorSees::Ok };
    }
    let failing = |certainty: Certainty| {
        findings.iter().find(|finding| {
            finding.failure.is_some()
                && finding.certainty == certainty
                && finding.severity >= Severity::Warning
                && finding.visitor_sees != VisitorSees::Ok
        })
    };
    match failing(Certainty::Certain).or_else(|| failing(Certainty::Likely)) {
        Some(finding) => Judgement {
            verdict: finding.failure.map_or(Verdict::Unknown, verdict_of),
            visitor_sees: finding.visitor_sees,
        },
        None => Judgement { verdict: Verdict::Serves, visitor_sees: VisitorSees::Ok },
    }
}

/// What is left of a judgement when `findings` of its configuration say that the server does not even start, or does not get
/// to the app.
pub fn judge_start(deployment: &Deployment, judgement: Judgement, findings: &[Finding]) -> Judgement {
    let told_in = |finding: &Finding| {
        deployment
            .told_in
            .iter()
            .any(|told| told.path == finding.site.path && told.range.contains_range(finding.site.range))
    };
    let mut failing = findings.iter().filter_map(|finding| {
        let failure =
            finding.failure.filter(|_| finding.severity >= Severity::Warning && told_in(finding))?;
        Some(Judgement { verdict: verdict_of(failure), visitor_sees: finding.visitor_sees })
    });
    let stops = failing.clone().find(|one| one.verdict == Verdict::DoesNotStart);
    let other = failing.next().filter(|_| judgement.verdict == Verdict::Serves);
    stops.or(other).unwrap_or(judgement)
}

fn verdict_of(failure: Failure) -> Verdict {
    match failure {
        Failure::DoesNotStart => Verdict::DoesNotStart,
        Failure::NeverReturns => Verdict::HangsWhileLoading,
        Failure::Exits
        | Failure::KeepsServerDown
        | Failure::KillsServer
        | Failure::Reloads
        | Failure::PortTaken => Verdict::ExitsWhileLoading,
        Failure::Raises | Failure::RaisesBase => Verdict::FailsToLoad,
        Failure::NoApplication | Failure::HiddenApplication | Failure::WrongCallable => {
            Verdict::NoUsableApplication
        }
        Failure::NeverAnswers | Failure::OutlastsRequest => Verdict::RequestsExceedBudget,
        Failure::FirstRequest
        | Failure::RaisesInRequest
        | Failure::RaisesBeforeFramework
        | Failure::ExitsInRequest
        | Failure::KillsWorker
        | Failure::AnswersGatewayError
        | Failure::OversizedHeader
        | Failure::RefusesHost
        | Failure::FirstRequestDebug
        | Failure::ReturnsText
        | Failure::ReturnsBytes
        | Failure::ReturnsNothing
        | Failure::NeverStartsResponse => Verdict::RequestsFail,
    }
}
