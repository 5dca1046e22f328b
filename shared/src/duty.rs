//! Duties: who works where. Those who do are told of changes there before everybody else.

use serde::{Deserialize, Serialize};

use crate::ids::{AttendeeId, RecordId};
use crate::programme::Collection;
use crate::time::Timestamp;

/// What somebody does there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyKind {
    /// Interprets.
    Interpreter,
    /// Looks after sound and pictures.
    Sound,
    /// Shows people in.
    Usher,
    /// Drives.
    Driver,
    /// Looks after guests on the way.
    Escort,
    /// Something else, which the note says.
    Other,
}

impl DutyKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Interpreter, Self::Sound, Self::Usher, Self::Driver, Self::Escort, Self::Other];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Interpreter => "interpreter",
            Self::Sound => "sound",
            Self::Usher => "usher",
            Self::Driver => "driver",
            Self::Escort => "escort",
            Self::Other => "other",
        }
    }
}

impl std::str::FromStr for DutyKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// The collection of what somebody has a duty at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyAt {
    /// A part: all its sessions.
    Parts,
    /// A session, or a transfer.
    Sessions,
    /// A room: whatever is on there.
    Rooms,
    /// A vehicle, and what it runs for.
    Vehicles,
}

impl DutyAt {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Parts, Self::Sessions, Self::Rooms, Self::Vehicles];

    /// As a collection of the programme.
    pub fn collection(self) -> Collection {
        match self {
            Self::Parts => Collection::Parts,
            Self::Sessions => Collection::Sessions,
            Self::Rooms => Collection::Rooms,
            Self::Vehicles => Collection::Vehicles,
        }
    }
}

impl std::str::FromStr for DutyAt {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|at| at.collection().as_str() == text).ok_or(())
    }
}

/// Somebody's duty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Who.
    pub attendee: AttendeeId,
    /// As what.
    pub kind: DutyKind,
    /// The collection of where.
    pub collection: DutyAt,
    /// Where.
    pub object: RecordId,
    /// From then on; absent, from its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Until then; absent, to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// More of it, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Duty {
    /// Whether what is on from `starts_at` to `ends_at` falls into its time, as far as both are known.
    pub fn covers(&self, starts_at: Option<Timestamp>, ends_at: Option<Timestamp>) -> bool {
        let begins_before_its_end = self.to.zip(starts_at).is_none_or(|(to, starts)| starts < to);
        let ends_after_its_beginning = self.from.zip(ends_at.or(starts_at)).is_none_or(|(from, ends)| ends > from);
        begins_before_its_end && ends_after_its_beginning
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_duty_covers_what_is_on_in_its_time() {
        let at = |minute: i64| Some(Timestamp(minute * 60_000));
        let duty = |from, to| Duty {
            attendee: AttendeeId(Uuid::nil()),
            kind: DutyKind::Sound,
            collection: DutyAt::Rooms,
            object: RecordId(Uuid::nil()),
            from,
            to,
            note: None,
        };
        assert!(duty(None, None).covers(at(10), at(20)));
        assert!(duty(at(15), None).covers(at(10), at(20)) && duty(None, at(15)).covers(at(10), at(20)));
        assert!(!duty(at(20), None).covers(at(10), at(20)), "it has ended when the duty begins");
        assert!(!duty(None, at(10)).covers(at(10), at(20)));
        assert!(duty(at(5), at(6)).covers(None, None), "what has no time may be then");
    }
}
