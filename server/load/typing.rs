//! While a file is being typed: its last version that compiled is executed, and the ranges of what was found in it are moved
//! to where the text stands now.

use std::path::Path;
use std::rc::Rc;

use ruff_python_ast::{Expr, PythonVersion, Stmt};
use ruff_text_size::Ranged;

use super::Load;
use super::interp::{Exception, Exec, Flow, FrameKind, Interp, Stop};
use super::places::{Movement, Told, move_all};
use super::value::Value;
use crate::syntax::python::PythonFile;
use crate::text::{TextRange, TextSize};
use crate::workspace::Snapshot;

/// Moves every place of a load from the texts that were executed to the current ones.
///
/// What stands before the edit stays, what follows it is shifted. An effect whose own place was edited is dropped, for
/// nobody knows what it has become; a place that only explains something covers the edit instead.
pub(super) fn follow(told: &mut (Load, impl Told), snapshot: &Snapshot, python: PythonVersion) {
    move_all(told, &mut |path| {
        // Nobody types in a file that is not open.
        if !snapshot.is_open(path) {
            return None;
        }
        let now = snapshot.python(path, python).filter(|file| !file.compiles())?;
        let executed = snapshot.last_good_python(path, python)?;
        let edit = Edit::between(executed.source().text(), now.source().text())?;
        Some(Rc::new(edit))
    });
}

