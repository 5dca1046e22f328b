//! Times as the file writes them: what clocks at the event's place show.

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike};
use chrono_tz::Tz;
use shared::time::{Timestamp, YEARS};

use super::problem::FileProblem;

/// Reads `2018-11-26 09:00`, with seconds if need be, in `zone`; or, for the hour that a change of
/// clocks repeats, a time with its offset, `2019-04-06T23:30:00-04:00`.
pub(super) fn parse(text: &str, zone: Tz) -> Result<Timestamp, FileProblem> {
    let at = match DateTime::parse_from_rfc3339(text) {
        Ok(at) => Timestamp(at.timestamp_millis()),
        Err(_) => parse_local(text, zone)?,
    };
    if YEARS.contains(&at.to_utc().year()) { Ok(at) } else { Err(FileProblem::NotAMoment) }
}

fn parse_local(text: &str, zone: Tz) -> Result<Timestamp, FileProblem> {
    let is_written_in_full = text.len() >= 16 && text.as_bytes()[4] == b'-' && text.as_bytes()[10] == b' ';
    let local = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S%.3f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .filter(|_| is_written_in_full)
        .ok_or(FileProblem::NotAMoment)?;
    // A leap second would be written back as another time.
    if local.nanosecond() >= 1_000_000_000 {
        return Err(FileProblem::NotAMoment);
    }
    Timestamp::from_local(local, zone).ok_or(FileProblem::SkippedHour { zone })
}

/// Writes what [`parse`] reads.
pub(super) fn format(at: Timestamp, zone: Tz) -> String {
    let local = at.to_utc().with_timezone(&zone).naive_local();
    if Timestamp::from_local(local, zone) != Some(at) || !YEARS.contains(&local.year()) {
        return at.to_string();
    }
    let pattern = match (local.second(), local.nanosecond()) {
        (0, 0) => "%Y-%m-%d %H:%M",
        (_, 0) => "%Y-%m-%d %H:%M:%S",
        _ => "%Y-%m-%d %H:%M:%S%.3f",
    };
    local.format(pattern).to_string()
}
