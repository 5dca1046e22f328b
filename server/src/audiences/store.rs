//! Who meets the rules of audiences, in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId, RecordId};

use crate::database::Connection;
use crate::database::schema::audience_matches;
use crate::on;

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// That an attendee meets the rules of an audience.
pub type Match = (RecordId, AttendeeId);

/// Everybody who meets the rules of these audiences, as stored.
pub fn list_matches_of_audiences(
    c: &mut Connection,
    event: EventId,
    audiences: &BTreeSet<RecordId>,
) -> QueryResult<BTreeSet<Match>> {
    let ids: Vec<String> = audiences.iter().map(ToString::to_string).collect();
    let mut found = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        let query = audience_matches::table
            .filter(audience_matches::event_id.eq(event.to_string()))
            .filter(audience_matches::audience_id.eq_any(chunk))
            .select((audience_matches::audience_id, audience_matches::attendee_id));
        found.extend(read(on!(&mut *c, |c| query.load(c))?));
    }
    Ok(found)
}

/// The audiences whose rules these attendees meet, as stored.
pub fn list_matches_of_attendees(
    c: &mut Connection,
    event: EventId,
    attendees: &[AttendeeId],
) -> QueryResult<BTreeSet<Match>> {
    let ids: Vec<String> = attendees.iter().map(ToString::to_string).collect();
    let mut found = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        let query = audience_matches::table
            .filter(audience_matches::event_id.eq(event.to_string()))
            .filter(audience_matches::attendee_id.eq_any(chunk))
            .select((audience_matches::audience_id, audience_matches::attendee_id));
        found.extend(read(on!(&mut *c, |c| query.load(c))?));
    }
    Ok(found)
}

fn read(lines: Vec<(String, String)>) -> impl Iterator<Item = Match> {
    lines.into_iter().filter_map(|(audience, attendee)| Some((audience.parse().ok()?, attendee.parse().ok()?)))
}

/// Enters who meets the rules now.
pub fn add_matches(c: &mut Connection, event: EventId, added: &[Match]) -> QueryResult<()> {
    for chunk in added.chunks(CHUNK) {
        let line = |(audience, attendee): &Match| {
            (
                audience_matches::event_id.eq(event.to_string()),
                audience_matches::audience_id.eq(audience.to_string()),
                audience_matches::attendee_id.eq(attendee.to_string()),
            )
        };
        let lines: Vec<_> = chunk.iter().map(line).collect();
        on!(&mut *c, |c| diesel::insert_into(audience_matches::table).values(lines).execute(c))?;
    }
    Ok(())
}

/// Takes away who meets them no more.
pub fn remove_matches(c: &mut Connection, event: EventId, removed: &[Match]) -> QueryResult<()> {
    let mut by_audience: BTreeMap<RecordId, Vec<String>> = BTreeMap::new();
    for (audience, attendee) in removed {
        by_audience.entry(*audience).or_default().push(attendee.to_string());
    }
    for (audience, attendees) in by_audience {
        for chunk in attendees.chunks(CHUNK) {
            let query = audience_matches::table
                .filter(audience_matches::event_id.eq(event.to_string()))
                .filter(audience_matches::audience_id.eq(audience.to_string()))
                .filter(audience_matches::attendee_id.eq_any(chunk));
            on!(&mut *c, |c| diesel::delete(query).execute(c))?;
        }
    }
    Ok(())
}
