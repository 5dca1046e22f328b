//! Scans page by page, with the names of those who were scanned.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl,
};
use shared::admission::Scan;
use shared::ids::{EventId, RecordId};
use shared::time::Timestamp;

use super::damaged;
use crate::database::Connection;
use crate::database::schema::{attendees, badges, scans};
use crate::on;

/// A scan with what a list says of it.
#[derive(Clone, PartialEq, Debug)]
pub struct ListedScan {
    /// The scan.
    pub scan: Scan,
    /// Under what it is kept.
    pub fact: String,
    /// When the server received it.
    pub received_at: Timestamp,
    /// The device that made it.
    pub device: Option<String>,
    /// Whether its time cannot be.
    pub is_implausible: bool,
    /// Who was scanned, as they are listed; none where nobody knows.
    pub attendee: Option<String>,
    /// Their name.
    pub name: Option<String>,
}

type Line = (String, String, i64, Option<String>, bool, Option<String>, Option<String>);

/// The scans behind a place, in the order of their times, of an area or of all.
pub fn list_page(
    c: &mut Connection,
    event: EventId,
    area: Option<RecordId>,
    ((at, fact), limit): ((Timestamp, &str), usize),
) -> QueryResult<Vec<ListedScan>> {
    let is_guest = badges::event_id.eq(scans::event_id).and(badges::guest.nullable().eq(scans::guest));
    let is_theirs = attendees::event_id.eq(badges::event_id).and(attendees::id.eq(badges::attendee_id));
    let is_behind = scans::at.gt(at.0).or(scans::at.eq(at.0).and(scans::fact.gt(fact)));
    let query = scans::table
        .left_join(badges::table.on(is_guest))
        .left_join(attendees::table.on(is_theirs))
        .filter(scans::event_id.eq(event.to_string()))
        .filter(is_behind)
        .order((scans::at, scans::fact))
        .limit(limit as i64)
        .select((
            scans::body,
            scans::fact,
            scans::received_at,
            scans::device_id,
            scans::is_implausible,
            attendees::id.nullable(),
            attendees::name.nullable(),
        ));
    let lines: Vec<Line> = on!(c, |c| match area {
        Some(area) => query.filter(scans::area_id.eq(area.to_string())).load(c),
        None => query.load(c),
    })?;
    lines.into_iter().map(read).collect()
}

fn read((body, fact, received_at, device, is_implausible, attendee, name): Line) -> QueryResult<ListedScan> {
    let scan = serde_json::from_str(&body).map_err(|_| damaged("scan"))?;
    Ok(ListedScan { scan, fact, received_at: Timestamp(received_at), device, is_implausible, attendee, name })
}
