//! One parsed Python file.

use std::sync::OnceLock;

use ruff_python_ast::token::Tokens;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ModModule, Pattern, PythonVersion, Stmt};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};

use super::changes::Changes;
use super::problems::{self, SyntaxProblem};
use super::suppression::Suppressions;
use crate::text::{DecodeError, Source, TextRange};

/// Files above this size (bytes) are not parsed: no hand-written module is that long, and a keystroke in one would
/// stall the editor.
pub const MAX_FILE_BYTES: usize = 4 << 20;

/// CPython gives up at 200 nested brackets; deeper trees than this are dropped at once, so that no later walk over a
/// tree can exhaust a thread's stack.
const MAX_DEPTH: usize = 600;

/// The facts of one Python file, for one target version of Python.
#[derive(Debug)]
pub struct PythonFile {
    source: Source,
    version: PythonVersion,
    parsed: Option<Parsed<ModModule>>,
    problems: Vec<SyntaxProblem>,
    suppressions: Suppressions,
    /// Read when somebody asks: most files are never served.
    changes: OnceLock<Changes>,
}

impl PythonFile {
    /// Parses a text for a target version of Python. Never fails: what is wrong becomes [`Self::problems`].
    ///
    /// Call it on a thread with a large stack: the tree of a hostile file is as deep as the file wants.
    pub fn parse(source: Source, decode_error: Option<&DecodeError>, version: PythonVersion) -> Self {
        let text = source.text();
        if text.len() > MAX_FILE_BYTES {
            let suppressions = Suppressions::default();
            let problems = Vec::new();
            return Self { source, version, parsed: None, problems, suppressions, changes: OnceLock::new() };
        }
        let options = ParseOptions::from(Mode::Module).with_target_version(version);
        let parsed = parse_unchecked(text, options).try_into_module();
        let mut problems = Vec::new();
        let mut kept = None;
        if let Some(parsed) = parsed {
            if depth(parsed.suite()) > MAX_DEPTH {
                problems.push(SyntaxProblem::too_deep(&source));
            } else {
                problems = problems::collect(&parsed, &source, decode_error, version);
                kept = Some(parsed);
            }
        }
        let suppressions =
            kept.as_ref().map_or_else(Suppressions::default, |p| Suppressions::find(p, &source));
        Self { source, version, parsed: kept, problems, suppressions, changes: OnceLock::new() }
    }

    /// The text that was parsed.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The version of Python that the file was checked against.
    pub fn version(&self) -> PythonVersion {
        self.version
    }

    /// The statements of the module, as far as they could be understood; empty for a file that is too large or too
    /// deeply nested.
    pub fn body(&self) -> &[Stmt] {
        self.parsed.as_ref().map_or(&[], |p| p.suite())
    }

    /// The tokens of the file, comments included; `None` where there is no tree either.
    pub fn tokens(&self) -> Option<&Tokens> {
        self.parsed.as_ref().map(|p| p.tokens())
    }

    /// Everything that makes Python refuse to compile the file, in order of position, at most one for each line and at
    /// most [`super::MAX_PROBLEMS`].
    pub fn problems(&self) -> &[SyntaxProblem] {
        &self.problems
    }

    /// Whether Python would compile the file.
    pub fn compiles(&self) -> bool {
        self.problems.is_empty()
    }

    /// The comments that silence findings.
    pub fn suppressions(&self) -> &Suppressions {
        &self.suppressions
    }

    /// What the functions of this file change while it is served.
    pub fn changes(&self) -> &Changes {
        self.changes.get_or_init(|| Changes::of(self.body()))
    }

    /// The text of a range of this file.
    pub fn slice(&self, range: TextRange) -> &str {
        self.source.slice(range)
    }
}

/// How deeply statements, expressions and patterns are nested, counted until [`MAX_DEPTH`] is passed.
fn depth(body: &[Stmt]) -> usize {
    #[derive(Default)]
    struct Depth {
        now: usize,
        most: usize,
    }
    impl Depth {
        fn within(&mut self, walk: impl FnOnce(&mut Self)) {
            self.now += 1;
            self.most = self.most.max(self.now);
            if self.now <= MAX_DEPTH {
                walk(self);
            }
            self.now -= 1;
        }
    }
    impl<'a> Visitor<'a> for Depth {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            self.within(|me| visitor::walk_stmt(me, stmt));
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            self.within(|me| visitor::walk_expr(me, expr));
        }
        fn visit_pattern(&mut self, pattern: &'a Pattern) {
            self.within(|me| visitor::walk_pattern(me, pattern));
        }
    }
    let mut depth = Depth::default();
    depth.visit_body(body);
    depth.most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_that_is_too_deep_is_dropped() {
        let text = format!("x = {}1{}\n", "(-".repeat(5_000), ")".repeat(5_000));
        let file = std::thread::Builder::new()
            .stack_size(64 << 20)
            .spawn(move || PythonFile::parse(Source::new(text), None, PythonVersion::PY311))
            .expect("a thread")
            .join()
            .expect("no overflow");
        assert!(file.body().is_empty());
        assert_eq!(file.problems().len(), 1);
    }
}
