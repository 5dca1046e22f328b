//! Notices: what an attendee is told, as rows of their inbox.

mod change;
mod preferences;
mod reminder;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use change::{ChangeKind, SessionChange, Slot, VehicleChange, kinds_between};
pub use preferences::{Delivery, Preferences, QuietHours};
pub use reminder::{Lead, Leads, MOST_LEAD_MINUTES, ReminderKind, USUAL_LEAD, remind_at, reminder_id};

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
    /// A session has another room or venue.
    Room,
    /// A session has another time or day.
    Time,
    /// A session begins or ends late.
    Late,
    /// A session will not take place.
    Cancelled,
    /// A session that was cancelled takes place.
    Restored,
    /// There is a new session in a part of the person's.
    NewInPart,
    /// A transfer goes at another time or between other places.
    Transfer,
    /// Several sessions changed, or one in several ways.
    Changes,
    /// Something that the person chose begins soon. It is pushed, and no row of the inbox.
    Reminder,
    /// A message of a desk to the person alone.
    DeskMessage,
    /// A message of the organisers.
    Announcement,
    /// A message to try out whether somebody is reached.
    Test,
}

impl NoticeKind {
    /// The kind of a notice that tells these changes.
    pub fn of_changes(changes: &[SessionChange]) -> Self {
        let [only] = changes else { return Self::Changes };
        match only.kinds.as_slice() {
            [kind] => kind.notice_kind(),
            kinds if kinds.contains(&ChangeKind::Transfer) => Self::Transfer,
            _ => Self::Changes,
        }
    }

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
            Self::Room => "room",
            Self::Time => "time",
            Self::Late => "late",
            Self::Cancelled => "cancelled",
            Self::Restored => "restored",
            Self::NewInPart => "new_in_part",
            Self::Transfer => "transfer",
            Self::Changes => "changes",
            Self::Reminder => "reminder",
            Self::DeskMessage => "desk_message",
            Self::Announcement => "announcement",
            Self::Test => "test",
        }
    }
}

/// How soon people must know.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Whenever they look.
    Quiet,
    /// As with most things.
    #[default]
    Normal,
    /// Now.
    Urgent,
    /// Now, whatever they have chosen and whatever the hour.
    Emergency,
}

impl Urgency {
    /// Whether it is the default.
    pub fn is_normal(&self) -> bool {
        *self == Self::Normal
    }
}

/// Why something concerns somebody, the strongest reason first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// They work there: interpret, drive, show people in.
    Duty,
    /// They look after a delegation whose members it concerns.
    Liaison,
    /// They speak, chair or otherwise take part there.
    Speaks,
    /// They are inside.
    Inside,
    /// They have a seat, or wait for one.
    Seat,
    /// They are invited to it.
    Invited,
    /// They starred it.
    Starred,
    /// It is in a part that they belong to.
    Part,
    /// It is for their delegation.
    Delegation,
    /// They are in the audience of an announcement.
    Audience,
}

impl Reason {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Duty => "duty",
            Self::Liaison => "liaison",
            Self::Speaks => "speaks",
            Self::Inside => "inside",
            Self::Seat => "seat",
            Self::Invited => "invited",
            Self::Starred => "starred",
            Self::Part => "part",
            Self::Delegation => "delegation",
            Self::Audience => "audience",
        }
    }

    /// Whether whom it concerns for this reason must know: they stay on the list of those to be told until
    /// they acknowledge it, or somebody says so.
    pub fn is_duty(self) -> bool {
        matches!(self, Self::Duty | Self::Liaison | Self::Speaks)
    }
}

/// A title and a text in one language.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// The title.
    pub title: String,
    /// The text.
    pub text: String,
}

/// A title and a text by language (BCP 47).
pub type TextsByLanguage = BTreeMap<String, Told>;

/// The text for a reader of `language`: that tag, else its primary language, else the event's `fallback`,
/// else the first there is.
pub fn text_in<'a>(texts: &'a TextsByLanguage, language: &str, fallback: &str) -> Option<&'a Told> {
    let primary = language.split('-').next().unwrap_or(language);
    [language, primary, fallback].iter().find_map(|tag| texts.get(*tag)).or_else(|| texts.values().next())
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
    /// What it came with, where it went out to many at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatch: Option<Uuid>,
    /// How soon it must be known.
    #[serde(default, skip_serializing_if = "Urgency::is_normal")]
    pub urgency: Urgency,
    /// Why it concerns the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// The sessions that changed, as far as the person may see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<SessionChange>,
    /// The organisers' own words; without any, what changed says it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: TextsByLanguage,
    /// Whether it takes back or mends what was told before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_correction: bool,
    /// Whether it sums up a change of the whole programme.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_digest: bool,
    /// Whether the organisers took it back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_withdrawn: bool,
    /// Whether the person is asked to say that they know.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_acknowledgement: bool,
    /// When it was acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Timestamp>,
    /// The account that acknowledged it first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_by: Option<AccountId>,
}

impl Notice {
    /// A notice that says nothing yet but whom it is for and what it is about.
    pub fn new(attendee: AttendeeId, kind: NoticeKind, at: Timestamp) -> Self {
        Self {
            attendee,
            kind,
            at,
            collection: None,
            id: None,
            details: Value::Null,
            seen_at: None,
            seen_by: None,
            dispatch: None,
            urgency: Urgency::Normal,
            reasons: Vec::new(),
            changes: Vec::new(),
            texts: TextsByLanguage::new(),
            is_correction: false,
            is_digest: false,
            is_withdrawn: false,
            asks_acknowledgement: false,
            acknowledged_at: None,
            acknowledged_by: None,
        }
    }
}
