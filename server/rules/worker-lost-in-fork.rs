//! `worker-lost-in-fork`: threads of the import are gone in the workers that answer requests.

use super::{Context, Guidance, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::hosting::Failure;
use crate::load::EffectKind;

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
        bad: "import multiprocessing\nfrom flask import Flask\n\napp = Flask(__name__)\npool = multiprocessing.Pool(2)\n\n\n@app.route(\"/\")\ndef index():\n    return str(pool.map(abs, [1, 2]))",
        good: "import functools\nimport multiprocessing\nfrom flask import Flask\n\napp = Flask(__name__)\n\n\n@functools.cache\ndef pool():\n    return multiprocessing.Pool(2)\n\n\n@app.route(\"/\")\ndef index():\n    return str(pool().map(abs, [1, 2]))",
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
            "{what} is made before {host} forks its workers and does not work in them: requests that use it wait until they are \
             killed, visitors get {}",
            context.visitor_sees(Failure::NeverAnswers).phrase()
        );
        let mut finding = context.finding(&RULE, effect, Failure::NeverAnswers, message);
        finding.failure = Some(Failure::NeverAnswers);
        finding.visitor_sees = context.visitor_sees(Failure::NeverAnswers);
        report.findings.push(finding);
    }
}
