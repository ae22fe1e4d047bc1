//! What was pointed at: statements of a handler, or one call in a statement.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{ExceptHandler, Expr, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use super::super::layout::Layout;
use super::super::span::Span;
use crate::syntax::python::PythonFile;

/// A block, by the way that leads to it from the module: the index of a statement, and which of its blocks.
pub(super) type Way = Vec<(usize, usize)>;

/// Neighbouring statements of a block inside a function.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The way to the block.
    pub way: Way,
    /// How much of the way leads to the function's own block.
    pub depth: usize,
    /// The first statement that moves, and the last.
    pub first: usize,
    /// See [`Self::first`].
    pub last: usize,
    /// The call that moves alone, when it is only a part of its statement.
    pub call: Option<TextRange>,
}

impl Target {
    /// Finds what a range (bytes) points at. A cursor, or a range inside one statement, points at the innermost call there;
    /// a longer one at all the statements that it touches. `None` outside of functions, and where there is nothing to move.
    pub fn find(file: &PythonFile, range: TextRange) -> Option<Self> {
        let layout = Layout::of(file)?;
        let mut significant = layout.tokens_in(range).iter().filter(|token| !is_filler(token.kind()));
        let (first, last) = (significant.clone().next(), significant.next_back());
        let trimmed = match (first, last) {
            (Some(first), Some(last)) if !range.is_empty() => TextRange::new(
                first.start().max(range.start()),
                last.end().min(range.end()).max(first.start()),
            ),
            _ => TextRange::empty(range.start()),
        };
        let mut way = Vec::new();
        let mut depth = None;
        let mut body = file.body();
        loop {
            let touched = |stmt: &Stmt| {
                stmt.range().intersect(trimmed).is_some_and(|common| trimmed.is_empty() || !common.is_empty())
            };
            let first = body.iter().position(touched)?;
            let last = body.iter().rposition(touched)?;
            let only = body.get(first)?;
            let inner = blocks(only);
            let within = inner.iter().position(|block| {
                let (Some(start), Some(end)) = (block.first(), block.last()) else { return false };
                TextRange::new(start.start(), end.end()).contains_range(trimmed)
            });
            if let (true, Some(at)) = (first == last, within) {
                way.push((first, at));
                if matches!(only, Stmt::FunctionDef(_)) {
                    depth = Some(way.len());
                } else if matches!(only, Stmt::ClassDef(_)) {
                    depth = None;
                }
                body = inner.get(at).copied()?;
                continue;
            }
            let mut target = Self { way, depth: depth?, first, last, call: None };
            if first == last && !covers(trimmed, only, &layout) {
                target.call_in(only, trimmed)?;
            } else {
                target.leave_return(body)?;
            }
            return Some(target);
        }
    }

    /// A `return` that ends the selection answers the request and stays; its value is computed from what was moved.
    fn leave_return(&mut self, body: &[Stmt]) -> Option<()> {
        if body.get(self.last)?.is_return_stmt() {
            if self.first == self.last {
                let Stmt::Return(last) = body.get(self.last)? else { return None };
                return self.call_in(body.get(self.last)?, last.value.as_ref()?.range());
            }
            self.last -= 1;
        }
        Some(())
    }

    /// Points at the innermost call around a range; at the whole statement when the call is all that it does.
    fn call_in(&mut self, stmt: &Stmt, range: TextRange) -> Option<()> {
        let call = innermost_call(stmt, range)?;
        let whole = match stmt {
            Stmt::Expr(inner) => inner.value.range() == call,
            Stmt::Assign(inner) => inner.value.range() == call,
            Stmt::AnnAssign(inner) => inner.value.as_ref().is_some_and(|value| value.range() == call),
            _ => false,
        };
        self.call = (!whole).then_some(call);
        Some(())
    }

    /// The function around the statements.
    pub fn function<'a>(&self, file: &'a PythonFile) -> Option<&'a StmtFunctionDef> {
        match self.owners(file)?.get(self.depth.checked_sub(1)?)? {
            Stmt::FunctionDef(function) => Some(function),
            _ => None,
        }
    }

    /// The statements around the block, outermost first.
    pub fn owners<'a>(&self, file: &'a PythonFile) -> Option<Vec<&'a Stmt>> {
        let mut body = file.body();
        let mut owners = Vec::new();
        for (stmt, block) in &self.way {
            let stmt = body.get(*stmt)?;
            owners.push(stmt);
            body = blocks(stmt).get(*block).copied()?;
        }
        Some(owners)
    }

    /// The statements that move, in this file or in another version of it that has the same statements.
    pub fn span<'a>(&self, file: &'a PythonFile) -> Option<Span<'a>> {
        span(file, &self.way, self.first, self.last)
    }

    /// What runs after the statements until the function ends: the rest of their block, then the rest of each block around it
    /// up to the function's own. `None` in a block that does not run exactly once.
    pub fn rest<'a>(&self, file: &'a PythonFile) -> Option<Vec<Span<'a>>> {
        let mut spans = Vec::new();
        let mut after = if self.call.is_some() { self.first } else { self.last + 1 };
        let mut way = self.way.clone();
        loop {
            let body = block(file, &way)?;
            if after < body.len() {
                spans.push(span(file, &way, after, body.len() - 1)?);
            }
            if way.len() <= self.depth || body.last().is_some_and(ends_function) {
                return Some(spans);
            }
            after = way.pop()?.0 + 1;
        }
    }
}

