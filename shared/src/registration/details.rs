//! What is kept of a registered person, and what of it others may see.

use serde::{Deserialize, Serialize};

/// Personal details beside the attendee's name.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Details {
    /// Given names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The name as the person wants it on the badge, where it is not the attendee's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub badge_name: Option<String>,
    /// Title or rank before the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form_of_address: Option<String>,
    /// Position held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Organisation, as on the badge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Where mail reaches the person; it need not be an account's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// In international form, such as `+56 2 2345 6789`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Something of a person that they may let other attendees see.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shared {
    /// The name with the form of address.
    Name,
    /// Position, organisation and country.
    Affiliation,
    /// The address for mail.
    Email,
    /// The telephone number.
    Phone,
}
