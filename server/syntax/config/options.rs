//! uWSGI's options as its files hold them: sections of keys and values, in their order, repeated keys included.

use super::Spanned;
use crate::text::TextRange;

/// One named list of options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name, as written.
    pub name: Spanned,
    /// Its options, in order.
    pub entries: Vec<Entry>,
    /// From its name to its last option (bytes).
    pub range: TextRange,
}

/// One option as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, as written.
    pub key: Spanned,
    /// Its value, with placeholders as they are written; `None` where the file only names the option.
    pub value: Option<Spanned>,
    /// The whole line or element (bytes), without its line end.
    pub range: TextRange,
    /// Whether it stands in an `if-...` or `for-...` block, so that it may be missing or be there more than once.
    pub is_conditional: bool,
}

impl Entry {
    /// Whether this option opens an `if-...` or `for-...` block.
    pub fn opens_block(&self) -> bool {
        let key = self.key.text.as_str();
        key.starts_with("if-")
            || matches!(key, "ifdir" | "ifenv" | "ifexists" | "ifplugin")
            || matches!(key, "for" | "for-glob" | "for-times" | "for-readline")
    }

    /// Whether this option closes a block.
    pub fn closes_block(&self) -> bool {
        matches!(self.key.text.as_str(), "end" | "endfor" | "endif" | "end-if" | "end-for")
    }
}

/// Marks what stands in blocks. uWSGI knows one block at a time: a second one replaces the first.
pub(super) fn mark_blocks(sections: &mut [Section]) {
    for section in sections {
        let mut inside = false;
        for entry in &mut section.entries {
            if entry.closes_block() {
                inside = false;
            }
            entry.is_conditional |= inside;
            if entry.opens_block() {
                inside = true;
            }
        }
    }
}

/// What uWSGI replaces in a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// What it stands for.
    pub kind: PlaceholderKind,
    /// Where it stands in the text of the value (bytes of it).
    pub at: std::ops::Range<usize>,
}

/// What a placeholder stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceholderKind {
    /// `%d`: something about the file itself.
    Magic(char),
    /// `%(name)`: the value of another option or of the file's own variable.
    Option(String),
    /// `$(NAME)`: an environment variable.
    Environment(String),
    /// `@(file)`: what a file holds.
    File(String),
}

/// The placeholders of a value, in order.
pub fn placeholders(value: &str) -> Vec<Placeholder> {
    let mut found = Vec::new();
    if !value.contains(['%', '$', '@']) {
        return found;
    }
    let mut rest = value.char_indices().peekable();
    while let Some((at, char)) = rest.next() {
        let Some((_, next)) = rest.peek().copied() else { break };
        if !matches!(char, '%' | '$' | '@') {
            continue;
        }
        if next == '(' {
            let Some(length) = value[at..].find(')') else { continue };
            let name = value[at + 2..at + length].to_owned();
            let kind = match char {
                '%' => PlaceholderKind::Option(name),
                '$' => PlaceholderKind::Environment(name),
                _ => PlaceholderKind::File(name),
            };
            found.push(Placeholder { kind, at: at..at + length + 1 });
            while rest.next_if(|(next, _)| *next <= at + length).is_some() {}
        } else if char == '%' {
            rest.next();
            found.push(Placeholder { kind: PlaceholderKind::Magic(next), at: at..at + 1 + next.len_utf8() });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found() {
        let found = placeholders("%d/%(base)/$(HOME)@(x.txt)%% 5 %");
        let kinds: Vec<PlaceholderKind> = found.iter().map(|p| p.kind.clone()).collect();
        assert_eq!(
            kinds,
            [
                PlaceholderKind::Magic('d'),
                PlaceholderKind::Option("base".to_owned()),
                PlaceholderKind::Environment("HOME".to_owned()),
                PlaceholderKind::File("x.txt".to_owned()),
                PlaceholderKind::Magic('%'),
            ]
        );
        assert_eq!(found[1].at, 3..10);
    }
}
