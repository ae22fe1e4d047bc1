//! Whether a loop that has run many rounds will ever end: its counters grow steadily, so each comparison that they are in has
//! an answer for all times.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{CmpOp, Expr, Stmt, StmtWhile};
use rustc_hash::FxHashMap;

use super::interp::{Flow, Interp};
use super::value::Value;

/// Whether the rounds of a loop, which has run many of them without a choice that nobody knows, follow one another for ever.
/// The loop goes on for two more rounds, from which the steps of its counters are read.
pub(super) fn never_ends<'a>(interp: &mut Interp<'a>, stmt: &'a StmtWhile) -> bool {
    let mut reads = Reads::default();
    reads.test(&stmt.test);
    reads.visit_body(&stmt.body);
    if reads.has_more {
        return false;
    }
    let Some(before) = numbers(interp, &reads.names) else { return false };
    let Ok(Flow::Normal | Flow::Continue) = interp.exec_body(&stmt.body) else { return false };
    let Some(middle) = numbers(interp, &reads.names) else { return false };
    let Ok(Flow::Normal | Flow::Continue) = interp.exec_body(&stmt.body) else { return false };
    let Some(after) = numbers(interp, &reads.names) else { return false };
    let steady = |name: &&str| {
        let (a, b, c) = (before.get(*name)?, middle.get(*name)?, after.get(*name)?);
        (b.checked_sub(*a)? == c.checked_sub(*b)?).then_some((*c, b - a))
    };
    let still = |name: &&str| steady(name).is_some_and(|(_, step)| step == 0);
    reads.truths.iter().all(still)
        && reads.comparisons.iter().all(|comparison| {
            let (Some(left), Some(right)) = (comparison.left.value(&steady), comparison.right.value(&steady))
            else {
                return false;
            };
            stays(left, comparison.op, right)
        })
}

/// A number that starts here and grows by this much in each round.
type Line = (i64, i64);

/// Whether a comparison gives the same answer from now on.
fn stays((a, a_step): Line, op: CmpOp, (b, b_step): Line) -> bool {
    let (Some(gap), Some(step)) = (b.checked_sub(a), a_step.checked_sub(b_step)) else { return false };
    if step == 0 {
        return true;
    }
    // The two meet after `gap / step` rounds, if that is not in the past.
    let meets_later = gap.signum() == step.signum() && gap != 0;
    match op {
        CmpOp::Eq | CmpOp::NotEq => gap != 0 && !(meets_later && gap % step == 0),
        CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => gap != 0 && !meets_later,
        _ => false,
    }
}

/// The names that are numbers now; `None` when one of them is something else that can change.
fn numbers<'n>(interp: &mut Interp<'_>, names: &[&'n str]) -> Option<FxHashMap<&'n str, i64>> {
    let mut found = FxHashMap::default();
    for name in names {
        let value =
            interp.lookup(&ruff_python_ast::name::Name::new(name), crate::text::TextRange::default()).ok()?;
        match value {
            Value::Int(int) => found.insert(*name, int),
            Value::Bool(truth) => found.insert(*name, i64::from(truth)),
            _ => return None,
        };
    }
    Some(found)
}

/// One side of a comparison.
enum Side<'a> {
    Name(&'a str),
    Number(i64),
}

impl Side<'_> {
    fn value(&self, steady: &impl Fn(&&str) -> Option<Line>) -> Option<Line> {
        match self {
            Self::Name(name) => steady(name),
            Self::Number(number) => Some((*number, 0)),
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
            Expr::NumberLiteral(literal) => Some(Side::Number(literal.value.as_int()?.as_i64()?)),
            Expr::UnaryOp(inner) if inner.op == ruff_python_ast::UnaryOp::USub => {
                match self.side(&inner.operand)? {
                    Side::Number(number) => Some(Side::Number(number.checked_neg()?)),
                    Side::Name(_) => None,
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
