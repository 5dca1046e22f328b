//! A whole file of people, read by the words of an event.

use std::collections::{HashMap, HashSet};

use shared::ids::{AttendeeId, RecordId};
use shared::programme::DelegationRole;
use shared::registration::RegistrationStatus;

use super::columns::{Column, Layout};
use super::fault::{CellFault, CellProblem, FileFault};
use super::headings::Known;
use super::names::Names;
use super::read_table;
use super::row::{PersonRow, Reader};

/// The most faults that are told; how many rows have some is told in any case.
pub const MOST_FAULTS: usize = 1_000;

/// What a file says.
#[derive(Clone, PartialEq, Debug)]
pub struct PeopleFile {
    /// Which column is for what.
    pub layout: Layout,
    /// The rows that can be read, in order.
    pub people: Vec<PersonRow>,
    /// What is wrong with others.
    pub faults: Faults,
}

/// The faults of a file's rows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Faults {
    /// The first of them, in the order of rows.
    pub list: Vec<CellFault>,
    /// How many rows have any.
    pub row_count: usize,
}

impl Faults {
    /// Adds what is wrong with one row.
    pub fn add(&mut self, faults: Vec<CellFault>) {
        self.row_count += 1;
        let room = MOST_FAULTS.saturating_sub(self.list.len());
        self.list.extend(faults.into_iter().take(room));
    }
}

/// Reads a file.
///
/// # Errors
///
/// A file that is no table of people as a whole. What is wrong with single rows is told in the
/// answer.
pub fn read_people(bytes: &[u8], names: &Names) -> Result<PeopleFile, FileFault> {
    let table = read_table(bytes)?;
    let layout = Layout::find(&table, names)?;
    let reader = Reader::new(names, &layout);
    let (mut people, mut faults) = (Vec::new(), Faults::default());
    let mut seen = Seen::default();
    for row in layout.people(&table) {
        let read = reader.read(row).and_then(|person| seen.refuse_twin(&person, &layout).map(|()| person));
        match read {
            Ok(person) => people.push(person),
            Err(found) => faults.add(found),
        }
    }
    for person in &mut people {
        person.is_email_shared = email_key(person).is_some_and(|email| seen.shared_emails.contains(&email));
    }
    Ok(PeopleFile { layout, people, faults })
}

/// An address as two are compared.
pub(super) fn email_key(person: &PersonRow) -> Option<String> {
    person.details.email.as_deref().map(str::to_lowercase)
}

/// Who was in the rows before, each with the row.
#[derive(Default)]
struct Seen {
    rows: HashMap<Key, u32>,
    emails: HashSet<String>,
    shared_emails: HashSet<String>,
}

/// What tells one person of a file from another.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Attendee(AttendeeId),
    ExternalId(String),
    /// Address and name: a secretariat's address may be that of several.
    Email(String, Option<String>),
    Name(String, Option<RecordId>),
    Head(RecordId),
}

impl Seen {
    /// Refuses the second row for one person, at the cell that tells it.
    fn refuse_twin(&mut self, person: &PersonRow, layout: &Layout) -> Result<(), Vec<CellFault>> {
        let mut keys = Vec::new();
        keys.extend(person.attendee.map(|id| (Key::Attendee(id), Known::Attendee)));
        keys.extend(person.external_id.clone().map(|id| (Key::ExternalId(id), Known::ExternalId)));
        if keys.is_empty() {
            let name = person.name.clone();
            keys.extend(email_key(person).map(|email| (Key::Email(email, name), Known::Email)));
        }
        if keys.is_empty() {
            let name = person.name.clone();
            keys.extend(name.map(|name| (Key::Name(name, person.delegation), Known::Name)));
        }
        let fault = |known, problem| {
            let column = layout.position(&Column::Known(known));
            Err(vec![CellFault { row: person.number, column, problem }])
        };
        if keys.is_empty() {
            return fault(Known::Name, CellProblem::Nobody);
        }
        for (key, known) in keys {
            if let Some(row) = self.rows.insert(key, person.number) {
                return fault(known, CellProblem::SamePerson { row });
            }
        }
        let is_gone = matches!(person.status, Some(RegistrationStatus::Declined | RegistrationStatus::Cancelled));
        let headed = person.delegation.filter(|_| person.delegation_role == Some(DelegationRole::Head) && !is_gone);
        if let Some(row) = headed.and_then(|delegation| self.rows.insert(Key::Head(delegation), person.number)) {
            return fault(Known::DelegationRole, CellProblem::SecondHead { row });
        }
        if let Some(email) = email_key(person)
            && !self.emails.insert(email.clone())
        {
            self.shared_emails.insert(email);
        }
        Ok(())
    }
}
