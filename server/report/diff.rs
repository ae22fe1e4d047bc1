//! What a fix changes, as a unified diff.

use similar::TextDiff;

/// The unified diff of one file, in the form that `patch -p1` and `git apply` take; empty when nothing changes.
pub fn unified_diff(name: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")).to_string()
}
