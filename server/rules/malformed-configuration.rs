//! `malformed-configuration`: a part of a configuration file that its reader does not read, or not as it looks.

use std::path::PathBuf;

use ruff_python_ast::PythonVersion;

use super::configuration::no_load;
use super::{ConfigContext, Finding, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::hosting::include_cycle;
use crate::hosting::told::Server;
use crate::syntax::config::ConfigKind;
use crate::syntax::python::SyntaxProblemKind;
use crate::text::TextRange;

/// The rule.
pub static RULE: Rule = Rule {
    id: "malformed-configuration",
    summary: "a part of a configuration file cannot be read, or is read as something else",
    severity: Severity::Warning,
    guidance: Guidance {
        explanation: "\
A server that cannot read its configuration does not start, and some read less of it than it holds, without a word: uWSGI skips \
what stands before the first section, and every section that is not called `uwsgi` in exactly this spelling. Files that include each other crash it. Lists in its YAML \
files are read only by builds with libyaml; all others read nothing behind them.",
        bad: "# uwsgi.ini\n[uWSGI]\nmodule = app:app",
        good: "# uwsgi.ini\n[uwsgi]\nmodule = app:app",
        when_wrong: "\
A section of another name is read when somebody names it: `uwsgi --ini site.ini:other`. Silence it then.",
        pages: &[pages::UWSGI_CONFIGURATION],
    },
    check: no_load,
};

/// Tells what cannot be read.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    let file = &context.configuration.file;
    for problem in file.problems() {
        let what = sentence(&problem.message);
        let found = context.finding(&RULE, problem.range, what);
        if problem.may_be_read {
            report.findings.push(found.likely().severity(Severity::Information));
            continue;
        }
        // What is no XML at all keeps uWSGI from starting; of its other files it reads what it can.
        report.findings.push(if file.kind() == ConfigKind::UwsgiXml { found.stops() } else { found });
    }
    let path = &context.configuration.path;
    if let Some((range, way)) = include_cycle(context.snapshot, context.root, path, file) {
        report.findings.push(endless(context, range, &way));
    }
    if file.kind() == ConfigKind::Gunicorn {
        not_compiled(context, report);
    }
    if file.kind() == ConfigKind::UwsgiIni && context.configuration.groups.is_empty() {
        wrong_case(context, report);
    }
}

/// An include that comes back.
fn endless(context: &ConfigContext<'_>, range: TextRange, way: &[PathBuf]) -> Finding {
    let by_way = match way.first() {
        Some(other) => {
            format!(" by way of `{}`", crate::workspace::relative_slash(other, context.root))
        }
        None => String::new(),
    };
    let message =
        format!("this file includes itself{by_way}: uWSGI reads it again and again, until it crashes");
    let source = context.configuration.file.source();
    let line = source.line(range.start());
    let next = if line < source.index().line_count() {
        source.line_range(line + 1).start()
    } else {
        source.line_range(line).end()
    };
    let whole = TextRange::new(source.line_range(line).start(), next);
    let fix = context.replace("Remove this line", whole, "", Safety::Review);
    context.finding(&RULE, range, message).severity(Severity::Error).stops().mended([fix])
}

/// A file of gunicorn that Python does not compile.
fn not_compiled(context: &ConfigContext<'_>, report: &mut Reporter) {
    let path = &context.configuration.path;
    let Some(file) = context.snapshot.python(path, PythonVersion::PY314) else { return };
    // Which version the server runs is known to the apps alone; what none compiles is always wrong.
    let mut problems =
        file.problems().iter().filter(|problem| problem.kind != SyntaxProblemKind::NewerPython);
    if let Some(problem) = problems.next() {
        let message =
            format!("gunicorn does not start, because Python does not compile its file: {}", problem.message);
        report
            .findings
            .push(context.finding(&RULE, problem.range, message).severity(Severity::Error).stops());
    }
}

/// `[uWSGI]`
fn wrong_case(context: &ConfigContext<'_>, report: &mut Reporter) {
    let sections = &context.configuration.file.content().sections;
    let named = sections.iter().find(|one| one.name.text.trim().eq_ignore_ascii_case("uwsgi"));
    let Some(section) = named else { return };
    let message = format!(
        "{} reads the section `[uwsgi]` and nothing of `[{}]`: capitals count",
        Server::Uwsgi.title(),
        section.name.text
    );
    let fix = context.replace("Call the section `uwsgi`", section.name.range, "uwsgi", Safety::Review);
    report.findings.push(context.finding(&RULE, section.name.range, message).likely().stops().mended([fix]));
}

fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    // `uWSGI` is a name.
    if message.chars().nth(1).is_some_and(char::is_uppercase) {
        return message.to_owned();
    }
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
