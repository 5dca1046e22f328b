//! How it goes at the checkpoints: who came when, who is inside, who is missing.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use serde::Serialize;
use shared::admission::{
    Ground as _, Occupancy, Recorded, ScanId, Use, UseFacts, derive, facts_of, find_area, subject_at,
};
use shared::ids::{AttendeeId, EventId, GuestIndex, RecordId};
use shared::invitation::{EntryTerms, InvitedTo, check};
use shared::localised::Localised;
use shared::programme::{EntryRule, Programme};
use shared::registration::RegistrationStatus;
use shared::time::Timestamp;

use super::store;
use crate::database::Connection;

/// One hour, in milliseconds.
const HOUR_MS: i64 = 3_600_000;

/// How many were let in in one hour for the first time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Hour {
    /// When it began.
    pub from: Timestamp,
    /// How many.
    pub count: u64,
}

/// How many are inside in one use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Inside {
    /// The use.
    #[serde(flatten)]
    pub of: Use,
    /// How many guests were let in.
    pub admitted: u64,
    /// How many are inside.
    #[serde(flatten)]
    pub occupancy: Occupancy,
}

/// Somebody who is expected and was not let in.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Missing {
    /// Who.
    pub attendee: AttendeeId,
    /// Their name.
    pub name: String,
    /// The name of their delegation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegation_name: Option<Localised>,
}

/// Who is missing, and how many were expected.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Absence {
    /// How many are expected.
    pub expected: u64,
    /// How many of them were let in.
    pub admitted: u64,
    /// The others, by name.
    pub missing: Vec<Missing>,
}

/// Which part of the event a report is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct About {
    /// Only this area.
    pub area: Option<RecordId>,
    /// Only this session.
    pub session: Option<RecordId>,
    /// Only members of this delegation.
    pub delegation: Option<RecordId>,
}

impl About {
    fn covers(&self, programme: &Programme, of: Use) -> bool {
        let guarded = find_area(programme, of.area).and_then(|area| area.session);
        self.area.is_none_or(|area| area == of.area)
            && self.session.is_none_or(|session| of.session.or(guarded) == Some(session))
    }
}

/// How many were let in hour by hour; one guest counts once for each use.
pub fn arrivals(c: &mut Connection, (event, programme): (EventId, &Programme), about: About) -> QueryResult<Vec<Hour>> {
    let mut hours: BTreeMap<i64, u64> = BTreeMap::new();
    for (of, _, at) in store::list_first_times(c, event)? {
        if about.covers(programme, of) {
            *hours.entry(at.0.div_euclid(HOUR_MS)).or_default() += 1;
        }
    }
    Ok(hours.into_iter().map(|(hour, count)| Hour { from: Timestamp(hour * HOUR_MS), count }).collect())
}

/// How many are inside, use by use, with what hand counters counted.
pub fn occupancy(c: &mut Connection, event: EventId) -> QueryResult<Vec<Inside>> {
    let mut uses: BTreeMap<Use, (u64, u64)> = BTreeMap::new();
    for (of, is_inside, count) in store::list_counts(c, event)? {
        let (admitted, inside) = uses.entry(of).or_default();
        *admitted += count;
        *inside += if is_inside { count } else { 0 };
    }
    let mut counted = store::list_counted(c, event)?;
    let ids: Vec<ScanId> = counted.iter().map(|recorded| recorded.scan.id).collect();
    let of_counters: BTreeSet<Use> = counted.iter().map(|recorded| recorded.scan.of_use()).collect();
    for of in of_counters {
        uses.entry(of).or_default();
    }
    counted.extend(store::list_undoing(c, event, &ids)?);
    let inside = uses.into_iter().map(|(of, (admitted, guests))| {
        let guests = u32::try_from(guests).unwrap_or(u32::MAX);
        Inside { of, admitted, occupancy: Occupancy { guests, counted: hand_count(of, &counted) } }
    });
    Ok(inside.collect())
}

fn hand_count(of: Use, scans: &[Recorded]) -> i64 {
    let facts = UseFacts { of, rule: EntryRule::Free, scans, voided: &BTreeMap::new(), share_seat: &[] };
    derive(&facts).occupancy.counted
}

/// Who is expected, by the one invitation check, and was not let in. Where everybody registered may
/// enter, everybody confirmed is expected.
pub fn absence(c: &mut Connection, (event, programme): (EventId, &Programme), about: About) -> QueryResult<Absence> {
    let now = Timestamp(0);
    let area = about.area.and_then(|area| find_area(programme, area));
    let subject = match (about.session, area) {
        (Some(session), _) => programme.subject_of((InvitedTo::Sessions, session)),
        (None, Some(area)) if area.room.is_none() => subject_at(programme, area, now),
        _ => None,
    };
    let terms = subject.as_ref().map(|subject| EntryTerms { starts_at: None, ends_at: None, ..subject.terms.clone() });
    let came: BTreeSet<GuestIndex> = store::list_first_times(c, event)?
        .into_iter()
        .filter(|(of, _, _)| about.covers(programme, *of))
        .map(|(_, guest, _)| guest)
        .collect();
    let mut absence = Absence::default();
    for (attendee, person) in store::list_people(c, event)? {
        let is_confirmed = person.guest.status == RegistrationStatus::Confirmed;
        let is_let_in = subject
            .as_ref()
            .zip(terms.clone())
            .is_none_or(|(subject, terms)| check(&facts_of(&person.guest, subject.id, terms, None), now).may_enter);
        let is_of = about.delegation.is_none_or(|delegation| person.guest.delegation == Some(delegation));
        if !(is_confirmed && is_let_in && is_of) {
            continue;
        }
        absence.expected += 1;
        if person.index.is_some_and(|guest| came.contains(&guest)) {
            absence.admitted += 1;
            continue;
        }
        let (name, delegation_name) = (person.details.name, person.details.delegation_name);
        absence.missing.push(Missing { attendee, name, delegation_name });
    }
    absence.missing.sort_by(|one, other| (&one.name, one.attendee).cmp(&(&other.name, other.attendee)));
    Ok(absence)
}
