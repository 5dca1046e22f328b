//! What only comes out when scans are looked at together, and a person must look at.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::authority::effective;
use super::{Entry, Recorded, Scan, ScanId, Use};
use crate::ids::{AccountId, AttendeeId, DeviceId, GuestIndex, MutationId, RecordId};
use crate::reading::Misfit;
use crate::time::Timestamp;

/// What is odd.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentKind {
    /// A guest went in more often than the area's rule allows.
    SecondUse,
    /// A guest's badges were at two places, closer in time than the way between them.
    TwoPlaces,
    /// Somebody was let in with a badge that was void by then.
    VoidCarrier,
    /// Somebody showed a badge that was reported stolen by then, whether they were let in or not.
    StolenShown,
    /// Two guests went in of whom one sits on the other's seat.
    SeatTwice,
    /// Somebody was let in with a badge whose desk's key was revoked, before or since.
    RevokedKey,
    /// Somebody was let in by what a desk's badge said, whom nobody has registered, or nobody has confirmed.
    Unregistered,
    /// Somebody would have let guests through or counted people, or taken back what others scanned, without a right
    /// to it: a device that was not in use by then, or at a checkpoint that was not its own.
    Unauthorised,
    /// Two different scans have one id.
    IdReused,
    /// Something was handed in as a scan that cannot be read as one.
    NotUnderstood,
    /// A desk handed in what it had done for a guest when it was not in use any more.
    LateWork,
}

impl IncidentKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::SecondUse,
        Self::TwoPlaces,
        Self::VoidCarrier,
        Self::StolenShown,
        Self::SeatTwice,
        Self::RevokedKey,
        Self::Unregistered,
        Self::Unauthorised,
        Self::IdReused,
        Self::NotUnderstood,
        Self::LateWork,
    ];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SecondUse => "second_use",
            Self::TwoPlaces => "two_places",
            Self::VoidCarrier => "void_carrier",
            Self::StolenShown => "stolen_shown",
            Self::SeatTwice => "seat_twice",
            Self::RevokedKey => "revoked_key",
            Self::Unregistered => "unregistered",
            Self::Unauthorised => "unauthorised",
            Self::IdReused => "id_reused",
            Self::NotUnderstood => "not_understood",
            Self::LateWork => "late_work",
        }
    }
}

/// Something odd, with the scans that show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Its id: a UUID of version 5 of what it is about, the same on every node and in every order.
    pub id: Uuid,
    /// What is odd.
    pub kind: IncidentKind,
    /// The access area, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<RecordId>,
    /// The session, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<RecordId>,
    /// Whom it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guests: Vec<GuestIndex>,
    /// The scans, in the order of their corrected times.
    pub scans: Vec<Entry>,
    /// What came, where it cannot be read as a scan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<Unread>,
    /// What was done, where a desk handed it in that was not in use any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<LateWork>,
}

/// What a desk did for a guest and handed in when it was not in use any more. It counts for nothing: who leads desks
/// does it in its place, or not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateWork {
    /// When the server received it.
    pub received_at: Timestamp,
    /// From which device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// What the organisers called it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// When it was done, by the device's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What, as the operation of a mutation.
    pub op: String,
    /// For whom.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_attendee: Option<AttendeeId>,
    /// What was said, as the arguments of the operation.
    pub args: Value,
}

/// Something that was handed in as a scan and cannot be read as one, as far as a person is shown of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unread {
    /// When the server received it.
    pub received_at: Timestamp,
    /// From which device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// What the organisers called it then, where it is enrolled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// Whose account handed it in; an enrolled device has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The field at fault, as a JSON pointer.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
    /// Its beginning, as JSON text.
    pub text: String,
}

impl Unread {
    /// The longest beginning that is shown, in characters.
    pub const TEXT_CHARS: usize = 1_000;
    /// The longest that is told of a fault, in characters: it may repeat what came.
    pub const FAULT_CHARS: usize = 300;

    /// Of what came, at a time, from a device and an account.
    pub fn of(
        (text, misfit): (&str, &Misfit),
        received_at: Timestamp,
        (device, account): (Option<DeviceId>, Option<AccountId>),
    ) -> Self {
        let first = |text: &str, most: usize| text.chars().take(most).collect::<String>();
        Self {
            received_at,
            device,
            device_name: None,
            account,
            field: first(&misfit.field, Self::FAULT_CHARS),
            problem: first(&misfit.problem, Self::FAULT_CHARS),
            text: first(text, Self::TEXT_CHARS),
        }
    }
}

impl Incident {
    pub(super) fn of_use(kind: IncidentKind, of: Use, guests: &[GuestIndex], passages: &[&Recorded]) -> Self {
        let entries: Vec<Entry> = passages.iter().map(|passage| Entry::from(*passage)).collect();
        Self::of_entries(kind, of, guests, &entries.iter().collect::<Vec<_>>())
    }

