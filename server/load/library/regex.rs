//! Regular expressions that need longer than anybody waits: Python's engine tries every way to split a run of characters
//! between nested repetitions before it admits that nothing matches, and the ways double with each character.

use regex_automata::meta;
use regex_syntax::ast::ErrorKind;
use regex_syntax::hir::{Hir, HirKind};

use super::Call;
use crate::load::effect::{Block, BlockKind, EffectKind, RaiseCause};
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Kind, Value};

/// A run of so many characters takes minutes at least: measured with CPython 3.11, 28 characters take some 10 seconds, and each
/// more doubles that.
const RUN: u32 = 36;

/// Where a match has to begin and end.
#[derive(Clone, Copy)]
enum Anchors {
    None,
    Start,
    Both,
}

impl<'a> Interp<'a> {
    /// A call of `re`, or of a method of a compiled pattern.
    pub(super) fn match_pattern(&mut self, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        self.check_pattern(call)?;
        let Some(method) = call.path.rsplit('.').next() else { return Ok(None) };
        let compiled = call.path.starts_with("re.compile().");
        let anchors = match method {
            "search" | "findall" | "finditer" | "split" | "sub" | "subn" => Anchors::None,
            "match" => Anchors::Start,
            "fullmatch" => Anchors::Both,
            _ => return Ok(None),
        };
        // Of a compiled pattern the first argument is the text, and `sub` has the replacement in front.
        let text_at = usize::from(!compiled) + usize::from(method.starts_with("sub"));
        let made = call.library.receiver.filter(|_| compiled).map(|id| self.heap.kind(id));
        let from = match made {
            Some(Kind::Library(_, made)) => made.as_ref(),
            _ if compiled => return Ok(None),
            _ => call.arguments,
        };
        let texts = (from.get("pattern", 0), call.arguments.get("string", text_at));
        let (Some(Value::Str(pattern)), Some(Value::Str(text))) = texts else { return Ok(None) };
        let has_flags = from.keyword("flags").is_some() || compiled && from.positional.len() > 1;
        let has_more = call.arguments.positional.len() > text_at + 1;
        if has_flags || has_more {
            return Ok(None);
        }
        if !explodes(pattern, text, anchors) {
            let gives_match = matches!(method, "match" | "search" | "fullmatch");
            return Ok((gives_match && finds_nothing(pattern, text, anchors)).then_some(Value::None));
        }
        let what = "a regular expression that backtracks over all ways to split the text".to_owned();
        self.record(EffectKind::Blocks(Block { what, kind: BlockKind::Computation }), call.range);
        Err(Stop::Halt)
    }

    /// A pattern that cannot be compiled.
    fn check_pattern(&self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        if call.path.contains("()") {
            return Ok(());
        }
        let plain = call.arguments.positional.len() < 2 || call.path != "re.compile";
        let has_flags = call.arguments.open || call.arguments.keyword("flags").is_some() || !plain;
        let Some(Value::Str(pattern)) = call.arguments.get("pattern", 0).filter(|_| !has_flags) else {
            return Ok(());
        };
        let is_known =
            ["compile", "match", "search", "fullmatch", "findall", "finditer", "split", "sub", "subn"]
                .iter()
                .any(|name| call.path.strip_prefix("re.") == Some(name));
        match problem_of(pattern).filter(|_| is_known) {
            Some(problem) => Err(self.raise_library("re.error", problem, RaiseCause::Plain, call.range)),
            None => Ok(()),
        }
    }
}

/// What Python cannot read in a pattern, of what no dialect of regular expressions can.
fn problem_of(pattern: &str) -> Option<&'static str> {
    let kind = match regex_syntax::ast::parse::Parser::new().parse(pattern) {
        Err(error) => error.kind().clone(),
        Ok(_) => return None,
    };
    // In the verbose dialect, comments can hold anything.
    match kind {
        _ if pattern.contains("(?x") || pattern.contains('#') => None,
        ErrorKind::GroupUnclosed => Some("missing ), unterminated subpattern"),
        ErrorKind::GroupUnopened => Some("unbalanced parenthesis"),
        ErrorKind::RepetitionMissing => Some("nothing to repeat"),
        _ => None,
    }
}

