//! What a handler costs: the waits of all that it does, added up.

use rustc_hash::FxHashMap;

use crate::load::{Certainty, Effect, EffectKind, Site};

/// What one request to a handler costs, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// It takes at least so many seconds, on every path.
    pub least: f64,
    /// It takes so many seconds on its longest path that was seen.
    pub most: f64,
    /// The place that takes most of it: an index into the handler's effects, and the seconds that it takes in all.
    pub longest: Option<(usize, f64)>,
    /// Whether it never comes to its end.
    pub endless: bool,
}

impl Cost {
    /// Adds up what a handler does.
    pub fn of(effects: &[Effect]) -> Self {
        let mut cost = Self::default();
        let mut by_site: FxHashMap<&Site, (usize, f64)> = FxHashMap::default();
        let mut possible: FxHashMap<&Site, f64> = FxHashMap::default();
        for (at, effect) in effects.iter().enumerate() {
            match effect.kind {
                EffectKind::Waits(seconds) => {
                    by_site.entry(&effect.site).or_insert((at, 0.0)).1 += seconds;
                    if effect.certainty >= Certainty::Likely {
                        cost.least += seconds;
                    } else {
                        *possible.entry(&effect.site).or_default() += seconds;
                    }
                }
                EffectKind::Blocks(_) | EffectKind::StartsServer(_) => cost.endless = true,
                _ => {}
            }
        }
        // Of paths that exclude each other only one is taken, so the longest place stands for all of them.
        cost.most = cost.least + possible.into_values().fold(0.0, f64::max);
        cost.longest = by_site.into_values().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        cost
    }

    /// The effects that may last for ever because nothing bounds them.
    pub fn unbounded(effects: &[Effect]) -> impl Iterator<Item = &Effect> {
        effects.iter().filter(|effect| matches!(&effect.kind, EffectKind::Works(work) if work.unbounded))
    }
}
