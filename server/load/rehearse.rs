//! Rehearsals: what the process would do for one request, tried on the state in which the load has left it.

use std::rc::Rc;

use ruff_python_ast::name::Name;
use ruff_text_size::Ranged;

use super::effect::{Block, BlockKind, Effect, EffectKind, Phase, Site};
use super::interp::{Eval, Exception, Interp, Stop};
use super::value::{Arguments, Body, Function, FunctionKind, Id, Kind, Value};
use crate::catalog::handlers;
use crate::text::TextRange;

/// One request executes at most this many statements and expressions; what it has not seen by then stays unknown.
const FUEL: u32 = 60_000;

/// A response header or cookie of this many bytes does not fit into the buffer of nginx (measured: about 18 kB).
pub(super) const BIG_HEADER: usize = 16_000;

impl<'a> Interp<'a> {
    /// Runs something as one request would, and gives what it does. Nothing of it stays: the next request finds the state
    /// that the load has left.
    pub(crate) fn rehearse(&mut self, run: impl FnOnce(&mut Self) -> Result<(), Stop<'a>>) -> Vec<Effect> {
        let earlier = std::mem::take(&mut self.effects);
        let phase = std::mem::replace(&mut self.phase, Phase::Request);
        let trail = std::mem::take(&mut self.trail);
        let caught = (self.caught, self.caught_assumed);
        self.fuel = FUEL;
        self.set_by_request.clear();
        self.served_from = self.heap.next_id();
        let effects = self.probe(|me| {
            let registered = me.registered.len();
            let mut result = run(me);
            // What the handler has asked to be called when its answer is on the way.
            let later: Vec<Value<'a>> = me.registered[registered..].iter().map(|r| r.value.clone()).collect();
            for value in later {
                result = result.and_then(|()| me.serve(&value, None).map(drop));
            }
            if let Err(Stop::Raise(exception)) = result
                && !me.is_answer(&exception)
            {
                me.effects.push(exception.effect);
            }
            std::mem::take(&mut me.effects)
        });
        // Settings that were loaded for a request stay; of all else that it made, nothing is left to lead there.
        if self.django.settings.is_none_or(|settings| settings.0 < self.served_from) {
            self.heap.forget_from(self.served_from);
        }
        self.effects = earlier;
        self.phase = phase;
        self.trail = trail;
        self.times = 1.0;
        self.in_event_loop = false;
        (self.caught, self.caught_assumed) = caught;
        effects
    }

