//! Edits of one text.

use super::{Source, TextRange};

/// Replaces a range (bytes of the old text) by a new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What goes away; empty for an insertion.
    pub range: TextRange,
    /// What comes in its place.
    pub new_text: String,
}

impl TextEdit {
    /// Replaces `range` by `new_text`.
    pub fn replace(range: TextRange, new_text: impl Into<String>) -> Self {
        Self { range, new_text: new_text.into() }
    }
}

/// The text after all edits, whose ranges all refer to the old text; `None` when two of them overlap or one does not fit.
pub fn apply_edits(source: &Source, edits: &[TextEdit]) -> Option<String> {
    let mut ordered: Vec<&TextEdit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let text = source.text();
    let mut out = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for edit in ordered {
        let start = edit.range.start().to_usize();
        out.push_str(text.get(done..start)?);
        out.push_str(&edit.new_text);
        done = edit.range.end().to_usize();
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_edits_are_refused() {
        let source = Source::new("abcdef");
        let edit = |a: u32, b: u32, t: &str| TextEdit::replace(TextRange::new(a.into(), b.into()), t);
        assert_eq!(apply_edits(&source, &[edit(4, 6, "Z"), edit(0, 1, "")]).as_deref(), Some("bcdZ"));
        assert_eq!(apply_edits(&source, &[edit(0, 3, ""), edit(2, 4, "")]), None);
        assert_eq!(apply_edits(&source, &[edit(5, 9, "")]), None);
    }
}
