//! The verbs of the programme: each decides by rules, and is written as one unit.

mod command;
mod decide;
mod ends;
mod event;
mod import;
mod mutation;
mod staleness;
mod validity;

#[cfg(test)]
mod tests;

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::RecordId;
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, Programme, RecordEdit, RecordKey};

pub use command::{Command, Guard, SetProgress, StateChange, Swap, Verb, may_run};
pub use decide::decide;
pub use ends::{Ends, EndsOf};
pub use event::{create_event, remove_event, reserve_event, reserve_slug};
pub use import::{import, preview_import};
pub use mutation::parse_mutation;

use crate::database::schema::audience_members;
use crate::on;
pub(crate) use crate::refusal::read;
use crate::refusal::{Failure, Refusal};
use crate::registration::store::list_referenced;
use crate::sync::change_log::{Actor, Unit};

/// What a command did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Done {
    /// The records that changed, came or went; none where everything was so already.
    pub keys: Vec<RecordKey>,
    /// What came of it, where it has several outcomes.
    pub outcome: Option<String>,
}

/// Runs a command. That the actor may do it has been decided ([`may_run`]).
///
/// # Errors
///
/// A refusal by a rule, by validation or by If-Match; a stale base; the database's failure.
pub fn run(unit: &mut Unit<'_>, actor: Actor, command: &Command) -> Result<Done, Failure> {
    staleness::require_rev(unit, command)?;
    let edits = decide(unit.group.programme(), &command.verb, unit.group.now)?;
    if let Some(base) = command.guard.base {
        staleness::require_fresh(unit, actor, base, &edits)?;
    }
    write(unit, actor, command.verb.operation(), edits)
}

/// Writes edits that a rule or a file decided, if they leave the programme valid.
pub(super) fn write(
    unit: &mut Unit<'_>,
    actor: Actor,
    operation: &str,
    edits: Vec<RecordEdit>,
) -> Result<Done, Failure> {
    let before = unit.group.programme();
    let edits = settle(before, edits);
    let after = before.with_edits(&edits, unit.group.seq());
    let target = validity::Target { event: unit.group.event, before, after: &after };
    validity::require_valid(unit.connection, &target, &edits)?;
    require_unregistered(unit, &edits)?;
    for edit in &edits {
        if let RecordEdit::Remove { key: key @ (Collection::Audiences, _) } = edit {
            remove_members(unit, *key)?;
        }
    }
    unit.group.edit(actor, operation, &edits);
    Ok(Done { keys: edits.iter().map(RecordEdit::key).collect(), outcome: None })
}

/// Edits with their bodies settled, without those that leave a record as it is: they must not touch
/// its rev.
fn settle(before: &Programme, mut edits: Vec<RecordEdit>) -> Vec<RecordEdit> {
    for edit in &mut edits {
        if let RecordEdit::Put { id, body } = edit {
            *body = before.settled(*id, body.clone());
        }
    }
    edits.retain(|edit| {
        let (collection, id) = edit.key();
        let body = before.find(collection, id).map(|record| &record.body);
        match edit {
            RecordEdit::Put { body: new, .. } => body != Some(new),
            RecordEdit::Remove { .. } => body.is_some(),
        }
    });
    edits
}

/// A category or delegation goes only when no registration names it.
fn require_unregistered(unit: &mut Unit<'_>, edits: &[RecordEdit]) -> Result<(), Failure> {
    let removed = edits.iter().filter_map(|edit| match edit {
        RecordEdit::Remove { key: (Collection::Categories | Collection::Delegations, id) } => Some(*id),
        _ => None,
    });
    let removed: Vec<RecordId> = removed.collect();
    if removed.is_empty() {
        return Ok(());
    }
    let named = list_referenced(unit.connection, unit.group.event)?;
    if removed.iter().any(|id| named.contains(id)) {
        let detail = "Registrations name it; move them elsewhere first.";
        return Err(Refusal::new(ProblemCode::StillReferenced, detail).into());
    }
    Ok(())
}

fn remove_members(unit: &mut Unit<'_>, audience: RecordKey) -> QueryResult<()> {
    let query = diesel::delete(
        audience_members::table
            .filter(audience_members::event_id.eq(unit.group.event.to_string()))
            .filter(audience_members::audience_id.eq(audience.1.to_string())),
    );
    on!(&mut *unit.connection, |c| query.execute(c))?;
    Ok(())
}
