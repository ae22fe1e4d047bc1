//! Command lines, split into words as a shell does, with the place of every character.

use super::spelled::span;
use super::{Spelled, Word};
use crate::text::{Source, TextRange, TextSize};

/// Who reads a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A shell: several commands, comments, redirections, variables.
    Shell,
    /// A supervisor that only splits words and replaces variables.
    Splitter,
    /// Somebody who splits words and replaces nothing.
    Plain,
}

/// One simple command: `A=1 gunicorn app:app`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimpleCommand {
    /// `NAME=value` words in front.
    pub assignments: Vec<Word>,
    /// The program and its arguments.
    pub words: Vec<Word>,
}

/// The words of a text as somebody splits them who replaces nothing.
pub(super) fn plain_words(source: &Source, range: TextRange) -> Vec<Word> {
    let text = source.slice(range);
    if memchr::memchr3(b'\'', b'"', b'\\', text.as_bytes()).is_some() {
        let commands = split(&Spelled::verbatim(source, range), Reader::Plain);
        return commands.into_iter().flat_map(|command| command.words).collect();
    }
    let mut end = range.start();
    let places = text.split_inclusive([' ', '\t', '\n', '\r']).map(|part| {
        let start = end;
        end += TextSize::of(part);
        TextRange::at(start, TextSize::of(part.trim_ascii_end()))
    });
    places.filter(|place| !place.is_empty()).map(|place| Word::verbatim(source, place)).collect()
}

/// Splits a text into its simple commands. What is not closed ends with the text.
pub fn split(spelled: &Spelled, reader: Reader) -> Vec<SimpleCommand> {
    let mut splitter = Splitter {
        chars: spelled.chars(),
        at: 0,
        reader,
        word: None,
        skip_word: false,
        commands: vec![SimpleCommand::default()],
    };
    splitter.run();
    splitter.commands.retain(|command| !command.words.is_empty() || !command.assignments.is_empty());
    splitter.commands
}

/// Words that begin a command inside other commands.
const KEYWORDS: [&str; 9] = ["if", "then", "else", "elif", "do", "while", "until", "!", "{"];

struct Splitter<'a> {
    chars: &'a [(char, TextRange)],
    at: usize,
    reader: Reader,
    word: Option<Word>,
    /// The next word is the file of a redirection.
    skip_word: bool,
    commands: Vec<SimpleCommand>,
}

impl Splitter<'_> {
    fn run(&mut self) {
        let in_shell = self.reader == Reader::Shell;
        while let Some((char, place)) = self.next() {
            match char {
                '\n' if in_shell => self.end_command(),
                c if c.is_whitespace() => self.end_word(),
                '\'' => self.single_quoted(place),
                '"' => self.double_quoted(place),
                '\\' => match self.next() {
                    Some(('\n', _)) | None => {}
                    Some((escaped, at)) => self.push(escaped, span(place.start(), at.end())),
                },
                '$' | '`' if self.reader != Reader::Plain => self.expansion(char, place),
                '#' if in_shell && self.word.is_none() => self.comment(),
                ';' | '|' | '&' | '(' | ')' if in_shell => self.operator(char),
                '<' | '>' if in_shell => self.redirection(),
                _ => self.push(char, place),
            }
        }
        self.end_command();
    }

    fn next(&mut self) -> Option<(char, TextRange)> {
        let found = self.chars.get(self.at).copied();
        self.at += usize::from(found.is_some());
        found
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).map(|(char, _)| *char)
    }

    fn word(&mut self, place: TextRange) -> &mut Word {
        self.word.get_or_insert_with(|| Word::starting(place.start()))
    }

    fn push(&mut self, char: char, place: TextRange) {
        let word = self.word(place);
        word.push(char, place);
        word.range = span(word.range.start(), place.end().max(word.range.end()));
    }

    /// Makes the word reach to the end of its closing quote.
    fn close(&mut self, place: TextRange) {
        let word = self.word(place);
        word.range = span(word.range.start(), place.end().max(word.range.end()));
    }

    fn single_quoted(&mut self, open: TextRange) {
        self.word(open);
        while let Some((char, place)) = self.next() {
            if char == '\'' {
                return self.close(place);
            }
            self.push(char, place);
        }
    }

    fn double_quoted(&mut self, open: TextRange) {
        self.word(open);
        while let Some((char, place)) = self.next() {
            match char {
                '"' => return self.close(place),
                '\\' if matches!(self.peek(), Some('"' | '\\' | '$' | '`' | '\n')) => {
                    if let Some((escaped, at)) = self.next().filter(|(c, _)| *c != '\n') {
                        self.push(escaped, span(place.start(), at.end()));
                    }
                }
                '$' | '`' if self.reader != Reader::Plain => self.expansion(char, place),
                _ => self.push(char, place),
            }
        }
    }

    /// `$NAME`, `${NAME:-default}`, `$(command)`, `` `command` ``, which stay in the word as they are written.
    fn expansion(&mut self, char: char, place: TextRange) {
        let start = self.word(place).text.len();
        self.push(char, place);
        let mut name = String::new();
        match (char, self.peek()) {
            ('`', _) => self.copy_until('`', None),
            (_, Some('(')) => {
                self.copy_one();
                self.copy_until(')', Some('('));
            }
            (_, Some('{')) => {
                self.copy_one();
                while let Some(c) = self.peek().filter(|c| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                    self.copy_one();
                }
                self.copy_until('}', Some('{'));
            }
            (_, Some('?' | '@' | '*' | '#' | '$' | '!')) => self.copy_one(),
            (_, Some(c)) if c.is_alphanumeric() || c == '_' => {
                while let Some(c) = self.peek().filter(|c| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                    self.copy_one();
                }
            }
            // A lone dollar is one.
            _ => return,
        }
        if let Some(word) = &mut self.word {
            let end = word.text.len();
            word.expansions.push((name, start..end));
        }
    }

    fn copy_one(&mut self) {
        if let Some((char, place)) = self.next() {
            self.push(char, place);
        }
    }

    fn copy_until(&mut self, close: char, open: Option<char>) {
        let mut depth = 1usize;
        while let Some((char, place)) = self.next() {
            self.push(char, place);
            if char == close {
                depth -= 1;
                if depth == 0 {
                    return;
                }
            } else if Some(char) == open {
                depth += 1;
            }
        }
    }

    fn comment(&mut self) {
        while self.peek().is_some_and(|c| c != '\n') {
            self.at += 1;
        }
    }

    fn operator(&mut self, char: char) {
        // `2>&1` and `>&2` name no command.
        if char == '&' && self.skip_word {
            return;
        }
        self.end_command();
        while self.peek() == Some(char) {
            self.at += 1;
        }
    }

    fn redirection(&mut self) {
        // The number in front of it is a file, not an argument.
        if self.word.as_ref().is_some_and(|word| word.text.bytes().all(|b| b.is_ascii_digit())) {
            self.word = None;
        }
        self.end_word();
        while matches!(self.peek(), Some('<' | '>' | '|' | '-')) {
            self.at += 1;
        }
        self.skip_word = true;
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else { return };
        if std::mem::take(&mut self.skip_word) {
            return;
        }
        let in_shell = self.reader == Reader::Shell;
        let Some(command) = self.commands.last_mut() else { return };
        if command.words.is_empty() {
            if in_shell
                && word.range.len().to_usize() == word.text.len()
                && KEYWORDS.contains(&word.text.as_str())
            {
                return;
            }
            if in_shell && is_assignment(&word.text) {
                command.assignments.push(word);
                return;
            }
        }
        command.words.push(word);
    }

    fn end_command(&mut self) {
        self.end_word();
        self.skip_word = false;
        self.commands.push(SimpleCommand::default());
    }
}

