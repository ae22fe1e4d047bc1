//! Requests: which functions of the project run for a visitor, and what that can cost.
//!
//! The process that the load has left is asked what its framework was told to call; each of these handlers is rehearsed on
//! it as one request would run it, and what it does is kept.

mod budget;
mod cost;
mod discover;
mod django;
mod registered;

use crate::hosting::Deployment;
use crate::load::{self, Effect, Load, Places, Site, Told, simulate};
use crate::text::TextRange;
use crate::workspace::Snapshot;

pub use crate::catalog::handlers::HandlerKind;
pub use budget::{Budget, QUEUE_FROM};
pub use cost::Cost;

/// What requests to one deployment do.
#[derive(Debug, Default)]
pub struct Requests {
    /// The handlers, in the order in which the app has named them.
    pub handlers: Vec<Handler>,
}

/// A function that runs for requests.
#[derive(Clone, Debug)]
pub struct Handler {
    /// What it is called for.
    pub kind: HandlerKind,
    /// For whom it runs, for sentences: "`GET /report`", "before every request".
    pub label: String,
    /// Its name.
    pub function: String,
    /// Where its name stands in its definition.
    pub site: Site,
    /// The whole definition (bytes of the same file).
    pub definition: TextRange,
    /// Whether an exception leaves the app, because no framework catches it.
    pub is_exposed: bool,
    /// What it does, in order; paths that exclude each other follow one another.
    pub effects: Vec<Effect>,
    /// What that costs.
    pub cost: Cost,
}

impl Handler {
    /// The label as the subject of a sentence: "`GET /report`", "`check_user`, which runs before every request,".
    pub fn subject(&self) -> String {
        match self.kind {
            HandlerKind::Route if self.label.starts_with('`') => self.label.clone(),
            HandlerKind::Application => "every request".to_owned(),
            _ => format!("`{}`, which runs {},", self.function, self.label),
        }
    }
}

/// The newest simulations of some deployments. It makes the next ones cheaper and changes no result.
pub type Memory = load::Memory<Vec<Handler>>;

/// Simulates the import of a deployment's entry, and then its requests.
pub fn simulate_requests(
    snapshot: &Snapshot,
    deployment: &Deployment,
    memory: &mut Memory,
) -> (Load, Requests) {
    let (load, handlers) = simulate(snapshot, deployment, memory, discover::rehearse_all);
    (load, Requests { handlers })
}

impl Told for Vec<Handler> {
    fn move_places(&mut self, places: &mut Places<'_>) {
        for handler in self {
            handler.effects.retain_mut(|effect| places.effect(effect));
            places.stretch(&mut handler.site);
            places.stretch_range(&handler.site.path, &mut handler.definition);
            handler.cost = Cost::of(&handler.effects);
        }
    }
}
