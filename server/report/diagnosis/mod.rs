//! Why a site does not answer: what the simulation foresees and what the logs tell, put together, the most likely cause first.

mod causes;
mod page;
mod reload;
mod support;

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{Deployment, Finding, Report};
use super::sources::Sources;
use crate::analysis::Analysis;
use crate::logs::{Digest, concerns};
use crate::workspace::{Snapshot, relative_slash};

pub use page::render;
pub use support::{masked, support_report};

/// The result of `wsgi-ls diagnose --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "wsgi-ls diagnose, version 1")]
pub struct Diagnosis {
    /// The version of this format: 1.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// What is deployed, with the prediction for each.
    pub deployments: Vec<Deployment>,
    /// What can be the cause, the most likely first.
    pub causes: Vec<Cause>,
    /// What was looked at, in order, each as a sentence.
    pub checked: Vec<String>,
    /// The logs that were read.
    pub logs: Vec<Log>,
    /// The commands that make the host load the app again, after it was mended. They were not run.
    pub reload: Vec<String>,
}

/// One possible cause.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cause {
    /// What it is, as a sentence.
    pub title: String,
    /// Whether what the logs tell was before the last change of the file: it may be mended.
    pub may_be_mended: bool,
    /// What the simulation says; empty when only a log tells of it.
    pub foreseen: Vec<Finding>,
    /// What the logs say; empty when only the simulation tells of it.
    pub logged: Vec<Logged>,
    /// What mends it, as a sentence.
    pub remedy: String,
    /// The address of the help page.
    pub guide: Option<String>,
}

/// What a log says, equal lines counted together.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Logged {
    /// What happened: `harakiri`, `worker-timeout`, `exception` ...
    pub kind: String,
    /// The same for people.
    pub message: String,
    /// How often.
    pub count: u64,
    /// When first, in UTC, as far as the log tells.
    pub first: Option<String>,
    /// When last, in UTC.
    pub last: Option<String>,
    /// The log that tells of it last.
    pub log: String,
    /// The line there, counted from 1.
    pub line: u64,
    /// The request, without its query.
    pub request: Option<String>,
    /// The places of the project that it is about, as `file:line`, the nearest to the cause first.
    pub places: Vec<String>,
}

/// A log that was read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Log {
    /// Its path.
    pub path: String,
    /// Its lines.
    pub lines: u64,
    /// What could not be read, each as a sentence.
    pub notes: Vec<String>,
}

impl Diagnosis {
    /// Puts together what an analysis of the folder `root` and the logs say. `is_installed` tells whether a program is there.
    pub fn of(
        analysis: &Analysis,
        snapshot: &Snapshot,
        root: &Path,
        digest: &Digest,
        is_installed: &dyn Fn(&str) -> bool,
    ) -> Self {
        let report = Report::of(analysis, snapshot, root, root);
        let concerns = concerns(snapshot, root, analysis, digest);
        let mut sources = Sources::new(snapshot, root);
        let checked = checked(&report, analysis, digest);
        let causes = causes::causes(&report, analysis, digest, &concerns, &mut sources);
        let logs = digest.logs.iter().map(|(path, reading)| Log {
            path: relative_slash(path, root),
            lines: reading.lines,
            notes: reading.notes(),
        });
        Self {
            version: 1,
            causes,
            checked,
            logs: logs.collect(),
            reload: reload::commands(analysis, root, is_installed),
            deployments: report.deployments,
        }
    }

    /// The JSON schema, as it is published in `docs/schema/diagnose.v1.json`.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Self)
    }
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// What was looked at, in the order in which the hosts' own guides tell people to look.
fn checked(report: &Report, analysis: &Analysis, digest: &Digest) -> Vec<String> {
    let modules: usize = analysis.deployments.iter().map(|judged| judged.load.modules.len()).sum();
    let handlers: usize = analysis.deployments.iter().map(|judged| judged.requests.handlers.len()).sum();
    let found = |rules: &[&str]| {
        let count = report.findings.iter().filter(|finding| rules.contains(&&*finding.rule)).count();
        if count == 0 { "nothing found".to_owned() } else { format!("{count} found") }
    };
    let servers =
        ["server-started-at-import", "server-started-in-request", "blocking-import", "exit-at-import"];
    let imports = [
        "syntax-error",
        "unresolved-import",
        "late-sys-path",
        "bad-sys-path-entry",
        "removed-module",
        "missing-import-name",
        "circular-import",
        "shadowed-module",
        "crash-at-import",
        "removed-api",
        "application-missing",
        "application-not-callable",
        "uncalled-factory",
        "wrong-signature",
        "asgi-application",
    ];
    let slow =
        ["slow-request", "unbounded-wait", "heavy-work-in-request", "worker-lost-in-fork", "slow-import"];
    let lines: u64 = digest.logs.iter().map(|(_, reading)| reading.lines).sum();
    let mut checked = vec![
        format!(
            "what is deployed: {} found, {} of it followed",
            report.deployments.len(),
            counted(modules, "module")
        ),
        format!("servers of the app's own, and imports that never end: {}", found(&servers)),
        format!("errors of syntax and of imports, and the application: {}", found(&imports)),
        format!("`django.setup()` in the web app: {}", found(&["django-setup-in-web-app"])),
        format!("slow code in {} of requests: {}", counted(handlers, "handler"), found(&slow)),
    ];
    checked.push(match digest.logs.len() {
        0 => "no log: none lies in the project, and none was named with `--log`".to_owned(),
        count => format!(
            "{}, {lines} lines: {}",
            counted(count, "log"),
            counted(digest.groups.len(), "different incident")
        ),
    });
    if digest.dropped > 0 {
        checked.push(format!("{} more incidents in the logs were too many to be kept", digest.dropped));
    }
    checked
}
