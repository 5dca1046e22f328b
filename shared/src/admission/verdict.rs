//! The answer at a checkpoint.

use serde::{Deserialize, Serialize};

use super::{Entry, Knowledge, Limit, NextStep, Reason};
use crate::badge::BadgeFault;
use crate::ids::RecordId;
use crate::invitation;
use crate::time::Timestamp;

/// Whether a guest is let in, why, and what to do next.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// Whether they are.
    pub admits: bool,
    /// Why.
    pub reason: Reason,
    /// What else holds, in the order of reasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Reason>,
    /// What to do next.
    pub next: NextStep,
    /// What is wrong with the code or badge (`unknown`, `other_event`, `badge_void`); absent where a badge
    /// was made void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<BadgeFault>,
    /// What the invitation check says of the guest, whatever the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<invitation::Reason>,
    /// Where and when they were let in first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Entry>,
    /// Where what they come for takes place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<MovedTo>,
    /// When the doors open (`too_early`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<Timestamp>,
    /// When they closed (`too_late`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// What is full (`full`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// What to read first (`needs_attention`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether security is to be told, without a word at the door: one of the guest's badges is reported
    /// stolen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_reported_stolen: bool,
    /// Whether nothing is known of the guest but what the badge says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_by_badge_alone: bool,
    /// How far what it was decided on can be relied upon.
    #[serde(default)]
    pub knowledge: Knowledge,
}

/// Where a session takes place that has moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MovedTo {
    /// The session.
    pub session: RecordId,
    /// Its room; absent where it has none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RecordId>,
}

impl Verdict {
    /// The reason as a sentence, with what the invitation check says to it, in a language (BCP 47) or
    /// in English.
    pub fn sentence(&self, language: &str) -> String {
        let said = self.reason.sentence(language);
        let explains = |entry: &invitation::Reason| Reason::of_entry(*entry) == Some(self.reason);
        match self.entry.filter(explains) {
            Some(entry) => format!("{said} {}", entry.sentence(language)),
            None => said.to_owned(),
        }
    }
}
