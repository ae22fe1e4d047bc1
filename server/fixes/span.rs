//! Neighbouring statements of one block: how they are found, and their text for another place.

use ruff_python_ast::statement_visitor::{StatementVisitor, walk_body, walk_stmt};
use ruff_python_ast::{Stmt, helpers::is_compound_statement};
use ruff_source_file::UniversalNewlineIterator;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::layout::{Layout, Lead, LineEnd, WHITESPACE};
use crate::syntax::python::PythonFile;

/// One or more neighbouring statements of a block.
pub(super) struct Span<'a> {
    pub(super) layout: Layout<'a>,
    /// The statements around the block, outermost first; empty at module level.
    pub(super) owners: Vec<&'a Stmt>,
    /// All statements of the block.
    pub(super) siblings: &'a [Stmt],
    pub(super) first: usize,
    pub(super) last: usize,
}

/// The range of the innermost statement that holds a range, for example that of the call in it.
pub fn enclosing_statement(file: &PythonFile, inner: TextRange) -> Option<TextRange> {
    struct Innermost {
        inner: TextRange,
        found: Option<TextRange>,
    }
    impl<'a> StatementVisitor<'a> for Innermost {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if stmt.range().contains_range(self.inner) {
                self.found = Some(stmt.range());
                walk_stmt(self, stmt);
            }
        }
    }
    let mut visitor = Innermost { inner, found: None };
    visitor.visit_body(file.body());
    visitor.found
}

impl<'a> Span<'a> {
    /// Finds the statements with exactly these ranges, in any order. `None` when one is no statement, or when they are
    /// not direct neighbours.
    pub(super) fn find(file: &'a PythonFile, statements: &[TextRange]) -> Option<Self> {
        let start = statements.iter().map(Ranged::start).min()?;
        let layout = Layout::of(file)?;
        let mut block = Block { start, owners: Vec::new(), found: None };
        block.visit_body(file.body());
        let (owners, siblings) = block.found?;
        let first = siblings.iter().position(|stmt| stmt.start() == start)?;
        let last = first + statements.len() - 1;
        let span = Self { layout, owners, siblings, first, last };
        let all_found = span.statements()?.iter().all(|stmt| statements.contains(&stmt.range()));
        all_found.then_some(span)
    }

    /// The statements themselves.
    pub(super) fn statements(&self) -> Option<&'a [Stmt]> {
        self.siblings.get(self.first..=self.last)
    }

    /// From the first statement's start to the last one's end.
    pub(super) fn range(&self) -> TextRange {
        let end = self.siblings.get(self.last).map_or(self.start(), Ranged::end);
        TextRange::new(self.start(), end)
    }

    pub(super) fn start(&self) -> TextSize {
        self.siblings.get(self.first).map_or(TextSize::new(0), Ranged::start)
    }

    pub(super) fn lead(&self) -> Option<Lead> {
        self.layout.lead(self.start())
    }

    pub(super) fn previous(&self) -> Option<&'a Stmt> {
        self.first.checked_sub(1).and_then(|at| self.siblings.get(at))
    }

    pub(super) fn next(&self) -> Option<&'a Stmt> {
        self.siblings.get(self.last + 1)
    }

    /// The statement behind this one on the same line, after a semicolon.
    pub(super) fn next_on_line(&self) -> Option<&'a Stmt> {
        self.next().filter(|next| self.layout.lead(next.start()) == Some(Lead::Semicolon))
    }

    /// Where the colon ends when the whole block stands behind it on the header's line.
    pub(super) fn header_colon(&self) -> Option<TextSize> {
        match self.layout.lead(self.siblings.first()?.start())? {
            Lead::Colon(end) => Some(end),
            Lead::OwnLine(_) | Lead::Semicolon => None,
        }
    }

    /// The indentation of the block; of the block as it would be on lines of its own when it has none.
    pub(super) fn indentation(&self) -> Option<String> {
        if self.header_colon().is_none() {
            return self.layout.indentation(self.siblings.first()?.start()).map(str::to_owned);
        }
        let header = self.layout.indentation(self.owners.last()?.start())?;
        Some(format!("{header}{}", self.layout.style.indent))
    }

    /// Where the lines of the statements end; comments that belong to a compound statement's block are included.
    pub(super) fn line_end(&self) -> LineEnd {
        let end = self.range().end();
        let compound = self.siblings.get(self.last).is_some_and(is_compound_statement);
        match self.layout.indentation(self.siblings.get(self.last).map_or(end, Ranged::start)) {
            Some(indentation) if compound => self.layout.block_end(end, indentation),
            _ => self.layout.line_end(end),
        }
    }

    /// Where the statements' own lines start, optionally with the comment lines directly above them. `None` when they
    /// share their first line with something else.
    pub(super) fn line_start(&self, with_comments: bool) -> Option<TextSize> {
        let Lead::OwnLine(line) = self.lead()? else { return None };
        match self.layout.indentation(self.start()) {
            Some(indentation) if with_comments => Some(self.layout.comments_above(line, indentation)),
            _ => Some(line),
        }
    }

    /// The statements as they read in a block with another indentation, with the comments that belong to them, without
    /// indentation before the first line and without a line end behind the last.
    pub(super) fn text_for(&self, indentation: &str) -> Option<String> {
        let range = self.range();
        if self.next_on_line().is_some() || self.line_start(true).is_none() {
            return Some(reindented(&self.layout, range, &self.indentation()?, indentation));
        }
        let old = self.layout.indentation(range.start())?;
        let first = self.line_start(true)?;
        let start =
            if Some(first) == self.line_start(false) { range.start() } else { first + TextSize::of(old) };
        let whole = TextRange::new(start, self.line_end().content);
        Some(reindented(&self.layout, whole, old, indentation))
    }
}

/// The text of a range that starts behind its indentation, with another indentation from the second line on.
fn reindented(layout: &Layout<'_>, range: TextRange, old: &str, new: &str) -> String {
    let mut out = String::new();
    let movable: Vec<TextSize> = layout.lines_within(range).into_iter().map(|(start, _)| start).collect();
    for line in UniversalNewlineIterator::with_offset(layout.slice(range), range.start()) {
        let full = line.as_full_str();
        if movable.binary_search(&line.start()).is_err() {
            out.push_str(full);
            continue;
        }
        let content = full.trim_start_matches(WHITESPACE);
        let before = super::layout::after_form_feed(&full[..full.len() - content.len()]);
        out.push_str(new);
        out.push_str(before.strip_prefix(old).unwrap_or(""));
        out.push_str(content);
    }
    out
}

/// Looks for the block with a statement that starts at an offset.
struct Block<'a> {
    start: TextSize,
    owners: Vec<&'a Stmt>,
    found: Option<(Vec<&'a Stmt>, &'a [Stmt])>,
}

impl<'a> StatementVisitor<'a> for Block<'a> {
    fn visit_body(&mut self, body: &'a [Stmt]) {
        if body.iter().any(|stmt| stmt.start() == self.start) {
            self.found = Some((self.owners.clone(), body));
        } else {
            walk_body(self, body);
        }
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if self.found.is_none() && stmt.range().contains(self.start) {
            self.owners.push(stmt);
            walk_stmt(self, stmt);
            self.owners.pop();
        }
    }
}
