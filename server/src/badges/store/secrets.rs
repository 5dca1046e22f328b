//! What the badges of each registration have in common.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::badge::BadgeSecret;
use shared::ids::{AttendeeId, EventId, GuestIndex};
use shared::time::Timestamp;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::badges;
use crate::on;

/// The secrets of these attendees' badges; who has no badge is left out.
pub fn list_secrets(
    c: &mut Connection,
    event: EventId,
    attendees: &[AttendeeId],
) -> QueryResult<BTreeMap<AttendeeId, BadgeSecret>> {
    let mut found = BTreeMap::new();
    for chunk in attendees.chunks(CHUNK) {
        let query = badges::table
            .filter(badges::event_id.eq(event.to_string()))
            .filter(badges::attendee_id.eq_any(chunk.iter().map(ToString::to_string)))
            .select((badges::attendee_id, badges::secret));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        for (attendee, secret) in lines {
            let read = || Some((attendee.parse().ok()?, STANDARD.decode(secret).ok()?.try_into().ok()?));
            let (attendee, secret) = read().ok_or_else(|| damaged("badge"))?;
            found.insert(attendee, BadgeSecret(secret));
        }
    }
    Ok(found)
}

/// Whether an attendee's badge has this index.
pub fn has_guest(c: &mut Connection, event: EventId, guest: GuestIndex) -> QueryResult<bool> {
    let query = badges::table
        .filter(badges::event_id.eq(event.to_string()))
        .filter(badges::guest.eq(guest.to_string()))
        .select(badges::attendee_id);
    let found: Option<String> = on!(c, |c| query.first(c).optional())?;
    Ok(found.is_some())
}

/// Enters the secrets of new badges.
pub fn put_secrets(
    c: &mut Connection,
    event: EventId,
    secrets: &BTreeMap<AttendeeId, BadgeSecret>,
    now: Timestamp,
) -> QueryResult<()> {
    let lines: Vec<_> = secrets
        .iter()
        .map(|(attendee, secret)| {
            (
                badges::event_id.eq(event.to_string()),
                badges::attendee_id.eq(attendee.to_string()),
                badges::secret.eq(STANDARD.encode(secret.0)),
                badges::guest.eq(secret.index().to_string()),
                badges::created_at.eq(now.0),
            )
        })
        .collect();
    for chunk in lines.chunks(CHUNK) {
        on!(&mut *c, |c| diesel::insert_into(badges::table).values(chunk.to_vec()).execute(c))?;
    }
    Ok(())
}
