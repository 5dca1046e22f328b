//! Who was registered here and waits in the outbox: the server has not heard of them, and the desk knows them all
//! the same.

use serde::Deserialize;
use shared::admission::{DeskCarrier, DeskPerson, GuestDetails, RosterGuest};
use shared::badge::{BadgeClaims, CarrierKind};
use shared::ids::{AttendeeId, RecordId};
use shared::registration::RegistrationStatus;
use shared::replica::Replica;

use super::super::error::DeviceError;
use super::super::store::SqliteStore;
use super::roster::{Person, Roster};
use super::walk_ins::WALK_IN;

/// What a desk said of somebody, as far as it knows them by it.
#[derive(Deserialize)]
struct Said {
    name: String,
    category: RecordId,
    form_of_address: Option<String>,
    position: Option<String>,
    organisation: Option<String>,
    delegation: Option<RecordId>,
    badge: Option<String>,
}

/// Those whose registration waits to be handed in.
///
/// # Errors
///
/// The store fails.
pub fn list_unheard(
    replica: &mut Replica<SqliteStore>,
    roster: &Roster,
) -> Result<Vec<(AttendeeId, Person)>, DeviceError> {
    let outbox = replica.list_outbox()?.into_iter().map(|edit| edit.mutation);
    let walk_ins = outbox.filter(|mutation| mutation.op == WALK_IN);
    let known = walk_ins.filter_map(|mutation| {
        let said: Said = serde_json::from_value(mutation.args).ok()?;
        Some((mutation.for_attendee?, Person::from(person(said, roster))))
    });
    Ok(known.collect())
}

fn person(said: Said, roster: &Roster) -> DeskPerson {
    let claims = said.badge.and_then(|badge| roster.keys().verify(&badge).ok());
    let status = match roster.needs_approval(said.category) {
        true => RegistrationStatus::Requested,
        false => RegistrationStatus::Confirmed,
    };
    DeskPerson {
        index: claims.as_ref().map(|claims| claims.secret.index()),
        details: GuestDetails {
            name: said.name,
            form_of_address: said.form_of_address,
            position: said.position,
            organisation: said.organisation,
            delegation_name: None,
        },
        listed_name: None,
        language: None,
        guest: RosterGuest { delegation: said.delegation, ..RosterGuest::new(status, said.category) },
        carriers: claims.iter().map(carrier).collect(),
        photo: None,
        walk_in: None,
    }
}

fn carrier(claims: &BadgeClaims) -> DeskCarrier {
    DeskCarrier { carrier: claims.carrier, kind: CarrierKind::Provisional, handed_out_at: None, void_reason: None }
}
