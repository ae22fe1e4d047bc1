//! One parsed Python file.

use std::sync::OnceLock;

use ruff_python_ast::token::Tokens;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ModModule, Pattern, PythonVersion, Stmt, StmtFunctionDef};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::{Ranged, TextSize};
use rustc_hash::FxHashSet;

use super::changes::Changes;
use super::problems::{self, SyntaxProblem};
use crate::syntax::suppression::Suppressions;
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
    /// Where the functions start that yield.
    generators: FxHashSet<TextSize>,
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
            let (problems, generators, changes) = (Vec::new(), FxHashSet::default(), OnceLock::new());
            return Self { source, version, parsed: None, problems, suppressions, generators, changes };
        }
        let options = ParseOptions::from(Mode::Module).with_target_version(version);
        let parsed = parse_unchecked(text, options).try_into_module();
        let mut problems = Vec::new();
        let mut kept = None;
        let mut generators = FxHashSet::default();
        if let Some(parsed) = parsed {
            let shape = Shape::of(parsed.suite());
            generators = shape.generators;
            if shape.depth > MAX_DEPTH {
                problems.push(SyntaxProblem::too_deep(&source));
            } else {
                problems = problems::collect(&parsed, &source, decode_error, version);
                kept = Some(parsed);
            }
        }
        let suppressions =
            kept.as_ref().map_or_else(Suppressions::default, |p| Suppressions::in_python(p, &source));
        let changes = OnceLock::new();
        Self { source, version, parsed: kept, problems, suppressions, generators, changes }
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

    /// Whether a function of this file yields, so that a call of it runs nothing yet.
    pub fn yields(&self, function: &StmtFunctionDef) -> bool {
        self.generators.contains(&function.start())
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

/// What one walk over a tree tells of it.
#[derive(Default)]
struct Shape {
    now: usize,
    /// How deeply statements, expressions and patterns are nested, counted until [`MAX_DEPTH`] is passed.
    depth: usize,
    /// The start of the function around; `None` in a class and in a lambda.
    function: Option<TextSize>,
    generators: FxHashSet<TextSize>,
}

impl Shape {
    fn of(body: &[Stmt]) -> Self {
        let mut shape = Self::default();
        shape.visit_body(body);
        shape
    }

    fn within(&mut self, walk: impl FnOnce(&mut Self)) {
        self.now += 1;
        self.depth = self.depth.max(self.now);
        if self.now <= MAX_DEPTH {
            walk(self);
        }
        self.now -= 1;
    }

    fn in_scope(&mut self, function: Option<TextSize>, walk: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.function, function);
        walk(self);
        self.function = outer;
    }
}

impl<'a> Visitor<'a> for Shape {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.within(|me| match stmt {
            Stmt::FunctionDef(def) => me.in_scope(Some(def.start()), |me| visitor::walk_stmt(me, stmt)),
            Stmt::ClassDef(_) => me.in_scope(None, |me| visitor::walk_stmt(me, stmt)),
            _ => visitor::walk_stmt(me, stmt),
        });
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.within(|me| match expr {
            Expr::Lambda(_) => me.in_scope(None, |me| visitor::walk_expr(me, expr)),
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                me.generators.extend(me.function);
                visitor::walk_expr(me, expr);
            }
            _ => visitor::walk_expr(me, expr),
        });
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        self.within(|me| visitor::walk_pattern(me, pattern));
    }
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
