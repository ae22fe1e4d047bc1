//! What an application answers when it is called as a host calls it.

use std::rc::Rc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::application::Fault;
use super::effect::Site;
use super::interp::Interp;
use super::shape::names_environ;
use super::value::{Arguments, Body, Function, FunctionKind, Kind, Value};
use crate::text::TextRange;

/// Calls the application as a host does and looks at what it answers.
pub(super) fn answer_fault<'a>(
    interp: &mut Interp<'a>,
    function: &Rc<Function<'a>>,
    value: &Value<'a>,
) -> Option<Fault> {
    let Body::Statements(body) = function.look_into() else { return None };
    let parameters = function.parameters?;
    if let Some(start_response) =
        parameters.args.last().filter(|_| parameters.args.len() >= 2 && names_environ(function))
    {
        let name = start_response.parameter.name.as_str();
        if name == "start_response" && !mentions(body, name) {
            let site = Site { path: function.module.path.clone(), range: function.name_range };
            return Some(Fault::NeverStartsResponse(site));
        }
    }
    let (answer, headers) = interp.probe(|me| {
        let arguments = Arguments::of(vec![Value::Unknown, Value::library("wsgi.start_response")]);
        let answer = me.call(value, arguments, TextRange::default(), TextRange::default()).ok();
        let answer = answer.map(|answer| resolve(me, &answer));
        (answer, me.bad_headers.take())
    });
    let site = |range: TextRange| Site { path: function.module.path.clone(), range };
    if let Some(bad) = headers {
        return Some(Fault::BadHeaders(bad));
    }
    if let (FunctionKind::Generator, Some(raise)) = (function.kind, raises_before_it_yields(body)) {
        let what = "a generator that raises before its first item".to_owned();
        return Some(Fault::ReturnsNothing { what, at: site(raise) });
    }
    let at = site(last_statement(body));
    match answer? {
        Answer::Text => Some(Fault::ReturnsText(at)),
        Answer::Bytes => Some(Fault::ReturnsBytes(at)),
        Answer::Nothing(what) => Some(Fault::ReturnsNothing { what: what.to_owned(), at }),
        Answer::Fine => None,
    }
}

enum Answer {
    Fine,
    Text,
    Bytes,
    Nothing(&'static str),
}

fn resolve<'a>(interp: &mut Interp<'a>, answer: &Value<'a>) -> Answer {
    match answer {
        Value::None => Answer::Nothing("`None`"),
        Value::Int(_) | Value::Float(_) | Value::Bool(_) => Answer::Nothing("a number"),
        Value::Str(_) => Answer::Text,
        Value::Bytes => Answer::Bytes,
        Value::Object(id) if matches!(interp.heap.kind(*id), Kind::Library(path, _) if path == "builtins.int()") => {
            Answer::Nothing("a number")
        }
        Value::Tuple(_) | Value::Object(_) => {
            let generator = matches!(answer, Value::Object(id) if matches!(interp.heap.kind(*id), Kind::Suspended(..) | Kind::Lazy(_)));
            let listed = matches!(answer, Value::Tuple(_))
                || matches!(answer, Value::Object(id) if matches!(interp.heap.kind(*id), Kind::List(..)));
            if !generator && !listed {
                return Answer::Fine;
            }
            let Ok(items) = interp.iterate(answer, TextRange::default()) else { return Answer::Fine };
            let is_text = |item: &Value<'a>| matches!(item, Value::Str(_));
            // One item of text breaks a list; what a generator yields may come from paths that are not taken.
            let text = match generator {
                true => !items.known.is_empty() && items.known.iter().all(is_text),
                false => items.known.iter().any(is_text),
            };
            if text { Answer::Text } else { Answer::Fine }
        }
        Value::Union(members) => {
            // A fault on every path is a fault.
            let mut worst = None;
            for member in members.iter() {
                match resolve(interp, member) {
                    Answer::Fine => return Answer::Fine,
                    other => worst = Some(other),
                }
            }
            worst.unwrap_or(Answer::Fine)
        }
        _ => Answer::Fine,
    }
}

/// The last `return` of a body, else its last statement.
pub(super) fn last_statement(body: &[Stmt]) -> TextRange {
    struct Last(Option<TextRange>);
    impl<'s> Visitor<'s> for Last {
        fn visit_stmt(&mut self, stmt: &'s Stmt) {
            match stmt {
                Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                Stmt::Return(inner) => self.0 = Some(inner.range()),
                _ => visitor::walk_stmt(self, stmt),
            }
        }
    }
    let mut last = Last(None);
    last.visit_body(body);
    last.0.or(body.last().map(Ranged::range)).unwrap_or_default()
}

/// The `raise` that a generator reaches for certain before its first item.
fn raises_before_it_yields(body: &[Stmt]) -> Option<TextRange> {
    let plain = |stmt: &&Stmt| matches!(stmt, Stmt::Expr(_) | Stmt::Assign(_) | Stmt::AugAssign(_));
    let before = body.iter().take_while(plain).count();
    let (start, rest) = body.split_at_checked(before)?;
    let yields = super::loops::Exits::of(start).yields;
    rest.first().filter(|stmt| !yields && stmt.is_raise_stmt()).map(Ranged::range)
}

/// Whether a body mentions a name, or looks at all its names at once.
fn mentions(body: &[Stmt], name: &str) -> bool {
    struct Find<'n> {
        name: &'n str,
        found: bool,
    }
    impl<'s> Visitor<'s> for Find<'_> {
        fn visit_expr(&mut self, expr: &'s Expr) {
            if let Expr::Name(inner) = expr {
                self.found |= inner.id == self.name || inner.id == "locals" || inner.id == "vars";
            }
            visitor::walk_expr(self, expr);
        }
    }
    let mut find = Find { name, found: false };
    find.visit_body(body);
    find.found
}
