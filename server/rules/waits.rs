//! How long the import waits in all.

use super::Context;
use crate::load::{Certainty, Effect, EffectKind, Phase};

/// Waits from here on (seconds) are as good as endless: every proxy has given up long before.
pub(super) const FOR_EVER: f64 = 1_800.0;

/// All certain waits of a load.
pub(super) struct Total<'a> {
    /// Their sum.
    pub(super) seconds: f64,
    /// The statement that waits longest, in all its rounds.
    pub(super) longest: &'a Effect,
    /// One effect for each place that waits, the longest first.
    pub(super) places: Vec<&'a Effect>,
}

impl Total<'_> {
    /// The sum for people.
    pub(super) fn phrase(&self) -> String {
        let seconds = self.seconds.round();
        match seconds {
            s if s >= 7_200.0 => format!("{} hours", (s / 3_600.0).round()),
            s if s >= 300.0 => format!("{} minutes", (s / 60.0).round()),
            s => format!("{s} seconds"),
        }
    }
}

/// The waits that happen on every path while the host imports the entry; `None` when there are none.
pub(super) fn of_load<'a>(context: &Context<'a>) -> Option<Total<'a>> {
    let mut places: Vec<(&Effect, f64)> = Vec::new();
    for effect in context.effects() {
        let EffectKind::Waits(seconds) = effect.kind else { continue };
        if effect.certainty != Certainty::Certain || effect.phase != Phase::Load {
            continue;
        }
        match places.iter_mut().find(|(known, _)| known.site == effect.site) {
            Some((_, sum)) => *sum += seconds,
            None => places.push((effect, seconds)),
        }
    }
    places.sort_by(|a, b| b.1.total_cmp(&a.1));
    let seconds = places.iter().map(|(_, seconds)| seconds).sum();
    let (longest, _) = *places.first()?;
    Some(Total { seconds, longest, places: places.into_iter().map(|(effect, _)| effect).collect() })
}
