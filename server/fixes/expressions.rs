//! Changing names, expressions and calls.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, ExprContext, Pattern, Stmt};
use ruff_python_parser::parse_expression;
use ruff_source_file::LineRanges;
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};

use super::layout::Layout;
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// Replaces one identifier. `None` when there is no identifier with exactly this range, or `new_name` is none.
pub fn rename_identifier(file: &PythonFile, identifier: TextRange, new_name: &str) -> Option<TextEdit> {
    let layout = Layout::of(file)?;
    let is_identifier = parse_expression(new_name).is_ok_and(|parsed| {
        parsed.expr().is_name_expr() && parsed.expr().range().len() == new_name.text_len()
    });
    let [token] = layout.tokens_in(identifier) else { return None };
    let named = token.kind() == TokenKind::Name || token.kind().is_soft_keyword();
    (is_identifier && named && token.range() == identifier).then(|| TextEdit::replace(identifier, new_name))
}

/// Replaces the expression with this range, which must be one with a value, by the text of another one, in parentheses where it would otherwise be
/// torn apart. `None` when one of the two is no expression, or cannot stand in the f-string around it.
pub fn replace_expression(file: &PythonFile, expression: TextRange, text: &str) -> Option<TextEdit> {
    let layout = Layout::of(file)?;
    find_value(file, expression)?;
    let parsed = parse_expression(text).ok()?;
    if !fits(&layout, expression, text) {
        return None;
    }
    let open = !is_closed(parsed.expr());
    let alone = stands_alone(&layout, expression) && !text.contains(['\n', '\r']);
    let torn = open && (!alone || splits_in_arguments(parsed.expr()));
    Some(TextEdit::replace(expression, if torn { format!("({text})") } else { text.to_owned() }))
}

/// Puts an expression between a prefix such as `wrap(` and a suffix such as `)`.
///
/// Extra parentheses keep an expression with commas one argument. `None` when there is no expression with exactly this
/// range, or the new text cannot stand in the f-string around it.
pub fn wrap_expression(
    file: &PythonFile,
    expression: TextRange,
    prefix: &str,
    suffix: &str,
) -> Option<Vec<TextEdit>> {
    let layout = Layout::of(file)?;
    let expr = find_value(file, expression)?;
    if !fits(&layout, expression, prefix) || !fits(&layout, expression, suffix) {
        return None;
    }
    let (open, close) = if splits_in_arguments(expr) { ("(", ")") } else { ("", "") };
    Some(around(expression, &format!("{prefix}{open}"), &format!("{close}{suffix}")))
}

/// Calls the expression with this range: puts `()` behind it. `None` when there is no such expression.
pub fn add_call_parentheses(file: &PythonFile, expression: TextRange) -> Option<Vec<TextEdit>> {
    let expr = find_value(file, expression)?;
    Layout::of(file)?;
    if is_closed(expr) && !expr.is_number_literal_expr() {
        return Some(vec![TextEdit::replace(TextRange::empty(expression.end()), "()")]);
    }
    Some(around(expression, "(", ")()"))
}

/// Adds a keyword argument such as `timeout=10` behind the arguments of the call with this range, in the way in which
/// the call is laid out. `None` when there is no such call, it has the keyword already, or `argument` is no keyword.
pub fn add_argument(file: &PythonFile, call: TextRange, argument: &str) -> Option<Vec<TextEdit>> {
    let layout = Layout::of(file)?;
    let Expr::Call(call) = find(file, call)? else { return None };
    let (name, _) = argument.split_once('=')?;
    let taken =
        call.arguments.keywords.iter().any(|k| k.arg.as_ref().is_some_and(|a| a.as_str() == name.trim()));
    if taken || !fits(&layout, call.range(), argument) {
        return None;
    }
    let inside =
        TextRange::new(call.arguments.start() + TextSize::new(1), call.arguments.end() - TextSize::new(1));
    let mut significant = layout.tokens_in(inside).iter().rev();
    let last = significant.find(|t| !matches!(t.kind(), TokenKind::Comment | TokenKind::NonLogicalNewline));
    let Some(last) = last else {
        return Some(vec![insertion(inside.start(), argument)]);
    };
    let comma = last.kind() == TokenKind::Comma;
    if let Some(indentation) = one_per_line(&layout, call) {
        let line = format!("{}{indentation}{argument}", layout.style.newline);
        let line_end = layout.text.line_end(last.end());
        return Some(if comma {
            vec![insertion(line_end, &format!("{line},"))]
        } else if line_end == last.end() {
            vec![insertion(last.end(), &format!(",{line}"))]
        } else {
            vec![insertion(last.end(), ","), insertion(line_end, &line)]
        });
    }
    let mut edits = Vec::new();
    if let [Expr::Generator(only)] = &*call.arguments.args
        && !only.parenthesized
    {
        edits = around(only.range(), "(", ")");
    }
    edits.push(insertion(last.end(), &format!("{} {argument}", if comma { "" } else { "," })));
    Some(edits)
}

