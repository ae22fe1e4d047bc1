//! `explain` and `rules`: what the rules mean.

use std::fmt::Write;

use serde_json::json;

use super::{CLEAN, Colour, ListFormat};
use super::{output, pager};
use crate::rules::outcomes::Symptom;
use crate::rules::{self, Rule, index};

/// Prints the text of a rule, or the rules behind a symptom.
pub(super) fn explain(name: &str, colour: Colour, paged: bool) -> Result<u8, String> {
    let text = match Symptom::ALL.into_iter().find(|symptom| symptom.words().contains(&name)) {
        Some(symptom) => index::section(symptom, false),
        None => rules::markdown(rules::find(name).ok_or_else(|| unknown_rule(name))?),
    };
    pager::show(&text, colour, paged)?;
    Ok(CLEAN)
}

/// Prints all rules.
pub(super) fn list(format: ListFormat) -> Result<u8, String> {
    let text = match format {
        ListFormat::Text => table(),
        ListFormat::Json => {
            let rules: Vec<serde_json::Value> = rules::ALL.iter().map(|rule| as_json(rule)).collect();
            format!("{:#}\n", serde_json::Value::from(rules))
        }
    };
    output::print(&text, Colour::Auto)?;
    Ok(CLEAN)
}

/// The sentence on a rule that does not exist, with the nearest one that does.
pub(super) fn unknown_rule(id: &str) -> String {
    match crate::workspace::nearest(id, rules::ALL.iter().map(|rule| rule.id)) {
        Some(near) => format!("there is no rule `{id}`; did you mean `{near}`?"),
        None => format!("there is no rule `{id}`; `wsgi-ls rules` lists them all"),
    }
}

fn table() -> String {
    let width = rules::ALL.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for rule in rules::ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{:width$}  {:11}  {}", rule.id, rule.severity.name(), rule.summary);
    }
    out
}

fn as_json(rule: &Rule) -> serde_json::Value {
    json!({
        "id": rule.id,
        "summary": rule.summary,
        "severity": rule.severity.name(),
        "guide": rule.guidance.pages.first().map(|page| page.url),
    })
}
