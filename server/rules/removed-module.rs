//! `removed-module`: the app imports a module that the host's Python does not have any more.

use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;

use super::causes::{fix, prefer_first};
use super::imports::{Fault, bound_names, faults, imported_name, python_says, sentence, statement_at};
use super::{Context, Fix, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{Effect, RaiseCause};
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// The rule.
pub static RULE: Rule = Rule {
    id: "removed-module",
    summary: "the app imports a module that the host's version of Python does not have any more",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
Modules leave the standard library: `distutils`, `imp`, `asyncore`, `asynchat` and `smtpd` with Python 3.12, `cgi`, `crypt`, \
`telnetlib`, `pipes`, `imghdr` and a dozen others with 3.13. Code that imports one of them worked until the host, or the virtual \
environment, got the newer Python; from then on the import raises `ModuleNotFoundError`. PythonAnywhere, uWSGI and mod_wsgi answer every \
request with 500, gunicorn's workers leave and the proxy answers 502.

Often nothing uses the import: some editors add `import imp` by themselves.",
        bad: "\
from imp import reload

from flask import Flask

application = Flask(__name__)
# .python-version
3.13",
        good: "\
from importlib import reload

from flask import Flask

application = Flask(__name__)
# .python-version
3.13",
        when_wrong: "\
When the host runs an older Python than wsgi-ls assumes, set `python-version`. A package that brings the old module back, such \
as `legacy-cgi` or `setuptools` for `distutils`, is seen when it is installed in the virtual environment.",
        pages: &[pages::PYTHON_REMOVED_MODULES, pages::PA_VIRTUALENV_VERSION],
    },
    check,
};

/// What takes the place of a module, as the end of a sentence.
const INSTEAD: &[(&str, &str)] = &[
    ("asynchat", "use `asyncio`"),
    ("asyncore", "use `asyncio`"),
    ("binhex", "use `binascii`"),
    ("cgi", "use `urllib.parse` and `email`, or install `legacy-cgi`"),
    ("cgitb", "use `traceback`"),
    ("crypt", "use `hashlib`, or install `legacycrypt`"),
    ("distutils", "use `setuptools`, `shutil`, `sysconfig` or `packaging`"),
    ("formatter", "nothing takes its place"),
    ("imghdr", "install `filetype` or use Pillow"),
    ("imp", "use `importlib`"),
    ("lib2to3", "use `ast`, or install `libcst`"),
    ("mailcap", "use `mimetypes`"),
    ("nntplib", "install `pynntp`"),
    ("parser", "use `ast`"),
    ("pipes", "use `subprocess` and `shlex`"),
    ("smtpd", "install `aiosmtpd`"),
    ("sndhdr", "install `filetype`"),
    ("spwd", "install `python-pam`"),
    ("symbol", "use `ast`"),
    ("telnetlib", "install `telnetlib3`"),
    ("uu", "use `base64`"),
    ("xdrlib", "use `struct`"),
];

/// Functions that live on under another name: the old place, the new module, the new name, and whether they are the same.
const MOVED: &[(&str, &str, &str, &str, Safety)] = &[
    ("imp", "reload", "importlib", "reload", Safety::Safe),
    ("pipes", "quote", "shlex", "quote", Safety::Safe),
    ("distutils.spawn", "find_executable", "shutil", "which", Safety::Review),
    ("distutils.version", "LooseVersion", "packaging.version", "Version", Safety::Review),
    ("distutils.version", "StrictVersion", "packaging.version", "Version", Safety::Review),
    ("distutils.sysconfig", "get_python_lib", "sysconfig", "get_path", Safety::Review),
];

fn check(context: &Context<'_>, report: &mut Reporter) {
    for (effect, raise) in faults(context, Fault::Removed) {
        let RaiseCause::MissingModule { missing, removed_in: Some((major, minor)), .. } = &raise.cause else {
            continue;
        };
        let top = missing.split('.').next().unwrap_or(missing);
        let instead = INSTEAD.iter().find(|(name, _)| *name == top).map(|(_, text)| *text);
        let instead = instead.map_or(String::new(), |text| format!(" {}", sentence(text)));
        let message = format!(
            "{} (`{top}` left Python with {major}.{minor}): {}.{instead}",
            python_says(raise),
            context.cannot_load(effect)
        );
        let mut finding = context.finding(&RULE, effect, Failure::Raises, message);
        if let Some(file) = context.file(&effect.site.path) {
            finding.fixes = fixes_for(&file, effect);
        }
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
}

fn fixes_for(file: &PythonFile, effect: &Effect) -> Vec<Fix> {
    let path = &effect.site.path;
    let mut found = Vec::new();
    let Some(stmt) = statement_at(file, effect.site.range) else { return found };
    if is_unused(file, stmt) {
        let title = format!("Remove `{}`, which nothing uses", file.slice(stmt.range()));
        found.extend(fix(title, Safety::Safe, path, fixes::remove_statement(file, stmt.range())));
    } else if let Some((edits, module, safety)) = moved(file, effect) {
        found.extend(fix(format!("Import it from `{module}`"), safety, path, Some(edits)));
    }
    found
}

/// Whether a file does nothing with what an `import` statement binds.
fn is_unused(file: &PythonFile, stmt: &Stmt) -> bool {
    let [bound] = bound_names(stmt)[..] else { return false };
    bound != "*" && !fixes::uses_of(file, bound).iter().any(|range| !stmt.range().contains_range(*range))
}

/// `from imp import reload` as `from importlib import reload`.
fn moved(file: &PythonFile, effect: &Effect) -> Option<(Vec<TextEdit>, &'static str, Safety)> {
    let (import, _) = imported_name(file, effect.site.range).or_else(|| {
        let Stmt::ImportFrom(import) = statement_at(file, effect.site.range)? else { return None };
        Some((import, 0))
    })?;
    let module = import.module.as_ref()?;
    let [alias] = import.names.as_slice() else { return None };
    let (_, old, new_module, new, safety) =
        MOVED.iter().find(|(from, name, ..)| module.as_str() == *from && alias.name.as_str() == *name)?;
    let mut edits = vec![TextEdit::replace(module.range(), *new_module)];
    if old != new {
        let bound = if alias.asname.is_some() { String::new() } else { format!(" as {old}") };
        edits.push(TextEdit::replace(alias.name.range(), format!("{new}{bound}")));
    }
    Some((edits, new_module, *safety))
}
