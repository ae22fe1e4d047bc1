//! What tells one finding from all others, and stays the same while the file around it changes.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::sources::Sources;
use crate::analysis::Analysis;
use crate::load::Site;
use crate::workspace::Snapshot;

/// The fingerprints of all findings, in the order of [`Analysis::findings`]: 16 hexadecimal digits of the rule, the file
/// (relative to `root`) and the text of the line, with a count where one rule says the same of equal lines.
pub(super) fn all(analysis: &Analysis, snapshot: &Snapshot, root: &Path) -> Vec<String> {
    let mut sources = Sources::new(snapshot, root);
    // The same place has the same fingerprint in every deployment.
    let mut places: FxHashMap<(&str, &Site), String> = FxHashMap::default();
    let mut count: FxHashMap<String, usize> = FxHashMap::default();
    let mut sites: Vec<(&str, &Site)> = analysis.findings().map(|(_, f)| (f.rule.id, &f.site)).collect();
    sites.sort_by_key(|(rule, site)| (*rule, &site.path, site.range.start(), site.range.end()));
    sites.dedup();
    for (rule, site) in sites {
        let source = sources.get(&site.path);
        let line = source.slice(source.line_range(source.line(site.range.start()))).trim().to_owned();
        let text = format!("{rule}\n{}\n{line}", sources.name(&site.path));
        let seen = count.entry(text.clone()).or_default();
        places.insert((rule, site), hash(&format!("{text}\n{seen}")));
        *seen += 1;
    }
    let of = |rule, site| places.get(&(rule, site)).cloned().unwrap_or_default();
    analysis.findings().map(|(_, finding)| of(finding.rule.id, &finding.site)).collect()
}

/// FNV-1a, 64 bits: it is written into baseline files, so it must be the same in every version and on every machine.
fn hash(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_never_changes() {
        assert_eq!(hash(""), "cbf29ce484222325");
        assert_eq!(hash("foobar"), "85944171f73967e8");
    }
}
