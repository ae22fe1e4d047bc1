//! Directives of nginx and Apache: a name, arguments, and for some a block of more directives.

use super::shell::plain_words;
use super::spelled::{span, trimmed};
use super::{Problem, Spanned, Word};
use crate::text::{Source, TextRange, TextSize};

/// Deeper blocks than this are read as if they were on this level: no configuration needs them.
const MAX_DEPTH: usize = 60;

/// One directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Its name, as written.
    pub name: Spanned,
    /// Its arguments.
    pub arguments: Vec<Word>,
    /// What stands in its block; empty when it has none.
    pub block: Vec<Directive>,
    /// From its name to its end (bytes).
    pub range: TextRange,
}

impl Directive {
    /// Whether it has this name; Apache does not care for the case.
    pub fn is(&self, name: &str) -> bool {
        self.name.text.eq_ignore_ascii_case(name)
    }

    /// Whether it is one of mod_wsgi's: all their names begin so.
    pub fn is_of_mod_wsgi(&self) -> bool {
        self.name.text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("WSGI"))
    }
}

/// The directives of a list and of all blocks in it, in order.
pub fn all(directives: &[Directive]) -> Vec<&Directive> {
    let mut out = Vec::new();
    visit(directives, &mut |_, directive| out.push(directive));
    out
}

/// Those of mod_wsgi.
pub fn of_mod_wsgi(directives: &[Directive]) -> Vec<&Directive> {
    let mut out = Vec::new();
    visit(directives, &mut |_, directive| out.extend(Some(directive).filter(|one| one.is_of_mod_wsgi())));
    out
}

/// Looks at the directives of a list and of all blocks in it, in order, each with those around it, outermost first.
pub fn visit<'a>(directives: &'a [Directive], look: &mut dyn FnMut(&[&'a Directive], &'a Directive)) {
    fn descend<'a>(
        list: &'a [Directive],
        around: &mut Vec<&'a Directive>,
        look: &mut dyn FnMut(&[&'a Directive], &'a Directive),
    ) {
        for directive in list {
            look(around, directive);
            if !directive.block.is_empty() {
                around.push(directive);
                descend(&directive.block, around, look);
                around.pop();
            }
        }
    }
    descend(directives, &mut Vec::new(), look);
}

/// Blocks that are open while a file is read: the directive that opened each, and what was read in it.
struct Blocks {
    open: Vec<Directive>,
    done: Vec<Directive>,
}

impl Blocks {
    fn add(&mut self, directive: Directive) {
        match self.open.last_mut() {
            Some(parent) => parent.block.push(directive),
            None => self.done.push(directive),
        }
    }

    /// Closes the innermost block at this place; says whether there was one.
    fn close(&mut self, end: TextSize) -> bool {
        let Some(mut directive) = self.open.pop() else { return false };
        directive.range = span(directive.range.start(), end.max(directive.range.end()));
        self.add(directive);
        true
    }

    fn open(&mut self, directive: Directive) {
        if self.open.len() < MAX_DEPTH { self.open.push(directive) } else { self.add(directive) }
    }

    fn finish(mut self, end: TextSize, problems: &mut Vec<Problem>) -> Vec<Directive> {
        if let Some(open) = self.open.last() {
            problems.push(Problem::new(
                open.name.range,
                format!("the block of `{}` is never closed", open.name.text),
            ));
        }
        while self.close(end) {}
        self.done
    }
}

/// Reads a file of nginx: words, `;`, `{` and `}`.
pub(super) fn read_nginx(source: &Source, problems: &mut Vec<Problem>) -> Vec<Directive> {
    let text = source.text();
    let mut blocks = Blocks { open: Vec::new(), done: Vec::new() };
    let mut words: Vec<Word> = Vec::new();
    let mut at = 0;
    while let Some(char) = text[at..].chars().next() {
        let place = bytes(at..at + char.len_utf8());
        match char {
            '#' => at += text[at..].find('\n').unwrap_or(text.len() - at),
            ';' | '{' => {
                at += 1;
                let Some(directive) = directive(std::mem::take(&mut words), place) else { continue };
                if char == ';' { blocks.add(directive) } else { blocks.open(directive) }
            }
            '}' => {
                at += 1;
                if let Some(lost) = directive(std::mem::take(&mut words), place) {
                    problems.push(Problem::new(lost.name.range, "a directive ends with `;`"));
                    blocks.add(lost);
                }
                if !blocks.close(place.end()) {
                    problems.push(Problem::new(place, "there is no block to close here"));
                }
            }
            c if c.is_whitespace() => at += c.len_utf8(),
            _ => {
                let end = at + nginx_word(&text[at..]);
                words.extend(unquoted(source, at..end));
                at = end;
            }
        }
    }
    let end = TextSize::of(text);
    if let Some(lost) = directive(words, TextRange::empty(end)) {
        problems.push(Problem::new(lost.name.range, "a directive ends with `;`"));
        blocks.add(lost);
    }
    blocks.finish(end, problems)
}

