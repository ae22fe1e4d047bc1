//! What nobody knows: running both branches of a choice and joining what they leave, assuming something, trying something out.

use rustc_hash::FxHashSet;

use super::effect::RaiseCause;
use super::interp::{Flow, Interp, Stop};
use super::value::Value;
use crate::text::TextRange;

/// Results that can be joined when nobody knows which branch was taken.
pub(crate) trait Merge<'a>: Sized {
    fn merge(self, other: Self, interp: &mut Interp<'a>) -> Self;
}

impl<'a> Merge<'a> for Value<'a> {
    fn merge(self, other: Self, _: &mut Interp<'a>) -> Self {
        self.or(other)
    }
}

impl<'a> Merge<'a> for Flow<'a> {
    fn merge(self, other: Self, interp: &mut Interp<'a>) -> Self {
        match (self, other) {
            (Self::Normal, Self::Normal) => Self::Normal,
            (Self::Break, Self::Break) => Self::Break,
            (Self::Continue, Self::Continue) => Self::Continue,
            (Self::Return(a), Self::Return(b)) => Self::Return(a.or(b)),
            (a, b) => {
                // One path leaves early, so what follows is only reached on the other.
                interp.doubt.possible += 1;
                interp.leftover += 1;
                let mut goes_on = false;
                for flow in [a, b] {
                    match flow {
                        Self::Normal => goes_on = true,
                        Self::Break => interp.may.breaks = true,
                        Self::Continue => interp.may.continues = true,
                        Self::Return(value) => interp.may.returns.push(value),
                    }
                }
                if goes_on {
                    Self::Normal
                } else if let Some(value) = interp.may.returns.pop() {
                    Self::Return(value)
                } else {
                    Self::Break
                }
            }
        }
    }
}

impl<'a> Interp<'a> {
    /// Runs two branches of which the process takes one, nobody knows which, and joins what they leave.
    pub fn fork<T: Merge<'a>>(
        &mut self,
        a: impl FnOnce(&mut Self) -> Result<T, Stop<'a>>,
        b: impl FnOnce(&mut Self) -> Result<T, Stop<'a>>,
    ) -> Result<T, Stop<'a>> {
        self.forks += 1;
        let (outer, leftover) = (self.doubt, self.leftover);
        let first_effect = self.effects.len();
        self.doubt.possible += 1;
        let inner = self.doubt;
        let mark = self.heap.begin();
        let left = a(self);
        let left_changes = self.heap.take_back(mark);
        let second_effect = self.effects.len();
        let left_early = std::mem::replace(&mut self.leftover, leftover) > leftover;
        self.doubt = inner;
        let mark = self.heap.begin();
        let right = b(self);
        let right_changes = self.heap.take_back(mark);
        let right_early = std::mem::replace(&mut self.leftover, leftover) > leftover;
        self.doubt = outer;
        self.promote(
            first_effect,
            second_effect,
            matches!((&left, &right), (Err(Stop::Halt), Err(Stop::Halt))) && !self.gave_up(),
        );
        // Where a branch that goes on has left the function on some path inside, what follows is only reached on the others.
        if left_early && left.is_ok() || right_early && right.is_ok() {
            self.doubt.possible += 1;
            self.leftover += 1;
        }
        match (left, right) {
            (Ok(x), Ok(y)) => {
                self.heap.join(left_changes, right_changes);
                Ok(x.merge(y, self))
            }
            (Ok(x), Err(stop)) => {
                self.heap.redo(left_changes);
                self.may_raise(stop);
                Ok(x)
            }
            (Err(stop), Ok(y)) => {
                self.heap.redo(right_changes);
                self.may_raise(stop);
                Ok(y)
            }
            (Err(Stop::Halt), Err(other)) | (Err(other), Err(Stop::Halt)) => {
                self.heap.redo(left_changes);
                Err(other)
            }
            (Err(Stop::Raise(mut x)), Err(Stop::Raise(y))) => {
                self.heap.redo(left_changes);
                x.effect.certainty = x.effect.certainty.max(self.certainty());
                self.may.raises.push(*y);
                Err(Stop::Raise(x))
            }
        }
    }

    /// What both branches do happens for certain; so does an end that both come to.
    fn promote(&mut self, first: usize, second: usize, both_halt: bool) {
        let certainty = self.certainty();
        let mut twins = FxHashSet::default();
        for at in first..second {
            let twin = (second..self.effects.len()).find(|other| {
                self.effects[*other].kind == self.effects[at].kind
                    && self.effects[*other].site == self.effects[at].site
            });
            if twin.is_some() || both_halt {
                self.effects[at].certainty = self.effects[at].certainty.max(certainty);
            }
            twins.extend(twin);
        }
        if both_halt {
            for at in second..self.effects.len() {
                self.effects[at].certainty = self.effects[at].certainty.max(certainty);
            }
        }
        let mut index = 0;
        self.effects.retain(|_| {
            index += 1;
            !twins.contains(&(index - 1))
        });
    }

    /// Runs something that rests on an assumption.
    pub fn assuming<T>(&mut self, assumed: bool, run: impl FnOnce(&mut Self) -> T) -> T {
        let by = u32::from(assumed);
        self.doubt.assumed += by;
        let result = run(self);
        self.doubt.assumed = self.doubt.assumed.saturating_sub(by);
        result
    }

    /// What Python raises for a `None` that is used as something else. The host may set the variable that was missing here.
    pub fn misused_none(&mut self, class: &str, message: impl Into<String>, range: TextRange) -> Stop<'a> {
        let assumed = self.lacks_variables;
        self.assuming(assumed, |me| me.raise(class, message, RaiseCause::Plain, range))
    }

    /// Runs something to learn how it ends, and forgets that it ran: no effect, no change, no finding stays.
    pub fn probe<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let effects = self.effects.len();
        let (loaded, registered) = (self.loaded.len(), self.registered.len());
        let may = std::mem::take(&mut self.may);
        let (doubt, leftover, assumed) = (self.doubt, self.leftover, self.assumed);
        let mark = self.heap.begin();
        let result = run(self);
        let _ = self.heap.take_back(mark);
        self.effects.truncate(effects);
        self.loaded.truncate(loaded);
        self.registered.truncate(registered);
        self.may = may;
        (self.doubt, self.leftover, self.assumed) = (doubt, leftover, assumed);
        result
    }
}
