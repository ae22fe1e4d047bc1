//! Fixes of what a WSGI application answers.

use ruff_python_ast::{Expr, ExprDict, Stmt};
use ruff_text_size::{Ranged, TextSize};

use super::causes::fix;
use super::{Fix, Safety, nodes};
use crate::fixes;
use crate::load::Site;
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange};

/// Makes `bytes` of the text in all answers of the function around a site.
pub(super) fn to_bytes(file: &PythonFile, site: &Site) -> Option<Fix> {
    let def = nodes::function(file, site.range)?;
    let generator = nodes::is_generator(def);
    let mut edits = Vec::new();
    let mut literal = true;
    for answer in nodes::answers(def) {
        let parts: &[Expr] = match answer {
            Expr::List(list) => &list.elts,
            Expr::Tuple(tuple) => &tuple.elts,
            single if is_literal_text(single) || site.range.contains_range(single.range()) => {
                let new = encoded(file, single)?;
                literal &= is_literal_text(single);
                let new = if generator { new } else { format!("[{new}]") };
                edits.push(fixes::replace_expression(file, single.range(), &new)?);
                continue;
            }
            _ => continue,
        };
        // What other answers hold besides literals may be `bytes` already.
        let blamed = site.range.contains_range(answer.range());
        for part in
            parts.iter().filter(|part| is_literal_text(part) || blamed && !part.is_bytes_literal_expr())
        {
            literal &= is_literal_text(part);
            let new = encoded(file, part)?;
            edits.push(fixes::replace_expression(file, part.range(), &new)?);
        }
    }
    let safety = if literal { Safety::Safe } else { Safety::Review };
    fix("Answer with `bytes`", safety, &site.path, Some(edits))
}

fn is_literal_text(expr: &Expr) -> bool {
    expr.is_string_literal_expr() || expr.is_f_string_expr()
}

/// Text as `bytes`: a literal gets a `b` when its characters allow it, all else is encoded.
fn encoded(file: &PythonFile, expr: &Expr) -> Option<String> {
    let text = file.slice(expr.range());
    Some(match expr {
        Expr::StringLiteral(literal) => {
            let plain = literal.value.to_str().is_ascii() && !literal.value.is_implicit_concatenated();
            // `\N{...}` and `\u...` mean nothing in bytes.
            if plain && !text.contains('\\') && text.starts_with(['"', '\'']) {
                format!("b{text}")
            } else if literal.value.is_implicit_concatenated() {
                format!("({text}).encode()")
            } else {
                format!("{text}.encode()")
            }
        }
        Expr::FString(literal) if literal.value.is_implicit_concatenated() => format!("({text}).encode()"),
        Expr::FString(_) | Expr::Name(_) | Expr::Attribute(_) | Expr::Call(_) | Expr::Subscript(_) => {
            format!("{text}.encode()")
        }
        Expr::Starred(_) => return None,
        _ => format!("({text}).encode()"),
    })
}

/// Puts the `bytes` that are returned into a list.
pub(super) fn into_list(file: &PythonFile, site: &Site) -> Option<Fix> {
    let def = nodes::function(file, site.range)?;
    let mut edits = Vec::new();
    for answer in nodes::answers(def) {
        if answer.is_bytes_literal_expr() || site.range.contains_range(answer.range()) {
            edits.extend(fixes::wrap_expression(file, answer.range(), "[", "]")?);
        }
    }
    fix("Put it into a list", Safety::Safe, &site.path, Some(edits))
}

/// Returns what the last statement has made, or makes an answer of what is returned.
pub(super) fn give_back(file: &PythonFile, site: &Site) -> Option<Fix> {
    let path = &site.path;
    match nodes::statement(file, site.range)? {
        Stmt::Expr(last) if last.value.is_call_expr() || last.value.is_list_expr() => {
            let edit = TextEdit::replace(TextRange::empty(last.start()), "return ");
            fix("Return it", Safety::Safe, path, Some(vec![edit]))
        }
        Stmt::Assign(last) => match last.targets.as_slice() {
            [Expr::Name(name)] => {
                let text = match &*last.value {
                    Expr::List(_) | Expr::Tuple(_) => format!("return {}", name.id),
                    Expr::BytesLiteral(_) => format!("return [{}]", name.id),
                    _ => return None,
                };
                let edit = fixes::insert_after_statement(file, last.range(), &text)?;
                fix(format!("Add `{text}`"), Safety::Safe, path, Some(vec![edit]))
            }
            _ => None,
        },
        Stmt::Raise(last) => {
            let edits = fixes::remove_statement(file, last.range());
            fix("Remove the `raise`", Safety::Review, path, edits)
        }
        Stmt::Return(last) => match last.value.as_deref() {
            None => {
                let edit = TextEdit::replace(TextRange::empty(last.end()), " []");
                fix("Return an empty list", Safety::Review, path, Some(vec![edit]))
            }
            Some(value) => {
                let new = match value {
                    Expr::NoneLiteral(_) => "[]".to_owned(),
                    _ => format!("[str({}).encode()]", file.slice(value.range())),
                };
                let edit = fixes::replace_expression(file, value.range(), &new)?;
                fix(format!("Return `{new}`"), Safety::Review, path, Some(vec![edit]))
            }
        },
        _ => None,
    }
}

