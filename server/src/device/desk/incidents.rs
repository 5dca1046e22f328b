//! What is odd about scans, at a desk: looked at, and settled where somebody leads the desks.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;
use shared::admission::{Entry, IncidentKind, LateWork, Unread};
use shared::ids::GuestIndex;
use shared::localised::is_text;
use shared::time::Timestamp;
use uuid::Uuid;

use super::super::error::DeviceError;
use super::badges::list_voided;
use super::station::{Asking, Station};
use super::words;

/// The operation that settles an incident.
const RESOLVE: &str = "incident.resolve";

/// An incident as its row says it, as far as a desk tells of it.
#[derive(Clone, Debug, Deserialize)]
pub struct IncidentRow {
    /// What is odd.
    pub kind: IncidentKind,
    /// Whom it is about.
    #[serde(default)]
    pub guests: Vec<GuestIndex>,
    /// The scans that show it.
    #[serde(default)]
    pub scans: Vec<Entry>,
    /// What came, where it cannot be read.
    pub came: Option<Unread>,
    /// What was done, where a desk handed it in that was not in use any more.
    pub work: Option<LateWork>,
    /// When somebody settled it.
    pub resolved_at: Option<Timestamp>,
}

impl Station {
    /// What nobody has settled, here or as the server knows, numbered.
    pub(super) fn list_incidents(&mut self, language: &str) -> Result<String, DeviceError> {
        let settled = self.list_settled()?;
        let open: Vec<(Uuid, &IncidentRow)> =
            self.roster.list_incidents().into_iter().filter(|(id, _)| !settled.contains(id)).collect();
        let told = open.iter().enumerate().map(|(place, (_, row))| self.tell(place + 1, row, language));
        let told: Vec<String> = told.collect();
        self.odd = open.iter().map(|(id, _)| *id).collect();
        Ok(if told.is_empty() { words::incidents::none(language).to_owned() } else { told.join("\n") })
    }

    /// Settles one of those that were listed.
    pub(super) fn resolve(&mut self, number: usize, note: &str, asking: Asking<'_>) -> Result<String, DeviceError> {
        if !self.roster.settles_incidents() {
            return Ok(words::incidents::not_here(asking.language).to_owned());
        }
        let Some(id) = self.listed(number).filter(|_| note.is_empty() || is_text(note)) else {
            return Ok(words::not_so(":resolve", asking.language));
        };
        let args = if note.is_empty() { json!({ "id": id }) } else { json!({ "id": id, "note": note }) };
        let at = self.now(asking)?.wall;
        self.hand_in((RESOLVE, Uuid::now_v7()), None, (args, at))?;
        Ok(words::noted(asking.language).to_owned())
    }

    /// Does what a desk handed in that was not in use any more, in its place, and settles that. What the server refuses
    /// of it stays open.
    pub(super) fn do_late(&mut self, number: usize, asking: Asking<'_>) -> Result<String, DeviceError> {
        if !self.roster.settles_incidents() {
            return Ok(words::incidents::not_here(asking.language).to_owned());
        }
        let late = self.listed(number).and_then(|id| {
            let (_, row) = self.roster.list_incidents().into_iter().find(|(listed, _)| *listed == id)?;
            Some((id, row.work.clone()?))
        });
        let Some((id, work)) = late else { return Ok(words::not_so(":do", asking.language)) };
        let at = self.now(asking)?.wall;
        let done = Uuid::now_v7();
        self.hand_in((&work.op, done), work.for_attendee, (work.args, at))?;
        self.hand_in_after(Some(done), (RESOLVE, Uuid::now_v7()), (None, (json!({ "id": id }), at)))?;
        self.voided = list_voided(&mut self.replica)?;
        Ok(words::noted(asking.language).to_owned())
    }

    /// The incident with this number in the last list.
    fn listed(&self, number: usize) -> Option<Uuid> {
        number.checked_sub(1).and_then(|place| self.odd.get(place)).copied()
    }

    /// What was settled here, and was not handed in yet.
    fn list_settled(&mut self) -> Result<BTreeSet<Uuid>, DeviceError> {
        let outbox = self.replica.list_outbox()?;
        let settled = outbox.iter().filter(|edit| edit.mutation.op == RESOLVE);
        Ok(settled.filter_map(|edit| edit.mutation.args.get("id")?.as_str()?.parse().ok()).collect())
    }

    fn tell(&self, place: usize, row: &IncidentRow, language: &str) -> String {
        let called = |guest: &GuestIndex| match self.roster.find_person(*guest) {
            Some(person) => words::name(&person.details, language),
            None => guest.to_string(),
        };
        let shown = |entry: &Entry| {
            let at = self.roster.places().checkpoints.get(&entry.checkpoint);
            let place = at.map_or("?", |at| at.name.in_language(language, "en"));
            words::stop(place, Some(entry.at), self.roster.zone())
        };
        let guests: Vec<String> = row.guests.iter().map(called).collect();
        let work = row.work.iter().map(|work| words::incidents::late(work, self.roster.zone(), language));
        let came = row.came.iter().map(|came| words::incidents::came(came, self.roster.zone(), language));
        let scans: Vec<String> = row.scans.iter().map(shown).chain(came).chain(work).collect();
        words::incidents::line(place, (row.kind, &guests), &scans, language)
    }
}
