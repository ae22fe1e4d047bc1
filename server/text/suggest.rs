//! "Did you mean": real names of nearly the same spelling.

/// Names that differ from `wanted` by case, an underscore or a slip of the fingers; nearest first, at most three.
pub fn similar_names<Name: AsRef<str>>(wanted: &str, names: &[Name]) -> Vec<String> {
    let folded = |name: &str| name.to_lowercase().replace(['_', '-'], "");
    let target = folded(wanted);
    let length = target.chars().count();
    let allowed = (length / 3).clamp(1, 3);
    let mut scored: Vec<(usize, &str)> = names
        .iter()
        .map(AsRef::as_ref)
        .filter(|name| *name != wanted && !(name.starts_with("__") && name.ends_with("__")))
        .filter_map(|name| {
            let candidate = folded(name);
            // Most of a long list is too short or too long, and the length is cheaper to compare than the letters.
            if candidate.chars().count().abs_diff(length) > allowed {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&target, &candidate);
            (distance <= allowed).then_some((distance, name))
        })
        .collect();
    scored.sort_unstable();
    scored.dedup();
    scored.into_iter().map(|(_, name)| name.to_owned()).take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let names = ["app", "application", "Config", "index"].map(str::to_owned);
        assert_eq!(similar_names("aplication", &names), ["application"]);
        assert_eq!(similar_names("config", &names), ["Config"]);
        assert!(similar_names("database", &names).is_empty());
    }
}
