//! Somebody who sits in for a delegate in one session or on one day.

use serde::{Deserialize, Serialize};

use super::given::{WORDS_PROBLEM, fault, is_words};
use super::{InvitedTo, Rejection};
use crate::ids::{AttendeeId, RecordId};
use crate::programme::InvalidBody;
use crate::time::{Day, Timestamp};

/// That somebody sits in for a delegate, who keeps everything else.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandIn {
    /// The delegate.
    pub attendee: AttendeeId,
    /// Who sits in.
    pub stand_in: AttendeeId,
    /// In which session; either this or `day`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<RecordId>,
    /// On which day, in the event's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// When it was ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// What staff noted with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl StandIn {
    /// Whether it is in force for a part or session; `day` is the session's day, and for a part the
    /// day on which somebody comes.
    pub fn covers(&self, (collection, object): (InvitedTo, RecordId), day: Option<Day>) -> bool {
        let is_of_session = collection == InvitedTo::Sessions && self.session == Some(object);
        self.ended_at.is_none() && (is_of_session || (self.day.is_some() && self.day == day))
    }

    /// Everything wrong with it, with its field as a JSON pointer.
    pub fn faults(&self) -> Vec<InvalidBody> {
        let mut faults = Vec::new();
        if self.attendee == self.stand_in {
            faults.push(fault("/stand_in", "is the attendee"));
        }
        match (self.session, self.day) {
            (None, None) => faults.push(fault("/session", "is missing, and so is a day")),
            (Some(_), Some(_)) => faults.push(fault("/day", "does not go with a session")),
            _ => {}
        }
        if self.note.as_deref().is_some_and(|note| !is_words(note)) {
            faults.push(fault("/note", WORDS_PROBLEM));
        }
        faults
    }

    /// As the people concerned read it.
    pub fn for_people(&self) -> Self {
        Self { note: None, ..self.clone() }
    }
}

