//! Importing a file: the whole programme as one change.

use shared::ids::EventId;
use shared::problem_code::ProblemCode;
use shared::programme::Programme;

use super::ends::{Ends, list_ends};
use super::validity::{self, Target};
use super::{settle, write};
use crate::database::Connection;
use crate::formats::native::{FileContents, ImportPlan, plan};
use crate::refusal::{Failure, Refusal};
use crate::registration::store::list_referenced;
use crate::sync::change_log::{Actor, Unit};

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
