//! What is handed out, lent and taken back at a desk.

use std::collections::BTreeSet;

use shared::admission::ScanTime;
use shared::handover::{HandedOut, Handover, HandoverKind, HandoverRow, Holder, Item, effective, find_loan};
use shared::ids::{AttendeeId, HandoverId};
use shared::localised::is_line;
use uuid::Uuid;

use super::super::error::DeviceError;
use super::station::{Asking, Station};
use super::words;

impl Station {
    pub(super) fn blank_fact(&self, at: ScanTime) -> Handover {
        Handover {
            id: HandoverId(Uuid::now_v7()),
            kind: None,
            at,
            checkpoint: Some(self.checkpoint),
            attendees: Vec::new(),
            what: BTreeSet::new(),
            item: None,
            delegation: None,
            received_by: None,
            signature: Vec::new(),
            note: None,
            undoes: None,
        }
    }

    /// Badge and envelope are the people's with these numbers, or everybody's of the last answer.
    pub(super) fn hand_out(
        &mut self,
        numbers: &[usize],
        by: Option<String>,
        asking: Asking<'_>,
    ) -> Result<String, DeviceError> {
        let to: Option<Vec<AttendeeId>> = match numbers {
            [] => Some(self.found.iter().map(|(id, _)| *id).collect()),
            numbers => numbers.iter().map(|number| self.person(*number).map(|(id, _)| *id)).collect(),
        };
        let to: BTreeSet<AttendeeId> = to.unwrap_or_default().into_iter().collect();
        if to.is_empty() || by.as_deref().is_some_and(|by| !is_line(by)) {
            return Ok(words::not_so(":hand", asking.language));
        }
        let had: Vec<String> =
            to.iter().filter(|id| self.has_badge(**id)).map(|id| self.called(*id, asking.language)).collect();
        let at = self.now(asking)?;
        let count = to.len();
        let fact = Handover {
            kind: Some(HandoverKind::HandedOut),
            attendees: to.into_iter().collect(),
            what: BTreeSet::from([HandedOut::Badge, HandedOut::Envelope]),
            delegation: self.found_delegation,
            received_by: by,
            ..self.blank_fact(at)
        };
        self.write_fact(fact)?;
        Ok(words::handed_out(count, &had, asking.language))
    }

    /// Something is with a person until it comes back.
    pub(super) fn lend(
        &mut self,
        number: usize,
        (kind, label): (String, String),
        asking: Asking<'_>,
    ) -> Result<String, DeviceError> {
        let Some((attendee, person)) = self.person(number).cloned() else {
            return Ok(words::not_so(":lend", asking.language));
        };
        let item = Item { kind, number: label };
        let before = self.find_holders(&item);
        let at = self.now(asking)?;
        let fact = Handover {
            kind: Some(HandoverKind::Lent),
            attendees: vec![attendee],
            item: Some(item.clone()),
            ..self.blank_fact(at)
        };
        self.write_fact(fact)?;
        let name = words::name(&person.details, asking.language);
        let others: Vec<String> = before
            .iter()
            .filter(|one| one.attendee != attendee)
            .map(|one| self.name_of(one, asking.language))
            .collect();
        Ok(words::lent(&item, (&name, &others), asking.language))
    }

    /// Something came back.
    pub(super) fn take_back(
        &mut self,
        (kind, label): (String, String),
        asking: Asking<'_>,
    ) -> Result<String, DeviceError> {
        let item = Item { kind, number: label };
        let holders = self.find_holders(&item);
        let at = self.now(asking)?;
        let fact = Handover { kind: Some(HandoverKind::TakenBack), item: Some(item.clone()), ..self.blank_fact(at) };
        self.write_fact(fact)?;
        let from: Vec<String> = holders.iter().map(|holder| self.name_of(holder, asking.language)).collect();
        Ok(words::taken_back(&item, &from, asking.language))
    }

    /// What is out, and with whom: as the server says, and by what was done here since.
    pub(super) fn loans(&self, language: &str) -> String {
        let here = self.given.iter().filter_map(|fact| fact.item.as_ref());
        let there = self.roster.list_loans().into_iter().map(|loan| &loan.item);
        let undone = self.list_undone();
        let again = self.roster.list_handovers().filter(|(id, _)| undone.contains(id));
        let again = again.filter_map(|(_, row)| row.item.as_ref());
        let items: BTreeSet<&Item> = here.chain(there).chain(again).collect();
        let told = items.into_iter().filter_map(|item| {
            let holders = self.find_holders(item);
            let names: Vec<String> = holders.iter().map(|holder| self.name_of(holder, language)).collect();
            (!names.is_empty()).then(|| format!("{} {}: {}", item.kind, item.number, names.join(", ")))
        });
        let told: Vec<String> = told.collect();
        if told.is_empty() { words::nothing_out(language).to_owned() } else { told.join("\n") }
    }

    /// With whom something is.
    fn find_holders(&self, item: &Item) -> Vec<Holder> {
        let undone = self.list_undone();
        let known: Vec<(HandoverId, &HandoverRow)> =
            self.roster.list_handovers().filter(|(_, row)| row.item.as_ref() == Some(item)).collect();
        let is_theirs = |fact: &Handover| fact.item.as_ref() == Some(item);
        if !self.given.iter().any(is_theirs) && !known.iter().any(|(id, _)| undone.contains(id)) {
            let there = self.roster.list_loans().into_iter().find(|loan| loan.item == *item);
            return there.map(|loan| loan.holders.clone()).unwrap_or_default();
        }
        let known = known.into_iter().map(|(id, row)| Handover {
            id,
            kind: Some(row.kind),
            attendees: row.attendees.clone(),
            item: row.item.clone(),
            ..self.blank_fact(ScanTime::exact(row.at))
        });
        let here = self.given.iter().filter(|fact| is_theirs(fact) || fact.undoes.is_some()).cloned();
        let facts: Vec<Handover> = known.chain(here).collect();
        find_loan(item, &facts).map(|loan| loan.holders).unwrap_or_default()
    }

    /// What was taken back here of what was done, here or as the server knows.
    fn list_undone(&self) -> BTreeSet<HandoverId> {
        self.given.iter().filter_map(|fact| fact.undoes).collect()
    }

    /// Whether somebody's badge was handed out, as the server knows or here since.
    fn has_badge(&self, attendee: AttendeeId) -> bool {
        let gives =
            |what: &BTreeSet<HandedOut>, to: &[AttendeeId]| what.contains(&HandedOut::Badge) && to.contains(&attendee);
        let undone = self.list_undone();
        self.roster.list_handovers().any(|(id, row)| gives(&row.what, &row.attendees) && !undone.contains(&id))
            || effective(&self.given).into_iter().any(|fact| gives(&fact.what, &fact.attendees))
    }

    fn name_of(&self, holder: &Holder, language: &str) -> String {
        self.called(holder.attendee, language)
    }

    fn called(&self, attendee: AttendeeId, language: &str) -> String {
        let person = self.roster.find_attendee(attendee);
        person.map_or_else(|| attendee.to_string(), |person| words::name(&person.details, language))
    }
}
