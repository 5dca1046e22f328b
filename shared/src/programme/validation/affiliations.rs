//! Which of a person's affiliations a session prints beside them.

use crate::ids::RecordId;
use crate::programme::{InvalidBody, Session, ValueProblem};

/// The fields of a session, as JSON pointers, that choose an affiliation which the person does not
/// have. `count_of` says how many a person has; nothing is said of people whom it does not know.
pub fn missing_affiliations(session: &Session, count_of: &dyn Fn(RecordId) -> Option<usize>) -> Vec<InvalidBody> {
    let talks = session.talks.iter().enumerate().map(|(index, talk)| (format!("/talks/{index}"), &talk.people));
    let lists = [(String::new(), &session.people)].into_iter().chain(talks);
    let mut faults = Vec::new();
    for (pointer, people) in lists {
        for (index, person) in people.iter().enumerate() {
            let (Some(chosen), Some(count)) = (person.affiliation, count_of(person.person)) else { continue };
            if usize::try_from(chosen).map_or(true, |chosen| chosen >= count) {
                let field = format!("{pointer}/people/{index}/affiliation");
                faults.push(InvalidBody { field, problem: ValueProblem::NoSuchAffiliation { count } });
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::programme::{Collection, RecordBody};

    #[test]
    fn what_is_chosen_must_be_one_of_those_that_the_person_has() {
        let [one, none, unknown] = [1, 2, 3].map(|n| RecordId(Uuid::from_u128(n)));
        let person = |person, affiliation: u32| json!({ "person": person, "role": "host", "affiliation": affiliation });
        let talk = json!({ "slug": "talk", "title": { "en": "Talk" }, "people": [person(one, 0), person(none, 0)] });
        let body = json!({ "slug": "s", "kind": "session", "title": { "en": "S" }, "state": "published",
            "people": [person(one, 0), person(one, 1), person(unknown, 7)], "talks": [talk] });
        let RecordBody::Sessions(session) = RecordBody::from_json(Collection::Sessions, body).unwrap() else {
            panic!()
        };
        let count_of =
            |person| [(one, 1), (none, 0)].into_iter().find(|(known, _)| *known == person).map(|(_, count)| count);
        let fields: Vec<String> =
            missing_affiliations(&session, &count_of).into_iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["/people/1/affiliation", "/talks/0/people/1/affiliation"]);
    }
}
