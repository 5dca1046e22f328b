//! People with what carries their badges, for whoever shows or prints them.

use std::collections::BTreeMap;

use diesel::QueryResult;
use shared::badge::{BadgeSecret, Carrier};
use shared::ids::{AttendeeId, EventId};
use shared::programme::Programme;
use shared::registration::Registration;

use super::ground::{Duties, Ground, load_grounds};
use super::keys::Signers;
use super::store::{self, Stored};
use super::token::{Marks, token_of};
use crate::attendees::{Attendee, list_named};
use crate::database::Connection;
use crate::registration::store::list_registrations;

/// A carrier as it is kept, and as it is shown to its person.
#[derive(Clone, PartialEq, Debug)]
pub struct Carried {
    /// As it is kept.
    pub stored: Stored,
    /// As it is shown, with what its code says while it counts.
    pub shown: Carrier,
}

/// Somebody with their badge.
pub struct Holder {
    /// Who.
    pub attendee: Attendee,
    /// Their registration.
    pub registration: Option<Registration>,
    /// What their badges have in common; none before the first.
    pub secret: Option<BadgeSecret>,
    /// What carries it, void ones too, the oldest first.
    pub carriers: Vec<Carried>,
    /// What they have that may let them in.
    pub ground: Ground,
}

/// Those of these attendees who are there, by id.
pub fn list_holders(
    c: &mut Connection,
    (event, programme): (EventId, &Programme),
    attendees: &[AttendeeId],
) -> QueryResult<Vec<Holder>> {
    let named = list_named(c, event, attendees)?;
    let mut registrations: BTreeMap<_, _> = list_registrations(c, event, attendees)?.into_iter().collect();
    let secrets = store::list_secrets(c, event, attendees)?;
    let mut grounds = load_grounds(c, (event, &Duties::of(programme)), attendees)?;
    let mut carriers: BTreeMap<AttendeeId, Vec<Stored>> = BTreeMap::new();
    for carrier in store::list_carriers(c, event, attendees)? {
        carriers.entry(carrier.attendee).or_default().push(carrier);
    }
    let keys = if carriers.is_empty() { Vec::new() } else { store::list_keys(c, event)? };
    let signers = Signers::of_stored(&keys);
    let mut holders = Vec::with_capacity(named.len());
    for attendee in named {
        let (registration, secret) = (registrations.remove(&attendee.id), secrets.get(&attendee.id).copied());
        let ground = grounds.remove(&attendee.id).unwrap_or_default();
        let theirs = carriers.remove(&attendee.id).unwrap_or_default();
        let marks = registration
            .as_ref()
            .map(|own| Marks { category: own.category, access: ground.access(programme, own) });
        let signing = signers.as_ref().zip(secret).zip(marks);
        let show = |stored: Stored| {
            let token = match signing.filter(|_| stored.is_live()) {
                Some(((signers, secret), marks)) => Some(token_of(signers, (event, secret), &stored, marks)?),
                None => None,
            };
            Ok(Carried { stored, shown: shown(&stored, token) })
        };
        let carriers = theirs.into_iter().map(show).collect::<QueryResult<Vec<_>>>()?;
        holders.push(Holder { attendee, registration, secret, carriers, ground });
    }
    Ok(holders)
}

fn shown(stored: &Stored, token: Option<String>) -> Carrier {
    let (voided_at, void_reason) = stored.voided.unzip();
    Carrier {
        carrier: stored.carrier,
        kind: stored.kind,
        token,
        issued_at: stored.issued_at,
        expires_at: stored.expires_at,
        handed_out_at: stored.handed_out_at,
        voided_at,
        void_reason,
    }
}
