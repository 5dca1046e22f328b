//! When a device is to remind of what begins, from the rows that it shows: without a network, too.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Replica, ReplicaError, ReplicaStore, RowFilter, ShownRow};
use crate::ids::{AttendeeId, RecordId};
use crate::invitation::Answer;
use crate::notice::{Leads, ReminderKind, remind_at, reminder_id};
use crate::programme::{SessionKind, State, Transfer};
use crate::signup::SignUpState;
use crate::sync::Scope;
use crate::time::Timestamp;

/// A reminder of a session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Reminder {
    /// Its id, by which one that is pushed takes its place.
    pub id: Uuid,
    /// Whom it reminds.
    pub attendee: AttendeeId,
    /// Of what.
    pub session: RecordId,
    /// When.
    pub at: Timestamp,
    /// When the session begins.
    pub starts_at: Timestamp,
    /// Why, in the order of the kinds.
    pub kinds: Vec<ReminderKind>,
}

#[derive(Deserialize)]
struct SessionRow {
    kind: SessionKind,
    state: State,
    #[serde(default)]
    starts_at: Option<Timestamp>,
    #[serde(default)]
    part: Option<RecordId>,
    #[serde(default)]
    transfer: Option<Transfer>,
}

#[derive(Deserialize)]
struct PartRow {
    state: State,
}

#[derive(Deserialize)]
struct EventRow {
    state: State,
    #[serde(default)]
    reminders: Leads,
}

#[derive(Deserialize)]
struct OfSession {
    session: RecordId,
    #[serde(default)]
    state: Option<SignUpState>,
}

#[derive(Deserialize)]
struct InvitationRow {
    object: RecordId,
    answer: Answer,
    #[serde(default)]
    withdrawn_at: Option<Timestamp>,
}

/// What one attendee has of sessions.
#[derive(Default)]
struct Own {
    starred: BTreeSet<RecordId>,
    seats: BTreeSet<RecordId>,
    invited: BTreeMap<RecordId, bool>,
    leads: Leads,
}

impl Own {
    /// Why a session is theirs. Who holds the gate of a session is invited to it, unless they said that they do not
    /// come.
    fn kinds(&self, session: RecordId, gated: &BTreeSet<RecordId>) -> BTreeSet<ReminderKind> {
        let is_invited = self.invited.get(&session).copied().unwrap_or_else(|| gated.contains(&session));
        let kinds = [
            (ReminderKind::Starred, self.starred.contains(&session)),
            (ReminderKind::Seat, self.seats.contains(&session)),
            (ReminderKind::Invited, is_invited),
        ];
        kinds.into_iter().filter(|(_, is_so)| *is_so).map(|(kind, _)| kind).collect()
    }
}

fn value_of<T: serde::de::DeserializeOwned>(row: &ShownRow) -> Option<T> {
    serde_json::from_str(&row.value).ok()
}

fn list_own(rows: &[ShownRow]) -> BTreeMap<AttendeeId, Own> {
    let mut found: BTreeMap<AttendeeId, Own> = BTreeMap::new();
    for row in rows {
        let Ok(Scope::Own(attendee)) = row.scope.parse() else { continue };
        let own = found.entry(attendee).or_default();
        match row.collection.as_str() {
            "favourites" => own.starred.extend(value_of(row).map(|OfSession { session, .. }| session)),
            "sign_ups" => {
                let seat = value_of(row).filter(|one: &OfSession| one.state == Some(SignUpState::Confirmed));
                own.seats.extend(seat.map(|one| one.session));
            }
            "invitations" => {
                let Some(one) = value_of::<InvitationRow>(row) else { continue };
                if one.withdrawn_at.is_some() {
                    continue;
                }
                let is_coming = one.answer.lets_in();
                let known = own.invited.entry(one.object).or_default();
                *known = *known || is_coming;
            }
            "reminder_choices" => own.leads = value_of(row).unwrap_or_default(),
            _ => {}
        }
    }
    found
}

/// The reminders that are to be shown after `after`, the first first: of those of everybody whose own rows are there.
pub fn list_reminders(rows: &[ShownRow], after: Timestamp) -> Vec<Reminder> {
    let event = rows.iter().find(|row| row.collection == "events").and_then(value_of::<EventRow>);
    let Some(event) = event.filter(|event| event.state == State::Published) else { return Vec::new() };
    let sessions = rows.iter().filter(|row| matches!(row.collection.as_str(), "sessions" | "session_stubs"));
    let sessions: Vec<(RecordId, SessionRow)> =
        sessions.filter_map(|row| Some((row.id.parse().ok()?, value_of(row)?))).collect();
    let parts = rows.iter().filter(|row| matches!(row.collection.as_str(), "parts" | "part_stubs"));
    let is_cancelled = |row: &&ShownRow| value_of(row).is_some_and(|part: PartRow| part.state == State::Cancelled);
    let cancelled: BTreeSet<RecordId> = parts.filter(is_cancelled).filter_map(|row| row.id.parse().ok()).collect();
    let stands =
        |row: &SessionRow| row.state == State::Published && row.part.is_none_or(|part| !cancelled.contains(&part));
    let is_gate = |row: &&ShownRow| row.collection == "sessions" && row.scope == format!("gate:{}", row.id);
    let gated: BTreeSet<RecordId> = rows.iter().filter(is_gate).filter_map(|row| row.id.parse().ok()).collect();
    let mut found = Vec::new();
    for (attendee, own) in list_own(rows) {
        for (session, row) in &sessions {
            let Some(starts_at) = row.starts_at.filter(|_| stands(row)) else { continue };
            let mut kinds = own.kinds(*session, &gated);
            if row.kind == SessionKind::Transfer {
                let served = row.transfer.as_ref().map_or([None, None], |transfer| [transfer.after, transfer.before]);
                let is_theirs = |of: RecordId| !own.kinds(of, &gated).is_empty();
                let is_taken = !kinds.is_empty() || served.into_iter().flatten().any(is_theirs);
                kinds = is_taken.then_some(ReminderKind::Transfer).into_iter().collect();
            }
            let Some(at) = remind_at(starts_at, &kinds, (&own.leads, &event.reminders)) else { continue };
            if at > after {
                let id = reminder_id(attendee, *session, starts_at);
                let kinds = kinds.into_iter().collect();
                found.push(Reminder { id, attendee, session: *session, at, starts_at, kinds });
            }
        }
    }
    found.sort_by_key(|reminder| (reminder.at, reminder.session, reminder.attendee));
    found
}

impl<S: ReplicaStore> Replica<S> {
    /// The reminders that this device is to show after `after`, from what it shows now.
    pub fn list_reminders(&mut self, after: Timestamp) -> Result<Vec<Reminder>, ReplicaError> {
        Ok(list_reminders(&self.read(&RowFilter::default())?, after))
    }
}
