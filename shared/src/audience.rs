//! Who is in an audience by its rules.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{AttendeeId, RecordId};
use crate::programme::{AudienceRule, Collection, ParticipationState, Programme, RecordBody, Role, State};
use crate::registration::{RegistrationStatus, Standing};

/// Whether somebody meets one of the rules. `roles` are theirs in the programme
/// ([`roles_in_programme`]).
pub fn meets_any(rules: &[AudienceRule], standing: &Standing, roles: &BTreeSet<Role>) -> bool {
    rules.iter().any(|rule| meets(rule, standing, roles))
}

fn meets(rule: &AudienceRule, standing: &Standing, roles: &BTreeSet<Role>) -> bool {
    let without_part = AudienceRule { part: None, ..rule.clone() };
    if without_part == AudienceRule::default() {
        return false;
    }
    let confirmed = [RegistrationStatus::Confirmed];
    let statuses = if rule.statuses.is_empty() { confirmed.as_slice() } else { &rule.statuses };
    // Who belongs to no delegation has no role in one, whatever their registration says.
    let role = standing.delegation.map(|_| standing.delegation_role);
    statuses.contains(&standing.status)
        && names(&rule.categories, Some(standing.category_in(rule.part)))
        && names(&rule.delegations, standing.delegation)
        && names(&rule.delegation_roles, role)
        && (rule.programme_roles.is_empty() || rule.programme_roles.iter().any(|role| roles.contains(role)))
}

fn names<T: PartialEq>(list: &[T], own: Option<T>) -> bool {
    list.is_empty() || own.is_some_and(|own| list.contains(&own))
}

