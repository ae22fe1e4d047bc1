//! Django: the `path()` that leads to a view, and another one beside it.

use std::path::PathBuf;
use std::sync::Arc;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::import_edits::{add_imports, extend_import};
use super::layout_edits::{Element, add_element};
use super::project::{Project, imports_of};
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// Where a view is routed.
#[derive(Debug)]
pub(super) struct Route {
    /// The urls.py.
    pub path: PathBuf,
    pub file: Arc<PythonFile>,
    /// The call of `path()` and the list that it stands in.
    call: TextRange,
    list: TextRange,
    /// What stands before the view's name there: `views.`, or nothing.
    prefix: String,
    /// The import that brings the view, when it is imported by its name.
    import: Option<TextRange>,
    /// `app_name`, which endpoints are named under.
    pub namespace: Option<String>,
}

impl Route {
    /// Finds the route of a view of the project's file.
    pub fn find(project: &Project<'_>, view: &str) -> Option<Self> {
        project.files_with("urlpatterns").find_map(|(path, file)| {
            let (list, call, prefix, binds) = entry(file.body(), view)?;
            let import = imports_of(file.body()).find(|import| import.binds() == binds)?;
            // `views.report` of another app's views is another view.
            let leads = project.files_of(path, &import);
            if !leads.iter().any(|found| found == project.path) && path != project.path {
                return None;
            }
            let import = prefix.is_empty().then_some(import.range);
            let namespace = app_name(file.body());
            Some(Self { path: path.to_owned(), file: file.clone(), call, list, prefix, import, namespace })
        })
    }

    /// Adds a route of another view of the same module behind it.
    pub fn add(&self, project: &Project<'_>, url: &str, view: &str) -> Option<Vec<TextEdit>> {
        let quote = super::super::Style::of(&self.file).quote;
        let arguments = [
            format!("{quote}{url}{quote}"),
            format!("{}{view}", self.prefix),
            format!("name={quote}{view}{quote}"),
        ];
        let element = Element { head: "path(", arguments: &arguments, tail: ")" };
        let mut edits = add_element(&self.file, self.list, Some(self.call), &element)?;
        if let Some(import) = self.import {
            edits.extend(extend_import(&self.file, import, view)?);
        }
        let has_path = imports_of(self.file.body()).any(|import| import.binds() == "path");
        if !has_path {
            edits.extend(add_imports(project, &self.file, &["from django.urls import path".to_owned()])?);
        }
        Some(edits)
    }
}

/// The list, the call and the spelling of the first `path(..., view)`; and the name by which the view is imported.
fn entry(body: &[Stmt], view: &str) -> Option<(TextRange, TextRange, String, String)> {
    struct Find<'v> {
        view: &'v str,
        lists: Vec<TextRange>,
        found: Option<(TextRange, TextRange, String, String)>,
    }
    impl Find<'_> {
        fn see(&mut self, call: &ExprCall) -> Option<()> {
            let Expr::Name(function) = &*call.func else { return None };
            ["path", "re_path", "url"].contains(&function.id.as_str()).then_some(())?;
            let by_name = call.arguments.find_keyword("view").map(|keyword| &keyword.value);
            let (prefix, binds) = match call.arguments.args.get(1).or(by_name)? {
                Expr::Name(name) if name.id == self.view => (String::new(), name.id.to_string()),
                Expr::Attribute(attribute) if attribute.attr == *self.view => match &*attribute.value {
                    Expr::Name(module) => (format!("{}.", module.id), module.id.to_string()),
                    _ => return None,
                },
                _ => return None,
            };
            self.found = Some((*self.lists.last()?, call.range(), prefix, binds));
            Some(())
        }
    }
    impl<'a> Visitor<'a> for Find<'_> {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if self.found.is_some() {
                return;
            }
            match expr {
                Expr::List(list) => {
                    self.lists.push(list.range());
                    walk_expr(self, expr);
                    self.lists.pop();
                }
                Expr::Call(call) => {
                    let _ = self.see(call);
                    if self.found.is_none() {
                        walk_expr(self, expr);
                    }
                }
                _ => walk_expr(self, expr),
            }
        }
    }
    let mut find = Find { view, lists: Vec::new(), found: None };
    find.visit_body(body);
    find.found
}

fn app_name(body: &[Stmt]) -> Option<String> {
    body.iter().find_map(|stmt| match stmt {
        Stmt::Assign(assign) => {
            let named = matches!(assign.targets.first(), Some(Expr::Name(name)) if name.id == "app_name");
            match &*assign.value {
                Expr::StringLiteral(text) if named => Some(text.value.to_str().to_owned()),
                _ => None,
            }
        }
        _ => None,
    })
}
