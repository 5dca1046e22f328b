//! Categories of registrations: who may register how, and what they are asked.

use serde::{Deserialize, Serialize};

use crate::localised::Localised;
use crate::time::Timestamp;

/// A category of registrations, such as delegates, press or special guests. It is the event's own,
/// and may differ by part for one registration.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Unique in the event.
    pub slug: String,
    /// Its name, as on a badge.
    pub title: Localised,
    /// `#rrggbb`, as on a badge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// Its place in the order of categories; a waitlist shared by several promotes lower first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<u32>,
    /// Who may register in it, and what happens then.
    #[serde(default)]
    pub enrolment: Enrolment,
    /// When people may begin to register themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<Timestamp>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<Timestamp>,
    /// The most confirmed registrations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// Whether its registrations count in no quota of a delegation (companions, drivers).
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_outside_quotas: bool,
    /// What is asked, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<FormField>,
    /// What a person agrees to, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<Consent>,
}

/// Who may register in a category, and what happens then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enrolment {
    /// Only organisers, focal points and files register people.
    #[default]
    Closed,
    /// Anybody may ask; an organiser approves.
    OnApproval,
    /// Anybody may register, and is confirmed while there is room.
    Automatic,
}

/// A question of a registration form.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Unique in the form, of the form of a slug; answers name it.
    pub key: String,
    /// The question.
    pub label: Localised,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Localised>,
    /// What an answer is.
    pub kind: FieldKind,
    /// What can be chosen, for the kinds `choice` and `choices`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<FieldChoice>,
    /// Whether it must be answered.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_required: bool,
    /// What the answer is used for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Localised>,
    /// How many days after the event's last day the answer is kept; absent, as long as the
    /// registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u32>,
}

/// What an answer is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A whole number.
    Number,
    /// A day.
    Date,
    /// Yes or no.
    YesNo,
    /// One of `choices`.
    Choice,
    /// Some of `choices`.
    Choices,
}

/// Something that can be chosen.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldChoice {
    /// Unique in the field, of the form of a slug; answers hold it.
    pub key: String,
    /// What it is.
    pub label: Localised,
}

/// A text that a person agrees to. What was agreed to is kept with the version.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Unique in the category, of the form of a slug.
    pub key: String,
    /// From 1, one more with each change of the text.
    pub version: u32,
    /// The text.
    pub text: Localised,
    /// Whether nobody can register without it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_required: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}
