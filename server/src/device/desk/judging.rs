//! Who may enter: the question put together from what the device holds, the judge's answer, the scan.

use std::collections::HashSet;

use sha2::{Digest, Sha256};
use shared::admission::{
    Admission, Basis, Decided, Limit, LimitOf, Presence, Presented, Question, RosterGuest, Scan, Subject, Use, Verdict,
    judge, list_moved, subject_at, use_at,
};
use shared::ids::{GuestIndex, RecordId};
use shared::programme::AccessArea;
use shared::time::{Day, Timestamp};

use super::super::error::DeviceError;
use super::station::{Asking, Station};
use super::words;

/// A guest who stands at the checkpoint.
struct Guest {
    presented: Presented,
    index: Option<GuestIndex>,
    carrier: Option<u32>,
    code_hash: Option<String>,
    known: Option<RosterGuest>,
    name: Option<String>,
    by_hand: Option<String>,
}

impl Station {
    /// The answer to a badge.
    pub(super) fn scan(&mut self, code: &str, asking: Asking<'_>) -> Result<String, DeviceError> {
        let (presented, claims) = Presented::read(self.roster.keys(), code);
        let guest = match claims {
            Some(claims) => {
                let (known, details) = self.roster.find_guest(&claims);
                Guest {
                    presented,
                    index: Some(claims.secret.index()),
                    carrier: Some(claims.carrier),
                    code_hash: None,
                    known,
                    name: details.map(|details| words::name(&details, asking.language)),
                    by_hand: None,
                }
            }
            None => Guest {
                presented,
                index: None,
                carrier: None,
                code_hash: Some(Sha256::digest(code).iter().map(|byte| format!("{byte:02x}")).collect()),
                known: None,
                name: None,
                by_hand: None,
            },
        };
        self.decide(guest, asking)
    }

    /// The answer to somebody who was found by name, or is known by sight.
    pub(super) fn take(&mut self, number: usize, asking: Asking<'_>) -> Result<String, DeviceError> {
        let Some((_, person)) = self.person(number).cloned() else {
            return Ok(words::not_so(":take", asking.language));
        };
        if person.index.is_none() {
            return Ok(words::no_badge(asking.language).to_owned());
        }
        let guest = Guest {
            presented: Presented::ByHand,
            index: person.index,
            carrier: None,
            code_hash: None,
            known: Some(person.guest),
            name: Some(words::name(&person.details, asking.language)),
            by_hand: Some("found by name".to_owned()),
        };
        self.decide(guest, asking)
    }

    /// Asks the judge, writes the scan down, and only then answers.
    fn decide(&mut self, guest: Guest, asking: Asking<'_>) -> Result<String, DeviceError> {
        let at = self.now(asking)?;
        let (as_of, age_ms) = self.age(&at)?;
        let places = self.roster.places();
        let (place, area) = places.checkpoint(self.checkpoint).ok_or(DeviceError::NoRoster)?;
        let (kind, area_id, area) = (place.kind, place.area, area.clone());
        let subject = subject_at(places, &area, at.corrected());
        let of = use_at((area_id, &area), subject.as_ref());
        let left = area.room.map(|room| places.list_left(room)).unwrap_or_default();
        let moved_away = list_moved(places, &area, &left);
        let limits = match self.direction.is_in() {
            true => self.limits((of, &area), (subject.as_ref(), guest.known.as_ref())),
            false => Vec::new(),
        };
        let question = Question {
            now: at.corrected(),
            day: Some(Day(at.corrected().day_in(self.roster.zone()))),
            direction: self.direction,
            presented: guest.presented,
            is_void: guest.index.zip(guest.carrier).is_some_and(|(index, carrier)| self.is_void(index, carrier)),
            guest: guest.known,
            kind,
            presence: guest.index.map(|index| self.presence(of, index)).unwrap_or_default(),
            limits,
            area,
            subject,
            moved_away,
            knowledge: self.roster.knowledge((as_of, age_ms)),
        };
        let verdict = judge(&question);
        let scan = Scan {
            guest: guest.index,
            carrier: guest.carrier,
            code_hash: guest.code_hash,
            direction: self.direction,
            verdict: Some(Decided { admits: verdict.admits, reason: verdict.reason }),
            decided_on: Basis { covers: self.replica.at_least()?, age_ms },
            by_hand: guest.by_hand,
            ..self.blank(of, at)
        };
        self.write(scan)?;
        Ok(self.told(&verdict, (guest.name.as_deref(), question.now), asking.language))
    }

