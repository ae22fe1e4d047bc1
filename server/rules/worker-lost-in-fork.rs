//! `worker-lost-in-fork`: threads of the import are gone in the workers that answer requests.

use super::causes::{assigned, fix, prefer_first};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{Effect, EffectKind};

/// The rule.
pub static RULE: Rule = Rule {
    id: "worker-lost-in-fork",
    summary: "requests wait for a thread or pool that was started before the workers were forked",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
uWSGI, and PythonAnywhere with it, imports the app once and then forks the workers that answer requests. A fork copies the memory \
and none of the threads but one. A pool, or a bridge with an event loop in a thread, that is made while the module is imported looks \
whole in the workers, and nobody works in it: every request that uses it waits until the worker is killed.

gunicorn imports the app in each worker, after the fork, and is not affected; neither is uWSGI with `lazy-apps`.",
        bad: "\
import multiprocessing

from flask import Flask

application = Flask(__name__)
pool = multiprocessing.Pool(2)


@application.route(\"/\")
def index():
    return str(pool.map(abs, [1, 2]))",
        good: "\
import functools
import multiprocessing

from flask import Flask

application = Flask(__name__)


@functools.cache
def pool():
    return multiprocessing.Pool(2)


@application.route(\"/\")
def index():
    return str(pool().map(abs, [1, 2]))",
        when_wrong: "With `lazy-apps = true` in uWSGI's configuration the app is imported in each worker, and this is fine.",
        pages: &[pages::PA_TASK_QUEUE],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for effect in context.effects() {
        let EffectKind::LostInFork(what) = &effect.kind else { continue };
        let host = context.deployment.host.title();
        let message = format!(
            "{what} is made before {host} forks its workers and does not work in them: requests that use it are never answered, \
             visitors get {}",
            context.visitor_sees(Failure::NeverAnswers).phrase()
        );
        let mut finding = context.finding(&RULE, effect, Failure::NeverAnswers, message);
        finding.failure = Some(Failure::NeverAnswers);
        finding.visitor_sees = context.visitor_sees(Failure::NeverAnswers);
        finding.fixes =
            at_first_request(context, effect).or_else(|| context.lazy_fix(effect)).into_iter().collect();
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

/// The application itself, made in the worker that serves the first request.
fn at_first_request(context: &Context<'_>, effect: &Effect) -> Option<Fix> {
    let (path, range) = context.module_level_statement(effect)?;
    let file = context.file(&path)?;
    let name = assigned(&file, range)?;
    if *path != *context.deployment.entry || name != context.deployment.callable {
        return None;
    }
    let lazy = fixes::make_at_first_request(&file, range)?;
    let title = format!("Make `{name}` at the first request, in `{}()`", lazy.function);
    fix(title, Safety::Review, &path, Some(lazy.edits))
}
