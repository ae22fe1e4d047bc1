//! `match`: whether a pattern fits a value, and what it binds.

use ruff_python_ast::name::Name;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, Pattern, Singleton};
use ruff_text_size::Ranged;

use super::interp::{Exec, Flow, Interp, Stop};
use super::value::{Kind, Value};
use crate::syntax::python::bound_by;
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// `match`.
    pub fn exec_match(&mut self, stmt: &'a ast::StmtMatch) -> Exec<'a> {
        let subject = self.eval(&stmt.subject)?;
        self.exec_cases(&subject, &stmt.cases)
    }

    fn exec_cases(&mut self, subject: &Value<'a>, cases: &'a [ast::MatchCase]) -> Exec<'a> {
        let Some((case, rest)) = cases.split_first() else { return Ok(Flow::Normal) };
        let mut matched = self.fits(&case.pattern, subject)?;
        if matched != Some(false)
            && let Some(guard) = &case.guard
        {
            matched = match (matched, self.eval(guard)) {
                (Some(true), Ok(guard)) => self.truth(&guard),
                (_, Ok(_)) => None,
                (Some(true), Err(stop)) => return Err(stop),
                (_, Err(stop)) => {
                    self.may_raise(stop);
                    None
                }
            };
        }
        match matched {
            Some(true) => self.exec_body(&case.body),
            Some(false) => self.exec_cases(subject, rest),
            None => self.fork(|me| me.exec_body(&case.body), |me| me.exec_cases(subject, rest)),
        }
    }

    /// Whether a pattern fits, where that is known. What it binds is bound in any case: names of a pattern that does not fit
    /// are rarely read.
    fn fits(&mut self, pattern: &'a Pattern, subject: &Value<'a>) -> Result<Option<bool>, Stop<'a>> {
        Ok(match pattern {
            Pattern::MatchValue(inner) => {
                let wanted = self.eval(&inner.value)?;
                self.equal(subject, &wanted)
            }
            Pattern::MatchSingleton(inner) => match (inner.value, subject) {
                (_, Value::Unknown | Value::Union(_) | Value::Object(_)) => None,
                (Singleton::None, Value::None) => Some(true),
                (Singleton::True, Value::Bool(truth)) => Some(*truth),
                (Singleton::False, Value::Bool(truth)) => Some(!truth),
                _ => Some(false),
            },
            Pattern::MatchAs(inner) => {
                let fits = match &inner.pattern {
                    Some(pattern) => self.fits(pattern, subject)?,
                    None => Some(true),
                };
                if let Some(name) = &inner.name {
                    self.bind(name.id.clone(), subject.clone(), name.range());
                }
                fits
            }
            Pattern::MatchOr(inner) => {
                let mut answer = Some(false);
                for pattern in &inner.patterns {
                    match self.fits(pattern, subject)? {
                        Some(true) => return Ok(Some(true)),
                        Some(false) => {}
                        None => answer = None,
                    }
                }
                answer
            }
            Pattern::MatchSequence(inner) => self.fits_sequence(&inner.patterns, subject)?,
            Pattern::MatchMapping(inner) => self.fits_mapping(inner, subject)?,
            Pattern::MatchClass(inner) => self.fits_class(inner, subject)?,
            Pattern::MatchStar(_) => {
                self.bind_unknown(pattern);
                Some(true)
            }
        })
    }

    fn fits_sequence(
        &mut self,
        patterns: &'a [Pattern],
        subject: &Value<'a>,
    ) -> Result<Option<bool>, Stop<'a>> {
        let starred = patterns.iter().any(Pattern::is_match_star);
        let items = match subject {
            Value::Tuple(items) => items.to_vec(),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::List(items, false) => items.to_vec(),
                Kind::Dict(..) | Kind::Set(..) => return Ok(Some(false)),
                _ => return Ok(self.perhaps(patterns)),
            },
            Value::Unknown | Value::Union(_) => return Ok(self.perhaps(patterns)),
            _ => return Ok(Some(false)),
        };
        if starred {
            let wanted = patterns.len() - 1;
            let long_enough = items.len() >= wanted;
            self.perhaps(patterns);
            return Ok(if long_enough { None } else { Some(false) });
        }
        if items.len() != patterns.len() {
            return Ok(Some(false));
        }
        let mut answer = Some(true);
        for (pattern, item) in patterns.iter().zip(&items) {
            match self.fits(pattern, item)? {
                Some(true) => {}
                Some(false) => return Ok(Some(false)),
                None => answer = None,
            }
        }
        Ok(answer)
    }

    fn fits_mapping(
        &mut self,
        pattern: &'a ast::PatternMatchMapping,
        subject: &Value<'a>,
    ) -> Result<Option<bool>, Stop<'a>> {
        let known = match subject {
            Value::Object(id) => match self.heap.kind(*id).clone() {
                Kind::Dict(items, false) => items,
                _ => return Ok(self.perhaps(&pattern.patterns)),
            },
            Value::Unknown | Value::Union(_) => return Ok(self.perhaps(&pattern.patterns)),
            _ => return Ok(Some(false)),
        };
        let mut answer = Some(true);
        for (key, pattern) in pattern.keys.iter().zip(&pattern.patterns) {
            let key = self.eval(key)?;
            let found = known.iter().find(|(name, _)| self.equal(name, &key) == Some(true));
            let Some((_, value)) = found else { return Ok(Some(false)) };
            match self.fits(pattern, value)? {
                Some(true) => {}
                Some(false) => return Ok(Some(false)),
                None => answer = None,
            }
        }
        if let Some(rest) = &pattern.rest {
            self.bind(rest.id.clone(), Value::Unknown, rest.range());
        }
        Ok(answer)
    }

    /// `int(x)`, `str()` and their like for plain values; nobody knows of others.
    fn fits_class(
        &mut self,
        pattern: &'a ast::PatternMatchClass,
        subject: &Value<'a>,
    ) -> Result<Option<bool>, Stop<'a>> {
        let class = match &*pattern.cls {
            Expr::Name(name) => self.lookup(&name.id, name.range())?,
            other => self.eval(other)?,
        };
        let plain = match class.as_library() {
            Some("builtins.int") => Some(matches!(subject, Value::Int(_) | Value::Bool(_))),
            Some("builtins.str") => Some(matches!(subject, Value::Str(_))),
            Some("builtins.float") => Some(matches!(subject, Value::Float(_))),
            Some("builtins.bool") => Some(matches!(subject, Value::Bool(_))),
            Some("builtins.tuple") => Some(matches!(subject, Value::Tuple(_))),
            _ => None,
        };
        let plain = plain.filter(|_| !matches!(subject, Value::Unknown | Value::Union(_) | Value::Object(_)));
        match (plain, pattern.arguments.patterns.as_slice(), pattern.arguments.keywords.is_empty()) {
            (Some(false), ..) => Ok(Some(false)),
            (Some(true), [], true) => Ok(Some(true)),
            (Some(true), [only], true) => self.fits(only, subject),
            _ => {
                self.perhaps(&pattern.arguments.patterns);
                for keyword in &pattern.arguments.keywords {
                    self.bind_unknown(&keyword.pattern);
                }
                Ok(None)
            }
        }
    }

    /// Nobody knows whether these fit, nor what they bind.
    fn perhaps(&mut self, patterns: &'a [Pattern]) -> Option<bool> {
        for pattern in patterns {
            self.bind_unknown(pattern);
        }
        None
    }

    fn bind_unknown(&mut self, pattern: &'a Pattern) {
        for name in pattern_names(pattern) {
            self.bind(name.0, Value::Unknown, name.1);
        }
    }
}

/// The names that a pattern binds.
fn pattern_names(pattern: &ast::Pattern) -> Vec<(Name, TextRange)> {
    #[derive(Default)]
    struct Names(Vec<(Name, TextRange)>);
    impl<'p> Visitor<'p> for Names {
        fn visit_pattern(&mut self, pattern: &'p ast::Pattern) {
            self.0.extend(bound_by(pattern).map(|name| (name.id.clone(), name.range())));
            visitor::walk_pattern(self, pattern);
        }
    }
    let mut names = Names::default();
    names.visit_pattern(pattern);
    names.0
}
