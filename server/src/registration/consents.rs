//! What people agree to, and take back.

use std::collections::BTreeSet;

use diesel::QueryResult;
use serde_json::json;
use shared::ids::{AttendeeId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::{Category, Collection, RecordBody, RecordKey};
use shared::registration::GivenConsent;
use shared::registration::form::check_consents;

use super::acting::{require_acting, require_mover};
use super::operations::{Caller, Who, keep_consents, movers, refuse_faults, require_category};
use super::rules::require_settable;
use super::store;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::row::RowCollection;

/// The keys of required texts to which somebody said yes and no longer does. Their registration stays:
/// what follows is the organiser's to decide.
pub fn list_withdrawn(category: &Category, held: &[GivenConsent]) -> Vec<String> {
    let is_taken_back = |key: &str| held.iter().any(|word| word.consent == key && !word.is_given);
    let required = category.consents.iter().filter(|asked| asked.is_required && is_taken_back(&asked.key));
    required.map(|asked| asked.key.clone()).collect()
}

/// Notes what an attendee agrees to and takes back. What they said before is kept. What was agreed to
/// can be taken back whether or not it is still asked, and whether or not nobody can register without.
///
/// # Errors
///
/// The account has nothing to do with it; there is no registration; a word is about no text, or about
/// an older version of it.
pub fn set_consents(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    attendee: AttendeeId,
    given: &[GivenConsent],
) -> Result<(), Failure> {
    let acting = require_acting(unit, caller.rights, attendee)?;
    let mover = require_mover(acting)?;
    require_settable(&movers(mover, caller.rights, attendee), ["consents"])?;
    let event = unit.group.event;
    let registration = store::find_registration(unit.connection, event, attendee)?.ok_or_else(unregistered)?;
    let category = require_category(unit, registration.category)?;
    let held = store::list_consents(unit.connection, event, &[attendee])?.remove(&attendee).unwrap_or_default();
    refuse_faults(check_consents(&category, &held, given))?;
    // What was said before in the same words is said already.
    let same = |word: &GivenConsent| held.iter().any(|said| GivenConsent { at: None, ..said.clone() } == *word);
    let new: Vec<GivenConsent> = given.iter().filter(|word| !same(word)).cloned().collect();
    if new.is_empty() {
        return Ok(());
    }
    let who = Who { actor: Actor { attendee: Some(attendee), ..caller.actor }, acting: Some(acting) };
    keep_consents(unit, (who, attendee), &new)?;
    unit.group.audit(AuditLine {
        actor: who.actor,
        operation: "consent.set".to_owned(),
        collection: RowCollection::Registrations.as_str(),
        record: attendee.0,
        before: None,
        after: Some(json!({ "consents": new })),
    });
    Ok(())
}

fn unregistered() -> Refusal {
    Refusal::new(ProblemCode::WrongState, "The attendee is not registered, and so asked for nothing.")
}

/// Says of whom it changed what they took back, where the group changed what is required.
pub fn follow_texts(unit: &mut Unit<'_>) -> QueryResult<()> {
    let changed = unit.group.changed_records().iter().filter(|key| key.0 == Collection::Categories);
    let required = |body: Option<&RecordBody>| -> BTreeSet<String> {
        let Some(RecordBody::Categories(category)) = body else { return BTreeSet::new() };
        category.consents.iter().filter(|asked| asked.is_required).map(|asked| asked.key.clone()).collect()
    };
    let before = |key: &RecordKey| unit.group.programme_before().find(key.0, key.1).map(|record| &record.body);
    let differs = changed.filter(|key| required(before(key)) != required(unit.group.body(**key)));
    let categories: Vec<RecordId> = differs.map(|key| key.1).collect();
    for category in categories {
        for attendee in store::list_withdrawers(unit.connection, unit.group.event, category)? {
            unit.group.attendee_changed(attendee);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_required_text_that_was_taken_back_is_withdrawn() {
        let text = |key: &str, is_required: bool| json!({ "key": key, "version": 2, "text": { "en": key }, "is_required": is_required });
        let category = json!({ "slug": "press", "title": { "en": "Press" },
            "consents": [text("data", true), text("photo", false), text("rules", true), text("house", true)] });
        let category: Category = serde_json::from_value(category).unwrap();
        let word = |key: &str, is_given| {
            let (consent, language) = (key.to_owned(), "en".to_owned());
            GivenConsent { consent, version: 1, language, is_given, at: None }
        };
        let held = [word("data", false), word("photo", false), word("rules", true), word("old", false)];
        assert_eq!(list_withdrawn(&category, &held), ["data"]);
    }
}
