//! Templates: what a page that is rendered surely asks for. Only tags that stand outside of conditions and loops are read,
//! for nobody knows what those let through.

use std::path::{Path, PathBuf};

use super::effect::RaiseCause;
use super::interp::{Interp, Stop};
use crate::text::TextRange;

/// Templates build on one another so deep at most.
const DEEPEST: usize = 5;

/// The engine that renders a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    /// Jinja, in Flask.
    Jinja,
    /// Django's own.
    Django,
}

/// What a tag asks for.
#[derive(Debug, PartialEq, Eq)]
enum Wish<'t> {
    /// A template that this one builds on.
    Base(&'t str),
    /// A template that is put in here.
    Part(&'t str),
    /// A link to a name.
    Link(&'t str),
}

impl<'a> Interp<'a> {
    /// What a template of the project that is rendered for certain asks for and does not get.
    pub(super) fn check_template_file(
        &self,
        file: &Path,
        engine: Engine,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        self.check_wishes(file, engine, false, 0, range)
    }

    /// `is_base` says that another template builds on this one, and may replace all its blocks.
    fn check_wishes(
        &self,
        file: &Path,
        engine: Engine,
        is_base: bool,
        depth: usize,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let Some((source, None)) = self.snapshot.text(file) else { return Ok(()) };
        let text = source.text();
        let wishes = wishes(text, engine);
        let builds_on = wishes.iter().any(|(_, _, wish)| matches!(wish, Wish::Base(_)));
        for (line, in_block, wish) in wishes {
            let (name, is_base_of) = match wish {
                Wish::Base(name) => (name, true),
                // What stands outside of blocks is not shown where a base is; blocks of a base may be replaced.
                _ if builds_on && !in_block || is_base && in_block => continue,
                Wish::Part(name) => (name, false),
                Wish::Link(name) => {
                    self.check_link(name, engine, file, line, range)?;
                    continue;
                }
            };
            match self.template_file(name) {
                Some(inner) if depth < DEEPEST => {
                    self.check_wishes(&inner, engine, is_base_of || is_base, depth + 1, range)?;
                }
                Some(_) => {}
                None if self.may_have_template(name) => {}
                None => return Err(self.lacks_template(name, range)),
            }
        }
        Ok(())
    }

    fn check_link(
        &self,
        name: &str,
        engine: Engine,
        file: &Path,
        line: usize,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let (class, message) = match engine {
            Engine::Jinja => ("werkzeug.routing.exceptions.BuildError", self.missing_endpoint(name)),
            Engine::Django => ("django.urls.exceptions.NoReverseMatch", self.missing_url_name(name)),
        };
        let Some(message) = message else { return Ok(()) };
        let shown = file.strip_prefix(&self.deployment.root).unwrap_or(file).display();
        let message = format!("{message} (line {line} of {shown})");
        Err(self.raise_library(class, message, RaiseCause::Plain, range))
    }

    /// The template of that name, where exactly one folder holds it.
    pub(super) fn template_file(&self, name: &str) -> Option<PathBuf> {
        let folders = self.template_folders();
        let mut found =
            folders.iter().map(|folder| folder.join(name)).filter(|file| self.snapshot.is_file(file));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

/// What the tags of a template ask for outside of conditions and loops, with their lines and whether they stand in a block.
fn wishes(text: &str, engine: Engine) -> Vec<(usize, bool, Wish<'_>)> {
    /// Tags whose content may not be shown, or not as it stands there.
    const UNSURE: &[&str] = &[
        "if",
        "for",
        "macro",
        "call",
        "raw",
        "verbatim",
        "comment",
        "filter",
        "cache",
        "ifchanged",
        "trans",
        "blocktrans",
        "blocktranslate",
        "with",
        "autoescape",
    ];
    let mut found = Vec::new();
    let (mut unsure, mut blocks) = (0_usize, 0_usize);
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|gap| at + gap) {
        let close = match text.as_bytes().get(open + 1) {
            Some(b'#') => "#}",
            Some(b'%') => "%}",
            Some(b'{') => "}}",
            _ => {
                at = open + 1;
                continue;
            }
        };
        let Some(end) = text[open + 2..].find(close).map(|gap| open + 2 + gap) else { break };
        let inner = text[open + 2..end].trim_matches(['-', '+', ' ', '\n', '\r', '\t']);
        at = end + 2;
        if close == "#}" {
            continue;
        }
        let line = text[..open].matches('\n').count() + 1;
        if close == "}}" {
            if let (Engine::Jinja, 0) = (engine, unsure) {
                found.extend(link_of_call(inner).map(|name| (line, blocks > 0, Wish::Link(name))));
            }
            continue;
        }
        let (tag, rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        match tag {
            "block" => blocks += 1,
            "endblock" => blocks = blocks.saturating_sub(1),
            _ if UNSURE.contains(&tag) => {
                // `{% trans "text" %}` of Django has no end; `{% set x = y %}` is none of these.
                let single = tag == "trans" && engine == Engine::Django;
                unsure += usize::from(!single);
            }
            _ if tag.strip_prefix("end").is_some_and(|tag| UNSURE.contains(&tag)) => {
                unsure = unsure.saturating_sub(1);
            }
            _ if unsure > 0 => {}
            "extends" => found.extend(quoted(rest).map(|name| (line, blocks > 0, Wish::Base(name)))),
            "include" if !rest.contains("ignore missing") && !rest.contains(" if ") => {
                found.extend(quoted(rest).map(|name| (line, blocks > 0, Wish::Part(name))));
            }
            "url" if engine == Engine::Django && !rest.contains(" as ") => {
                found.extend(quoted(rest).map(|name| (line, blocks > 0, Wish::Link(name))));
            }
            _ => {}
        }
    }
    found
}

/// The text that an expression begins with: `"base.html"`.
fn quoted(expression: &str) -> Option<&str> {
    let quote = expression.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = &expression[1..];
    let text = &inner[..inner.find(quote)?];
    (!text.is_empty() && !text.starts_with('.')).then_some(text)
}

/// The endpoint of a `url_for("...")` that an expression calls for certain.
fn link_of_call(expression: &str) -> Option<&str> {
    let unsure = [" if ", " or ", " and ", "lambda"].iter().any(|word| expression.contains(word));
    let (before, arguments) = expression.split_once("url_for(").filter(|_| !unsure)?;
    let is_name = before.chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '.'));
    quoted(arguments.trim_start()).filter(|_| is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_outside_of_conditions_are_read() {
        let text = "{% extends 'base.html' %}\n{# {% include 'a.html' %} #}{% block body %}\n{{ url_for('home') }}\
                    {% if user %}{{ url_for('out') }}{% include \"b.html\" %}{% endif %}{%- include \"c.html\" -%}{% endblock %}";
        let expected = vec![
            (1, false, Wish::Base("base.html")),
            (3, true, Wish::Link("home")),
            (3, true, Wish::Part("c.html")),
        ];
        assert_eq!(wishes(text, Engine::Jinja), expected);
        assert_eq!(
            wishes("{% url 'a' 3 %}{% url 'b' as c %}", Engine::Django),
            vec![(1, false, Wish::Link("a"))]
        );
        assert_eq!(wishes("{{ url_for(name) }}{{ x if y else url_for('z') }}", Engine::Jinja), vec![]);
    }
}
