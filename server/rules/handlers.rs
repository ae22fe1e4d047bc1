//! What rules about requests have in common: what handlers do, each place once, and how that is told.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::{Context, Finding, Related, Rule, Severity};
use crate::hosting::{Failure, Host, VisitorSees};
use crate::load::{Certainty, Effect, EffectKind, Site, StepKind};
use crate::request::{Budget, Handler, HandlerKind};

/// Something that a handler does.
#[derive(Clone, Copy, Debug)]
pub(super) struct InRequest<'a> {
    /// The first handler that does it.
    pub handler: &'a Handler,
    /// What it does there.
    pub effect: &'a Effect,
    /// How many other handlers do the same.
    pub others: usize,
}

impl InRequest<'_> {
    /// The handler as the subject of a sentence: "`GET /report` and 2 others".
    pub fn subject(&self) -> String {
        let subject = self.handler.subject();
        match self.others {
            0 => subject,
            1 => format!("{subject} (and another handler)"),
            n => format!("{subject} (and {n} other handlers)"),
        }
    }
}

impl<'a> Context<'a> {
    /// What handlers do, each place once: the surest of its occurrences.
    pub(super) fn in_requests(&self, wanted: impl Fn(&EffectKind) -> bool) -> Vec<InRequest<'a>> {
        let mut found: Vec<InRequest<'a>> = Vec::new();
        let mut places: FxHashMap<&'a Site, usize> = FxHashMap::default();
        for handler in &self.requests.handlers {
            let mut seen: Vec<&Site> = Vec::new();
            for effect in handler.effects.iter().filter(|effect| wanted(&effect.kind)) {
                let first = !seen.contains(&&effect.site);
                seen.push(&effect.site);
                match places.entry(&effect.site) {
                    Entry::Vacant(place) => {
                        place.insert(found.len());
                        found.push(InRequest { handler, effect, others: 0 });
                    }
                    Entry::Occupied(place) => {
                        let known = &mut found[*place.get()];
                        if effect.certainty > known.effect.certainty {
                            known.effect = effect;
                            known.handler = handler;
                        }
                        known.others += usize::from(first && known.handler.site != handler.site);
                    }
                }
            }
        }
        found
    }

    /// A finding about something that a handler does.
    pub(super) fn request_finding(
        &self,
        rule: &'static Rule,
        what: &InRequest<'_>,
        severity: Severity,
        failure: Option<Failure>,
        message: String,
    ) -> Finding {
        // What a request does on some of its paths still fails for the visitors who take them.
        let certainty = what.effect.certainty.max(Certainty::Likely);
        Finding {
            rule,
            severity,
            certainty,
            message,
            site: what.effect.site.clone(),
            related: self.request_chain(what.handler, what.effect),
            failure,
            visitor_sees: failure.map_or(VisitorSees::Ok, |failure| self.visitor_sees(failure)),
            fixes: Vec::new(),
        }
    }

    /// The way from a handler to what it does, innermost last.
    pub(super) fn request_chain(&self, handler: &Handler, effect: &Effect) -> Vec<Related> {
        let message = match handler.kind {
            HandlerKind::Route => format!("{} runs `{}`", handler.label, handler.function),
            HandlerKind::Application => {
                format!("{} calls `{}` for every request", self.deployment.host.title(), handler.function)
            }
            _ => format!("`{}` runs {}", handler.function, handler.label),
        };
        let mut related = vec![Related { site: handler.site.clone(), message }];
        related.extend(effect.trail.iter().filter(|step| !step.statement.is_empty()).map(|step| Related {
            site: step.site.clone(),
            message: match &step.kind {
                StepKind::Import(module) => format!("imports `{module}`"),
                StepKind::Call(function) => format!("calls `{function}`"),
            },
        }));
        related
    }

    /// What becomes of a request that outlasts its budget, as the end of a sentence.
    pub(super) fn killed(&self) -> &'static str {
        match (self.visitor_sees(Failure::OutlastsRequest), self.deployment.host) {
            (VisitorSees::KilledBadGateway, _) => {
                "the worker is killed (`HARAKIRI` in the server log) and the visitor gets 502 Bad Gateway"
            }
            (VisitorSees::KilledServerError, Host::ModWsgi) => {
                "the process is stopped (`Truncated or oversized response headers` in the log) and the visitor gets 500 Internal \
                 Server Error"
            }
            (VisitorSees::KilledServerError, _) => {
                "the worker is killed (`WORKER TIMEOUT` in the log) and the visitor gets 500 Internal Server Error"
            }
            _ => "the proxy gives up and the visitor gets 504 Gateway Timeout",
        }
    }

    /// The time that a request has.
    pub(super) fn budget(&self) -> Budget {
        Budget::of(self.deployment)
    }
}

/// How loud a failure is: on some path of a request it may still be one that nobody takes.
pub(super) fn severity(certainty: Certainty) -> Severity {
    if certainty == Certainty::Certain { Severity::Error } else { Severity::Warning }
}

/// Seconds for people: "400 seconds", "15 minutes".
pub(super) fn seconds(seconds: f64) -> String {
    match seconds {
        s if s.is_infinite() => "for ever".to_owned(),
        s if s >= 7_200.0 => format!("{} hours", (s / 3_600.0).round()),
        s if s >= 600.0 => format!("{} minutes", (s / 60.0).round()),
        1.0 => "1 second".to_owned(),
        s if s < 10.0 => format!("{} seconds", (s * 10.0).round() / 10.0),
        s => format!("{} seconds", s.round()),
    }
}
