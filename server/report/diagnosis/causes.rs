//! Findings and incidents become causes.

use super::super::json::{Finding, Report};
use super::super::sources::Sources;
use super::support::masked;
use super::{Cause, Logged};
use crate::analysis::Analysis;
use crate::hosting::Failure;
use crate::load::{Certainty, Site};
use crate::logs::{Concern, Digest, Group, Role, guide};
use crate::rules::{self, Safety, Severity};
use crate::syntax::logs::Kind;

/// More causes than this help nobody.
const MOST_CAUSES: usize = 40;

/// One cause while it is put together.
struct Draft<'a> {
    findings: Vec<usize>,
    groups: Vec<(usize, &'a Group)>,
}

/// All causes, the most likely first.
pub(super) fn causes(
    report: &Report,
    analysis: &Analysis,
    digest: &Digest,
    concerns: &[Concern],
    sources: &mut Sources<'_>,
) -> Vec<Cause> {
    let findings: Vec<&rules::Finding> = analysis.findings().map(|(_, finding)| finding).collect();
    let mut drafts = by_finding(&findings);
    for (at, group) in digest.groups.iter().enumerate() {
        let places: Vec<&Concern> = concerns.iter().filter(|concern| concern.group == at).collect();
        let explained = drafts.iter_mut().find(|draft| {
            draft.findings.iter().any(|finding| explains(findings[*finding], group, &places, sources))
        });
        if let Some(draft) = explained {
            draft.groups.push((at, group));
            continue;
        }
        // What two logs tell of the same place is one cause, and an answer of 500 is one with what the log tells of that moment.
        let same = |other: &usize| {
            let others = &digest.groups[*other];
            // The reason stands further up in the log.
            if group.incident.kind == Kind::NoApplication
                && others.incident.kind == Kind::Exception
                && others.incident.request.is_none()
            {
                return true;
            }
            let is_answer = matches!(group.incident.kind, Kind::Status(_));
            // Apache says what it could not do before it says why.
            let is_why = others.incident.kind == Kind::NoApplication
                && group.incident.kind == Kind::Exception
                && group.incident.request.is_none();
            let apart = group.last.zip(others.last).map(|(one, other)| (one.0 - other.0).abs());
            if (is_answer || is_why) && apart.is_some_and(|seconds| seconds <= 2) {
                return true;
            }
            let site = |at: usize| concerns.iter().find(|concern| concern.group == at).map(|c| &c.site);
            site(at).is_some() && site(*other) == site(at)
        };
        match drafts.iter_mut().find(|draft| draft.groups.iter().any(|(other, _)| same(other))) {
            Some(draft) => draft.groups.push((at, group)),
            None => drafts.push(Draft { findings: Vec::new(), groups: vec![(at, group)] }),
        }
    }
    let is_stale = |draft: &Draft<'_>| {
        let stale = |at: usize| concerns.iter().any(|concern| concern.group == at && concern.is_stale);
        !draft.groups.is_empty() && draft.groups.iter().all(|(at, _)| stale(*at))
    };
    let mut scored: Vec<(i64, Draft<'_>)> = drafts
        .into_iter()
        .map(|draft| (score(&draft, &findings, concerns, is_stale(&draft)), draft))
        .collect();
    scored.sort_by_key(|(score, _)| -score);
    scored.truncate(MOST_CAUSES);
    scored
        .into_iter()
        .map(|(_, draft)| {
            let may_be_mended = is_stale(&draft);
            finish(draft, report, &findings, digest, concerns, may_be_mended, sources)
        })
        .collect()
}

/// One draft for each finding that is a warning or worse; what deployments share is one.
fn by_finding<'a>(findings: &[&rules::Finding]) -> Vec<Draft<'a>> {
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        if finding.severity < Severity::Warning {
            continue;
        }
        let same = |other: &usize| {
            findings[*other].site == finding.site && findings[*other].rule.id == finding.rule.id
        };
        match drafts.iter_mut().find(|draft| draft.findings.iter().any(same)) {
            Some(draft) => draft.findings.push(at),
            None => drafts.push(Draft { findings: vec![at], groups: Vec::new() }),
        }
    }
    drafts
}

