//! What becomes of an answer: who may move an invitation from which answer to which, until when.
//!
//! It is judged in a fixed order, and the first thing in its way is the answer: withdrawn, said
//! already (nothing changes), closed, over, whose it is to say, a registration that was not approved or ended, passed on
//! already, and last the quota.

use super::{Answer, AnsweredAs, Delegate, EntryTerms, Invitation, Rejection, Reply};
use crate::ids::AccountId;
use crate::programme::State;
use crate::registration::RegistrationStatus;
use crate::signup::QuotaUse;
use crate::time::Timestamp;

/// Whether they may move an invitation from one answer to another, or say more about the same one.
/// Everybody who answers may change the answer; that there is none again is for staff to say.
pub fn may_move(by: AnsweredAs, from: Answer, to: Answer) -> bool {
    match to {
        Answer::Pending => by.is_staff() && from != Answer::Pending,
        Answer::Accepted | Answer::Declined | Answer::Delegated => true,
    }
}

/// An answer to an invitation, with what decides on it.
#[derive(Clone, PartialEq, Debug)]
pub struct Request<'a> {
    /// When it is decided.
    pub now: Timestamp,
    /// The invitation as it stands.
    pub invitation: &'a Invitation,
    /// What it is to; none where that is gone.
    pub terms: Option<&'a EntryTerms>,
    /// As what it is answered.
    pub by: AnsweredAs,
    /// Where the registration of the invited stands; none where they have none.
    pub registration: Option<RegistrationStatus>,
    /// How many of their delegation have accepted, and may, if there is a quota and they count in it.
    pub quota: Option<QuotaUse>,
    /// Whether an organiser makes an exception from the quota.
    pub has_exception: bool,
}

/// What becomes of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// It is what they said before.
    Unchanged,
    /// It is noted ([`answered`]).
    Changed {
        /// Whether it took the exception.
        is_exception: bool,
    },
}

/// Decides on an answer whose fields are in order ([`Reply::faults`]).
///
/// # Errors
///
/// The first thing that is in its way.
pub fn decide(request: &Request<'_>, reply: &Reply) -> Result<Decision, Rejection> {
    let invitation = request.invitation;
    let (from, to) = (invitation.answer, reply.answer);
    if invitation.is_withdrawn() {
        return Err(Rejection::Withdrawn);
    }
    if is_said(invitation, reply) {
        return Ok(Decision::Unchanged);
    }
    let terms = request.terms.filter(|terms| terms.state == State::Published).ok_or(Rejection::Closed)?;
    if terms.is_over(request.now) {
        return Err(Rejection::WindowOver);
    }
    if !may_move(request.by, from, to) {
        return Err(Rejection::StaffOnly);
    }
    let is_guest = request.registration.is_none_or(RegistrationStatus::has_invitations);
    if !is_guest && matches!(to, Answer::Accepted | Answer::Delegated) {
        return Err(Rejection::NotRegistered);
    }
    if to == Answer::Delegated && invitation.delegated_by.is_some() && !request.by.is_staff() {
        return Err(Rejection::PassedOn);
    }
    let takes_place = to == Answer::Accepted && from != Answer::Accepted;
    let is_full = takes_place && request.quota.is_some_and(QuotaUse::is_reached);
    if is_full && !request.has_exception {
        Err(Rejection::QuotaReached)
    } else {
        Ok(Decision::Changed { is_exception: is_full })
    }
}

/// Whether the answer, and everything said with it, stands already.
fn is_said(invitation: &Invitation, reply: &Reply) -> bool {
    let is_same_delegate = match (&reply.delegate, &invitation.delegated_to) {
        (Some(given), Some(kept)) => given.names(kept),
        (given, kept) => given == kept,
    };
    let is_same_note = reply.note.is_none() || reply.note == invitation.note;
    invitation.answer == reply.answer && invitation.word == reply.word && is_same_delegate && is_same_note
}

/// The invitation with the answer. `delegate` is who is named to come, as the event knows them: an
/// attendee may be found for a name and address.
pub fn answered(
    invitation: &Invitation,
    reply: &Reply,
    delegate: Option<Delegate>,
    (by, account, at): (AnsweredAs, Option<AccountId>, Timestamp),
) -> Invitation {
    let is_open = reply.answer == Answer::Pending;
    Invitation {
        answer: reply.answer,
        answered_at: (!is_open).then_some(at),
        answered_by: account.filter(|_| !is_open),
        answered_as: (!is_open).then_some(by),
        word: reply.word.clone(),
        note: reply.note.clone(),
        delegated_to: delegate,
        ..invitation.clone()
    }
}

#[cfg(test)]
mod tests;
