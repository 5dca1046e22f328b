//! The judge of every checkpoint.
//!
//! What speaks against a guest, and for them, is looked at in a fixed order; everything that holds is
//! told, and the first of it is the reason:
//!
//! 1. The code: no badge, another event's, void, outside its time.
//! 2. The guest: known, not cancelled, confirmed. A guest whom the roster does not have is judged by what
//!    the badge says, where a desk issued it to somebody who walked in, or the roster is not complete or
//!    older than the badge; where the roster would have them, they are unknown.
//! 3. What is entered, by the one invitation check ([`crate::invitation::check`]), whatever the time.
//! 4. Whom the area is for: categories, audiences. Who works there is let in all the same.
//! 5. The time: who works there may be early.
//! 6. What was used before, by the area's rule.
//! 7. How many are inside. Who is inside already, or works there, is not counted anew.
//! 8. A note for whoever sees the guest first.
//!
//! Nobody is kept inside: a way out is open to everybody whose badge is the event's.

use std::collections::BTreeSet;

use super::room::{closes_at, opens_at};
use super::{
    Direction, LimitOf, MovedTo, NextStep, Presented, Question, ReadBadge, Reason, RosterGuest, Subject, Verdict,
    facts_of, is_entered_at,
};
use crate::badge::{Access, BadgeFault, category_mark};
use crate::ids::RecordId;
use crate::invitation::{self, EntryTerms, Facts, Guest, check};
use crate::programme::{AdmissionPolicy, EntryRule, State};
use crate::registration::RegistrationStatus;

/// The answer to a question. It never fails, and looks at nothing but the question.
pub fn judge(question: &Question) -> Verdict {
    let mut judgement = Judgement::of(question);
    judgement.look_at_code();
    match (question.direction, question.guest.as_ref(), trusted_badge(question)) {
        _ if judgement.has_no_badge() => {}
        (Direction::Out, None, None) => judgement.find(Reason::Unknown),
        (Direction::Out, ..) => {}
        (Direction::In, Some(guest), _) => judgement.look_at_guest(&Known::Roster(guest)),
        (Direction::In, None, Some(badge)) => judgement.look_at_guest(&Known::Badge(badge)),
        (Direction::In, None, None) => judgement.find(Reason::Unknown),
    }
    judgement.told()
}

/// The badge, where it speaks for a guest whom the roster does not have.
fn trusted_badge(question: &Question) -> Option<ReadBadge> {
    match question.presented {
        Presented::Badge(badge) => {
            let is_missed = question.knowledge.would_know_of(badge.valid_from, question.now);
            (badge.is_provisional || !is_missed).then_some(badge)
        }
        Presented::Fault(_) | Presented::ByHand => None,
    }
}

/// What is known of a guest.
enum Known<'a> {
    Roster(&'a RosterGuest),
    Badge(ReadBadge),
}

impl Known<'_> {
    fn facts(&self, subject: &Subject, question: &Question) -> Facts {
        // Time is looked at by itself, so that it hides nothing.
        let terms = EntryTerms { starts_at: None, ends_at: None, ..subject.terms.clone() };
        match self {
            Self::Roster(guest) => facts_of(guest.standing(), subject.id, terms, question.day),
            Self::Badge(badge) => {
                let is_confirmed = badge.access.has(Access::CONFIRMED);
                let guest = Guest {
                    registration: is_confirmed.then_some(RegistrationStatus::Confirmed),
                    is_in_audience: subject.mark.is_some_and(|mark| badge.access.has(mark)),
                    ..Guest::default()
                };
                Facts { terms, opens_minutes_before: None, guest, sits_in_for: None, stood_in_by: None }
            }
        }
    }

    fn is_of_category(&self, categories: &[RecordId], part: Option<RecordId>) -> bool {
        let mut categories = categories.iter();
        match self {
            Self::Roster(guest) => categories.any(|category| *category == guest.category_in(part)),
            Self::Badge(badge) => categories.any(|category| category_mark(*category) == badge.category),
        }
    }

    fn is_in_audience(&self, audiences: &[RecordId]) -> bool {
        match self {
            Self::Roster(guest) => audiences.iter().any(|audience| guest.audiences.contains(audience)),
            Self::Badge(_) => false,
        }
    }
}

/// The whole event, where nothing in it is entered by itself.
fn whole_event(area: RecordId) -> Subject {
    let terms = EntryTerms {
        state: State::Published,
        policy: AdmissionPolicy::Registered,
        starts_at: None,
        ends_at: None,
        needs_seat: false,
    };
    Subject { collection: invitation::InvitedTo::Parts, id: area, part: None, room: None, mark: None, terms }
}

struct Judgement<'a> {
    question: &'a Question,
    found: BTreeSet<Reason>,
    verdict: Verdict,
}

impl<'a> Judgement<'a> {
    fn of(question: &'a Question) -> Self {
        let guest = question.guest.as_ref();
        let verdict = Verdict {
            admits: false,
            reason: Reason::Admitted,
            also: Vec::new(),
            next: NextStep::LetIn,
            fault: None,
            entry: None,
            first: question.presence.first.clone(),
            moved_to: None,
            opens_at: None,
            closed_at: None,
            limit: None,
            note: None,
            is_reported_stolen: guest.is_some_and(|guest| guest.is_reported_stolen),
            is_by_badge_alone: false,
            knowledge: question.knowledge,
        };
        Self { question, found: BTreeSet::new(), verdict }
    }

    fn find(&mut self, reason: Reason) {
        self.found.insert(reason);
    }

    fn has_no_badge(&self) -> bool {
        matches!(self.question.presented, Presented::Fault(_))
    }

