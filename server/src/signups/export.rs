//! Giving sign-ups out as a file, page by page.

use std::collections::{BTreeSet, VecDeque};

use chrono_tz::Tz;
use diesel::QueryResult;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::programme::Programme;
use shared::signup::SignUpState;
use shared::time::Timestamp;

use super::store::{ListedSignUp, list_page};
use crate::attendees::list_named;
use crate::database::Connection;
use crate::formats::people::{
    Column, Known, Names, SeatSession, cells_of, seat_cells, seat_headings, session_cells, session_headings,
};
use crate::registration::files::{AccountEmails, Needs, Reach, Sheet, load_kept};
use crate::registration::store::list_registrations;

/// How many sign-ups are read at a time.
const PAGE_ROWS: usize = 500;

/// What is told of people: what a host needs who greets them.
const PERSON: [Known; 7] = [
    Known::Attendee,
    Known::Name,
    Known::Category,
    Known::Delegation,
    Known::Position,
    Known::Organisation,
    Known::Country,
];

/// Which sign-ups are given out.
#[derive(Clone, PartialEq, Debug)]
pub struct Selection {
    /// Whose: everybody's, or those of the members of these delegations.
    pub delegations: Option<Vec<RecordId>>,
    /// Of which sessions.
    pub sessions: BTreeSet<RecordId>,
    /// In which states.
    pub states: Vec<SignUpState>,
}

/// The sign-ups of an event, session by session in the order in which these begin.
pub struct SignUpSheet {
    event: EventId,
    selection: Selection,
    names: Names,
    columns: Vec<Column>,
    language: String,
    zone: Tz,
    waiting: VecDeque<(RecordId, SeatSession)>,
    after: (Timestamp, String),
}

impl SignUpSheet {
    /// The sign-ups of a selection, in a language.
    pub fn new(event: EventId, programme: &Programme, (selection, language): (Selection, String)) -> Self {
        let reach = match &selection.delegations {
            None => Reach::Everybody,
            Some(own) => Reach::Delegations(own.iter().copied().collect()),
        };
        let about = programme.event().map(|(_, event)| event);
        let zone = about.and_then(|event| event.time_zone.parse().ok()).unwrap_or(Tz::UTC);
        let fallback = about.map(|event| event.fallback_language.as_str()).unwrap_or_default();
        let chosen = programme.sessions().filter(|(id, _)| selection.sessions.contains(id));
        let mut sessions: Vec<_> = chosen
            .map(|(id, session)| {
                let title = session.title.as_ref().map(|title| title.in_language(&language, fallback).to_owned());
                let starts_at = session.interval().map(|(from, _)| from);
                (id, SeatSession { slug: session.slug.clone(), title: title.unwrap_or_default(), starts_at })
            })
            .collect();
        sessions.sort_by(|(_, one), (_, other)| (one.starts_at, &one.slug).cmp(&(other.starts_at, &other.slug)));
        Self {
            event,
            selection,
            names: reach.names(programme),
            columns: PERSON.into_iter().map(Column::Known).collect(),
            language,
            zone,
            waiting: sessions.into(),
            after: beginning(),
        }
    }

    fn cells(
        &self,
        connection: &mut Connection,
        (session, listed): (&SeatSession, &[ListedSignUp]),
    ) -> QueryResult<Vec<Vec<String>>> {
        let ids: Vec<AttendeeId> = listed.iter().map(|one| one.sign_up.attendee).collect();
        let named = list_named(connection, self.event, &ids)?;
        let registrations = list_registrations(connection, self.event, &ids)?;
        let registration = |id| registrations.iter().find(|(of, _)| *of == id).map(|(_, own)| own.clone());
        let people = named.into_iter().filter_map(|one| Some((registration(one.id)?, one)));
        let people = people.map(|(registration, attendee)| (attendee, registration)).collect();
        let kept = load_kept(connection, self.event, people, (Needs::LeftOut, AccountEmails::LeftOut))?;
        let cells = |one: &ListedSignUp| {
            let person = kept.iter().find(|kept| kept.attendee == one.sign_up.attendee);
            let person = match person {
                Some(kept) => cells_of(kept, &self.columns, &self.names, &self.language),
                None => self.columns.iter().map(|column| nameless(column, one)).collect(),
            };
            let seat = seat_cells(&one.sign_up, self.zone, &self.language);
            [session_cells(session, self.zone), person, seat].concat()
        };
        Ok(listed.iter().map(cells).collect())
    }
}

/// Somebody who is not registered any more is told by id and name.
fn nameless(column: &Column, one: &ListedSignUp) -> String {
    match column {
        Column::Known(Known::Attendee) => one.sign_up.attendee.to_string(),
        Column::Known(Known::Name) => one.name.clone(),
        _ => String::new(),
    }
}

fn beginning() -> (Timestamp, String) {
    (Timestamp(i64::MIN), String::new())
}

impl Sheet for SignUpSheet {
    fn headings(&self) -> Vec<String> {
        let person = self.columns.iter().map(|column| column.heading(&self.names, &self.language)).collect();
        [session_headings(&self.language), person, seat_headings(&self.language)].concat()
    }

    fn next_page(&mut self, connection: &mut Connection) -> QueryResult<Vec<Vec<String>>> {
        while let Some((id, session)) = self.waiting.front().cloned() {
            let filter = (self.selection.states.as_slice(), self.selection.delegations.as_deref());
            let after = (self.after.0, self.after.1.as_str());
            let listed = list_page(connection, (self.event, id), filter, (after, PAGE_ROWS))?;
            match listed.last() {
                Some(last) => self.after = (last.sign_up.requested_at, last.sign_up.attendee.to_string()),
                None => {
                    self.waiting.pop_front();
                    self.after = beginning();
                    continue;
                }
            }
            return self.cells(connection, (&session, &listed));
        }
        Ok(Vec::new())
    }
}
