//! Mends what does not parse, by trying what people usually leave out or leave over.
//!
//! Nothing is known of a file that does not parse, so each attempt changes the line of the first problem, and the parser says
//! whether that was it.

use crate::syntax::python::PythonFile;
use crate::text::{Source, TextEdit, TextRange, TextSize};

/// A larger file (bytes) is not tried: each attempt parses all of it.
const MAX_BYTES: usize = 64 << 10;

/// Words that begin a block.
const BLOCKS: [&str; 14] = [
    "def ",
    "async def ",
    "class ",
    "if ",
    "elif ",
    "else",
    "for ",
    "async for ",
    "while ",
    "try",
    "except",
    "finally",
    "with ",
    "async with ",
];

/// Invisible characters that find their way into files from web pages and other editors.
const INVISIBLE: [char; 4] = ['\0', '\u{feff}', '\u{200b}', '\u{a0}'];

/// The edits after which the file compiles, with at most so many attempts; `None` when nothing that is known helps.
///
/// What the author meant is a guess, so somebody has to look at it.
pub fn mend_syntax(file: &PythonFile, attempts: usize) -> Option<Vec<TextEdit>> {
    let source = file.source();
    if file.compiles() || source.text().len() > MAX_BYTES {
        return None;
    }
    let mut text = source.text().to_owned();
    let mut line = first_problem(file)?;
    let mut left = attempts;
    loop {
        let mut better = None;
        for candidate in candidates(&text, line) {
            left = left.checked_sub(1)?;
            let attempt = PythonFile::parse(Source::new(candidate.as_str()), None, file.version());
            if attempt.compiles() {
                return edits(source, &candidate);
            }
            if first_problem(&attempt).is_some_and(|now| now > line) {
                better = first_problem(&attempt).map(|now| (candidate, now));
                break;
            }
        }
        (text, line) = better?;
    }
}

/// The line (from 1) of the first problem.
fn first_problem(file: &PythonFile) -> Option<usize> {
    file.problems().first().map(|problem| file.source().line(problem.range.start()))
}

/// Texts that differ in what may be wrong at a line (from 1), the likeliest first.
fn candidates(text: &str, number: usize) -> Vec<String> {
    if text.contains(INVISIBLE) {
        return vec![text.replace('\u{a0}', " ").replace(INVISIBLE, "")];
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let Some(at) = number.checked_sub(1).filter(|at| *at < lines.len()) else { return Vec::new() };
    let line = Line::of(lines[at]);
    let with = |at: usize, new: String| {
        let mut lines = lines.clone();
        lines[at] = &new;
        lines.concat()
    };
    let mut found: Vec<String> = line.corrected().into_iter().map(|new| with(at, new)).collect();
    let above = lines[..at].iter().rposition(|line| !line.trim().is_empty());
    // A bracket that is open is only missed on the next line.
    if let Some(above) = above {
        found.extend(Line::of(lines[above]).corrected().into_iter().map(|new| with(above, new)));
    }
    // Where an indentation is wrong, it is that of the line, or of the one before it.
    if let Some(above) = above {
        let before = Line::of(lines[above]);
        let inner = format!("{}    ", before.indent);
        let indent = if before.code.ends_with(':') { &inner } else { before.indent };
        if indent != line.indent {
            found.push(with(at, line.indented(indent)));
        }
    }
    let is_tabbed = |line: &&str| Line::of(line).indent.contains('\t');
    if lines.iter().any(is_tabbed) {
        for width in [8, 4] {
            let spaces = " ".repeat(width);
            let expanded = lines.iter().map(|line| {
                let line = Line::of(line);
                line.indented(&line.indent.replace('\t', &spaces))
            });
            found.push(expanded.collect());
        }
    }
    found.extend(upper_half(&lines));
    found
}

/// A file with the upper half of each conflict that a merge left in it.
fn upper_half(lines: &[&str]) -> Option<String> {
    let mut out = String::new();
    let mut kept = true;
    let mut conflicts = 0;
    for line in lines {
        match line.get(..7) {
            Some("<<<<<<<") => conflicts += 1,
            Some("=======") if conflicts > 0 => kept = false,
            Some(">>>>>>>") if conflicts > 0 => kept = true,
            _ if kept => out.push_str(line),
            _ => {}
        }
    }
    (conflicts > 0 && kept).then_some(out)
}

/// A line in its parts.
#[derive(Clone, Copy)]
struct Line<'a> {
    indent: &'a str,
    code: &'a str,
    /// Blanks, the comment and the line end.
    rest: &'a str,
}

impl<'a> Line<'a> {
    fn of(line: &'a str) -> Self {
        let (indent, body) = line.split_at(line.len() - line.trim_start_matches([' ', '\t']).len());
        let code = body.get(..comment_start(body)).unwrap_or(body).trim_end();
        let rest = body.get(code.len()..).unwrap_or_default();
        Self { indent, code, rest }
    }

    fn indented(self, indent: &str) -> String {
        format!("{indent}{}{}", self.code, self.rest)
    }

