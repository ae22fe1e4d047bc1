//! YAML and JSON, as trees of pieces with places. JSON is read as the YAML that it is.

use compact_str::CompactString;

use ruff_text_size::TextLen;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::spelled::{span, trimmed};
use super::{Problem, Spanned, Spelled};
use crate::text::{Source, TextRange, TextSize};

/// Hand-written files are never that deep; a deeper tree could exhaust a stack when it is dropped.
const MAX_DEPTH: usize = 100;

/// One value with its place (bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where, with its quotes.
    pub range: TextRange,
}

/// The kinds of value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// A text, a number, nothing.
    Scalar(Spelled),
    /// A list.
    List(Vec<Node>),
    /// Keys with values, in order.
    Map(Vec<(Spanned, Node)>),
    /// A repetition of something that has a name.
    Alias,
}

impl Node {
    /// The value of a key, when this is a map that has it.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entries().iter().find(|(key, _)| key.text == name).map(|(_, value)| value)
    }

    /// The keys and values of a map; empty for all else.
    pub fn entries(&self) -> &[(Spanned, Self)] {
        match &self.kind {
            NodeKind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; empty for all else.
    pub fn items(&self) -> &[Self] {
        match &self.kind {
            NodeKind::List(items) => items,
            _ => &[],
        }
    }

    /// The characters of a scalar.
    pub fn spelled(&self) -> Option<&Spelled> {
        match &self.kind {
            NodeKind::Scalar(spelled) => Some(spelled),
            _ => None,
        }
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<Spanned> {
        self.spelled()?.spanned()
    }
}

/// Reads all documents of a file. What was read before a mistake is kept.
pub(super) fn read(source: &Source, problems: &mut Vec<Problem>) -> Vec<Node> {
    let mut builder =
        Builder { source, offsets: Offsets::of(source.text()), open: Vec::new(), done: Vec::new() };
    let mut parser = Parser::new_from_str(source.text());
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                if builder.open.len() > MAX_DEPTH {
                    problems.push(Problem::new(builder.range(span), "this is nested too deeply to be read"));
                    break;
                }
                builder.event(event, span);
            }
            Err(error) => {
                let line = trimmed(source, source.line_range(error.marker().line().max(1)));
                let message = format!("this cannot be read: {}", error.info());
                // The libraries that tools are built with are less strict here: `]` may stand under the key of its list.
                let is_read_by_others = error.info().starts_with("invalid indentation");
                problems.push(match is_read_by_others {
                    true => Problem::remark(line, message),
                    false => Problem::new(line, message),
                });
                break;
            }
        }
    }
    while !builder.open.is_empty() {
        builder.close(source.text().text_len());
    }
    builder.done
}

/// Something whose end has not come yet.
enum Open {
    List(TextSize, Vec<Node>),
    Map(TextSize, Vec<(Spanned, Node)>, Option<Spanned>),
}

struct Builder<'a> {
    source: &'a Source,
    offsets: Offsets,
    open: Vec<Open>,
    done: Vec<Node>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        let range = self.range(span);
        match event {
            Event::Scalar(text, style, ..) => {
                let kind = NodeKind::Scalar(self.scalar(&text, style, range));
                self.add(Node { kind, range });
            }
            Event::Alias(_) => self.add(Node { kind: NodeKind::Alias, range }),
            Event::SequenceStart(..) => self.open.push(Open::List(range.start(), Vec::new())),
            Event::MappingStart(..) => self.open.push(Open::Map(range.start(), Vec::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end()),
            _ => {}
        }
    }

    /// The characters of a scalar with their places, found again in the file.
    fn scalar(&self, text: &str, style: ScalarStyle, range: TextRange) -> Spelled {
        let one = TextSize::new(1);
        let raw = self.source.slice(range);
        let inner = span(range.start() + one.min(range.len()), range.end() - one.min(range.len()));
        match style {
            ScalarStyle::DoubleQuoted if raw.contains('\\') => Spelled::escaped(self.source, inner),
            ScalarStyle::DoubleQuoted => Spelled::verbatim(self.source, inner).folded(),
            ScalarStyle::SingleQuoted => Spelled::verbatim(self.source, inner).undoubled('\'').folded(),
            ScalarStyle::Plain if raw == text => Spelled::verbatim(self.source, range),
            ScalarStyle::Plain => Spelled::verbatim(self.source, trimmed(self.source, range)).folded(),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let body = self.block(range);
                let spelled = Spelled::verbatim(self.source, body);
                if style == ScalarStyle::Folded { spelled.folded() } else { spelled }
            }
        }
    }

    /// The lines of a block scalar, without the `|` or `>` in front.
    fn block(&self, range: TextRange) -> TextRange {
        let raw = self.source.slice(range);
        let header =
            if raw.starts_with(['|', '>']) { raw.find('\n').map_or(raw.len(), |at| at + 1) } else { 0 };
        trimmed(self.source, span(range.start() + TextSize::of(&raw[..header]), range.end()))
    }

    fn close(&mut self, end: TextSize) {
        let (kind, start) = match self.open.pop() {
            Some(Open::List(start, items)) => (NodeKind::List(items), start),
            Some(Open::Map(start, entries, _)) => (NodeKind::Map(entries), start),
            None => return,
        };
        self.add(Node { kind, range: span(start, end.max(start)) });
    }

    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(_, entries, key)) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    let empty = || Spanned { text: CompactString::default(), range: node.range };
                    *key = Some(node.text().unwrap_or_else(empty));
                }
            },
            None => self.done.push(node),
        }
    }

    fn range(&self, marks: Span) -> TextRange {
        span(self.offsets.byte(marks.start.index()), self.offsets.byte(marks.end.index()))
    }
}

