//! People with what carries their badges and what rosters say of them, for whoever shows or prints it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use shared::admission::RosterGuest;
use shared::badge::{BadgeSecret, Carrier, CarrierKind};
use shared::ids::{AttendeeId, EventId};
use shared::programme::Programme;
use shared::registration::Registration;

use super::claims::{Known, list_asked_audiences, list_selective};
use super::ground::{Duties, Ground, load_grounds};
use super::keys::Signers;
use super::store::{self, Stored};
use super::token::{Marks, token_of};
use crate::attendees::{Attendee, list_named};
use crate::database::Connection;
use crate::desk_work::store::{StoredWalkIn, list_notes, list_photos, list_walk_ins};
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
    /// Their registration, and what rosters say of them; none where they are not registered.
    pub registered: Option<(Registration, RosterGuest)>,
    /// What their badges have in common; none before the first.
    pub secret: Option<BadgeSecret>,
    /// What carries it, void ones too, the oldest first.
    pub carriers: Vec<Carried>,
    /// Their photo, by the SHA-256 of its bytes.
    pub photo: Option<String>,
    /// How they were registered at a desk, where they were.
    pub walk_in: Option<StoredWalkIn>,
}

/// What is loaded for many at once.
struct Loaded {
    registrations: BTreeMap<AttendeeId, Registration>,
    secrets: BTreeMap<AttendeeId, BadgeSecret>,
    grounds: BTreeMap<AttendeeId, Ground>,
    carriers: BTreeMap<AttendeeId, Vec<Stored>>,
    signers: Option<Signers>,
    notes: BTreeMap<AttendeeId, String>,
    photos: BTreeMap<AttendeeId, String>,
    walk_ins: BTreeMap<AttendeeId, StoredWalkIn>,
}

/// Those of these attendees who are there, by id.
pub fn list_holders(
    c: &mut Connection,
    (event, programme): (EventId, &Programme),
    attendees: &[AttendeeId],
) -> QueryResult<Vec<Holder>> {
    let mut loaded = load(c, (event, programme), attendees)?;
    let (selective, asked_audiences) = (list_selective(programme), list_asked_audiences(programme));
    let statuses = loaded.registrations.iter().map(|(id, own)| (*id, own.status)).collect();
    let known = Known {
        selective: &selective,
        asked_audiences: &asked_audiences,
        grounds: &loaded.grounds,
        statuses: &statuses,
        secrets: &loaded.secrets,
    };
    let none = Ground::default();
    let mut holders = Vec::with_capacity(attendees.len());
    for attendee in list_named(c, event, attendees)? {
        let stored = loaded.carriers.remove(&attendee.id).unwrap_or_default();
        let secret = loaded.secrets.get(&attendee.id).copied();
        let registration = loaded.registrations.get(&attendee.id);
        let ground = loaded.grounds.get(&attendee.id).unwrap_or(&none);
        let marks = registration.map(|own| Marks { category: own.category, access: ground.access(programme, own) });
        let note = loaded.notes.remove(&attendee.id);
        let registered = registration.map(|own| (own.clone(), known.guest((attendee.id, note), own, &stored)));
        let signing = loaded.signers.as_ref().zip(secret).zip(marks);
        let show = |stored: Stored| {
            let token = match signing.filter(|_| stored.is_live() && stored.kind != CarrierKind::Provisional) {
                Some(((signers, secret), marks)) => Some(token_of(signers, (event, secret), &stored, marks)?),
                None => None,
            };
            Ok(Carried { stored, shown: shown(&stored, token) })
        };
        let carriers = stored.into_iter().map(show).collect::<QueryResult<Vec<_>>>()?;
        let (photo, walk_in) = (loaded.photos.remove(&attendee.id), loaded.walk_ins.remove(&attendee.id));
        holders.push(Holder { attendee, registered, secret, carriers, photo, walk_in });
    }
    Ok(holders)
}

/// By a fixed number of statements, however many there are. Of those whom one of these sits in for, and
/// who sit in for one of these, there is what the claims of the others need.
fn load(
    c: &mut Connection,
    (event, programme): (EventId, &Programme),
    attendees: &[AttendeeId],
) -> QueryResult<Loaded> {
    let duties = Duties::of(programme);
    let mut grounds = load_grounds(c, (event, &duties), attendees)?;
    let arranged = grounds.values().flat_map(|ground| &ground.stand_ins);
    let others: BTreeSet<AttendeeId> = arranged.flat_map(|one| [one.attendee, one.stand_in]).collect();
    let others: Vec<AttendeeId> = others.into_iter().filter(|id| !grounds.contains_key(id)).collect();
    if !others.is_empty() {
        grounds.extend(load_grounds(c, (event, &duties), &others)?);
    }
    let everybody: Vec<AttendeeId> = grounds.keys().copied().collect();
    let mut carriers: BTreeMap<AttendeeId, Vec<Stored>> = BTreeMap::new();
    for carrier in store::list_carriers(c, event, attendees)? {
        carriers.entry(carrier.attendee).or_default().push(carrier);
    }
    let keys = if carriers.is_empty() { Vec::new() } else { store::list_keys(c, event)? };
    Ok(Loaded {
        registrations: list_registrations(c, event, &everybody)?.into_iter().collect(),
        secrets: store::list_secrets(c, event, &everybody)?,
        grounds,
        carriers,
        signers: Signers::of_stored(&keys),
        notes: list_notes(c, event, attendees)?,
        photos: list_photos(c, event, attendees)?,
        walk_ins: list_walk_ins(c, event, attendees)?,
    })
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
