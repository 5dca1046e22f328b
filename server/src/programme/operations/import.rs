//! Importing a file: the whole programme as one change.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use shared::ids::{AttendeeId, EventId};
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, Programme, RecordKey};

use super::validity::{self, Target};
use super::{settle, write};
use crate::database::Connection;
use crate::formats::native::{FileContents, ImportPlan, plan};
use crate::refusal::{Failure, Refusal};
use crate::registration::store::list_referenced;
use crate::sync::change_log::{Actor, Unit};
use crate::{invitations, signups};

/// What would end of what people have, in what goes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ends {
    /// Whose it is, each once.
    pub people: BTreeSet<AttendeeId>,
    /// How many sign-ups and invitations, by the part or session.
    pub by_record: BTreeMap<RecordKey, EndsOf>,
}

/// How much would end in one part or session.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct EndsOf {
    /// Sign-ups: seats, offers and places in lines.
    pub sign_ups: usize,
    /// Invitations that stand.
    pub invitations: usize,
}

/// What an import of the file would change, if it may be written at all, and what would end by that.
///
/// # Errors
///
/// A refusal by validation, naming the record; the database's failure.
pub fn preview_import(
    connection: &mut Connection,
    event: EventId,
    programme: &Programme,
    contents: FileContents,
) -> Result<(ImportPlan, Ends), Failure> {
    let plan = plan(programme, contents, &list_referenced(connection, event)?);
    let edits = settle(programme, plan.edits.clone());
    let after = programme.with_edits(&edits, 0);
    validity::require_valid(connection, &Target { event, before: programme, after: &after }, &edits)?;
    let ends = list_ends(connection, event, (programme, &after))?;
    Ok((plan, ends))
}

fn list_ends(c: &mut Connection, event: EventId, (before, after): (&Programme, &Programme)) -> QueryResult<Ends> {
    let mut ends = Ends::default();
    for (session, attendee) in signups::list_ending(c, event, (before, after))? {
        ends.people.insert(attendee);
        ends.by_record.entry((Collection::Sessions, session)).or_default().sign_ups += 1;
    }
    for (object, attendee) in invitations::list_ending(c, event, (before, after))? {
        ends.people.insert(attendee);
        ends.by_record.entry(object).or_default().invitations += 1;
    }
    Ok(ends)
}

/// Takes the programme to what a file describes. The plan tells what that changed; of its edits,
/// nothing is left to do.
///
/// # Errors
///
/// `removals_not_allowed` where more than a fifth of the published sessions would go and the caller
/// did not allow it; a refusal by validation; the database's failure.
pub fn import(
    unit: &mut Unit<'_>,
    actor: Actor,
    contents: FileContents,
    allow_removals: bool,
) -> Result<ImportPlan, Failure> {
    let in_use = list_referenced(unit.connection, unit.group.event)?;
    let mut plan = plan(unit.group.programme(), contents, &in_use);
    if plan.removes_too_much() && !allow_removals {
        let detail = format!(
            "The import would take {} of the {} published sessions away, more than a fifth; if that is meant, allow \
             it (`allow_removals=true`, or `--allow-removals` at the command line).",
            plan.withdrawn_count, plan.published_count
        );
        return Err(Refusal::new(ProblemCode::RemovalsNotAllowed, detail).into());
    }
    let edits = std::mem::take(&mut plan.edits);
    write(unit, actor, "import", edits)?;
    Ok(plan)
}
