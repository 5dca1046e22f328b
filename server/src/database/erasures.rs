//! Whose data were erased, so that a restored database does not bring them back.

use std::fmt;
use std::str::FromStr;

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId};
use shared::time::Timestamp;

use super::Connection;
use super::schema::erasures;
use crate::on;

/// Erasures in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// That an attendee's data were erased. As text it is a line of event, attendee and milliseconds UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Erasure {
    /// The event.
    pub event: EventId,
    /// The attendee.
    pub attendee: AttendeeId,
    /// When.
    pub at: Timestamp,
}

impl fmt::Display for Erasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.event, self.attendee, self.at.0)
    }
}

impl FromStr for Erasure {
    type Err = ();
    fn from_str(line: &str) -> Result<Self, ()> {
        let mut words = line.split_whitespace();
        let mut word = || words.next().ok_or(());
        let event = word()?.parse().map_err(|_| ())?;
        let attendee = word()?.parse().map_err(|_| ())?;
        let at = Timestamp(word()?.parse().map_err(|_| ())?);
        if words.next().is_some() { Err(()) } else { Ok(Self { event, attendee, at }) }
    }
}

/// Every erasure, or those alone that are still to be applied to this database.
pub fn list_erasures(c: &mut Connection, only_pending: bool) -> QueryResult<Vec<Erasure>> {
    let query = erasures::table.order((erasures::event_id, erasures::attendee_id)).select((
        erasures::event_id,
        erasures::attendee_id,
        erasures::at,
    ));
    let lines: Vec<(String, String, i64)> = on!(c, |c| {
        if only_pending { query.filter(erasures::is_applied.eq(false)).load(c) } else { query.load(c) }
    })?;
    let read = |(event, attendee, at): (String, String, i64)| {
        Some(Erasure { event: event.parse().ok()?, attendee: attendee.parse().ok()?, at: Timestamp(at) })
    };
    Ok(lines.into_iter().filter_map(read).collect())
}

/// Enters erasures that are to be applied to this database; those that it has already stay as they
/// are. How many are new.
pub fn add_pending_erasures(c: &mut Connection, erasures: &[Erasure]) -> QueryResult<usize> {
    let mut added = 0;
    for chunk in erasures.chunks(CHUNK) {
        let lines: Vec<_> = chunk
            .iter()
            .map(|erasure| {
                (
                    erasures::event_id.eq(erasure.event.to_string()),
                    erasures::attendee_id.eq(erasure.attendee.to_string()),
                    erasures::at.eq(erasure.at.0),
                    erasures::is_applied.eq(false),
                )
            })
            .collect();
        added +=
            on!(&mut *c, |c| diesel::insert_into(erasures::table).values(lines).on_conflict_do_nothing().execute(c))?;
    }
    Ok(added)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_erasure_is_a_line_and_a_line_with_more_is_none() {
        let event = EventId(uuid::Uuid::from_u128(1));
        let erasure = Erasure { event, attendee: AttendeeId(uuid::Uuid::from_u128(2)), at: Timestamp(3) };
        assert_eq!(erasure.to_string().parse(), Ok(erasure));
        for line in ["", "1 2 3", &format!("{erasure} 4"), &erasure.to_string().replace(" 3", "")] {
            assert_eq!(line.parse::<Erasure>(), Err(()), "{line}");
        }
    }
}
