//! Importing a file: the whole programme as one change.

use shared::problem_code::ProblemCode;

use super::write;
use crate::formats::native::{FileContents, ImportPlan, plan};
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, Unit};

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
    let mut plan = plan(unit.group.programme(), contents);
    if plan.removes_too_much && !allow_removals {
        let detail =
            "The import would remove more than a fifth of the published sessions. Allow removals if it is meant.";
        return Err(Refusal::new(ProblemCode::RemovalsNotAllowed, detail).into());
    }
    let edits = std::mem::take(&mut plan.edits);
    write(unit, actor, "import", edits)?;
    Ok(plan)
}
