//! Loops: known rounds are run one by one, unknown ones once, and what never ends is recorded.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt, StmtFor, StmtWhile};
use ruff_text_size::Ranged;

use super::clock::Clock;
use super::effect::{Block, BlockKind, EffectKind, Phase, RaiseCause};
use super::interp::{Exec, Flow, Interp, Stop};
use super::library::VIEW_OF;
use super::progress::{Ahead, rounds_ahead};
use super::value::{Id, Kind, Value};
use crate::text::TextRange;

/// Known loops are followed for so many rounds; then their end is taken for granted.
const ROUNDS: usize = 300;

impl<'a> Interp<'a> {
    /// `for`.
    pub fn exec_for(&mut self, stmt: &'a StmtFor) -> Exec<'a> {
        let iterable = self.eval(&stmt.iter)?;
        self.check_iterable(&iterable, stmt.iter.range())?;
        let exits = Exits::of(&stmt.body);
        let items = self.iterate(&iterable, stmt.iter.range())?;
        let outer = std::mem::take(&mut self.may.breaks);
        if !exits.any() || self.stays_inside(stmt, &iterable) {
            self.check_length(&items, header(stmt.range(), stmt.iter.end()))?;
        }
        let flow = if items.endless && !exits.any() {
            self.assign(&stmt.target, items.element())?;
            self.round(&stmt.body)?;
            let what = "a loop over something that never ends".to_owned();
            self.blocks(what, BlockKind::Loop, header(stmt.range(), stmt.iter.end()))
        } else if let Some(rounds) = items.count.filter(|count| *count > 0 && !exits.any()) {
            // One round stands for all of them.
            let outer = self.times;
            #[allow(clippy::cast_precision_loss)]
            let many = outer * rounds as f64;
            self.times = many;
            let element = items.element();
            let flow = self.assign(&stmt.target, element).and_then(|()| self.round(&stmt.body));
            self.times = outer;
            flow.map(|_| Flow::Normal)
        } else if items.open || items.known.len() > ROUNDS {
            let element = items.element();
            self.fork(
                |me| {
                    me.assign(&stmt.target, element)?;
                    me.round(&stmt.body)
                },
                |_| Ok(Flow::Normal),
            )
            .map(|flow| match flow {
                Flow::Return(value) => Flow::Return(value),
                _ => Flow::Normal,
            })
        } else {
            self.known_rounds(stmt, items.known, &iterable, exits)
        };
        self.may.breaks = outer;
        flow
    }

    /// Whether the first rounds over a long range all go on, by choices that are known: then the others hardly leave it
    /// either. It leaves no trace.
    fn stays_inside(&mut self, stmt: &'a StmtFor, iterable: &Value<'a>) -> bool {
        /// So many rounds are tried.
        const TRIED: i64 = 1_000;
        let Some((start, step)) = self.range_start(iterable) else { return false };
        let (forks, fuel) = (self.forks, self.fuel);
        let stays = self.probe(|me| {
            (0..TRIED).all(|round| {
                let item = Value::Int(start.saturating_add(round.saturating_mul(step)));
                let flow = me.assign(&stmt.target, item).and_then(|()| me.round(&stmt.body));
                matches!(flow, Ok(Flow::Normal | Flow::Continue)) && me.forks == forks
            })
        });
        let ran_dry = self.fuel == 0;
        self.fuel = fuel;
        stays && !ran_dry
    }

    fn known_rounds(
        &mut self,
        stmt: &'a StmtFor,
        items: Vec<Value<'a>>,
        iterable: &Value<'a>,
        exits: Exits,
    ) -> Exec<'a> {
        let container = iterable.object().and_then(|id| self.container_of(id));
        let (before, forks) = (items.len(), self.forks);
        let mut items = items;
        let mut at = 0;
        while let Some(item) = items.get(at).cloned() {
            at += 1;
            self.assign(&stmt.target, item)?;
            match self.round(&stmt.body)? {
                Flow::Break => return Ok(Flow::Normal),
                Flow::Return(value) => return Ok(Flow::Return(value)),
                Flow::Normal | Flow::Continue => {}
            }
            let Some(id) = container.filter(|_| self.forks == forks) else { continue };
            self.check_unchanged(id, before, stmt)?;
            // A list that the body makes longer is gone through to its new end.
            if let Kind::List(now, false) = self.heap.kind(id)
                && now.len() > items.len()
            {
                items.extend(now[items.len()..].iter().cloned());
                if at > ROUNDS && !exits.any() {
                    let what = "a loop over a list that grows in each round".to_owned();
                    return self.blocks(what, BlockKind::Loop, header(stmt.range(), stmt.iter.end()));
                }
            }
            if at > ROUNDS + before || !self.burn() {
                break;
            }
        }
        if self.may.breaks {
            return self.fork(|me| me.exec_body(&stmt.orelse), |_| Ok(Flow::Normal));
        }
        self.exec_body(&stmt.orelse)
    }

