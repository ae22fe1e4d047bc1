//! Operators and truth.

use std::rc::Rc;

use ruff_python_ast::Operator;

use super::dunder::{mismatch, operator_name};
use super::effect::{BlockKind, RaiseCause};
use super::interp::{Eval, Interp};
use super::value::{Kind, Value};
use crate::text::TextRange;

/// How many items of a list that grows are remembered: a loop can double it for ever.
const MOST_ITEMS: usize = 10_000;

/// A list that has grown: what is more than can be remembered becomes unknown.
pub(super) fn grown_list<'a>(mut items: Vec<Value<'a>>, open: bool) -> Kind<'a> {
    let open = open || items.len() > MOST_ITEMS;
    items.truncate(MOST_ITEMS);
    Kind::List(items.into(), open)
}

/// Strings that are repeated beyond this many bytes are not followed.
const LONGEST_REPEATED: usize = 64 << 10;

impl<'a> Interp<'a> {
    /// Whether a value counts as true, where that is known.
    pub fn truth(&self, value: &Value<'a>) -> Option<bool> {
        match value {
            Value::Unknown | Value::Unbound | Value::Bytes => None,
            Value::None => Some(false),
            Value::Bool(truth) => Some(*truth),
            Value::Int(int) => Some(*int != 0),
            Value::Float(float) => Some(*float != 0.0),
            Value::Str(text) => Some(!text.is_empty()),
            Value::Tuple(items) => Some(!items.is_empty()),
            Value::Function(_) | Value::Method(_) => Some(true),
            Value::Library(library) => match library.path.as_str() {
                "typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING" => Some(false),
                "sys.modules" => Some(true),
                path if path.starts_with("builtins.") => Some(true),
                _ => None,
            },
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::List(items, open) | Kind::Set(items, open) => {
                    if items.is_empty() && *open {
                        None
                    } else {
                        Some(!items.is_empty())
                    }
                }
                Kind::Dict(items, open) => {
                    if items.is_empty() && *open {
                        None
                    } else {
                        Some(!items.is_empty())
                    }
                }
                Kind::Module(_) | Kind::Class(_) | Kind::Wrapped(..) | Kind::Partial(..) | Kind::Path(_) => {
                    Some(true)
                }
                // Applications are always true; other library objects may define `__bool__` or `__len__`.
                Kind::Library(path, _) => {
                    matches!(path.as_str(), "flask.Flask()" | "dash.Dash()").then_some(true)
                }
                _ => None,
            },
            Value::Union(members) => {
                let mut truths = members.iter().map(|member| self.truth(member));
                let first = truths.next()??;
                truths.all(|truth| truth == Some(first)).then_some(first)
            }
        }
    }

    /// Whether two values are equal, where that is known.
    pub fn equal(&self, a: &Value<'a>, b: &Value<'a>) -> Option<bool> {
        let plain = |value: &Value<'a>| {
            matches!(value, Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_))
        };
        let number = |value: &Value<'a>| match value {
            Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
            #[allow(clippy::cast_precision_loss)]
            Value::Int(int) => Some(*int as f64),
            Value::Float(float) => Some(*float),
            _ => None,
        };
        match (a, b) {
            (Value::Union(members), other) | (other, Value::Union(members)) => {
                let mut all = members.iter().map(|member| self.equal(member, other));
                let first = all.next()??;
                all.all(|one| one == Some(first)).then_some(first)
            }
            (Value::Tuple(x), Value::Tuple(y)) => {
                if x.len() != y.len() {
                    return Some(false);
                }
                let mut result = Some(true);
                for (one, other) in x.iter().zip(y.iter()) {
                    match self.equal(one, other) {
                        Some(false) => return Some(false),
                        Some(true) => {}
                        None => result = None,
                    }
                }
                result
            }
            (Value::Object(x), Value::Object(y)) if x == y => Some(true),
            (Value::Object(x), Value::Object(y)) => match (self.heap.kind(*x), self.heap.kind(*y)) {
                (Kind::Path(one), Kind::Path(other)) => Some(one == other),
                _ => None,
            },
            _ if plain(a) && plain(b) => match (number(a), number(b)) {
                (Some(x), Some(y)) => Some(x.total_cmp(&y).is_eq()),
                _ => Some(a.same(b)),
            },
            // A string never equals `None` or a number, whatever object is on the other side of `None`.
            (Value::None, Value::Object(_) | Value::Function(_) | Value::Method(_))
            | (Value::Object(_) | Value::Function(_) | Value::Method(_), Value::None) => Some(false),
            _ => None,
        }
    }

    /// A binary operation.
    pub fn binary(&mut self, a: &Value<'a>, op: Operator, b: &Value<'a>, range: TextRange) -> Eval<'a> {
        if let (Value::Union(members), _) | (_, Value::Union(members)) = (a, b) {
            if members.len() > 4 || matches!(a, Value::Union(_)) && matches!(b, Value::Union(_)) {
                return Ok(Value::Unknown);
            }
            let left_is_union = matches!(a, Value::Union(_));
            let mut result: Option<Value<'a>> = None;
            for member in members.iter() {
                let one = if left_is_union {
                    self.binary_once(member, op, b)
                } else {
                    self.binary_once(a, op, member)
                };
                let one = one.unwrap_or(Value::Unknown);
                result = Some(result.map_or(one.clone(), |known| known.or(one)));
            }
            return Ok(result.unwrap_or(Value::Unknown));
        }
        // `"%s" % report` shows instances as `str()` does.
        if let (Value::Str(_), Operator::Mod) = (a, op) {
            let shown = match b {
                Value::Tuple(items) => items.to_vec(),
                single => vec![single.clone()],
            };
            for value in shown {
                self.shown(value, range)?;
            }
        }
        if let Some(answer) = self.operator_method(a, operator_name(op), b, range)? {
            return Ok(answer);
        }
        if let Some(message) = mismatch(a, op, b) {
            return Err(match (a, b) {
                (Value::None, _) | (_, Value::None) => self.misused_none("TypeError", message, range),
                _ => self.raise("TypeError", message, RaiseCause::Plain, range),
            });
        }
        let by_zero = matches!(op, Operator::Div | Operator::FloorDiv | Operator::Mod)
            && matches!(a, Value::Int(_) | Value::Float(_))
            && matches!(b, Value::Int(0));
        if by_zero {
            return Err(self.raise("ZeroDivisionError", "division by zero", RaiseCause::Plain, range));
        }
        if let (Value::Int(base), Operator::Pow, Value::Int(exponent)) = (a, op, b) {
            // The result has about exponent * log2(base) bits; some 10**9 of them take minutes.
            let bits = u64::from(64 - base.unsigned_abs().leading_zeros()).saturating_sub(1);
            if exponent.unsigned_abs().saturating_mul(bits) >= 1_000_000_000 && *exponent > 0 {
                self.blocks("a power with billions of digits".to_owned(), BlockKind::Computation, range)?;
            }
        }
        Ok(self.binary_once(a, op, b).unwrap_or(Value::Unknown))
    }

    fn binary_once(&mut self, a: &Value<'a>, op: Operator, b: &Value<'a>) -> Option<Value<'a>> {
        if let Some(time) = self.clock_sum(a, op, b) {
            return Some(time);
        }
        Some(match (a, op, b) {
            (Value::Int(x), _, Value::Int(y)) => match op {
                Operator::Add => Value::Int(x.checked_add(*y)?),
                Operator::Sub => Value::Int(x.checked_sub(*y)?),
                Operator::Mult => Value::Int(x.checked_mul(*y)?),
                Operator::Pow => Value::Int(x.checked_pow(u32::try_from(*y).ok()?)?),
                Operator::FloorDiv if *y > 0 => Value::Int(x.div_euclid(*y)),
                Operator::Mod if *y > 0 => Value::Int(x.rem_euclid(*y)),
                #[allow(clippy::cast_precision_loss)]
                Operator::Div => Value::Float(*x as f64 / *y as f64),
                _ => return None,
            },
            (Value::Int(_) | Value::Float(_), _, Value::Int(_) | Value::Float(_)) => {
                let (x, y) = (a.as_number()?, b.as_number()?);
                Value::Float(match op {
                    Operator::Add => x + y,
                    Operator::Sub => x - y,
                    Operator::Mult => x * y,
                    Operator::Div if y != 0.0 => x / y,
                    Operator::Pow => x.powf(y),
                    _ => return None,
                })
            }
            (Value::Str(text), Operator::Mult, Value::Int(times))
            | (Value::Int(times), Operator::Mult, Value::Str(text)) => {
                let times = usize::try_from(*times).unwrap_or(0);
                if text.len().saturating_mul(times) > LONGEST_REPEATED {
                    return None;
                }
                Value::str(text.repeat(times))
            }
            (Value::Str(x), Operator::Add, Value::Str(y)) => Value::str(format!("{x}{y}")),
            (Value::Str(format), Operator::Mod, argument) => {
                Value::str(self.percent_format(format, argument)?)
            }
            // `[...] + static(...)`: the known items stay known.
            (Value::Object(x), Operator::Add, Value::Unknown | Value::Object(_))
                if self.adds_unknown(*x, b) =>
            {
                let Kind::List(items, _) = self.heap.kind(*x).clone() else { return None };
                Value::Object(self.heap.allocate(Kind::List(items, true)))
            }
            (Value::Unknown | Value::Object(_), Operator::Add, Value::Object(y))
                if self.adds_unknown(*y, a) =>
            {
                let Kind::List(items, _) = self.heap.kind(*y).clone() else { return None };
                Value::Object(self.heap.allocate(Kind::List(items, true)))
            }
            (Value::Tuple(x), Operator::Add, Value::Tuple(y)) => {
                if x.len() + y.len() > MOST_ITEMS {
                    return None;
                }
                Value::Tuple(Rc::new(x.iter().chain(y.iter()).cloned().collect()))
            }
            (Value::Object(x), Operator::Add, Value::Object(y)) => {
                match (self.heap.kind(*x).clone(), self.heap.kind(*y).clone()) {
                    (Kind::List(a, a_open), Kind::List(b, b_open)) => {
                        let items: Vec<Value<'a>> = a.iter().chain(b.iter()).cloned().collect();
                        let open = a_open || b_open;
                        Value::Object(self.heap.allocate(grown_list(items, open)))
                    }
                    _ => return None,
                }
            }
            (Value::Object(x), Operator::Div, part) => {
                let Kind::Path(base) = self.heap.kind(*x).clone() else { return None };
                let part = self.path_text(part)?;
                self.make_path(&super::library::paths::join(&base, &part))
            }
            (part, Operator::Div, Value::Object(y)) => {
                let Kind::Path(tail) = self.heap.kind(*y).clone() else { return None };
                let base = part.as_str()?;
                self.make_path(&super::library::paths::join(base, &tail))
            }
            _ => return None,
        })
    }
}