/// Where the characters of a text begin, for a parser that counts characters.
struct Offsets {
    /// Empty for a text in which every character is one byte.
    starts: Vec<TextSize>,
    end: TextSize,
}

impl Offsets {
    fn of(text: &str) -> Self {
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| TextSize::try_from(at).unwrap_or_default()).collect()
        };
        Self { starts, end: text.text_len() }
    }

    fn byte(&self, character: usize) -> TextSize {
        if self.starts.is_empty() {
            return TextSize::try_from(character).unwrap_or_default().min(self.end);
        }
        self.starts.get(character).copied().unwrap_or(self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(node: &Node, out: &mut Vec<String>, source: &Source) {
        if let Some(text) = node.text() {
            out.push(format!("{} <{}>", text.text, source.slice(text.range)));
        }
        node.items().iter().for_each(|item| texts(item, out, source));
        node.entries().iter().for_each(|(_, value)| texts(value, out, source));
    }

    #[test]
    fn what_other_readers_take_is_only_remarked() {
        let problems = |text: &str| {
            let mut problems = Vec::new();
            read(&Source::new(text), &mut problems);
            problems.iter().map(|problem| problem.may_be_read).collect::<Vec<_>>()
        };
        assert_eq!(problems("a:\n  b: [\n    '\n    c\n    '\n  ]\n"), [true]);
        assert_eq!(problems("a:\n\tb: 1\n"), [false]);
    }

    #[test]
    fn scalars_have_their_places() {
        let source = Source::new(
            "# \u{e9}\na: plain text\nb: 'it''s'\nc: \"x\\\"y\"\nd: >-\n  gunicorn\n  app\ne: |\n  one\n  two\nf: [g, 'h']\n",
        );
        let mut problems = Vec::new();
        let nodes = read(&source, &mut problems);
        let mut out = Vec::new();
        texts(&nodes[0], &mut out, &source);
        assert_eq!(
            out,
            [
                "plain text <plain text>",
                "it's <it''s>",
                "x\"y <x\\\"y>",
                "gunicorn app <gunicorn\n  app>",
                "one\n  two <one\n  two>",
                "g <g>",
                "h <h>"
            ]
        );
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn json_is_read_too() {
        let source = Source::new(
            "{\n\t\"production\": {\n\t\t\"app_function\": \"app.app\",\n\t\t\"n\": [1, true]\n\t}\n}\n",
        );
        let mut problems = Vec::new();
        let nodes = read(&source, &mut problems);
        let stage = nodes[0].get("production").and_then(|stage| stage.get("app_function"));
        assert_eq!(stage.and_then(Node::text).map(|t| t.text).as_deref(), Some("app.app"));
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn what_is_broken_keeps_what_came_before() {
        for text in
            ["a: b\nc: [", "a: b\n\tc: d\n e", "\u{0}\u{1}", &"[".repeat(5_000), "a: &x [*x, *x]\nb: *y\n"]
        {
            let source = Source::new(text);
            let mut problems = Vec::new();
            read(&source, &mut problems);
            assert!(!problems.is_empty(), "{text:.20}");
        }
    }
}
