//! What rules about imports have in common: to which of them a failing import belongs, and edits of import statements.

use std::path::Path;

use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{Alias, Stmt, StmtImportFrom};
use ruff_text_size::Ranged;

use super::Context;
use crate::catalog::stdlib;
use crate::fixes;
use crate::load::{Effect, EffectKind, Raise, RaiseCause};
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange, TextSize};

/// Why an import fails; each rule about imports reports one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The search path gets the folder only later.
    LatePath,
    /// The search path holds a wrong entry.
    BadPath,
    /// The module left the standard library.
    Removed,
    /// Django's settings module is not there.
    Settings,
    /// A file of the project hides the module that was meant.
    Shadowed,
    /// The module is only half loaded.
    Circular,
    /// The module does not hold the name.
    MissingName,
    /// The module is not there, for none of these reasons.
    Unresolved,
}

/// Packages that people name their own files after.
const WELL_KNOWN: &[&str] = &[
    "aiohttp",
    "bottle",
    "celery",
    "cherrypy",
    "dash",
    "django",
    "dotenv",
    "falcon",
    "fastapi",
    "flask",
    "flask_sqlalchemy",
    "huey",
    "jinja2",
    "numpy",
    "pandas",
    "plotly",
    "pyramid",
    "redis",
    "requests",
    "rq",
    "sqlalchemy",
    "starlette",
    "stripe",
    "telebot",
    "telegram",
    "tornado",
    "werkzeug",
    "yaml",
];

/// Modules of the standard library whose names people use for files of their own, and which they hardly ever import.
const HARDLY_IMPORTED: &[&str] =
    &["code", "formatter", "idlelib", "parser", "site", "symbol", "test", "this"];

/// The failing imports of a load that are of this kind.
pub(super) fn faults<'a>(context: &Context<'a>, wanted: Fault) -> Vec<(&'a Effect, &'a Raise)> {
    let raised = context.effects().filter_map(|effect| match &effect.kind {
        EffectKind::Raises(raise) => Some((effect, raise)),
        _ => None,
    });
    raised.filter(|(effect, raise)| fault_of(context, effect, raise) == Some(wanted)).collect()
}

/// What a traceback ends with.
pub(super) fn python_says(raise: &Raise) -> String {
    if raise.message.is_empty() {
        return format!("`{}`", raise.exception);
    }
    format!("`{}: {}`", raise.exception, raise.message)
}

fn fault_of(context: &Context<'_>, effect: &Effect, raise: &Raise) -> Option<Fault> {
    match &raise.cause {
        RaiseCause::MissingModule {
            missing,
            similar,
            reachable_from,
            path_added_later,
            bad_path_entry,
            removed_in,
            ..
        } => Some(if hides_a_package(context, missing) && similar.is_empty() {
            Fault::Shadowed
        } else if *path_added_later {
            Fault::LatePath
        } else if bad_path_entry.is_some() && (reachable_from.is_some() || similar.is_empty()) {
            Fault::BadPath
        } else if names_settings(context, effect) {
            Fault::Settings
        } else if removed_in.is_some() {
            Fault::Removed
        } else {
            Fault::Unresolved
        }),
        RaiseCause::RelativeImport => Some(Fault::Unresolved),
        RaiseCause::MissingName { module, name, similar, circular, path } => {
            let inside_itself = *effect.site.path == **path;
            let bound = binds(context, effect, path, name);
            // A module of an installed package comes without a path: no file of the project hides it.
            let in_project = !path.as_os_str().is_empty();
            Some(if in_project && is_taken(module) && !bound && (inside_itself || similar.is_empty()) {
                Fault::Shadowed
            } else if *circular && bound {
                Fault::Circular
            } else {
                Fault::MissingName
            })
        }
        _ => None,
    }
}

/// Whether a name belongs to the standard library or to a package that everybody knows.
fn is_taken(module: &str) -> bool {
    let version = ruff_python_ast::PythonVersion::latest();
    let standard = stdlib::standing(module, version).is_some() && !HARDLY_IMPORTED.contains(&module);
    standard || WELL_KNOWN.contains(&module)
}

/// Whether a missing submodule is missed in a file of the project that has the name of the package that was meant.
fn hides_a_package(context: &Context<'_>, missing: &str) -> bool {
    let Some((top, _)) = missing.split_once('.') else { return false };
    is_taken(top) && context.load.modules.iter().any(|module| module.name == top)
}

/// Whether the module is the one that `DJANGO_SETTINGS_MODULE` names.
fn names_settings(context: &Context<'_>, effect: &Effect) -> bool {
    let Some(file) = context.file(&effect.site.path) else { return false };
    let statement = file.slice(effect.site.range);
    ["DJANGO_SETTINGS_MODULE", "get_wsgi_application", "get_asgi_application", "setup("]
        .iter()
        .any(|word| statement.contains(word))
}