/// Whether somebody can sit in so, beside what is arranged already for either of the two. `day_of`
/// tells the day of a session.
///
/// # Errors
///
/// The first thing that is in the way: at that time somebody sits in for the delegate, or the one who
/// is to sit in does so for another delegate, or one of the two would be both.
pub fn arrange(new: &StandIn, others: &[StandIn], day_of: impl Fn(RecordId) -> Option<Day>) -> Result<(), Rejection> {
    let day = |one: &StandIn| one.day.or_else(|| day_of(one.session?));
    let is_at_once = |other: &&StandIn| match (new.session, other.session) {
        (Some(one), Some(other)) => one == other,
        _ => day(new).is_some() && day(new) == day(other),
    };
    let standing = || others.iter().filter(|other| other.ended_at.is_none()).filter(is_at_once);
    if standing().any(|other| other.attendee == new.attendee) {
        return Err(Rejection::StoodInFor);
    }
    if standing().any(|other| other.stand_in == new.stand_in) {
        return Err(Rejection::SitsElsewhere);
    }
    if standing().any(|other| other.attendee == new.stand_in || other.stand_in == new.attendee) {
        return Err(Rejection::Chain);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::*;

    fn day(day: u32) -> Day {
        Day(NaiveDate::from_ymd_opt(2018, 11, day).unwrap())
    }

    fn stand_in(session: Option<u128>, on: Option<u32>) -> StandIn {
        StandIn {
            attendee: AttendeeId(Uuid::from_u128(1)),
            stand_in: AttendeeId(Uuid::from_u128(2)),
            session: session.map(|session| RecordId(Uuid::from_u128(session))),
            day: on.map(day),
            ended_at: None,
            note: None,
        }
    }

    #[test]
    fn it_is_for_its_session_or_for_everything_of_its_day() {
        let session = (InvitedTo::Sessions, RecordId(Uuid::from_u128(9)));
        let other = (InvitedTo::Sessions, RecordId(Uuid::from_u128(8)));
        let part = (InvitedTo::Parts, RecordId(Uuid::from_u128(9)));
        let of_session = stand_in(Some(9), None);
        assert!(of_session.covers(session, Some(day(26))) && of_session.covers(session, None));
        assert!(!of_session.covers(other, Some(day(26))) && !of_session.covers(part, Some(day(26))));
        let of_day = stand_in(None, Some(26));
        assert!(of_day.covers(session, Some(day(26))) && of_day.covers(part, Some(day(26))));
        assert!(!of_day.covers(session, Some(day(27))) && !of_day.covers(session, None));
        for ended in [of_session, of_day] {
            let ended = StandIn { ended_at: Some(Timestamp(1)), ..ended };
            assert!(!ended.covers(session, Some(day(26))));
        }
    }

    #[test]
    fn it_is_for_a_session_or_a_day_and_by_somebody_else() {
        let fields = |one: StandIn| one.faults().into_iter().map(|fault| fault.field).collect::<Vec<_>>();
        assert_eq!((fields(stand_in(Some(9), None)), fields(stand_in(None, Some(26)))), (vec![], vec![]));
        assert_eq!(fields(stand_in(None, None)), ["/session"]);
        assert_eq!(fields(stand_in(Some(9), Some(26))), ["/day"]);
        let noted = |note: &str| StandIn { note: Some(note.to_owned()), ..stand_in(Some(9), None) };
        assert_eq!((fields(noted("asked by telephone")), fields(noted(" "))), (vec![], vec!["/note".to_owned()]));
        let own = stand_in(Some(9), None);
        assert_eq!(fields(StandIn { stand_in: own.attendee, ..own }), ["/stand_in"]);
    }

    #[test]
    fn at_one_time_there_is_one_for_a_delegate_who_sits_in_for_nobody_else() {
        // Session 9 is on the 26th, session 8 as well, session 7 on the 27th.
        let day_of = |session: RecordId| Some(day(if session.0.as_u128() == 7 { 27 } else { 26 }));
        let between = |attendee: u128, by: u128, one: &StandIn| {
            let (attendee, stand_in) = (AttendeeId(Uuid::from_u128(attendee)), AttendeeId(Uuid::from_u128(by)));
            StandIn { attendee, stand_in, ..one.clone() }
        };
        let (of_session, of_day) = (stand_in(Some(9), None), stand_in(None, Some(26)));
        let (elsewhere, next_day) = (stand_in(Some(8), None), stand_in(None, Some(27)));
        let refused = |attendee, by, one: &StandIn, other: &StandIn| {
            arrange(&between(attendee, by, one), std::slice::from_ref(other), day_of).err()
        };
        // Person 2 sits in for person 1.
        for (attendee, by, expected) in [
            (1, 3, Some(Rejection::StoodInFor)),
            (1, 2, Some(Rejection::StoodInFor)),
            (3, 2, Some(Rejection::SitsElsewhere)),
            (3, 1, Some(Rejection::Chain)),
            (2, 3, Some(Rejection::Chain)),
            (3, 4, None),
        ] {
            for (one, other) in
                [(&of_session, &of_session), (&of_session, &of_day), (&of_day, &of_session), (&of_day, &of_day)]
            {
                assert_eq!(refused(attendee, by, one, other), expected, "{attendee} {by}");
            }
            let ended = StandIn { ended_at: Some(Timestamp(1)), ..of_day.clone() };
            for (one, other) in
                [(&of_session, &elsewhere), (&of_session, &next_day), (&next_day, &of_day), (&of_session, &ended)]
            {
                assert_eq!(refused(attendee, by, one, other), None, "{attendee} {by}");
            }
        }
        let nowhere = |_| None;
        assert_eq!(arrange(&elsewhere, &[of_session], nowhere), Ok(()), "two sessions without a day");
        assert_eq!(arrange(&elsewhere, &[of_day], nowhere), Ok(()), "a session without a day");
    }

    #[test]
    fn people_do_not_read_the_note() {
        let noted = StandIn { note: Some("asked by telephone".into()), ..stand_in(Some(9), None) };
        assert_eq!(noted.for_people(), stand_in(Some(9), None));
    }
}
