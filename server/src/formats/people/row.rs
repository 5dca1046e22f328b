//! From the cells of a row to what they say of a person.

use serde_json::Value;
use shared::ids::{AttendeeId, RecordId};
use shared::programme::{Category, Collection, DelegationRole, FieldKind, FormField};
use shared::registration::form::{DETAIL_MAX_CHARS, check_details};
use shared::registration::{AccessNeed, Details, PartCategory, RegistrationStatus};
use unicode_normalization::UnicodeNormalization;

use super::columns::{Column, Layout};
use super::countries::find_country;
use super::fault::{CellFault, CellProblem};
use super::headings::Known;
use super::kept::find_choice;
use super::names::Names;
use super::table::Row;
use super::words::Vocabulary;
use super::workbook::ERROR_CELL;

/// How many choices are told to whoever wrote none of them.
const CHOICES_TOLD: usize = 20;

/// What a row says of a person. What is absent it does not say: that stays as it is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PersonRow {
    /// The row, from 1, as the spreadsheet shows it.
    pub number: u32,
    /// The attendee, by an id that an export gave.
    pub attendee: Option<AttendeeId>,
    /// The person's id where the file comes from.
    pub external_id: Option<String>,
    /// The name, or given and family name together.
    pub name: Option<String>,
    /// The language that they read, by BCP 47 tag.
    pub language: Option<String>,
    /// Personal details.
    pub details: Details,
    /// Whether other rows have the same address: then it is a secretariat's, and nobody's own.
    pub is_email_shared: bool,
    /// The category.
    pub category: Option<RecordId>,
    /// The delegation.
    pub delegation: Option<RecordId>,
    /// The role in it.
    pub delegation_role: Option<DelegationRole>,
    /// Where the registration is to stand.
    pub status: Option<RegistrationStatus>,
    /// Whether it is a placeholder.
    pub is_placeholder: Option<bool>,
    /// Categories in parts.
    pub part_categories: Vec<PartCategory>,
    /// Answers by key, as they are written: what they mean depends on the category.
    pub answers: Vec<(String, String)>,
    /// Addresses of those who are to act for the person.
    pub assistant_emails: Vec<String>,
    /// Needs that have names.
    pub needs: Option<Vec<AccessNeed>>,
    /// Other needs, in words.
    pub note: Option<String>,
}

/// Reads rows by the headings of their file.
pub struct Reader<'a> {
    names: &'a Names,
    layout: &'a Layout,
    words: &'static Vocabulary,
}

impl<'a> Reader<'a> {
    /// A reader of the columns of a layout.
    pub fn new(names: &'a Names, layout: &'a Layout) -> Self {
        Self { names, layout, words: Vocabulary::get() }
    }

