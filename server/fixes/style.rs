//! The habits of a file: what indents, ends a line and quotes a string there.

use ruff_python_ast::str::Quote;
use ruff_python_ast::token::{Token, TokenKind};
use ruff_source_file::find_newline;
use ruff_text_size::Ranged;

use crate::syntax::python::PythonFile;

/// How new text is written so that it looks like the rest of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// One step of indentation: a tab or some spaces.
    pub indent: String,
    /// What ends a line: `\n`, `\r\n` or `\r`.
    pub newline: &'static str,
    /// The quote around most of the file's one-line strings.
    pub quote: char,
}

impl Style {
    /// Reads the habits of a file. Where it shows none, they are those of PEP 8 and of most formatters: four spaces, `\n`
    /// and double quotes.
    pub fn of(file: &PythonFile) -> Self {
        let text = file.source().text();
        let tokens: &[Token] = file.tokens().map_or(&[], |tokens| tokens);
        Self {
            indent: indent(text, tokens).unwrap_or("    ").to_owned(),
            newline: find_newline(text).map_or("\n", |(_, ending)| ending.as_str()),
            quote: quote(tokens),
        }
    }
}

/// The first block of a file is indented by one step, because what surrounds it is the module.
fn indent<'a>(text: &'a str, tokens: &[Token]) -> Option<&'a str> {
    let first = tokens.iter().find(|token| token.kind() == TokenKind::Indent)?;
    let whole = text.get(first.start().to_usize()..first.end().to_usize())?;
    let step = super::layout::after_form_feed(whole);
    (!step.is_empty() && !step.contains(['\\', '\n', '\r'])).then_some(step)
}

/// Docstrings do not count: they are in double quotes also where all else is in single ones.
fn quote(tokens: &[Token]) -> char {
    let (mut single, mut double) = (0_usize, 0_usize);
    for token in tokens {
        let starts_string =
            matches!(token.kind(), TokenKind::String | TokenKind::FStringStart | TokenKind::TStringStart);
        if starts_string && !token.is_triple_quoted_string() {
            match token.string_quote_style() {
                Quote::Single => single += 1,
                Quote::Double => double += 1,
            }
        }
    }
    if single > double { '\'' } else { '"' }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::python::PythonVersion;
    use crate::text::Source;

    #[test]
    fn habits_are_read_from_the_file() {
        let cases = [
            ("", "    ", "\n", '"'),
            ("x = 1\rif x:\r\ty = 'a'\r", "\t", "\r", '\''),
            ("def f():\r\n  '''doc'''\r\n  return \"a\", 'b'\r\n", "  ", "\r\n", '"'),
            ("'''doc'''\nx = [\n  f'a', u'b', \"c\",\n]\n", "    ", "\n", '\''),
            ("if x:\n\x0c   y = 1\n   if y:\n         z = 1\n", "   ", "\n", '"'),
        ];
        for (text, indent, newline, quote) in cases {
            let file = PythonFile::parse(Source::new(text), None, PythonVersion::PY311);
            let expected = Style { indent: indent.to_owned(), newline, quote };
            assert_eq!(Style::of(&file), expected, "{text:?}");
        }
    }
}