    pub(super) fn of_entries(kind: IncidentKind, of: Use, guests: &[GuestIndex], entries: &[&Entry]) -> Self {
        let subject = format!("{}:{}:{}", kind.as_str(), joined(guests), joined(scan_ids(entries)));
        let (area, session) = (Some(of.area), of.session);
        Self {
            id: of.named(&subject),
            kind,
            area,
            session,
            guests: guests.to_vec(),
            scans: in_order(entries),
            came: None,
            work: None,
        }
    }

    pub(super) fn of_places(guest: GuestIndex, entries: &[&Entry]) -> Self {
        let kind = IncidentKind::TwoPlaces;
        let subject = format!("{}:{}", kind.as_str(), joined(scan_ids(entries)));
        let id = Uuid::new_v5(&guest.0, subject.as_bytes());
        let scans = in_order(entries);
        Self { id, kind, area: None, session: None, guests: vec![guest], scans, came: None, work: None }
    }

    /// Something that cannot be read as a scan, kept under `fact`.
    pub fn not_understood(fact: Uuid, came: Unread) -> Self {
        let kind = IncidentKind::NotUnderstood;
        Self { came: Some(came), ..Self::of_nothing_scanned(Self::id_of_unread(fact), kind) }
    }

    /// The id of the incident about what is kept under `fact`.
    pub fn id_of_unread(fact: Uuid) -> Uuid {
        Uuid::new_v5(&fact, IncidentKind::NotUnderstood.as_str().as_bytes())
    }

    /// What a desk handed in when it was not in use any more, under the id of its mutation; about a guest, if doors know
    /// them.
    pub fn late_work(mutation: MutationId, guest: Option<GuestIndex>, work: LateWork) -> Self {
        let id = Uuid::new_v5(&mutation.0, IncidentKind::LateWork.as_str().as_bytes());
        let guests = guest.into_iter().collect();
        Self { guests, work: Some(work), ..Self::of_nothing_scanned(id, IncidentKind::LateWork) }
    }

    fn of_nothing_scanned(id: Uuid, kind: IncidentKind) -> Self {
        Self { id, kind, area: None, session: None, guests: Vec::new(), scans: Vec::new(), came: None, work: None }
    }
}

/// The order in which a subject names scans must not depend on clocks.
fn scan_ids(entries: &[&Entry]) -> BTreeSet<ScanId> {
    entries.iter().map(|entry| entry.scan).collect()
}

fn in_order(entries: &[&Entry]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = entries.iter().map(|entry| (*entry).clone()).collect();
    entries.sort_by_key(|entry| (entry.at, entry.scan));
    entries
}

fn joined<T: std::fmt::Display>(parts: impl IntoIterator<Item = T>) -> String {
    parts.into_iter().map(|part| part.to_string()).collect::<Vec<_>>().join(",")
}

/// Where a badge was shown that had been reported stolen, in either direction and whatever was decided.
pub fn list_stolen(scans: &[Recorded], stolen: &BTreeMap<(GuestIndex, u32), Timestamp>) -> Vec<Incident> {
    let is_stolen = |scan: &Scan| {
        let reported_at = scan.guest.zip(scan.carrier).and_then(|badge| stolen.get(&badge));
        reported_at.is_some_and(|reported_at| *reported_at <= scan.at.corrected())
    };
    let shown = effective(scans).into_iter().filter(|recorded| is_stolen(&recorded.scan));
    let incident = |recorded: &Recorded| {
        let guest = recorded.scan.guest?;
        Some(Incident::of_use(IncidentKind::StolenShown, recorded.scan.of_use(), &[guest], &[recorded]))
    };
    shown.filter_map(incident).collect()
}

/// Different scans under one id, of those given.
pub fn list_reused(scans: &[Recorded]) -> Vec<Incident> {
    let mut by_id: BTreeMap<ScanId, BTreeMap<Uuid, &Recorded>> = BTreeMap::new();
    for recorded in scans {
        by_id.entry(recorded.scan.id).or_default().insert(recorded.scan.fact(), recorded);
    }
    let reused = by_id.into_iter().filter(|(_, facts)| facts.len() > 1);
    reused.map(|(id, facts)| reuse(id, &facts.into_values().collect::<Vec<_>>())).collect()
}

fn reuse(id: ScanId, facts: &[&Recorded]) -> Incident {
    let entries: Vec<Entry> = facts.iter().map(|recorded| Entry::from(*recorded)).collect();
    let guests: BTreeSet<GuestIndex> = facts.iter().filter_map(|recorded| recorded.scan.guest).collect();
    let id = Uuid::new_v5(&id.0, IncidentKind::IdReused.as_str().as_bytes());
    let scans = in_order(&entries.iter().collect::<Vec<_>>());
    Incident {
        id,
        kind: IncidentKind::IdReused,
        area: None,
        session: None,
        guests: guests.into_iter().collect(),
        scans,
        came: None,
        work: None,
    }
}

#[cfg(test)]
mod tests;
