//! What rosters say of people.

use serde_json::{Value, json};
use shared::admission::{DeskCarrier, DeskPerson, DoorGuest, GuestDetails, ProtocolGuest, RosterGuest};
use shared::badge::BadgeSecret;
use shared::ids::{EventId, RecordId};
use shared::programme::{Collection, Programme, RecordBody};
use shared::registration::Registration;
use shared::roster::{RosterDelegation, protocol_sessions};
use shared::sync::{Profile, Scope};

use super::standing::Holder;
use crate::desk_work::store::StoredWalkIn;

/// Every roster of the event.
pub fn list_rosters(programme: &Programme) -> Vec<Scope> {
    let protocol = protocol_sessions(programme).into_iter().map(Profile::Protocol);
    [Profile::Full, Profile::Door].into_iter().chain(protocol).map(Scope::Roster).collect()
}

/// Somebody as rosters know them.
pub struct Portrait<'a> {
    holder: &'a Holder,
    registration: &'a Registration,
    guest: &'a RosterGuest,
    details: GuestDetails,
    bounded_delegation: Option<RecordId>,
}

impl<'a> Portrait<'a> {
    /// Of a holder; none without a registration.
    pub fn of(programme: &Programme, holder: &'a Holder) -> Option<Self> {
        let (registration, guest) = holder.registered.as_ref()?;
        let own = &registration.details;
        let delegation = registration.delegation.and_then(|id| programme.find(Collection::Delegations, id));
        let delegation_name = delegation.and_then(|record| match &record.body {
            RecordBody::Delegations(delegation) => Some(delegation.name.clone()),
            _ => None,
        });
        let details = GuestDetails {
            name: own.badge_name.clone().unwrap_or_else(|| holder.attendee.name.clone()),
            form_of_address: own.form_of_address.clone(),
            position: own.position.clone(),
            organisation: own.organisation.clone(),
            delegation_name,
        };
        let is_bounded = delegation.is_some_and(|record| match &record.body {
            RecordBody::Delegations(delegation) => !RosterDelegation::of(delegation).limits.is_empty(),
            _ => false,
        });
        let bounded_delegation = registration.delegation.filter(|_| is_bounded);
        Some(Self { holder, registration, guest, details, bounded_delegation })
    }

    /// Who they are.
    pub fn details(&self) -> &GuestDetails {
        &self.details
    }

    /// As desks know them.
    pub fn for_desk(&self) -> Value {
        let holder = self.holder;
        let carrier = |one: &super::standing::Carried| DeskCarrier {
            carrier: one.shown.carrier,
            kind: one.shown.kind,
            handed_out_at: one.shown.handed_out_at,
            void_reason: one.shown.void_reason,
        };
        let has_other_name = self.registration.details.badge_name.is_some();
        json!(DeskPerson {
            index: holder.secret.map(|secret| secret.index()),
            details: self.details.clone(),
            listed_name: has_other_name.then(|| holder.attendee.name.clone()),
            language: holder.attendee.language.clone(),
            guest: self.guest.clone(),
            carriers: holder.carriers.iter().map(carrier).collect(),
            photo: holder.photo.clone(),
            walk_in: holder.walk_in.as_ref().map(StoredWalkIn::row),
        })
    }

    /// As doors know them: by what these count, and all else for their badge alone. None where it cannot be sealed.
    pub fn for_door(&self, event: EventId, secret: &BadgeSecret) -> Option<Value> {
        let row = DoorGuest::seal((secret, event), (self.guest, &self.details), self.bounded_delegation);
        let row = row.inspect_err(|error| tracing::error!(%error, "details of a guest are not sealed")).ok()?;
        Some(json!(row))
    }

    /// As the door of a session with few guests knows them; none where they are not one of these.
    pub fn for_protocol(&self, session: RecordId) -> Option<Value> {
        let claim = self.guest.claims.iter().find(|claim| claim.object == session)?;
        let is_asked = claim.invitations.iter().any(|invited| !invited.is_withdrawn);
        let is_guest = is_asked || claim.is_on_duty || claim.is_in_audience || !claim.sits_in_for.is_empty();
        is_guest.then(|| {
            json!(ProtocolGuest {
                index: self.holder.secret.map(|secret| secret.index()),
                details: self.details.clone(),
                guest: RosterGuest { claims: vec![claim.clone()], ..self.guest.clone() },
                photo: self.holder.photo.clone(),
            })
        })
    }
}
