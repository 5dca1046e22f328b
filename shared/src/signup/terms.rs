//! A session as far as its seats are concerned.

use super::SignUpState;
use crate::ids::RecordId;
use crate::programme::{Programme, SignUpRules, State};
use crate::time::Timestamp;

/// What the rules of seats look at of a session.
#[derive(Clone, PartialEq, Debug)]
pub struct SeatTerms {
    /// The session.
    pub session: RecordId,
    /// Whether people can know of it and it takes place: event, part and session are published.
    pub is_on_offer: bool,
    /// How many seats it has.
    pub seats: u32,
    /// When and how people sign up.
    pub rules: SignUpRules,
    /// Its beginning and end, if it has a time.
    pub interval: Option<(Timestamp, Timestamp)>,
    /// The choice group that it is one of.
    pub choice_group: Option<RecordId>,
}

/// Where a moment lies to the window in which people sign up, change and cancel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Before it opens.
    NotYet,
    /// In it.
    Open,
    /// After it closed.
    Over,
}

impl SeatTerms {
    /// The terms of a session; none where there is no such session, or it has no seats of its own.
    pub fn of(programme: &Programme, id: RecordId) -> Option<Self> {
        let session = programme.session(id)?;
        Some(Self {
            session: id,
            is_on_offer: programme.state_within(session) == State::Published,
            seats: session.seats?,
            rules: session.sign_up.clone().unwrap_or_default(),
            interval: session.interval(),
            choice_group: session.choice_group,
        })
    }

    /// When the window closes: when the rules say, or else when the session begins; never for one
    /// without a time.
    pub fn closes_at(&self) -> Option<Timestamp> {
        self.rules.closes_at.or(self.interval.map(|(starts_at, _)| starts_at))
    }

    /// Where `now` lies to the window.
    pub fn phase(&self, now: Timestamp) -> Phase {
        if self.closes_at().is_some_and(|closes_at| now >= closes_at) {
            Phase::Over
        } else if self.rules.opens_at.is_some_and(|opens_at| now < opens_at) {
            Phase::NotYet
        } else {
            Phase::Open
        }
    }

    /// Until when somebody promoted now may accept; none where nothing needs to be accepted. Never
    /// beyond the window.
    pub fn offer_ends_at(&self, now: Timestamp) -> Option<Timestamp> {
        let ends_at = now.plus_minutes(i64::from(self.rules.accept_within_minutes?));
        Some(self.closes_at().map_or(ends_at, |closes_at| ends_at.min(closes_at)))
    }
}

/// Whether a session has seats to hold: it is there, has some, and neither it nor its part nor the event is
/// cancelled. A draft keeps the seats that were given.
pub fn takes_place(programme: &Programme, id: RecordId) -> bool {
    programme
        .session(id)
        .is_some_and(|session| session.seats.is_some() && programme.state_within(session) != State::Cancelled)
}

/// What somebody holds, or waits for, in a session.
#[derive(Clone, PartialEq, Debug)]
pub struct Held {
    /// The session.
    pub session: RecordId,
    /// Seat, offer or place in the line.
    pub state: SignUpState,
    /// The session's beginning and end, if it has a time.
    pub interval: Option<(Timestamp, Timestamp)>,
    /// Whether another seat may overlap it.
    pub may_overlap: bool,
    /// The choice group of the session.
    pub choice_group: Option<RecordId>,
    /// Whether its window is over: the list of its host stands.
    pub is_frozen: bool,
}

impl Held {
    /// What somebody has in the session with these terms.
    pub fn of(terms: &SeatTerms, state: SignUpState, now: Timestamp) -> Self {
        Self {
            session: terms.session,
            state,
            interval: terms.interval,
            may_overlap: terms.rules.may_overlap,
            choice_group: terms.choice_group,
            is_frozen: terms.phase(now) == Phase::Over,
        }
    }
}
