//! Venues and rooms.

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;
use crate::localised::Localised;
use crate::time::Timestamp;

/// A place with an address.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Venue {
    /// Unique in the event.
    pub slug: String,
    /// Its name.
    pub name: Localised,
    /// Street and number as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// How to get there, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directions: Option<Localised>,
    /// WGS 84, degrees north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// WGS 84, degrees east.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// The way to other venues; it holds in both directions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub travel_times: Vec<TravelTime>,
}

/// How long the way to another venue takes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TravelTime {
    /// The other venue.
    pub to: RecordId,
    /// Minutes from door to door.
    pub minutes: u32,
}

/// A named space in a venue.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// Unique in the event.
    pub slug: String,
    /// The venue that it is in.
    pub venue: RecordId,
    /// Its name.
    pub name: Localised,
    /// How many people may be inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// The layouts that it can be set up in, such as `theatre` or `round tables`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layouts: Vec<String>,
    /// What it offers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Feature>,
    /// How to find it, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directions: Option<Localised>,
    /// When it cannot be used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closures: Vec<Closure>,
}

/// What a room can offer and a session can need.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Booths for interpreters.
    InterpretersBooths,
    /// A way without steps.
    StepFreeAccess,
    /// Equipment for people who take part by video.
    VideoLink,
}

/// A time in which a room cannot be used.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// From then on.
    pub from: Timestamp,
    /// Until then; open-ended where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// Why, for everybody to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Localised>,
}
