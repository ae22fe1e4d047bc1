//! "Did you mean": real names of nearly the same spelling.

/// Names that differ from `wanted` by case, an underscore or a slip of the fingers; nearest first, at most three.
pub fn similar_names(wanted: &str, names: &[String]) -> Vec<String> {
    let folded = |name: &str| name.to_lowercase().replace(['_', '-'], "");
    let target = folded(wanted);
    let mut scored: Vec<(usize, &String)> = names
        .iter()
        .filter(|name| name.as_str() != wanted && !(name.starts_with("__") && name.ends_with("__")))
        .filter_map(|name| {
            let distance = strsim::damerau_levenshtein(&target, &folded(name));
            let allowed = (target.chars().count() / 3).clamp(1, 3);
            (distance <= allowed).then_some((distance, name))
        })
        .collect();
    scored.sort();
    scored.dedup();
    scored.into_iter().map(|(_, name)| name.clone()).take(3).collect()
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
