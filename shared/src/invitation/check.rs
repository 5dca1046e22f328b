//! The invitation check: whether this person may enter this part or session now.
//!
//! It is judged in a fixed order, and the first thing that decides is the reason:
//!
//! 1. What does not take place lets nobody in: not published, cancelled, over.
//! 2. Who is on duty is let in, before the doors open as well, unless their registration has ended.
//! 3. What is open to everybody, and takes no seat, lets everybody in.
//! 4. A registration that is not confirmed.
//! 5. Who sits in for somebody is let in where that person would be.
//! 6. By invitation: an invitation (answered or not), else an audience. Without either, the reason is
//!    what became of the invitation, if there was one. So a declined invitation does not turn away
//!    somebody for whose audience the session is.
//! 7. Who is sat in for is not let in beside the one who sits there.
//! 8. The seat, where it takes one.
//! 9. Who would be let in waits until the doors open.

use serde::{Deserialize, Serialize};

use super::{Answer, EntryTerms, Reason};
use crate::ids::AttendeeId;
use crate::object;
use crate::programme::{AdmissionPolicy, State};
use crate::registration::RegistrationStatus;
use crate::signup::SignUpState;
use crate::time::Timestamp;

/// What is known of a part or session and of somebody who wants to enter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The part or session.
    pub terms: EntryTerms,
    /// How many minutes before it begins the doors open; absent, at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_minutes_before: Option<u32>,
    /// Who wants to enter.
    pub guest: Guest,
    /// For whom they sit in there and then.
    #[serde(default, deserialize_with = "object::optional", skip_serializing_if = "Option::is_none")]
    pub sits_in_for: Option<Delegator>,
    /// Who sits in for them there and then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stood_in_by: Option<AttendeeId>,
}

/// What somebody has that may let them in.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Guest {
    /// Where their registration stands; absent where they have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationStatus>,
    /// Whether they take part in it or work there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_on_duty: bool,
    /// Whether they are in an audience of the admission that decides.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_in_audience: bool,
    /// Their invitations that count there: to the session, then to its part where the part's
    /// admission decides.
    #[serde(deserialize_with = "object::list", skip_serializing_if = "Vec::is_empty")]
    pub invitations: Vec<InvitedAs>,
    /// Their seat, offer or place in the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<SignUpState>,
}

/// Where an invitation stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitedAs {
    /// What was said to it.
    pub answer: Answer,
    /// Whether it was withdrawn.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_withdrawn: bool,
}

impl From<&super::Invitation> for InvitedAs {
    fn from(invitation: &super::Invitation) -> Self {
        Self { answer: invitation.answer, is_withdrawn: invitation.is_withdrawn() }
    }
}

/// Somebody for whom another sits in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegator {
    /// Who.
    pub attendee: AttendeeId,
    /// What they have that would let them in.
    pub guest: Guest,
}

/// Whether somebody may enter, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// Whether they may.
    pub may_enter: bool,
    /// Why.
    pub reason: Reason,
    /// Whom they sit in for (`stand_in`), or who sits in for them (`stood_in_for`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whom: Option<AttendeeId>,
}

impl Verdict {
    fn of(reason: Reason, whom: Option<AttendeeId>) -> Self {
        Self { may_enter: reason.lets_in(), reason, whom }
    }

    /// As the guest is told it.
    pub fn for_guest(self) -> Self {
        Self { reason: self.reason.for_guest(), ..self }
    }
}

/// Whether somebody may enter a part or session at a time.
pub fn check(facts: &Facts, at: Timestamp) -> Verdict {
    if let Some(reason) = out_of_question(&facts.terms, at) {
        return Verdict::of(reason, None);
    }
    if facts.guest.is_on_duty && !facts.guest.registration.is_some_and(RegistrationStatus::has_ended) {
        return Verdict::of(Reason::OnDuty, None);
    }
    let verdict = judge(facts);
    if verdict.may_enter && opens_at(facts).is_some_and(|opens_at| at < opens_at) {
        return Verdict::of(Reason::NotYet, None);
    }
    verdict
}

fn out_of_question(terms: &EntryTerms, at: Timestamp) -> Option<Reason> {
    match terms.state {
        State::Draft => Some(Reason::NotPublished),
        State::Cancelled => Some(Reason::Cancelled),
        State::Published => terms.is_over(at).then_some(Reason::Over),
    }
}

fn opens_at(facts: &Facts) -> Option<Timestamp> {
    let minutes = i64::from(facts.opens_minutes_before?);
    Some(facts.terms.starts_at?.plus_minutes(-minutes))
}

fn judge(facts: &Facts) -> Verdict {
    let terms = &facts.terms;
    if terms.policy == AdmissionPolicy::Open && !terms.needs_seat {
        return Verdict::of(Reason::Open, None);
    }
    if let Some(reason) = unconfirmed(facts.guest.registration) {
        return Verdict::of(reason, None);
    }
    // What everybody registered may enter has no places that one takes from another.
    let (sits_in_for, stood_in_by) =
        if terms.is_for_few() { (facts.sits_in_for.as_ref(), facts.stood_in_by) } else { (None, None) };
    if let Some(delegator) = sits_in_for.filter(|delegator| claim(terms, &delegator.guest).lets_in()) {
        return Verdict::of(Reason::StandIn, Some(delegator.attendee));
    }
    if stood_in_by.is_some() && ground(terms, &facts.guest).lets_in() {
        return Verdict::of(Reason::StoodInFor, stood_in_by);
    }
    Verdict::of(claim(terms, &facts.guest), None)
}

/// What somebody's own registration, invitation and seat say.
fn claim(terms: &EntryTerms, guest: &Guest) -> Reason {
    let reason = unconfirmed(guest.registration).unwrap_or_else(|| ground(terms, guest));
    if reason.lets_in() && terms.needs_seat { seated(guest) } else { reason }
}

fn unconfirmed(registration: Option<RegistrationStatus>) -> Option<Reason> {
    match registration {
        Some(RegistrationStatus::Confirmed) => None,
        None => Some(Reason::NotRegistered),
        Some(RegistrationStatus::Invited) => Some(Reason::RegistrationInvited),
        Some(RegistrationStatus::Requested) => Some(Reason::RegistrationRequested),
        Some(RegistrationStatus::Waitlisted) => Some(Reason::RegistrationWaitlisted),
        Some(RegistrationStatus::Declined) => Some(Reason::RegistrationDeclined),
        Some(RegistrationStatus::Cancelled) => Some(Reason::RegistrationCancelled),
    }
}

/// On what ground the admission lets in somebody registered, or why it does not.
fn ground(terms: &EntryTerms, guest: &Guest) -> Reason {
    if terms.policy != AdmissionPolicy::ByInvitation {
        return Reason::Registered;
    }
    if guest.invitations.iter().any(|invited| !invited.is_withdrawn && invited.answer.lets_in()) {
        return Reason::Invited;
    }
    if guest.is_in_audience {
        return Reason::Audience;
    }
    match guest.invitations.first() {
        None => Reason::NotInvited,
        Some(InvitedAs { is_withdrawn: true, .. }) => Reason::InvitationWithdrawn,
        Some(InvitedAs { answer: Answer::Delegated, .. }) => Reason::InvitationDelegated,
        Some(_) => Reason::InvitationDeclined,
    }
}

fn seated(guest: &Guest) -> Reason {
    match guest.seat {
        Some(seat) if seat.holds_seat() => Reason::Seat,
        Some(seat) if seat.is_live() => Reason::SeatWaiting,
        _ => Reason::NoSeat,
    }
}

#[cfg(test)]
mod tests;
