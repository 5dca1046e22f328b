//! What somebody agreed to.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Somebody's yes or no to a text of a category, with what they saw.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenConsent {
    /// The key of the text.
    pub consent: String,
    /// The version that was shown.
    pub version: u32,
    /// The language in which it was shown, by BCP 47 tag.
    pub language: String,
    /// Whether they agreed; false takes an earlier yes back.
    pub is_given: bool,
    /// When, by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}
