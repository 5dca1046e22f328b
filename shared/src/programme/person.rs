//! People of the programme.

use serde::{Deserialize, Serialize};

use crate::ids::{AttendeeId, RecordId};
use crate::localised::Localised;

/// Somebody in the programme, and only there: people who come are attendees.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Unique in the event.
    pub slug: String,
    /// The name as printed.
    pub name: String,
    /// Title or rank as printed before the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_of_address: Option<String>,
    /// Positions held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub affiliations: Vec<Affiliation>,
    /// A few sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub biography: Option<Localised>,
    /// The attendee that this person is, once linked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendee: Option<AttendeeId>,
}

/// A position at an organisation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Affiliation {
    /// The position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Localised>,
    /// The organisation, if it is one of the event's records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<RecordId>,
    /// The organisation as printed, where it is not a record or was printed otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_name: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}
