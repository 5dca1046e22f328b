//! Giving registrations out, page by page.

use std::collections::VecDeque;

use diesel::QueryResult;
use shared::ids::{EventId, RecordId};
use shared::programme::Programme;

use super::kept::{AccountEmails, Needs, load_kept};
use super::reach::Reach;
use crate::database::Connection;
use crate::formats::people::{Column, Known, Names, cells_of};
use crate::registration::store::{Filter, list_page};

/// How many registrations are read at a time.
const PAGE_ROWS: usize = 500;

/// The rows of an export, of which only a page is in memory.
pub trait Sheet: Send + 'static {
    /// What stands over the columns.
    fn headings(&self) -> Vec<String>;

    /// The next rows; none after the last.
    ///
    /// # Errors
    ///
    /// The database does not answer.
    fn next_page(&mut self, connection: &mut Connection) -> QueryResult<Vec<Vec<String>>>;
}

/// The registrations of an event, as an import reads them again.
pub struct RegistrationSheet {
    event: EventId,
    names: Names,
    columns: Vec<Column>,
    language: String,
    seen: (Needs, AccountEmails),
    /// The delegations still to be read; `None` stands for everybody.
    waiting: VecDeque<Option<RecordId>>,
    after: String,
}

impl RegistrationSheet {
    /// The registrations of those whom somebody reaches.
    pub fn new(event: EventId, programme: &Programme, (reach, language): (&Reach, String)) -> Self {
        let names = reach.names(programme);
        let (waiting, needs) = match reach {
            Reach::Everybody => (VecDeque::from([None]), Needs::LeftOut),
            Reach::Delegations(own) => (own.iter().copied().map(Some).collect(), Needs::Read),
        };
        let is_left_out = |column: &Column| {
            let is_need = matches!(column, Column::Known(Known::AccessNeeds | Known::AccessNote));
            is_need && needs == Needs::LeftOut
        };
        let mut columns = Column::list(&names);
        columns.retain(|column| !is_left_out(column));
        Self { event, names, columns, language, seen: (needs, AccountEmails::of(reach)), waiting, after: String::new() }
    }
}

impl Sheet for RegistrationSheet {
    fn headings(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.heading(&self.names, &self.language)).collect()
    }

    fn next_page(&mut self, connection: &mut Connection) -> QueryResult<Vec<Vec<String>>> {
        while let Some(delegation) = self.waiting.front().copied() {
            let filter = Filter { delegation, after: self.after.clone(), limit: PAGE_ROWS, ..Filter::default() };
            let page = list_page(connection, self.event, &filter)?;
            match page.last() {
                Some((attendee, _)) => self.after = attendee.id.to_string(),
                None => {
                    self.waiting.pop_front();
                    self.after.clear();
                    continue;
                }
            }
            let people = page.into_iter().map(|(attendee, stored)| (attendee, stored.registration)).collect();
            let kept = load_kept(connection, self.event, people, self.seen)?;
            return Ok(kept.iter().map(|kept| cells_of(kept, &self.columns, &self.names, &self.language)).collect());
        }
        Ok(Vec::new())
    }
}
