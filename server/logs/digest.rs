//! The incidents of logs, equal ones counted together, so that a log of any size is a short list.

use std::io::Read;
use std::path::PathBuf;

use rustc_hash::FxHashMap;

use crate::syntax::logs::{Incident, Kind, Reading, Stamp, scan};

/// Different incidents beyond this number are only counted.
const MOST_GROUPS: usize = 2_000;

/// What some logs tell.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    /// The logs that were read, with how the reading went.
    pub logs: Vec<(PathBuf, Reading)>,
    /// What happened, in the order in which it happened first.
    pub groups: Vec<Group>,
    /// Incidents that were too many to be kept.
    pub dropped: u64,
    known: FxHashMap<Key, usize>,
}

/// Incidents that are equal but for their time.
#[derive(Clone, Debug)]
pub struct Group {
    /// The last of them.
    pub incident: Incident,
    /// The log that holds the last of them: an index of [`Digest::logs`].
    pub log: usize,
    /// How many there are.
    pub count: u64,
    /// When the first of them was, as far as a log tells.
    pub first: Option<Stamp>,
    /// When the last of them was.
    pub last: Option<Stamp>,
}

type Key = (Kind, Option<(Option<String>, String)>, Option<(String, u32)>, Option<String>);

impl Digest {
    /// Reads a log to its end and adds what it tells. `fallback` is the time of the log itself, for incidents without one.
    pub fn read(&mut self, path: PathBuf, log: impl Read, fallback: Option<Stamp>) {
        let at = self.logs.len();
        let reading = scan(log, &mut |incident| self.add(at, incident, fallback));
        self.logs.push((path, reading));
    }

    fn add(&mut self, log: usize, incident: Incident, fallback: Option<Stamp>) {
        let when = incident.when.or(fallback);
        let key = key(&incident);
        let known = self.known.get(&key).copied();
        if let Some(group) = known.and_then(|at| self.groups.get_mut(at)) {
            group.count += 1;
            group.first = group.first.min(when).or(when);
            if when >= group.last {
                (group.incident, group.log, group.last) = (incident, log, when);
            }
        } else if self.groups.len() < MOST_GROUPS {
            self.known.insert(key, self.groups.len());
            self.groups.push(Group { incident, log, count: 1, first: when, last: when });
        } else {
            self.dropped += 1;
        }
    }
}

/// What makes two incidents equal.
fn key(incident: &Incident) -> Key {
    // How slow it was is no difference.
    let kind = if matches!(incident.kind, Kind::Slow(_)) { Kind::Slow(0) } else { incident.kind };
    let request = incident.request.as_ref().map(|request| (request.method.clone(), request.path.clone()));
    let place = incident.frames.last().map(|frame| (frame.path.clone(), frame.line));
    (kind, request, place, incident.exception.as_ref().map(|exception| exception.class.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_incidents_are_counted() {
        let mut digest = Digest::default();
        let log = "\
Mon Nov 23 06:00:00 2026 - HARAKIRI [core 0] ::1 - GET /a?x=1 since 1
Mon Nov 23 06:05:00 2026 - HARAKIRI [core 0] ::1 - GET /a?x=2 since 1
Mon Nov 23 06:09:00 2026 - HARAKIRI [core 0] ::1 - GET /b since 1
";
        digest.read("a.log".into(), log.as_bytes(), None);
        let all: Vec<_> = digest.groups.iter().map(|group| (group.count, group.incident.line)).collect();
        assert_eq!(all, [(2, 2), (1, 3)]);
        let group = &digest.groups[0];
        assert_eq!(group.last.map(|last| last.0 - group.first.map_or(0, |first| first.0)), Some(300));
    }

    #[test]
    fn a_flood_of_different_ones_is_bounded() {
        let mut digest = Digest::default();
        let log: String = (0..5_000).map(|n| format!("HARAKIRI [core 0] ::1 - GET /{n} since 1\n")).collect();
        digest.read("a.log".into(), log.as_bytes(), Some(Stamp(7)));
        assert_eq!((digest.groups.len(), digest.dropped), (2_000, 3_000));
        assert_eq!(digest.groups[0].last, Some(Stamp(7)));
    }
}
