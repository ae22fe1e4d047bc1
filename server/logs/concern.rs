//! What a log told, at the places of the code that it concerns.

use std::path::Path;
use std::sync::Arc;

use super::digest::Digest;
use super::places::{handler_of, locate};
use crate::analysis::Analysis;
use crate::hosting::{Failure, VisitorSees};
use crate::load::{EffectKind, Site};
use crate::request::Handler;
use crate::syntax::logs::{Incident, Kind};
use crate::text::{TextRange, TextSize};
use crate::workspace::Snapshot;

/// A place of the code that something in a log is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// The index of the group of [`Digest::groups`].
    pub group: usize,
    /// Why this place.
    pub role: Role,
    /// The place.
    pub site: Site,
    /// Whether the file was changed after the log spoke of it last: then it may be mended.
    pub is_stale: bool,
}

/// Why a place is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The innermost call of the project in the traceback.
    Line,
    /// A call for which, as the simulation says, the request waited.
    Wait,
    /// The handler of the request.
    Handler,
    /// Where the simulation foresees such a failure, when the log does not say for which request it was.
    Foreseen,
    /// What keeps the host from loading the app, else the file that it loads.
    Entry,
}

/// The places of the project below `root` that the groups are about, the nearest to the cause first.
pub fn concerns(snapshot: &Snapshot, root: &Path, analysis: &Analysis, digest: &Digest) -> Vec<Concern> {
    let mut out = Vec::new();
    for (at, group) in digest.groups.iter().enumerate() {
        for (role, site) in places(snapshot, root, analysis, &group.incident) {
            let changed = snapshot.modified(&site.path);
            let spoke = group.last.and_then(|last| last.time());
            // An equal time is one of the log: a reload often follows within the second.
            let is_stale = changed.zip(spoke).is_some_and(|(changed, spoke)| changed > spoke);
            out.push(Concern { group: at, role, site, is_stale });
        }
    }
    out
}

/// The places of the project below `root` that one incident is about, the nearest to the cause first.
pub fn places(
    snapshot: &Snapshot,
    root: &Path,
    analysis: &Analysis,
    incident: &Incident,
) -> Vec<(Role, Site)> {
    let mut places = Vec::new();
    let line = incident.frames.iter().rev().find_map(|frame| {
        let path = locate(snapshot, root, &frame.path)?;
        line_of(snapshot, &path, frame.line)
    });
    let has_line = line.is_some();
    places.extend(line.map(|site| (Role::Line, site)));
    if let Some((_, handler)) = incident.request.as_ref().and_then(|request| handler_of(analysis, request)) {
        if !has_line && is_about_time(incident.kind) {
            places.extend(wait_of(handler).map(|site| (Role::Wait, site)));
        }
        places.push((Role::Handler, handler.site.clone()));
    }
    if places.is_empty() && incident.request.is_none() {
        places.extend(foreseen(analysis, incident.kind).map(|site| (Role::Foreseen, site)));
    }
    if places.is_empty() && incident.request.is_none() {
        let entry = match incident.kind {
            Kind::NoApplication => why_no_application(analysis).or_else(|| entry(analysis)),
            // The host's own code failed on what the load has left.
            Kind::Exception => why_no_application(analysis),
            _ => None,
        };
        places.extend(entry.map(|site| (Role::Entry, site)));
    }
    places
}

/// What keeps the first deployment that does not load from it, as far as it is foreseen.
fn why_no_application(analysis: &Analysis) -> Option<Site> {
    let mut findings = analysis.deployments.iter().flat_map(|judged| &judged.findings);
    let why = findings.find(|finding| {
        finding.failure.is_some_and(Failure::is_at_load) && finding.visitor_sees != VisitorSees::Ok
    });
    why.map(|finding| finding.site.clone())
}

fn entry(analysis: &Analysis) -> Option<Site> {
    let judged = analysis.deployments.first()?;
    Some(Site { path: Arc::from(judged.deployment.entry.as_path()), range: TextRange::default() })
}

fn is_about_time(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Harakiri | Kind::WorkerTimeout | Kind::DaemonTimeout | Kind::Slow(_) | Kind::Status(502..=504)
    )
}

/// The only place at which the simulation foresees what a server tells without saying for which request.
fn foreseen(analysis: &Analysis, kind: Kind) -> Option<Site> {
    let fits = |failure: Failure| match kind {
        Kind::Harakiri | Kind::WorkerTimeout | Kind::DaemonTimeout => {
            matches!(failure, Failure::OutlastsRequest | Failure::NeverAnswers)
        }
        Kind::DaemonLost => matches!(failure, Failure::OutlastsRequest | Failure::KillsWorker),
        Kind::WorkerKilled | Kind::WorkerCrashed => failure == Failure::KillsWorker,
        _ => false,
    };
    let mut sites: Vec<&Site> = Vec::new();
    for (_, finding) in analysis.findings() {
        if finding.failure.is_some_and(fits) && !sites.contains(&&finding.site) {
            sites.push(&finding.site);
        }
    }
    match sites.as_slice() {
        [only] => Some((*only).clone()),
        _ => None,
    }
}

/// The first call of a handler for which a visitor waits.
fn wait_of(handler: &Handler) -> Option<Site> {
    let waits = |kind: &EffectKind| {
        matches!(kind, EffectKind::Blocks(_) | EffectKind::Waits(_) | EffectKind::StartsServer(_))
            || matches!(kind, EffectKind::Works(work) if work.unbounded || work.bound.is_some())
    };
    let endless = |kind: &EffectKind| matches!(kind, EffectKind::Blocks(_) | EffectKind::StartsServer(_));
    let first = |wanted: &dyn Fn(&EffectKind) -> bool| {
        handler.effects.iter().find(|effect| wanted(&effect.kind)).map(|effect| effect.site.clone())
    };
    first(&endless).or_else(|| first(&waits))
}

/// A line (from 1) of a file (absolute path) without the blanks before it; `None` when the file has no such line any more.
pub fn line_of(snapshot: &Snapshot, path: &Path, line: u32) -> Option<Site> {
    let (source, _) = snapshot.text(path)?;
    let line = usize::try_from(line).ok()?;
    if line == 0 || line > source.index().line_count() {
        return None;
    }
    let range = source.line_range(line);
    let text = source.slice(range);
    let blanks = u32::try_from(text.len() - text.trim_start().len()).ok()?;
    Some(Site {
        path: Arc::from(path),
        range: TextRange::new(range.start() + TextSize::new(blanks), range.end()),
    })
}
