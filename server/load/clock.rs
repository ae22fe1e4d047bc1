//! Clocks: a loop that looks at one waits until it shows the time that the loop is about, busily or not.
//!
//! Time stands still in the simulation but for the waits that are known. So a comparison with a later time is first false;
//! when a round of a loop has not waited, the clock is put forward to that time.

use ruff_python_ast::name::Name;
use ruff_python_ast::{CmpOp, Operator};

use super::effect::{Certainty, Effect, EffectKind};
use super::interp::Interp;
use super::value::{Id, Kind, Value};
use crate::text::TextRange;

/// Where a time remembers how many seconds after the start of the simulation it is.
const AT: &str = "<at>";

/// Where the difference of two times remembers its seconds.
const SECONDS: &str = "<seconds>";

impl<'a> Interp<'a> {
    /// Remembers when a clock was read.
    pub(super) fn read_clock(&mut self, made: Id, range: TextRange) {
        if matches!(self.heap.kind(made), Kind::Library(path, _) if is_clock(path)) {
            let now = self.now();
            self.heap.set(made, Name::new_static(AT), Value::Float(now), range);
        }
    }

    /// The seconds that were waited so far, for certain.
    pub(super) fn now(&self) -> f64 {
        let certain = self.effects.iter().filter(|effect| effect.certainty >= Certainty::Likely);
        certain.map(Effect::seconds).sum()
    }

    /// Times and durations, added and subtracted.
    pub(super) fn clock_sum(&mut self, a: &Value<'a>, op: Operator, b: &Value<'a>) -> Option<Value<'a>> {
        let range = TextRange::default();
        let sign = match op {
            Operator::Add => 1.0,
            Operator::Sub => -1.0,
            _ => return None,
        };
        match (self.time(a), self.time(b)) {
            (Some((from, _)), Some((until, _))) if op == Operator::Sub => {
                let made = self.heap.allocate(Kind::Library(
                    Name::new_static("datetime.timedelta()"),
                    std::rc::Rc::default(),
                ));
                self.heap.set(made, Name::new_static(SECONDS), Value::Float(from - until), range);
                Some(Value::Object(made))
            }
            (Some((time, clock)), None) => {
                let seconds = self.duration(b)?;
                Some(self.later(clock, time + sign * seconds))
            }
            (None, Some((time, clock))) if op == Operator::Add => {
                let seconds = self.duration(a)?;
                Some(self.later(clock, time + seconds))
            }
            _ => None,
        }
    }

    fn later(&mut self, clock: Id, time: f64) -> Value<'a> {
        let made = self.heap.allocate(self.heap.kind(clock).clone());
        self.heap.set(made, Name::new_static(AT), Value::Float(time), TextRange::default());
        Value::Object(made)
    }

    /// Compares times or durations inside a loop, and remembers how long the comparison keeps its answer.
    pub(super) fn compare_clocks(&mut self, left: &Value<'a>, op: CmpOp, right: &Value<'a>) -> Option<bool> {
        if !self.clock.in_loop {
            return None;
        }
        let gap = match (self.time(left), self.time(right)) {
            (Some((left, _)), Some((right, _))) => right - left,
            (None, None) => {
                let is_difference = |value: &Value<'a>| {
                    value.object().is_some_and(|id| self.heap.slot(id, SECONDS).is_some())
                };
                if !is_difference(left) && !is_difference(right) {
                    return None;
                }
                self.duration(right)? - self.duration(left)?
            }
            _ => return None,
        };
        let (answer, ahead) = match op {
            CmpOp::Lt | CmpOp::LtE => (gap > 0.0, gap),
            CmpOp::Gt | CmpOp::GtE => (gap <= 0.0, gap.abs()),
            _ => return None,
        };
        if ahead > 0.0 {
            self.clock.ahead = Some(self.clock.ahead.map_or(ahead, |known| known.min(ahead)));
        }
        Some(answer)
    }

    /// At the end of a round that nothing but a clock will end: puts the clock forward to the time that the loop waits for,
    /// however busily. A loop that sleeps goes round by itself, unless there are too many rounds; whether it was put forward.
    pub(super) fn pass_time(&mut self, ahead: f64, round_began: f64, range: TextRange) -> bool {
        /// So many rounds are followed one by one.
        const FEW: f64 = 50.0;
        let slept = self.now() - round_began;
        if slept <= 0.0 {
            self.wait(ahead, range);
            return true;
        }
        let last = self.effects.iter().rfind(|effect| matches!(effect.kind, EffectKind::Waits(_)));
        match last.cloned().filter(|_| ahead > slept * FEW) {
            Some(mut sleep) => {
                sleep.kind = EffectKind::Waits(ahead - slept);
                self.effects.push(sleep);
                true
            }
            None => false,
        }
    }

    /// The time that a value is, and the clock that it was read from.
    fn time(&self, value: &Value<'a>) -> Option<(f64, Id)> {
        let id = value.object()?;
        // What was read before this request came says nothing of how long ago that was.
        if id.0 < self.served_from {
            return None;
        }
        Some((self.heap.slot(id, AT)?.value.as_number()?, id))
    }

    /// A number of seconds, a `timedelta`, or a difference of times.
    fn duration(&self, value: &Value<'a>) -> Option<f64> {
        const UNITS: &[(&str, f64)] = &[
            ("days", 86_400.0),
            ("seconds", 1.0),
            ("microseconds", 1e-6),
            ("milliseconds", 1e-3),
            ("minutes", 60.0),
            ("hours", 3_600.0),
            ("weeks", 604_800.0),
        ];
        let Some(id) = value.object() else { return value.as_number() };
        if let Some(slot) = self.heap.slot(id, SECONDS) {
            return slot.value.as_number();
        }
        let Kind::Library(path, made) = self.heap.kind(id) else { return None };
        if path == "datetime.timedelta().total_seconds()" {
            return self.duration(&Value::Object(self.heap.made_from(id)?));
        }
        if path != "datetime.timedelta()" || made.open {
            return None;
        }
        let mut sum = 0.0;
        for (at, (unit, seconds)) in UNITS.iter().enumerate() {
            if let Some(number) = made.get(unit, at) {
                sum += number.as_number()? * seconds;
            }
        }
        Some(sum)
    }
}

/// What a loop knows of clocks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    /// Whether a loop runs whose rounds may put the clock forward.
    pub in_loop: bool,
    /// The seconds until a comparison of this round changes its answer.
    pub ahead: Option<f64>,
}

/// What a call of a clock gives.
fn is_clock(path: &str) -> bool {
    matches!(
        path,
        "time.time()"
            | "time.monotonic()"
            | "time.perf_counter()"
            | "datetime.datetime.now()"
            | "datetime.datetime.utcnow()"
            | "django.utils.timezone.now()"
    )
}
