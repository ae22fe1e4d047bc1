//! What stands before a line's message: the time, the process, the level.

use std::fmt;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use regex::Regex;
use serde::Serialize;

use super::pattern;

/// A time, in seconds since 1970. A log that tells no zone is taken to be in UTC, as PythonAnywhere's are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Stamp(pub i64);

/// A line without what stands before its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// When, if the line tells.
    pub when: Option<Stamp>,
    /// The message.
    pub body: &'a str,
    /// Where the message begins (bytes from the start of the line).
    pub at: usize,
}

/// 2026-11-23 06:00:00,123: (PythonAnywhere's error log), [2026-11-23 06:00:00 +0000] (gunicorn), [... ,123] (Flask)
static ISO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\[?(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,]\d+)?(?: ?(Z|[+-]\d\d:?\d\d))?\]?(: ?| |$)",
    )
});
/// Mon Nov 23 06:00:00 2026 - (uWSGI), [Mon Nov 23 06:00:00.123456 2026] (Apache)
static ASCTIME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\[?[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.\d+)? (\d{4})(?:\] | - |$)",
    )
});
/// The brackets of gunicorn and Apache: process, level, module, client.
static BRACKET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\[(?:\d+|[A-Z]{4,8}|[a-z_]*:?(?:error|info|warn|notice|debug|crit|alert|emerg)|pid \d[^\]]*|(?:client|remote) [^\]]*)\] ",
    )
});
static COMMON: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\[(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) ?([+-]\d{4})?\]"));

impl<'a> Line<'a> {
    /// Takes a line (without its end) apart.
    pub fn of(text: &'a str) -> Self {
        let mut line = Self { when: None, body: text, at: 0 };
        // PythonAnywhere's server log puts its own time before uWSGI's.
        for _ in 0..8 {
            let body = line.body;
            if !body.starts_with(|c: char| c == '[' || c.is_ascii_digit() || c.is_ascii_uppercase()) {
                break;
            }
            let (taken, when) = if let Some(found) = ISO.captures(body) {
                let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
                let when = stamp([part(1), part(2), part(3)], [part(4), part(5), part(6)], part(7));
                (found.get(0).map_or(0, |all| all.end()), when)
            } else if let Some(found) = ASCTIME.captures(body) {
                let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
                let when = stamp([part(6), part(1), part(2)], [part(3), part(4), part(5)], "");
                (found.get(0).map_or(0, |all| all.end()), when)
            } else if line.at > 0
                && let Some(found) = BRACKET.find(body)
            {
                (found.end(), None)
            } else {
                break;
            };
            line = Self { when: when.or(line.when), body: &body[taken..], at: line.at + taken };
        }
        line
    }
}

/// The time in an access log's brackets.
pub(super) fn in_brackets(text: &str) -> Option<Stamp> {
    if let Some(found) = COMMON.captures(text) {
        let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
        return stamp([part(3), part(2), part(1)], [part(4), part(5), part(6)], part(7));
    }
    // uWSGI's own log of requests.
    let inside = text.split('[').skip(1).find_map(|part| part.split_once(']'))?.0;
    Line::of(inside).when
}

/// Reads a date, whose month may be a name, a time and the zone's distance from UTC.
fn stamp(date: [&str; 3], time: [&str; 3], zone: &str) -> Option<Stamp> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let number = |text: &str| text.parse::<i64>().ok();
    let (year, day) = (number(date[0])?, number(date[2])?);
    let named = MONTHS.iter().position(|month| *month == date[1]).and_then(|at| i64::try_from(at + 1).ok());
    let month = named.or_else(|| number(date[1])).filter(|month| (1..=12).contains(month))?;
    let seconds = number(time[0])? * 3600 + number(time[1])? * 60 + number(time[2])?;
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let away = number(&digits).map_or(0, |hhmm| (hhmm / 100) * 3600 + (hhmm % 100) * 60);
    let away = if zone.starts_with('-') { -away } else { away };
    Some(Stamp(days_from_civil(year, month, day) * 86_400 + seconds - away))
}

/// Days since 1970-01-01 of a date of the Gregorian calendar; years begin in March, so that leap days come last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl Stamp {
    /// The same time as the system counts it; `None` before 1970.
    pub fn time(self) -> Option<SystemTime> {
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(self.0).ok()?))
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, seconds) = (self.0.div_euclid(86_400), self.0.rem_euclid(86_400));
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_has_its_own_way_to_begin_a_line() {
        for (text, body, when) in [
            ("2026-11-23 06:00:00,123: Error running", "Error running", "2026-11-23 06:00:00 UTC"),
            ("2026-11-23 06:00:00,123:   File \"x\"", "  File \"x\"", "2026-11-23 06:00:00 UTC"),
            ("2026-11-23 06:00:00 Mon Nov 23 06:00:01 2026 - *** H", "*** H", "2026-11-23 06:00:01 UTC"),
            ("Sun Feb  9 06:00:00 2025 - x", "x", "2025-02-09 06:00:00 UTC"),
            ("[2026-11-23 06:00:00 +0130] [12] [CRITICAL] W", "W", "2026-11-23 04:30:00 UTC"),
            ("[2024-02-29 23:59:59,123] ERROR in app: x", "ERROR in app: x", "2024-02-29 23:59:59 UTC"),
            (
                "[Mon Nov 23 06:00:00.123456 2026] [wsgi:error] [pid 1:tid 2] [client ::1:5] [remote ::1:5]   File",
                "  File",
                "2026-11-23 06:00:00 UTC",
            ),
        ] {
            let line = Line::of(text);
            assert_eq!((line.body, &text[line.at..]), (body, body));
            assert_eq!(line.when.map(|stamp| stamp.to_string()).as_deref(), Some(when), "{text}");
        }
        for text in ["  File \"/x.py\", line 3, in f", "[1, 2] x", "OSError: write error", ""] {
            assert_eq!(Line::of(text), Line { when: None, body: text, at: 0 });
        }
    }

    #[test]
    fn access_logs_tell_the_time_inside() {
        let at = |text| in_brackets(text).map(|stamp| stamp.to_string());
        assert_eq!(
            at("::1 - - [01/Jan/1970:01:00:00 +0100] \"GET").as_deref(),
            Some("1970-01-01 00:00:00 UTC")
        );
        assert_eq!(
            at("() {3 vars} [Mon Nov 23 06:00:00 2026] GET").as_deref(),
            Some("2026-11-23 06:00:00 UTC")
        );
    }
}
