//! Which attendee a row of a file is.

use std::collections::BTreeSet;

use shared::ids::{AttendeeId, RecordId};

use super::reach::Reach;
use crate::formats::people::{PersonRow, fold};

/// Somebody whom a row may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The attendee.
    pub attendee: AttendeeId,
    /// Their name.
    pub name: String,
    /// The id where files come from.
    pub external_id: Option<String>,
    /// Their addresses in lower case: what their registration says, and their own account's.
    pub emails: BTreeSet<String>,
    /// Their delegation.
    pub delegation: Option<RecordId>,
}

/// Who a row is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// Nobody who is there.
    Nobody,
    /// This attendee.
    Attendee(AttendeeId),
    /// The row names an attendee who is not there, or whom the file's owner does not reach.
    Missing,
    /// It cannot be told which of several.
    Several,
}

/// Finds who a row is: by the attendee's id, else by the id of where the file comes from, else by
/// address, else by name and delegation.
///
/// An address that several have (a secretariat's) tells together with the name. One that a single
/// person has tells alone as long as the names have a word in common: that is a corrected name, and
/// two without a common word are two people with one mailbox.
pub fn recognise(row: &PersonRow, candidates: &[Candidate], reach: &Reach) -> Found {
    let mut reached = candidates.iter().filter(|candidate| reach.has(candidate.delegation));
    if let Some(id) = row.attendee {
        let found = reached.find(|candidate| candidate.attendee == id);
        return found.map_or(Found::Missing, |candidate| Found::Attendee(candidate.attendee));
    }
    let reached: Vec<&Candidate> = reached.collect();
    if let Some(id) = &row.external_id {
        let same: Vec<_> = reached.iter().copied().filter(|known| known.external_id.as_ref() == Some(id)).collect();
        if !same.is_empty() {
            return one_of(&same);
        }
    }
    // Who has another id is another person, whatever else is the same.
    let is_compatible = |known: &&Candidate| row.external_id.is_none() || known.external_id.is_none();
    let reached: Vec<&Candidate> = reached.into_iter().filter(is_compatible).collect();
    let has_name = |known: &Candidate| row.name.as_deref() == Some(known.name.as_str());
    if let Some(email) = row.details.email.as_deref().map(str::to_lowercase) {
        let same: Vec<_> = reached.iter().copied().filter(|known| known.emails.contains(&email)).collect();
        match same.as_slice() {
            [] => {}
            [known] if !row.is_email_shared => {
                let is_same = row.name.as_deref().is_none_or(|name| have_a_word_in_common(name, &known.name));
                return if is_same { Found::Attendee(known.attendee) } else { Found::Nobody };
            }
            several => {
                let named: Vec<_> = several.iter().copied().filter(|known| has_name(known)).collect();
                return one_of(&named);
            }
        }
    }
    let delegation = row.delegation.or_else(|| reach.only_delegation());
    let is_same = |known: &&Candidate| {
        has_name(known) && known.delegation == delegation && (known.emails.is_empty() || row.details.email.is_none())
    };
    one_of(&reached.into_iter().filter(is_same).collect::<Vec<_>>())
}

fn one_of(candidates: &[&Candidate]) -> Found {
    match candidates {
        [] => Found::Nobody,
        [one] => Found::Attendee(one.attendee),
        _ => Found::Several,
    }
}

fn have_a_word_in_common(one: &str, other: &str) -> bool {
    let other = fold(other);
    fold(one).split(' ').any(|word| word.chars().count() > 1 && other.split(' ').any(|known| known == word))
}

#[cfg(test)]
mod tests {
    use shared::registration::Details;
    use uuid::Uuid;

    use super::*;

    fn known(number: u128, name: &str, email: Option<&str>) -> Candidate {
        Candidate {
            attendee: AttendeeId(Uuid::from_u128(number)),
            name: name.to_owned(),
            external_id: None,
            emails: email.map(str::to_owned).into_iter().collect(),
            delegation: None,
        }
    }

