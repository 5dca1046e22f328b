//! What a row says beyond what is kept of its person.

use serde_json::{Map, Value, json};
use shared::programme::Category;
use shared::registration::{AccessNeeds, PartCategory, Registration, RegistrationStatus};

use crate::formats::people::{CellFault, Column, Kept, Known, PersonRow, Reader, is_same_text};

/// What is to be done so that what is kept says what a row says.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Difference {
    /// The columns that differ.
    pub columns: Vec<Column>,
    /// A merge patch of the registration with the attendee's name and language.
    pub patch: Map<String, Value>,
    /// The status to move to.
    pub status: Option<RegistrationStatus>,
    /// What they need from now on.
    pub access_needs: Option<AccessNeeds>,
    /// Addresses of those who are to act for them and do not yet.
    pub assistants: Vec<String>,
}

impl Difference {
    /// Compares a row with what is kept.
    ///
    /// # Errors
    ///
    /// Answers that the category does not ask, or that cannot be.
    pub fn between(kept: &Kept, row: &PersonRow, reader: &Reader<'_>) -> Result<Self, Vec<CellFault>> {
        let mut difference = Self::default();
        difference.compare_lines(kept, row);
        difference.compare_place(&kept.registration, row);
        difference.compare_answers(&kept.registration, row, reader)?;
        difference.compare_needs(kept.access_needs.as_ref(), row);
        let is_new = |email: &&String| kept.assistant_emails.iter().all(|known| !known.eq_ignore_ascii_case(email));
        difference.assistants = row.assistant_emails.iter().filter(is_new).cloned().collect();
        if !difference.assistants.is_empty() {
            difference.note(Known::AssistantEmail);
        }
        Ok(difference)
    }

    /// Whether the row says nothing new.
    pub fn is_none(&self) -> bool {
        self.columns.is_empty()
    }

    fn note(&mut self, known: Known) {
        self.columns.push(Column::Known(known));
    }

    fn set(&mut self, known: Known, value: Value) {
        self.patch.insert(known.word().to_owned(), value);
        self.note(known);
    }

    fn compare_lines(&mut self, kept: &Kept, row: &PersonRow) {
        let registration = &kept.registration;
        let lines = [
            (Known::Name, Some(&kept.name), &row.name),
            (Known::Language, kept.language.as_ref(), &row.language),
            (Known::ExternalId, registration.external_id.as_ref(), &row.external_id),
        ];
        for (known, before, after) in lines {
            if let Some(after) = after.as_ref().filter(|after| before.is_none_or(|before| !is_same_text(before, after)))
            {
                self.set(known, json!(after));
            }
        }
        let mut details = Map::new();
        for known in Known::DETAILS {
            let before = if known == Known::Email { kept.email() } else { known.detail_of(&registration.details) };
            let after = known.detail_of(&row.details);
            let is_same = |before: &String, after: &String| match known {
                Known::Email => before.eq_ignore_ascii_case(after),
                _ => is_same_text(before, after),
            };
            if let Some(after) = after.filter(|after| before.is_none_or(|before| !is_same(before, after))) {
                details.insert(known.word().to_owned(), json!(after));
                self.note(known);
            }
        }
        if !details.is_empty() {
            self.patch.insert("details".to_owned(), details.into());
        }
    }

    fn compare_place(&mut self, kept: &Registration, row: &PersonRow) {
        if let Some(category) = row.category.filter(|category| *category != kept.category) {
            self.set(Known::Category, json!(category));
        }
        if let Some(delegation) = row.delegation.filter(|delegation| kept.delegation != Some(*delegation)) {
            self.set(Known::Delegation, json!(delegation));
        }
        if let Some(role) = row.delegation_role.filter(|role| *role != kept.delegation_role) {
            self.set(Known::DelegationRole, json!(role));
        }
        if let Some(flag) = row.is_placeholder.filter(|flag| *flag != kept.is_placeholder) {
            self.set(Known::Placeholder, json!(flag));
        }
        let parts: Vec<PartCategory> = merge_parts(&kept.part_categories, &row.part_categories);
        if parts != kept.part_categories {
            let differs = |own: &&PartCategory| !kept.part_categories.contains(own);
            let changed = row.part_categories.iter().filter(differs).map(|own| Column::PartCategory(own.part));
            self.columns.extend(changed);
            self.patch.insert("part_categories".to_owned(), json!(parts));
        }
        // Who waits is confirmed as soon as there is room; to say so again asks for nothing.
        let waits = (kept.status, row.status) == (RegistrationStatus::Waitlisted, Some(RegistrationStatus::Confirmed));
        self.status = row.status.filter(|status| *status != kept.status && !waits);
        if self.status.is_some() {
            self.note(Known::Status);
        }
    }

    fn compare_answers(
        &mut self,
        kept: &Registration,
        row: &PersonRow,
        reader: &Reader<'_>,
    ) -> Result<(), Vec<CellFault>> {
        let category = reader.names().category(row.category.unwrap_or(kept.category));
        let answers = read_answers(category, row, reader)?;
        let is_same = |before: &Value, after: &Value| match (before, after) {
            (Value::String(before), Value::String(after)) => is_same_text(before, after),
            _ => before == after,
        };
        let differs =
            |(key, after): &(String, Value)| kept.answers.get(key).is_none_or(|before| !is_same(before, after));
        let changed: Map<String, Value> = answers.into_iter().filter(differs).collect();
        if !changed.is_empty() {
            self.columns.extend(changed.keys().cloned().map(Column::Answer));
            self.patch.insert("answers".to_owned(), changed.into());
        }
        Ok(())
    }

    fn compare_needs(&mut self, kept: Option<&AccessNeeds>, row: &PersonRow) {
        let before = kept.cloned().unwrap_or_default();
        let mut after = before.clone();
        if let Some(needs) = &row.needs
            && !(needs.len() == before.needs.len() && needs.iter().all(|need| before.needs.contains(need)))
        {
            after.needs.clone_from(needs);
            self.note(Known::AccessNeeds);
        }
        if let Some(note) = &row.note
            && before.note.as_deref().is_none_or(|before| !is_same_text(before, note))
        {
            after.note = Some(note.clone());
            self.note(Known::AccessNote);
        }
        self.access_needs = (after != before).then_some(after);
    }
}

/// The answers of a row as the category understands them.
///
/// # Errors
///
/// Each answer that the category does not ask, or that cannot be.
pub fn read_answers(
    category: Option<&Category>,
    row: &PersonRow,
    reader: &Reader<'_>,
) -> Result<Vec<(String, Value)>, Vec<CellFault>> {
    let Some(category) = category else { return Ok(Vec::new()) };
    let (mut answers, mut faults) = (Vec::new(), Vec::new());
    for (key, text) in &row.answers {
        match reader.read_answer(category, key, text) {
            Ok(answer) => answers.push((key.clone(), answer)),
            Err(problem) => {
                faults.push(CellFault {
                    row: row.number,
                    column: reader.find_column(&format!("/answers/{key}")),
                    problem,
                });
            }
        }
    }
    if faults.is_empty() { Ok(answers) } else { Err(faults) }
}

/// What stands, with what a row says of some parts.
fn merge_parts(kept: &[PartCategory], said: &[PartCategory]) -> Vec<PartCategory> {
    let mut merged = kept.to_vec();
    for own in said {
        match merged.iter_mut().find(|known| known.part == own.part) {
            Some(known) => *known = *own,
            None => merged.push(*own),
        }
    }
    merged
}
