//! "Did you mean": real names of nearly the same spelling.

use std::cell::LazyCell;

/// Longer names may differ in so many letters.
const MOST_SLIPS: usize = 3;

/// Names that differ from `wanted` by case, an underscore or a slip of the fingers; nearest first, at most three.
pub fn similar_names<Name: AsRef<str>>(wanted: &str, names: &[Name]) -> Vec<String> {
    let names = names.iter().map(|name| (name.as_ref(), Letters::of(name.as_ref())));
    nearest(wanted, Letters::of(wanted), names)
}

/// A list of names that are compared with many others.
#[derive(Debug, Default)]
pub struct Names {
    /// Those with few letters first.
    known: Vec<(&'static str, Letters)>,
}

impl Names {
    /// The same as [`similar_names`].
    pub fn similar(&self, wanted: &str) -> Vec<String> {
        let letters = Letters::of(wanted);
        let (count, allowed) = (letters.count, letters.slips());
        let from = self.known.partition_point(|(_, letters)| letters.count + allowed < count);
        let near = self.known[from..].iter().take_while(|(_, letters)| letters.count <= count + allowed);
        nearest(wanted, letters, near.copied())
    }
}

impl FromIterator<&'static str> for Names {
    fn from_iter<All: IntoIterator<Item = &'static str>>(names: All) -> Self {
        let mut known: Vec<_> = names.into_iter().map(|name| (name, Letters::of(name))).collect();
        known.sort_by_key(|(_, letters)| letters.count);
        Self { known }
    }
}

fn nearest<'a>(
    wanted: &str,
    wanted_letters: Letters,
    names: impl Iterator<Item = (&'a str, Letters)>,
) -> Vec<String> {
    let folded = |name: &str| name.to_lowercase().replace(['_', '-'], "");
    let allowed = wanted_letters.slips();
    // Most names resemble none of a list.
    let target = LazyCell::new(|| folded(wanted));
    let length = LazyCell::new(|| target.chars().count());
    let mut scored: Vec<(usize, &str)> = names
        .filter(|(_, letters)| letters.may_be_within(wanted_letters, allowed))
        .map(|(name, _)| name)
        .filter(|name| *name != wanted && !(name.starts_with("__") && name.ends_with("__")))
        .filter_map(|name| {
            let candidate = folded(name);
            // Most of a long list is too short or too long, and the length is cheaper to compare than the letters.
            if candidate.chars().count().abs_diff(*length) > allowed {
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
#[derive(Clone, Copy, Debug)]
struct Letters {
    /// One bit for each letter and digit; all other characters share one.
    set: u64,
    /// How many characters there are, hyphens and underscores left out.
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
            // Characters are counted, by their first bytes.
            letters.count += usize::from(!matches!(byte, 0x80..=0xbf));
        }
        letters
    }

    /// In how many letters a name may differ from this one and resemble it.
    fn slips(self) -> usize {
        (self.count / 3).clamp(1, MOST_SLIPS)
    }

    /// Whether so few slips could lead from one to the other: each puts one letter in the place of another at most.
    fn may_be_within(self, other: Self, slips: usize) -> bool {
        let differing = || (self.set ^ other.set).count_ones() as usize;
        !self.is_ascii
            || !other.is_ascii
            || self.count.abs_diff(other.count) <= slips && differing() <= 2 * slips
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
