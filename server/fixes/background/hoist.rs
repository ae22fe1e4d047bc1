//! Reads of the request on their way out: the handler makes them when it starts the job, and names stand in their place.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Stmt};
use ruff_python_parser::parse_expression;
use rustc_hash::FxHashSet;

use super::flow::{bound, parameters};
use super::reads::{Context, Contexts, Use};
use super::{Refusal, because};
use crate::text::TextEdit;

/// Reads of the request that the handler makes when it starts the job.
#[derive(Default)]
pub(super) struct Hoisted {
    /// The name of each read, its text, and whether the moved code needs it, and the rest of the handler.
    reads: Vec<(String, String, bool, bool)>,
    pub edits: Vec<TextEdit>,
    /// The name of a view's request, which its status view has too.
    pub request: Option<String>,
}

impl Hoisted {
    pub fn moved(&self, name: &str) -> Option<String> {
        self.reads.iter().find(|(own, _, moved, _)| own == name && *moved).map(|(_, text, _, _)| text.clone())
    }

    pub fn carried(&self, name: &str) -> Option<String> {
        self.reads
            .iter()
            .find(|(own, _, _, carried)| own == name && *carried)
            .map(|(_, text, _, _)| text.clone())
    }

    /// A use inside the moved code.
    pub fn take(
        &mut self,
        one: &Use,
        taken: &mut FxHashSet<String>,
        contexts: &Contexts,
    ) -> Result<(), Refusal> {
        let Some(suggested) = &one.suggested else {
            let what = if contexts.django && one.context == Context::Request {
                "the request"
            } else {
                "the app's context"
            };
            return Err(because(match one.context {
                Context::Request | Context::User => {
                    format!(
                        "It uses `{}`, which exists only while the request is answered. Read what it needs from it before.",
                        one.name
                    )
                }
                Context::Session | Context::Bound => {
                    format!(
                        "It uses `{}`, which needs {what} that only exists while the request is answered.",
                        one.name
                    )
                }
            }));
        };
        if one.can_fail && !one.always {
            return Err(because(format!("It reads `{}` in some cases only. Read it before.", one.name)));
        }
        self.hoist(one, suggested, taken, true);
        Ok(())
    }

    /// A use behind the moved code, where another request looks for the result.
    pub fn carry(
        &mut self,
        one: &Use,
        taken: &mut FxHashSet<String>,
        contexts: &Contexts,
    ) -> Result<(), Refusal> {
        match &one.suggested {
            Some(_) if one.can_fail && !one.always => {
                Err(because(format!("What follows reads `{}` in some cases only. Read it before.", one.name)))
            }
            Some(suggested) => {
                self.hoist(one, suggested, taken, false);
                Ok(())
            }
            None if contexts.django => {
                self.request = Some(one.name.clone());
                Ok(())
            }
            None => Err(because(format!(
                "What follows uses `{}`, and the result is fetched by another request. Read what it needs before.",
                one.name
            ))),
        }
    }

    fn hoist(&mut self, one: &Use, suggested: &str, taken: &mut FxHashSet<String>, moved: bool) {
        let name = match self.reads.iter_mut().find(|(_, text, ..)| *text == one.name) {
            Some(known) => {
                known.2 |= moved;
                known.3 |= !moved;
                known.0.clone()
            }
            None => {
                let name = fresh(suggested, taken);
                self.reads.push((name.clone(), one.name.clone(), moved, !moved));
                name
            }
        };
        self.edits.push(TextEdit::replace(one.range, name));
    }
}

/// A name that nothing in the file has, like the suggested one.
pub(super) fn fresh(suggested: &str, taken: &mut FxHashSet<String>) -> String {
    let is_keyword =
        parse_expression(suggested).map_or(true, |parsed| !matches!(parsed.expr(), Expr::Name(_)));
    let base = if is_keyword { format!("{suggested}_value") } else { suggested.to_owned() };
    let mut name = base.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{base}_{number}");
        number += 1;
    }
    name
}

/// Every name that statements say: variables, parameters, functions, classes and imports, in whatever scope.
pub(super) fn identifiers(statements: &[Stmt]) -> FxHashSet<String> {
    struct All(FxHashSet<String>);
    impl<'a> Visitor<'a> for All {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            self.0.extend(bound(std::slice::from_ref(stmt)));
            if let Stmt::FunctionDef(def) = stmt {
                self.0.extend(parameters(&def.parameters));
            }
            walk_stmt(self, stmt);
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            match expr {
                Expr::Name(name) => {
                    self.0.insert(name.id.to_string());
                }
                Expr::Lambda(lambda) => {
                    self.0.extend(lambda.parameters.iter().flat_map(|all| parameters(all)))
                }
                _ => {}
            }
            walk_expr(self, expr);
        }
    }
    let mut all = All(FxHashSet::default());
    all.visit_body(statements);
    all.0
}
