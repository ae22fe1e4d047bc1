//! Comparisons: which of two values is the lesser, whether they are the same, and whether one holds the other.

use ruff_python_ast::{self as ast, CmpOp};

use super::effect::RaiseCause;
use super::interp::{Eval, Interp, Stop};
use super::value::{Id, Kind, Value};
use crate::text::TextRange;

impl<'a> Interp<'a> {
    fn identical(&self, a: &Value<'a>, b: &Value<'a>) -> Option<bool> {
        let definite =
            |value: &Value<'a>| !matches!(value, Value::Unknown | Value::Library(_) | Value::Union(_));
        match (a, b) {
            (Value::None, Value::None) => Some(true),
            (Value::None, other) | (other, Value::None) if definite(other) => Some(false),
            (Value::Bool(x), Value::Bool(y)) => Some(x == y),
            (Value::Object(x), Value::Object(y)) => Some(x == y),
            (Value::Library(x), Value::Library(y)) if x.path == y.path => Some(true),
            (Value::Union(members), other) | (other, Value::Union(members)) => {
                let mut all = members.iter().map(|member| self.identical(member, other));
                let first = all.next()??;
                all.all(|one| one == Some(first)).then_some(first)
            }
            _ => None,
        }
    }

    /// A chain of comparisons.
    pub fn compare(&mut self, expr: &'a ast::ExprCompare) -> Eval<'a> {
        let mut left = self.eval(&expr.left)?;
        let mut result = Some(true);
        for (op, right) in expr.ops.iter().zip(&expr.comparators) {
            let right = self.eval(right)?;
            self.compare_methods(&left, *op, &right, expr.range)?;
            if let (
                CmpOp::In | CmpOp::NotIn,
                Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_),
            ) = (op, &right)
            {
                let message = format!("argument of type '{}' is not iterable", right.type_name());
                return Err(self.raise("TypeError", message, RaiseCause::Plain, expr.range));
            }
            self.check_order(&left, *op, &right, expr.range)?;
            match self.compare_once(&left, *op, &right) {
                Some(true) => {}
                Some(false) => return Ok(Value::Bool(false)),
                None => result = None,
            }
            left = right;
        }
        Ok(result.map_or(Value::Unknown, Value::Bool))
    }

    /// Raises what Python raises for two values of which none is the lesser.
    fn check_order(
        &mut self,
        left: &Value<'a>,
        op: CmpOp,
        right: &Value<'a>,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let number = |value: &Value<'a>| matches!(value, Value::Int(_) | Value::Float(_) | Value::Bool(_));
        let text = |value: &Value<'a>| matches!(value, Value::Str(_));
        let none = |value: &Value<'a>| matches!(value, Value::None);
        let plain = |value: &Value<'a>| number(value) || text(value) || none(value);
        let apart =
            plain(left) && plain(right) && !(number(left) && number(right) || text(left) && text(right));
        if !apart || !matches!(op, CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE) {
            return Ok(());
        }
        let message = format!(
            "'{}' not supported between instances of '{}' and '{}'",
            op.as_str(),
            left.type_name(),
            right.type_name()
        );
        let assumed = self.assumed;
        Err(self.assuming(assumed, |me| me.raise("TypeError", message, RaiseCause::Plain, range)))
    }

    /// Whether an object is `sys.argv`, which holds no argument under most hosts.
    pub fn is_argv(&self, id: Id) -> bool {
        let argv = self.heap.slot(self.overrides, "sys.argv");
        argv.is_some_and(|slot| matches!(slot.value, Value::Object(known) if known == id))
    }

    /// `sys.version_info` compares like the tuple that it is.
    fn comparable(&self, value: &Value<'a>) -> Value<'a> {
        match value.as_library() {
            Some("sys.version_info") if self.deployment.python_is_known => self.version_info(),
            _ => value.clone(),
        }
    }

    fn compare_once(&mut self, left: &Value<'a>, op: CmpOp, right: &Value<'a>) -> Option<bool> {
        if let Some(answer) = self.compare_clocks(left, op, right) {
            return Some(answer);
        }
        let (left, right) = (&self.comparable(left), &self.comparable(right));
        match op {
            CmpOp::Eq => self.equal(left, right),
            CmpOp::NotEq => self.equal(left, right).map(|equal| !equal),
            CmpOp::Is => self.identical(left, right),
            CmpOp::IsNot => self.identical(left, right).map(|same| !same),
            CmpOp::In => self.contains(right, left),
            CmpOp::NotIn => self.contains(right, left).map(|inside| !inside),
            CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => {
                let order = self.order(left, right)?;
                Some(match op {
                    CmpOp::Lt => order.is_lt(),
                    CmpOp::LtE => order.is_le(),
                    CmpOp::Gt => order.is_gt(),
                    _ => order.is_ge(),
                })
            }
        }
    }

    fn order(&self, a: &Value<'a>, b: &Value<'a>) -> Option<std::cmp::Ordering> {
        match (a, b) {
            (Value::Int(x), Value::Int(y)) => Some(x.cmp(y)),
            (Value::Float(x), Value::Float(y)) => x.partial_cmp(y),
            #[allow(clippy::cast_precision_loss)]
            (Value::Int(x), Value::Float(y)) => (*x as f64).partial_cmp(y),
            #[allow(clippy::cast_precision_loss)]
            (Value::Float(x), Value::Int(y)) => x.partial_cmp(&(*y as f64)),
            (Value::Str(x), Value::Str(y)) => Some(x.cmp(y)),
            (Value::Tuple(x), Value::Tuple(y)) => {
                for (one, other) in x.iter().zip(y.iter()) {
                    match self.order(one, other)? {
                        std::cmp::Ordering::Equal => {}
                        decided => return Some(decided),
                    }
                }
                Some(x.len().cmp(&y.len()))
            }
            _ => None,
        }
    }

    fn contains(&self, container: &Value<'a>, item: &Value<'a>) -> Option<bool> {
        let among = |items: &[Value<'a>], open: bool| {
            let mut sure = !open;
            for candidate in items {
                match self.equal(candidate, item) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => sure = false,
                }
            }
            sure.then_some(false)
        };
        match container {
            Value::Str(text) => item.as_str().map(|part| text.contains(part)),
            Value::Tuple(items) => among(items, false),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::List(items, open) | Kind::Set(items, open) => among(items, *open),
                Kind::Dict(items, open) => {
                    let keys: Vec<Value<'a>> = items.iter().map(|(key, _)| key.clone()).collect();
                    among(&keys, *open)
                }
                _ => None,
            },
            Value::Library(library) => match library.path.as_str() {
                "sys.modules" => {
                    let slot = self.heap.slot(self.modules, item.as_str()?)?;
                    Some(!matches!(slot.value, Value::Unbound))
                }
                "os.environ" => {
                    let name = item.as_str()?;
                    match self.heap.slot(self.environ, name) {
                        Some(slot) => Some(!matches!(slot.value, Value::Unbound)),
                        None => match self.environment.variable(self.snapshot, name, self.environ_is_open) {
                            super::environment::Variable::Unset => Some(false),
                            super::environment::Variable::Set => Some(true),
                            super::environment::Variable::Unknown => None,
                        },
                    }
                }
                _ => None,
            },
            _ => None,
        }
    }
}
