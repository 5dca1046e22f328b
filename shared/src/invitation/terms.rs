//! A part or session as far as entering it is concerned.

use std::str::FromStr;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::InvitedTo;
use crate::ids::RecordId;
use crate::programme::{
    Admission, AdmissionPolicy, Collection, Event, Part, Programme, ProgressState, RecordKey, Session, State,
};
use crate::time::{Day, Timestamp};

/// What the rules of invitations and doors look at of a part or session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryTerms {
    /// Its state together with its part's and the event's: what is wrong with one is wrong with it.
    pub state: State,
    /// Who may enter, where its own admission and its part's are taken together.
    pub policy: AdmissionPolicy,
    /// When it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// When it is over: as planned, later by how late it runs, or when it was said to have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// Whether it takes a seat.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_seat: bool,
}

impl EntryTerms {
    /// The terms of a part or session; none where there is no such thing.
    pub fn of(programme: &Programme, object: (InvitedTo, RecordId)) -> Option<Self> {
        let (_, event) = programme.event()?;
        let (state, policy, (starts_at, ends_at), needs_seat) = match object {
            (InvitedTo::Parts, id) => {
                let part = programme.part(id)?;
                (part.state.within(event.state), part.admission.policy, time_of_part(event, part), false)
            }
            (InvitedTo::Sessions, id) => {
                let session = programme.session(id)?;
                let part = session.part.and_then(|part| programme.part(part));
                let state = programme.state_within(session);
                let admission = session.admission.as_ref().or(part.map(|part| &part.admission));
                let policy = admission.map_or(AdmissionPolicy::Open, |admission| admission.policy);
                (state, policy, time_of_session(event, session), session.seats.is_some())
            }
        };
        let is_restricted = restricted_by(programme, object).is_some();
        let policy = if is_restricted { AdmissionPolicy::ByInvitation } else { policy };
        Some(Self { state, policy, starts_at, ends_at, needs_seat })
    }

    /// Whether only some of those registered can enter: by invitation, or with a seat.
    pub fn is_for_few(&self) -> bool {
        self.policy == AdmissionPolicy::ByInvitation || self.needs_seat
    }

    /// Whether it is over.
    pub fn is_over(&self, at: Timestamp) -> bool {
        self.ends_at.is_some_and(|ends_at| at >= ends_at)
    }
}

/// The session or part whose audiences and invitations decide who may enter; none where everybody may,
/// or everybody whose registration is confirmed.
pub fn restricted_by(programme: &Programme, (collection, id): (InvitedTo, RecordId)) -> Option<RecordKey> {
    let is_closed = |admission: &Admission| admission.is_gated() || admission.policy == AdmissionPolicy::ByInvitation;
    if collection == InvitedTo::Parts {
        return is_closed(&programme.part(id)?.admission).then_some((Collection::Parts, id));
    }
    let session = programme.session(id)?;
    let part = session.part.and_then(|part| Some((part, &programme.part(part)?.admission)));
    match (&session.admission, part) {
        (Some(own), _) if is_closed(own) => Some((Collection::Sessions, id)),
        // Whoever may enter, rows of a gated part lie behind its gate.
        (Some(_), Some((part, admission))) => admission.is_gated().then_some((Collection::Parts, part)),
        (None, Some((part, admission))) => is_closed(admission).then_some((Collection::Parts, part)),
        (_, None) => None,
    }
}

type Interval = (Option<Timestamp>, Option<Timestamp>);

/// A part without days of its own has the event's.
fn time_of_part(event: &Event, part: &Part) -> Interval {
    let from = part.starts_on.unwrap_or(event.starts_on);
    days(event, from, part.ends_on.or(part.starts_on).unwrap_or(event.ends_on))
}

fn time_of_session(event: &Event, session: &Session) -> Interval {
    let (starts_at, ends_at) = match (session.interval(), session.day) {
        (Some((starts_at, ends_at)), _) => (Some(starts_at), Some(ends_at)),
        (None, Some(day)) => days(event, day, day),
        (None, None) => (session.starts_at, session.ends_at),
    };
    let ends_at = match &session.progress {
        Some(progress) if progress.state == ProgressState::Ended => Some(progress.at),
        Some(progress) => ends_at.map(|at| at.plus_minutes(i64::from(progress.minutes_late.unwrap_or(0)))),
        None => ends_at,
    };
    (starts_at, ends_at)
}

fn days(event: &Event, from: Day, to: Day) -> Interval {
    let Ok(zone) = Tz::from_str(&event.time_zone) else { return (None, None) };
    let ends_at = to.0.succ_opt().and_then(|next| Timestamp::start_of_day(next, zone));
    (Timestamp::start_of_day(from.0, zone), ends_at)
}

#[cfg(test)]
mod tests;
