//! `blocking-import`: the import waits for something that never comes, or loops for ever.

use ruff_python_ast::Expr;
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::{Context, Finding, Fix, Guidance, Reporter, Rule, Safety, Severity, nodes, waits};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{BlockKind, Effect, EffectKind};

/// The rule.
pub static RULE: Rule = Rule {
    id: "blocking-import",
    summary: "the import of the app never ends",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
A host imports your module once and serves requests when the import is over. A loop without an end, a bot that polls, a scheduler, \
a worker of a task queue or a wait for something that nobody sends keeps it there for ever: visitors get 504 after a long wait. No limit \
such as uWSGI's `harakiri` or gunicorn's `timeout` ends it, and nothing is logged.

Start such work as a process of its own: an always-on task on PythonAnywhere, a service or a worker elsewhere. Keep it under \
`if __name__ == \"__main__\":` when it shares a file with the app.",
        bad: "\
# flask_app.py
import telebot
from flask import Flask

app = Flask(__name__)
bot = telebot.TeleBot(\"token\")

bot.infinity_polling()",
        good: "\
# flask_app.py
import telebot
from flask import Flask

app = Flask(__name__)
bot = telebot.TeleBot(\"token\")

if __name__ == \"__main__\":
    bot.infinity_polling()",
        when_wrong: "\
A loop that something outside ends, such as a signal handler, is not seen to end. Nor is anything reported that runs in a thread or in a function that the \
import never calls.",
        pages: &[pages::PA_502_SLOW_CODE, pages::PA_TASK_QUEUE, pages::PA_RELOAD_SLOW],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for effect in context.effects() {
        let EffectKind::Blocks(block) = &effect.kind else { continue };
        let code = context.code(effect);
        let host = context.deployment.host.title();
        let does = match block.kind {
            BlockKind::Library => format!("`{code}` runs {} while {host} imports this file", block.what),
            BlockKind::Loop | BlockKind::Wait | BlockKind::Stream => {
                match block.what.strip_prefix("a wait for ") {
                    Some(what) => format!("`{code}` waits for {what}"),
                    None => format!("`{code}` is {}", block.what),
                }
            }
            BlockKind::Computation => {
                format!("`{code}` is {}, which takes longer than anybody waits", block.what)
            }
        };
        let mut finding = never_returns(context, effect, &does);
        if block.kind == BlockKind::Wait {
            finding.fixes.extend(bounded(context, effect));
        }
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
    if let Some(total) = waits::of_load(context).filter(|total| total.seconds > waits::FOR_EVER) {
        let does =
            format!("`{}` keeps the import waiting for {}", context.code(total.longest), total.phrase());
        let mut finding = never_returns(context, total.longest, &does);
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

fn never_returns(context: &Context<'_>, effect: &Effect, does: &str) -> Finding {
    let message = format!(
        "{does}: {} never comes to serve a request, visitors get {}",
        context.deployment.host.title(),
        context.visitor_sees(context.failure(effect, Failure::NeverReturns)).phrase()
    );
    let mut finding = context.finding(&RULE, effect, Failure::NeverReturns, message);
    let guard = context.guard_fix(effect).or_else(|| context.lazy_fix(effect));
    finding.fixes = guard.into_iter().chain(context.remove_fix(effect)).collect();
    finding
}

/// A wait that somebody may bound.
fn bounded(context: &Context<'_>, effect: &Effect) -> Option<Fix> {
    let file = context.file(&effect.site.path)?;
    let Expr::Call(call) = nodes::expression(&file, effect.site.range)? else { return None };
    let bounds = matches!(&*call.func, Expr::Attribute(attribute) if matches!(attribute.attr.as_str(), "get" | "wait"));
    let edits = fixes::add_argument(&file, call.range(), "timeout=10").filter(|_| bounds);
    fix("Wait 10 seconds at most: add `timeout=10`", Safety::Review, &effect.site.path, edits)
}
