//! The heap of a simulated process, with the means to try one branch, take it back, and try the other.

use ruff_python_ast::name::Name;
use rustc_hash::{FxHashMap, FxHashSet};

use super::value::{Id, Kind, Object, Slot, Value};
use crate::text::TextRange;

/// The slot of a library's object that holds what it was made from.
const MADE_FROM: &str = "<made from>";

/// All objects of a simulated process.
#[derive(Debug, Default)]
pub struct Heap<'a> {
    objects: Vec<Object<'a>>,
    /// What to undo, newest last; only kept while a branch is tried.
    log: Vec<Undo<'a>>,
    branches: usize,
    version: u64,
    /// Objects from this number on are too young for their changes to count.
    young: Option<u32>,
}

#[derive(Debug)]
enum Undo<'a> {
    Slot(Id, Name, Option<Slot<'a>>),
    Kind(Id, Kind<'a>),
    Open(Id),
}

/// A point to which the heap can be taken back.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    log: usize,
    objects: usize,
}

/// What one branch changed in objects that are older than the branch.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    slots: FxHashMap<(Id, Name), Option<Slot<'a>>>,
    kinds: FxHashMap<Id, Kind<'a>>,
    opened: FxHashSet<Id>,
}

impl<'a> Heap<'a> {
    /// Makes an object without attributes.
    pub fn allocate(&mut self, kind: Kind<'a>) -> Id {
        let id = Id(u32::try_from(self.objects.len()).unwrap_or(u32::MAX));
        self.objects.push(Object { kind, slots: FxHashMap::default(), open: false });
        id
    }

    /// Makes room for about so many attributes, so that an object grows once.
    pub fn reserve(&mut self, id: Id, attributes: usize) {
        self.objects[id.0 as usize].slots.reserve(attributes);
    }

