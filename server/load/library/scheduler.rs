//! `sched`: jobs that run one after the other, and enter themselves again.

use std::rc::Rc;

use ruff_python_ast::Stmt;
use ruff_python_ast::name::Name;

use super::Call;
use crate::load::effect::{Block, BlockKind, EffectKind};
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Arguments, Body, Value};

/// The slot of a scheduler that holds the jobs that were entered.
const ENTERED: &str = "<entered>";

impl<'a> Interp<'a> {
    /// A method of a scheduler; `None` when nothing is known of what it gives.
    pub(super) fn use_scheduler(&mut self, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        let Some(scheduler) = call.library.receiver else { return Ok(None) };
        match call.path.rsplit('.').next() {
            Some("enter" | "enterabs") => {
                let mut jobs = self.entered(call);
                let arguments = call.arguments;
                let job = arguments.get("action", 2).cloned().unwrap_or(Value::Unknown);
                let given = arguments.get("argument", 3).cloned().unwrap_or(Value::Tuple(Rc::default()));
                let delay = arguments.get("delay", 0).cloned().unwrap_or(Value::Unknown);
                jobs.push(Value::Tuple(vec![job, given, delay].into()));
                self.heap.set(scheduler, Name::new_static(ENTERED), Value::Tuple(jobs.into()), call.range);
                Ok(None)
            }
            Some("run") => {
                let waits =
                    call.arguments.get("blocking", 0).is_none_or(|value| self.truth(value) != Some(false));
                if waits {
                    self.run_jobs(call)?;
                }
                Ok(Some(Value::None))
            }
            _ => Ok(None),
        }
    }

    fn entered(&self, call: &Call<'_, 'a>) -> Vec<Value<'a>> {
        let jobs = call.library.receiver.and_then(|id| self.heap.slot(id, ENTERED));
        match jobs.map(|slot| &slot.value) {
            Some(Value::Tuple(jobs)) => jobs.to_vec(),
            _ => Vec::new(),
        }
    }

    /// Runs the jobs in order; one that does nothing but enter itself again makes sure that there is always another.
    fn run_jobs(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        /// So many jobs are followed.
        const MOST: usize = 100;
        let Some(scheduler) = call.library.receiver else { return Ok(()) };
        let forks = self.forks;
        for _ in 0..MOST {
            let mut jobs = self.entered(call);
            if jobs.is_empty() || self.forks != forks {
                return Ok(());
            }
            let job = jobs.remove(0);
            self.heap.set(scheduler, Name::new_static(ENTERED), Value::Tuple(jobs.into()), call.range);
            let Value::Tuple(parts) = &job else { return Ok(()) };
            let [action, Value::Tuple(given), delay] = parts.as_slice() else { return Ok(()) };
            if let Some(seconds) = self.seconds(delay) {
                self.wait(seconds, call.range);
            }
            self.call(action, Arguments::of(given.to_vec()), call.range, call.callee)?;
            let again = self.entered(call).iter().any(|next| match next {
                Value::Tuple(next) => next.first().is_some_and(|next| next.same(action)),
                _ => false,
            });
            if again && self.forks == forks && has_no_choice(action) {
                let what = "a scheduler whose job enters itself again and again".to_owned();
                self.record(EffectKind::Blocks(Block { what, kind: BlockKind::Loop }), call.range);
                return Err(Stop::Halt);
            }
        }
        Ok(())
    }
}

/// Whether a function runs from its first to its last statement each time.
fn has_no_choice(action: &Value<'_>) -> bool {
    let function = match action {
        Value::Function(function) => function,
        Value::Method(method) => &method.0,
        _ => return false,
    };
    match function.look_into() {
        Body::Statements(body) => body.iter().all(|stmt| {
            matches!(
                stmt,
                Stmt::Expr(_) | Stmt::Assign(_) | Stmt::AugAssign(_) | Stmt::Global(_) | Stmt::Pass(_)
            )
        }),
        Body::Expression(_) => true,
    }
}