/// Makes a list of pairs of strings of the headers in a call of `start_response`.
pub(super) fn headers(file: &PythonFile, site: &Site) -> Option<Fix> {
    let Expr::Call(call) = nodes::expression(file, site.range)? else { return None };
    let headers = call.arguments.find_argument_value("headers", 1)?;
    let mut edits = Vec::new();
    match headers {
        Expr::Dict(dict) => pairs(file, dict, &mut edits)?,
        Expr::List(list) => {
            for pair in &list.elts {
                let Expr::Tuple(pair) = pair else { continue };
                for part in &pair.elts {
                    edits.extend(as_text(file, part));
                }
            }
        }
        // A variable: only the call can be changed without a look at all that is done with it.
        Expr::Name(_) => {
            let edits = fixes::wrap_expression(file, headers.range(), "list(dict(", ").items())");
            return fix("Pass a list of pairs", Safety::Review, &site.path, edits);
        }
        _ => return None,
    }
    fix("Make it a list of pairs of strings", Safety::Safe, &site.path, Some(edits))
}

/// `{a: b}` becomes `[(a, b)]`, with comments and line breaks where they are.
fn pairs(file: &PythonFile, dict: &ExprDict, edits: &mut Vec<TextEdit>) -> Option<()> {
    let one = TextSize::new(1);
    edits.push(TextEdit::replace(TextRange::at(dict.start(), one), "["));
    for item in &dict.items {
        let key = item.key.as_ref()?;
        let gap = TextRange::new(key.end(), item.value.start());
        if file.slice(gap).trim() != ":" {
            return None;
        }
        edits.push(TextEdit::replace(TextRange::empty(key.start()), "("));
        edits.push(TextEdit::replace(gap, ", "));
        let value = as_text(file, &item.value);
        // Both edits would insert at the same place, so they become one.
        match value {
            Some(edit) => {
                edits.push(TextEdit::replace(edit.range, format!("{})", edit.new_text)));
            }
            None => edits.push(TextEdit::replace(TextRange::empty(item.value.end()), ")")),
        }
    }
    edits.push(TextEdit::replace(TextRange::new(dict.end() - one, dict.end()), "]"));
    Some(())
}

/// A header part that is no text, as text.
fn as_text(file: &PythonFile, part: &Expr) -> Option<TextEdit> {
    let text = file.slice(part.range());
    let new = match part {
        Expr::NumberLiteral(_) => format!("\"{text}\""),
        Expr::BytesLiteral(_) => text.trim_start_matches(['b', 'B']).to_owned(),
        Expr::Call(call) if matches!(&*call.func, Expr::Name(name) if matches!(name.id.as_str(), "len" | "int")) =>
        {
            format!("str({text})")
        }
        _ => return None,
    };
    Some(TextEdit::replace(part.range(), new))
}

/// Starts the response where the function starts.
pub(super) fn start(file: &PythonFile, site: &Site) -> Option<Fix> {
    let def = nodes::function(file, site.range)?;
    let parameter = def.parameters.args.last()?.parameter.name.as_str();
    let quote = fixes::Style::of(file).quote;
    let text = format!("{parameter}(\"200 OK\", [(\"Content-Type\", \"text/html; charset=utf-8\")])");
    let text = text.replace('"', &quote.to_string());
    let first = def.body.iter().find(|stmt| !ruff_python_ast::helpers::is_docstring_stmt(stmt))?;
    let edit = fixes::insert_before(file, first.range(), &text)?;
    fix("Call `start_response` first", Safety::Review, &site.path, Some(vec![edit]))
}
