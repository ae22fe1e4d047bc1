//! Two texts of a file: whether all that a load read of the first stands in the second, and where.

use std::cell::Cell;

use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;
use rustc_hash::FxHashMap;

use super::module::Reads;
use super::places::Movement;
use crate::syntax::python::PythonFile;
use crate::text::{TextRange, TextSize};

/// Where pieces of an executed text stand in another one.
#[derive(Debug, Default)]
pub(super) struct Shifts {
    /// Pieces that stand there unchanged, in order, each with its new start.
    pieces: Vec<(TextRange, TextSize)>,
    /// Definitions of which some part changed.
    around: FxHashMap<TextRange, TextRange>,
    /// Whether a place was asked for that stands in no piece.
    pub lost: Cell<bool>,
}

impl Shifts {
    /// Everything stands where it stood.
    pub fn none(file: &PythonFile) -> Self {
        let all = TextRange::up_to(TextSize::of(file.source().text()));
        Self { pieces: vec![(all, TextSize::default())], ..Self::default() }
    }

    /// Where everything that was read of the first tree stands in the second; `None` when some of it changed.
    pub fn between(old: &PythonFile, new: &PythonFile, reads: &Reads) -> Option<Self> {
        let mut compare = Compare { old, new, reads, shifts: Self::default() };
        compare.suites(old.body(), new.body()).then_some(compare.shifts)
    }

    fn add(&mut self, piece: TextRange, start: TextSize) {
        match self.pieces.last_mut() {
            // Pieces that moved alike are one, so a file has few.
            Some((last, moved)) if piece.start() - last.start() == start - *moved => {
                *last = TextRange::new(last.start(), piece.end());
            }
            _ => self.pieces.push((piece, start)),
        }
    }
}

impl Movement for Shifts {
    fn moved(&self, range: TextRange) -> Option<TextRange> {
        // Nothing at all is known of the empty range that stands for no place.
        if range == TextRange::default() {
            return Some(range);
        }
        let behind = self.pieces.partition_point(|(piece, _)| piece.start() <= range.start());
        let piece = behind.checked_sub(1).and_then(|at| self.pieces.get(at));
        let moved = piece
            .filter(|(piece, _)| piece.contains_range(range))
            .map(|(piece, start)| TextRange::at(*start + (range.start() - piece.start()), range.len()))
            .or_else(|| self.around.get(&range).copied());
        self.lost.set(self.lost.get() || moved.is_none());
        moved
    }

    fn stretched(&self, range: TextRange) -> TextRange {
        self.moved(range).unwrap_or(range)
    }
}

/// Compares two trees of a file, as far as the first one was read.
struct Compare<'k> {
    old: &'k PythonFile,
    new: &'k PythonFile,
    reads: &'k Reads,
    shifts: Shifts,
}

impl Compare<'_> {
    fn suites(&mut self, old: &[Stmt], new: &[Stmt]) -> bool {
        old.len() == new.len() && old.iter().zip(new).all(|(old, new)| self.statements(old, new))
    }

    /// The same text in the same order is the same tree.
    fn statements(&mut self, old: &Stmt, new: &Stmt) -> bool {
        if self.texts(old.range(), new.range()) {
            return true;
        }
        self.shifts.around.insert(old.range(), new.range());
        match (old, new) {
            (Stmt::FunctionDef(a), Stmt::FunctionDef(b)) => {
                let read = self.reads;
                // Whether it yields was read off the body when it was defined.
                self.heads(old, &a.body, new, &b.body)
                    && !read.looked_into.contains(&a.range)
                    && self.old.yields(a) == self.new.yields(b)
                    && (!read.entered.contains(&a.range) || self.suites(&a.body, &b.body))
            }
            (Stmt::ClassDef(a), Stmt::ClassDef(b)) => {
                self.heads(old, &a.body, new, &b.body) && self.suites(&a.body, &b.body)
            }
            _ => false,
        }
    }

    /// What stands before the bodies.
    fn heads(&mut self, old: &Stmt, old_body: &[Stmt], new: &Stmt, new_body: &[Stmt]) -> bool {
        let head = |file: &PythonFile, stmt: &Stmt, body: &[Stmt]| {
            let range = TextRange::new(stmt.start(), body.first().map_or(stmt.end(), Ranged::start));
            TextRange::at(range.start(), TextSize::of(file.slice(range).trim_end()))
        };
        let (old, new) = (head(self.old, old, old_body), head(self.new, new, new_body));
        self.texts(old, new)
    }

    fn texts(&mut self, old: TextRange, new: TextRange) -> bool {
        let same = self.old.slice(old) == self.new.slice(new);
        if same {
            self.shifts.add(old, new.start());
        }
        same
    }
}
