//! What carries somebody's badge: listed, made void with the network or without, printed anew while there is one.

use std::collections::HashSet;

use serde_json::json;
use shared::badge::VoidReason;
use shared::ids::{AttendeeId, GuestIndex};
use shared::replica::Replica;

use super::super::error::DeviceError;
use super::super::store::SqliteStore;
use super::station::{Asking, Station};
use super::words;

/// The operation that makes a badge void.
const VOID: &str = "badge.void";

/// Badges that were made void here, which the server may not know of yet.
pub type Voided = HashSet<(AttendeeId, u32)>;

/// Those that wait to be handed in.
pub fn list_voided(replica: &mut Replica<SqliteStore>) -> Result<Voided, DeviceError> {
    let outbox = replica.list_outbox()?;
    let void = outbox.iter().filter(|edit| edit.mutation.op == VOID).filter_map(|edit| {
        let carrier = edit.mutation.args.get("carrier")?.as_u64()?;
        Some((edit.mutation.for_attendee?, u32::try_from(carrier).ok()?))
    });
    Ok(void.collect())
}

impl Station {
    /// What carries the badge of somebody, by number.
    pub(super) fn list_badges(&self, number: usize, language: &str) -> String {
        let Some((attendee, _)) = self.person(number) else { return words::not_so(":badges", language) };
        let known = self.roster.find_attendee(*attendee).map(|person| person.carriers.as_slice()).unwrap_or_default();
        let told = known.iter().map(|one| {
            let is_void = one.void_reason.is_some() || self.voided.contains(&(*attendee, one.carrier));
            words::badge(one, is_void, (self.roster.zone(), language))
        });
        let told: Vec<String> = told.collect();
        if told.is_empty() { words::no_badge(language).to_owned() } else { told.join("\n") }
    }

    /// Makes a badge void that was lost, stolen or damaged: at this desk at once.
    pub(super) fn void(
        &mut self,
        number: usize,
        (carrier, reason): (u32, VoidReason),
        asking: Asking<'_>,
    ) -> Result<String, DeviceError> {
        let theirs = self.person(number).map(|(attendee, _)| *attendee).filter(|attendee| {
            let known = self.roster.find_attendee(*attendee);
            known.is_some_and(|person| person.carriers.iter().any(|one| one.carrier == carrier))
        });
        let Some(attendee) = theirs else { return Ok(words::not_so(":void", asking.language)) };
        let said = self.hand_in_for(VOID, attendee, (json!({ "carrier": carrier, "reason": reason }), asking))?;
        self.voided.insert((attendee, carrier));
        Ok(said)
    }

    /// Prints somebody another badge: what its code says is the last line, for the printer.
    pub(super) fn print(&mut self, number: usize, asking: Asking<'_>) -> Result<String, DeviceError> {
        let Some((attendee, person)) = self.person(number).cloned() else {
            return Ok(words::not_so(":print", asking.language));
        };
        let name = words::name(&person.details, asking.language);
        self.ask((attendee, "badges"), &json!({ "kind": "paper" }), asking, |told| {
            let carrier = told["carrier"].as_u64().unwrap_or_default();
            words::printed(&name, (carrier, told["token"].as_str().unwrap_or_default()), asking.language)
        })
    }

    /// Whether a badge is void, as the server says or as was said here.
    pub(super) fn is_void(&self, guest: GuestIndex, carrier: u32) -> bool {
        let attendee = || self.roster.attendee_of(guest);
        self.roster.is_void(guest, carrier) || attendee().is_some_and(|id| self.voided.contains(&(id, carrier)))
    }
}
