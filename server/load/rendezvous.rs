//! What threads hand to one another: how much queues, locks and semaphores hold, and waits for what nobody will bring.

use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::effect::{BlockKind, Phase, RaiseCause};
use super::interp::{Interp, Stop};
use super::value::{Id, Kind, Value};
use crate::text::TextRange;

/// Where an object remembers how much of it can be taken.
const COUNT: &str = "<count>";

/// Where a queue remembers how much of its content nobody has called done.
const UNFINISHED: &str = "<unfinished>";

/// Where an end of a channel remembers the other end.
const PEER: &str = "<peer>";

/// Where an object remembers that somebody has put something into it, or may have.
const FILLED: &str = "<filled>";

impl<'a> Interp<'a> {
    /// Takes a lock or a semaphore. Taking more than there is means waiting for ever: a lock that this thread holds already
    /// will not be given back meanwhile.
    pub fn acquire(&mut self, lock: Id, range: TextRange) -> Result<(), Stop<'a>> {
        if self.count(lock).is_some_and(|count| count <= 0) {
            let is_lock = matches!(self.heap.kind(lock), Kind::Library(path, _) if path.ends_with("Lock()"));
            if is_lock || !self.others_work() {
                let what = match is_lock {
                    true => "a wait for a lock that this thread holds already",
                    false => "a wait for a semaphore that nobody gives back",
                };
                self.blocks(what.to_owned(), BlockKind::Wait, range)?;
            }
        }
        self.add(lock, COUNT, -1, range);
        Ok(())
    }

    /// Gives a lock or a semaphore back.
    pub fn release(&mut self, lock: Id) {
        self.add(lock, COUNT, 1, TextRange::default());
    }

    /// What a library's call has given is awaited: tasks wait for one another only then.
    pub(super) fn await_library(&mut self, awaited: Id, range: TextRange) -> Result<(), Stop<'a>> {
        let Kind::Library(path, _) = self.heap.kind(awaited).clone() else { return Ok(()) };
        let object = self.heap.made_from(awaited).unwrap_or(awaited);
        let what = match path.as_str() {
            "asyncio.Lock().acquire()" | "asyncio.Semaphore().acquire()" => {
                return self.acquire(object, range);
            }
            "asyncio.Event().wait()" => "a wait for an event that nobody sets",
            "asyncio.Condition().wait()" => "a wait for a condition that nobody notifies",
            "asyncio.Future()" => "a wait for a result that nobody sets",
            "asyncio.Queue().get()" => "a wait for a queue that nobody fills",
            _ => return Ok(()),
        };
        if self.is_own(object) && !self.may_be_there(object) {
            self.blocks(what.to_owned(), BlockKind::Wait, range)?;
        }
        if path.ends_with(".get()") {
            self.add(object, COUNT, -1, range);
        }
        Ok(())
    }

    /// A method of a queue, an event or something else that threads wait for was called and has come back.
    pub(super) fn hand_over(&mut self, object: Id, method: &str, range: TextRange) {
        match method {
            "put" | "put_nowait" => {
                self.add(object, COUNT, 1, range);
                self.add(object, UNFINISHED, 1, range);
                self.fill(object, range);
            }
            // Tasks take something when they have awaited it.
            "get" if matches!(self.heap.kind(object), Kind::Library(path, _) if path == "asyncio.Queue()") => {
            }
            "get" | "get_nowait" => self.add(object, COUNT, -1, range),
            "task_done" => self.add(object, UNFINISHED, -1, range),
            "set" | "notify" | "notify_all" | "release" | "set_result" | "set_exception" | "stop" => {
                self.fill(object, range);
            }
            _ => {}
        }
    }

    /// Whether a call waits for room in a queue that is full, or for work that nobody does.
    pub(super) fn waits_for_others(&self, path: &str, object: Id, is_bounded: bool) -> Option<&'static str> {
        if is_bounded || self.others_work() || !is_queue(path) {
            return None;
        }
        match path.rsplit('.').next()? {
            "put" => {
                let Kind::Library(_, made) = self.heap.kind(object) else { return None };
                let Some(Value::Int(room @ 1..)) = made.get("maxsize", 0) else { return None };
                (self.count(object)? >= *room).then_some("a wait for room in a queue that nobody empties")
            }
            "join" => match self.heap.slot(object, UNFINISHED)?.value {
                Value::Int(1..) if self.is_own(object) => Some("a wait for work that nobody does"),
                _ => None,
            },
            _ => None,
        }
    }

    /// Raises what Python raises where something is taken from a queue that is empty, or put into one that is full, without waiting
    /// for others.
    pub(super) fn check_queue(
        &self,
        path: &str,
        object: Id,
        gives_up: bool,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let Some((queue, method)) = path.rsplit_once('.').filter(|(queue, _)| is_queue(queue)) else {
            return Ok(());
        };
        if self.others_work() || self.others_fill(object) {
            return Ok(());
        }
        let count = self.count(object);
        let Kind::Library(_, made) = self.heap.kind(object) else { return Ok(()) };
        let problem = match method {
            "get_nowait" => "Empty",
            "get" if gives_up => "Empty",
            "put_nowait" => "Full",
            "put" if gives_up => "Full",
            _ => return Ok(()),
        };
        let fails = match (problem, count, made.get("maxsize", 0)) {
            ("Empty", Some(count), _) => count <= 0,
            ("Full", Some(count), Some(Value::Int(room @ 1..))) => count >= *room,
            _ => false,
        };
        if !fails {
            return Ok(());
        }
        let class = match queue.starts_with("asyncio.") {
            true => format!("asyncio.Queue{problem}"),
            false => format!("queue.{problem}"),
        };
        Err(self.raise_library(&class, "", RaiseCause::Plain, range))
    }

    /// The two ends of a channel: what is written to one can be read from the other.
    pub(super) fn channel(&mut self, path: &'static str, range: TextRange) -> Value<'a> {
        let ends = [(); 2].map(|()| self.heap.allocate(Kind::Library(Name::new_static(path), Rc::default())));
        for (end, peer) in [(ends[0], ends[1]), (ends[1], ends[0])] {
            self.heap.set(end, Name::new_static(PEER), Value::Object(peer), range);
        }
        Value::Tuple(Rc::new(ends.into_iter().map(Value::Object).collect()))
    }

    /// Something is written to an end of a channel, or the end is closed: who reads at the other end does not wait.
    pub(super) fn write_channel(&mut self, end: Id, range: TextRange) {
        if let Some(peer) = self.peer(end) {
            self.fill(peer, range);
        }
    }

    /// Whether reading from an end of a channel waits for ever: nothing was written to the other end, and nobody else has it.
    pub(super) fn is_silent(&self, end: Id) -> bool {
        self.peer(end).is_some() && self.is_own(end) && !self.may_be_there(end)
    }

    fn peer(&self, end: Id) -> Option<Id> {
        self.heap.slot(end, PEER)?.value.object()
    }

    /// Whether something that is waited for is there already, or was promised.
    pub(super) fn may_be_there(&self, object: Id) -> bool {
        let there = match self.count(object) {
            Some(count) => count > 0,
            // A future that an executor gave, the executor will fill.
            None => {
                let is_future = matches!(self.heap.kind(object), Kind::Library(path, _) if path == "concurrent.futures.Future()");
                self.heap.slot(object, FILLED).is_some() || is_future && self.heap.made_from(object).is_some()
            }
        };
        there || self.others_work() || self.others_fill(object)
    }

    /// Whether a thread, a process or a task was started that may end a wait.
    fn others_work(&self) -> bool {
        self.heap.slot(self.overrides, "<workers>").is_some()
    }

    /// Whether something that was there before this request may be filled by another one.
    fn others_fill(&self, object: Id) -> bool {
        !self.is_own(object) && self.ran.iter().any(|module| module.changes().signals)
    }

    /// Something was given to a library, which may put something into it at any time.
    pub(super) fn hand_out(&mut self, value: &Value<'a>, range: TextRange) {
        let object = match value {
            Value::Object(id) => *id,
            // `loop.call_later(1, event.set)`
            Value::Library(library) => match library.receiver {
                Some(id) => {
                    if library.path.ends_with(".stop") {
                        self.fill(id, range);
                    }
                    id
                }
                None => return,
            },
            _ => return,
        };
        if matches!(self.heap.kind(object), Kind::Library(path, _) if is_shared(path)) {
            self.fill(object, range);
            self.write_channel(object, range);
            self.heap.set(object, Name::new_static(COUNT), Value::Unknown, range);
        }
    }

    fn fill(&mut self, object: Id, range: TextRange) {
        self.heap.set(object, Name::new_static(FILLED), Value::Bool(true), range);
    }

    /// Whether nobody but the running code has the object: another request may have filled one that was there before.
    fn is_own(&self, object: Id) -> bool {
        self.phase != Phase::Request || object.0 >= self.served_from
    }

    /// How much can be taken of an object, where that is known.
    fn count(&self, object: Id) -> Option<i64> {
        if let Some(slot) = self.heap.slot(object, COUNT) {
            return match slot.value {
                Value::Int(count) => Some(count),
                _ => None,
            };
        }
        let Kind::Library(path, made) = self.heap.kind(object) else { return None };
        let argument = |name: &str, default: i64| match made.get(name, 0) {
            None => Some(default),
            Some(Value::Int(number)) => Some(*number),
            Some(_) => None,
        };
        match path.as_str() {
            path if is_lock(path) => Some(1),
            "threading.Semaphore()" | "asyncio.Semaphore()" => argument("value", 1),
            // The last one to arrive does not wait.
            "threading.Barrier()" => argument("parties", 2).map(|parties| 2 - parties),
            path if is_queue(path) && self.is_own(object) => Some(0),
            _ => None,
        }
    }

    /// Adds to what an object remembers, as far as that is known.
    fn add(&mut self, object: Id, name: &'static str, by: i64, range: TextRange) {
        let known = match name {
            COUNT => self.count(object),
            _ => match self.heap.slot(object, name).map(|slot| &slot.value) {
                None => Some(0),
                Some(Value::Int(number)) => Some(*number),
                Some(_) => None,
            },
        };
        // One round of a long loop stands for all of them.
        #[allow(clippy::float_cmp)]
        let once = self.times == 1.0;
        let sum = known.filter(|_| once).and_then(|number| number.checked_add(by));
        self.heap.set(object, Name::new_static(name), sum.map_or(Value::Unknown, Value::Int), range);
    }
}

/// Locks that the thread that holds them cannot take again.
pub(super) fn is_lock(path: &str) -> bool {
    matches!(
        path,
        "threading.Lock()" | "multiprocessing.Lock()" | "_thread.allocate_lock()" | "asyncio.Lock()"
    )
}

/// Locks, and semaphores, which are locks for several.
pub(super) fn is_lock_of_some_kind(path: &str) -> bool {
    is_lock(path) || matches!(path, "threading.Semaphore()" | "asyncio.Semaphore()")
}

fn is_queue(path: &str) -> bool {
    ["queue.Queue()", "multiprocessing.Queue()", "asyncio.Queue()"]
        .iter()
        .any(|queue| path.starts_with(queue))
}

/// What threads and tasks wait for, and others fill.
fn is_shared(path: &str) -> bool {
    is_queue(path)
        || is_lock_of_some_kind(path)
        || matches!(
            path,
            "threading.Event()"
                | "threading.Condition()"
                | "threading.Barrier()"
                | "asyncio.Event()"
                | "asyncio.Condition()"
                | "asyncio.Future()"
                | "concurrent.futures.Future()"
                | "socket.socket()"
                | "os.pipe()"
        )
}
