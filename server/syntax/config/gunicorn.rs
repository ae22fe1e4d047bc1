//! gunicorn's `gunicorn.conf.py`: the names that the module binds, with the values that can be read off them.

use ruff_python_ast::{Expr, Number, Stmt, UnaryOp};
use ruff_text_size::Ranged;

use super::Spanned;
use crate::syntax::python::PythonFile;
use crate::text::TextRange;

/// One name that the file binds at module level.
#[derive(Clone, Debug, PartialEq)]
pub struct PythonSetting {
    /// The name.
    pub name: Spanned,
    /// Its value.
    pub value: PythonValue,
    /// Where the value stands (bytes); the name's own place for functions.
    pub value_range: TextRange,
    /// The whole statement (bytes).
    pub statement: TextRange,
    /// Whether it depends on a condition.
    pub is_conditional: bool,
}

/// A value as far as it stands there in plain words.
#[derive(Clone, Debug, PartialEq)]
pub enum PythonValue {
    /// A text, with the place between its quotes.
    Text(Spanned),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// `True` or `False`.
    Bool(bool),
    /// `None`.
    Nothing,
    /// A list or tuple.
    List(Vec<PythonValue>),
    /// A function that the file defines.
    Function,
    /// Anything that has to be computed.
    Unknown,
}

/// The names that a module binds by assignments and functions, in order.
pub fn settings(file: &PythonFile) -> Vec<PythonSetting> {
    let mut found = Vec::new();
    collect(file, file.body(), false, &mut found);
    found
}

fn collect(file: &PythonFile, body: &[Stmt], is_conditional: bool, found: &mut Vec<PythonSetting>) {
    let mut bind = |name: Spanned, value: PythonValue, value_range: TextRange, statement: TextRange| {
        found.push(PythonSetting { name, value, value_range, statement, is_conditional });
    };
    for stmt in body {
        match stmt {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    if let Expr::Name(name) = target {
                        let name = Spanned { text: name.id.as_str().into(), range: name.range() };
                        bind(name, value(file, &assign.value), assign.value.range(), assign.range());
                    }
                }
            }
            Stmt::AnnAssign(assign) => {
                if let (Expr::Name(name), Some(bound)) = (&*assign.target, &assign.value) {
                    let name = Spanned { text: name.id.as_str().into(), range: name.range() };
                    bind(name, value(file, bound), bound.range(), assign.range());
                }
            }
            Stmt::FunctionDef(def) => {
                let name = Spanned { text: def.name.as_str().into(), range: def.name.range() };
                bind(name, PythonValue::Function, def.name.range(), def.name.range());
            }
            _ => {}
        }
    }
    for stmt in body {
        match stmt {
            Stmt::If(branch) => {
                collect(file, &branch.body, true, found);
                branch.elif_else_clauses.iter().for_each(|clause| collect(file, &clause.body, true, found));
            }
            Stmt::Try(attempt) => {
                collect(file, &attempt.body, true, found);
                for handler in &attempt.handlers {
                    let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                    collect(file, &handler.body, true, found);
                }
                collect(file, &attempt.orelse, true, found);
            }
            _ => {}
        }
    }
    found.sort_by_key(|setting| setting.statement.start());
}

fn value(file: &PythonFile, expr: &Expr) -> PythonValue {
    match expr {
        Expr::StringLiteral(text) => PythonValue::Text(Spanned {
            text: text.value.to_str().into(),
            range: match text.value.iter().collect::<Vec<_>>().as_slice() {
                [only] => inside_quotes(file, only.range()),
                _ => text.range(),
            },
        }),
        Expr::NumberLiteral(number) => match &number.value {
            Number::Int(int) => int.as_i64().map_or(PythonValue::Unknown, PythonValue::Int),
            Number::Float(float) => PythonValue::Float(*float),
            Number::Complex { .. } => PythonValue::Unknown,
        },
        Expr::UnaryOp(unary) if unary.op == UnaryOp::USub => match value(file, &unary.operand) {
            PythonValue::Int(int) => PythonValue::Int(-int),
            PythonValue::Float(float) => PythonValue::Float(-float),
            _ => PythonValue::Unknown,
        },
        Expr::BooleanLiteral(truth) => PythonValue::Bool(truth.value),
        Expr::NoneLiteral(_) => PythonValue::Nothing,
        Expr::List(list) => PythonValue::List(list.elts.iter().map(|item| value(file, item)).collect()),
        Expr::Tuple(tuple) => PythonValue::List(tuple.elts.iter().map(|item| value(file, item)).collect()),
        _ => PythonValue::Unknown,
    }
}

/// The range of a text literal without its prefix and quotes.
fn inside_quotes(file: &PythonFile, range: TextRange) -> TextRange {
    let raw = file.slice(range);
    let prefix = raw.len() - raw.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let quoted = &raw[prefix..];
    let quotes =
        if quoted.len() >= 6 && (quoted.starts_with("\"\"\"") || quoted.starts_with("'''")) { 3 } else { 1 };
    let size = |at: usize| crate::text::TextSize::try_from(at).unwrap_or_default();
    super::span(
        range.start() + size(prefix + quotes).min(range.len()),
        range.end() - size(quotes).min(range.len()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;
    use ruff_python_ast::PythonVersion;

    #[test]
    fn plain_values_are_read() {
        let text = "import os\nbind = '0:80'\nworkers = os.cpu_count()\ntimeout: int = -1\nif x:\n    preload_app = True\n\
                    def on_exit(s):\n    pass\nworkers = 2\n";
        let file = PythonFile::parse(Source::new(text), None, PythonVersion::PY311);
        let told: Vec<(String, PythonValue, bool)> = settings(&file)
            .into_iter()
            .map(|s| (s.name.text.to_string(), s.value, s.is_conditional))
            .collect();
        let text =
            PythonValue::Text(Spanned { text: "0:80".into(), range: TextRange::new(18.into(), 22.into()) });
        assert_eq!(
            told,
            [
                ("bind".to_owned(), text, false),
                ("workers".to_owned(), PythonValue::Unknown, false),
                ("timeout".to_owned(), PythonValue::Int(-1), false),
                ("preload_app".to_owned(), PythonValue::Bool(true), true),
                ("on_exit".to_owned(), PythonValue::Function, false),
                ("workers".to_owned(), PythonValue::Int(2), false),
            ]
        );
    }
}
