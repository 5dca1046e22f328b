//! Who belongs to a crowd: the same people for the same number and seed, on every machine.

use rand::Rng;
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha12Rng;
use shared::registration::RegistrationStatus as Status;

use super::countries::{COUNTRIES, Country};
use super::names::draw_name;

/// The delegates of each country beside its head, as long as the crowd is large enough.
const DELEGATES_OF_A_COUNTRY: usize = 5;

/// How many of a crowd are guests of the special events: one in so many.
const GUEST_EVERY: usize = 14;

/// In how many of those who are of the dialogue as well the clinic has a speaker: one in so many.
const SPEAKER_EVERY: usize = 9;

/// What somebody comes as.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Head of a delegation.
    Minister,
    /// Of a delegation, in the dialogue.
    Delegate,
    /// Of a special event.
    Guest,
    /// Of the clinic.
    Participant,
}

impl Kind {
    /// The slug of the category.
    pub fn category(self) -> &'static str {
        match self {
            Self::Minister => "ministers",
            Self::Delegate => "delegates",
            Self::Guest => "special-guests",
            Self::Participant => "participants",
        }
    }
}

/// Somebody of a crowd.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// What they are known by in the file.
    pub external_id: String,
    /// The name, or what stands in its place.
    pub name: String,
    /// Whether there is no name yet.
    pub is_placeholder: bool,
    /// What they come as.
    pub kind: Kind,
    /// Where from.
    pub country: Country,
    /// Whether they are the second of their delegation.
    pub is_alternate: bool,
    /// Whether they speak in the clinic beside what they come as.
    pub is_speaker: bool,
    /// Their position.
    pub position: &'static str,
    /// Where their registration stands.
    pub status: Status,
    /// Their own address.
    pub email: Option<String>,
    /// The address of whoever acts for them.
    pub assistant: Option<String>,
}

const OFFICES: &[&str] =
    &["Vice Minister", "Director of Public Safety", "Adviser to the Minister", "Head of International Affairs"];

const TRADES: &[&str] = &[
    "Crime analyst",
    "Criminologist",
    "Data engineer",
    "Mayor",
    "Police commander",
    "Prosecutor",
    "Researcher",
    "Social worker",
    "Urban planner",
];

/// The people of a crowd of `count`, in the order in which they register.
pub fn call(count: usize, seed: u64) -> Vec<Person> {
    let mut lot = ChaCha12Rng::seed_from_u64(seed);
    let official = (COUNTRIES.len() * (1 + DELEGATES_OF_A_COUNTRY)).min(count);
    (0..count)
        .map(|number| {
            let country = if number < official {
                COUNTRIES[number % COUNTRIES.len()]
            } else {
                *COUNTRIES.choose(&mut lot).unwrap_or(&COUNTRIES[0])
            };
            draw_person(&mut lot, (number, seed), (country, kind_of(number, official)))
        })
        .collect()
}

fn kind_of(number: usize, official: usize) -> Kind {
    if number < COUNTRIES.len().min(official) {
        Kind::Minister
    } else if number < official {
        Kind::Delegate
    } else if number.is_multiple_of(GUEST_EVERY) {
        Kind::Guest
    } else {
        Kind::Participant
    }
}

fn draw_person(lot: &mut impl Rng, (number, seed): (usize, u64), (country, kind): (Country, Kind)) -> Person {
    let row = number / COUNTRIES.len();
    let is_minister = kind == Kind::Minister;
    let is_placeholder = is_minister && lot.random_ratio(1, 9);
    let name = draw_name(lot, country.language);
    let cabinet = format!("cabinet-{}-{seed}@crowd.invalid", country.code.to_lowercase());
    let own = format!("person-{seed}-{number}@crowd.invalid");
    Person {
        external_id: format!("crowd-{seed}-{number}"),
        name: if is_placeholder { format!("Minister of {} or representative", country.english) } else { name },
        is_placeholder,
        is_alternate: kind == Kind::Delegate && row == 1,
        is_speaker: kind == Kind::Delegate && lot.random_ratio(1, SPEAKER_EVERY as u32),
        position: match kind {
            Kind::Minister => "Minister of Public Security",
            Kind::Delegate => OFFICES.choose(lot).copied().unwrap_or_default(),
            Kind::Guest | Kind::Participant => TRADES.choose(lot).copied().unwrap_or_default(),
        },
        status: draw_status(lot, kind),
        email: (!is_minister).then_some(own),
        assistant: is_minister.then_some(cabinet),
        kind,
        country,
    }
}

fn draw_status(lot: &mut impl Rng, kind: Kind) -> Status {
    if matches!(kind, Kind::Minister | Kind::Delegate) {
        return Status::Confirmed;
    }
    match lot.random_range(0..100) {
        0..84 => Status::Confirmed,
        84..90 => Status::Requested,
        _ => Status::Invited,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn count(people: &[Person], is_meant: impl Fn(&Person) -> bool) -> usize {
        people.iter().filter(|person| is_meant(person)).count()
    }

    #[test]
    fn a_seed_always_calls_the_same_people_and_another_one_others() {
        let first = call(640, 7);
        assert_eq!(first, call(640, 7));
        let names = |people: &[Person]| people.iter().map(|person| person.name.clone()).collect::<Vec<_>>();
        assert_ne!(names(&first), names(&call(640, 8)));
        assert_eq!(first[30].name, "Octavio Huenchul Ugarte", "on every machine, and in every version");
    }

    #[test]
    fn every_country_sends_a_head_an_alternate_and_delegates() {
        let people = call(640, 1);
        assert_eq!(people.len(), 640);
        for country in COUNTRIES {
            let of = |kind| count(&people, |person| person.country == country && person.kind == kind);
            assert_eq!((of(Kind::Minister), of(Kind::Delegate)), (1, DELEGATES_OF_A_COUNTRY), "{}", country.code);
            assert_eq!(count(&people, |person| person.country == country && person.is_alternate), 1);
        }
        assert!(count(&people, |person| person.is_placeholder) > 0);
        let ids: BTreeSet<_> = people.iter().map(|person| &person.external_id).collect();
        assert_eq!(ids.len(), people.len());
    }

    #[test]
    fn a_small_crowd_is_of_heads_first() {
        assert_eq!(count(&call(10, 1), |person| person.kind == Kind::Minister), 10);
        assert_eq!(call(0, 1), []);
    }
}
