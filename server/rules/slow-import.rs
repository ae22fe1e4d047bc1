//! `slow-import`: the import waits so long that the first visitor is likely to give up.

use super::causes::{fix, prefer_first};
use super::waits::{self, Total};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::{Failure, Host, VisitorSees};
use crate::text::TextEdit;

/// The rule.
pub static RULE: Rule = Rule {
    id: "slow-import",
    summary: "the import of the app waits for a long time",
    severity: Severity::Information,
    guidance: Guidance {
        explanation: "\
The first visitor after a restart waits until the app is imported. No limit for requests covers the import, so the app comes up in the end. \
But PythonAnywhere gives the first request after a reload 20 seconds before it reports that the reload has failed, browsers and proxies lose patience, and each \
restart costs the same time again.

Do the waiting when it is needed, in a function, or in a process of its own.",
        bad: "\
import time

from flask import Flask

time.sleep(60)  # until the database is up
application = Flask(__name__)",
        good: "\
from flask import Flask

application = Flask(__name__)",
        when_wrong: "When the restart may take its time, silence it.",
        pages: &[pages::PA_RELOAD_SLOW, pages::PA_502_SLOW_CODE],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    let host = context.deployment.host;
    let limit = if host == Host::PythonAnywhere { 20.0 } else { 30.0 };
    let Some(total) = waits::of_load(context) else { return };
    if total.seconds <= limit || total.seconds > waits::FOR_EVER {
        return;
    }
    let code = context.code(total.longest);
    let reload = match host {
        Host::PythonAnywhere => ", and a reload counts as failed after 20 seconds",
        _ => "",
    };
    let message = format!(
        "The import waits for {} (`{code}`): after each restart the first visitor waits as long{reload}",
        total.phrase()
    );
    let mut finding = context.finding(&RULE, total.longest, Failure::NeverReturns, message);
    finding.failure = None;
    finding.visitor_sees = VisitorSees::Ok;
    finding.fixes = remove_all(context, &total).into_iter().collect();
    prefer_first(&mut finding.fixes);
    report.findings.push(finding);
}

/// Removes the waits of the file that waits longest, where they are statements of their own.
fn remove_all(context: &Context<'_>, total: &Total<'_>) -> Option<Fix> {
    let path = &total.longest.site.path;
    let file = context.file(path)?;
    let mut edits: Vec<TextEdit> = Vec::new();
    for effect in total.places.iter().filter(|effect| effect.site.path == *path) {
        let lone = super::nodes::statement(&file, effect.statement)
            .and_then(|stmt| stmt.as_expr_stmt())
            .is_some_and(|stmt| stmt.value.is_call_expr());
        if lone {
            edits.extend(fixes::remove_statement(&file, effect.statement)?);
        }
    }
    let title = if edits.len() == 1 { "Remove the wait".to_owned() } else { "Remove these waits".to_owned() };
    fix(title, Safety::Review, path, Some(edits))
}
