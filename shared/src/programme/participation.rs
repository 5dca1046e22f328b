//! Who takes part in a session or talk, and as what.

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;

/// A person's part in a session or talk.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Participation {
    /// Who.
    pub person: RecordId,
    /// As what.
    pub role: Role,
    /// In the room or by video.
    #[serde(default, skip_serializing_if = "Presence::is_in_room")]
    pub presence: Presence,
    /// Invited, confirmed or declined.
    #[serde(default, skip_serializing_if = "ParticipationState::is_confirmed")]
    pub state: ParticipationState,
    /// Which of the person's affiliations is printed here, counted from 0; all where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<u32>,
}

/// As what somebody takes part.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Opens.
    OpeningSpeaker,
    /// Closes.
    ClosingSpeaker,
    /// Gives the keynote.
    KeynoteSpeaker,
    /// Presents.
    Presenter,
    /// Sits on the panel.
    Panelist,
    /// Moderates.
    Moderator,
    /// Comments on what was presented.
    Discussant,
    /// Receives the guests.
    Host,
    /// Presides.
    Chair,
    /// Reports.
    Rapporteur,
}

/// How somebody takes part.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// In the room.
    #[default]
    InRoom,
    /// By video link.
    ByVideo,
}

impl Presence {
    /// Whether it is the default.
    pub fn is_in_room(&self) -> bool {
        *self == Self::InRoom
    }
}

/// Whether somebody takes part.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParticipationState {
    /// Asked; not shown to the public.
    Invited,
    /// Will be there.
    #[default]
    Confirmed,
    /// Will not; not shown to the public.
    Declined,
}

impl ParticipationState {
    /// Whether it is the default.
    pub fn is_confirmed(&self) -> bool {
        *self == Self::Confirmed
    }
}
