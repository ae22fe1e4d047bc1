//! What makes Python refuse to compile a file, in Python's own words where the parser's are poorer.

use ruff_python_ast::{ModModule, PythonVersion};
use ruff_python_parser::Parsed;

use super::semantic;
use crate::text::{DecodeError, Source, TextLen, TextRange, TextSize};

/// A file can hold thousands of errors after one stray quote; people read the first few.
pub const MAX_PROBLEMS: usize = 20;

/// One reason why Python will not compile a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxProblem {
    /// What Python trips over (bytes).
    pub range: TextRange,
    /// What is wrong, as a sentence without its full stop.
    pub message: String,
    /// Which kind it is.
    pub kind: SyntaxProblemKind,
}

/// The kinds of problem that people mend in different ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxProblemKind {
    /// No version of Python accepts it.
    Grammar,
    /// It parses, and the compiler refuses it: `return` outside a function and its like.
    Semantic,
    /// A newer Python accepts it.
    NewerPython,
    /// The bytes are not text in the file's encoding.
    Encoding,
}

impl SyntaxProblem {
    pub(super) fn too_deep(source: &Source) -> Self {
        Self {
            range: source.line_range(1),
            message: "too many nested parentheses".to_owned(),
            kind: SyntaxProblemKind::Grammar,
        }
    }
}

/// Collects the problems of a parsed file: sorted, at most one for each line, at most [`MAX_PROBLEMS`].
pub(super) fn collect(
    parsed: &Parsed<ModModule>,
    source: &Source,
    decode_error: Option<&DecodeError>,
    version: PythonVersion,
) -> Vec<SyntaxProblem> {
    let mut all = Vec::new();
    if let Some(error) = decode_error {
        let line = match error {
            DecodeError::Malformed { line, .. } => *line,
            DecodeError::UnknownEncoding(_) => 1,
        };
        all.push(SyntaxProblem {
            range: source.line_range(line),
            message: error.to_string(),
            kind: SyntaxProblemKind::Encoding,
        });
    }
    if let Some(at) = source.text().find('\0') {
        let at = TextSize::try_from(at).unwrap_or_default();
        all.push(SyntaxProblem {
            range: TextRange::at(at, TextSize::new(1)),
            message: "source code cannot contain null bytes".to_owned(),
            kind: SyntaxProblemKind::Encoding,
        });
    }
    // The first mark of the byte order is part of the encoding; the parser forgives a second one.
    if source.text().starts_with('\u{feff}') {
        all.push(SyntaxProblem {
            range: source.line_range(1),
            message: "invalid non-printable character U+FEFF".to_owned(),
            kind: SyntaxProblemKind::Grammar,
        });
    }
    for error in parsed.errors() {
        if is_bare_raise(source, error.location) {
            continue;
        }
        all.push(SyntaxProblem {
            range: error.location,
            message: in_pythons_words(&error.error.to_string(), source, error.location),
            kind: SyntaxProblemKind::Grammar,
        });
    }
    for error in parsed.unsupported_syntax_errors() {
        all.push(SyntaxProblem {
            range: error.range,
            message: error.to_string(),
            kind: SyntaxProblemKind::NewerPython,
        });
    }
    // The compiler only gets to a file that parses, and the checker's context is unsure in one that does not.
    if parsed.errors().is_empty() {
        for error in semantic::check(parsed, source, version) {
            all.push(SyntaxProblem {
                range: error.range,
                message: error.to_string(),
                kind: SyntaxProblemKind::Semantic,
            });
        }
    }
    all.sort_by_key(|problem| problem.range.start());
    let mut last_line = 0;
    all.retain_mut(|problem| {
        problem.range = widened(problem.range, source);
        let line = source.line(problem.range.start());
        let first = line != last_line;
        last_line = line;
        first
    });
    all.truncate(MAX_PROBLEMS);
    all
}

/// The parser wrongly refuses `raise ;`, which CPython accepts.
fn is_bare_raise(source: &Source, at: TextRange) -> bool {
    let text = source.text();
    let before = text.get(..at.start().to_usize()).unwrap_or("").trim_end();
    let after = text.get(at.start().to_usize()..).unwrap_or("").trim_start_matches([' ', '\t']);
    let word = before.strip_suffix("raise");
    let alone = word.is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
    alone && after.starts_with(';')
}