    /// What the line may be meant to be.
    fn corrected(self) -> Vec<String> {
        let mut codes = Vec::new();
        let code = self.code;
        if let Some(argument) = code.strip_prefix("print ").or_else(|| code.strip_prefix("exec ")) {
            let word = code.split(' ').next().unwrap_or_default();
            codes.push(format!("{word}({})", argument.trim().trim_end_matches(',')));
        }
        if let Some((class, name)) = code.strip_prefix("except ").and_then(|rest| rest.split_once(',')) {
            codes.push(format!("except {} as {}", class.trim(), name.trim()));
        }
        if let Some((class, message)) = code.strip_prefix("raise ").and_then(|rest| rest.split_once(',')) {
            codes.push(format!("raise {}({})", class.trim(), message.trim()));
        }
        if let Some(alias) = code.strip_prefix("type ") {
            codes.push(alias.trim_start().to_owned());
        }
        let begins_block = BLOCKS.iter().any(|word| code.starts_with(word));
        match code.strip_suffix(':') {
            Some(without) if !begins_block => codes.push(without.to_owned()),
            None if begins_block => codes.push(format!("{code}:")),
            _ => {}
        }
        if code.ends_with('=') {
            codes.push(format!("{code} None"));
        }
        for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
            if code.matches(open).count() > code.matches(close).count() {
                codes.push(format!("{code}{close}"));
                let block = code.strip_suffix(':').filter(|_| begins_block);
                codes.extend(block.map(|head| format!("{head}{close}:")));
            }
        }
        if code == "return" || code.starts_with("return ") {
            codes.push("pass".to_owned());
        }
        codes.into_iter().map(|code| format!("{}{code}{}", self.indent, self.rest)).collect()
    }
}

/// Where the comment of a line starts, or its end. Quotes are followed as far as one line tells.
fn comment_start(body: &str) -> usize {
    let mut quote = None;
    for (at, letter) in body.char_indices() {
        match (quote, letter) {
            (None, '#') => return at,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    body.len()
}

/// What differs, line by line where the lines are as many as before.
fn edits(source: &Source, new: &str) -> Option<Vec<TextEdit>> {
    let old = source.text();
    let (before, after): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    if before.len() != after.len() {
        return Some(vec![TextEdit::replace(TextRange::up_to(TextSize::of(old)), new)]);
    }
    let mut start = TextSize::new(0);
    let mut found = Vec::new();
    for (before, after) in before.into_iter().zip(after) {
        if before != after {
            found.push(TextEdit::replace(TextRange::at(start, TextSize::of(before)), after));
        }
        start += TextSize::of(before);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use ruff_python_ast::PythonVersion;

    use super::*;
    use crate::text::apply_edits;

    fn mended(text: &str) -> Option<String> {
        let source = Source::new(text);
        let file = PythonFile::parse(source.clone(), None, PythonVersion::PY311);
        let out = apply_edits(&source, &mend_syntax(&file, 12)?).expect("the edits fit");
        assert!(PythonFile::parse(Source::new(out.as_str()), None, PythonVersion::PY311).compiles(), "{out}");
        Some(out)
    }

    #[test]
    fn what_people_leave_out_or_over_is_mended() {
        for (broken, whole) in [
            ("print \"#\", x  # why\n", "print(\"#\", x)  # why\n"),
            (
                "try:\n    f()\nexcept OSError, e:\n    raise E, e\n",
                "try:\n    f()\nexcept OSError as e:\n    raise E(e)\n",
            ),
            ("def f()\n    return 1\n", "def f():\n    return 1\n"),
            ("def f(a:\n    return 1\n", "def f(a):\n    return 1\n"),
            ("f(a, [1, 2]\r\ng()\r\n", "f(a, [1, 2])\r\ng()\r\n"),
            ("x = [1, 2\n\ny = 1\n", "x = [1, 2]\n\ny = 1\n"),
            ("f(1):\n", "f(1)\n"),
            ("key = # the key\n", "key = None # the key\n"),
            ("def f():\n    a = 1\n      return a\n", "def f():\n    a = 1\n    return a\n"),
            ("def f():\nreturn 1\n", "def f():\n    return 1\n"),
            ("def f():\n        a = 1\n\treturn a\n", "def f():\n        a = 1\n        return a\n"),
            ("x = 1\0\n", "x = 1\n"),
            ("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\ny = 3\n", "x = 1\ny = 3\n"),
            ("type A = int\n", "A = int\n"),
            ("if x:\n    return\n", "if x:\n    pass\n"),
        ] {
            assert_eq!(mended(broken).as_deref(), Some(whole), "{broken}");
        }
    }

    #[test]
    fn what_nobody_can_guess_stays() {
        for broken in ["x = = 1\n", "a b c\n", "'''\n", ")\n"] {
            assert_eq!(mended(broken), None, "{broken}");
        }
        assert_eq!(mended("x = 1\n"), None);
        assert_eq!(mended(&format!("f(\n{}", "x = 1\n".repeat(20_000))), None);
    }
}