/// The statements of one block, found by the way to it.
pub(super) fn span<'a>(
    file: &'a PythonFile,
    way: &[(usize, usize)],
    first: usize,
    last: usize,
) -> Option<Span<'a>> {
    let mut siblings = file.body();
    let mut owners = Vec::new();
    for (stmt, at) in way {
        let stmt = siblings.get(*stmt)?;
        owners.push(stmt);
        siblings = blocks(stmt).get(*at).copied()?;
    }
    siblings.get(first..=last)?;
    Some(Span { layout: Layout::of(file)?, owners, siblings, first, last })
}

fn block<'a>(file: &'a PythonFile, way: &[(usize, usize)]) -> Option<&'a [Stmt]> {
    way.iter().try_fold(file.body(), |body, (stmt, at)| blocks(body.get(*stmt)?).get(*at).copied())
}

/// The blocks of a statement, in order.
pub(super) fn blocks(stmt: &Stmt) -> Vec<&[Stmt]> {
    match stmt {
        Stmt::FunctionDef(inner) => vec![&inner.body],
        Stmt::ClassDef(inner) => vec![&inner.body],
        Stmt::With(inner) => vec![&inner.body],
        Stmt::For(inner) => vec![&inner.body, &inner.orelse],
        Stmt::While(inner) => vec![&inner.body, &inner.orelse],
        Stmt::If(inner) => {
            let others = inner.elif_else_clauses.iter().map(|clause| &*clause.body);
            std::iter::once(&*inner.body).chain(others).collect()
        }
        Stmt::Match(inner) => inner.cases.iter().map(|case| &*case.body).collect(),
        Stmt::Try(inner) => {
            let handlers = inner.handlers.iter().map(|handler| {
                let ExceptHandler::ExceptHandler(handler) = handler;
                &*handler.body
            });
            let rest = [&*inner.orelse, &*inner.finalbody];
            std::iter::once(&*inner.body).chain(handlers).chain(rest).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether nothing that stands behind a statement in its block can run.
pub(super) fn ends_function(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Return(_) | Stmt::Raise(_) => true,
        Stmt::If(inner) => {
            inner.elif_else_clauses.last().is_some_and(|clause| clause.test.is_none())
                && blocks(stmt).iter().all(|block| block.last().is_some_and(ends_function))
        }
        Stmt::With(inner) => inner.body.last().is_some_and(ends_function),
        _ => false,
    }
}

fn is_filler(kind: TokenKind) -> bool {
    kind.is_trivia() || matches!(kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent)
}

/// Whether a range holds all of a statement, or the header of one with blocks: that is what a whole line comes to.
fn covers(range: TextRange, stmt: &Stmt, layout: &Layout<'_>) -> bool {
    let first_block = blocks(stmt).first().and_then(|block| block.first()).map(Ranged::start);
    let header = TextRange::new(stmt.start(), first_block.unwrap_or(stmt.end()));
    let tokens = layout.tokens_in(header).iter().rev();
    let end = tokens.into_iter().find(|token| !is_filler(token.kind())).map_or(stmt.end(), Ranged::end);
    range.contains_range(TextRange::new(stmt.start(), end.min(stmt.end())))
}

fn innermost_call(stmt: &Stmt, range: TextRange) -> Option<TextRange> {
    struct Innermost {
        range: TextRange,
        found: Option<TextRange>,
    }
    impl<'a> Visitor<'a> for Innermost {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if expr.range().contains_range(self.range) {
                if expr.is_call_expr() {
                    self.found = Some(expr.range());
                }
                walk_expr(self, expr);
            }
        }
        // What stands in a block of the statement is a statement of its own.
        fn visit_body(&mut self, _: &'a [Stmt]) {}
    }
    let mut visitor = Innermost { range, found: None };
    visitor.visit_stmt(stmt);
    visitor.found
}
