//! Methods that classes of the project have for operators, `len()` and loops.

use ruff_python_ast::{CmpOp, Operator};

use super::interp::{Eval, Interp, Stop};
use super::iterate::Items;
use super::value::{Arguments, Id, Kind, Value};
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// Calls the method that a class of the project has for an operator.
    pub fn operator_method(
        &mut self,
        object: &Value<'a>,
        name: &str,
        other: &Value<'a>,
        range: TextRange,
    ) -> Result<Option<Value<'a>>, Stop<'a>> {
        let Some(method) = self.method(object, name) else { return Ok(None) };
        self.call(&method, Arguments::of(vec![other.clone()]), range, range).map(Some)
    }

    /// Whether a list is added to something that nobody knows, or that a library gave.
    pub fn adds_unknown(&self, list: Id, other: &Value<'a>) -> bool {
        let unknown = match other {
            Value::Object(id) => matches!(self.heap.kind(*id), Kind::Library(..)),
            _ => true,
        };
        unknown && matches!(self.heap.kind(list), Kind::List(..))
    }

    /// Calls the methods that classes of the project have for a comparison. What they answer is not followed into the
    /// condition: it would rarely be known.
    pub fn compare_methods(
        &mut self,
        left: &Value<'a>,
        op: CmpOp,
        right: &Value<'a>,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let name = match op {
            CmpOp::Eq => "__eq__",
            CmpOp::NotEq => "__ne__",
            CmpOp::Lt => "__lt__",
            CmpOp::LtE => "__le__",
            CmpOp::Gt => "__gt__",
            CmpOp::GtE => "__ge__",
            CmpOp::In | CmpOp::NotIn => {
                return self.operator_method(right, "__contains__", left, range).map(drop);
            }
            CmpOp::Is | CmpOp::IsNot => return Ok(()),
        };
        self.operator_method(left, name, right, range).map(drop)
    }

    /// What a loop over an instance of a class of the project gives; `None` when the class says nothing of loops.
    pub fn iterate_instance(&mut self, id: Id, range: TextRange) -> Result<Option<Items<'a>>, Stop<'a>> {
        let object = Value::Object(id);
        if let Some(method) = self.method(&object, "__iter__") {
            let iterator = self.call(&method, Arguments::default(), range, range)?;
            if !iterator.same(&object) {
                return self.iterate(&iterator, range).map(Some);
            }
        }
        match self.method(&object, "__next__") {
            Some(method) => {
                let item = self.call(&method, Arguments::default(), range, range)?;
                Ok(Some(Items { known: vec![item], open: true, ..Items::default() }))
            }
            None => Ok(None),
        }
    }

    /// What `len()` gives for an instance whose class says it.
    pub fn instance_length(
        &mut self,
        value: &Value<'a>,
        range: TextRange,
    ) -> Result<Option<Value<'a>>, Stop<'a>> {
        match self.method(value, "__len__") {
            Some(method) => self.call(&method, Arguments::default(), range, range).map(Some),
            None => Ok(None),
        }
    }

    /// Whether a value counts as true, which a class of the project may decide itself.
    pub fn decide(&mut self, value: &Value<'a>, range: TextRange) -> Result<Option<bool>, Stop<'a>> {
        let method = self.method(value, "__bool__").or_else(|| self.method(value, "__len__"));
        match method {
            Some(method) => {
                let answer = self.call(&method, Arguments::default(), range, range)?;
                Ok(self.truth(&answer))
            }
            None => Ok(self.truth(value)),
        }
    }

    /// What a host does with an answer that is an instance of a class of the project: it reads it and closes it.
    pub fn send_instance(&mut self, value: &Value<'a>) -> Eval<'a> {
        let nowhere = TextRange::default();
        if let Value::Object(id) = value
            && matches!(self.heap.kind(*id), Kind::Instance(_))
        {
            self.iterate_instance(*id, nowhere)?;
            if let Some(close) = self.method(value, "close") {
                self.call(&close, Arguments::default(), nowhere, nowhere)?;
            }
        }
        Ok(value.clone())
    }
}

/// The method behind an operator.
pub(super) fn operator_name(op: Operator) -> &'static str {
    match op {
        Operator::Add => "__add__",
        Operator::Sub => "__sub__",
        Operator::Mult => "__mul__",
        Operator::MatMult => "__matmul__",
        Operator::Div => "__truediv__",
        Operator::FloorDiv => "__floordiv__",
        Operator::Mod => "__mod__",
        Operator::Pow => "__pow__",
        Operator::LShift => "__lshift__",
        Operator::RShift => "__rshift__",
        Operator::BitOr => "__or__",
        Operator::BitXor => "__xor__",
        Operator::BitAnd => "__and__",
    }
}

/// What Python says of operands that an operator does not take.
pub(super) fn mismatch(left: &Value<'_>, op: Operator, right: &Value<'_>) -> Option<&'static str> {
    match (left, op, right) {
        (Value::Str(_), Operator::Add, Value::Int(_) | Value::None | Value::Float(_)) => {
            Some("can only concatenate str to str")
        }
        (Value::Bytes, Operator::Add, Value::Str(_)) => Some("can't concat str to bytes"),
        (Value::Str(_), Operator::Add, Value::Bytes) => {
            Some("can only concatenate str (not \"bytes\") to str")
        }
        // `print >>sys.stderr, text` of Python 2.
        (Value::Library(print), Operator::RShift, _) if print.path == "builtins.print" => {
            Some("unsupported operand type(s) for >>: 'builtin_function_or_method' and '_io.TextIOWrapper'")
        }
        (
            Value::None,
            Operator::Add | Operator::Sub | Operator::Mult | Operator::Div,
            Value::Str(_) | Value::Int(_),
        ) => Some("unsupported operand type(s) for 'NoneType'"),
        _ => None,
    }
}
