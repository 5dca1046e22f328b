//! Which messages a second person approves: rules of the event, by how urgent a message is and whom it reaches.

use std::collections::BTreeSet;

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::notice::Urgency;
use shared::problem_code::ProblemCode;
use shared::programme::Collection;
use shared::registration::Registration;
use shared::sync::Scope;

use crate::database::Connection;
use crate::database::schema::{approval_rules, audience_matches, audience_members, registrations};
use crate::notify::dispatches::{Concerned, DispatchBody, Known, gather, share_of};
use crate::notify::held::with_gone;
use crate::on;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::feed::EventMemory;

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// The most rules of an event.
const MOST_RULES: usize = 50;

/// The most entries of one list of a rule.
const MOST_ENTRIES: usize = 500;

/// The rules of an event.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRules {
    /// A message is approved by a second person if it meets one of these.
    pub rules: Vec<ApprovalRule>,
}

/// Describes messages. One meets the rule if it is of one of the urgencies, where there are any, and reaches somebody
/// who is of one of the categories and delegations and in one of the audiences, as far as each is not empty.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApprovalRule {
    /// How urgent it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urgencies: Vec<Urgency>,
    /// The category of somebody whom it reaches, in any part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<RecordId>,
    /// The delegation of somebody whom it reaches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delegations: Vec<RecordId>,
    /// An audience of somebody whom it reaches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<RecordId>,
}

impl ApprovalRule {
    fn asks_for_people(&self) -> bool {
        !(self.categories.is_empty() && self.delegations.is_empty() && self.audiences.is_empty())
    }

    fn is_about(&self, urgency: Urgency) -> bool {
        self.urgencies.is_empty() || self.urgencies.contains(&urgency)
    }
}

/// The rules of an event; none where nobody wrote any.
pub fn find_rules(c: &mut Connection, event: EventId) -> QueryResult<ApprovalRules> {
    let query = approval_rules::table.find(event.to_string()).select(approval_rules::body);
    let body: Option<String> = on!(c, |c| query.first(c).optional())?;
    let damaged = || diesel::result::Error::DeserializationError("the database holds unreadable rules".into());
    body.map_or(Ok(ApprovalRules::default()), |body| serde_json::from_str(&body).map_err(|_| damaged()))
}

/// Writes the rules of an event, in place of those that it had.
///
/// # Errors
///
/// A rule that every message or none meets; too many; one that names what is not there.
pub fn set_rules(unit: &mut Unit<'_>, actor: Actor, rules: &ApprovalRules) -> Result<(), Failure> {
    require_rules(unit, rules)?;
    let event = unit.group.event;
    let before = find_rules(unit.connection, event)?;
    let line = (approval_rules::event_id.eq(event.to_string()), approval_rules::body.eq(json!(rules).to_string()));
    on!(&mut *unit.connection, |c| diesel::insert_into(approval_rules::table)
        .values(line)
        .on_conflict(approval_rules::event_id)
        .do_update()
        .set(approval_rules::body.eq(excluded(approval_rules::body)))
        .execute(c))?;
    unit.group.audit(AuditLine {
        actor,
        operation: "approval_rules.set".to_owned(),
        collection: "events",
        record: event.0,
        before: Some(json!(before)),
        after: Some(json!(rules)),
    });
    Ok(())
}

fn require_rules(unit: &Unit<'_>, ApprovalRules { rules }: &ApprovalRules) -> Result<(), Refusal> {
    if rules.len() > MOST_RULES {
        let detail = format!("An event has at most {MOST_RULES} rules.");
        return Err(Refusal::new(ProblemCode::TooLarge, detail).at("/rules"));
    }
    for (place, rule) in rules.iter().enumerate() {
        let at = |field: &str| format!("/rules/{place}{field}");
        if rule.urgencies.is_empty() && !rule.asks_for_people() {
            return Err(Refusal::new(ProblemCode::InvalidValue, "A rule names something.").at(at("")));
        }
        let lists = [
            (Collection::Categories, &rule.categories, "/categories"),
            (Collection::Delegations, &rule.delegations, "/delegations"),
            (Collection::Audiences, &rule.audiences, "/audiences"),
        ];
        for (collection, ids, field) in lists {
            if ids.len() > MOST_ENTRIES {
                let detail = format!("A rule names at most {MOST_ENTRIES} of each.");
                return Err(Refusal::new(ProblemCode::TooLarge, detail).at(at(field)));
            }
            if ids.iter().any(|id| unit.group.programme().find(collection, *id).is_none()) {
                return Err(Refusal::new(ProblemCode::UnknownReference, "There is no such record.").at(at(field)));
            }
        }
    }
    Ok(())
}