    fn row(name: &str, email: Option<&str>) -> PersonRow {
        let details = Details { email: email.map(str::to_owned), ..Details::default() };
        PersonRow { name: Some(name.to_owned()), details, ..PersonRow::default() }
    }

    fn found(row: &PersonRow, candidates: &[Candidate]) -> Found {
        recognise(row, candidates, &Reach::Everybody)
    }

    fn attendee(number: u128) -> Found {
        Found::Attendee(AttendeeId(Uuid::from_u128(number)))
    }

    #[test]
    fn an_id_tells_before_an_address_and_an_address_before_a_name() {
        let mut by_id = known(1, "Ana Soto", Some("old@example.org"));
        by_id.external_id = Some("P-1".to_owned());
        let people = [by_id, known(2, "Ana Soto", Some("ana@example.org")), known(3, "Ana Soto", None)];
        let said = PersonRow { external_id: Some("P-1".to_owned()), ..row("Ana Soto", Some("ana@example.org")) };
        assert_eq!(found(&said, &people), attendee(1));
        assert_eq!(found(&row("Ana Soto", Some("ANA@example.org")), &people), attendee(2));
        assert_eq!(
            found(&PersonRow { external_id: Some("P-2".to_owned()), ..row("Ana Soto", None) }, &people[..1]),
            Found::Nobody
        );
        assert_eq!(found(&row("Ana Soto", Some("new@example.org")), &people), attendee(3));
        assert_eq!(found(&row("Ana Soto", None), &people), Found::Several);
    }

    #[test]
    fn an_address_tells_alone_while_the_names_have_a_word_in_common() {
        let people = [known(1, "José Nuñez", Some("jose@example.org"))];
        assert_eq!(found(&row("JOSE NUÑEZ PEREZ", Some("jose@example.org")), &people), attendee(1));
        assert_eq!(found(&row("Carla Díaz", Some("jose@example.org")), &people), Found::Nobody);
        let nameless = PersonRow { name: None, ..row("", Some("jose@example.org")) };
        assert_eq!(found(&nameless, &people), attendee(1));
    }

    #[test]
    fn an_address_of_several_tells_together_with_the_name() {
        let people = [known(1, "Ana Soto", Some("desk@example.org")), known(2, "Bruno Soto", Some("desk@example.org"))];
        assert_eq!(found(&row("Bruno Soto", Some("desk@example.org")), &people), attendee(2));
        assert_eq!(found(&row("Carla Soto", Some("desk@example.org")), &people), Found::Nobody);
        let shared = PersonRow { is_email_shared: true, ..row("Ana María Soto", Some("desk@example.org")) };
        assert_eq!(found(&shared, &people[..1]), Found::Nobody);
    }

    #[test]
    fn a_name_tells_within_one_delegation() {
        let chile = RecordId(Uuid::from_u128(50));
        let member = Candidate { delegation: Some(chile), ..known(1, "Ana Soto", None) };
        let said = PersonRow { delegation: Some(chile), ..row("Ana Soto", None) };
        assert_eq!(found(&said, std::slice::from_ref(&member)), attendee(1));
        assert_eq!(found(&row("Ana Soto", None), std::slice::from_ref(&member)), Found::Nobody);
        let own = Reach::Delegations(BTreeSet::from([chile]));
        assert_eq!(recognise(&row("Ana Soto", None), &[member], &own), attendee(1));
    }

    #[test]
    fn whom_somebody_does_not_reach_is_not_there_for_them() {
        let own = Reach::Delegations(BTreeSet::from([RecordId(Uuid::from_u128(50))]));
        let other =
            Candidate { delegation: Some(RecordId(Uuid::from_u128(51))), ..known(1, "Ana", Some("ana@example.org")) };
        let by_id = PersonRow { attendee: Some(other.attendee), ..row("Ana", None) };
        assert_eq!(recognise(&by_id, std::slice::from_ref(&other), &own), Found::Missing);
        assert_eq!(recognise(&row("Ana", Some("ana@example.org")), &[other], &own), Found::Nobody);
    }
}
