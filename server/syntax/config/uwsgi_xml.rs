//! uWSGI's XML files: the children of `<uwsgi>` are the options.

use roxmltree::{Document, Node, ParsingOptions};

use super::options::{self, Entry, Section};
use super::spelled::{span, trimmed};
use super::{Problem, Spanned};
use crate::text::{Source, TextRange, TextSize};

/// A hand-written file has far fewer elements; a hostile one shall not fill the memory.
const MAX_NODES: u32 = 200_000;

/// The `<uwsgi>` elements of an XML file, one section each.
pub(super) fn read(source: &Source, problems: &mut Vec<Problem>) -> Vec<Section> {
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = match Document::parse_with_options(source.text(), options) {
        Ok(document) => document,
        Err(error) => {
            let line = source.line_range(error.pos().row as usize);
            let message = format!("this is no well-formed XML: {error}");
            problems.push(Problem::new(trimmed(source, line), message));
            return Vec::new();
        }
    };
    let root = document.root_element();
    let roots: Vec<Node<'_, '_>> = if root.tag_name().name() == "uwsgi" {
        vec![root]
    } else {
        root.children().filter(|child| child.tag_name().name() == "uwsgi").collect()
    };
    if roots.is_empty() {
        let range = tag_name(source, root).range;
        problems.push(Problem::new(range, "uWSGI reads the element `<uwsgi>`, which is missing"));
    }
    let mut sections: Vec<Section> = roots.into_iter().map(|root| section(source, root)).collect();
    options::mark_blocks(&mut sections);
    sections
}

fn section(source: &Source, root: Node<'_, '_>) -> Section {
    let entries = root.children().filter(Node::is_element).map(|child| {
        let text = child.children().find(Node::is_text);
        let value = text.map(|text| {
            let range = trimmed(source, text_range(text.range()));
            match text.text() {
                Some(read) if source.slice(range) != read.trim() => {
                    Spanned { text: read.trim().into(), range }
                }
                _ => Spanned::verbatim(source, range),
            }
        });
        // `<socket mode="dev">` is only read in that mode.
        let is_conditional = child.attributes().len() > 0;
        Entry { key: tag_name(source, child), value, range: text_range(child.range()), is_conditional }
    });
    let entries = entries.collect();
    Section { name: tag_name(source, root), entries, range: text_range(root.range()) }
}

/// The name in the start tag of an element.
fn tag_name(source: &Source, node: Node<'_, '_>) -> Spanned {
    let start = text_range(node.range()).start() + TextSize::new(1);
    let name = node.tag_name().name();
    let rest = source.slice(span(start.min(text_range(node.range()).end()), text_range(node.range()).end()));
    let written = rest.split(|c: char| c.is_whitespace() || c == '/' || c == '>').next().unwrap_or(name);
    Spanned { text: name.into(), range: TextRange::at(start, TextSize::of(written)) }
}

fn text_range(range: std::ops::Range<usize>) -> TextRange {
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    span(size(range.start), size(range.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_options() {
        let source = Source::new(
            "<uwsgi>\n  <module>app:app</module>\n  <master/>\n  <env>A=1&amp;2</env>\n</uwsgi>\n",
        );
        let mut problems = Vec::new();
        let sections = read(&source, &mut problems);
        let entries: Vec<(&str, Option<&str>)> =
            sections[0].entries.iter().map(|e| (&*e.key.text, e.value.as_ref().map(|v| &*v.text))).collect();
        assert_eq!(entries, [("module", Some("app:app")), ("master", None), ("env", Some("A=1&2"))]);
        assert_eq!(source.slice(sections[0].entries[0].key.range), "module");
        assert!(problems.is_empty());
        let broken = Source::new("<uwsgi>\n<module>app");
        assert!(read(&broken, &mut problems).is_empty());
        assert_eq!(problems.len(), 1);
    }
}
