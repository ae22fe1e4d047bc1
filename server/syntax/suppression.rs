//! `# wsgi-ls: ignore[rule] reason` comments.

use ruff_python_ast::ModModule;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Parsed;
use ruff_text_size::Ranged;

use crate::text::{Source, TextRange, TextSize};

/// How a comment begins that speaks to us.
const MARK: &str = "wsgi-ls:";

/// The comments of one file that silence findings.
///
/// `# wsgi-ls: ignore[rule, other] reason` at the end of a line speaks of that line, on a line of its own of the next
/// line of code. `# wsgi-ls: ignore-file[rule]` speaks of the whole file. Without brackets it speaks of every rule.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    comments: Vec<Suppression>,
}

#[derive(Clone, Debug)]
struct Suppression {
    /// `None` for the whole file.
    line: Option<usize>,
    /// Empty for every rule.
    rules: Vec<String>,
    range: TextRange,
}

impl Suppressions {
    /// The comments of a Python file.
    pub(super) fn in_python(parsed: &Parsed<ModModule>, source: &Source) -> Self {
        let mut comments = Vec::new();
        for token in parsed.tokens().iter().filter(|t| t.kind() == TokenKind::Comment) {
            let Some((whole_file, rules)) = parse_comment(source.slice(token.range())) else { continue };
            let line = source.line(token.start());
            let before = source.slice(TextRange::new(source.line_range(line).start(), token.start()));
            let line = if before.trim().is_empty() { next_code_line(source, line) } else { line };
            let line = (!whole_file).then_some(line);
            comments.push(Suppression { line, rules, range: token.range() });
        }
        Self { comments }
    }

    /// The comments of a configuration file, whatever its format takes for one: also behind a value, where the format has none.
    pub(super) fn in_lines(source: &Source) -> Self {
        let mut comments: Vec<Suppression> = Vec::new();
        for (at, _) in source.text().match_indices(MARK) {
            let line = source.line(TextSize::try_from(at).unwrap_or_default());
            let range = source.line_range(line);
            let is_first = comments.last().is_none_or(|last| last.range != range);
            let Some((whole_file, rules)) = parse_comment(source.slice(range)).filter(|_| is_first) else {
                continue;
            };
            let line =
                if is_comment(source.slice(range).trim()) { next_code_line(source, line) } else { line };
            comments.push(Suppression { line: (!whole_file).then_some(line), rules, range });
        }
        Self { comments }
    }

    /// Whether a comment silences `rule` on a 1-based line.
    pub fn silences(&self, rule: &str, line: usize) -> bool {
        self.comments.iter().any(|comment| {
            comment.line.is_none_or(|on| on == line)
                && (comment.rules.is_empty() || comment.rules.iter().any(|named| named == rule))
        })
    }

    /// The names in the brackets, with the range of their comment.
    pub fn named_rules(&self) -> impl Iterator<Item = (&str, TextRange)> {
        self.comments.iter().flat_map(|c| c.rules.iter().map(move |rule| (rule.as_str(), c.range)))
    }
}

fn next_code_line(source: &Source, line: usize) -> usize {
    let count = source.index().line_count();
    (line + 1..=count)
        .find(|number| {
            let text = source.slice(source.line_range(*number)).trim();
            !text.is_empty() && !is_comment(text)
        })
        .unwrap_or(line)
}

/// Whether a line, without the blanks around it, is a comment as Python or one of the hosts' formats writes it.
fn is_comment(line: &str) -> bool {
    line.starts_with(['#', ';']) || line.starts_with("<!--") || line.starts_with("//")
}

/// Returns whether the comment speaks of the whole file, and the rules that it names.
fn parse_comment(comment: &str) -> Option<(bool, Vec<String>)> {
    // The marker may follow another tool's: `# noqa: F401  # wsgi-ls: ignore[...]`.
    let at = comment.find(MARK)?;
    let rest = comment[at + MARK.len()..].trim_start().strip_prefix("ignore")?;
    let (whole_file, rest) = match rest.strip_prefix("-file") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let Some(list) = rest.trim_start().strip_prefix('[') else {
        return (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| (whole_file, Vec::new()));
    };
    let (names, _reason) = list.split_once(']')?;
    let rules = names.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    Some((whole_file, rules.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::python::PythonFile;
    use ruff_python_ast::PythonVersion;

    #[test]
    fn comments_silence_their_line_or_the_next_or_the_file() {
        let text = "app.run()  # wsgi-ls: ignore[server-started-at-import] a demo\n\
                    # wsgi-ls: ignore\n\n# why\nx = 1\n\
                    s = '# wsgi-ls: ignore'\n\
                    # wsgi-ls: ignore-file[syntax-error]\n";
        let file = PythonFile::parse(Source::new(text), None, PythonVersion::PY311);
        let silences = |rule, line| file.suppressions().silences(rule, line);
        assert!(silences("server-started-at-import", 1) && !silences("application-missing", 1));
        assert!(silences("application-missing", 5) && !silences("application-missing", 6));
        assert!(silences("syntax-error", 6));
    }

    #[test]
    fn configurations_have_comments_of_their_own() {
        let text = "http = :80 # wsgi-ls: ignore[a]\n; wsgi-ls: ignore[b, c] why\n\n; more\nchdir = x\n\
                    <!-- wsgi-ls: ignore -->\n<a/>\n// wsgi-ls: ignore-file[d]\n";
        let silencing = Suppressions::in_lines(&Source::new(text));
        let silenced = |rule| (1..=9).filter(|line| silencing.silences(rule, *line)).collect::<Vec<_>>();
        assert_eq!((silenced("a"), silenced("b"), silenced("c")), (vec![1, 7], vec![5, 7], vec![5, 7]));
        assert_eq!(silenced("d").len(), 9);
    }
}
