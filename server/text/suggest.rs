//! "Did you mean": real names of nearly the same spelling.

/// Names that differ from `wanted` by case, an underscore or a slip of the fingers; nearest first, at most three.
pub fn similar_names<Name: AsRef<str>>(wanted: &str, names: &[Name]) -> Vec<String> {
    let folded = |name: &str| name.to_lowercase().replace(['_', '-'], "");
    let target = folded(wanted);
    let length = target.chars().count();
    let allowed = (length / 3).clamp(1, 3);
    let wanted_letters = Letters::of(wanted);
    let mut scored: Vec<(usize, &str)> = names
        .iter()
        .map(AsRef::as_ref)
        .filter(|name| *name != wanted && !(name.starts_with("__") && name.ends_with("__")))
        .filter(|name| Letters::of(name).may_be_within(wanted_letters, allowed))
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

/// Which letters a text holds, whatever their case: long lists are mostly ruled out by that, without a copy of each name.
#[derive(Clone, Copy)]
struct Letters {
    /// One bit for each letter and digit; all other characters share one.
    set: u64,
    count: usize,
    is_ascii: bool,
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut letters = Self { set: 0, count: 0, is_ascii: text.is_ascii() };
        for byte in text.bytes().filter(|byte| !matches!(byte, b'_' | b'-')) {
            let bit = match byte.to_ascii_lowercase() {
                letter @ b'a'..=b'z' => letter - b'a',
                digit @ b'0'..=b'9' => 26 + digit - b'0',
                _ => 63,
            };
            letters.set |= 1 << bit;
            letters.count += 1;
        }
        letters
    }

    /// Whether so few slips could lead from one to the other: each puts one letter in the place of another at most.
    fn may_be_within(self, other: Self, slips: usize) -> bool {
        let differing = (self.set ^ other.set).count_ones() as usize;
        !self.is_ascii
            || !other.is_ascii
            || differing <= 2 * slips && self.count.abs_diff(other.count) <= slips
    }
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
        assert_eq!(similar_names("ap_lica-tionX", &names), ["application"]);
        assert_eq!(similar_names("äpp", &names), ["app"]);
    }
}