/// Whether a pattern that both dialects read alike certainly does not match.
fn finds_nothing(pattern: &str, text: &str, anchors: Anchors) -> bool {
    const LONGEST: usize = 1_000;
    // Where lines end, and what a backslash means there, the dialects differ.
    if text.len() > LONGEST || text.contains('\n') || pattern.contains("\\Z") || pattern.contains("&&") {
        return false;
    }
    let (start, end) = match anchors {
        Anchors::None => ("", ""),
        Anchors::Start => (r"\A", ""),
        Anchors::Both => (r"\A", r"\z"),
    };
    regex_syntax::parse(pattern).is_ok()
        && meta::Regex::new(&format!("{start}(?:{pattern}){end}")).is_ok_and(|regex| !regex.is_match(text))
}

/// Whether the pattern has a repetition within a repetition that meets a long run in the text, and nothing matches in the end.
fn explodes(pattern: &str, text: &str, anchors: Anchors) -> bool {
    if text.len() < RUN as usize {
        return false;
    }
    let Ok(parsed) = regex_syntax::parse(pattern) else { return false };
    let Some(run) = run_before_failure(&parsed) else { return false };
    let (start, end) = match anchors {
        Anchors::None => ("", ""),
        Anchors::Start => (r"\A", ""),
        Anchors::Both => (r"\A", r"\z"),
    };
    let finds = |pattern: &str| meta::Regex::new(pattern).map(|regex| regex.is_match(text)).ok();
    finds(&format!("{start}(?:{pattern}){end}")) == Some(false)
        && finds(&format!("{start}{run}")) == Some(true)
}

/// What comes before the nested repetition, and a long run of what that repeats.
fn run_before_failure(pattern: &Hir) -> Option<String> {
    match pattern.kind() {
        HirKind::Capture(group) => run_before_failure(&group.sub),
        HirKind::Repetition(outer) if outer.max.is_none() => {
            let inner = once_each(&outer.sub)?;
            Some(format!("(?:{inner}){{{RUN}}}"))
        }
        HirKind::Concat(parts) => {
            let (at, run) =
                parts.iter().enumerate().find_map(|(at, part)| Some((at, run_before_failure(part)?)))?;
            let before = parts[..at].iter().map(|part| format!("(?:{part})"));
            Some(before.chain([run]).collect())
        }
        _ => None,
    }
}

/// The body of a repetition with one round of what it repeats itself, when it can be that repetition alone: `a` of `(a+)`,
/// `\w\s?` of `(\w+\s?)`.
fn once_each(body: &Hir) -> Option<String> {
    match body.kind() {
        HirKind::Capture(group) => once_each(&group.sub),
        HirKind::Repetition(inner) if inner.max.is_none() => Some(format!("(?:{})", inner.sub)),
        HirKind::Concat(parts) => {
            let is_optional = |part: &Hir| part.properties().minimum_len() == Some(0);
            let mut needed = parts.iter().filter(|part| !is_optional(part));
            let first = needed.next().or(parts.first())?;
            if needed.next().is_some() {
                return None;
            }
            let whole = parts.iter().map(|part| match std::ptr::eq(part, first) {
                true => once_each(part),
                false => Some(format!("(?:{part})")),
            });
            whole.collect()
        }
        HirKind::Alternation(parts) => parts.iter().find_map(once_each),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_repetitions_of_a_long_run_explode() {
        let run = "a".repeat(60) + "b";
        assert!(explodes("(a+)+$", &run, Anchors::Start));
        assert!(explodes(r"^(\w+\s?)*$", &("a".repeat(60) + "!"), Anchors::None));
        assert!(explodes(
            r"^(\w+\s?)*$",
            "words of a sentence of which none is long and then an end!",
            Anchors::None
        ));
        assert!(explodes("x(?:a|a+)+y", &("x".to_owned() + &run), Anchors::Start));
        assert!(explodes("([a-z]+)*", &("a".repeat(60) + "1"), Anchors::Both));
    }

    #[test]
    fn others_do_not() {
        let run = "a".repeat(60) + "b";
        assert!(!explodes("(a+)+", &run, Anchors::Start), "it matches at once");
        assert!(!explodes("(a+)+$", "aaaaaaaaab", Anchors::Start), "short");
        assert!(!explodes("(a+b)+$", &run.replace('b', "c"), Anchors::Start), "each round needs its `b`");
        assert!(!explodes("a+$", &run, Anchors::Start), "one repetition alone");
        assert!(!explodes("y(a+)+$", &run, Anchors::Start), "it fails before the run");
        assert!(!explodes(r"(a+)+\1$", &run, Anchors::Start), "a pattern that only Python knows");
    }
}
