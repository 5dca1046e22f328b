//! Access areas, checkpoints and vehicles: what is entered by a check, where the check is made, and what
//! people board.

use serde::{Deserialize, Serialize};

use crate::ids::{AttendeeId, RecordId};
use crate::localised::Localised;
use crate::time::Timestamp;

/// Something that is entered by a check. It guards at most one part, room or session; without one it is
/// the whole event's. A room's area is about what is on in that room at the time, so each session there
/// is entered by itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessArea {
    /// Unique in the event.
    pub slug: String,
    /// Its name.
    pub name: Localised,
    /// The part that it guards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<RecordId>,
    /// The room that it guards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RecordId>,
    /// The session that it guards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<RecordId>,
    /// How often one may enter.
    #[serde(default, skip_serializing_if = "EntryRule::is_free")]
    pub rule: EntryRule,
    /// How many minutes before the beginning of what it guards people are let in; absent, at any time
    /// before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_minutes_before: Option<u32>,
    /// How many minutes after the end of what it guards people are still let in; absent, none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_minutes_after: Option<u32>,
    /// When it can be entered at all; without any, whenever what it guards is open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<Window>,
    /// How many people may be inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// Only registrations of these categories are let in; without any, those of all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<RecordId>,
    /// Only members of one of these audiences are let in; without any, everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<RecordId>,
    /// The area of the way there, for a way back: who was let in there is expected here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way_back_of: Option<RecordId>,
}

/// How often one may enter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryRule {
    /// As often as one likes: nobody scans out for a coffee.
    #[default]
    Free,
    /// Once: a meal, a reception, a seat in a bus.
    Once,
    /// Again only after having gone out.
    InAndOut,
}

impl EntryRule {
    /// Whether one may enter as often as one likes.
    pub fn is_free(&self) -> bool {
        *self == Self::Free
    }
}

/// A time in which an area can be entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// From then on.
    pub from: Timestamp,
    /// Until then.
    pub to: Timestamp,
}

impl Window {
    /// Whether `at` is in it; its end is not.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

/// A place where checks are made. Several may guard one area.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Unique in the event.
    pub slug: String,
    /// Its name.
    pub name: Localised,
    /// What kind of place it is.
    pub kind: CheckpointKind,
    /// The area that it guards.
    pub area: RecordId,
    /// The room that it stands in or before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RecordId>,
    /// The vehicle whose door it is, for a bus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<RecordId>,
}

/// A coach or car that runs under a transfer or a visit. Who boards it is scanned at its checkpoint.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vehicle {
    /// Unique in the event.
    pub slug: String,
    /// What it is called on its windscreen, such as `Coach 3`.
    pub name: Localised,
    /// The transfer or visit that it runs for.
    pub session: RecordId,
    /// Its number plate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plate: Option<String>,
    /// Who drives it, and how they are reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
    /// How many people it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    /// Where it stops, in the order of the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<Stop>,
    /// Who is to ride in it, where people are told which vehicle is theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passengers: Vec<Passenger>,
}

/// Somebody who is to ride in a vehicle. Whoever is not named may board it all the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passenger {
    /// Who.
    pub attendee: AttendeeId,
    /// At which of the vehicle's stops they board, counted from 0; on a way back, where they leave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<u32>,
}

/// A place where a vehicle stops.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// Where, in words.
    pub place: Localised,
    /// The venue, where it is one of the programme's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<RecordId>,
    /// When it leaves from there; at the last one, when it arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// What kind of place a checkpoint is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckpointKind {
    /// A registration desk.
    Desk,
    /// The entrance of a part or of the event.
    Entrance,
    /// The door of a room.
    Door,
    /// A bus.
    Bus,
}
