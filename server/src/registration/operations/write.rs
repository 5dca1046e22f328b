//! Writing a registration, with what goes with every change of one.

use diesel::QueryResult;
use serde_json::json;
use shared::ids::{AttendeeId, RecordId};
use shared::notice::NoticeKind;
use shared::problem_code::ProblemCode;
use shared::programme::DelegationRole;
use shared::registration::{Registration, RegistrationStatus as Status};
use shared::sync::Scope;

use crate::invitations;
use crate::notify::inbox;
use crate::refusal::{Failure, Refusal};
use crate::registration::acting::Acting;
use crate::registration::room::count_change;
use crate::registration::store;
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::row::RowCollection;

/// Who changes a registration, and as what; `acting` is absent where the event's rules do.
#[derive(Clone, Copy, Debug)]
pub struct Who {
    /// The account and device.
    pub actor: Actor,
    /// As what.
    pub acting: Option<Acting>,
}

/// Writes a registration: gives it a number where it begins to wait, frees the place that it leaves,
/// tells the attendee, and leaves its companions no place without it.
pub fn write(
    unit: &mut Unit<'_>,
    who: Who,
    (attendee, operation): (AttendeeId, &str),
    (before, mut after): (Option<&Registration>, Registration),
) -> QueryResult<()> {
    let from = before.map(|before| before.status);
    // Who takes a place in the waitlist has its number already.
    let has_number = before.is_none() && after.waitlist_number.is_some();
    if after.status == Status::Waitlisted && from != Some(Status::Waitlisted) && !has_number {
        let last = store::last_waitlist_number(unit.connection, unit.group.event)?;
        after.waitlist_number = Some(last + 1);
    }
    // Who has a place again is replaced by nobody.
    if !after.status.has_ended() {
        after.replaced_by = None;
    }
    if before == Some(&after) {
        return Ok(());
    }
    put(unit, attendee, (before, &after))?;
    let left = before.and_then(|before| before.delegation).filter(|left| after.delegation != Some(*left));
    leave_delegation(unit, attendee, left)?;
    unit.group.audit(AuditLine {
        actor: Actor { attendee: Some(attendee), ..who.actor },
        operation: operation.to_owned(),
        collection: RowCollection::Registrations.as_str(),
        record: attendee.0,
        before: before.map(|before| json!(before)),
        after: Some(json!(after)),
    });
    if from != Some(after.status) {
        tell(unit, who, attendee, &after);
        if matches!(after.status, Status::Cancelled | Status::Declined) {
            cancel_companions(unit, who, attendee)?;
        }
    }
    Ok(())
}

/// Stores a changed registration, and what its place becomes.
pub fn put(
    unit: &mut Unit<'_>,
    attendee: AttendeeId,
    (before, after): (Option<&Registration>, &Registration),
) -> QueryResult<()> {
    let (event, at) = (unit.group.event, (unit.group.seq(), unit.group.now));
    match before {
        None => store::insert_registration(unit.connection, (event, attendee), after, at)?,
        Some(_) => store::put_registration(unit.connection, (event, attendee), after, at)?,
    }
    unit.group.attendee_changed(attendee);
    note_guest(unit, attendee, (before, Some(after)));
    count_change(unit, before, Some(after));
    free_place(unit, before, Some(after));
    Ok(())
}

/// Notes where somebody comes to have what they are invited to, or has it no more, and where they come at all. Who is
/// not registered has it, and comes.
pub fn note_guest(
    unit: &mut Unit<'_>,
    attendee: AttendeeId,
    (before, after): (Option<&Registration>, Option<&Registration>),
) {
    let has = |registration: Option<&Registration>| {
        registration.map_or((true, true), |own| (own.status.has_invitations(), !own.status.has_ended()))
    };
    if has(before) != has(after) {
        unit.group.guest_changed(attendee);
    }
}

