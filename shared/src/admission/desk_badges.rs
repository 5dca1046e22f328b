//! Who was let in by what a desk's badge said and nothing else bears out.
//!
//! Every door takes such a badge at once, since nobody can be asked. Whether that was right comes out later, when
//! the desk hands in whom it registered, or is found to have been in the wrong hands.

use std::collections::{BTreeMap, BTreeSet};

use super::authority::effective;
use super::{Incident, IncidentKind, Recorded, Use};
use crate::ids::GuestIndex;

/// What speaks against badges that desks issued.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DeskBadges {
    /// Those whose desk's key was revoked, by guest and carrier.
    pub revoked: BTreeSet<(GuestIndex, u32)>,
    /// Those of guests whose registration nobody has confirmed.
    pub unconfirmed: BTreeSet<(GuestIndex, u32)>,
    /// Guests whom nobody has registered.
    pub unknown: BTreeSet<GuestIndex>,
}

/// Entries with such badges: all of one guest's in one use that speak against them alike are one incident.
pub fn list_by_desk_badge(scans: &[Recorded], badges: &DeskBadges) -> Vec<Incident> {
    let mut found: BTreeMap<(IncidentKind, Use, GuestIndex), Vec<&Recorded>> = BTreeMap::new();
    for recorded in effective(scans).into_iter().filter(|recorded| recorded.scan.lets_in()) {
        let Some(badge) = recorded.scan.guest.zip(recorded.scan.carrier) else { continue };
        let kind = if badges.revoked.contains(&badge) {
            IncidentKind::RevokedKey
        } else if badges.unknown.contains(&badge.0) || badges.unconfirmed.contains(&badge) {
            IncidentKind::Unregistered
        } else {
            continue;
        };
        found.entry((kind, recorded.scan.of_use(), badge.0)).or_default().push(recorded);
    }
    found.into_iter().map(|((kind, of, guest), entries)| Incident::of_use(kind, of, &[guest], &entries)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::super::Authority;
    use super::*;

    const GUEST: GuestIndex = GuestIndex(Uuid::from_u128(9));

    fn entry(number: u128, carrier: Option<u32>) -> Recorded {
        let of = |number: u128| Uuid::from_u128(number);
        let mut scan = json!({ "id": of(number), "checkpoint": of(1), "area": of(2), "guest": GUEST,
            "at": { "wall": "2018-11-26T12:00:00.000Z" }, "verdict": { "admits": true, "reason": "admitted" } });
        if let Some(carrier) = carrier {
            scan["carrier"] = json!(carrier);
        }
        Recorded { scan: serde_json::from_value(scan).unwrap(), device: None, authority: Authority::Door }
    }

    fn told(scans: &[Recorded], badges: &DeskBadges) -> Vec<(IncidentKind, usize)> {
        list_by_desk_badge(scans, badges).into_iter().map(|one| (one.kind, one.scans.len())).collect()
    }

    #[test]
    fn who_came_in_by_the_badge_of_a_desk_that_nothing_bears_out_is_told_once() {
        let scans = [entry(1, Some(7)), entry(2, Some(7)), entry(3, Some(8)), entry(4, None)];
        assert_eq!(told(&scans, &DeskBadges::default()), []);
        let unknown = DeskBadges { unknown: [GUEST].into(), ..DeskBadges::default() };
        assert_eq!(told(&scans, &unknown), [(IncidentKind::Unregistered, 3)], "and not whom somebody found by name");
        let unconfirmed = DeskBadges { unconfirmed: [(GUEST, 7)].into(), ..DeskBadges::default() };
        assert_eq!(told(&scans, &unconfirmed), [(IncidentKind::Unregistered, 2)]);
        let revoked = DeskBadges { revoked: [(GUEST, 7)].into(), ..unknown };
        assert_eq!(told(&scans, &revoked), [(IncidentKind::RevokedKey, 2), (IncidentKind::Unregistered, 1)]);
    }

    #[test]
    fn whoever_was_not_let_in_and_what_was_taken_back_is_nothing_odd() {
        let badges = DeskBadges { unknown: [GUEST].into(), ..DeskBadges::default() };
        let mut refused = entry(1, Some(7));
        refused.scan.verdict.as_mut().unwrap().admits = false;
        let mut undo = entry(3, None);
        undo.scan.undoes = Some(entry(2, None).scan.id);
        assert_eq!(told(&[refused, entry(2, Some(7)), undo], &badges), []);
    }
}
