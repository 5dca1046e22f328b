//! Organisations and exhibitors.

use serde::{Deserialize, Serialize};

use super::{Link, State};
use crate::ids::RecordId;
use crate::localised::Localised;

/// A body that hosts, employs or exhibits.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Unique in the event.
    pub slug: String,
    /// Its name.
    pub name: Localised,
    /// Its initials, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Pages elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// An organisation that shows its work at an exhibition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exhibitor {
    /// Unique in the event.
    pub slug: String,
    /// Its name as printed.
    pub name: Localised,
    /// Which organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<RecordId>,
    /// The sessions of kind exhibition where it stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<RecordId>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stand: Option<String>,
    /// What it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Localised>,
    /// Draft, published or cancelled.
    pub state: State,
}