    /// What cells may name.
    pub fn names(&self) -> &'a Names {
        self.names
    }

    /// What a row says.
    ///
    /// # Errors
    ///
    /// Every cell that cannot be.
    pub fn read(&self, row: &Row) -> Result<PersonRow, Vec<CellFault>> {
        let mut person = PersonRow { number: row.number, ..PersonRow::default() };
        let mut faults = Vec::new();
        for (index, column) in self.layout.columns() {
            let text = row.cell(index);
            if text.is_empty() {
                continue;
            }
            let read = match text_fault(text) {
                Some(problem) => Err(problem),
                None => self.put(&mut person, column, text),
            };
            if let Err(problem) = read {
                faults.push(CellFault { row: row.number, column: Some(index), problem });
            }
        }
        person.name = person.name.or_else(|| {
            let parts = [&person.details.given_name, &person.details.family_name];
            let whole = parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
            (!whole.is_empty()).then_some(whole)
        });
        faults.extend(check_details(&person.details).into_iter().map(|fault| {
            let column = self.find_column(&fault.field);
            CellFault { row: row.number, column, problem: of_detail(&fault.field) }
        }));
        if faults.is_empty() { Ok(person) } else { Err(faults) }
    }

    /// Where the column is that a field of a registration came from, named by its JSON pointer.
    pub fn find_column(&self, pointer: &str) -> Option<usize> {
        let words: Vec<&str> = pointer.split('/').skip(1).collect();
        let is_named = |column: &Column| match (column, words.as_slice()) {
            (Column::Answer(key), ["answers", named]) => key == named,
            (Column::Known(known), ["details", named] | [named]) => known.word() == *named,
            _ => false,
        };
        self.layout.columns().find(|(_, column)| is_named(column)).map(|(index, _)| index)
    }

    fn put(&self, person: &mut PersonRow, column: &Column, text: &str) -> Result<(), CellProblem> {
        match column {
            Column::Known(known) => self.put_known(person, *known, text)?,
            Column::PartCategory(part) => {
                let category = self.find_category(text)?;
                person.part_categories.push(PartCategory { part: *part, category });
            }
            Column::Answer(key) => person.answers.push((key.clone(), paragraphs(text))),
        }
        Ok(())
    }

    fn put_known(&self, person: &mut PersonRow, known: Known, text: &str) -> Result<(), CellProblem> {
        let details = &mut person.details;
        match known {
            Known::Attendee => person.attendee = Some(text.parse().map_err(|_| CellProblem::NotAnId)?),
            Known::ExternalId => person.external_id = Some(line(text)),
            Known::Name => person.name = Some(line(text)),
            Known::GivenName => details.given_name = Some(line(text)),
            Known::FamilyName => details.family_name = Some(line(text)),
            Known::BadgeName => details.badge_name = Some(line(text)),
            Known::FormOfAddress => details.form_of_address = Some(line(text)),
            Known::Email => details.email = Some(email(text)),
            Known::Phone => details.phone = Some(phone(text)),
            Known::Position => details.position = Some(line(text)),
            Known::Organisation => details.organisation = Some(line(text)),
            Known::Country => {
                let code = find_country(text).ok_or(CellProblem::NotACountry)?;
                details.country = Some(code.to_owned());
            }
            Known::Category => person.category = Some(self.find_category(text)?),
            Known::Delegation => {
                let delegation = self.names.find_delegation(text);
                person.delegation = Some(delegation.map_err(|why| why.in_cell(text, Collection::Delegations))?);
            }
            Known::DelegationRole => {
                let role = self.words.delegation_roles.find(text).ok_or(CellProblem::NotADelegationRole)?;
                person.delegation_role = Some(role);
            }
            Known::Language => {
                person.language = Some(self.words.find_language(text).ok_or(CellProblem::NotALanguage)?);
            }
            Known::Status => {
                person.status = Some(self.words.statuses.find(text).ok_or(CellProblem::NotAStatus)?);
            }
            Known::Placeholder => {
                person.is_placeholder = Some(self.words.flags.find(text).ok_or(CellProblem::NotYesOrNo)?);
            }
            Known::AssistantEmail => person.assistant_emails = split_list(text).map(email).collect(),
            Known::AccessNeeds => self.put_needs(person, text),
            Known::AccessNote => person.note = Some(paragraphs(text)),
            Known::WaitlistNumber | Known::CreatedAt => {}
        }
        Ok(())
    }

    /// Named needs are kept as such; what else is written becomes part of the note.
    fn put_needs(&self, person: &mut PersonRow, text: &str) {
        let mut needs = Vec::new();
        let mut others = Vec::new();
        for item in text.split([';', '\n']).flat_map(|item| self.split_unless_known(item)) {
            match self.words.access_needs.find(item) {
                Some(need) if !needs.contains(&need) => needs.push(need),
                Some(_) => {}
                None => others.push(line(item)),
            }
        }
        if !needs.is_empty() {
            person.needs = Some(needs);
        }
        if !others.is_empty() && person.note.is_none() {
            person.note = Some(others.join("; "));
        }
    }

    fn split_unless_known<'t>(&self, item: &'t str) -> Vec<&'t str> {
        let parts: Vec<&str> = split_list(item).collect();
        if parts.iter().any(|part| self.words.access_needs.find(part).is_some()) { parts } else { vec![item.trim()] }
    }

    /// What the answer to a question means in a category.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read_answer(&self, category: &Category, key: &str, text: &str) -> Result<Value, CellProblem> {
        let field = category.form.iter().find(|field| field.key == key);
        let not_asked = || CellProblem::NotAsked { question: key.to_owned(), category: category.slug.clone() };
        let field = field.ok_or_else(not_asked)?;
        match field.kind {
            FieldKind::Text => Ok(line(text).into()),
            FieldKind::LongText | FieldKind::Date => Ok(text.into()),
            FieldKind::Number => text.parse::<i64>().map(Value::from).map_err(|_| CellProblem::NotANumber),
            FieldKind::YesNo => self.words.flags.find(text).map(Value::from).ok_or(CellProblem::NotYesOrNo),
            FieldKind::Choice => find_choice(field, text).map(Value::from).ok_or_else(|| not_a_choice(field, text)),
            FieldKind::Choices => read_choices(field, text),
        }
    }

    fn find_category(&self, text: &str) -> Result<RecordId, CellProblem> {
        self.names.categories.find(text).map_err(|why| why.in_cell(text, Collection::Categories))
    }
}

