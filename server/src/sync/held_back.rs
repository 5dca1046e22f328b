//! What is to be tried again in its order (invariant I7 of the protocol).

use std::collections::BTreeSet;

use shared::ids::MutationId;
use shared::sync::Mutation;

/// Mutations that were answered `retry`: what sets the same row waits for them, and what depends on them.
#[derive(Clone, Default)]
pub(super) struct HeldBack {
    ids: BTreeSet<MutationId>,
    subjects: BTreeSet<String>,
}

impl HeldBack {
    /// Adds one that was answered so.
    pub(super) fn add(&mut self, mutation: &Mutation) {
        self.ids.insert(mutation.id);
        self.subjects.extend(subject(mutation));
    }

    /// Whether it has to wait for one of these.
    pub(super) fn holds(&self, mutation: &Mutation) -> bool {
        mutation.depends_on.is_some_and(|id| self.ids.contains(&id))
            || subject(mutation).is_some_and(|subject| self.subjects.contains(&subject))
    }
}

/// The row that a mutation sets, as far as its arguments name it.
fn subject(mutation: &Mutation) -> Option<String> {
    let domain = mutation.op.split('.').next().unwrap_or_default();
    let id = ["id", "session", "room"].iter().find_map(|name| mutation.args.get(*name)?.as_str());
    let attendee = mutation.for_attendee.map(|attendee| attendee.to_string());
    if id.is_none() && attendee.is_none() {
        return None;
    }
    Some(format!("{domain} {} {}", attendee.unwrap_or_default(), id.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    fn mutation(op: &str, args: Value) -> Mutation {
        serde_json::from_value(json!({ "id": Uuid::new_v4(), "op": op, "for": Uuid::nil(), "args": args })).unwrap()
    }

    #[test]
    fn what_sets_the_same_row_or_depends_on_it_waits_and_nothing_else() {
        let mut held = HeldBack::default();
        let [one, other] = [Uuid::new_v4(), Uuid::new_v4()];
        let first = mutation("note.put", json!({ "id": one, "text": "a" }));
        held.add(&first);
        assert!(held.holds(&mutation("note.delete", json!({ "id": one }))));
        assert!(!held.holds(&mutation("note.put", json!({ "id": other, "text": "b" }))));
        assert!(!held.holds(&mutation("favourite.set", json!({ "session": one, "on": true }))));
        let mut dependent = mutation("favourite.set", json!({ "session": other, "on": true }));
        dependent.depends_on = Some(first.id);
        assert!(held.holds(&dependent));
        let mut third = mutation("note.put", json!({ "id": other, "text": "c" }));
        third.depends_on = Some(dependent.id);
        assert!(!held.holds(&third), "not before what it depends on is held back itself");
        held.add(&dependent);
        assert!(held.holds(&third));
    }
}
