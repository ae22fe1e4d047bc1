//! Iteration: what comes out of a container, a range or a generator.

use std::rc::Rc;

use super::effect::{BlockKind, RaiseCause};
use super::interp::{Interp, Stop};
use super::value::{Arguments, Kind, Value};
use crate::text::TextRange;

/// A loop or sum over more items than this outlasts every patience: CPython handles some 50 million simple items in a
/// second, so this many take more than a minute and a half.
const TOO_MANY: f64 = 5e9;

/// What an iteration gives.
#[derive(Debug, Default)]
pub(crate) struct Items<'a> {
    /// What is known to come, in order.
    pub known: Vec<Value<'a>>,
    /// Whether more, or something else, may come.
    pub open: bool,
    /// Whether it never ends.
    pub endless: bool,
    /// Whether what else may come is like what is known.
    pub alike: bool,
    /// How many there are, where that is known and too many to list.
    pub count: Option<i64>,
}

impl<'a> Items<'a> {
    fn unknown() -> Self {
        Self { open: true, ..Self::default() }
    }

    fn of(known: Vec<Value<'a>>) -> Self {
        Self { known, ..Self::default() }
    }

    /// Any one of the items.
    pub fn element(&self) -> Value<'a> {
        // All that a query set gives is of one class, however much it is.
        if let (true, [only @ Value::Object(_)], true) = (self.open, self.known.as_slice(), self.alike) {
            return only.clone();
        }
        let first =
            if self.open || self.endless { Some(Value::Unknown) } else { self.known.first().cloned() };
        let first = first.unwrap_or(Value::Unknown);
        self.known.iter().cloned().fold(first, Value::or)
    }
}

impl<'a> Interp<'a> {
    /// What iterating over a value gives. Running a generator of the project happens here.
    pub fn iterate(&mut self, value: &Value<'a>, range: TextRange) -> Result<Items<'a>, Stop<'a>> {
        /// Longer ranges are not listed.
        const LISTED: i64 = 400;
        Ok(match value {
            Value::Tuple(items) => Items::of(items.to_vec()),
            Value::Str(text) => Items::of(text.chars().map(|c| Value::str(c.to_string())).collect()),
            Value::Object(id) => match self.heap.kind(*id).clone() {
                Kind::List(items, open) | Kind::Set(items, open) => {
                    Items { known: items.to_vec(), open, ..Items::default() }
                }
                Kind::Dict(items, open) => Items {
                    known: items.iter().map(|(key, _)| key.clone()).collect(),
                    open,
                    ..Items::default()
                },
                Kind::Class(_) => match self.members(*id) {
                    Some(members) => Items::of(members.to_vec()),
                    None => Items::unknown(),
                },
                Kind::Instance(_) => {
                    return Ok(self.iterate_instance(*id, range)?.unwrap_or_else(Items::unknown));
                }
                Kind::Lazy(_) => {
                    let (known, open) = self.run_lazy(*id)?;
                    Items { known, open, ..Items::default() }
                }
                Kind::Suspended(..) => {
                    let endless = self.never_ends(*id);
                    let (known, open) = self.run_generator(*id, range)?;
                    Items { known, open, endless, ..Items::default() }
                }
                Kind::Library(path, arguments) => match path.as_str() {
                    "builtins.range()" => {
                        let int = |at: usize| match arguments.positional.get(at) {
                            Some(Value::Int(int)) => Some(*int),
                            _ => None,
                        };
                        let (start, stop, step) = match arguments.positional.len() {
                            1 => (Some(0), int(0), Some(1)),
                            2 => (int(0), int(1), Some(1)),
                            _ => (int(0), int(1), int(2)),
                        };
                        let (Some(start), Some(stop), Some(step)) = (start, stop, step) else {
                            return Ok(Items::unknown());
                        };
                        if step == 0 {
                            return Ok(Items::unknown());
                        }
                        let count = stop.saturating_sub(start).saturating_add(step - step.signum()) / step;
                        if count > LISTED {
                            return Ok(Items { count: Some(count), ..Items::unknown() });
                        }
                        Items::of((0..count.max(0)).map(|at| Value::Int(start + at * step)).collect())
                    }
                    "builtins.iter()" => return self.call_until(&arguments, range),
                    "pkgutil.ModuleInfo()" => Items::of(arguments.positional.clone()),
                    "itertools.count()" | "itertools.cycle()" => Items { endless: true, ..Items::unknown() },
                    "itertools.repeat()"
                        if arguments.positional.len() == 1 && arguments.keywords.is_empty() =>
                    {
                        Items { endless: true, ..Items::unknown() }
                    }
                    path if path.starts_with("itertools.") => match self.choices(path, &arguments) {
                        Some(count) if count > LISTED => Items { count: Some(count), ..Items::unknown() },
                        _ => Items::unknown(),
                    },
                    "builtins.enumerate()" => {
                        let Some(inner) = arguments.positional.first() else { return Ok(Items::unknown()) };
                        let start = match arguments.get("start", 1) {
                            Some(Value::Int(start)) => *start,
                            _ => 0,
                        };
                        let inner = self.iterate(inner, range)?;
                        let pair = |(at, item): (usize, Value<'a>)| {
                            let at = start.saturating_add(i64::try_from(at).unwrap_or(i64::MAX));
                            Value::Tuple(Rc::new(vec![Value::Int(at), item]))
                        };
                        Items { known: inner.known.into_iter().enumerate().map(pair).collect(), ..inner }
                    }
                    path if path.starts_with("django.") && path.contains(".objects.") => {
                        match self.model_of(self.heap.made_from(*id)) {
                            Some(class) => {
                                let object = Value::Object(self.heap.allocate(Kind::Instance(class)));
                                Items { known: vec![object], open: true, alike: true, ..Items::default() }
                            }
                            None => Items::unknown(),
                        }
                    }
                    _ => Items::unknown(),
                },
                _ => Items::unknown(),
            },
            // Standard input is empty on a host.
            Value::Library(library) if library.path == "sys.stdin" => Items::of(Vec::new()),
            _ => Items::unknown(),
        })
    }

