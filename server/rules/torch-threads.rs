//! `torch-threads`: torch computes in threads that a fork has left behind.

use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::fixes;
use crate::load::{Effect, EffectKind};

/// The rule.
pub static RULE: Rule = Rule {
    id: "torch-threads",
    summary: "torch is used after a fork without being limited to one thread",
    severity: Severity::Information,
    guidance: Guidance {
        explanation: "\
uWSGI, and PythonAnywhere with it, imports the app once and then forks the workers. torch computes in a pool of threads, one for each processor. When something has started \
that pool before the fork, the workers wait for threads that they do not have, and requests hang until they are killed. And a host gives a web app one processor or two, \
so many threads only wait for one another.

Call `torch.set_num_threads(1)` behind the import.",
        bad: "\
# flask_app.py
import torch
from flask import Flask

app = Flask(__name__)


@app.route(\"/sum\")
def total():
    return str(torch.ones(1000, 1000).sum())",
        good: "\
# flask_app.py
import torch
from flask import Flask

torch.set_num_threads(1)
app = Flask(__name__)


@app.route(\"/sum\")
def total():
    return str(torch.ones(1000, 1000).sum())",
        when_wrong: "When `OMP_NUM_THREADS` is set to 1 where the host is configured, silence it.",
        pages: &[pages::PA_502_SLOW_CODE],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    if !context.deployment.loads_before_fork() {
        return;
    }
    // One place is enough: the limit holds for the whole process.
    let found = context.in_requests(|kind| matches!(kind, EffectKind::UsesTorch(_)));
    let Some(what) = found.first() else { return };
    let EffectKind::UsesTorch(call) = &what.effect.kind else { return };
    let message = format!(
        "`{call}` computes in as many threads as there are processors: after {} has forked its workers {} can hang, and one thread is \
         mostly faster",
        context.deployment.host.title(),
        what.subject()
    );
    let mut finding = context.request_finding(&RULE, what, Severity::Information, None, message);
    finding.fixes = limit(context, what.effect).into_iter().collect();
    prefer_first(&mut finding.fixes);
    report.findings.push(finding);
}

/// Limits torch to one thread, behind the imports that open the file.
fn limit(context: &Context<'_>, effect: &Effect) -> Option<Fix> {
    let path = &effect.site.path;
    let file = context.file(path)?;
    let imports_torch = |stmt: &Stmt| match stmt {
        Stmt::Import(import) => {
            import.names.iter().any(|alias| alias.name.as_str() == "torch" && alias.asname.is_none())
        }
        _ => false,
    };
    let first = file.body().iter().position(imports_torch)?;
    let is_import = |stmt: &&Stmt| matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_));
    let last = file.body().get(first..)?.iter().take_while(is_import).last()?;
    let edit = fixes::insert_after_statement(&file, last.range(), "torch.set_num_threads(1)")?;
    let title = "Limit torch to one thread: add `torch.set_num_threads(1)`";
    fix(title, Safety::Review, path, Some(vec![edit]))
}