fn read_choices(field: &FormField, text: &str) -> Result<Value, CellProblem> {
    let read = |items: Vec<&str>| -> Result<Value, CellProblem> {
        let keys = items.into_iter().map(|item| find_choice(field, item).ok_or_else(|| not_a_choice(field, item)));
        keys.collect::<Result<Vec<_>, _>>().map(Value::from)
    };
    // Labels may hold commas: they separate only where nothing else does.
    let whole = read(text.split([';', '\n']).map(str::trim).filter(|item| !item.is_empty()).collect());
    whole.or_else(|problem| read(split_list(text).collect()).map_err(|_| problem))
}

fn not_a_choice(field: &FormField, text: &str) -> CellProblem {
    let choices = field.choices.iter().map(|choice| choice.key.clone()).take(CHOICES_TOLD).collect();
    CellProblem::NotAChoice { text: text.to_owned(), choices }
}

/// What is wrong with a detail of this name that does not have its form.
fn of_detail(pointer: &str) -> CellProblem {
    match pointer {
        "/details/email" => CellProblem::NotAnAddress,
        "/details/phone" => CellProblem::NotAPhoneNumber,
        "/details/country" => CellProblem::NotACountry,
        _ => CellProblem::NotALine { most: DETAIL_MAX_CHARS },
    }
}

fn split_list(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', ',', '\n']).map(str::trim).filter(|item| !item.is_empty())
}

/// A text in one line, its accents composed.
fn line(text: &str) -> String {
    text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text that may have several lines.
fn paragraphs(text: &str) -> String {
    text.nfc().collect::<String>().replace("\r\n", "\n").replace('\r', "\n")
}

/// Whether what is kept says what a cell says: differences of spacing and of composed accents are
/// none, since the reader of cells takes them out.
pub fn is_same_text(kept: &str, said: &str) -> bool {
    kept == said || paragraphs(kept.trim()) == said || (!said.contains('\n') && line(kept) == said)
}

fn email(text: &str) -> String {
    let text = text.trim();
    text.strip_prefix("mailto:").unwrap_or(text).to_owned()
}

/// A number as it is dialled from abroad, with spaces for other signs between its digits.
fn phone(text: &str) -> String {
    let text = line(&text.replace(['.', '/'], " "));
    text.strip_prefix("00").map_or(text.clone(), |rest| format!("+{rest}"))
}

/// What no cell may hold.
fn text_fault(text: &str) -> Option<CellProblem> {
    if text == ERROR_CELL {
        Some(CellProblem::NotCalculated)
    } else if text.contains('\u{FFFD}') {
        Some(CellProblem::LostCharacter)
    } else if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        Some(CellProblem::ControlCharacters)
    } else {
        None
    }
}
