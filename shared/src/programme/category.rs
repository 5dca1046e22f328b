//! Categories of registrations: who may register how, and what they are asked.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{InvalidBody, ValueProblem};
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
    /// From 1, more with each change of the text ([`check_versions`]).
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

/// The consents of a category whose version does not tell that their text is another one: people agreed to the text of
/// a version, in a language. A language may be added; whatever else changes takes a higher version.
pub fn check_versions(before: &Category, after: &Category) -> Vec<InvalidBody> {
    let mut faults = Vec::new();
    for (index, consent) in after.consents.iter().enumerate() {
        let Some(known) = before.consents.iter().find(|known| known.key == consent.key) else { continue };
        let has_same = |(language, text)| consent.text.iter().any(|kept| kept == (language, text));
        let problem = match consent.version.cmp(&known.version) {
            Ordering::Greater => continue,
            Ordering::Equal if known.text.iter().all(has_same) => continue,
            Ordering::Equal => ValueProblem::VersionOfAnotherText,
            Ordering::Less => ValueProblem::VersionGoesBack,
        };
        let field = format!("/consents/{index}/version");
        faults.push(InvalidBody { field, problem });
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn faults(before: &Value, after: &Value) -> Vec<String> {
        let category = |consent: &Value| -> Category {
            let other = json!({ "key": "rules", "version": 1, "text": { "en": "Be kind" } });
            let body = json!({ "slug": "press", "title": { "en": "Press" }, "consents": [other, consent] });
            serde_json::from_value(body).unwrap()
        };
        check_versions(&category(before), &category(after)).into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn another_text_has_a_higher_version() {
        let before = json!({ "key": "data", "version": 2, "text": { "en": "Keep it", "es": "Se guarda" } });
        let refused = ["/consents/1/version"];
        for (version, text, expected) in [
            (2, json!({ "en": "Keep it", "es": "Se guarda" }), &[""; 0][..]),
            (2, json!({ "en": "Keep it", "es": "Se guarda", "pt": "Fica guardado" }), &[]),
            (2, json!({ "en": "Sell it", "es": "Se guarda" }), &refused),
            (2, json!({ "en": "Keep it" }), &refused),
            (1, json!({ "en": "Keep it", "es": "Se guarda" }), &refused),
            (3, json!({ "en": "Sell it" }), &[]),
        ] {
            let after = json!({ "key": "data", "version": version, "text": text });
            assert_eq!(faults(&before, &after), expected, "{after}");
        }
        assert_eq!(faults(&before, &json!({ "key": "photo", "version": 1, "text": { "en": "Show it" } })), [""; 0]);
        let required =
            json!({ "key": "data", "version": 2, "is_required": true, "text": { "en": "Keep it", "es": "Se guarda" } });
        assert_eq!(faults(&before, &required), [""; 0], "the text is the same");
    }
}