    /// Calls a handler as its framework does, with arguments that nobody knows; `receiver` is the object of a method.
    pub(crate) fn serve(&mut self, handler: &Value<'a>, receiver: Option<Value<'a>>) -> Eval<'a> {
        let mut arguments = Arguments { open: true, ..Arguments::default() };
        arguments.positional.extend(receiver);
        let nowhere = TextRange::default();
        let answer = self.call(handler, arguments, nowhere, nowhere)?;
        self.finish(answer)
    }

    /// What is left to do when a handler has returned: frameworks run coroutines, and hosts consume what is sent.
    pub(crate) fn finish(&mut self, answer: Value<'a>) -> Eval<'a> {
        let nowhere = TextRange::default();
        match &answer {
            Value::Object(id) => match self.heap.kind(*id).clone() {
                Kind::Suspended(function, _) if function.kind == FunctionKind::Coroutine => {
                    let inner = self.within_event_loop(&answer, nowhere)?;
                    self.finish(inner)
                }
                Kind::Suspended(function, _) => {
                    self.stream(*id, &function)?;
                    Ok(answer)
                }
                Kind::Library(path, arguments) if is_response(&path) => {
                    if let Some(body) = arguments.positional.first().or(arguments.keyword("response")) {
                        self.finish(body.clone())?;
                    }
                    Ok(answer)
                }
                Kind::Instance(_) => self.send_instance(&answer),
                _ => Ok(answer),
            },
            Value::Union(members) => {
                self.doubt.possible += 1;
                for member in members.iter() {
                    // What one path raises while it is sent is only possible, and told as such.
                    if let Err(Stop::Raise(exception)) = self.finish(member.clone()) {
                        self.effects.push(exception.effect);
                    }
                }
                self.doubt.possible -= 1;
                Ok(answer.clone())
            }
            _ => Ok(answer),
        }
    }

    /// A generator whose items are sent to the visitor, one by one.
    fn stream(&mut self, id: Id, function: &Rc<Function<'a>>) -> Result<(), Stop<'a>> {
        let first = self.effects.len();
        let endless = self.never_ends(id);
        self.run_generator(id, TextRange::default())?;
        if !endless {
            return Ok(());
        }
        let waits = self.effects[first..].iter().find(|effect| matches!(effect.kind, EffectKind::Waits(_)));
        let mut effect = match waits {
            Some(wait) => wait.clone(),
            None => {
                let range = endless_loop(function).unwrap_or(function.name_range);
                self.effect_in(function, EffectKind::Waits(0.0), range)
            }
        };
        let what = "a stream that never ends".to_owned();
        effect.kind = EffectKind::Blocks(Block { what, kind: BlockKind::Stream });
        effect.certainty = self.certainty();
        self.effects.push(effect);
        Ok(())
    }

    /// Whether an exception is a way to answer, or is answered by a handler of the app.
    fn is_answer(&self, exception: &Exception<'a>) -> bool {
        let by_class = match &exception.class {
            Value::Library(library) => handlers::is_answer(&library.path),
            Value::Object(class) => {
                self.library_bases(*class).iter().any(|base| base == "?" || handlers::is_answer(base))
            }
            _ => true,
        };
        by_class
            || self.registered.iter().any(|one| {
                one.known.kind == handlers::HandlerKind::Error
                    && match &one.rule {
                        Some(Value::Int(status)) => *status == 500,
                        Some(class) => self.is_instance(&exception.class, class) != Some(false),
                        None => true,
                    }
                    && !matches!(exception.effect.kind, EffectKind::Exits(_))
            })
    }

    /// An effect at a place of a function that has returned already.
    pub(super) fn effect_in(&self, function: &Function<'a>, kind: EffectKind, range: TextRange) -> Effect {
        let site = Site { path: function.module.path.clone(), range };
        Effect { site, ..self.effect(kind, range) }
    }

    /// What nobody knows when a request comes: names and objects of modules that functions change, for another request may
    /// have changed them before.
    pub(crate) fn forget_changing_state(&mut self) {
        self.loaded_before_requests = self.loaded.len();
        self.load_is_complete = self.fuel > 0;
        let modules: Vec<Value<'a>> =
            self.loaded.iter().filter_map(|module| self.loaded_module(&module.name)).collect();
        for module in modules {
            let Some(id) = module.object() else { continue };
            let Kind::Module(context) = self.heap.kind(id).clone() else { continue };
            let changes = context.changes();
            for name in &changes.rebound {
                let range = self.heap.slot(id, name).map_or_else(TextRange::default, |slot| slot.range);
                self.heap.set(id, Name::new(name), Value::Unknown, range);
            }
            self.changing.extend(changes.attributes.iter().map(Name::new));
            for name in &changes.mutated {
                let Some(object) = self.heap.slot(id, name).and_then(|slot| slot.value.object()) else {
                    continue;
                };
                match self.heap.kind(object) {
                    // `import state`, and a function that sets `state.robot`.
                    Kind::Module(_) => self.forget_slots(object, |slot| changes.attributes.contains(slot)),
                    _ => self.forget_content(object),
                }
            }
        }
    }

    /// Forgets what a container or an object of the project holds, for somebody else may have changed it.
    pub fn forget_content(&mut self, object: Id) {
        match self.heap.kind(object).clone() {
            Kind::List(items, false) => self.heap.set_kind(object, Kind::List(items, true)),
            Kind::Set(items, false) => self.heap.set_kind(object, Kind::Set(items, true)),
            Kind::Dict(items, false) => self.heap.set_kind(object, Kind::Dict(items, true)),
            Kind::Instance(_) => self.forget_slots(object, |_| true),
            _ => {}
        }
    }

    /// Forgets the attributes of an object that somebody else may have set; code stays what it is.
    fn forget_slots(&mut self, object: Id, which: impl Fn(&str) -> bool) {
        let slots = self.heap.get(object).slots.clone();
        for (name, slot) in slots {
            if which(&name) && !matches!(slot.value, Value::Function(_) | Value::Library(_)) {
                self.heap.set(object, name, Value::Unknown, slot.range);
            }
        }
    }

    /// The place of a function's name.
    pub(crate) fn definition(&self, function: &Function<'a>) -> Site {
        Site { path: function.module.path.clone(), range: function.name_range }
    }
}

/// The loop of a generator that never ends.
fn endless_loop(function: &Function<'_>) -> Option<TextRange> {
    let Body::Statements(body) = function.look_into() else { return None };
    body.iter().find_map(|stmt| {
        let inner = stmt.as_while_stmt()?;
        super::loops::is_constant(&inner.test).then(|| TextRange::new(inner.start(), inner.test.end()))
    })
}

/// Objects that a framework sends, and that hold what is sent as their first argument.
pub(super) fn is_response(path: &str) -> bool {
    matches!(
        path,
        "flask.Response()"
            | "flask.stream_with_context()"
            | "flask.make_response()"
            | "flask.Flask().response_class()"
            | "werkzeug.Response()"
            | "werkzeug.wrappers.Response()"
            | "django.http.StreamingHttpResponse()"
            | "django.http.HttpResponse()"
            | "webob.Response()"
            | "pyramid.response.Response()"
    )
}
