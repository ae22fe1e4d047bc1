//! What is started while the entry loads and does not live on in the workers: uWSGI loads the app first and forks then,
//! and a fork takes along no thread but the one that forks.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::effect::{Effect, EffectKind, Phase, Step, StepKind};
use super::interp::Interp;
use super::value::{Body, Id, Kind, Value};
use crate::text::TextRange;

/// A pool or bridge that holds threads or a process connection.
#[derive(Debug)]
pub(crate) struct Worker {
    object: Id,
    /// The effect to report, should a request need it.
    effect: Effect,
    /// Whether it has started its threads already; some only do so when they are first used.
    started: bool,
}

impl<'a> Interp<'a> {
    /// Remembers an object whose threads a fork would lose.
    pub fn remember_worker(&mut self, path: &str, object: Id, range: TextRange) {
        let (what, started) = match path {
            "multiprocessing.Pool" => ("a process pool", true),
            "multiprocessing.pool.ThreadPool" | "multiprocessing.dummy.Pool" => ("a thread pool", true),
            "concurrent.futures.ThreadPoolExecutor" => ("a thread pool", false),
            "concurrent.futures.ProcessPoolExecutor" => ("a process pool", false),
            "a2wsgi.ASGIMiddleware" => ("a bridge to an ASGI app, with an event loop in a thread,", true),
            _ => return,
        };
        let effect = self.effect(EffectKind::LostInFork(what.to_owned()), range);
        self.workers.push(Worker { object, effect, started });
    }

    /// A pool that is used while the entry loads has started its threads.
    pub fn warm_worker(&mut self, object: Id) {
        if let Some(worker) = self.workers.iter_mut().find(|worker| worker.object == object) {
            worker.started = true;
        }
    }

    /// Reports what requests need and the fork has lost.
    pub fn find_lost_workers(&mut self, entry: Id) {
        if !self.deployment.loads_before_fork() {
            return;
        }
        let application = self.heap.slot(entry, &self.deployment.callable).map(|slot| slot.value.clone());
        for worker in std::mem::take(&mut self.workers) {
            if !worker.started {
                continue;
            }
            let mut effect = worker.effect;
            effect.phase = Phase::FirstRequest;
            if matches!(application, Some(Value::Object(id)) if id == worker.object) {
                self.effects.push(effect);
            } else if let Some(step) = self.view_using(worker.object) {
                effect.trail.push(step);
                self.effects.push(effect);
            }
        }
    }

    /// The place in a view function that uses an object of its module by name.
    fn view_using(&self, object: Id) -> Option<Step> {
        let modules: Vec<Id> = self
            .loaded
            .iter()
            .filter_map(|module| match self.loaded_module(&module.name) {
                Some(Value::Object(id)) => Some(id),
                _ => None,
            })
            .collect();
        for view in self.views(&modules) {
            let Value::Function(function) = view else { continue };
            let Body::Statements(body) = function.look_into() else { continue };
            let slots = &self.heap.get(function.module.scope).slots;
            let names =
                slots.iter().filter(|(_, slot)| matches!(slot.value, Value::Object(id) if id == object));
            for (name, _) in names {
                if let Some((range, statement)) = use_of(body, name) {
                    let site = super::effect::Site { path: function.module.path.clone(), range };
                    let kind = StepKind::Call(function.name.to_string());
                    return Some(Step { site, statement, at_module_level: false, kind });
                }
            }
        }
        None
    }

    /// The view functions of the Flask apps that modules hold.
    fn views(&self, modules: &[Id]) -> Vec<Value<'a>> {
        let mut apps: Vec<Id> = Vec::new();
        for module in modules {
            for slot in self.heap.get(*module).slots.values() {
                if let Value::Object(id) = slot.value
                    && matches!(self.heap.kind(id), Kind::Library(..) | Kind::Instance(_))
                    && !apps.contains(&id)
                {
                    apps.push(id);
                }
            }
        }
        let slots = apps.into_iter().flat_map(|app| &self.heap.get(app).slots);
        slots.filter(|(name, _)| name.starts_with("<endpoint ")).map(|(_, slot)| slot.value.clone()).collect()
    }
}

/// The first use of a name in a body, with the statement around it.
fn use_of(body: &[Stmt], name: &str) -> Option<(TextRange, TextRange)> {
    struct Find<'n> {
        name: &'n str,
        statement: TextRange,
        found: Option<(TextRange, TextRange)>,
    }
    impl<'s> Visitor<'s> for Find<'_> {
        fn visit_stmt(&mut self, stmt: &'s Stmt) {
            self.statement = stmt.range();
            visitor::walk_stmt(self, stmt);
        }
        fn visit_expr(&mut self, expr: &'s Expr) {
            if let Expr::Name(inner) = expr
                && inner.id == self.name
            {
                let statement = self.statement;
                self.found.get_or_insert((inner.range(), statement));
            }
            visitor::walk_expr(self, expr);
        }
    }
    let mut find = Find { name, statement: TextRange::default(), found: None };
    find.visit_body(body);
    find.found
}
