//! Whether a loop that has run many rounds will ever end: its counters grow steadily, so each comparison that they are in has
//! an answer for all times.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{CmpOp, Expr, Number, Operator, Stmt, StmtWhile};
use rustc_hash::FxHashMap;

use super::interp::{Flow, Interp};
use super::value::Value;

/// More rounds than this outlast every patience: CPython goes round some twenty million times in a second.
const TOO_MANY: f64 = 2e10;

/// How the rounds of a loop go on that has run many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ahead {
    /// They follow one another for ever.
    Endless,
    /// There are billions of them.
    Billions,
    /// Nobody knows.
    Unknown,
}

/// How the rounds of a loop go on, which has run many of them without a choice that nobody knows. The loop runs for two more
/// rounds, from which the steps of its counters are read.
pub(super) fn rounds_ahead<'a>(interp: &mut Interp<'a>, stmt: &'a StmtWhile) -> Ahead {
    match rounds_until_a_change(interp, stmt) {
        Some(rounds) if rounds.is_infinite() => Ahead::Endless,
        Some(rounds) if rounds >= TOO_MANY => Ahead::Billions,
        _ => Ahead::Unknown,
    }
}

/// How many rounds pass before any comparison of the loop changes its answer.
fn rounds_until_a_change<'a>(interp: &mut Interp<'a>, stmt: &'a StmtWhile) -> Option<f64> {
    let mut reads = Reads::default();
    reads.test(&stmt.test);
    reads.visit_body(&stmt.body);
    if reads.has_more {
        return None;
    }
    let before = numbers(interp, &reads.names)?;
    let Ok(Flow::Normal | Flow::Continue) = interp.exec_body(&stmt.body) else { return None };
    let middle = numbers(interp, &reads.names)?;
    let Ok(Flow::Normal | Flow::Continue) = interp.exec_body(&stmt.body) else { return None };
    let after = numbers(interp, &reads.names)?;
    let steady = |name: &&str| {
        let (a, b, c) = (before.get(*name)?, middle.get(*name)?, after.get(*name)?);
        let (one, next) = (b - a, c - b);
        // Fractions are rounded in each round.
        ((one - next).abs() <= 1e-9 * next.abs()).then_some((*c, next))
    };
    let still = |name: &&str| steady(name).is_some_and(|(_, step)| step == 0.0);
    if !reads.truths.iter().all(still) {
        return None;
    }
    let mut least = f64::INFINITY;
    for comparison in &reads.comparisons {
        let (left, right) = (comparison.left.value(&steady)?, comparison.right.value(&steady)?);
        least = least.min(stays(left, comparison.op, right)?);
    }
    Some(least)
}

/// A number that starts here and grows by this much in each round.
type Line = (f64, f64);

/// For how many rounds a comparison gives the same answer from now on; `None` where nobody knows.
fn stays((a, a_step): Line, op: CmpOp, (b, b_step): Line) -> Option<f64> {
    let (gap, step) = (b - a, a_step - b_step);
    if step == 0.0 {
        return Some(f64::INFINITY);
    }
    if gap == 0.0 {
        return None;
    }
    // The two meet after `gap / step` rounds, if that is not in the past.
    let meets_after = gap / step;
    let whole = [gap, step].iter().all(|number| number.fract() == 0.0);
    match op {
        _ if meets_after < 0.0 => Some(f64::INFINITY),
        CmpOp::Eq | CmpOp::NotEq if whole && gap % step != 0.0 => Some(f64::INFINITY),
        CmpOp::Eq | CmpOp::NotEq if !whole => None,
        CmpOp::Eq | CmpOp::NotEq | CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => Some(meets_after),
        _ => None,
    }
}

