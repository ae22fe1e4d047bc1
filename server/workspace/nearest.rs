//! The right name for a wrong one.

/// The known name that is most like `wrong`, when one is like it enough to be meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |name: &str| {
        strsim::damerau_levenshtein(&wrong.to_lowercase().replace('_', "-"), &name.replace('_', "-"))
    };
    let (best, best_distance) =
        known.into_iter().map(|name| (name, distance(name))).min_by_key(|(_, distance)| *distance)?;
    (best_distance <= (best.chars().count() / 3).max(2)).then_some(best)
}
