//! How the entry binds its callable, and the edits that bind it to something else.

use std::path::Path;
use std::sync::Arc;

use ruff_python_ast::{Alias, Expr, Stmt};
use ruff_text_size::Ranged;

use super::{Context, Finding, Rule, nodes};
use crate::fixes;
use crate::hosting::Failure;
use crate::load::{Candidates, Certainty, Site};
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange};

/// The statement of the entry that binds the callable last.
#[derive(Clone, Copy)]
pub(super) struct Binding<'f> {
    pub(super) file: &'f PythonFile,
    callable: &'f str,
    statement: &'f Stmt,
    how: How<'f>,
}

#[derive(Clone, Copy)]
enum How<'f> {
    /// `application = value`.
    Value(&'f Expr),
    /// `from module import name as application`.
    From(&'f str, &'f Alias),
    /// `import module as application`.
    Module(&'f Alias),
    /// `def application(...)`, `for application in ...` and all the rest.
    Other,
}

impl<'f> Binding<'f> {
    /// The binding at a site of the entry, whose file the caller keeps.
    pub(super) fn find(context: &'f Context<'_>, file: &'f PythonFile, bound_at: TextRange) -> Option<Self> {
        let callable = context.deployment.callable.as_str();
        let statement = nodes::innermost(file, bound_at)?;
        let named = |alias: &&Alias| alias.range().contains_range(bound_at);
        let how = match statement {
            Stmt::Assign(assign) => match assign.targets.as_slice() {
                [Expr::Name(_)] => How::Value(&assign.value),
                _ => How::Other,
            },
            Stmt::AnnAssign(assign) => assign.value.as_deref().map_or(How::Other, How::Value),
            Stmt::ImportFrom(import) => match import.names.iter().find(named) {
                Some(alias) => {
                    let start = alias.start();
                    let head = TextRange::new(import.start(), start);
                    let module = file.slice(head).trim_start_matches("from").split(" import").next();
                    How::From(module.unwrap_or_default().trim(), alias)
                }
                None => How::Other,
            },
            Stmt::Import(import) => match import.names.as_slice() {
                [alias] if alias.asname.is_some() => How::Module(alias),
                _ => How::Other,
            },
            _ => How::Other,
        };
        Some(Self { file, callable, statement, how })
    }

    /// The bound expression, when the binding is an assignment.
    pub(super) fn value(&self) -> Option<&'f Expr> {
        match self.how {
            How::Value(value) => Some(value),
            _ => None,
        }
    }

    /// What the binding takes, as code: `create_app` for `application = create_app` and for an import of that name.
    pub(super) fn subject(&self) -> String {
        match self.how {
            How::Value(value) => self.file.slice(value.range()).to_owned(),
            How::From(_, alias) => alias.name.to_string(),
            How::Module(_) | How::Other => self.callable.to_owned(),
        }
    }

    /// Binds the callable to another expression, made of the one that it is bound to now.
    pub(super) fn rebind(&self, make: impl Fn(&str) -> String) -> Option<Vec<TextEdit>> {
        match self.how {
            How::Value(value) => {
                let new = make(self.file.slice(value.range()));
                fixes::replace_expression(self.file, value.range(), &new).map(|edit| vec![edit])
            }
            How::From(_, alias) if alias.asname.is_some() => {
                let name = alias.name.as_str();
                let line = format!("{} = {}", self.callable, make(name));
                let below = fixes::insert_after_statement(self.file, self.statement.range(), &line)?;
                Some(vec![TextEdit::replace(alias.range(), name), below])
            }
            _ => self.rebind_last(make),
        }
    }

    /// Binds the callable anew below everything else, so that what is done with it before stays as it is.
    pub(super) fn rebind_last(&self, make: impl Fn(&str) -> String) -> Option<Vec<TextEdit>> {
        let line = format!("{} = {}", self.callable, make(self.callable));
        fixes::append_statement(self.file, &line).map(|edit| vec![edit])
    }

    /// Whether the entry does more with the callable than binding it once.
    pub(super) fn is_used(&self) -> bool {
        fixes::uses_of(self.file, self.callable).len() > 1
    }

    /// Takes the right object in place of the wrong one: the only application of the module that is imported from, or the
    /// only one that the entry has under another name. Gives a title and edits.
    pub(super) fn take_candidate(&self, candidates: &Candidates) -> Option<(String, Vec<TextEdit>)> {
        let callable = self.callable;
        let of_module = |modules: &[String]| {
            let mut found = candidates.importable.iter().filter(|(module, _)| {
                modules.iter().any(|wanted| module == wanted || module.ends_with(&format!(".{wanted}")))
            });
            let first = found.next()?;
            found.next().is_none().then(|| (first.0.clone(), first.1.clone()))
        };
        match self.how {
            How::Module(alias) => {
                let (_, name) = of_module(&[alias.name.to_string()])?;
                let text = format!("from {} import {}", alias.name, as_callable(&name, callable));
                let edit = TextEdit::replace(self.statement.range(), text.clone());
                Some((format!("Write `{text}`"), vec![edit]))
            }
            How::From(module, alias) => {
                let base = module.trim_start_matches('.');
                let inner =
                    if base.is_empty() { alias.name.to_string() } else { format!("{base}.{}", alias.name) };
                if let Some((_, name)) = of_module(std::slice::from_ref(&inner)) {
                    let dot = if module.ends_with('.') { "" } else { "." };
                    let from =
                        format!("from {module}{dot}{} import {}", alias.name, as_callable(&name, callable));
                    let [_] = self.statement.as_import_from_stmt()?.names.as_slice() else { return None };
                    let edit = TextEdit::replace(self.statement.range(), from.clone());
                    return Some((format!("Write `{from}`"), vec![edit]));
                }
                let (_, name) = of_module(&[base.to_owned()]).filter(|_| !base.is_empty())?;
                let edit = TextEdit::replace(alias.range(), as_callable(&name, callable));
                Some((format!("Import `{name}` instead of `{}`", alias.name), vec![edit]))
            }
            How::Value(value) => {
                if let Expr::Attribute(attribute) = value {
                    let base = self.file.slice(attribute.value.range());
                    if candidates.here.iter().any(|(name, _)| name == base) {
                        return self.take(value, base);
                    }
                }
                let [(name, _)] = candidates.here.as_slice() else { return None };
                if value.is_call_expr() {
                    return None;
                }
                self.take(value, name)
            }
            How::Other => match (candidates.here.as_slice(), candidates.importable.as_slice()) {
                ([(name, _)], _) => {
                    let text = format!("{callable} = {name}");
                    let edit = fixes::append_statement(self.file, &text)?;
                    Some((format!("Add `{text}` at the end"), vec![edit]))
                }
                ([], [(module, name)]) => {
                    let text = format!("from {module} import {}", as_callable(name, callable));
                    let edit = fixes::append_statement(self.file, &text)?;
                    Some((format!("Add `{text}` at the end"), vec![edit]))
                }
                _ => None,
            },
        }
    }

    fn take(&self, value: &Expr, name: &str) -> Option<(String, Vec<TextEdit>)> {
        let edit = fixes::replace_expression(self.file, value.range(), name)?;
        Some((format!("Write `{} = {name}`", self.callable), vec![edit]))
    }
}

fn as_callable(name: &str, callable: &str) -> String {
    if name == callable { name.to_owned() } else { format!("{name} as {callable}") }
}

/// The file of the entry, where the load has read it.
pub(super) fn entry<'a>(context: &'a Context<'_>) -> Option<(&'a Arc<Path>, &'a PythonFile)> {
    context.load.modules.first().map(|module| (&module.path, &*module.file))
}

/// Whether a site is in the entry.
pub(super) fn in_entry(context: &Context<'_>, site: &Site) -> bool {
    context.load.modules.first().is_some_and(|module| module.path == site.path)
}

/// A finding about the application object, certain as the load came to its end.
pub(super) fn finding(
    context: &Context<'_>,
    rule: &'static Rule,
    failure: Failure,
    site: &Site,
    message: String,
) -> Finding {
    Finding {
        rule,
        severity: rule.severity,
        certainty: Certainty::Certain,
        message,
        site: site.clone(),
        related: Vec::new(),
        failure: Some(failure),
        visitor_sees: context.visitor_sees(failure),
        fixes: Vec::new(),
    }
}