    /// The object of that name.
    pub fn get(&self, id: Id) -> &Object<'a> {
        &self.objects[id.0 as usize]
    }

    /// What the object is.
    pub fn kind(&self, id: Id) -> &Kind<'a> {
        &self.get(id).kind
    }

    /// The value of a slot; `None` when nobody ever set it.
    pub fn slot(&self, id: Id, name: &str) -> Option<&Slot<'a>> {
        self.get(id).slots.get(name)
    }

    /// What a library's object was made from: the object whose method, or the class whose attribute, was called.
    pub fn made_from(&self, id: Id) -> Option<Id> {
        self.slot(id, MADE_FROM)?.value.object()
    }

    /// An object, what it was made from, what that was made from, and so on.
    pub fn origins(&self, id: Option<Id>) -> impl Iterator<Item = Id> {
        std::iter::successors(id, |at| self.made_from(*at))
    }

    /// Remembers what a library's object was made from.
    pub fn set_made_from(&mut self, made: Id, from: Id, range: TextRange) {
        self.set(made, Name::new_static(MADE_FROM), Value::Object(from), range);
    }

    /// A number that grows with every real change: when it stands still, a round of a loop changed nothing.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Sets a slot.
    pub fn set(&mut self, id: Id, name: Name, value: Value<'a>, range: TextRange) {
        let known = self
            .slot(id, &name)
            .is_some_and(|slot| slot.value.same(&value) && !matches!(value, Value::Unknown));
        let counts = self.young.is_none_or(|young| id.0 < young);
        self.version += u64::from(!known && counts);
        let old = self.objects[id.0 as usize].slots.insert(name.clone(), Slot { value, range });
        if self.branches > 0 {
            self.log.push(Undo::Slot(id, name, old));
        }
    }

    /// Removes a slot; whether it was there.
    pub fn remove(&mut self, id: Id, name: &str) -> bool {
        let Some(old) = self.objects[id.0 as usize].slots.remove(name) else { return false };
        self.version += 1;
        if self.branches > 0 {
            self.log.push(Undo::Slot(id, Name::new(name), Some(old)));
        }
        true
    }

    /// Replaces what an object is, for containers that change their content.
    pub fn set_kind(&mut self, id: Id, kind: Kind<'a>) {
        self.version += 1;
        let old = std::mem::replace(&mut self.objects[id.0 as usize].kind, kind);
        if self.branches > 0 {
            self.log.push(Undo::Kind(id, old));
        }
    }

    /// Says that an object may have attributes that nobody saw being set.
    pub fn set_open(&mut self, id: Id) {
        let object = &mut self.objects[id.0 as usize];
        if !object.open {
            object.open = true;
            if self.branches > 0 {
                self.log.push(Undo::Open(id));
            }
        }
    }

    /// Begins a round of a loop: what the round makes for itself is no change. Gives what [`Self::end_round`] takes back.
    pub fn begin_round(&mut self) -> Option<u32> {
        let next = self.next_id();
        self.young.replace(next)
    }

    /// Ends a round of a loop.
    pub fn end_round(&mut self, outer: Option<u32>) {
        self.young = outer;
    }

    /// The number that the next object will get.
    pub fn next_id(&self) -> u32 {
        u32::try_from(self.objects.len()).unwrap_or(u32::MAX)
    }

    /// Forgets the objects from a number on, to which nothing leads any more.
    pub fn forget_from(&mut self, first: u32) {
        self.objects.truncate(first as usize);
    }

    /// Begins to try a branch.
    pub fn begin(&mut self) -> Mark {
        self.branches += 1;
        Mark { log: self.log.len(), objects: self.objects.len() }
    }

    /// Takes a tried branch back and tells what it had changed.
    pub fn take_back(&mut self, mark: Mark) -> Changes<'a> {
        let mut changes = Changes::default();
        while self.log.len() > mark.log {
            match self.log.pop() {
                Some(Undo::Slot(id, name, old)) if (id.0 as usize) < mark.objects => {
                    let slots = &mut self.objects[id.0 as usize].slots;
                    let now = match old {
                        Some(old) => slots.insert(name.clone(), old),
                        None => slots.remove(&name),
                    };
                    changes.slots.entry((id, name)).or_insert(now);
                }
                Some(Undo::Kind(id, old)) if (id.0 as usize) < mark.objects => {
                    let now = std::mem::replace(&mut self.objects[id.0 as usize].kind, old);
                    changes.kinds.entry(id).or_insert(now);
                }
                Some(Undo::Open(id)) if (id.0 as usize) < mark.objects => {
                    self.objects[id.0 as usize].open = false;
                    changes.opened.insert(id);
                }
                // Objects made by the branch stay as it left them: nothing older leads to them once it is undone.
                Some(_) => {}
                None => break,
            }
        }
        self.branches -= 1;
        changes
    }

    /// Makes the changes of a branch again, as if only it had been run.
    pub fn redo(&mut self, changes: Changes<'a>) {
        for ((id, name), slot) in changes.slots {
            self.put(id, name, slot);
        }
        for (id, kind) in changes.kinds {
            self.set_kind(id, kind);
        }
        for id in changes.opened {
            self.set_open(id);
        }
    }

    /// Makes the state in which one of two branches was run, nobody knows which. Both were taken back.
    pub fn join(&mut self, a: Changes<'a>, mut b: Changes<'a>) {
        for ((id, name), left) in a.slots {
            let right = b.slots.remove(&(id, name.clone()));
            let right = right.unwrap_or_else(|| self.slot(id, &name).cloned());
            self.join_slot(id, name, left, right);
        }
        for ((id, name), right) in b.slots {
            let left = self.slot(id, &name).cloned();
            self.join_slot(id, name, left, right);
        }
        for (id, left) in a.kinds {
            let right = b.kinds.remove(&id).unwrap_or_else(|| self.kind(id).clone());
            let kind = self.either_kind(left, right);
            self.set_kind(id, kind);
        }
        for (id, right) in b.kinds {
            let kind = self.either_kind(self.kind(id).clone(), right);
            self.set_kind(id, kind);
        }
        for id in a.opened.into_iter().chain(b.opened) {
            self.set_open(id);
        }
    }

    fn join_slot(&mut self, id: Id, name: Name, left: Option<Slot<'a>>, right: Option<Slot<'a>>) {
        let range = left.as_ref().or(right.as_ref()).map_or_else(TextRange::default, |slot| slot.range);
        let value_of = |slot: Option<Slot<'a>>| slot.map_or(Value::Unbound, |slot| slot.value);
        let value = self.either(value_of(left), value_of(right));
        self.set(id, name, value, range);
    }

    fn put(&mut self, id: Id, name: Name, slot: Option<Slot<'a>>) {
        match slot {
            Some(slot) => self.set(id, name, slot.value, slot.range),
            None => {
                self.remove(id, &name);
            }
        }
    }

    /// Two modules of one name are one module that either branch imported.
    fn either(&self, left: Value<'a>, right: Value<'a>) -> Value<'a> {
        if let (Value::Object(a), Value::Object(b)) = (&left, &right) {
            if let (Kind::Module(one), Kind::Module(other)) = (self.kind(*a), self.kind(*b))
                && one.path == other.path
            {
                return left;
            }
            if let (Kind::Library(one, _), Kind::Library(other, _)) = (self.kind(*a), self.kind(*b))
                && one == other
            {
                return left;
            }
        }
        left.or(right)
    }

    fn either_kind(&self, left: Kind<'a>, right: Kind<'a>) -> Kind<'a> {
        match (left, right) {
            (Kind::List(a, open), Kind::List(b, other)) => {
                if a.len() == b.len() && a.iter().zip(&*b).all(|(x, y)| x.same(y)) {
                    return Kind::List(a, open || other);
                }
                let mut items = a.to_vec();
                items.extend(b.iter().filter(|new| !a.iter().any(|known| known.same(new))).cloned());
                Kind::List(items.into(), true)
            }
            (Kind::Set(a, _), Kind::Set(..)) => Kind::Set(a, true),
            (Kind::Dict(a, _), Kind::Dict(b, _)) => {
                let mut items = a.to_vec();
                for (key, value) in b.iter() {
                    match items.iter_mut().find(|(known, _)| known.same(key)) {
                        Some((_, known)) => *known = known.clone().or(value.clone()),
                        None => items.push((key.clone(), value.clone())),
                    }
                }
                Kind::Dict(items.into(), true)
            }
            (left, _) => left,
        }
    }
}
