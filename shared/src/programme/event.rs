//! Series, events and parts.

use serde::{Deserialize, Serialize};

use super::{Admission, State};
use crate::ids::RecordId;
use crate::localised::Localised;
use crate::notice::Leads;
use crate::time::Day;

/// A recurring event; its editions are events, or parts of events. The same slug in two events
/// means the same series.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Unique in the event, and common to all editions.
    pub slug: String,
    /// Its name.
    pub title: Localised,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Localised>,
    /// Where to read on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// One edition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Unique on the server; used in URLs and files.
    pub slug: String,
    /// Its name.
    pub title: Localised,
    /// The motto or topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Localised>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Localised>,
    /// The series that it is an edition of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<RecordId>,
    /// Its number in that series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordinal: Option<u32>,
    /// The first day, in the event's time zone.
    pub starts_on: Day,
    /// The last day.
    pub ends_on: Day,
    /// IANA name, such as `America/Santiago`.
    pub time_zone: String,
    /// The languages that its texts are to be in, by BCP 47 tag.
    pub languages: Vec<String>,
    /// The language whose text is shown where a reader's own is missing; one of `languages`.
    pub fallback_language: String,
    /// City and country as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Localised>,
    /// Hosts and other organisations, in their roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organisations: Vec<OrganisationPart>,
    /// Pages elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// How long before sessions people are reminded of them who choose nothing themselves.
    #[serde(default, skip_serializing_if = "Leads::is_empty")]
    pub reminders: Leads,
    /// Whether everybody may see it.
    pub state: State,
}

/// A section of an event with its own dates, series, admission and session numbers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Unique in the event.
    pub slug: String,
    /// Its name.
    pub title: Localised,
    /// The motto or topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Localised>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Localised>,
    /// The series that it is an edition of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<RecordId>,
    /// Its number in that series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordinal: Option<u32>,
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<Day>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Day>,
    /// Who may come and who may know of it.
    #[serde(default)]
    pub admission: Admission,
    /// Sub-topics, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Localised>,
    /// Hosts and other organisations, in their roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organisations: Vec<OrganisationPart>,
    /// Pages elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Draft, published or cancelled.
    pub state: State,
    /// The place of its mark on badges, from 0. The server gives it, the next one that no part of the event has
    /// or had, and keeps it whatever an edit says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<u8>,
}

/// A page elsewhere.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// `http` or `https`.
    pub url: String,
    /// What is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Localised>,
}

/// An organisation's part in an event.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationPart {
    /// Which organisation.
    pub organisation: RecordId,
    /// As what.
    pub role: OrganisationRole,
}

/// What an organisation does for an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationRole {
    /// Receives the event.
    Host,
    /// Holds it.
    Organiser,
    /// Works with the organiser.
    Partner,
    /// Pays for it.
    Sponsor,
    /// Calls for it.
    Convener,
    /// Runs its office.
    Secretariat,
}
