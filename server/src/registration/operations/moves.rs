//! Moving a registration to another status.

use shared::ids::AttendeeId;
use shared::localised::is_line;
use shared::problem_code::ProblemCode;
use shared::registration::{Registration, RegistrationStatus as Status};

use super::write::{Who, require_one_head, write};
use super::{Caller, not_found};
use crate::refusal::{Failure, Refusal};
use crate::registration::acting::{require_acting, require_mover};
use crate::registration::command::Move;
use crate::registration::promotion::settle;
use crate::registration::room::find_lack;
use crate::registration::rules::{after_room, require_move, require_settable};
use crate::registration::store;
use crate::sync::change_log::Unit;

/// Moves a registration. Where it stands already nothing happens.
pub(super) fn move_to(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    attendee: AttendeeId,
    to: &Move,
) -> Result<Status, Failure> {
    let acting = require_acting(unit, caller.rights, attendee)?;
    settle(unit)?;
    let found = store::find_registration(unit.connection, unit.group.event, attendee)?;
    let before = found.ok_or_else(not_found)?;
    let mover = require_mover(acting)?;
    require_reason(to.reason.as_deref())?;
    if before.status == to.status {
        return Ok(before.status);
    }
    require_move(mover, Some(before.status), to.status)?;
    if to.is_override {
        require_settable(&[mover], ["override"])?;
    }
    let mut after = Registration { status: to.status, reason: to.reason.clone(), ..before.clone() };
    if !to.is_override {
        let lack = find_lack(unit, Some(&before), &after)?;
        after.status = after_room(Some(before.status), to.status, lack)?;
    }
    require_one_head(unit, attendee, &after)?;
    let status = after.status;
    let who = Who { actor: caller.actor, acting: Some(acting) };
    write(unit, who, (attendee, "registration.move"), (Some(&before), after))?;
    Ok(status)
}

fn require_reason(reason: Option<&str>) -> Result<(), Refusal> {
    if reason.is_none_or(is_line) {
        return Ok(());
    }
    let detail = "A reason is one line of 1 to 500 characters.";
    Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/reason"))
}
