//! uWSGI's YAML files. uWSGI mostly reads them with a small reader of its own, which takes values that YAML does not allow
//! (`chdir: %d`), so they are read line by line here as well.

use super::options::{self, Entry, Section};
use super::spelled::{span, trimmed};
use super::{Problem, Spanned};
use crate::text::{Source, TextRange, TextSize};

/// The sections of a YAML file: its top-level keys.
pub(super) fn read(source: &Source, problems: &mut Vec<Problem>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for number in 1..=source.index().line_count() {
        let full = source.line_range(number);
        let line = trimmed(source, without_comment(source, full));
        let text = source.slice(line);
        if text.is_empty() || matches!(text, "---" | "...") {
            continue;
        }
        let depth = line.start() - full.start();
        if depth == TextSize::new(0) {
            let name = text.split(':').next().unwrap_or(text);
            if !text.contains(':') {
                problems.push(Problem::new(line, "a section is a name with a colon, such as `uwsgi:`"));
            }
            let name = trimmed(source, TextRange::at(line.start(), TextSize::of(name)));
            sections.push(Section {
                name: Spanned::verbatim(source, name),
                entries: Vec::new(),
                range: line,
            });
            continue;
        }
        let Some(section) = sections.last_mut() else {
            problems.push(Problem::new(line, "uWSGI does not read what stands before the first section"));
            continue;
        };
        section.range = span(section.range.start(), line.end());
        if source.slice(full)[..depth.to_usize()].contains('\t') {
            problems.push(Problem::new(line, "YAML is indented with spaces; a tab counts as something else"));
        }
        if let Some(item) = text.strip_prefix('-') {
            // One more value of the key above it.
            let Some(key) = section.entries.last().map(|entry| entry.key.clone()) else { continue };
            let item = span(line.end() - TextSize::of(item), line.end());
            let value = Some(unquoted(source, trimmed(source, item)));
            if let Some(first) = section.entries.pop_if(|last| last.value.is_none()) {
                let message = format!(
                    "uWSGI reads lists only where it was built with libyaml, and nothing behind them elsewhere: a line `{0}: ...` for each value is read by all",
                    first.key.text
                );
                problems.push(Problem::remark(first.key.range, message));
            }
            section.entries.push(Entry { key, value, range: line, is_conditional: false });
            continue;
        }
        match colon(text) {
            Some(at) => {
                let end = line.start() + TextSize::of(&text[..at]);
                let key = unquoted(source, trimmed(source, span(line.start(), end)));
                let value = trimmed(source, span(end + TextSize::new(1), line.end()));
                let value = (!value.is_empty()).then(|| unquoted(source, value));
                section.entries.push(Entry { key, value, range: line, is_conditional: false });
            }
            None => {
                problems.push(Problem::new(line, "an option is `name: value`, with a blank after the colon"))
            }
        }
    }
    options::mark_blocks(&mut sections);
    sections
}

/// The colon that ends a key: a blank or the end of the line follows it.
fn colon(text: &str) -> Option<usize> {
    text.match_indices(':')
        .map(|(at, _)| at)
        .find(|at| text[at + 1..].chars().next().is_none_or(|next| next == ' ' || next == '\t'))
}

/// The line up to a `#` that follows a blank or starts it. (uWSGI's own reader cuts at any `#`, YAML only there.)
fn without_comment(source: &Source, line: TextRange) -> TextRange {
    let text = source.slice(line);
    let comment = text
        .match_indices('#')
        .map(|(at, _)| at)
        .find(|at| text[..*at].chars().next_back().is_none_or(char::is_whitespace));
    let kept = comment.map_or(text, |at| &text[..at]);
    TextRange::at(line.start(), TextSize::of(kept))
}

fn unquoted(source: &Source, range: TextRange) -> Spanned {
    let text = source.slice(range);
    let quoted = text.len() >= 2
        && (text.starts_with('"') && text.ends_with('"') || text.starts_with('\'') && text.ends_with('\''));
    if !quoted {
        return Spanned::verbatim(source, range);
    }
    Spanned::verbatim(source, span(range.start() + TextSize::new(1), range.end() - TextSize::new(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_repeat_their_key() {
        let source = Source::new(
            "uwsgi:\n  # hello\n  chdir: %d\n  module: 'app:app' # the app\n  pythonpath:\n    - a\n    - b\n  socket: :80\nother:\n",
        );
        let mut problems = Vec::new();
        let sections = read(&source, &mut problems);
        let entries: Vec<(&str, &str)> = sections[0]
            .entries
            .iter()
            .map(|e| (&*e.key.text, e.value.as_ref().map_or("", |v| &*v.text)))
            .collect();
        assert_eq!(
            entries,
            [
                ("chdir", "%d"),
                ("module", "app:app"),
                ("pythonpath", "a"),
                ("pythonpath", "b"),
                ("socket", ":80")
            ]
        );
        // Not every build of uWSGI reads lists.
        assert_eq!((sections.len(), problems.len()), (2, 1));
    }
}
