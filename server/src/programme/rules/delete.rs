//! Taking a record away for good.

use shared::problem_code::ProblemCode;
use shared::programme::validation::references;
use shared::programme::{Collection, Programme, Record, RecordEdit, RecordKey};

use super::Refusal;

/// How many of the records that refer to another one a refusal names.
const MOST_NAMED: usize = 20;

/// Deletes a record that no other refers to. The event itself stays.
pub fn delete(programme: &Programme, key: RecordKey) -> Result<Vec<RecordEdit>, Refusal> {
    if programme.find(key.0, key.1).is_none() {
        return Err(super::refusal(ProblemCode::NotFound, "", "There is no such record in this event."));
    }
    if key.0 == Collection::Events {
        return Err(super::refusal(ProblemCode::WrongState, "", "The event itself cannot be deleted."));
    }
    let referrers = list_referrers(programme, key);
    if referrers.is_empty() {
        return Ok(vec![RecordEdit::Remove { key }]);
    }
    let mut named: Vec<String> = referrers
        .iter()
        .take(MOST_NAMED)
        .map(|(record, field)| format!("{} {} ({field})", record.body.collection(), record.body.slug()))
        .collect();
    if referrers.len() > MOST_NAMED {
        named.push(format!("{} more", referrers.len() - MOST_NAMED));
    }
    let detail = format!("It is still referred to by {}.", named.join(", "));
    Err(super::refusal(ProblemCode::StillReferenced, "", detail))
}

/// The other records that refer to `key`, by collection and id, each with the first field that
/// does, as a JSON pointer.
pub fn list_referrers(programme: &Programme, key: RecordKey) -> Vec<(&Record, String)> {
    programme
        .iter()
        .filter(|(referrer, _)| **referrer != key)
        .filter_map(|(_, record)| {
            let (field, _) = references(&record.body).into_iter().find(|(_, referred)| *referred == key)?;
            Some((record.as_ref(), field))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::programme::sketch::{Sketch, id};

    fn sketch() -> Sketch {
        Sketch::new().venue("club", &[("club", 0)]).room("library", "club", json!({})).session(
            "reality",
            ("26 18:00", "26 19:30"),
            json!({"room": id("library")}),
        )
    }

    #[test]
    fn what_nothing_refers_to_is_deleted() {
        let programme = sketch().programme;
        let key = (Collection::Sessions, id("reality"));
        let after = programme.with_edits(&delete(&programme, key).unwrap(), 2);
        assert_eq!(after.session(id("reality")), None);
        assert_eq!(after.len(), programme.len() - 1);
    }

    #[test]
    fn what_is_referred_to_is_not_deleted_and_the_refusal_says_by_whom() {
        let refusal = delete(&sketch().programme, (Collection::Rooms, id("library"))).unwrap_err();
        assert_eq!(refusal.code, ProblemCode::StillReferenced);
        assert_eq!(refusal.detail, "It is still referred to by sessions reality (/room).");
    }

    #[test]
    fn a_record_that_refers_to_itself_can_go() {
        let programme = Sketch::new().venue("club", &[("club", 0)]).programme;
        let key = (Collection::Venues, id("club"));
        assert_eq!(delete(&programme, key).unwrap(), [RecordEdit::Remove { key }]);
    }

    #[test]
    fn the_event_stays_and_what_is_not_there_is_not_found() {
        let programme = sketch().programme;
        let refused = |collection, slug| delete(&programme, (collection, id(slug))).unwrap_err().code;
        assert_eq!(refused(Collection::Events, "csw-2018"), ProblemCode::WrongState);
        assert_eq!(refused(Collection::Rooms, "cellar"), ProblemCode::NotFound);
    }
}
