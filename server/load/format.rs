//! Values as text: f-strings, `%`, `str()`.

use ruff_python_ast::{self as ast, InterpolatedStringElement};
use ruff_text_size::Ranged;

use super::interp::{Eval, Interp};
use super::value::{Arguments, Kind, Value};

impl<'a> Interp<'a> {
    /// An f-string; what it shows is formatted as Python does.
    pub fn f_string(&mut self, expr: &'a ast::ExprFString) -> Eval<'a> {
        let mut text = Some(String::new());
        for part in expr.value.iter() {
            let elements = match part {
                ast::FStringPart::Literal(literal) => {
                    if let Some(text) = &mut text {
                        text.push_str(literal.as_str());
                    }
                    continue;
                }
                ast::FStringPart::FString(inner) => &inner.elements,
            };
            for element in elements {
                match element {
                    InterpolatedStringElement::Literal(literal) => {
                        if let Some(text) = &mut text {
                            text.push_str(&literal.value);
                        }
                    }
                    InterpolatedStringElement::Interpolation(inner) => {
                        let value = self.eval(&inner.expression)?;
                        let value = self.shown(value, inner.expression.range())?;
                        let plain = inner.format_spec.is_none() && inner.debug_text.is_none();
                        let shown = if plain { self.text_of(&value) } else { None };
                        text = text.zip(shown).map(|(text, shown)| text + &shown);
                    }
                }
            }
        }
        Ok(text.map_or(Value::Unknown, Value::str))
    }

    /// What formatting makes of an instance of a class of the project; other values stay as they are.
    pub fn shown(&mut self, value: Value<'a>, range: crate::text::TextRange) -> Eval<'a> {
        let method = ["__format__", "__str__", "__repr__"].iter().find_map(|name| self.method(&value, name));
        match method {
            Some(method) => {
                let arguments = Arguments { open: true, ..Arguments::default() };
                self.call(&method, arguments, range, range)
            }
            None => Ok(value),
        }
    }

    /// `'%s/%s' % (a, b)` for plain `%s` and `%d`.
    pub fn percent_format(&self, format: &str, argument: &Value<'a>) -> Option<String> {
        let arguments: Vec<Value<'a>> = match argument {
            Value::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        let mut arguments = arguments.iter();
        let mut out = String::new();
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            match chars.next()? {
                '%' => out.push('%'),
                's' | 'd' => out.push_str(&self.text_of(arguments.next()?)?),
                _ => return None,
            }
        }
        Some(out)
    }

    /// What `str()` gives.
    pub fn text_of(&self, value: &Value<'a>) -> Option<String> {
        Some(match value {
            Value::Str(text) => text.to_string(),
            Value::Int(int) => int.to_string(),
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            Value::None => "None".to_owned(),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::Path(text) => text.to_string(),
                _ => return None,
            },
            _ => return None,
        })
    }
}
