//! From what is kept of a person to the cells of a file.

use serde_json::Value;
use shared::ids::AttendeeId;
use shared::programme::{FieldKind, FormField};
use shared::registration::{AccessNeeds, Registration};
use shared::time::Timestamp;

use super::columns::Column;
use super::headings::Known;
use super::names::Names;
use super::words::{ACCESS_NEEDS, DELEGATION_ROLES, FLAGS, STATUSES, fold, word_of};

/// What stands between several things in one cell.
pub(super) const LIST_SEPARATOR: &str = "; ";

/// What is kept of a person.
#[derive(Clone, PartialEq, Debug)]
pub struct Kept {
    /// The attendee.
    pub attendee: AttendeeId,
    /// Their name.
    pub name: String,
    /// Their language, by BCP 47 tag.
    pub language: Option<String>,
    /// Their registration.
    pub registration: Registration,
    /// What they need, where the reader may know it.
    pub access_needs: Option<AccessNeeds>,
    /// The address of their own account, where the reader may know it.
    pub account_email: Option<String>,
    /// The addresses of those who act for them.
    pub assistant_emails: Vec<String>,
    /// When they were registered.
    pub created_at: Timestamp,
}

/// The texts of some columns for a person, in a language.
pub fn cells_of(kept: &Kept, columns: &[Column], names: &Names, language: &str) -> Vec<String> {
    columns.iter().map(|column| kept.cell(column, names, language)).collect()
}

impl Kept {
    /// Their address: the one that their registration says, else their account's.
    pub fn email(&self) -> Option<&String> {
        self.registration.details.email.as_ref().or(self.account_email.as_ref())
    }

    /// The text of one column.
    pub fn cell(&self, column: &Column, names: &Names, language: &str) -> String {
        let registration = &self.registration;
        match column {
            Column::Known(known) => self.known_cell(*known, names, language),
            Column::PartCategory(part) => {
                let own = registration.part_categories.iter().find(|own| own.part == *part);
                own.map_or_else(String::new, |own| names.categories.word_of(own.category, language, names.fallback()))
            }
            Column::Answer(key) => {
                let form = names.category(registration.category).map(|category| category.form.as_slice());
                let field = form.unwrap_or_default().iter().find(|field| field.key == *key);
                let answer = registration.answers.get(key);
                field
                    .zip(answer)
                    .map_or_else(String::new, |(field, answer)| answer_text(field, answer, (names, language)))
            }
        }
    }

    fn known_cell(&self, known: Known, names: &Names, language: &str) -> String {
        let registration = &self.registration;
        match known {
            Known::Attendee => self.attendee.to_string(),
            Known::ExternalId => registration.external_id.clone().unwrap_or_default(),
            Known::Name => self.name.clone(),
            Known::Language => self.language.clone().unwrap_or_default(),
            Known::Category => names.categories.word_of(registration.category, language, names.fallback()),
            Known::Delegation => {
                let word = |id| names.delegations.word_of(id, language, names.fallback());
                registration.delegation.map_or_else(String::new, word)
            }
            Known::DelegationRole if registration.delegation.is_none() => String::new(),
            Known::DelegationRole => word_of(DELEGATION_ROLES, registration.delegation_role, language).to_owned(),
            Known::Status => word_of(STATUSES, registration.status, language).to_owned(),
            Known::Placeholder => word_of(FLAGS, registration.is_placeholder, language).to_owned(),
            Known::Email => self.email().cloned().unwrap_or_default(),
            Known::AssistantEmail => self.assistant_emails.join(LIST_SEPARATOR),
            Known::AccessNeeds => {
                let needs = self.access_needs.iter().flat_map(|needs| &needs.needs);
                needs.map(|need| word_of(ACCESS_NEEDS, *need, language)).collect::<Vec<_>>().join(LIST_SEPARATOR)
            }
            Known::AccessNote => self.access_needs.as_ref().and_then(|needs| needs.note.clone()).unwrap_or_default(),
            Known::WaitlistNumber => registration.waitlist_number.map_or_else(String::new, |number| number.to_string()),
            Known::CreatedAt => self.created_at.to_string(),
            detail => detail.detail_of(&registration.details).cloned().unwrap_or_default(),
        }
    }
}

/// An answer as a cell: choices by their labels.
fn answer_text(field: &FormField, answer: &Value, (names, language): (&Names, &str)) -> String {
    let label = |key: &Value| choice_word(field, key.as_str().unwrap_or_default(), (names, language));
    match (field.kind, answer) {
        (FieldKind::YesNo, Value::Bool(flag)) => word_of(FLAGS, *flag, language).to_owned(),
        (FieldKind::Choice, key) => label(key),
        (FieldKind::Choices, Value::Array(keys)) => keys.iter().map(label).collect::<Vec<_>>().join(LIST_SEPARATOR),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

/// The label of a choice, or its key where the label would not be read as this choice.
fn choice_word(field: &FormField, key: &str, (names, language): (&Names, &str)) -> String {
    let Some(choice) = field.choices.iter().find(|choice| choice.key == key) else { return key.to_owned() };
    let label = choice.label.in_language(language, names.fallback());
    let is_clear = find_choice(field, label) == Some(key) && !label.contains([';', ',', '\n']);
    if is_clear { label.to_owned() } else { key.to_owned() }
}

/// The key of the choice that a text is: by key, or by a label that is that of no other.
pub(super) fn find_choice<'a>(field: &'a FormField, text: &str) -> Option<&'a str> {
    if let Some(choice) = field.choices.iter().find(|choice| choice.key == text) {
        return Some(&choice.key);
    }
    let folded = fold(text);
    let mut labelled =
        field.choices.iter().filter(|choice| choice.label.iter().any(|(_, label)| fold(label) == folded));
    let choice = labelled.next()?;
    labelled.next().is_none().then_some(&choice.key)
}