/// The roles of attendees in sessions and talks that are no drafts, by the people that they are
/// linked to. Who declined has none.
pub fn roles_in_programme(programme: &Programme) -> BTreeMap<AttendeeId, BTreeSet<Role>> {
    let linked: BTreeMap<RecordId, AttendeeId> = programme
        .list(Collection::People)
        .filter_map(|record| match &record.body {
            RecordBody::People(person) => Some((record.id, person.attendee?)),
            _ => None,
        })
        .collect();
    let mut roles: BTreeMap<AttendeeId, BTreeSet<Role>> = BTreeMap::new();
    let shown = programme.sessions().filter(|(_, session)| session.state != State::Draft);
    for participation in shown.flat_map(|(_, session)| session.participations()) {
        if let Some(attendee) = linked.get(&participation.person)
            && participation.state != ParticipationState::Declined
        {
            roles.entry(*attendee).or_default().insert(participation.role);
        }
    }
    roles
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    fn record(number: u128) -> RecordId {
        RecordId(Uuid::from_u128(number))
    }

    fn minister() -> Standing {
        let standing = json!({ "attendee": Uuid::from_u128(51), "status": "confirmed", "category": record(1),
            "part_categories": [{ "part": record(7), "category": record(2) }],
            "delegation": record(3), "delegation_role": "head" });
        serde_json::from_value(standing).unwrap()
    }

    fn met_by(rule: Value, standing: &Standing, roles: &[Role]) -> bool {
        let rule = serde_json::from_value(rule).unwrap();
        meets_any(&[rule], standing, &roles.iter().copied().collect())
    }

    #[test]
    fn a_rule_without_lists_is_met_by_nobody() {
        assert!(!met_by(json!({}), &minister(), &[]));
        assert!(!met_by(json!({ "part": record(7) }), &minister(), &[]));
        assert!(!meets_any(&[], &minister(), &BTreeSet::new()));
    }

    #[test]
    fn every_list_must_name_something_of_theirs() {
        assert!(met_by(json!({ "categories": [record(9), record(1)] }), &minister(), &[]));
        assert!(met_by(json!({ "categories": [record(1)], "delegations": [record(3)] }), &minister(), &[]));
        assert!(!met_by(json!({ "categories": [record(1)], "delegations": [record(4)] }), &minister(), &[]));
        assert!(!met_by(json!({ "categories": [record(2)], "delegations": [record(3)] }), &minister(), &[]));
    }

    #[test]
    fn one_rule_of_several_is_enough() {
        let rules: Vec<AudienceRule> =
            serde_json::from_value(json!([{ "categories": [record(8)] }, { "delegations": [record(3)] }])).unwrap();
        assert!(meets_any(&rules, &minister(), &BTreeSet::new()));
    }

    #[test]
    fn the_category_in_a_part_counts_where_the_rule_names_the_part() {
        assert!(met_by(json!({ "categories": [record(2)], "part": record(7) }), &minister(), &[]));
        assert!(!met_by(json!({ "categories": [record(1)], "part": record(7) }), &minister(), &[]));
        assert!(met_by(json!({ "categories": [record(1)], "part": record(6) }), &minister(), &[]));
    }

    #[test]
    fn only_the_confirmed_are_looked_at_unless_the_rule_says_otherwise() {
        let invited = Standing { status: RegistrationStatus::Invited, ..minister() };
        assert!(!met_by(json!({ "categories": [record(1)] }), &invited, &[]));
        assert!(met_by(json!({ "categories": [record(1)], "statuses": ["invited", "requested"] }), &invited, &[]));
        assert!(!met_by(json!({ "categories": [record(1)], "statuses": ["invited"] }), &minister(), &[]));
        assert!(met_by(json!({ "statuses": ["confirmed"] }), &minister(), &[]));
    }

    #[test]
    fn who_is_in_no_delegation_has_no_role_in_one() {
        let alone = Standing { delegation: None, ..minister() };
        assert!(met_by(json!({ "delegation_roles": ["head"] }), &minister(), &[]));
        assert!(!met_by(json!({ "delegation_roles": ["alternate"] }), &minister(), &[]));
        assert!(!met_by(json!({ "delegation_roles": ["head"] }), &alone, &[]));
        assert!(!met_by(json!({ "delegations": [record(3)] }), &alone, &[]));
    }

    #[test]
    fn one_role_in_the_programme_of_those_named_is_enough() {
        let rule = || json!({ "programme_roles": ["moderator", "chair"] });
        assert!(met_by(rule(), &minister(), &[Role::Presenter, Role::Chair]));
        assert!(!met_by(rule(), &minister(), &[Role::Presenter]));
        assert!(!met_by(rule(), &minister(), &[]));
    }

    fn programme(state: &str, participation: &str) -> Programme {
        let person = |number: u128, attendee: Value| {
            let body = json!({ "slug": format!("p-{number}"), "name": "Alba", "attendee": attendee });
            (Collection::People, record(number), body)
        };
        let session = json!({ "slug": "panel", "kind": "panel", "state": state,
            "people": [{ "person": record(11), "role": "chair", "state": participation }],
            "talks": [{ "slug": "one", "people": [{ "person": record(12), "role": "presenter" },
                { "person": record(13), "role": "presenter" }] }] });
        let mut unlinked = person(13, Value::Null);
        unlinked.2.as_object_mut().unwrap().remove("attendee");
        let mut programme = Programme::default();
        let records = [
            person(11, json!(Uuid::from_u128(51))),
            person(12, json!(Uuid::from_u128(51))),
            unlinked,
            (Collection::Sessions, record(20), session),
        ];
        for (collection, id, body) in records {
            let body = RecordBody::from_json(collection, body).unwrap();
            let record = crate::programme::Record { id, rev: 1, field_revs: BTreeMap::new(), created_rev: 1, body };
            programme.put(record);
        }
        programme
    }

    #[test]
    fn roles_come_from_sessions_and_talks_of_all_people_that_an_attendee_is() {
        let attendee = AttendeeId(Uuid::from_u128(51));
        let roles = |state, participation| roles_in_programme(&programme(state, participation)).remove(&attendee);
        assert_eq!(roles("published", "confirmed"), Some([Role::Chair, Role::Presenter].into()));
        assert_eq!(roles("cancelled", "invited"), Some([Role::Chair, Role::Presenter].into()));
        assert_eq!(roles("published", "declined"), Some([Role::Presenter].into()));
        assert_eq!(roles("draft", "confirmed"), None);
        assert_eq!(roles_in_programme(&programme("published", "confirmed")).len(), 1);
    }
}
