//! Where transfers lead from and to.

use std::collections::BTreeSet;

use crate::ids::RecordId;
use crate::programme::{InvalidBody, Session, Transfer, ValueProblem};

/// The fields of a session, as JSON pointers, by which a transfer leaves from itself, or after one that leaves after it, or
/// leads to what leads to it. `transfer_of` is what the sessions beside it say.
pub fn endless_ways<'a>(
    (id, session): (RecordId, &'a Session),
    transfer_of: &dyn Fn(RecordId) -> Option<&'a Transfer>,
) -> Vec<InvalidBody> {
    type Next = fn(&Transfer) -> Option<RecordId>;
    let ways: [(&str, Next); 2] = [("/transfer/after", |way| way.after), ("/transfer/before", |way| way.before)];
    let leads_back = |next: Next| {
        let mut seen = BTreeSet::new();
        let mut at = session.transfer.as_ref().and_then(next);
        while let Some(this) = at.filter(|this| *this != id) {
            at = if seen.insert(this) { transfer_of(this).and_then(next) } else { None };
        }
        at.is_some()
    };
    let endless = ways.into_iter().filter(|(_, next)| leads_back(*next));
    endless.map(|(field, _)| InvalidBody { field: field.to_owned(), problem: ValueProblem::LeadsBack }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::programme::{Collection, RecordBody};

    fn transfer(leads: serde_json::Value) -> Session {
        let body = json!({ "slug": "t", "kind": "transfer", "title": { "en": "T" }, "state": "published",
            "transfer": leads });
        match RecordBody::from_json(Collection::Sessions, body).unwrap() {
            RecordBody::Sessions(session) => session,
            _ => unreachable!("a session is read"),
        }
    }

    #[test]
    fn a_way_that_leads_back_to_its_transfer_has_no_end() {
        let [one, two, three, four, talk] = [1, 2, 3, 4, 5].map(|n| RecordId(Uuid::from_u128(n)));
        let sessions = [
            (one, transfer(json!({ "after": one, "before": two }))),
            (two, transfer(json!({ "after": three, "before": talk }))),
            (three, transfer(json!({ "after": two }))),
            // Behind a circle that others make, and in none itself.
            (four, transfer(json!({ "after": three, "before": one }))),
        ];
        let find = |id: RecordId| sessions.iter().find(|(known, _)| *known == id).map(|(_, session)| session);
        let faults = |id: RecordId| -> Vec<String> {
            let ways = endless_ways((id, find(id).unwrap()), &|id| find(id)?.transfer.as_ref());
            ways.into_iter().map(|fault| fault.field).collect()
        };
        assert_eq!(faults(one), ["/transfer/after"]);
        assert_eq!(faults(two), ["/transfer/after"]);
        assert_eq!(faults(three), ["/transfer/after"]);
        assert_eq!(faults(four), [""; 0]);
    }
}
