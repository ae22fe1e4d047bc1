//! `fragile-entry-import`: the application is an import that nothing uses, and the project's linter removes those.

use ruff_python_ast::{Alias, Stmt, StmtImportFrom};
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::{Context, Finding, Fix, Guidance, Reporter, Rule, Safety, Severity, binding};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::VisitorSees;
use crate::load::{Application, Certainty, Site};
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange};

/// The rule.
pub static RULE: Rule = Rule {
    id: "fragile-entry-import",
    summary: "the application is an import that looks unused, and ruff removes unused imports",
    severity: Severity::Hint,
    guidance: Guidance {
        explanation: "\
`from flask_app import app as application` is the line that PythonAnywhere's guide asks for, and no linter knows that a host reads the \
name: for ruff it is an unused import (F401). `ruff check --fix` and \"fix all\" in an editor remove it, without asking, and the next \
reload finds no application.

Bind the name in a statement of its own, or list it in `__all__`: then it is used.",
        bad: "\
from flask_app import app as application
# flask_app.py
from flask import Flask

app = Flask(__name__)
# ruff.toml
line-length = 100",
        good: "\
from flask_app import app

application = app
# flask_app.py
from flask import Flask

app = Flask(__name__)
# ruff.toml
line-length = 100",
        when_wrong: "\
The rule only speaks when the project is set up for ruff and neither `noqa` nor F401 in ruff's configuration says that the line is meant.",
        pages: &[pages::RUFF_F401, pages::PA_FLASK_WSGI],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    let Application::Usable { bound_at: Some(site), .. } = &context.load.application else { return };
    let Some((path, file)) = binding::entry(context) else { return };
    // In a package's `__init__.py` ruff takes imports for part of the interface.
    if site.path != *path || path.ends_with("__init__.py") || !uses_ruff(context) {
        return;
    }
    let callable = context.deployment.callable.as_str();
    let Some((import, alias)) = imported(file, site) else { return };
    if fixes::uses_of(file, callable).len() != 1 || lists_names(file) || is_silenced(file, import) {
        return;
    }
    let mut found: Vec<Fix> =
        explicit(context, file, site, import, alias).into_iter().chain(listed(context, file, site)).collect();
    prefer_first(&mut found);
    report.findings.push(Finding {
        rule: &RULE,
        severity: RULE.severity,
        certainty: Certainty::Likely,
        message: format!(
            "ruff takes `{callable}` for an unused import and removes it on `--fix`: then {} finds no application",
            context.deployment.host.title()
        ),
        site: site.clone(),
        related: Vec::new(),
        failure: None,
        visitor_sees: VisitorSees::Ok,
        fixes: found,
    });
}

/// Whether the checked folder is set up for ruff, and F401 is not mentioned there.
fn uses_ruff(context: &Context<'_>) -> bool {
    let root = &context.deployment.root;
    let text =
        |name: &str| context.snapshot.text(&root.join(name)).map(|(source, _)| source.text().to_owned());
    let own = ["ruff.toml", ".ruff.toml"].into_iter().find_map(text);
    let project = text("pyproject.toml").filter(|text| text.contains("[tool.ruff"));
    let hook = text(".pre-commit-config.yaml").filter(|text| text.contains("ruff"));
    match (own.or(project), hook) {
        (Some(configuration), _) => !configuration.contains("F401"),
        (None, hook) => hook.is_some(),
    }
}

fn imported<'f>(file: &'f PythonFile, site: &Site) -> Option<(&'f StmtImportFrom, &'f Alias)> {
    file.body().iter().find_map(|stmt| match stmt {
        Stmt::ImportFrom(import) if import.range().contains_range(site.range) => {
            let alias = import.names.iter().find(|alias| alias.range().contains_range(site.range))?;
            // `from x import app as app` is how people say that they mean it.
            let meant = alias.asname.as_ref().is_some_and(|asname| asname.id == alias.name.id);
            (!meant).then_some((import, alias))
        }
        _ => None,
    })
}

fn lists_names(file: &PythonFile) -> bool {
    !fixes::uses_of(file, "__all__").is_empty()
}

fn is_silenced(file: &PythonFile, import: &StmtImportFrom) -> bool {
    let source = file.source();
    let lines = TextRange::new(
        source.line_range(source.line(import.start())).start(),
        source.line_range(source.line(import.end())).end(),
    );
    let text = source.text().to_lowercase();
    file.slice(lines).to_lowercase().contains("noqa")
        || text.contains("ruff: noqa")
        || text.contains("flake8: noqa")
}

/// `from x import app` and `application = app`.
fn explicit(
    context: &Context<'_>,
    file: &PythonFile,
    site: &Site,
    import: &StmtImportFrom,
    alias: &Alias,
) -> Option<Fix> {
    let callable = &context.deployment.callable;
    let name = alias.name.as_str();
    if alias.asname.is_none() || !fixes::uses_of(file, name).is_empty() {
        return None;
    }
    let text = format!("{callable} = {name}");
    let below = fixes::insert_after_statement(file, import.range(), &text)?;
    let edits = vec![TextEdit::replace(alias.range(), name), below];
    fix(format!("Bind it in a statement: `{text}`"), Safety::Safe, &site.path, Some(edits))
}

/// `__all__ = ["application"]`.
fn listed(context: &Context<'_>, file: &PythonFile, site: &Site) -> Option<Fix> {
    let quote = fixes::Style::of(file).quote;
    let text = format!("__all__ = [{quote}{}{quote}]", context.deployment.callable);
    let edit = fixes::append_statement(file, &text)?;
    fix(format!("Add `{text}`"), Safety::Review, &site.path, Some(vec![edit]))
}
