//! uWSGI's ini files, read as uWSGI reads them: no quotes, no inline comments, no continued lines, any key any number of times.

use super::options::{self, Entry, Section};
use super::spelled::{span, trimmed};
use super::{Problem, Spanned};
use crate::text::{Source, TextRange, TextSize};

/// The sections of an ini file. What stands before the first one is in none, and uWSGI does not read it.
pub(super) fn read(source: &Source, problems: &mut Vec<Problem>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut told_outside = false;
    for number in 1..=source.index().line_count() {
        let line = trimmed(source, source.line_range(number));
        let text = source.slice(line);
        if text.is_empty() || text.starts_with([';', '#']) {
            continue;
        }
        if let Some(rest) = text.strip_prefix('[') {
            let name_end = match rest.find(']') {
                Some(at) if at + 1 == rest.len() => at,
                Some(at) => {
                    let message = "uWSGI takes all of this line for the name of the section: nothing may follow the `]`";
                    problems.push(Problem::new(line, message));
                    at
                }
                None => {
                    problems.push(Problem::new(line, "the name of a section ends with `]`"));
                    rest.len()
                }
            };
            let name = TextRange::at(line.start() + TextSize::new(1), TextSize::of(&rest[..name_end]));
            sections.push(Section {
                name: Spanned::verbatim(source, name),
                entries: Vec::new(),
                range: line,
            });
            continue;
        }
        let Some(section) = sections.last_mut() else {
            if !std::mem::replace(&mut told_outside, true) {
                let message = "uWSGI does not read what stands before the first section, mostly `[uwsgi]`";
                problems.push(Problem::new(line, message));
            }
            continue;
        };
        section.range = span(section.range.start(), line.end());
        section.entries.push(entry(source, line));
    }
    options::mark_blocks(&mut sections);
    sections
}

fn entry(source: &Source, line: TextRange) -> Entry {
    let text = source.slice(line);
    let (key, value) = match text.find('=') {
        Some(at) => {
            let equals = line.start() + TextSize::of(&text[..at]);
            let key = trimmed(source, span(line.start(), equals));
            let value = trimmed(source, span(equals + TextSize::new(1), line.end()));
            (key, Some(Spanned::verbatim(source, value)))
        }
        None => (line, None),
    };
    Entry { key: Spanned::verbatim(source, key), value, range: line, is_conditional: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_uwsgi_reads_them() {
        let source = Source::new(
            "lost = 1\n[uwsgi]\n; comment\nmodule = app:app # no comment\nmaster\nif-env = X\nhttp=:80\nendif =\n[dev] x\n",
        );
        let mut problems = Vec::new();
        let sections = read(&source, &mut problems);
        let told = |section: &Section| -> Vec<String> {
            let entries = section.entries.iter();
            let entries = entries.map(|e| {
                format!(
                    "{}={:?}{}",
                    e.key.text,
                    e.value.as_ref().map(|v| &v.text),
                    if e.is_conditional { "?" } else { "" }
                )
            });
            entries.collect()
        };
        assert_eq!(
            told(&sections[0]),
            [
                "module=Some(\"app:app # no comment\")",
                "master=None",
                "if-env=Some(\"X\")",
                "http=Some(\":80\")?",
                "endif=Some(\"\")",
            ]
        );
        assert_eq!((&*sections[0].name.text, &*sections[1].name.text), ("uwsgi", "dev"));
        assert_eq!(problems.len(), 2);
        assert_eq!(source.slice(sections[0].entries[0].key.range), "module");
    }
}