    fn told(&self, verdict: &Verdict, (name, now): (Option<&str>, Timestamp), language: &str) -> String {
        let (places, fallback) = (self.roster.places(), self.roster.language());
        let first = verdict.first.as_ref().and_then(|first| places.checkpoint(first.checkpoint));
        let room = verdict.moved_to.and_then(|moved| self.roster.find_room(moved.room?));
        let told = words::Told {
            name,
            first_at: first.map(|(at, _)| at.name.in_language(language, fallback)),
            moved_to: room.map(|name| name.in_language(language, fallback)),
            now: (now, self.roster.zone()),
        };
        words::verdict(verdict, &told, language)
    }

    /// What is known of a guest in a use: from the server, and from what was scanned here since.
    fn presence(&self, of: Use, guest: GuestIndex) -> Presence {
        self.admission(of, guest).map(Presence::from).unwrap_or_default()
    }

    /// That a guest was let in to a use.
    pub(super) fn admission(&self, of: Use, guest: GuestIndex) -> Option<&Admission> {
        self.own.find(of, guest).unwrap_or_else(|| self.roster.admission(of, guest))
    }

    /// How many are inside, of all, in the vehicle and of the delegation, where that is bounded.
    fn limits(
        &self,
        (of, area): (Use, &AccessArea),
        (subject, known): (Option<&Subject>, Option<&RosterGuest>),
    ) -> Vec<Limit> {
        let seats = self.roster.places().vehicle(self.checkpoint).and_then(|(id, vehicle)| Some((id, vehicle.seats?)));
        let delegation = known.and_then(|known| known.delegation);
        let most = delegation.zip(subject).and_then(|(delegation, subject)| {
            let limits = self.roster.places().delegations.get(&delegation)?;
            Some((delegation, limits.most_inside((subject.collection, subject.id))?))
        });
        if area.capacity.is_none() && seats.is_none() && most.is_none() {
            return Vec::new();
        }
        let inside = self.list_inside(of);
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut limits = Vec::new();
        if let Some(at_most) = area.capacity {
            limits.push(Limit { of: LimitOf::Area, inside: count(inside.len()), at_most });
        }
        if let Some((vehicle, at_most)) = seats {
            limits.push(Limit {
                of: LimitOf::Vehicle,
                inside: count(self.count_aboard((of, vehicle), &inside)),
                at_most,
            });
        }
        if let Some((delegation, at_most)) = most {
            let is_theirs = |guest: &&GuestIndex| self.roster.delegation_of(**guest) == Some(delegation);
            limits.push(Limit {
                of: LimitOf::Delegation,
                inside: count(inside.iter().filter(is_theirs).count()),
                at_most,
            });
        }
        limits
    }

    /// Who is inside, by the server and by what was scanned here since.
    pub(super) fn list_inside(&self, of: Use) -> HashSet<GuestIndex> {
        let mut inside: HashSet<GuestIndex> = self.roster.list_inside(of).collect();
        for (guest, admission) in self.own.list(of) {
            if admission.is_some_and(|one| one.is_inside) {
                inside.insert(guest)
            } else {
                inside.remove(&guest)
            };
        }
        inside
    }

    /// How many of these came by the doors of a vehicle.
    pub(super) fn count_aboard(&self, (of, vehicle): (Use, RecordId), guests: &HashSet<GuestIndex>) -> usize {
        let came_by = |guest: &&GuestIndex| {
            let checkpoint = self.admission(of, **guest).map(|one| one.first.checkpoint);
            checkpoint.and_then(|at| self.roster.places().vehicle(at)).is_some_and(|(id, _)| id == vehicle)
        };
        guests.iter().filter(came_by).count()
    }
}
