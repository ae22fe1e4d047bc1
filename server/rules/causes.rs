//! What rules about effects have in common: which effects count, how they are told, and which statement a fix has to touch.

use std::path::Path;
use std::sync::Arc;

use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::{Context, FileEdit, Finding, Fix, Related, Rule, Safety, Severity, nodes};
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{Certainty, Effect, Phase, StepKind};
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange, TextSize};

impl<'a> Context<'a> {
    /// The effects of the load that may be reported, in order. What depends on something unknown is not among them.
    pub fn effects(&self) -> impl Iterator<Item = &'a Effect> {
        self.load.effects.iter().filter(|effect| effect.certainty >= Certainty::Likely)
    }

    /// The facts of a file.
    pub fn file(&self, path: &Path) -> Option<Arc<PythonFile>> {
        self.snapshot.python(path, self.deployment.python)
    }

    /// The code that has an effect, for a message.
    pub(super) fn code(&self, effect: &Effect) -> String {
        let file = self.file(&effect.site.path);
        file.map_or_else(String::new, |file| shown(file.slice(effect.site.range)))
    }

    /// A finding at the site of an effect: as loud as its rule when it is certain, else a warning.
    pub fn finding(
        &self,
        rule: &'static Rule,
        effect: &Effect,
        failure: Failure,
        message: String,
    ) -> Finding {
        let severity = match effect.certainty {
            Certainty::Certain => rule.severity,
            Certainty::Likely | Certainty::Possible => rule.severity.min(Severity::Warning),
        };
        let failure = self.failure(effect, failure);
        Finding {
            rule,
            severity,
            certainty: effect.certainty,
            message,
            site: effect.site.clone(),
            related: self.chain(effect),
            failure: Some(failure),
            visitor_sees: self.visitor_sees(failure),
            fixes: Vec::new(),
        }
    }

    /// How the app fails because of an effect that would make the load fail in this way.
    pub fn failure(&self, effect: &Effect, while_loading: Failure) -> Failure {
        match effect.phase {
            Phase::FirstRequest if self.load.django_debug == Some(true) => Failure::FirstRequestDebug,
            Phase::FirstRequest => Failure::FirstRequest,
            Phase::Load | Phase::Request => while_loading,
        }
    }

    /// What the host does with an app that raises while it loads, and what visitors get, as the end of a sentence.
    pub fn cannot_load(&self, effect: &Effect) -> String {
        let host = self.deployment.host.title();
        match effect.phase {
            Phase::Load => {
                format!(
                    "{host} cannot load the app, visitors get {}",
                    self.visitor_sees(Failure::Raises).phrase()
                )
            }
            Phase::FirstRequest | Phase::Request => format!(
                "the first request fails, visitors get {}",
                self.visitor_sees(self.failure(effect, Failure::Raises)).phrase()
            ),
        }
    }

    /// The imports and calls that led to an effect, as related places, innermost last.
    pub fn chain(&self, effect: &Effect) -> Vec<Related> {
        let mut related: Vec<Related> = effect
            .trail
            .iter()
            .filter(|step| !step.statement.is_empty())
            .map(|step| Related {
                site: step.site.clone(),
                message: match &step.kind {
                    StepKind::Import(module) => format!("imports `{module}`"),
                    StepKind::Call(function) => format!("calls `{function}`"),
                },
            })
            .collect();
        if let Some(first) = related.first_mut() {
            let host = self.deployment.host.title();
            first.message = format!("{host} loads this file, which {}", first.message);
        }
        related
    }

    /// The statement at module level that brings an effect about: its own, or the call that leads into functions.
    pub fn module_level_statement(&self, effect: &Effect) -> Option<(Arc<Path>, TextRange)> {
        if effect.at_module_level {
            return Some((effect.site.path.clone(), effect.statement));
        }
        let step = effect.trail.iter().rev().take_while(|step| matches!(step.kind, StepKind::Call(_)));
        let step = step.filter(|step| step.at_module_level).last()?;
        Some((step.site.path.clone(), step.statement))
    }

    /// Puts the statement at module level that brings an effect about under a `__main__` guard.
    ///
    /// A statement that only calls, or raises, binds nothing that the host could want, so that is safe. A loop may do other
    /// work before it waits, so somebody should look at it. Anything else is no statement to be guarded.
    pub(super) fn guard_fix(&self, effect: &Effect) -> Option<Fix> {
        let (path, range) = self.module_level_statement(effect)?;
        let file = self.file(&path)?;
        let (what, safety) = match nodes::statement(&file, range)? {
            Stmt::Expr(inner) if inner.value.is_call_expr() || inner.value.is_await_expr() => {
                (format!("`{}`", called(file.slice(range))), Safety::Safe)
            }
            Stmt::Raise(_) => (format!("`{}`", shown(file.slice(range))), Safety::Safe),
            Stmt::For(_) | Stmt::While(_) | Stmt::With(_) => ("the block".to_owned(), Safety::Review),
            Stmt::FunctionDef(def) => return without_decorator(&path, &file, def, effect),
            _ => return None,
        };
        let title = format!("Put {what} under `if __name__ == \"__main__\":`");
        fix(title, safety, &path, fixes::guard_with_main(&file, range))
    }

    /// Makes the value of the module's name that has an effect when it is first needed.
    pub(super) fn lazy_fix(&self, effect: &Effect) -> Option<Fix> {
        let (path, range) = self.module_level_statement(effect)?;
        let file = self.file(&path)?;
        let name = assigned(&file, range)?;
        let mut others = self.load.modules.iter().filter(|module| *module.path != *path);
        // Who imports the name, or takes it as an attribute, would miss it.
        if others.any(|module| says(module.file.source().text(), name)) {
            return None;
        }
        let lazy = fixes::make_when_needed(&file, range)?;
        let title = format!("Make `{name}` when it is first needed, in `{}()`", lazy.function);
        fix(title, Safety::Review, &path, Some(lazy.edits))
    }

    /// Removes the statement that has an effect, when it does nothing else.
    pub(super) fn remove_fix(&self, effect: &Effect) -> Option<Fix> {
        let path = &effect.site.path;
        let file = self.file(path)?;
        let what = match nodes::statement(&file, effect.statement)? {
            Stmt::Expr(inner) if inner.value.is_call_expr() || inner.value.is_await_expr() => {
                called(file.slice(effect.statement))
            }
            Stmt::Raise(_) | Stmt::Assert(_) => shown(file.slice(effect.statement)),
            _ => return None,
        };
        let edits = fixes::remove_statement(&file, effect.statement);
        fix(format!("Remove `{what}`"), Safety::Review, path, edits)
    }
}

