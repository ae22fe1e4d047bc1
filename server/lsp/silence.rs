//! The edit that silences a rule at one place.

use ruff_python_ast::StringFlags;
use ruff_python_ast::token::{Token, TokenKind};
use ruff_text_size::Ranged;

use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange, TextSize};

/// Adds `# wsgi-ls: ignore[rule]` for the line of `offset` (bytes): to the comment that silences other rules there, else at the
/// end of the line, else, where a comment cannot follow, on a line of its own before. `None` where none of them is possible,
/// inside a string for instance.
pub fn silence(file: &PythonFile, offset: TextSize, rule: &str) -> Option<TextEdit> {
    let source = file.source();
    let number = source.line(offset);
    let line = source.line_range(number);
    let tokens = file.tokens()?;
    let comment = tokens
        .iter()
        .find(|token| token.kind() == TokenKind::Comment && line.contains_range(token.range()))
        .map(Token::range);
    if let Some(at) = comment.and_then(|comment| end_of_rules(source.slice(comment), comment.start())) {
        return Some(TextEdit::replace(TextRange::empty(at), format!(", {rule}")));
    }
    let mark = format!("# wsgi-ls: ignore[{rule}]");
    let splits_a_token = |at: TextSize| tokens.iter().any(|token| token.start() < at && at < token.end());
    let continues = |line: TextRange| source.slice(line).ends_with('\\');
    // A string without its closing quote would swallow the comment.
    let swallows = |token: &Token| match token.kind() {
        TokenKind::FStringStart | TokenKind::FStringMiddle => true,
        TokenKind::TStringStart | TokenKind::TStringMiddle => true,
        _ => token.string_flags().is_some_and(StringFlags::is_unclosed),
    };
    let unfinished = tokens.iter().any(|token| token.end() == line.end() && swallows(token));
    if comment.is_some() || !(continues(line) || splits_a_token(line.end()) || unfinished) {
        return Some(TextEdit::replace(TextRange::empty(line.end()), format!("  {mark}")));
    }
    let after_backslash = number > 1 && continues(source.line_range(number - 1));
    if after_backslash || splits_a_token(line.start()) {
        return None;
    }
    let text = source.slice(line);
    let indent = &text[..text.len() - text.trim_start().len()];
    let end = match source.text().get(line.end().to_usize()..) {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        Some(rest) if rest.starts_with('\r') => "\r",
        _ => "\n",
    };
    Some(TextEdit::replace(TextRange::empty(line.start()), format!("{indent}{mark}{end}")))
}

/// Where another rule can be added to a comment that silences some by name.
fn end_of_rules(comment: &str, start: TextSize) -> Option<TextSize> {
    let marker = comment.find("wsgi-ls:")?;
    let open = marker + comment[marker..].find("ignore[")?;
    let close = open + comment[open..].find(']')?;
    Some(start + TextSize::try_from(close).ok()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use ruff_python_ast::PythonVersion;

    use super::*;
    use crate::text::{Source, apply_edits};

    /// Silences `rule` at the first `@` of a text, which is taken out.
    fn silenced(text: &str) -> Option<String> {
        let at = text.find('@').expect("a place");
        let source = Source::new(text.replacen('@', "", 1));
        let file = PythonFile::parse(source.clone(), None, PythonVersion::PY313);
        let edit = silence(&file, TextSize::try_from(at).expect("short"), "a-rule")?;
        let out = apply_edits(&source, &[edit]).expect("one edit fits");
        let after = PythonFile::parse(Source::new(out.as_str()), None, PythonVersion::PY313);
        let line =
            1 + out.lines().position(|line| line.contains("app.run")).expect("the line is still there");
        assert!(after.suppressions().silences("a-rule", line), "{out}");
        assert_eq!(after.compiles(), file.compiles(), "{out}");
        Some(out)
    }

    #[test]
    fn the_comment_goes_where_it_counts() {
        let out = |text| silenced(text).expect("an edit");
        assert_eq!(out("@app.run()\nx\n"), "app.run()  # wsgi-ls: ignore[a-rule]\nx\n");
        assert_eq!(out("@app.run()"), "app.run()  # wsgi-ls: ignore[a-rule]");
        assert_eq!(out("@app.run()  # noqa\r\n"), "app.run()  # noqa  # wsgi-ls: ignore[a-rule]\r\n");
        assert_eq!(
            out("@app.run()  # wsgi-ls: ignore[b] why\n"),
            "app.run()  # wsgi-ls: ignore[b, a-rule] why\n"
        );
        assert_eq!(
            out("if x:\r\n    @app.run('''a\r\nb''')\r\n"),
            "if x:\r\n    # wsgi-ls: ignore[a-rule]\r\n    app.run('''a\r\nb''')\r\n"
        );
        assert_eq!(out("@app.run \\\n  ()\n"), "# wsgi-ls: ignore[a-rule]\napp.run \\\n  ()\n");
        assert_eq!(out("x = f'@app.run a\n"), "# wsgi-ls: ignore[a-rule]\nx = f'app.run a\n");
        assert_eq!(out("x = (@app.run('a\n"), "# wsgi-ls: ignore[a-rule]\nx = (app.run('a\n");
    }

    #[test]
    fn no_comment_goes_into_a_string() {
        assert_eq!(silenced("x = '''\n@app.run()\n'''\n"), None);
        assert_eq!(silenced("x = \\\n  @app.run \\\n()\n"), None);
    }
}
