//! Somebody who sits in for a delegate in one session or on one day.

use serde::{Deserialize, Serialize};

use super::InvitedTo;
use crate::ids::{AttendeeId, RecordId};
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

    /// As the people concerned read it.
    pub fn for_people(&self) -> Self {
        Self { note: None, ..self.clone() }
    }
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
    fn people_do_not_read_the_note() {
        let noted = StandIn { note: Some("asked by telephone".into()), ..stand_in(Some(9), None) };
        assert_eq!(noted.for_people(), stand_in(Some(9), None));
    }
}
