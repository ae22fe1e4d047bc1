//! What hovers tell of requests: what each is estimated to cost against its budget, and what bounds the calls that wait.

use ruff_text_size::Ranged;

use super::handlers::seconds;
use super::{Context, Note, Reporter, nodes};
use crate::load::{Application, Effect, EffectKind, Site};
use crate::request::{Cost, Handler, HandlerKind};

/// The entry tells of so many routes.
const SLOWEST: usize = 3;

/// Notes on every route, on every call that waits, and on the application.
pub fn notes(context: &Context<'_>, report: &mut Reporter) {
    let routes = context.requests.handlers.iter().filter(|handler| handler.kind == HandlerKind::Route);
    let allowed = allowed(context);
    for handler in routes {
        let markdown = format!("{}\n\n{allowed}", estimate(handler));
        let decorators = decorators(context, handler).into_iter();
        let places = decorators.chain([handler.site.clone()]);
        report.notes.extend(places.map(|site| Note { site, markdown: markdown.clone() }));
    }
    for what in context.in_requests(|kind| matches!(kind, EffectKind::Works(_))) {
        report.notes.extend(call(what.effect));
    }
    report.notes.extend(slowest(context));
}

fn decorators(context: &Context<'_>, handler: &Handler) -> Vec<Site> {
    let path = &handler.site.path;
    let Some(file) = context.file(path) else { return Vec::new() };
    let Some(def) = nodes::function(&file, handler.site.range) else { return Vec::new() };
    def.decorator_list.iter().map(|one| Site { path: path.clone(), range: one.range() }).collect()
}

/// What a route costs, and why.
fn estimate(handler: &Handler) -> String {
    let subject = handler.subject();
    let cost = &handler.cost;
    let mut parts = Vec::new();
    if cost.endless {
        parts.push("may never come to its end".to_owned());
    } else if cost.most > 0.0 {
        let most = seconds(cost.most);
        parts.push(match cost.least {
            least if least <= 0.0 => format!("waits for up to {most} on some paths"),
            least if (cost.most - least).abs() < 0.5 => format!("waits for {most}"),
            least => format!("waits for {} to {most}", seconds(least)),
        });
    }
    let unbounded = names(Cost::unbounded(&handler.effects));
    if !unbounded.is_empty() {
        parts.push(format!("waits without a limit in {unbounded}"));
    }
    let heavy = handler
        .effects
        .iter()
        .filter(|effect| matches!(&effect.kind, EffectKind::Works(work) if !work.unbounded));
    let heavy = names(heavy);
    if !heavy.is_empty() {
        parts.push(format!("depends on {heavy}"));
    }
    if parts.is_empty() {
        return format!("{subject} does nothing that is known to take long.");
    }
    format!("{subject} {}.", parts.join(", and "))
}

/// The calls that effects are about, each once, the first few.
fn names<'a>(effects: impl Iterator<Item = &'a Effect>) -> String {
    let mut calls: Vec<String> = Vec::new();
    for effect in effects {
        if let EffectKind::Works(work) = &effect.kind {
            let name = format!("`{}`", work.call);
            if !calls.contains(&name) {
                calls.push(name);
            }
        }
    }
    let more = calls.len().saturating_sub(SLOWEST);
    calls.truncate(SLOWEST);
    let told = calls.join(", ");
    if more > 0 { format!("{told} and {more} more") } else { told }
}

fn allowed(context: &Context<'_>) -> String {
    let budget = context.budget();
    let limit = seconds(budget.seconds);
    match budget.default {
        _ if budget.is_known => format!("A request has {limit}: {}.", budget.by),
        Some(default) => format!("A request has {} unless {} is set.", seconds(default), budget.by),
        None => format!("{} decides how long a request may take.", capitalised(&budget.by)),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What bounds a call, and the advice of its library.
fn call(effect: &Effect) -> Option<Note> {
    let EffectKind::Works(work) = &effect.kind else { return None };
    let waits = work.known.unbounded;
    let mut markdown = match work.bound {
        Some(bound) if waits => {
            format!("`{}` waits for {}: at most {}.", work.call, work.known.what, seconds(bound))
        }
        None if work.unbounded => {
            format!("`{}` waits for {}, and nothing bounds the wait.", work.call, work.known.what)
        }
        _ if waits => format!("`{}` waits for {}.", work.call, work.known.what),
        _ => format!("`{}`: {}, which takes its time.", work.call, work.known.what),
    };
    let argument = work.known.timeout.as_ref().filter(|_| work.unbounded);
    if let Some(argument) = argument {
        markdown.push_str(&format!(" `{argument}=` bounds it."));
    }
    if let Some(advice) = &work.known.advice {
        markdown.push_str("\n\n");
        markdown.push_str(advice);
    }
    Some(Note { site: effect.site.clone(), markdown })
}

/// The routes that take longest, at the application's binding.
fn slowest(context: &Context<'_>) -> Option<Note> {
    let Application::Usable { bound_at: Some(site), .. } = &context.load.application else { return None };
    let weight = |cost: &Cost| if cost.endless { f64::INFINITY } else { cost.most };
    let mut slow: Vec<&Handler> =
        context.requests.handlers.iter().filter(|handler| weight(&handler.cost) >= 1.0).collect();
    slow.sort_by(|a, b| weight(&b.cost).total_cmp(&weight(&a.cost)));
    slow.truncate(SLOWEST);
    if slow.is_empty() {
        return None;
    }
    let lines =
        slow.iter().map(|handler| format!("- {}: {}", handler.subject(), seconds(weight(&handler.cost))));
    let markdown = format!("The slowest requests:\n\n{}", lines.collect::<Vec<_>>().join("\n"));
    Some(Note { site: site.clone(), markdown })
}
