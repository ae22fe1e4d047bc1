//! The text behind a rule: one source for hovers, `explain`, links and pages.

use std::fmt::Write;

use super::Rule;
use crate::catalog::HelpPage;

/// The text that explains a rule.
#[derive(Clone, Copy, Debug)]
pub struct Guidance {
    /// What happens on the hosts and why, in Markdown, without headings.
    pub explanation: &'static str,
    /// Code that has the problem.
    pub bad: &'static str,
    /// The same code, mended.
    pub good: &'static str,
    /// When the rule is wrong and what to do then, in Markdown.
    pub when_wrong: &'static str,
    /// Where the hosts tell more, the best page first; never empty.
    pub pages: &'static [HelpPage],
}

/// The whole text of a rule in Markdown, with its id as the heading.
pub fn markdown(rule: &Rule) -> String {
    let guidance = &rule.guidance;
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "# {}\n\n{}\n\n{}\n\n## What fails\n\n```python\n{}\n```\n\n## What works\n\n```python\n{}\n```\n\n## When it is wrong\n\n{}\n\n\
         Silence it on one line with `# wsgi-ls: ignore[{}] reason`.\n\n## More\n\n",
        rule.id,
        rule.summary,
        guidance.explanation.trim(),
        guidance.bad.trim(),
        guidance.good.trim(),
        guidance.when_wrong.trim(),
        rule.id,
    );
    for page in guidance.pages {
        let _ = writeln!(out, "- [{}]({})", page.title, page.url);
    }
    out
}