    /// The container that a loop goes through while it can change: the list itself, or the dictionary behind a view.
    fn container_of(&self, id: Id) -> Option<Id> {
        match self.heap.slot(id, VIEW_OF) {
            Some(slot) => slot.value.object(),
            None => Some(id).filter(|id| matches!(self.heap.kind(*id), Kind::List(..) | Kind::Dict(..))),
        }
    }

    /// Raises what Python raises when a dictionary has grown or shrunk while a loop goes through it.
    fn check_unchanged(&self, id: Id, before: usize, stmt: &'a StmtFor) -> Result<(), Stop<'a>> {
        let Kind::Dict(items, false) = self.heap.kind(id) else { return Ok(()) };
        let plain = items.iter().all(|(key, _)| matches!(key, Value::Str(_) | Value::Int(_)));
        if items.len() == before || !plain || !self.is_private(&Value::Object(id)) {
            return Ok(());
        }
        let message = "dictionary changed size during iteration";
        let range = header(stmt.range(), stmt.iter.end());
        Err(self.raise("RuntimeError", message, RaiseCause::Plain, range))
    }

    /// `while`.
    pub fn exec_while(&mut self, stmt: &'a StmtWhile) -> Exec<'a> {
        let exits = Exits::of(&stmt.body);
        let outer = std::mem::take(&mut self.may.breaks);
        let clock = std::mem::replace(&mut self.clock, Clock { in_loop: true, ahead: None });
        let flow = self.while_rounds(stmt, exits);
        self.clock = clock;
        self.may.breaks = outer;
        flow
    }

    fn while_rounds(&mut self, stmt: &'a StmtWhile, exits: Exits) -> Exec<'a> {
        let forks_before = self.forks;
        // A loop that waits in each round is followed until its waits add up.
        let rounds = if self.phase == Phase::Request { ROUNDS * 10 } else { ROUNDS };
        for round in 0..rounds {
            if !self.burn() {
                return Err(Stop::Halt);
            }
            let returns = self.may.returns.len();
            let raises = self.may.raises.len();
            let before = self.heap.version();
            let (forks, caught) = (self.forks, self.caught);
            let now = self.now();
            self.clock.ahead = None;
            let outer = std::mem::take(&mut self.assumed);
            let test = self.eval_test(&stmt.test)?;
            let truth = self.decide(&test, stmt.test.range())?;
            let assumed = std::mem::replace(&mut self.assumed, outer);
            match truth {
                Some(false) => return self.exec_body(&stmt.orelse),
                None => {
                    let flow = self.fork(|me| me.round(&stmt.body), |_| Ok(Flow::Normal))?;
                    return Ok(match flow {
                        Flow::Return(value) => Flow::Return(value),
                        _ => Flow::Normal,
                    });
                }
                Some(true) => {}
            }
            let young = self.heap.begin_round();
            let flow = self.assuming(assumed, |me| me.round(&stmt.body));
            self.heap.end_round(young);
            match flow? {
                Flow::Break => return Ok(Flow::Normal),
                Flow::Return(value) => return Ok(Flow::Return(value)),
                Flow::Normal | Flow::Continue => {}
            }
            let may_end =
                self.may.breaks || self.may.returns.len() > returns || self.may.raises.len() > raises;
            if may_end || exits.yields {
                return Ok(Flow::Normal);
            }
            if let Some(seconds) = self.clock.ahead.filter(|_| self.forks == forks)
                && self.pass_time(seconds, now, header(stmt.range(), stmt.test.end()))
            {
                continue;
            }
            let unchanged = self.heap.version() == before && self.clock.ahead.is_none();
            let constant = is_constant(&stmt.test);
            // A round that changed nothing, had no choice and only got this far because of a caught exception will be
            // followed by the same round again.
            let stuck = unchanged && self.forks == forks && self.caught > caught;
            let assumed = assumed || stuck && self.caught_assumed;
            if stuck || !exits.any() && (unchanged || constant && round > 0) {
                let what = "an endless loop".to_owned();
                let range = header(stmt.range(), stmt.test.end());
                return self.assuming(assumed, |me| me.blocks(what, BlockKind::Loop, range));
            }
        }
        if self.forks != forks_before {
            return Ok(Flow::Normal);
        }
        let (what, kind) = match rounds_ahead(self, stmt) {
            Ahead::Endless => ("a loop whose condition never changes", BlockKind::Loop),
            Ahead::Billions => ("a loop with billions of rounds", BlockKind::Computation),
            Ahead::Unknown => return Ok(Flow::Normal),
        };
        self.blocks(what.to_owned(), kind, header(stmt.range(), stmt.test.end()))
    }

    /// Runs a loop body once; what may leave it early only makes this round uncertain.
    fn round(&mut self, body: &'a [Stmt]) -> Exec<'a> {
        let leftover = std::mem::take(&mut self.leftover);
        let flow = self.exec_body(body);
        self.doubt.possible = self.doubt.possible.saturating_sub(self.leftover);
        self.leftover = leftover;
        flow
    }

    /// Records that the process waits here for ever.
    pub fn blocks(&mut self, what: String, kind: BlockKind, range: TextRange) -> Exec<'a> {
        self.record(EffectKind::Blocks(Block { what, kind }), range);
        Err(Stop::Halt)
    }
}

/// The range from the start of a statement to the end of its head.
fn header(whole: TextRange, end: ruff_text_size::TextSize) -> TextRange {
    TextRange::new(whole.start(), end)
}

/// `while True` in its spellings.
pub(super) fn is_constant(test: &Expr) -> bool {
    matches!(test, Expr::BooleanLiteral(_) | Expr::NumberLiteral(_) | Expr::StringLiteral(_))
}

/// How the statements of a loop or function body can leave it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Exits {
    breaks: bool,
    returns: bool,
    raises: bool,
    /// It hands control back to somebody who may never come again.
    pub yields: bool,
}

impl Exits {
    /// Looks for `break`, `return`, `raise` and `yield`, but not into nested functions, and for `break` not into nested
    /// loops.
    pub fn of(body: &[Stmt]) -> Self {
        struct Find {
            exits: Exits,
            loops: usize,
        }
        impl<'s> Visitor<'s> for Find {
            fn visit_stmt(&mut self, stmt: &'s Stmt) {
                match stmt {
                    Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                    Stmt::Break(_) => self.exits.breaks |= self.loops == 0,
                    Stmt::Return(inner) => {
                        self.exits.returns = true;
                        if let Some(value) = &inner.value {
                            self.visit_expr(value);
                        }
                    }
                    Stmt::Raise(_) => self.exits.raises = true,
                    Stmt::For(_) | Stmt::While(_) => {
                        self.loops += 1;
                        visitor::walk_stmt(self, stmt);
                        self.loops -= 1;
                    }
                    _ => visitor::walk_stmt(self, stmt),
                }
            }
            fn visit_expr(&mut self, expr: &'s Expr) {
                match expr {
                    Expr::Yield(_) | Expr::YieldFrom(_) => self.exits.yields = true,
                    Expr::Lambda(_) => {}
                    _ => visitor::walk_expr(self, expr),
                }
            }
        }
        let mut find = Find { exits: Self::default(), loops: 0 };
        find.visit_body(body);
        find.exits
    }

    /// Whether anything leaves it for good.
    pub fn leaves(self) -> bool {
        self.breaks || self.returns || self.raises
    }

    fn any(self) -> bool {
        self.leaves() || self.yields
    }
}
