//! Notices: what an attendee is told, as rows of their inbox.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::ids::{AccountId, AttendeeId};
use crate::time::Timestamp;

/// What a notice is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The event asks the person to come.
    PlaceOffered,
    /// The registration is confirmed.
    PlaceConfirmed,
    /// The registration waits for a place.
    PlaceWaitlisted,
    /// The registration was declined.
    PlaceDeclined,
    /// The registration was cancelled.
    PlaceCancelled,
    /// Somebody else takes the person's place.
    PlaceReplaced,
    /// There is an invitation to a part or session.
    Invited,
    /// An invitation is still to be answered.
    InvitationReminder,
    /// An invitation was withdrawn.
    InvitationWithdrawn,
    /// Somebody is asked to sit in for another.
    StandIn,
    /// A seat is confirmed.
    SeatGiven,
    /// A seat is offered, and to be accepted in time.
    SeatOffered,
    /// A seat, or a place in its waitlist, is gone.
    SeatLost,
    /// The session of a seat has moved; the person may want another one.
    SeatMoved,
}

impl NoticeKind {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PlaceOffered => "place_offered",
            Self::PlaceConfirmed => "place_confirmed",
            Self::PlaceWaitlisted => "place_waitlisted",
            Self::PlaceDeclined => "place_declined",
            Self::PlaceCancelled => "place_cancelled",
            Self::PlaceReplaced => "place_replaced",
            Self::Invited => "invited",
            Self::InvitationReminder => "invitation_reminder",
            Self::InvitationWithdrawn => "invitation_withdrawn",
            Self::StandIn => "stand_in",
            Self::SeatGiven => "seat_given",
            Self::SeatOffered => "seat_offered",
            Self::SeatLost => "seat_lost",
            Self::SeatMoved => "seat_moved",
        }
    }
}

/// A row of an inbox.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Who is told.
    pub attendee: AttendeeId,
    /// What it is about.
    pub kind: NoticeKind,
    /// When it came about.
    pub at: Timestamp,
    /// The collection of the record or row concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// More of it, by kind; nothing that the attendee may not know.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub details: Value,
    /// When it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Timestamp>,
    /// The account that saw it first: the attendee's own, or one that acts for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_by: Option<AccountId>,
}