/// Whether a message meets one of the event's rules, by whom it reaches as things stand.
pub fn meets_rule(unit: &mut Unit<'_>, memory: &EventMemory, body: &DispatchBody) -> QueryResult<bool> {
    let event = unit.group.event;
    let ApprovalRules { rules } = find_rules(unit.connection, event)?;
    let rules: Vec<ApprovalRule> = rules.into_iter().filter(|rule| rule.is_about(body.urgency)).collect();
    if rules.is_empty() || rules.iter().any(|rule| !rule.asks_for_people()) {
        return Ok(!rules.is_empty());
    }
    let programme = with_gone(unit.group.programme(), &body.gone);
    let known = Known::of(memory, &programme, body);
    let people = gather(unit.connection, event, (&programme, &known), body)?;
    let is_told = |person: &Concerned| {
        let may_hold = |scope: Scope| memory.attendee_may_hold(person.attendee, &scope);
        share_of(person, body, (&programme, &may_hold)).is_some()
    };
    let people: Vec<AttendeeId> = people.iter().filter(|person| is_told(person)).map(|one| one.attendee).collect();
    for chunk in people.chunks(CHUNK) {
        if meets_by_somebody(unit.connection, event, (&rules, chunk))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn meets_by_somebody(
    c: &mut Connection,
    event: EventId,
    (rules, people): (&[ApprovalRule], &[AttendeeId]),
) -> QueryResult<bool> {
    let ids: Vec<String> = people.iter().map(ToString::to_string).collect();
    let registered = registrations::table
        .filter(registrations::event_id.eq(event.to_string()))
        .filter(registrations::attendee_id.eq_any(&ids))
        .select((registrations::attendee_id, registrations::body));
    let listed = audience_members::table
        .filter(audience_members::event_id.eq(event.to_string()))
        .filter(audience_members::attendee_id.eq_any(&ids))
        .select((audience_members::attendee_id, audience_members::audience_id));
    let matching = audience_matches::table
        .filter(audience_matches::event_id.eq(event.to_string()))
        .filter(audience_matches::attendee_id.eq_any(&ids))
        .select((audience_matches::attendee_id, audience_matches::audience_id));
    type Pairs = Vec<(String, String)>;
    let (registered, mut memberships, matching): (Pairs, Pairs, Pairs) =
        on!(c, |c| QueryResult::Ok((registered.load(&mut *c)?, listed.load(&mut *c)?, matching.load(c)?)))?;
    memberships.extend(matching);
    let meets = |attendee: &String| {
        let body = registered.iter().find(|(who, _)| who == attendee).map(|(_, body)| body);
        let registration: Option<Registration> = body.and_then(|body| serde_json::from_str(body).ok());
        let categories: BTreeSet<RecordId> = registration
            .iter()
            .flat_map(|own| own.part_categories.iter().map(|part| part.category).chain([own.category]))
            .collect();
        let delegation = registration.as_ref().and_then(|own| own.delegation);
        let audiences: BTreeSet<RecordId> =
            memberships.iter().filter(|(who, _)| who == attendee).filter_map(|(_, id)| id.parse().ok()).collect();
        let meets = |named: &[RecordId], has: &dyn Fn(&RecordId) -> bool| named.is_empty() || named.iter().any(has);
        rules.iter().any(|rule| {
            meets(&rule.categories, &|id| categories.contains(id))
                && meets(&rule.delegations, &|id| delegation == Some(*id))
                && meets(&rule.audiences, &|id| audiences.contains(id))
        })
    };
    Ok(ids.iter().any(meets))
}
