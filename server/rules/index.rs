//! The rules by what people notice: the way in for somebody whose site is down.

use std::fmt::Write;

use super::outcomes::{self, Symptom};
use super::{ALL, Rule};
use crate::hosting::Host;

/// The rules whose findings show in this way, each with the hosts on which they do.
pub fn rules_behind(symptom: Symptom) -> Vec<(&'static Rule, Vec<Host>)> {
    let of = |rule: &&'static Rule| {
        let shown = outcomes::symptoms(rule).into_iter().find(|(shown, _)| *shown == symptom);
        shown.map(|(_, hosts)| (*rule, hosts))
    };
    ALL.iter().filter_map(of).collect()
}

/// One section of the index in Markdown; a rule's name becomes a link to its page when `linked`.
pub fn section(symptom: Symptom, linked: bool) -> String {
    let mut out = format!("## {}\n\n{}\n\n", symptom.heading(), symptom.advice());
    for (rule, hosts) in rules_behind(symptom) {
        let name = if linked { format!("[`{0}`]({0}.md)", rule.id) } else { format!("`{}`", rule.id) };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "- {name}: {}{}", rule.summary, on(&hosts));
    }
    out
}

/// The whole index in Markdown, as `docs/rules/README.md` has it.
pub fn index() -> String {
    let mut out = String::from(
        "# Rules by symptom\n\nWhat do visitors get? Each section lists the rules whose findings look like that, and on which hosts. \
         `wsgi-ls check` says which of them it is; `wsgi-ls explain 502` prints a section, and `wsgi-ls explain RULE` a page.\n",
    );
    for symptom in Symptom::ALL {
        if !rules_behind(symptom).is_empty() {
            let _ = write!(out, "\n{}", section(symptom, true));
        }
    }
    out
}

/// The hosts, where not all of them are meant.
fn on(hosts: &[Host]) -> String {
    if hosts.len() == Host::ALL.len() {
        return String::new();
    }
    let names: Vec<&str> = hosts.iter().map(|host| host.title()).collect();
    format!(" ({})", names.join(", "))
}