/// Whether a word is `NAME=value`.
pub(super) fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Source, TextSize};

    fn words(text: &str, reader: Reader) -> Vec<Vec<String>> {
        let source = Source::new(text);
        let spelled = Spelled::verbatim(&source, TextRange::up_to(TextSize::of(text)));
        split(&spelled, reader)
            .into_iter()
            .map(|command| {
                command
                    .assignments
                    .into_iter()
                    .chain(command.words)
                    .map(|word| word.text.to_string())
                    .collect()
            })
            .collect()
    }

    #[test]
    fn shells_split_as_shells_do() {
        let one = |text: &str| words(text, Reader::Shell);
        assert_eq!(
            one("gunicorn 'my app':app --env \"A=b c\""),
            [["gunicorn", "my app:app", "--env", "A=b c"]]
        );
        assert_eq!(
            one("cd src && A=1 exec gunicorn app:app 2>&1 > log.txt & # comment"),
            [vec!["cd", "src"], vec!["A=1", "exec", "gunicorn", "app:app"]]
        );
        assert_eq!(one("a \\\n  b\nc"), [vec!["a", "b"], vec!["c"]]);
        assert_eq!(one("if x; then y; fi"), [vec!["x"], vec!["y"], vec!["fi"]]);
        assert_eq!(
            one("gunicorn -b 0:$PORT -w $(nproc --all) 'unclosed"),
            [["gunicorn", "-b", "0:$PORT", "-w", "$(nproc --all)", "unclosed"]]
        );
        assert_eq!(words("a && b; '$X'", Reader::Splitter), [["a", "&&", "b;", "$X"]]);
    }

    #[test]
    fn parts_of_words_have_places() {
        let text = "x \"a\\\"b\"'c'd:${PORT:-80}";
        let source = Source::new(text);
        let commands =
            split(&Spelled::verbatim(&source, TextRange::up_to(TextSize::of(text))), Reader::Shell);
        let word = &commands[0].words[1];
        assert_eq!(word.text, "a\"bcd:${PORT:-80}");
        assert_eq!(source.slice(word.range), &text[2..]);
        assert_eq!(source.slice(word.part(1..2)), "\\\"");
        assert_eq!(source.slice(word.part(3..5)), "c'd");
        assert_eq!(word.expansions, [("PORT".to_owned(), 6..17)]);
        assert_eq!(word.after(6).text, "${PORT:-80}");
    }
}