/// Notes the place that a registration leaves.
pub fn free_place(unit: &mut Unit<'_>, before: Option<&Registration>, after: Option<&Registration>) {
    let place = |registration: &Registration| {
        (registration.status == Status::Confirmed).then_some((
            registration.category,
            registration.delegation,
            registration.companion_of.is_some(),
        ))
    };
    let (had, has) = (before.and_then(place), after.and_then(place));
    if let Some((category, delegation, _)) = had.filter(|_| had != has) {
        [Some(category), delegation].into_iter().flatten().for_each(|record| unit.group.place_freed(record));
    }
    // Who changes where they wait may find a place there.
    if let (Some(before), Some(after)) = (before, after)
        && (before.status, after.status) == (Status::Waitlisted, Status::Waitlisted)
    {
        [Some(after.category), after.delegation]
            .into_iter()
            .flatten()
            .for_each(|record| unit.group.place_freed(record));
    }
}

/// Takes the rows of a member out of the scope of a delegation that they are not in any more.
pub fn leave_delegation(unit: &mut Unit<'_>, attendee: AttendeeId, delegation: Option<RecordId>) -> QueryResult<()> {
    let Some(delegation) = delegation else { return Ok(()) };
    for collection in [RowCollection::DelegationMembers, RowCollection::AccessNeeds] {
        unit.group.put_row(Scope::Delegation(delegation), (collection, attendee.0), None);
    }
    invitations::leave_delegation(unit, attendee, delegation)
}

/// Tells the attendee where their registration stands, unless they ended it themselves.
fn tell(unit: &mut Unit<'_>, who: Who, attendee: AttendeeId, after: &Registration) {
    let is_own = who.acting == Some(Acting::Myself);
    let kind = match after.status {
        Status::Confirmed => NoticeKind::PlaceConfirmed,
        Status::Waitlisted => NoticeKind::PlaceWaitlisted,
        Status::Declined if !is_own => NoticeKind::PlaceDeclined,
        Status::Cancelled if after.replaced_by.is_some() => NoticeKind::PlaceReplaced,
        Status::Cancelled if !is_own => NoticeKind::PlaceCancelled,
        Status::Invited => NoticeKind::PlaceOffered,
        Status::Requested | Status::Declined | Status::Cancelled => return,
    };
    let mut details = json!({});
    if after.status == Status::Waitlisted {
        details["waitlist_number"] = json!(after.waitlist_number);
    }
    if let Some(reason) = &after.reason {
        details["reason"] = json!(reason);
    }
    inbox::tell(unit, attendee, kind, (Some((RowCollection::Registrations, attendee.0)), details));
}

/// Cancels the registrations of those who accompany an attendee who does not come.
pub fn cancel_companions(unit: &mut Unit<'_>, who: Who, attendee: AttendeeId) -> QueryResult<()> {
    for companion in store::list_companions(unit.connection, unit.group.event, attendee)? {
        let Some(before) = store::find_registration(unit.connection, unit.group.event, companion)? else { continue };
        let after = Registration { status: Status::Cancelled, reason: None, ..before.clone() };
        // The companion is told, whoever cancelled whom they came with.
        let who = Who { acting: None, ..who };
        write(unit, who, (companion, "registration.cancel"), (Some(&before), after))?;
    }
    Ok(())
}

/// Refuses a second head of a delegation.
pub fn require_one_head(unit: &mut Unit<'_>, attendee: AttendeeId, after: &Registration) -> Result<(), Failure> {
    let is_gone = matches!(after.status, Status::Declined | Status::Cancelled);
    let Some(delegation) = after.delegation.filter(|_| after.delegation_role == DelegationRole::Head && !is_gone)
    else {
        return Ok(());
    };
    match store::find_head(unit.connection, unit.group.event, (delegation, attendee))? {
        None => Ok(()),
        Some(_) => {
            let detail = "The delegation has a head; give that member another role first.";
            Err(Refusal::new(ProblemCode::WrongState, detail).at("/delegation_role").into())
        }
    }
}
