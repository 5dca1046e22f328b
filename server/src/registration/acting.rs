//! As what an account acts for an attendee.

use diesel::QueryResult;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::DelegationDuty;
use shared::registration::transitions::Mover;

use super::store;
use crate::attendees::{Attendee, find_attendee, find_live_attendee};
use crate::database::Connection;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Relation, Role, Unit};
use crate::sync::feed::Rights;

/// As what an account acts for an attendee, the farthest-reaching first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Acting {
    /// An organiser: whatever the rules allow, and exceptions, which are recorded.
    Organiser,
    /// The protocol officer: invitations, delegations and who sits in for whom.
    Protocol,
    /// A focal point of the attendee's delegation: registers, cancels and chooses.
    FocalPoint(RecordId),
    /// An assistant of the attendee.
    Assistant,
    /// The attendee.
    Myself,
    /// A liaison officer of the attendee's delegation: reads.
    Liaison(RecordId),
    /// A desk, for the guest who stands there: seats and answers, nothing of the registration.
    Desk,
}

impl Acting {
    /// As what it moves registrations; none where it only reads.
    pub fn mover(self) -> Option<Mover> {
        match self {
            Self::Organiser => Some(Mover::Organiser),
            Self::Protocol => Some(Mover::Protocol),
            Self::FocalPoint(_) => Some(Mover::FocalPoint),
            Self::Assistant | Self::Myself => Some(Mover::Person),
            Self::Liaison(_) | Self::Desk => None,
        }
    }

    /// Whether it may change what is the attendee's to decide: their registration, answers, seats.
    pub fn may_decide(self) -> bool {
        !matches!(self, Self::Liaison(_))
    }

    /// Whether it may make exceptions from windows, quotas and capacities.
    pub fn may_override(self) -> bool {
        matches!(self, Self::Organiser)
    }
}

/// As what an account with these rights acts for the attendee, inside a unit.
///
/// # Errors
///
/// It has nothing to do with them, or there is no such attendee: the same refusal.
pub fn require_acting(unit: &mut Unit<'_>, rights: &Rights, attendee: AttendeeId) -> Result<Acting, Failure> {
    let acting = acting_for(unit.connection, unit.group.event, rights, attendee)?;
    let refusal = || Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.");
    acting.ok_or_else(|| refusal().into())
}

/// Likewise where a desk may do it for the guest who stands there: of roles and devices that work at one.
pub fn acting_here(
    connection: &mut Connection,
    event: EventId,
    (rights, works_at_desk): (&Rights, bool),
    attendee: AttendeeId,
) -> QueryResult<Option<Acting>> {
    let acting = acting_for(connection, event, rights, attendee)?;
    // A liaison officer who works at a desk as well does there what desks do.
    if acting.is_some_and(Acting::may_decide) || !works_at_desk {
        return Ok(acting);
    }
    Ok(find_live_attendee(connection, event, attendee)?.map(|_| Acting::Desk))
}

/// As what an account moves registrations.
///
/// # Errors
///
/// It only reads.
pub fn require_mover(acting: Acting) -> Result<Mover, Refusal> {
    let refusal = || {
        Refusal::new(
            ProblemCode::Forbidden,
            "This is for who registers people; a liaison officer reads, and a desk helps.",
        )
    };
    acting.mover().ok_or_else(refusal)
}

/// As what an account with these rights acts for the attendee; `None` where it has nothing to do
/// with them, or there is no such attendee, or none any more: nothing is done for who was erased.
pub fn acting_for(
    connection: &mut Connection,
    event: EventId,
    rights: &Rights,
    attendee: AttendeeId,
) -> QueryResult<Option<Acting>> {
    acting_as(connection, event, (rights, find_live_attendee), attendee)
}

/// As what an account with these rights reads what is kept of the attendee: likewise, also of who was erased.
pub fn reading_for(
    connection: &mut Connection,
    event: EventId,
    rights: &Rights,
    attendee: AttendeeId,
) -> QueryResult<Option<Acting>> {
    acting_as(connection, event, (rights, find_attendee), attendee)
}

type Find = fn(&mut Connection, EventId, AttendeeId) -> QueryResult<Option<Attendee>>;

fn acting_as(
    connection: &mut Connection,
    event: EventId,
    (rights, find): (&Rights, Find),
    attendee: AttendeeId,
) -> QueryResult<Option<Acting>> {
    // An erasure ends the relation, which is why nobody is looked up for it.
    let by_relation = rights.attendees.get(&attendee).map(|relation| match relation {
        Relation::Myself => Acting::Myself,
        Relation::Assistant => Acting::Assistant,
    });
    if rights.is_organiser() || rights.roles.contains(&Role::Protocol) {
        let acting = if rights.is_organiser() { Acting::Organiser } else { Acting::Protocol };
        return Ok(find(connection, event, attendee)?.map(|_| acting));
    }
    if rights.delegations.is_empty() {
        return Ok(by_relation);
    }
    let registration = store::find_registration(connection, event, attendee)?;
    let by_duty = registration.and_then(|registration| registration.delegation).and_then(|delegation| {
        if rights.has_duty(delegation, DelegationDuty::FocalPoint) {
            Some(Acting::FocalPoint(delegation))
        } else {
            rights.has_duty(delegation, DelegationDuty::Liaison).then_some(Acting::Liaison(delegation))
        }
    });
    let by_duty = match by_duty {
        Some(acting) => find(connection, event, attendee)?.map(|_| acting),
        None => None,
    };
    Ok([by_relation, by_duty].into_iter().flatten().min())
}
