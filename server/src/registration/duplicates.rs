//! Registrations that may be one person's. They are shown, and never merged: who they are is for an
//! organiser to find out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::QueryResult;
use serde::Serialize;
use shared::ids::{AttendeeId, RecordId};
use shared::registration::RegistrationStatus;

use super::likeness::{NameIndex, key_of, long_words_of};
use super::store::list_identities;
use crate::sync::change_log::Unit;

/// The most registrations of a group that are shown.
const MOST_SHOWN: usize = 50;

/// What tells who somebody is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Identity {
    /// Who.
    pub attendee: AttendeeId,
    /// Their name.
    pub name: String,
    /// Their address in lower case: what their registration says, else their own account's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The address of their own account.
    #[serde(skip)]
    pub account_email: Option<String>,
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

impl Identity {
    /// Their addresses.
    fn emails(&self) -> BTreeSet<&String> {
        self.email.iter().chain(&self.account_email).collect()
    }
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
    /// Whose they are, in the order in which they were entered; the first of them where there are many.
    pub attendees: Vec<Identity>,
    /// How many there are.
    pub attendee_count: usize,
    /// Why.
    pub reasons: BTreeSet<Reason>,
}

/// Finds registrations that may be one person's, the earliest entered first. Who is like one of a
/// group is in the group.
pub fn find_duplicates(people: &[Identity]) -> Vec<Duplicates> {
    let mut groups = Groups::of(people.len());
    let by_external_id = people.iter().map(|person| person.external_id.clone().into_iter().collect());
    groups.join_by(by_external_id, Reason::ExternalId);
    // A mailbox and a word of the name together: nobody is compared with everybody of a large office.
    let by_email = people.iter().map(|person| {
        let emails = person.emails().into_iter();
        emails
            .flat_map(|email| long_words_of(&person.name).into_iter().map(move |word| format!("{email} {word}")))
            .collect()
    });
    groups.join_by(by_email, Reason::Email);
    let mut by_delegation: BTreeMap<Option<RecordId>, BTreeMap<String, Vec<usize>>> = BTreeMap::new();
    for (place, person) in people.iter().enumerate() {
        let names = by_delegation.entry(person.delegation).or_default();
        names.entry(key_of(&person.name)).or_default().push(place);
    }
    for names in by_delegation.into_values() {
        join_names(&mut groups, names);
    }
    groups.list(people)
}

/// Who may be the same person as somebody who is registered now: by an address and a word of the name, or by
/// a name that is like theirs, within one delegation or outside of all.
pub fn list_like(
    unit: &mut Unit<'_>,
    (name, email, delegation): (&str, Option<&str>, Option<RecordId>),
) -> QueryResult<Vec<AttendeeId>> {
    let people = list_identities(unit.connection, unit.group.event)?;
    Ok(find_like(&people, (name, email, delegation)))
}

fn find_like(
    people: &[Identity],
    (name, email, delegation): (&str, Option<&str>, Option<RecordId>),
) -> Vec<AttendeeId> {
    let email = email.map(|email| email.trim().to_lowercase());
    let words: BTreeSet<String> = long_words_of(name).into_iter().collect();
    // Whoever has no word in common is not looked at any closer.
    let shares_word = |person: &&Identity| long_words_of(&person.name).iter().any(|word| words.contains(word));
    let near: Vec<&Identity> = people.iter().filter(shares_word).collect();
    let index = NameIndex::of([name]);
    let is_like = |person: &&&Identity| {
        let has_address = email.as_ref().is_some_and(|email| person.emails().contains(email));
        has_address || (person.delegation == delegation && !index.find_like(&person.name).is_empty())
    };
    near.iter().filter(is_like).take(MOST_SHOWN).map(|person| person.attendee).collect()
}

/// Joins people of one name, and then whose names are alike. Each name is looked up once.
fn join_names(groups: &mut Groups, mut names: BTreeMap<String, Vec<usize>>) {
    names.remove("");
    let index = NameIndex::of(names.keys().map(String::as_str));
    let first: Vec<usize> = names.values().map(|places| places[0]).collect();
    for (name, places) in &names {
        places[1..].iter().for_each(|place| groups.join(places[0], *place, Reason::Name));
        let alike = index.find_like(name).into_iter().map(|at| first[at]).filter(|other| *other != places[0]);
        alike.for_each(|other| groups.join(places[0], other, Reason::Name));
    }
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

    /// Joins people who have a key in common.
    fn join_by(&mut self, keys: impl Iterator<Item = Vec<String>>, reason: Reason) {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (place, keys) in keys.enumerate() {
            for key in keys {
                let first = *seen.entry(key).or_insert(place);
                if first != place {
                    self.join(first, place, reason);
                }
            }
        }
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
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for place in 0..people.len() {
            let first = self.first(place);
            members.entry(first).or_default().push(place);
        }
        let reasons = self.reasons;
        let group = |(first, places): (usize, Vec<usize>)| {
            let attendees = places.iter().take(MOST_SHOWN).map(|place| people[*place].clone()).collect();
            Some(Duplicates { attendees, attendee_count: places.len(), reasons: reasons.get(&first)?.clone() })
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
            account_email: None,
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

    #[test]
    fn whoever_walks_in_may_be_somebody_by_address_or_name() {
        let people = [
            person(1, "Ana Soto Díaz", ("ana@example.org", ""), 1),
            person(2, "Ana Soto", ("", ""), 0),
            person(3, "Bruno Díaz", ("desk@example.org", ""), 0),
        ];
        let like = |name: &str, email: Option<&str>| -> Vec<u128> {
            find_like(&people, (name, email, None)).into_iter().map(|id| id.0.as_u128()).collect()
        };
        assert_eq!(like("SOTO, Ana", None), [2], "the other is a delegation's");
        assert_eq!(like("Ana Soto", Some("Ana@example.org")), [1, 2]);
        assert_eq!(like("Carla Rojas", Some("desk@example.org")), [], "a mailbox of several");
    }

    #[test]
    fn thousands_of_one_name_in_one_mailbox_are_one_group() {
        let crowd: Vec<Identity> =
            (1..=5_000).map(|number| person(number, "Somebody Else", ("desk@example.org", ""), 1)).collect();
        let groups = find_duplicates(&crowd);
        assert_eq!((groups.len(), groups[0].attendees.len(), groups[0].attendee_count), (1, MOST_SHOWN, 5_000));
    }
}
