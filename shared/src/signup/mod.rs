//! Sign-ups: attendees' seats in sessions that have few, and the lines of those who wait for one.
//!
//! Everything that decides is here and pure: [`decide`], [`may_cancel`] and [`accept`] answer one
//! person, [`promote`] moves one line, [`settle`] moves all lines that a change concerns.

mod fill;
mod line;
mod rules;
mod terms;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{AttendeeId, RecordId};
use crate::time::Timestamp;

pub use fill::{FillLabel, fill_label};
pub use line::{Candidate, Line, Promotion, SeatBook, promote, settle};
pub use rules::{
    Decision, QuotaUse, Rejection, Request, accept, counts_in_quota, decide, list_clashes, list_replaced, may_cancel,
    may_take_over,
};
pub use terms::{Held, Phase, SeatTerms, takes_place};

/// Where a sign-up stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUpState {
    /// It was asked for and the server has not answered: only devices know this state.
    Requested,
    /// The seat is the attendee's.
    Confirmed,
    /// A seat is kept for the attendee until they accept it, or the time for that is over.
    Offered,
    /// The attendee waits for a seat.
    Waitlisted,
    /// It has ended.
    Cancelled,
    /// An offer was not accepted in time.
    Lapsed,
}

impl SignUpState {
    /// Every state that the server keeps.
    pub const KEPT: [Self; 5] = [Self::Confirmed, Self::Offered, Self::Waitlisted, Self::Cancelled, Self::Lapsed];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Confirmed => "confirmed",
            Self::Offered => "offered",
            Self::Waitlisted => "waitlisted",
            Self::Cancelled => "cancelled",
            Self::Lapsed => "lapsed",
        }
    }

    /// Whether it takes one of the session's seats.
    pub fn holds_seat(self) -> bool {
        matches!(self, Self::Confirmed | Self::Offered)
    }

    /// Whether it has not ended.
    pub fn is_live(self) -> bool {
        self.holds_seat() || self == Self::Waitlisted
    }
}

impl std::str::FromStr for SignUpState {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::KEPT.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// An attendee's seat in a session, or their place in its line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// The session.
    pub session: RecordId,
    /// Whose it is.
    pub attendee: AttendeeId,
    /// Where it stands.
    pub state: SignUpState,
    /// The number in the line, given once to who has to wait, from 1; lower ones go first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Until when an offered seat can be accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered_until: Option<Timestamp>,
    /// Whether an organiser made an exception from window, quota or number of seats for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_override: bool,
    /// When it was asked for.
    pub requested_at: Timestamp,
}

/// The id of the row of an attendee's sign-up for a session: a UUID of version 5, so that a device
/// makes the same one before the server has answered.
pub fn sign_up_id(attendee: AttendeeId, session: RecordId) -> Uuid {
    Uuid::new_v5(&attendee.0, session.to_string().as_bytes())
}