impl<'a> Interp<'a> {
    /// Runs a module that compiles. What it binds where somebody types may get another name or value with the next keys.
    pub fn exec_while_typed(&mut self, path: &Path, module: &'a PythonFile) -> Exec<'a> {
        let word = self.snapshot.typed_word(path);
        let at =
            word.and_then(|word| module.body().iter().position(|stmt| stmt.range().contains_range(word)));
        let (Some(word), Some(at)) = (word, at) else { return self.exec_body(module.body()) };
        let (above, rest) = module.body().split_at(at);
        self.exec_body(above)?;
        let Some((stmt, below)) = rest.split_first() else { return Ok(Flow::Normal) };
        self.exec_body(std::slice::from_ref(stmt))?;
        if stmt.end() == word.end() && is_alias(stmt) {
            self.pass_over(stmt)?;
        }
        let name = module.slice(word).split('.').next().unwrap_or_default();
        let slot = self.frames.last().and_then(|frame| self.heap.slot(frame.scope, name));
        if slot.is_some_and(|slot| slot.range.intersect(word).is_some()) {
            self.half_typed = true;
            self.open_scope();
        }
        self.exec_body(below)
    }

    /// Whether an exception is about the name at which somebody types, so that it says nothing yet.
    pub fn is_being_typed(&self, exception: &Exception<'a>) -> bool {
        let site = &exception.effect.site;
        // `", ".jo` is no dotted name, but what is typed of it stands at its end.
        let ends_with = |word: TextRange| site.range.end() == word.end() && site.range.contains_range(word);
        let is_word =
            |word: TextRange| !site.range.is_empty() && (word.contains_range(site.range) || ends_with(word));
        self.snapshot.typed_word(&site.path).is_some_and(is_word)
            && self.snapshot.python(&site.path, self.deployment.python).is_some_and(|now| now.compiles())
    }

    /// Goes on after a statement that holds a half-typed name: it may have bound anything.
    pub fn pass_over(&mut self, stmt: &'a Stmt) -> Exec<'a> {
        self.half_typed = true;
        // What a function answers that is not typed yet, nobody knows.
        if self.frames.last().is_some_and(|frame| frame.kind == FrameKind::Function) {
            return Ok(Flow::Return(Value::Unknown));
        }
        if let Stmt::Assign(inner) = stmt {
            for target in &inner.targets {
                self.assign(target, Value::Unknown)?;
            }
        }
        self.open_scope();
        Ok(Flow::Normal)
    }

    fn open_scope(&mut self) {
        if let Some(frame) = self.frames.last() {
            let scope = frame.scope;
            self.heap.set_open(scope);
        }
    }

    /// Runs the last version of a module that compiled. A statement that raises where the text was edited since then is
    /// taken for what it is, something half typed, and the rest of the module runs nevertheless.
    pub fn exec_half_typed(&mut self, path: &Path, executed: &'a PythonFile) -> Exec<'a> {
        let now = self.snapshot.python(path, self.deployment.python);
        let edit = now.and_then(|now| Edit::between(executed.source().text(), now.source().text()));
        for stmt in executed.body() {
            let result = self.exec_body(std::slice::from_ref(stmt));
            let edited = |range| edit.is_some_and(|edit| edit.moved(range).is_none());
            let unfinished = edited(stmt.range()) && is_alias(stmt);
            if let Some(module) = self.module() {
                module.reads.borrow_mut().stumbled |= unfinished || result.is_err();
            }
            let Err(stop) = result else {
                if unfinished {
                    self.pass_over(stmt)?;
                }
                continue;
            };
            let half_typed = match (&stop, &edit) {
                (Stop::Raise(exception), Some(edit)) => {
                    let site = &exception.effect.site;
                    *site.path == *path && edit.moved(site.range).is_none()
                }
                _ => false,
            };
            if !half_typed {
                return Err(stop);
            }
            // It may have bound any name.
            self.open_scope();
        }
        Ok(Flow::Normal)
    }
}

/// Whether a statement gives something another name: `application = create_app` becomes a call with the next keys.
fn is_alias(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Assign(inner) if matches!(*inner.value, Expr::Name(_) | Expr::Attribute(_)))
}

/// Whether the difference of two texts lies in one of the module's statements that give something another name.
pub(super) fn edits_alias(executed: &PythonFile, now: &PythonFile) -> bool {
    let edit = Edit::between(executed.source().text(), now.source().text());
    let edited = |range| edit.is_some_and(|edit| edit.moved(range).is_none());
    executed.body().iter().any(|stmt| is_alias(stmt) && edited(stmt.range()))
}

/// The difference between the text that was executed and the one that is there now (bytes).
#[derive(Clone, Copy, Debug)]
struct Edit {
    /// Where it starts, in both texts.
    start: TextSize,
    /// Where the blanks before it start: `name` is edited when ` =` is typed behind it.
    near: TextSize,
    /// Where it ends in the text that was executed.
    old_end: TextSize,
    /// Where it ends in the current text.
    new_end: TextSize,
    /// Whether the line ends where the edit starts, so that what ends there was not touched.
    ends_line: bool,
    /// Whether a line starts where the edit ends, so that what starts there was not touched.
    starts_line: bool,
}

impl Edit {
    fn between(old: &str, new: &str) -> Option<Self> {
        let same = |(a, b): &(u8, u8)| a == b;
        let mut start = old.bytes().zip(new.bytes()).take_while(same).count();
        while !(old.is_char_boundary(start) && new.is_char_boundary(start)) {
            start -= 1;
        }
        let (old_rest, new_rest) = (old.get(start..)?, new.get(start..)?);
        let mut tail = old_rest.bytes().rev().zip(new_rest.bytes().rev()).take_while(same).count();
        while !(old.is_char_boundary(old.len() - tail) && new.is_char_boundary(new.len() - tail)) {
            tail -= 1;
        }
        let (old_end, new_end) = (old.len() - tail, new.len() - tail);
        let breaks = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let before = new_end.checked_sub(1).and_then(|at| new.as_bytes().get(at));
        Some(Self {
            start: TextSize::try_from(start).ok()?,
            near: TextSize::try_from(old.get(..start)?.trim_end_matches([' ', '\t']).len()).ok()?,
            old_end: TextSize::try_from(old_end).ok()?,
            new_end: TextSize::try_from(new_end).ok()?,
            ends_line: new.as_bytes().get(start).is_none_or(&breaks),
            starts_line: before.is_none_or(breaks),
        })
    }

    fn shifted(&self, offset: TextSize) -> TextSize {
        self.new_end + (offset - self.old_end)
    }
}

impl Movement for Edit {
    fn moved(&self, range: TextRange) -> Option<TextRange> {
        let before = range.end() <= self.start && (self.ends_line || range.is_empty());
        if before || range.end() < self.near {
            return Some(range);
        }
        let behind = range.start() > self.old_end || (range.start() == self.old_end && self.starts_line);
        behind.then(|| TextRange::new(self.shifted(range.start()), self.shifted(range.end())))
    }

    fn stretched(&self, range: TextRange) -> TextRange {
        self.moved(range).unwrap_or_else(|| {
            let start = if range.start() > self.old_end {
                self.shifted(range.start())
            } else {
                range.start().min(self.start)
            };
            TextRange::new(start, self.shifted(range.end().max(self.old_end)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: u32, end: u32) -> TextRange {
        TextRange::new(start.into(), end.into())
    }

    /// Where a range of the old text stands in the new one, and where it does when it only explains something.
    fn both(old: &str, new: &str, at: TextRange) -> (Option<TextRange>, TextRange) {
        let edit = Edit::between(old, new);
        edit.map_or((None, TextRange::default()), |edit| (edit.moved(at), edit.stretched(at)))
    }

    #[test]
    fn what_was_not_touched_is_found_again() {
        let old = "a()\nb()\nc()\n";
        let new = "a()\nb(\u{e9}\nc()\n";
        assert_eq!(both(old, new, range(0, 3)), (Some(range(0, 3)), range(0, 3)));
        assert_eq!(both(old, new, range(8, 11)), (Some(range(9, 12)), range(9, 12)));
        assert_eq!(both(old, new, range(4, 7)), (None, range(4, 8)));
        assert_eq!(both(old, new, range(0, 11)), (None, range(0, 12)));
        // Nothing at all is known of the empty range that stands for no place.
        assert_eq!(both(old, new, TextRange::default()).0, Some(TextRange::default()));
    }

    #[test]
    fn a_word_that_grows_is_touched_and_a_line_that_follows_is_not() {
        assert_eq!(both("de", "def", range(0, 2)).0, None);
        assert_eq!(both("x ", "x = (", range(0, 1)).0, None);
        assert_eq!(both("x\nf()\n", "x\nf().\n", range(2, 5)).0, None);
        assert_eq!(both("f()", "f()\nx = (", range(0, 3)).0, Some(range(0, 3)));
        assert_eq!(both("f()", "x = (\nf()", range(0, 3)).0, Some(range(6, 9)));
        assert_eq!(both("f()", "x = f()", range(0, 3)).0, None);
    }

    #[test]
    fn texts_are_cut_between_characters_alone() {
        // Both letters start with the same byte, and the last two end with one.
        for (old, new) in [("\u{e9}()", "\u{e8}()"), ("x\u{e9}", "x\u{129}"), ("\u{e9}", ""), ("", "\u{e9}")]
        {
            let edit = Edit::between(old, new)
                .map(|e| (e.start.to_usize(), e.old_end.to_usize(), e.new_end.to_usize()));
            let fits = edit.is_some_and(|(start, old_end, new_end)| {
                old.get(start..old_end).is_some() && new.get(start..new_end).is_some()
            });
            assert!(fits, "{old} {new}");
        }
    }
}