/// How many bytes the word has with which the text begins; at least its first character, which is no blank.
fn nginx_word(text: &str) -> usize {
    let mut rest = text.char_indices();
    let Some((_, first)) = rest.next() else { return 0 };
    if matches!(first, '"' | '\'') {
        let mut is_escaped = false;
        let close = rest.find(|(_, char)| {
            let closes = *char == first && !is_escaped;
            is_escaped = *char == '\\' && !is_escaped;
            closes
        });
        return close.map_or(text.len(), |(at, _)| at + 1);
    }
    let (mut previous, mut in_variable) = (first, false);
    let end = rest.find(|(_, char)| {
        // `${name}` is no block.
        let before = std::mem::replace(&mut previous, *char);
        match char {
            '{' if before == '$' => in_variable = true,
            '}' if in_variable => in_variable = false,
            '{' | '}' | ';' => return true,
            char => return char.is_whitespace(),
        }
        false
    });
    end.map_or(text.len(), |(at, _)| at)
}

/// The word at a place (bytes), without its quotes; `None` when nothing stands between them.
fn unquoted(source: &Source, mut range: std::ops::Range<usize>) -> Option<Word> {
    let text = source.text().get(range.clone())?;
    if let Some(quote) = text.chars().next().filter(|char| matches!(char, '"' | '\'')) {
        range.start += 1;
        range.end -= usize::from(text.len() > 1 && text.ends_with(quote));
    }
    (!range.is_empty()).then(|| Word::verbatim(source, bytes(range)))
}

fn bytes(range: std::ops::Range<usize>) -> TextRange {
    let size = |at| TextSize::try_from(at).unwrap_or_default();
    span(size(range.start), size(range.end))
}

fn directive(mut words: Vec<Word>, end: TextRange) -> Option<Directive> {
    if words.is_empty() {
        return None;
    }
    let name = words.remove(0);
    let name = Spanned { text: name.text, range: name.range };
    let range = span(name.range.start(), end.end().max(name.range.end()));
    Some(Directive { name, arguments: words, block: Vec::new(), range })
}

/// Reads a file of Apache: one directive a line, `\` continues it, `<Name ...>` opens a block. Quotes keep blanks together, also behind
/// `name=`.
pub(super) fn read_apache(source: &Source, problems: &mut Vec<Problem>) -> Vec<Directive> {
    let mut blocks = Blocks { open: Vec::new(), done: Vec::new() };
    let mut number = 1;
    let count = source.index().line_count();
    while number <= count {
        let mut line = trimmed(source, source.line_range(number));
        number += 1;
        if source.slice(line).starts_with('#') || line.is_empty() {
            continue;
        }
        while source.slice(line).ends_with('\\') && number <= count {
            line = span(line.start(), trimmed(source, source.line_range(number)).end().max(line.end()));
            number += 1;
        }
        let text = source.slice(line);
        if text.starts_with("</") {
            if !blocks.close(line.end()) {
                problems.push(Problem::new(line, "there is no block to close here"));
            }
            continue;
        }
        let opens = text.starts_with('<');
        let inner = if opens {
            let end = TextSize::of(text.strip_suffix('>').unwrap_or(text));
            span(line.start() + TextSize::new(1), line.start() + end)
        } else {
            line
        };
        let Some(directive) = directive(plain_words(source, inner), TextRange::empty(line.end())) else {
            continue;
        };
        if opens { blocks.open(directive) } else { blocks.add(directive) }
    }
    blocks.finish(TextSize::of(source.text()), problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(directives: &[Directive]) -> Vec<String> {
        let mut lines = Vec::new();
        visit(directives, &mut |around, directive| {
            let arguments: Vec<&str> = directive.arguments.iter().map(|word| &*word.text).collect();
            let indent = "  ".repeat(around.len());
            lines.push(format!("{indent}{} {}", directive.name.text, arguments.join("|")));
        });
        lines
    }

    #[test]
    fn nginx_blocks() {
        let source = Source::new(
            "# x\nserver {\n  listen 80; server_name 'a b' ~^${x}y$;\n  location / { uwsgi_pass unix:/run/a.sock; }\n}\nlost",
        );
        let mut problems = Vec::new();
        let directives = read_nginx(&source, &mut problems);
        assert_eq!(
            told(&directives),
            [
                "server ",
                "  listen 80",
                "  server_name a b|~^${x}y$",
                "  location /",
                "    uwsgi_pass unix:/run/a.sock",
                "lost "
            ]
        );
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn apache_lines() {
        let source = Source::new(
            "<VirtualHost *:80>\n  # no\n  WSGIDaemonProcess site python-path=\"/a b\" \\\n    threads=5\n  WSGIScriptAlias / /a/b.wsgi\n</VirtualHost>\n</If>\n",
        );
        let mut problems = Vec::new();
        let directives = read_apache(&source, &mut problems);
        assert_eq!(
            told(&directives),
            [
                "VirtualHost *:80",
                "  WSGIDaemonProcess site|python-path=/a b|threads=5",
                "  WSGIScriptAlias /|/a/b.wsgi"
            ]
        );
        assert_eq!(problems.len(), 1);
    }
}
