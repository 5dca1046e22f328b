//! Who is in an audience, and so who holds the gates that it opens.

use std::collections::BTreeSet;

use serde_json::json;
use shared::ids::{AttendeeId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::Collection;

use super::store;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Unit};

/// The most members that one request names.
pub const MOST_MEMBERS: usize = 20_000;

/// A change of an audience's members.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MemberChange {
    /// These and nobody else.
    Replace(BTreeSet<AttendeeId>),
    /// This one too.
    Add(AttendeeId),
    /// Not this one.
    Remove(AttendeeId),
}

/// How an audience changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
pub struct MemberCounts {
    /// Members that it now has.
    pub member_count: usize,
    /// Members that are new.
    pub added_count: usize,
    /// Members that are gone.
    pub removed_count: usize,
}

/// Changes the members of an audience.
///
/// # Errors
///
/// There is no such audience; somebody to add is not an attendee of the event.
pub fn change_members(
    unit: &mut Unit<'_>,
    actor: Actor,
    audience: RecordId,
    change: &MemberChange,
) -> Result<MemberCounts, Failure> {
    if unit.group.body((Collection::Audiences, audience)).is_none() {
        return Err(Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into());
    }
    let at = (unit.group.event, audience);
    let before: BTreeSet<AttendeeId> = store::list_member_ids(unit.connection, at)?.into_iter().collect();
    let mut after = before.clone();
    match change {
        MemberChange::Replace(members) => after.clone_from(members),
        MemberChange::Add(member) => drop(after.insert(*member)),
        MemberChange::Remove(member) => drop(after.remove(member)),
    }
    let added: Vec<AttendeeId> = after.difference(&before).copied().collect();
    let removed: Vec<AttendeeId> = before.difference(&after).copied().collect();
    let counts = MemberCounts { member_count: after.len(), added_count: added.len(), removed_count: removed.len() };
    if added.is_empty() && removed.is_empty() {
        return Ok(counts);
    }
    require_known(unit, &added)?;
    store::add_members(unit.connection, at, &added)?;
    store::remove_members(unit.connection, at, &removed)?;
    unit.group.audience_changed(audience, added.iter().chain(&removed).copied());
    unit.group.audit(AuditLine {
        actor,
        operation: "audience.members".to_owned(),
        collection: Collection::Audiences.as_str(),
        record: audience.0,
        before: Some(json!({ "removed": removed })),
        after: Some(json!({ "added": added })),
    });
    Ok(counts)
}

fn require_known(unit: &mut Unit<'_>, added: &[AttendeeId]) -> Result<(), Failure> {
    let known: BTreeSet<_> = store::list_known(unit.connection, unit.group.event, added)?.into_iter().collect();
    match added.iter().find(|id| !known.contains(id)) {
        None => Ok(()),
        Some(id) => {
            let detail = format!("{id} is not an attendee of this event.");
            Err(Refusal::new(ProblemCode::UnknownReference, detail).at("/members").into())
        }
    }
}