    fn look_at_code(&mut self) {
        let is_in = self.question.direction == Direction::In;
        match self.question.presented {
            Presented::Fault(fault) => {
                self.verdict.fault = Some(fault);
                self.find(match fault {
                    BadgeFault::OtherEvent => Reason::OtherEvent,
                    BadgeFault::RevokedKey | BadgeFault::NotYet | BadgeFault::Expired => Reason::BadgeVoid,
                    BadgeFault::Malformed
                    | BadgeFault::UnsupportedVersion
                    | BadgeFault::UnknownKey
                    | BadgeFault::Forged => Reason::Unknown,
                });
            }
            Presented::Badge(badge) if is_in => {
                self.verdict.fault = badge.fault_at(self.question.now);
                if self.question.is_void || self.verdict.fault.is_some() {
                    self.find(Reason::BadgeVoid);
                }
            }
            Presented::Badge(_) | Presented::ByHand => {}
        }
    }

    fn look_at_guest(&mut self, known: &Known<'_>) {
        let question = self.question;
        self.verdict.is_by_badge_alone = matches!(known, Known::Badge(_));
        let event = whole_event(RecordId(uuid::Uuid::nil()));
        let subject = question.subject.as_ref().unwrap_or(&event);
        let facts = known.facts(subject, question);
        let entry = check(&facts, question.now).reason;
        self.verdict.entry = Some(entry);
        self.found.extend(Reason::of_entry(entry));
        let is_on_duty = entry == invitation::Reason::OnDuty;
        if entry == invitation::Reason::Invited && facts.guest.invitations.iter().all(|one| !is_accepted(one)) {
            self.find(Reason::InvitationNotAnswered);
        }
        if !is_on_duty {
            self.look_at_area(known, subject.part());
        }
        self.look_at_time(is_on_duty);
        self.look_at_uses();
        if !is_on_duty && !question.presence.is_inside {
            self.look_at_limits();
        }
        self.look_for_moved(known);
        if let Known::Roster(RosterGuest { note: Some(note), .. }) = known {
            self.verdict.note = Some(note.clone());
            self.find(Reason::NeedsAttention);
        }
    }

    fn look_at_area(&mut self, known: &Known<'_>, part: Option<RecordId>) {
        let area = &self.question.area;
        if !area.categories.is_empty() && !known.is_of_category(&area.categories, part) {
            self.find(Reason::WrongPart);
        }
        if !area.audiences.is_empty() && !known.is_in_audience(&area.audiences) {
            self.find(Reason::NotInvited);
        }
    }

    fn look_at_time(&mut self, is_on_duty: bool) {
        let Question { now, area, subject, .. } = self.question;
        let is_in_window = area.windows.is_empty() || area.windows.iter().any(|window| window.contains(*now));
        let next_window = area.windows.iter().map(|window| window.from).filter(|from| from > now).min();
        let doors = subject.as_ref().and_then(|subject| opens_at(area, &subject.terms)).filter(|opens| now < opens);
        let opens = doors.max(if is_in_window { None } else { next_window });
        let last_window = area.windows.iter().map(|window| window.to).max();
        let over = subject.as_ref().and_then(|subject| closes_at(area, &subject.terms)).filter(|closes| now >= closes);
        let closed = over.or(last_window.filter(|_| !is_in_window && next_window.is_none()));
        if closed.is_some() {
            self.verdict.closed_at = closed;
            self.find(Reason::TooLate);
        } else if opens.is_some() && !is_on_duty {
            self.verdict.opens_at = opens;
            self.find(Reason::TooEarly);
        }
    }

    fn look_at_uses(&mut self) {
        let presence = &self.question.presence;
        match self.question.area.rule {
            EntryRule::Once if presence.first.is_some() => self.find(Reason::AlreadyUsed),
            EntryRule::InAndOut if presence.is_inside => self.find(Reason::AlreadyInside),
            EntryRule::Free | EntryRule::Once | EntryRule::InAndOut => {}
        }
    }

    fn look_at_limits(&mut self) {
        let reached = self.question.limits.iter().filter(|limit| limit.inside >= limit.at_most);
        // What is full for everybody is no matter of the delegation.
        if let Some(limit) = reached.min_by_key(|limit| limit.of == LimitOf::Delegation) {
            self.verdict.limit = Some(*limit);
            self.find(Reason::Full);
        }
    }

    /// Whoever is not let in here, or finds an empty room, may have come for what has moved.
    fn look_for_moved(&mut self, known: &Known<'_>) {
        let question = self.question;
        let is_theirs = |subject: &&Subject| {
            let is_on = is_entered_at(&question.area, &subject.terms, question.now);
            is_on && check(&known.facts(subject, question), question.now).may_enter
        };
        let Some(moved) = question.moved_away.iter().find(is_theirs) else { return };
        self.verdict.moved_to = Some(MovedTo { session: moved.id, room: moved.room });
        let elsewhere = [Reason::WrongPart, Reason::NotInvited, Reason::TooEarly, Reason::TooLate];
        if question.subject.is_none() || elsewhere.iter().any(|reason| self.found.contains(reason)) {
            self.find(Reason::Moved);
        }
    }

    fn told(self) -> Verdict {
        let Self { question, found, mut verdict } = self;
        let mut found = found.into_iter();
        verdict.reason = found.next().unwrap_or(Reason::Admitted);
        verdict.also = found.collect();
        verdict.admits = verdict.reason.admits();
        let is_of_guest = verdict.entry != Some(invitation::Reason::Cancelled);
        verdict.next = match question.direction {
            Direction::Out if verdict.admits => NextStep::LetOut,
            _ => NextStep::after(verdict.reason, question.kind, is_of_guest),
        };
        verdict
    }
}

fn is_accepted(invited: &invitation::InvitedAs) -> bool {
    !invited.is_withdrawn && invited.answer == invitation::Answer::Accepted
}

#[cfg(test)]
mod tests;
