//! Some rows of a file as steps of one commit group, each of which succeeds or fails by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel::QueryResult;
use shared::ids::AttendeeId;
use shared::problem_code::ProblemCode;

use super::difference::Difference;
use super::kept::{AccountEmails, Needs, load_kept};
use super::reach::{Authority, Reach};
use super::recognise::{Candidate, Found, recognise};
use super::registering::{change, register};
use super::store::list_candidates;
use crate::attendees::{Attendee, list_known, list_named};
use crate::database::StepEnd;
use crate::formats::people::{CellFault, CellProblem, Column, Kept, Known, Layout, Names, PersonRow, Reader};
use crate::refusal::{Failure, Refusal};
use crate::registration::store;
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// What becomes of a row.
#[derive(Clone, PartialEq, Debug)]
pub enum Fate {
    /// It is somebody new.
    New,
    /// It changes somebody.
    Changed(Changed),
    /// It says what is kept already.
    Same,
    /// It cannot be.
    Faulty(Vec<CellFault>),
}

/// Somebody whom a row changes.
#[derive(Clone, PartialEq, Debug)]
pub struct Changed {
    /// The attendee.
    pub attendee: AttendeeId,
    /// Their name before.
    pub name: String,
    /// What differs, each column with its text before.
    pub columns: Vec<(Column, String)>,
}

/// What the rows of a file are read by.
pub struct Setting {
    /// What cells may name.
    pub names: Arc<Names>,
    /// Which column is for what.
    pub layout: Arc<Layout>,
    /// The language in which texts before are told.
    pub language: String,
    /// Who brings the file in.
    pub authority: Authority,
    /// Whether nothing is to stay.
    pub is_preview: bool,
}

/// Rows that are brought in together.
pub struct Chunk {
    /// What they are read by.
    pub setting: Arc<Setting>,
    /// The rows.
    pub rows: Vec<PersonRow>,
    /// What was there when the group began.
    pub there: There,
}

/// Whom the rows may be, and what is kept of them.
#[derive(Default)]
pub struct There {
    candidates: Vec<Candidate>,
    attendees: BTreeMap<AttendeeId, Attendee>,
    kept: BTreeMap<AttendeeId, Kept>,
    erased: BTreeSet<AttendeeId>,
}

/// Who brings a row in, as what, and by which words it is read.
pub(super) struct Hand<'a> {
    pub(super) rights: &'a Rights,
    pub(super) reach: &'a Reach,
    pub(super) setting: &'a Setting,
    pub(super) reader: &'a Reader<'a>,
}

impl Chunk {
    /// Brings one row in; in a preview it is undone again.
    pub fn run(&mut self, unit: &mut Unit<'_>, step: usize) -> Result<(Fate, StepEnd), Failure> {
        let setting = Arc::clone(&self.setting);
        let reader = Reader::new(&setting.names, &setting.layout);
        let rights = setting.authority.rights();
        let reach = Reach::of(&rights).ok_or_else(no_reach)?;
        // The group may be run again from its first step, and then on what is there by then.
        if step == 0 {
            self.there = There::load(unit, &self.rows, &reach)?;
        }
        let hand = Hand { rights: &rights, reach: &reach, setting: &setting, reader: &reader };
        let fate = bring_in(unit, &hand, (&self.rows[step], &self.there))?;
        let stays = !setting.is_preview && matches!(fate, Fate::New | Fate::Changed(_));
        Ok((fate, if stays { StepEnd::Keep } else { StepEnd::Undo }))
    }
}

impl There {
    fn load(unit: &mut Unit<'_>, rows: &[PersonRow], reach: &Reach) -> QueryResult<Self> {
        let (connection, event) = (&mut *unit.connection, unit.group.event);
        let candidates = list_candidates(connection, event, rows)?;
        let ids: Vec<AttendeeId> = candidates.iter().map(|candidate| candidate.attendee).collect();
        let named = list_named(connection, event, &ids)?;
        let attendees: BTreeMap<_, _> = named.into_iter().map(|attendee| (attendee.id, attendee)).collect();
        let registrations = store::list_registrations(connection, event, &ids)?.into_iter();
        let people = registrations.filter_map(|(id, registration)| Some((attendees.get(&id)?.clone(), registration)));
        let seen = (Needs::Read, AccountEmails::of(reach));
        let kept = load_kept(connection, event, people.collect(), seen)?;
        let kept = kept.into_iter().map(|kept| (kept.attendee, kept)).collect();
        let live: BTreeSet<AttendeeId> = list_known(connection, event, &ids)?.into_iter().collect();
        let erased = ids.into_iter().filter(|id| !live.contains(id)).collect();
        Ok(Self { candidates, attendees, kept, erased })
    }

    /// Whether somebody who is there has this address.
    pub(super) fn knows_email(&self, email: &str) -> bool {
        self.candidates.iter().any(|known| known.emails.contains(&email.to_lowercase()))
    }
}

fn bring_in(unit: &mut Unit<'_>, hand: &Hand<'_>, (row, there): (&PersonRow, &There)) -> Result<Fate, Failure> {
    let fault = |known, problem| {
        let column = hand.setting.layout.position(&Column::Known(known));
        Ok(Fate::Faulty(vec![CellFault { row: row.number, column, problem }]))
    };
    let attendee = match recognise(row, &there.candidates, hand.reach) {
        Found::Missing => return fault(Known::Attendee, CellProblem::NotReached),
        Found::Several => return fault(Known::Name, CellProblem::OneOfSeveral),
        Found::Nobody => return register(unit, hand, (row, None, there)),
        Found::Attendee(id) => id,
    };
    let gone = || fault(Known::Attendee, CellProblem::Erased);
    let is_erased = there.erased.contains(&attendee);
    let Some(kept) = there.kept.get(&attendee) else {
        if is_erased {
            return gone();
        }
        return register(unit, hand, (row, there.attendees.get(&attendee), there));
    };
    let difference = match Difference::between(kept, row, hand.reader) {
        Ok(difference) => difference,
        Err(faults) => return Ok(Fate::Faulty(faults)),
    };
    if difference.is_none() {
        return Ok(Fate::Same);
    }
    if is_erased {
        return gone();
    }
    change(unit, hand, (row, kept), &difference)?;
    let before = |column: &Column| {
        // What somebody needs is not told to whoever may not read it.
        let is_told = !matches!(column, Column::Known(Known::AccessNeeds | Known::AccessNote));
        let text = is_told.then(|| kept.cell(column, &hand.setting.names, &hand.setting.language));
        (column.clone(), text.unwrap_or_default())
    };
    let columns = difference.columns.iter().map(before).collect();
    Ok(Fate::Changed(Changed { attendee, name: kept.name.clone(), columns }))
}

/// The refusal of whoever brings in nobody.
pub(super) fn no_reach() -> Refusal {
    let detail = "Only an organiser, the protocol officer or a focal point brings people in by file.";
    Refusal::new(ProblemCode::Forbidden, detail)
}
