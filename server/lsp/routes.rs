//! What the handlers of a deployment are estimated to cost, in words.

use serde::Serialize;
use tower_lsp_server::ls_types::Location;

use crate::request::{Budget, Cost, Handler};

/// The handlers of one deployment.
#[derive(Debug, Serialize)]
pub struct Routes {
    /// The time that the host gives a request, as a noun phrase.
    pub budget: String,
    /// The handlers, those that take longest first.
    pub handlers: Vec<Route>,
}

/// One handler.
#[derive(Debug, Serialize)]
pub struct Route {
    /// For whom it runs, in Markdown: "`GET /report`", "before every request".
    pub label: String,
    /// The function's name.
    pub function: String,
    /// Where it is defined; `None` when its file has no URI.
    pub location: Option<Location>,
    /// How long it takes, as a phrase.
    pub cost: String,
    /// Whether that is more than the host allows.
    pub exceeds: bool,
}

impl Routes {
    /// The handlers of a deployment; `locate` finds their definitions.
    pub fn of(handlers: &[Handler], budget: &Budget, locate: impl Fn(&Handler) -> Option<Location>) -> Self {
        let mut sorted: Vec<&Handler> = handlers.iter().collect();
        sorted.sort_by(|one, other| weight(&other.cost).total_cmp(&weight(&one.cost)));
        let routes = sorted.into_iter().map(|handler| Route {
            label: handler.label.clone(),
            function: handler.function.clone(),
            location: locate(handler),
            cost: phrase(handler),
            exceeds: weight(&handler.cost) > budget.seconds,
        });
        let assumed = if budget.is_known { "" } else { ", if it is set to that" };
        Self { budget: format!("{} s, {}{assumed}", budget.seconds, budget.by), handlers: routes.collect() }
    }
}

/// How long a handler takes (seconds), for comparing.
fn weight(cost: &Cost) -> f64 {
    if cost.endless { f64::INFINITY } else { cost.most }
}

fn phrase(handler: &Handler) -> String {
    let Cost { least, most, endless, .. } = handler.cost;
    let unbounded = Cost::unbounded(&handler.effects).next().is_some();
    match (endless, unbounded) {
        (true, _) => "never ends".to_owned(),
        (_, true) if least > 0.0 => format!("waits at least {}, then without a limit", seconds(least)),
        (_, true) => "waits for others without a limit".to_owned(),
        _ if least > 0.0 && most > least => format!("waits {} to {}", seconds(least), seconds(most)),
        _ if least > 0.0 => format!("waits {}", seconds(least)),
        _ if most > 0.0 => format!("waits up to {}", seconds(most)),
        _ => "no wait is seen".to_owned(),
    }
}

/// A time as people say it: no more digits than matter.
fn seconds(seconds: f64) -> String {
    if seconds < 10.0 { format!("{:.1} s", seconds) } else { format!("{seconds:.0} s") }
}