/// Whether a finding is why an incident happened.
fn explains(finding: &rules::Finding, group: &Group, places: &[&Concern], sources: &mut Sources<'_>) -> bool {
    let at_load = finding.failure.is_some_and(Failure::is_at_load);
    match group.incident.kind {
        Kind::NoApplication if at_load => return true,
        // The host's own code failed on what the load has left.
        Kind::Exception if at_load && places.is_empty() && group.incident.request.is_none() => return true,
        // A load that never ends, or ends the server, leaves visitors with these.
        Kind::Status(502..=504) if at_load => return true,
        Kind::LoggingError if finding.rule.id == "django-setup-in-web-app" => return true,
        Kind::AddressInUse if finding.rule.id.starts_with("server-started") => return true,
        _ => {}
    }
    let mut is_at = |site: &Site, other: &Site| {
        site.path == other.path && {
            let source = sources.get(&site.path);
            source.line(site.range.start()) == source.line(other.range.start())
        }
    };
    places.iter().any(|concern| match concern.role {
        Role::Line | Role::Wait | Role::Foreseen => {
            is_at(&concern.site, &finding.site)
                || finding.related.iter().any(|related| is_at(&concern.site, &related.site))
        }
        // The request is this one; what its handler does wrong is the reason unless a traceback names another line.
        Role::Handler => {
            !places.iter().any(|other| other.role == Role::Line)
                && (is_at(&concern.site, &finding.site)
                    || finding.related.iter().any(|related| is_at(&concern.site, &related.site)))
        }
        Role::Entry => at_load,
    })
}

/// How likely a cause is: both sides agree, the site is down as a whole, visitors were turned away, it is recent.
fn score(draft: &Draft<'_>, findings: &[&rules::Finding], concerns: &[Concern], is_stale: bool) -> i64 {
    let mut score = 0;
    for finding in draft.findings.iter().take(1).map(|at| findings[*at]) {
        score += match (finding.severity, finding.certainty) {
            (Severity::Error, Certainty::Certain) => 600,
            (Severity::Error, _) => 500,
            _ => 300,
        };
        if finding.failure.is_some_and(Failure::is_at_load) {
            score += 700;
        }
    }
    let fresh = if is_stale { 0 } else { 1 };
    if draft.groups.iter().any(|(_, group)| group.incident.kind.is_failure()) {
        score += 300 + 400 * fresh;
    } else if !draft.groups.is_empty() {
        score += 50;
    }
    let has_place = draft.groups.iter().any(|(at, _)| concerns.iter().any(|concern| concern.group == *at));
    if has_place {
        score += 200;
    }
    // A tail of an access log says less than a traceback.
    let says_why = draft.groups.iter().any(|(_, group)| !matches!(group.incident.kind, Kind::Status(_)));
    if says_why {
        score += 100;
    }
    let count: u64 = draft.groups.iter().map(|(_, group)| group.count).sum();
    score + i64::from(count.min(1 << 20).checked_ilog2().unwrap_or(0))
}

fn finish(
    mut draft: Draft<'_>,
    report: &Report,
    findings: &[&rules::Finding],
    digest: &Digest,
    concerns: &[Concern],
    may_be_mended: bool,
    sources: &mut Sources<'_>,
) -> Cause {
    // That nothing could be loaded says less than why.
    draft.groups.sort_by_key(|(_, group)| group.incident.kind == Kind::NoApplication);
    let logged: Vec<Logged> =
        draft.groups.iter().map(|(at, group)| logged(*at, group, digest, concerns, sources)).collect();
    let first = draft.findings.first().map(|at| findings[*at]);
    let kind = draft.groups.first().map(|(_, group)| group.incident.kind);
    let title = match (first, logged.first()) {
        (Some(finding), _) => finding.message.clone(),
        (None, Some(logged)) => match &logged.request {
            Some(request) => format!("`{request}`: {}", logged.message),
            None => logged.message.clone(),
        },
        (None, None) => String::new(),
    };
    let remedy = match first.and_then(|finding| finding.fixes.first()) {
        Some(fix) if fix.safety == Safety::Safe => format!("{}: `wsgi-ls check --fix` does it.", fix.title),
        Some(fix) => format!("{}: a quick fix in the editor does it.", fix.title),
        None => match (kind, first) {
            (_, Some(finding)) => format!("`wsgi-ls explain {}` tells what works instead.", finding.rule.id),
            (Some(kind), None) => kind.advice().to_owned(),
            (None, None) => String::new(),
        },
    };
    let page = match first {
        Some(finding) => finding.rule.guidance.pages.first().copied(),
        None => kind.and_then(guide),
    };
    let guide = page.map(|page| page.url.to_owned());
    let foreseen: Vec<Finding> =
        draft.findings.iter().filter_map(|at| report.findings.get(*at).cloned()).collect();
    Cause { title, may_be_mended, foreseen, logged, remedy, guide }
}

fn logged(
    at: usize,
    group: &Group,
    digest: &Digest,
    concerns: &[Concern],
    sources: &mut Sources<'_>,
) -> Logged {
    let incident = &group.incident;
    let mut places: Vec<String> = Vec::new();
    for concern in concerns.iter().filter(|concern| concern.group == at) {
        let place = sources.place(&concern.site);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    Logged {
        kind: incident.kind.name(),
        message: masked(&incident.headline()),
        count: group.count,
        first: group.first.map(|when| when.to_string()),
        last: group.last.map(|when| when.to_string()),
        log: digest.logs.get(group.log).map(|(path, _)| sources.name(path)).unwrap_or_default(),
        line: incident.line,
        request: incident.request.as_ref().map(|request| request.shown()),
        places,
    }
}
