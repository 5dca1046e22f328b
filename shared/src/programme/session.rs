//! Sessions: the entries of the programme.

use serde::{Deserialize, Serialize};

use super::{Admission, Feature, Link, Participation, State};
use crate::ids::RecordId;
use crate::localised::Localised;
use crate::time::{Day, Timestamp};

/// An entry of the programme. It has a time (`starts_at`, `ends_at`), or only its `day` and
/// `order` on that day.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Unique in the event.
    pub slug: String,
    /// What kind of entry it is.
    pub kind: SessionKind,
    /// Its title; an entry may still lack one, which the check reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Localised>,
    /// Its number in its part, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The part that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<RecordId>,
    /// When it begins; for a transfer, when it departs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// When it ends; for a transfer, when it arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// Its day, where it has no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// Its place in the order of the day, where it has no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<u32>,
    /// The venue, where no room is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<RecordId>,
    /// The room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RecordId>,
    /// The themes that it belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<RecordId>,
    /// What it is to reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<Localised>,
    /// What happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Localised>,
    /// How many people are expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_people: Option<u32>,
    /// What it needs of its room.
    #[serde(default, skip_serializing_if = "Needs::is_empty")]
    pub needs: Needs,
    /// Who may report on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub openness: Vec<Openness>,
    /// Its own admission, where it differs from its part's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admission: Option<Admission>,
    /// How many attendees can sign up, where seats are limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    /// When and how people sign up for its seats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_up: Option<SignUpRules>,
    /// The choice group that it is one of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice_group: Option<RecordId>,
    /// For a transfer, from where to where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
    /// Ordered contributions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub talks: Vec<Talk>,
    /// People of the whole session, in the order printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Participation>,
    /// Pages elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// What has been said of it on the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// Draft, published or cancelled.
    pub state: State,
}

impl Session {
    /// Its interval, if it has a time.
    pub fn interval(&self) -> Option<(Timestamp, Timestamp)> {
        self.starts_at.zip(self.ends_at)
    }

    /// Everybody's part in it and in its talks.
    pub fn participations(&self) -> impl Iterator<Item = &Participation> {
        self.people.iter().chain(self.talks.iter().flat_map(|talk| &talk.people))
    }
}

/// What kind of entry a session is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// Guests arrive.
    Arrival,
    /// An opening.
    Opening,
    /// A working session.
    Session,
    /// A keynote.
    Keynote,
    /// A panel.
    Panel,
    /// A special event.
    Special,
    /// A field visit.
    FieldVisit,
    /// A break.
    Break,
    /// A meal.
    Meal,
    /// A reception.
    Reception,
    /// A transfer between places.
    Transfer,
    /// Registration of participants.
    Registration,
    /// An exhibition, which runs beside the sessions.
    Exhibition,
    /// Conclusions or a closing.
    Closing,
    /// Guests depart.
    Departure,
}

impl SessionKind {
    /// Whether it is a pause, which a shift of the programme may absorb.
    pub fn is_pause(self) -> bool {
        matches!(self, Self::Break | Self::Meal)
    }
}

/// When and how people sign up for the seats of a session.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUpRules {
    /// From when; absent, at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<Timestamp>,
    /// Until when people sign up, change and cancel (a host's list is frozen then); absent, until it
    /// begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<Timestamp>,
    /// Within how many minutes somebody whom the waitlist promotes must accept; absent, they are
    /// confirmed at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_within_minutes: Option<u32>,
    /// Whether there is a waitlist when the seats are gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_no_waitlist: bool,
    /// Whether somebody may hold a seat here and in a session at the same time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_overlap: bool,
}

/// What a session needs of its room.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// Features that the room must offer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Feature>,
    /// The layout that the room must be set up in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
}

impl Needs {
    /// Whether nothing is needed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Who may report on a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Openness {
    /// Everybody may listen and report.
    Open,
    /// Closed to the press.
    Closed,
    /// The press may come in at the start.
    PressAtStart,
    /// Nobody may record.
    NoRecording,
}

/// From where to where a transfer goes. The vehicles that run under it are records of their own,
/// which name their session.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// The venue that it leaves from; absent where it starts at several (the field visits).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<RecordId>,
    /// The venue that it goes to; absent where it goes to several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<RecordId>,
    /// The session that it takes people away from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<RecordId>,
    /// The session that it takes people to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<RecordId>,
}

/// An ordered contribution inside a session.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Talk {
    /// Unique in the session.
    pub slug: String,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Localised>,
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Localised>,
    /// Its people, in the order printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Participation>,
}

/// What has been said of a session on the day.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// What was said.
    pub state: ProgressState,
    /// When.
    pub at: Timestamp,
    /// How late it runs, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes_late: Option<u32>,
}

/// How a session stands on the day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgressState {
    /// It has begun.
    Started,
    /// It will begin or end late.
    RunningLate,
    /// It is over.
    Ended,
}
