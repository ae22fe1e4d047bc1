//! Directives of nginx and Apache: a name, arguments, and for some a block of more directives.

use super::spelled::{span, trimmed};
use super::{Problem, Spanned, Spelled, Word};
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
}

/// The directives of a list and of all blocks in it, in order, each with those around it, outermost first.
pub fn all(directives: &[Directive]) -> Vec<(Vec<&Directive>, &Directive)> {
    fn collect<'a>(
        list: &'a [Directive],
        around: &mut Vec<&'a Directive>,
        out: &mut Vec<(Vec<&'a Directive>, &'a Directive)>,
    ) {
        for directive in list {
            out.push((around.clone(), directive));
            around.push(directive);
            collect(&directive.block, around, out);
            around.pop();
        }
    }
    let mut out = Vec::new();
    collect(directives, &mut Vec::new(), &mut out);
    out
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
    let whole = Spelled::verbatim(source, TextRange::up_to(TextSize::of(source.text())));
    let chars = whole.chars();
    let mut blocks = Blocks { open: Vec::new(), done: Vec::new() };
    let mut words: Vec<Word> = Vec::new();
    let mut at = 0;
    while let Some((char, place)) = chars.get(at).copied() {
        match char {
            c if c.is_whitespace() => at += 1,
            '#' => at += chars[at..].iter().take_while(|(c, _)| *c != '\n').count(),
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
            _ => {
                let length = nginx_word(chars, at);
                words.extend(quoted_word(&chars[at..at + length]));
                at += length.max(1);
            }
        }
    }
    let end = TextSize::of(source.text());
    if let Some(lost) = directive(words, TextRange::empty(end)) {
        problems.push(Problem::new(lost.name.range, "a directive ends with `;`"));
        blocks.add(lost);
    }
    blocks.finish(end, problems)
}

/// How many characters the word at `at` has.
fn nginx_word(chars: &[(char, TextRange)], at: usize) -> usize {
    let first = chars[at].0;
    if first == '"' || first == '\'' {
        let mut length = 1;
        while let Some((char, _)) = chars.get(at + length) {
            length += 1;
            match char {
                '\\' => length += 1,
                c if *c == first => break,
                _ => {}
            }
        }
        return length.min(chars.len() - at);
    }
    let mut in_variable = false;
    let rest = chars[at..].iter().enumerate();
    let ends = rest.skip_while(|(index, (char, _))| {
        let previous = index.checked_sub(1).and_then(|before| chars.get(at + before)).map(|(c, _)| *c);
        // `${name}` is no block.
        match char {
            '{' if previous == Some('$') => in_variable = true,
            '}' if in_variable => in_variable = false,
            '{' | ';' => return false,
            '}' => return false,
            c if c.is_whitespace() => return false,
            _ => {}
        }
        true
    });
    ends.map(|(index, _)| index).next().unwrap_or(chars.len() - at)
}

/// A word of characters, without its quotes.
fn quoted_word(chars: &[(char, TextRange)]) -> Option<Word> {
    let (first, rest) = chars.split_first()?;
    let quoted = matches!(first.0, '"' | '\'');
    let inner = match rest.split_last() {
        Some((last, inner)) if quoted && last.0 == first.0 => inner,
        _ if quoted => rest,
        _ => chars,
    };
    Word::literal(&inner.iter().copied().collect())
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

/// Reads a file of Apache: one directive a line, `\` continues it, `<Name ...>` opens a block.
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
        let Some(directive) = directive(apache_words(source, inner), TextRange::empty(line.end())) else {
            continue;
        };
        if opens { blocks.open(directive) } else { blocks.add(directive) }
    }
    blocks.finish(TextSize::of(source.text()), problems)
}

/// The words of a line of Apache: quotes keep blanks together, also behind `name=`.
fn apache_words(source: &Source, line: TextRange) -> Vec<Word> {
    let spelled = Spelled::verbatim(source, line);
    super::shell::split(&spelled, super::Reader::Plain)
        .into_iter()
        .flat_map(|command| command.words)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(directives: &[Directive]) -> Vec<String> {
        all(directives)
            .into_iter()
            .map(|(around, directive)| {
                let arguments: Vec<&str> = directive.arguments.iter().map(|word| &*word.text).collect();
                format!("{}{} {}", "  ".repeat(around.len()), directive.name.text, arguments.join("|"))
            })
            .collect()
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