/// The name that a statement of the module itself assigns to.
pub(super) fn assigned(file: &PythonFile, statement: TextRange) -> Option<&str> {
    let Stmt::Assign(assign) = nodes::statement(file, statement)? else { return None };
    let [Expr::Name(name)] = assign.targets.as_slice() else { return None };
    Some(name.id.as_str())
}

/// Whether a text holds a name as a word of its own.
fn says(text: &str, name: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == name)
}

/// Removes the decorator that has an effect, which happens while the function is defined.
fn without_decorator(
    path: &Arc<Path>,
    file: &PythonFile,
    def: &StmtFunctionDef,
    effect: &Effect,
) -> Option<Fix> {
    let inside = |range: TextRange| {
        let steps = effect.trail.iter().filter(|step| step.site.path == *path).map(|step| step.site.range);
        steps.chain([effect.site.range]).any(|site| range.contains_range(site))
    };
    let at = def.decorator_list.iter().position(|decorator| inside(decorator.range()))?;
    let decorator = def.decorator_list.get(at)?;
    let next = def.decorator_list.get(at + 1).map(Ranged::start);
    // `def` or `async def` follows the last one.
    let end = next.or_else(|| {
        let rest = file.slice(TextRange::new(decorator.end(), def.name.start()));
        let keyword = rest.find("async def").or_else(|| rest.find("def "))?;
        Some(decorator.end() + TextSize::try_from(keyword).ok()?)
    })?;
    let title = format!("Remove `{}`", shown(file.slice(decorator.range())));
    let edit = TextEdit::replace(TextRange::new(decorator.start(), end), "");
    fix(title, Safety::Review, path, Some(vec![edit]))
}

/// A call for a title: `launch()` for `launch(application, port=8000)`.
fn called(statement: &str) -> String {
    let name = statement.split('(').next().unwrap_or(statement).trim();
    format!("{name}()")
}

/// Code for a message: on one line, and not longer than people read.
pub(super) fn shown(code: &str) -> String {
    const MOST: usize = 60;
    let line = code.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    let start: String = line.chars().take(MOST).collect();
    format!("{start}...")
}

/// A fix of one file; `None` when there are no edits.
pub(super) fn fix(
    title: impl Into<String>,
    safety: Safety,
    path: &Arc<Path>,
    edits: Option<Vec<TextEdit>>,
) -> Option<Fix> {
    let edits = edits.filter(|edits| !edits.is_empty())?;
    let edits = edits.into_iter().map(|edit| FileEdit { path: path.clone(), edit }).collect();
    Some(Fix { title: title.into(), safety, preferred: false, edits })
}

/// Marks the first fix as the one to offer first.
pub(super) fn prefer_first(fixes: &mut [Fix]) {
    if let Some(first) = fixes.first_mut() {
        first.preferred = true;
    }
}