/// The names that are numbers now; `None` when one of them is something else that can change.
fn numbers<'n>(interp: &mut Interp<'_>, names: &[&'n str]) -> Option<FxHashMap<&'n str, f64>> {
    let mut found = FxHashMap::default();
    for name in names {
        let value =
            interp.lookup(&ruff_python_ast::name::Name::new(name), crate::text::TextRange::default()).ok()?;
        match value {
            #[allow(clippy::cast_precision_loss)]
            Value::Int(int) => found.insert(*name, int as f64),
            Value::Float(float) => found.insert(*name, float),
            Value::Bool(truth) => found.insert(*name, f64::from(u8::from(truth))),
            _ => return None,
        };
    }
    Some(found)
}

/// One side of a comparison.
enum Side<'a> {
    Name(&'a str),
    Number(f64),
}

impl Side<'_> {
    fn value(&self, steady: &impl Fn(&&str) -> Option<Line>) -> Option<Line> {
        match self {
            Self::Name(name) => steady(name),
            Self::Number(number) => Some((*number, 0.0)),
        }
    }
}

struct Comparison<'a> {
    left: Side<'a>,
    op: CmpOp,
    right: Side<'a>,
}

/// What a loop reads: names, and comparisons of names and numbers. Anything else may end it.
#[derive(Default)]
struct Reads<'a> {
    names: Vec<&'a str>,
    comparisons: Vec<Comparison<'a>>,
    /// Names whose truth decides something.
    truths: Vec<&'a str>,
    has_more: bool,
}

impl<'a> Reads<'a> {
    fn side(&mut self, expr: &'a Expr) -> Option<Side<'a>> {
        match expr {
            Expr::Name(name) => {
                self.name(&name.id);
                Some(Side::Name(&name.id))
            }
            Expr::NumberLiteral(literal) => match &literal.value {
                #[allow(clippy::cast_precision_loss)]
                Number::Int(int) => Some(Side::Number(int.as_i64()? as f64)),
                Number::Float(float) => Some(Side::Number(*float)),
                Number::Complex { .. } => None,
            },
            Expr::UnaryOp(inner) if inner.op == ruff_python_ast::UnaryOp::USub => {
                match self.side(&inner.operand)? {
                    Side::Number(number) => Some(Side::Number(-number)),
                    Side::Name(_) => None,
                }
            }
            // `10 ** 12`
            Expr::BinOp(inner) if inner.op == Operator::Pow => {
                match (self.side(&inner.left)?, self.side(&inner.right)?) {
                    (Side::Number(base), Side::Number(exponent)) => Some(Side::Number(base.powf(exponent))),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A condition: what stands in it outside of comparisons counts by its truth.
    fn test(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => self.truths.push(&name.id),
            Expr::UnaryOp(inner) => return self.test(&inner.operand),
            Expr::BoolOp(inner) => return inner.values.iter().for_each(|value| self.test(value)),
            Expr::BinOp(_) => self.has_more = true,
            _ => {}
        }
        self.visit_expr(expr);
    }

    fn name(&mut self, name: &'a str) {
        if !self.names.contains(&name) {
            self.names.push(name);
        }
    }
}

impl<'a> Visitor<'a> for Reads<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::If(inner) => {
                self.test(&inner.test);
                self.visit_body(&inner.body);
                for clause in &inner.elif_else_clauses {
                    if let Some(test) = &clause.test {
                        self.test(test);
                    }
                    self.visit_body(&clause.body);
                }
            }
            Stmt::Assign(_) | Stmt::AugAssign(_) | Stmt::Expr(_) | Stmt::Pass(_) | Stmt::Continue(_) => {
                visitor::walk_stmt(self, stmt);
            }
            // These only end a loop if they are reached, and no comparison changes its answer.
            Stmt::Break(_) | Stmt::Return(_) => {}
            _ => self.has_more = true,
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Compare(inner) => match (&*inner.ops, &*inner.comparators) {
                ([op], [right]) => {
                    let sides = self.side(&inner.left).zip(self.side(right));
                    match sides {
                        Some((left, right)) => self.comparisons.push(Comparison { left, op: *op, right }),
                        None => self.has_more = true,
                    }
                }
                _ => self.has_more = true,
            },
            Expr::Name(name) => self.name(&name.id),
            Expr::UnaryOp(_) | Expr::BoolOp(_) | Expr::BinOp(_) => visitor::walk_expr(self, expr),
            Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::StringLiteral(_)
            | Expr::NoneLiteral(_) => {}
            _ => self.has_more = true,
        }
    }
}