/// An empty range, or one on a line end, is widened so that an editor has something to underline.
fn widened(range: TextRange, source: &Source) -> TextRange {
    let text = source.text();
    let start = range.start().min(text.text_len());
    let line = source.line_range(source.line(start));
    if range.is_empty() || start >= line.end() {
        let from = text[line].trim_end();
        let end = line.start() + from.text_len();
        let begin = from
            .char_indices()
            .next_back()
            .map_or(line.start(), |(at, _)| line.start() + TextSize::try_from(at).unwrap_or_default());
        return if start >= end { TextRange::new(begin, end) } else { TextRange::new(start, line.end()) };
    }
    TextRange::new(start, range.end().min(text.text_len()))
}

/// The parser names the token that it misses; CPython knows a few mistakes by name, and people search for those words.
fn in_pythons_words(message: &str, source: &Source, at: TextRange) -> String {
    let line = source.slice(source.line_range(source.line(at.start())));
    let statement = line.trim_start();
    if let Some(rest) = statement.strip_prefix("print ")
        && !rest.trim_start().starts_with(['=', '(', ',', '.', ')'])
    {
        return "missing parentheses in call to 'print' (Python 2 syntax)".to_owned();
    }
    if statement.starts_with("except ") && statement.contains(',') && message.contains("parenthesized") {
        return "multiple exception types must be parenthesized (or written `except X as name:`)".to_owned();
    }
    if message.contains("unindent") || message.contains("ndentation") {
        let indents: Vec<&str> = source
            .text()
            .lines()
            .map(|l| &l[..l.len() - l.trim_start_matches([' ', '\t']).len()])
            .filter(|indent| !indent.is_empty())
            .collect();
        let tabs = indents.iter().any(|indent| indent.contains('\t'));
        let spaces = indents.iter().any(|indent| indent.contains(' '));
        if tabs && spaces {
            return "inconsistent use of tabs and spaces in indentation".to_owned();
        }
    }
    if let Some(bracket) = unclosed_bracket(source.text(), at)
        && (message.contains("found newline") || message.contains("end of file") || message.contains("EOF"))
    {
        return format!("'{bracket}' was never closed");
    }
    lower_first(message)
}

/// The innermost bracket that is open at the end of the parsed text before `at`, on its own line.
fn unclosed_bracket(text: &str, at: TextRange) -> Option<char> {
    let before = text.get(..at.start().to_usize())?;
    let line = before.rsplit('\n').next().unwrap_or(before);
    let mut open = Vec::new();
    for c in line.chars() {
        match c {
            '(' | '[' | '{' => open.push(c),
            ')' | ']' | '}' => {
                open.pop();
            }
            '#' => break,
            _ => {}
        }
    }
    open.first().copied()
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    match chars.next() {
        Some(first) if chars.as_str().starts_with(|c: char| c.is_lowercase() || c == ' ') => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::PythonFile;
    use super::*;

    fn problems(text: &str, version: PythonVersion) -> Vec<(usize, String)> {
        let file = PythonFile::parse(Source::new(text), None, version);
        let at = |p: &SyntaxProblem| file.source().line(p.range.start());
        file.problems().iter().map(|p| (at(p), p.message.clone())).collect()
    }

    #[test]
    fn speaks_in_pythons_words() {
        let found = problems("import sys\nprint \"hello\"\n", PythonVersion::PY311);
        assert_eq!(found, [(2, "missing parentheses in call to 'print' (Python 2 syntax)".to_owned())]);
        let found = problems("if x:\n\ty = 1\n        z = 2\n", PythonVersion::PY311);
        assert_eq!(found[0].1, "inconsistent use of tabs and spaces in indentation");
    }

    #[test]
    fn the_target_version_decides() {
        let text = "type Name = str\n";
        assert_eq!(problems(text, PythonVersion::PY312), []);
        assert_eq!(problems(text, PythonVersion::PY311).len(), 1);
    }

    #[test]
    fn a_bare_raise_with_a_semicolon_is_python() {
        assert_eq!(problems("try:\n    x\nexcept E:\n    raise ;\n", PythonVersion::PY311), []);
    }

    #[test]
    fn one_stray_quote_does_not_flood() {
        let text = format!("x = \"\"\"\n{}", "def f(:\n    'a'\"\"\"b\n".repeat(3_000));
        assert!(problems(&text, PythonVersion::PY311).len() <= MAX_PROBLEMS);
    }
}
