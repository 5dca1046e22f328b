//! Whether what a person filled in fits the form of their category. Every fault is told with its
//! field as a JSON pointer.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Details, GivenConsent, Shared};
use crate::localised::{is_language_tag, is_line, is_text};
use crate::programme::{Category, FieldKind, FormField, InvalidBody, ValueProblem};
use crate::time::Day;

/// Says whether a text has a form.
type Test = fn(&str) -> bool;

/// Answers to a form, by the keys of its fields.
pub type Answers = BTreeMap<String, Value>;

/// The longest line of a person's details, in characters.
pub const DETAIL_MAX_CHARS: usize = 200;

/// The longest address for mail (RFC 5321, section 4.5.3.1.3), in bytes.
const EMAIL_MAX_BYTES: usize = 254;

/// The largest whole number that every reader of JSON keeps exactly.
const NUMBER_MAX: i64 = 9_007_199_254_740_991;

fn fault(field: impl Into<String>, problem: impl Into<ValueProblem>) -> InvalidBody {
    InvalidBody { field: field.into(), problem: problem.into() }
}

fn pointer(key: &str) -> String {
    format!("/answers/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// What is wrong with personal details.
pub fn check_details(details: &Details) -> Vec<InvalidBody> {
    let lines = [
        ("given_name", &details.given_name),
        ("family_name", &details.family_name),
        ("badge_name", &details.badge_name),
        ("form_of_address", &details.form_of_address),
        ("position", &details.position),
        ("organisation", &details.organisation),
    ];
    let is_detail = |text: &str| is_line(text) && text.chars().count() <= DETAIL_MAX_CHARS;
    let lines = lines.into_iter().filter(|(_, text)| text.as_deref().is_some_and(|text| !is_detail(text)));
    let mut faults: Vec<_> = lines
        .map(|(name, _)| fault(format!("/details/{name}"), ValueProblem::NotALine { most: DETAIL_MAX_CHARS }))
        .collect();
    let formed: [(&str, &Option<String>, Test, ValueProblem); 3] = [
        ("country", &details.country, is_country, ValueProblem::NotACountry),
        ("email", &details.email, is_email, "is not an address for mail".into()),
        ("phone", &details.phone, is_phone, "is not a number in international form such as +56 2 2345 6789".into()),
    ];
    let wrong = formed.into_iter().filter(|(_, text, is_good, _)| text.as_deref().is_some_and(|text| !is_good(text)));
    faults.extend(wrong.map(|(name, _, _, problem)| fault(format!("/details/{name}"), problem)));
    faults
}

/// What is wrong with the id by which the organisers' lists know a person.
pub fn check_external_id(id: Option<&str>) -> Option<InvalidBody> {
    let is_good = id.is_none_or(|id| is_line(id) && id.chars().count() <= DETAIL_MAX_CHARS);
    (!is_good).then(|| fault("/external_id", ValueProblem::NotALine { most: DETAIL_MAX_CHARS }))
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// Whether it looks like an address for mail.
pub fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let has_parts = parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    has_parts && text.len() <= EMAIL_MAX_BYTES && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Whether it is a telephone number in international form.
pub fn is_phone(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('+') else { return false };
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    (5..=15).contains(&digits) && rest.len() <= 30 && rest.bytes().all(|b| b.is_ascii_digit() || b" -()".contains(&b))
}

/// What is wrong with what a person lets others see.
pub fn check_shares(shares: &[Shared]) -> Vec<InvalidBody> {
    let twice = shares.iter().enumerate().filter(|(index, shared)| shares[..*index].contains(shared));
    twice.map(|(index, _)| fault(format!("/shares/{index}"), ValueProblem::ListedTwice)).collect()
}

/// What is wrong with answers that differ from those `before`. What was answered to an earlier state
/// of the form stays as it is.
pub fn check_answers(category: &Category, before: &Answers, after: &Answers) -> Vec<InvalidBody> {
    let mut faults = Vec::new();
    for (key, answer) in after.iter().filter(|(key, answer)| before.get(*key) != Some(*answer)) {
        match category.form.iter().find(|field| field.key == *key) {
            None => faults.push(fault(pointer(key), "is not asked in this category")),
            Some(field) => faults.extend(check_answer(field, answer).map(|problem| fault(pointer(key), problem))),
        }
    }
    let taken = |field: &&FormField| before.contains_key(&field.key) && !after.contains_key(&field.key);
    let required = category.form.iter().filter(|field| field.is_required).filter(taken);
    faults.extend(required.map(|field| fault(pointer(&field.key), "is to be answered")));
    faults
}

/// The questions that are to be answered and are not.
pub fn check_complete(category: &Category, answers: &Answers) -> Vec<InvalidBody> {
    let missing = category.form.iter().filter(|field| field.is_required && !answers.contains_key(&field.key));
    missing.map(|field| fault(pointer(&field.key), "is to be answered")).collect()
}

/// What is wrong with one answer, as the rest of a sentence.
fn check_answer(field: &FormField, answer: &Value) -> Option<&'static str> {
    let is_choice = |key: &str| field.choices.iter().any(|choice| choice.key == key);
    let text = answer.as_str();
    let (is_good, problem) = match field.kind {
        FieldKind::Text => (text.is_some_and(is_line), "is not one line of 1 to 500 characters"),
        FieldKind::LongText => (text.is_some_and(is_text), "is not a text of 1 to 20,000 characters"),
        FieldKind::Number => {
            let is_exact = answer.as_i64().is_some_and(|number| (-NUMBER_MAX..=NUMBER_MAX).contains(&number));
            (is_exact, "is not a whole number")
        }
        FieldKind::Date => {
            (serde_json::from_value::<Day>(answer.clone()).is_ok(), "is not a day of the form 2018-11-26")
        }
        FieldKind::YesNo => (answer.is_boolean(), "is neither true nor false"),
        FieldKind::Choice => (text.is_some_and(is_choice), "is not one of the choices"),
        FieldKind::Choices => {
            let chosen = answer.as_array().map(Vec::as_slice).unwrap_or_default();
            let each = |(at, key): (usize, &Value)| key.as_str().is_some_and(is_choice) && !chosen[..at].contains(key);
            let is_good = !chosen.is_empty() && chosen.iter().enumerate().all(each);
            (is_good, "is not a list of some of the choices, each once")
        }
    };
    (!is_good).then_some(problem)
}

/// What is wrong with consents: each is to a text of the category, in its present version, in a
/// language that it is in. Of what was `held`, everything can be taken back: also what is required, what
/// has changed, and what is not asked any more.
pub fn check_consents(category: &Category, held: &[GivenConsent], given: &[GivenConsent]) -> Vec<InvalidBody> {
    let mut faults = Vec::new();
    for (index, consent) in given.iter().enumerate() {
        let at = |name: &str| format!("/consents/{index}/{name}");
        let takes_back = !consent.is_given && held.iter().any(|earlier| earlier.consent == consent.consent);
        match category.consents.iter().find(|asked| asked.key == consent.consent) {
            None if takes_back => {}
            None => faults.push(fault(at("consent"), "is not asked in this category")),
            Some(asked) => {
                if asked.version != consent.version && !takes_back {
                    faults.push(fault(at("version"), "is not the present version of the text"));
                }
                if !asked.text.has(&consent.language) && !takes_back {
                    faults.push(fault(at("language"), "is not a language of the text"));
                }
            }
        }
        if !is_language_tag(&consent.language) {
            faults.push(fault(at("language"), "is not a language tag"));
        }
        if given[..index].iter().any(|earlier| earlier.consent == consent.consent) {
            faults.push(fault(at("consent"), ValueProblem::ListedTwice));
        }
        if consent.at.is_some() {
            faults.push(fault(at("at"), "is the server's to say"));
        }
    }
    faults
}

/// The required texts to which somebody who registers says no.
pub fn check_not_refused(category: &Category, given: &[GivenConsent]) -> Vec<InvalidBody> {
    let is_required = |key: &str| category.consents.iter().any(|asked| asked.key == key && asked.is_required);
    let refused = given.iter().enumerate().filter(|(_, word)| !word.is_given && is_required(&word.consent));
    refused.map(|(index, _)| fault(format!("/consents/{index}/is_given"), "is required for a registration")).collect()
}

/// The required consents that are missing among those given now or before.
pub fn check_agreed(category: &Category, held: &[GivenConsent]) -> Vec<InvalidBody> {
    let has = |key: &str| held.iter().any(|consent| consent.consent == key && consent.is_given);
    let missing = category.consents.iter().filter(|asked| asked.is_required && !has(&asked.key));
    missing.map(|asked| fault("/consents", format!("lacks {}, which is required", asked.key))).collect()
}

#[cfg(test)]
mod tests;
