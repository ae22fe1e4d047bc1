//! What works on a developer's machine and not on a host: windows, data that is kept in memory, the threads of torch.

use ruff_python_ast::name::Name;

use super::Call;
use crate::catalog::calls::{self, WindowOutcome};
use crate::load::effect::{EffectKind, Phase, RaiseCause, Window};
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Id, Kind, Value};
use crate::text::TextRange;

/// Where it is remembered that torch was told how many threads to use.
const TORCH_THREADS: &str = "<torch threads>";

impl<'a> Interp<'a> {
    /// A call that wants to show something: no host has a screen.
    pub(super) fn open_window(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let Some(known) = calls::window(call.path) else { return Ok(()) };
        let what = known.name.clone();
        if let WindowOutcome::Raises { exception, message } = &known.outcome {
            let cause = RaiseCause::NoDisplay(what);
            return Err(self.raise_library(exception, message.as_str(), cause, call.range));
        }
        let ends = matches!(known.outcome, WindowOutcome::EndsProcess);
        let window = Window { call: self.callee_text(call), what, ends };
        self.record(EffectKind::OpensWindow(window), call.range);
        if ends { Err(Stop::Halt) } else { Ok(()) }
    }

    /// torch computes in as many threads as there are processors, and they are gone after a fork.
    pub(super) fn use_torch(&mut self, call: &Call<'_, 'a>) {
        if call.path == "torch.set_num_threads" {
            self.heap.set(self.overrides, Name::new_static(TORCH_THREADS), Value::Bool(true), call.range);
        } else if self.phase == Phase::Request
            && (call.path.starts_with("torch.") || call.path.starts_with("transformers."))
            && self.heap.slot(self.overrides, TORCH_THREADS).is_none()
            && self.heap.slot(self.environ, "OMP_NUM_THREADS").is_none()
        {
            let text = self.callee_text(call);
            self.record(EffectKind::UsesTorch(text), call.range);
        }
    }

    /// Records that a request changes a container of the running module, by the name that the module has for it.
    pub(in crate::load) fn change_state(&mut self, object: Id, range: TextRange) {
        if self.phase != Phase::Request
            || !matches!(self.heap.kind(object), Kind::List(..) | Kind::Dict(..) | Kind::Set(..))
        {
            return;
        }
        let Some(module) = self.module() else { return };
        let slots = &self.heap.get(module.scope).slots;
        let names =
            slots.iter().filter(|(_, slot)| slot.value.object() == Some(object)).map(|(name, _)| name);
        let Some(name) = names.min().map(ToString::to_string) else { return };
        self.record(EffectKind::ChangesState(name), range);
    }

    /// Records that a request binds a name of its module anew.
    pub(in crate::load) fn rebind_global(&mut self, name: &Name, range: TextRange) {
        if self.phase == Phase::Request {
            self.record(EffectKind::ChangesState(name.to_string()), range);
        }
    }
}
