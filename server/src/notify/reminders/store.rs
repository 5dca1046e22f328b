//! What reminders go by, in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::invitation::Invitation;
use shared::notice::{Lead, Leads, ReminderKind};
use shared::signup::SignUpState;
use shared::time::Timestamp;

use super::rules::Theirs;
use crate::database::Connection;
use crate::database::schema::{favourites, invitations, reminder_choices, reminder_progress, sign_ups};
use crate::on;

/// Ids in one statement: SQLite binds at most 32,766 values.
pub const CHUNK: usize = 500;

#[derive(Insertable)]
#[diesel(table_name = reminder_choices, treat_none_as_default_value = false)]
struct Line {
    event_id: String,
    attendee_id: String,
    kind: &'static str,
    minutes: Option<i64>,
}

/// Writes what somebody chose, in place of what they chose before.
pub fn put_choices(c: &mut Connection, (event, attendee): (EventId, AttendeeId), leads: &Leads) -> QueryResult<()> {
    let former = reminder_choices::table
        .filter(reminder_choices::event_id.eq(event.to_string()))
        .filter(reminder_choices::attendee_id.eq(attendee.to_string()));
    let line = |kind: ReminderKind| {
        let minutes = match leads.get(kind)? {
            Lead::Off => None,
            Lead::Minutes(minutes) => Some(i64::from(minutes)),
        };
        Some(Line { event_id: event.to_string(), attendee_id: attendee.to_string(), kind: kind.as_str(), minutes })
    };
    let lines: Vec<Line> = ReminderKind::ALL.into_iter().filter_map(line).collect();
    on!(c, |c| {
        diesel::delete(former).execute(&mut *c)?;
        diesel::insert_into(reminder_choices::table).values(&lines).execute(c)
    })?;
    Ok(())
}

fn kind_of(word: &str) -> Option<ReminderKind> {
    ReminderKind::ALL.into_iter().find(|kind| kind.as_str() == word)
}

/// The leads that anybody of an event chose.
pub fn list_chosen(c: &mut Connection, event: EventId) -> QueryResult<BTreeSet<(ReminderKind, u32)>> {
    let query = reminder_choices::table
        .filter(reminder_choices::event_id.eq(event.to_string()))
        .filter(reminder_choices::minutes.is_not_null())
        .select((reminder_choices::kind, reminder_choices::minutes))
        .distinct();
    let lines: Vec<(String, Option<i64>)> = on!(c, |c| query.load(c))?;
    let read = |(kind, minutes): (String, Option<i64>)| Some((kind_of(&kind)?, u32::try_from(minutes?).ok()?));
    Ok(lines.into_iter().filter_map(read).collect())
}

/// What these attendees chose; who chose nothing is not among them.
pub fn list_choices(
    c: &mut Connection,
    event: EventId,
    attendees: &BTreeSet<AttendeeId>,
) -> QueryResult<BTreeMap<AttendeeId, Leads>> {
    let ids: Vec<String> = attendees.iter().map(ToString::to_string).collect();
    let mut found: BTreeMap<AttendeeId, Leads> = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let query = reminder_choices::table
            .filter(reminder_choices::event_id.eq(event.to_string()))
            .filter(reminder_choices::attendee_id.eq_any(chunk))
            .select((reminder_choices::attendee_id, reminder_choices::kind, reminder_choices::minutes));
        let lines: Vec<(String, String, Option<i64>)> = on!(&mut *c, |c| query.load(c))?;
        for (attendee, kind, minutes) in lines {
            let (Ok(attendee), Some(kind)) = (attendee.parse(), kind_of(&kind)) else { continue };
            let minutes = minutes.map(|minutes| u32::try_from(minutes).unwrap_or_default());
            found.entry(attendee).or_default().set(kind, Some(minutes.map_or(Lead::Off, Lead::Minutes)));
        }
    }
    Ok(found)
}

/// Until when the reminders of an event have been sent.
pub fn find_progress(c: &mut Connection, event: EventId) -> QueryResult<Option<Timestamp>> {
    let query = reminder_progress::table.find(event.to_string()).select(reminder_progress::reached_at);
    let reached: Option<i64> = on!(c, |c| query.first(c).optional())?;
    Ok(reached.map(Timestamp))
}

/// Writes down until when; never back.
pub fn put_progress(c: &mut Connection, event: EventId, reached: Timestamp) -> QueryResult<()> {
    let line = (reminder_progress::event_id.eq(event.to_string()), reminder_progress::reached_at.eq(reached.0));
    let earlier = reminder_progress::table
        .filter(reminder_progress::event_id.eq(event.to_string()))
        .filter(reminder_progress::reached_at.lt(reached.0));
    on!(c, |c| {
        diesel::insert_into(reminder_progress::table).values(line).on_conflict_do_nothing().execute(&mut *c)?;
        diesel::update(earlier).set(reminder_progress::reached_at.eq(reached.0)).execute(c)
    })?;
    Ok(())
}

type Pairs = Vec<(String, String)>;

/// Why these sessions are whose. `holders` are those who hold the gate of a session, where it has one.
pub fn list_theirs(
    c: &mut Connection,
    event: EventId,
    holders: &BTreeMap<RecordId, BTreeSet<AttendeeId>>,
) -> QueryResult<Theirs> {
    let ids: Vec<String> = holders.keys().map(ToString::to_string).collect();
    let mut found = Theirs::new();
    let mut invited: BTreeMap<(RecordId, AttendeeId), bool> = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let starred = favourites::table
            .filter(favourites::event_id.eq(event.to_string()))
            .filter(favourites::session_id.eq_any(chunk))
            .select((favourites::session_id, favourites::attendee_id));
        let seated = sign_ups::table
            .filter(sign_ups::event_id.eq(event.to_string()))
            .filter(sign_ups::session_id.eq_any(chunk))
            .filter(sign_ups::state.eq(SignUpState::Confirmed.as_str()))
            .select((sign_ups::session_id, sign_ups::attendee_id));
        let asked = invitations::table
            .filter(invitations::event_id.eq(event.to_string()))
            .filter(invitations::object_id.eq_any(chunk))
            .select(invitations::body);
        let (starred, seated, asked): (Pairs, Pairs, Vec<String>) =
            on!(&mut *c, |c| QueryResult::Ok((starred.load(&mut *c)?, seated.load(&mut *c)?, asked.load(c)?)))?;
        for (pairs, kind) in [(starred, ReminderKind::Starred), (seated, ReminderKind::Seat)] {
            for (session, attendee) in pairs {
                if let (Ok(session), Ok(attendee)) = (session.parse(), attendee.parse()) {
                    add(&mut found, (session, attendee), kind);
                }
            }
        }
        let asked = asked.iter().filter_map(|body| serde_json::from_str::<Invitation>(body).ok());
        for invitation in asked.filter(|invitation| !invitation.is_withdrawn()) {
            let is_coming = invitation.answer.lets_in();
            let known = invited.entry((invitation.object, invitation.attendee)).or_default();
            *known = *known || is_coming;
        }
    }
    for (session, holders) in holders {
        for attendee in holders.iter().filter(|attendee| !invited.contains_key(&(*session, **attendee))) {
            add(&mut found, (*session, *attendee), ReminderKind::Invited);
        }
    }
    for ((session, attendee), _) in invited.into_iter().filter(|(_, is_coming)| *is_coming) {
        add(&mut found, (session, attendee), ReminderKind::Invited);
    }
    Ok(found)
}

fn add(found: &mut Theirs, (session, attendee): (RecordId, AttendeeId), kind: ReminderKind) {
    found.entry(session).or_default().entry(attendee).or_default().insert(kind);
}
