//! Registrations that may be one person's. They are shown, and never merged: who they are is for an
//! organiser to find out.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use shared::ids::{AttendeeId, RecordId};
use shared::registration::RegistrationStatus;

use super::likeness::{NameIndex, have_a_word_in_common};

/// What tells who somebody is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Identity {
    /// Who.
    pub attendee: AttendeeId,
    /// Their name.
    pub name: String,
    /// Their address in lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What they are known by where the organisers' lists come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Their category.
    pub category: RecordId,
    /// Their delegation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegation: Option<RecordId>,
    /// Where their registration stands.
    pub status: RegistrationStatus,
}

/// Why registrations may be one person's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// One address, and a word of the name in common; without that it is a mailbox of several.
    Email,
    /// One id where the organisers' lists come from.
    ExternalId,
    /// Names that are alike, within one delegation or outside of all.
    Name,
}

/// Registrations that may be one person's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Duplicates {
    /// Whose they are, in the order in which they were entered.
    pub attendees: Vec<Identity>,
    /// Why.
    pub reasons: BTreeSet<Reason>,
}

/// Finds registrations that may be one person's, the earliest entered first. Who is like one of a
/// group is in the group.
pub fn find_duplicates(people: &[Identity]) -> Vec<Duplicates> {
    let mut groups = Groups::of(people.len());
    let shared = |key: fn(&Identity) -> Option<&String>| {
        let mut by_key: BTreeMap<&String, Vec<usize>> = BTreeMap::new();
        for (place, person) in people.iter().enumerate() {
            if let Some(key) = key(person) {
                by_key.entry(key).or_default().push(place);
            }
        }
        by_key.into_values().filter(|places| places.len() > 1)
    };
    for places in shared(|person| person.external_id.as_ref()) {
        places[1..].iter().for_each(|place| groups.join(places[0], *place, Reason::ExternalId));
    }
    for places in shared(|person| person.email.as_ref()) {
        for (at, one) in places.iter().enumerate() {
            let named = places[at + 1..]
                .iter()
                .filter(|other| have_a_word_in_common(&people[*one].name, &people[**other].name));
            named.for_each(|other| groups.join(*one, *other, Reason::Email));
        }
    }
    let mut by_delegation: BTreeMap<Option<RecordId>, Vec<usize>> = BTreeMap::new();
    for (place, person) in people.iter().enumerate() {
        by_delegation.entry(person.delegation).or_default().push(place);
    }
    for places in by_delegation.into_values() {
        let index = NameIndex::of(places.iter().map(|place| people[*place].name.as_str()));
        for (at, place) in places.iter().enumerate() {
            let others = index.find_like(&people[*place].name).into_iter().filter(|other| *other != at);
            others.for_each(|other| groups.join(*place, places[other], Reason::Name));
        }
    }
    groups.list(people)
}

/// People who belong together, as a forest: each has one of its group before it, or itself.
struct Groups {
    before: Vec<usize>,
    reasons: BTreeMap<usize, BTreeSet<Reason>>,
}

impl Groups {
    fn of(count: usize) -> Self {
        Self { before: (0..count).collect(), reasons: BTreeMap::new() }
    }

    fn first(&mut self, mut place: usize) -> usize {
        while self.before[place] != place {
            self.before[place] = self.before[self.before[place]];
            place = self.before[place];
        }
        place
    }

    fn join(&mut self, one: usize, other: usize, reason: Reason) {
        let (one, other) = (self.first(one), self.first(other));
        let (first, later) = (one.min(other), one.max(other));
        self.before[later] = first;
        let joined = self.reasons.remove(&later).unwrap_or_default();
        let reasons = self.reasons.entry(first).or_default();
        reasons.extend(joined);
        reasons.insert(reason);
    }

    fn list(mut self, people: &[Identity]) -> Vec<Duplicates> {
        let mut members: BTreeMap<usize, Vec<Identity>> = BTreeMap::new();
        for (place, person) in people.iter().enumerate() {
            let first = self.first(place);
            members.entry(first).or_default().push(person.clone());
        }
        let reasons = self.reasons;
        let group = |(first, attendees): (usize, Vec<Identity>)| {
            Some(Duplicates { attendees, reasons: reasons.get(&first)?.clone() })
        };
        members.into_iter().filter_map(group).collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person(number: u128, name: &str, (email, external_id): (&str, &str), delegation: u128) -> Identity {
        let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Identity {
            attendee: AttendeeId(Uuid::from_u128(number)),
            name: name.to_owned(),
            email: said(email),
            external_id: said(external_id),
            category: RecordId(Uuid::nil()),
            delegation: Some(RecordId(Uuid::from_u128(delegation))).filter(|_| delegation > 0),
            status: RegistrationStatus::Confirmed,
        }
    }

    fn found(people: &[Identity]) -> Vec<(Vec<u128>, Vec<Reason>)> {
        let number = |person: &Identity| person.attendee.0.as_u128();
        let group = |one: Duplicates| (one.attendees.iter().map(number).collect(), one.reasons.into_iter().collect());
        find_duplicates(people).into_iter().map(group).collect()
    }

    #[test]
    fn people_are_together_by_each_reason_and_all_of_them() {
        let people = [
            person(1, "Ana Soto", ("ana@example.org", "P-1"), 1),
            person(2, "Bruno Díaz", ("", "P-9"), 0),
            person(3, "SOTO, ANA", ("", ""), 1),
            person(4, "Ana S. Rojas", ("ana@example.org", ""), 2),
            person(5, "B. D.", ("", "P-9"), 0),
            person(6, "Carla Rojas", ("", ""), 1),
        ];
        let expected = [(vec![1, 3, 4], vec![Reason::Email, Reason::Name]), (vec![2, 5], vec![Reason::ExternalId])];
        assert_eq!(found(&people), expected);
    }

    #[test]
    fn a_mailbox_of_several_and_namesakes_of_two_delegations_are_no_duplicates() {
        let people = [
            person(1, "Ana Soto", ("desk@example.org", ""), 1),
            person(2, "Bruno Díaz", ("desk@example.org", ""), 1),
            person(3, "Ana Soto", ("", ""), 2),
            person(4, "Ana Soto", ("", ""), 0),
        ];
        assert_eq!(found(&people), []);
        assert_eq!(found(&[]), []);
    }
}
