//! No text and no range upsets a fix, and what a fix makes of a file that parses parses too.

use super::{TextEdit, TextRange, apply_edits, parse, program};
use proptest::prelude::*;
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;
use wsgi_ls::fixes::{
    ImportEdit, add_argument, add_call_parentheses, add_decorator, add_import, append_statement,
    guard_with_main, insert_after, insert_after_statement, insert_before, move_statement_after,
    move_statement_before, remove_statement, rename_identifier, replace_expression, wrap_expression,
};
use wsgi_ls::syntax::python::{PythonFile, SyntaxProblemKind};

#[derive(Default)]
struct Ranges {
    statements: Vec<TextRange>,
    expressions: Vec<TextRange>,
}

impl<'a> Visitor<'a> for Ranges {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.statements.push(stmt.range());
        walk_stmt(self, stmt);
    }
    fn visit_expr(&mut self, expr: &'a Expr) {
        self.expressions.push(expr.range());
        walk_expr(self, expr);
    }
}

fn parses(file: &PythonFile) -> bool {
    file.problems().iter().all(|problem| problem.kind != SyntaxProblemKind::Grammar)
}

/// Tries everything everywhere; gives what each edit was and made.
fn all_edits(file: &PythonFile) -> Vec<(&'static str, Vec<TextEdit>)> {
    let mut ranges = Ranges::default();
    ranges.visit_body(file.body());
    let mut all = Vec::new();
    let mut keep = |name, edits: Option<Vec<TextEdit>>| all.extend(edits.map(|edits| (name, edits)));
    let one = |edit: Option<TextEdit>| edit.map(|edit| vec![edit]);
    keep("append", one(append_statement(file, "added = 1")));
    if let Some(ImportEdit::Add(edit)) = add_import(file, "import added") {
        keep("import", Some(vec![edit]));
    }
    let first = ranges.statements.first().copied().unwrap_or_default();
    for range in ranges.statements {
        keep("remove", remove_statement(file, range));
        keep("guard", guard_with_main(file, range));
        keep("insert after", one(insert_after_statement(file, range, "added = 1\n\nx = 2")));
        keep("insert behind", one(insert_after(file, range.end(), "def added():\n    pass")));
        keep("insert before", one(insert_before(file, range, "added = 1")));
        keep("decorator", one(add_decorator(file, range, "@added")));
        keep("move before", move_statement_before(file, range, first));
        keep("move after", move_statement_after(file, first, range));
    }
    for range in ranges.expressions {
        keep("rename", one(rename_identifier(file, range, "added")));
        keep("replace", one(replace_expression(file, range, "added")));
        keep("wrap", wrap_expression(file, range, "added(", ")"));
        keep("call", add_call_parentheses(file, range));
        keep("argument", add_argument(file, range, "added=1"));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_parsed_parses(body in program::program(), manner in program::manner()) {
        let file = parse(&program::write(&body, &manner));
        for (name, edits) in all_edits(&file) {
            let after = parse(&apply_edits(file.source(), &edits).expect("edits that do not overlap"));
            prop_assert!(parses(&after), "{name}: {:?}\n{:?}", file.source().text(), after.source().text());
        }
    }

    #[test]
    fn damaged_files_do_no_harm(
        body in program::program(),
        manner in program::manner(),
        cut in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let text = program::write(&body, &manner);
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (a, b) = (*cut.0.get(&places), *cut.1.get(&places));
        let damaged = format!("{}{}", &text[..a.min(b)], &text[a.max(b)..]);
        let file = parse(&damaged);
        for (name, edits) in all_edits(&file) {
            prop_assert!(apply_edits(file.source(), &edits).is_some(), "{name}: {damaged:?}");
            prop_assert!(parses(&file), "{name} of a file that does not parse: {damaged:?}");
        }
    }
}