/// Whether a module binds a name anywhere on its top level, other than by the import that fails.
fn binds(context: &Context<'_>, effect: &Effect, path: &Path, name: &str) -> bool {
    let Some(file) = context.file(path) else { return false };
    fixes::statements_binding(&file, name)
        .iter()
        .any(|range| *effect.site.path != *path || !range.contains_range(effect.site.range))
}

/// The part of an import that names `missing`, when `site` is the dotted name of `module` or the end of it.
pub(super) fn part_naming(
    file: &PythonFile,
    site: TextRange,
    module: &str,
    missing: &str,
) -> Option<TextRange> {
    let written = file.slice(site).split_whitespace().next()?;
    if module != written && !module.ends_with(&format!(".{written}")) {
        return None;
    }
    let skipped = module.split('.').count() - written.split('.').count();
    let wanted = missing.split('.').count().checked_sub(skipped + 1)?;
    let mut start = 0;
    for (at, part) in written.split('.').enumerate() {
        if at == wanted {
            let offset = site.start() + TextSize::try_from(start).ok()?;
            return Some(TextRange::at(offset, TextSize::of(part)));
        }
        start += part.len() + 1;
    }
    None
}

/// The `from ... import` statement and the place of the alias in it that holds a range.
pub(super) fn imported_name(file: &PythonFile, range: TextRange) -> Option<(&StmtImportFrom, usize)> {
    let Stmt::ImportFrom(import) = statement_at(file, range)? else { return None };
    let at = import.names.iter().position(|alias| alias.range().contains_range(range))?;
    Some((import, at))
}

/// The innermost statement that holds a range.
pub(super) fn statement_at(file: &PythonFile, range: TextRange) -> Option<&Stmt> {
    struct Innermost<'a> {
        range: TextRange,
        found: Option<&'a Stmt>,
    }
    impl<'a> StatementVisitor<'a> for Innermost<'a> {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if stmt.range().contains_range(self.range) {
                self.found = Some(stmt);
                walk_stmt(self, stmt);
            }
        }
    }
    let mut innermost = Innermost { range, found: None };
    innermost.visit_body(file.body());
    innermost.found
}

/// The names that an import statement binds; none for any other statement.
pub(super) fn bound_names(stmt: &Stmt) -> Vec<&str> {
    let names = match stmt {
        Stmt::Import(import) => &import.names,
        Stmt::ImportFrom(import) => &import.names,
        _ => return Vec::new(),
    };
    let bound = names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).as_str());
    bound.map(|name| name.split('.').next().unwrap_or(name)).collect()
}

/// Imports another name in the place of one; where the file uses the old one, it uses the new one from then on.
pub(super) fn rename_imported(file: &PythonFile, alias: &Alias, new: &str) -> Option<Vec<TextEdit>> {
    let mut edits = vec![fixes::rename_identifier(file, alias.name.range(), new)?];
    if alias.asname.is_none() {
        for range in fixes::uses_of(file, &alias.name) {
            if range != alias.name.range() {
                edits.push(fixes::rename_identifier(file, range, new)?);
            }
        }
    }
    Some(edits)
}

/// Takes names out of an import of several; `None` when nothing would be left.
pub(super) fn without_names(import: &StmtImportFrom, taken: &[usize]) -> Option<Vec<TextEdit>> {
    let first_kept = (0..import.names.len()).find(|at| !taken.contains(at))?;
    let ranges = taken.iter().map(|&at| {
        let alias = import.names.get(at)?;
        Some(if at > first_kept {
            TextRange::new(import.names.get(at - 1)?.end(), alias.end())
        } else {
            TextRange::new(alias.start(), import.names.get(at + 1)?.start())
        })
    });
    ranges.map(|range| Some(TextEdit::replace(range?, ""))).collect()
}

/// A piece of advice as a sentence of its own.
pub(super) fn sentence(advice: &str) -> String {
    let mut letters = advice.chars();
    let first = letters.next().map(char::to_uppercase);
    first.map_or(String::new(), |first| format!("{}.", first.chain(letters).collect::<String>()))
}

/// Whether two names differ by case, by underscores, or, when they are long enough to tell, by one letter.
pub(super) fn is_slip(written: &str, real: &str) -> bool {
    let folded = |name: &str| name.to_lowercase().replace(['_', '-'], "");
    let (written, real) = (folded(written), folded(real));
    written == real || written.len() >= 4 && strsim::damerau_levenshtein(&written, &real) == 1
}