    /// `iter(function, end)`: what the function gives, call after call, until it gives the end.
    fn call_until(&mut self, arguments: &Arguments<'a>, range: TextRange) -> Result<Items<'a>, Stop<'a>> {
        /// So many calls are followed.
        const MOST: usize = 100;
        let [function, end] = arguments.positional.as_slice() else { return Ok(Items::unknown()) };
        if !matches!(function, Value::Function(_) | Value::Method(_)) {
            return Ok(Items::unknown());
        }
        let mut known = Vec::new();
        for _ in 0..MOST {
            let (forks, version) = (self.forks, self.heap.version());
            let young = self.heap.begin_round();
            let value = self.call(function, Arguments::default(), range, range);
            self.heap.end_round(young);
            let value = value?;
            let differs = match (&value, end) {
                // The content of `bytes` is not known, and an empty one is what mostly ends it.
                (Value::Bytes, Value::Bytes) => None,
                _ => self.equal(&value, end).map(|equal| !equal),
            };
            match differs {
                Some(false) => return Ok(Items::of(known)),
                None => return Ok(Items { known, ..Items::unknown() }),
                Some(true) => known.push(value),
            }
            if self.forks == forks && self.heap.version() == version {
                return Ok(Items { known, endless: true, ..Items::unknown() });
            }
        }
        Ok(Items { known, ..Items::unknown() })
    }

    /// The first item of a range that is too long to be listed, and the step to the next.
    pub(super) fn range_start(&self, value: &Value<'a>) -> Option<(i64, i64)> {
        let Kind::Library(path, arguments) = self.heap.kind(value.object()?) else { return None };
        if path != "builtins.range()" {
            return None;
        }
        match arguments.positional.as_slice() {
            [Value::Int(_)] => Some((0, 1)),
            [Value::Int(start), Value::Int(_)] => Some((*start, 1)),
            [Value::Int(start), Value::Int(_), Value::Int(step)] => Some((*start, *step)),
            _ => None,
        }
    }

    /// How many ways to choose `itertools` goes through.
    fn choices(&mut self, path: &str, arguments: &Arguments<'a>) -> Option<i64> {
        let int = |value: Option<&Value<'a>>| match value {
            None => Some(None),
            Some(Value::Int(int)) => Some(Some(*int)),
            Some(_) => None,
        };
        let mut length = |value: &Value<'a>| match self.length(value) {
            Value::Int(length) => Some(length),
            _ => None,
        };
        let falling = |from: i64, factors: i64| {
            (0..factors).fold(1_i64, |all, at| all.saturating_mul((from - at).max(0)))
        };
        match path {
            "itertools.product()" => {
                let each: Option<Vec<i64>> = arguments.positional.iter().map(&mut length).collect();
                let once = each?.into_iter().fold(1_i64, i64::saturating_mul);
                let repeat = int(arguments.keyword("repeat"))?.unwrap_or(1);
                Some(once.saturating_pow(u32::try_from(repeat).ok()?))
            }
            "itertools.permutations()" => {
                let from = length(arguments.get("iterable", 0)?)?;
                Some(falling(from, int(arguments.get("r", 1))?.unwrap_or(from).min(from)))
            }
            "itertools.combinations()" => {
                let from = length(arguments.get("iterable", 0)?)?;
                let taken = int(arguments.get("r", 1))??;
                let taken = taken.min(from - taken);
                // Multiplied and divided in turn, each step is a whole number.
                Some((0..taken).fold(1_i64, |all, at| all.saturating_mul(from - at) / (at + 1)))
            }
            _ => None,
        }
    }

    /// Raises what Python raises for a loop over something that has no items.
    pub fn check_iterable(&self, value: &Value<'a>, range: TextRange) -> Result<(), Stop<'a>> {
        if value.has_no_items() {
            let message = format!("'{}' object is not iterable", value.type_name());
            return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
        }
        Ok(())
    }

    /// Records that a loop over so many items outlasts every host.
    pub fn check_length(&mut self, items: &Items<'a>, range: TextRange) -> Result<(), Stop<'a>> {
        #[allow(clippy::cast_precision_loss)]
        let rounds = items.count.map_or(items.known.len() as f64, |count| count as f64) * self.times;
        if rounds >= TOO_MANY {
            self.blocks("a computation over billions of items".to_owned(), BlockKind::Computation, range)?;
        }
        Ok(())
    }
}
