//! By what right somebody makes scans.

use diesel::QueryResult;
use shared::admission::{Authority, Scan};
use shared::sync::Profile;

use super::command::works_at_desk;
use crate::enrolment::{Term, list_terms};
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::Rights;

/// Who hands scans in, with what their device was for at other times, once that is asked for.
pub struct Hands<'a> {
    by: Actor,
    rights: &'a Rights,
    terms: Option<Vec<Term>>,
}

impl<'a> Hands<'a> {
    /// Of somebody with these rights.
    pub fn of(by: Actor, rights: &'a Rights) -> Self {
        Self { by, rights, terms: None }
    }

    /// Whose they are.
    pub fn actor(&self) -> Actor {
        self.by
    }

    /// By what right a scan was made. A device that checks there now did then; any other one if it was in use at that
    /// checkpoint when the scan was made, by its own time or by that of its arrival.
    pub fn authority_for(&mut self, unit: &mut Unit<'_>, scan: &Scan) -> QueryResult<Authority> {
        if works_at_desk(self.rights) {
            return Ok(Authority::Desk);
        }
        let Some(assignment) = self.rights.enrolment.as_ref() else { return Ok(Authority::None) };
        let own = if assignment.profile == Profile::Full { Authority::Desk } else { Authority::Door };
        if assignment.checks_at(scan.checkpoint) {
            return Ok(own);
        }
        let Some(device) = self.by.device else { return Ok(Authority::None) };
        if self.terms.is_none() {
            self.terms = Some(list_terms(unit.connection, unit.group.event, device)?);
        }
        let terms = self.terms.as_deref().unwrap_or_default();
        let at = scan.at.corrected().min(unit.group.now);
        // A clock that is far behind may show a time before the first.
        let then = terms.iter().rev().find(|term| term.since <= at).or(terms.first());
        Ok(if then.is_some_and(|term| term.checks_at(scan.checkpoint)) { own } else { Authority::None })
    }
}