/// The indentation of the last argument, when the closing parenthesis has a line of its own.
fn one_per_line<'a>(layout: &Layout<'a>, call: &ExprCall) -> Option<&'a str> {
    let close = call.arguments.end() - TextSize::new(1);
    let lead = |offset: TextSize| layout.slice(TextRange::new(layout.text.line_start(offset), offset));
    if !lead(close).trim().is_empty() {
        return None;
    }
    let last = call.arguments.iter_source_order().last()?;
    let line = layout.text.line_start(last.start());
    if line <= call.arguments.start() {
        return None;
    }
    let text = layout.slice(TextRange::new(line, last.start()));
    Some(&text[..text.len() - text.trim_start().len()])
}

/// The expression with exactly this range.
fn find(file: &PythonFile, range: TextRange) -> Option<&Expr> {
    struct Find<'a> {
        range: TextRange,
        found: Option<&'a Expr>,
    }
    impl<'a> Visitor<'a> for Find<'a> {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if self.found.is_none() && stmt.range().contains_range(self.range) {
                walk_stmt(self, stmt);
            }
        }
        // A pattern only looks like an expression.
        fn visit_pattern(&mut self, _: &'a Pattern) {}
        fn visit_expr(&mut self, expr: &'a Expr) {
            if self.found.is_some() || !expr.range().contains_range(self.range) {
                return;
            }
            if expr.range() == self.range {
                self.found = Some(expr);
            } else {
                walk_expr(self, expr);
            }
        }
    }
    let mut visitor = Find { range, found: None };
    visitor.visit_body(file.body());
    visitor.found
}

/// The expression with exactly this range, when it is one that has a value: no target of an assignment or a deletion, no
/// slice, nothing with a star.
fn find_value(file: &PythonFile, range: TextRange) -> Option<&Expr> {
    find(file, range).filter(|expr| match expr {
        Expr::Name(name) => name.ctx == ExprContext::Load,
        Expr::Attribute(attribute) => attribute.ctx == ExprContext::Load,
        Expr::Subscript(subscript) => subscript.ctx == ExprContext::Load,
        Expr::List(list) => list.ctx == ExprContext::Load,
        Expr::Tuple(tuple) => tuple.ctx == ExprContext::Load,
        Expr::Slice(_) | Expr::Starred(_) => false,
        _ => true,
    })
}

/// Whether nothing that stands beside the expression can tear it apart.
fn is_closed(expr: &Expr) -> bool {
    match expr {
        Expr::Name(_)
        | Expr::Attribute(_)
        | Expr::Call(_)
        | Expr::Subscript(_)
        | Expr::List(_)
        | Expr::Dict(_)
        | Expr::Set(_)
        | Expr::ListComp(_)
        | Expr::SetComp(_)
        | Expr::DictComp(_)
        | Expr::NumberLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_)
        | Expr::EllipsisLiteral(_) => true,
        Expr::StringLiteral(text) => !text.value.is_implicit_concatenated(),
        Expr::BytesLiteral(bytes) => !bytes.value.is_implicit_concatenated(),
        Expr::Tuple(tuple) => tuple.parenthesized,
        Expr::Generator(generator) => generator.parenthesized,
        _ => false,
    }
}

/// Whether there is no operator beside the expression, judged by its neighbours on both sides.
fn stands_alone(layout: &Layout<'_>, expression: TextRange) -> bool {
    let line = TextRange::new(TextSize::new(0), expression.start());
    let before = layout.tokens_in(line).iter().rev().find(|token| !token.kind().is_trivia());
    let after = layout.tokens_in(TextRange::new(expression.end(), TextSize::of(layout.text)));
    let after = after.iter().find(|token| !token.kind().is_trivia());
    let opens = before.is_none_or(|token| {
        matches!(
            token.kind(),
            TokenKind::Lpar
                | TokenKind::Lsqb
                | TokenKind::Comma
                | TokenKind::Equal
                | TokenKind::Return
                | TokenKind::Newline
                | TokenKind::Semi
                | TokenKind::Indent
                | TokenKind::Dedent
        )
    });
    let closes = after.is_none_or(|token| {
        matches!(
            token.kind(),
            TokenKind::Rpar
                | TokenKind::Rsqb
                | TokenKind::Comma
                | TokenKind::Newline
                | TokenKind::Semi
                | TokenKind::EndOfFile
        )
    });
    opens && closes
}

/// Whether an expression would become several arguments, or none that is allowed, between the parentheses of a call.
fn splits_in_arguments(expr: &Expr) -> bool {
    match expr {
        Expr::Tuple(tuple) => !tuple.parenthesized,
        Expr::Generator(generator) => !generator.parenthesized,
        Expr::Named(_) | Expr::Starred(_) | Expr::Yield(_) | Expr::YieldFrom(_) => true,
        _ => false,
    }
}

/// Text in an f-string must not end it or be read as part of its format.
fn fits(layout: &Layout<'_>, place: TextRange, text: &str) -> bool {
    !layout.in_string(place.start()) || !text.contains(['\'', '"', '\\', '{', '}', ':', '!', '#', '\n', '\r'])
}

fn around(range: TextRange, open: &str, close: &str) -> Vec<TextEdit> {
    vec![insertion(range.start(), open), insertion(range.end(), close)]
}

fn insertion(at: TextSize, text: &str) -> TextEdit {
    TextEdit::replace(TextRange::empty(at), text)
}
