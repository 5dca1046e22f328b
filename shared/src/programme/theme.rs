//! Tracks, choice groups, documents, audiences and the week's overview.

use serde::{Deserialize, Serialize};

use super::{Admission, DelegationRole, Link, Role, State};
use crate::ids::RecordId;
use crate::localised::Localised;
use crate::registration::RegistrationStatus;
use crate::time::Day;

/// A theme that runs through the programme.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// Unique in the event.
    pub slug: String,
    /// Its name.
    pub title: Localised,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Localised>,
    /// `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
}

/// Sessions of which one attendee takes at most one. Each of its sessions names it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceGroup {
    /// Unique in the event.
    pub slug: String,
    /// Its name.
    pub title: Localised,
    /// The part that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<RecordId>,
}

/// An official paper.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Unique in the event; the symbol need not be.
    pub slug: String,
    /// Its symbol as printed (the OAS calls it classification), such as `GTS/PDVI/doc.1/17`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
    /// Its revision, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// Its title.
    pub title: Localised,
    /// The language that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The part that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<RecordId>,
    /// The session or agenda item that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<RecordId>,
    /// Its own admission, where it differs from its session's or part's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admission: Option<Admission>,
    /// Where it lies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Draft, published or cancelled.
    pub state: State,
}

/// A named set of attendees. Its members are kept beside it, not in it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Unique in the event.
    pub slug: String,
    /// Its name, for organisers.
    pub title: Localised,
    /// Who belongs to it beside those who were put into it by hand: whoever meets one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<AudienceRule>,
}

/// Describes attendees. Somebody meets the rule if each list that is not empty names something of
/// theirs; a rule without lists is met by nobody. Only confirmed registrations are looked at,
/// unless `statuses` says otherwise.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AudienceRule {
    /// The category of the registration, or the one that it has in `part`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<RecordId>,
    /// The part whose category counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<RecordId>,
    /// The delegation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delegations: Vec<RecordId>,
    /// The role in the delegation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delegation_roles: Vec<DelegationRole>,
    /// The role in the programme of the person that the attendee is linked to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programme_roles: Vec<Role>,
    /// The status of the registration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<RegistrationStatus>,
}

/// A cell of the week's overview, as it was printed beside the detail.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverviewEntry {
    /// Unique in the event.
    pub slug: String,
    /// Its day.
    pub day: Day,
    /// The hour of its row, in the event's zone, `HH:MM`.
    pub starts: String,
    /// The hour at which it ends, `HH:MM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    /// Its text.
    pub title: Localised,
    /// The part that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<RecordId>,
    /// The sessions of the detail that it stands for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<RecordId>,
}
