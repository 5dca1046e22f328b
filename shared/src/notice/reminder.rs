//! Reminders: rules relative to when a session begins, so that they move with it. What is kept is what somebody
//! chose, never a time.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::ids::{AttendeeId, RecordId};
use crate::time::Timestamp;

/// How long before it begins somebody is reminded of a session where nobody says otherwise.
pub const USUAL_LEAD: Lead = Lead::Minutes(15);

/// The longest time before a session, in minutes: a day.
pub const MOST_LEAD_MINUTES: u32 = 24 * 60;

/// Why somebody is reminded of a session.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReminderKind {
    /// They starred it.
    Starred,
    /// They have a seat in it.
    Seat,
    /// They are invited to it.
    Invited,
    /// It takes them somewhere: they chose it, or what it leads to or away from.
    Transfer,
}

impl ReminderKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Starred, Self::Seat, Self::Invited, Self::Transfer];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Starred => "starred",
            Self::Seat => "seat",
            Self::Invited => "invited",
            Self::Transfer => "transfer",
        }
    }
}

/// How long before a session begins: a number of minutes on the wire, or `off`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lead {
    /// Not at all.
    Off,
    /// So many minutes before.
    Minutes(u32),
}

impl Serialize for Lead {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Off => serializer.serialize_str("off"),
            Self::Minutes(minutes) => serializer.serialize_u32(*minutes),
        }
    }
}

impl<'de> Deserialize<'de> for Lead {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Lead;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "off or a number of minutes up to {MOST_LEAD_MINUTES}")
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Lead, E> {
                let minutes = u32::try_from(value).ok().filter(|minutes| *minutes <= MOST_LEAD_MINUTES);
                minutes.map(Lead::Minutes).ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(value), &self))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Lead, E> {
                let minutes = u64::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self));
                self.visit_u64(minutes?)
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<Lead, E> {
                if value == "off" { Ok(Lead::Off) } else { Err(E::invalid_value(de::Unexpected::Str(value), &self)) }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// How long before a session somebody is reminded of it, by why; absent, as is usual.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leads {
    /// Of starred sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starred: Option<Lead>,
    /// Of sessions with a seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<Lead>,
    /// Of sessions with an invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<Lead>,
    /// Of transfers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Lead>,
}

impl Leads {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is said of a kind.
    pub fn get(&self, kind: ReminderKind) -> Option<Lead> {
        match kind {
            ReminderKind::Starred => self.starred,
            ReminderKind::Seat => self.seat,
            ReminderKind::Invited => self.invited,
            ReminderKind::Transfer => self.transfer,
        }
    }

    /// Says something of a kind, or nothing.
    pub fn set(&mut self, kind: ReminderKind, lead: Option<Lead>) {
        *match kind {
            ReminderKind::Starred => &mut self.starred,
            ReminderKind::Seat => &mut self.seat,
            ReminderKind::Invited => &mut self.invited,
            ReminderKind::Transfer => &mut self.transfer,
        } = lead;
    }
}

/// When somebody is reminded of a session that begins at `starts_at` and is theirs for these reasons: as they chose,
/// else as the event does, the earliest of several. None where they want no reminder.
pub fn remind_at(
    starts_at: Timestamp,
    kinds: &BTreeSet<ReminderKind>,
    (own, usual): (&Leads, &Leads),
) -> Option<Timestamp> {
    let lead = |kind: &ReminderKind| own.get(*kind).or(usual.get(*kind)).unwrap_or(USUAL_LEAD);
    let minutes = kinds.iter().map(lead).filter_map(|lead| match lead {
        Lead::Minutes(minutes) => Some(i64::from(minutes)),
        Lead::Off => None,
    });
    minutes.max().map(|minutes| starts_at.plus_minutes(-minutes))
}

/// The id of a reminder, the same on the server and on every device: one that is pushed takes the place of the one
/// that the device has shown by itself.
pub fn reminder_id(attendee: AttendeeId, session: RecordId, starts_at: Timestamp) -> Uuid {
    Uuid::new_v5(&attendee.0, format!("reminder {session} {}", starts_at.0).as_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(json!(text)).unwrap()
    }

    fn leads(value: serde_json::Value) -> Leads {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn what_somebody_chose_goes_before_what_the_event_does_and_that_before_the_usual() {
        let starts = at("2018-11-26T21:00:00Z");
        let starred = BTreeSet::from([ReminderKind::Starred]);
        let remind = |own: serde_json::Value, usual: serde_json::Value| {
            remind_at(starts, &starred, (&leads(own), &leads(usual)))
        };
        assert_eq!(remind(json!({}), json!({})), Some(at("2018-11-26T20:45:00Z")));
        assert_eq!(remind(json!({}), json!({ "starred": 30 })), Some(at("2018-11-26T20:30:00Z")));
        assert_eq!(remind(json!({ "starred": 0 }), json!({ "starred": 30 })), Some(starts));
        assert_eq!(remind(json!({ "starred": "off" }), json!({ "starred": 30 })), None);
        assert_eq!(remind(json!({ "seat": "off" }), json!({ "starred": "off" })), None);
    }

    #[test]
    fn of_several_reasons_the_earliest_reminds() {
        let starts = at("2018-11-26T21:00:00Z");
        let kinds = BTreeSet::from([ReminderKind::Starred, ReminderKind::Seat, ReminderKind::Invited]);
        let own = leads(json!({ "starred": 5, "seat": 60, "invited": "off" }));
        assert_eq!(remind_at(starts, &kinds, (&own, &Leads::default())), Some(at("2018-11-26T20:00:00Z")));
    }

    #[test]
    fn a_change_of_clocks_moves_no_reminder_by_an_hour() {
        // On 12 August 2018 clocks in Santiago went from midnight to one.
        let zone = chrono_tz::America::Santiago;
        let local = |text: &str| Timestamp::from_local(text.parse().unwrap(), zone).unwrap();
        let starred = BTreeSet::from([ReminderKind::Starred]);
        let remind = |starts: Timestamp, minutes: u32| {
            let own = Leads { starred: Some(Lead::Minutes(minutes)), ..Leads::default() };
            remind_at(starts, &starred, (&own, &Leads::default())).unwrap()
        };
        assert_eq!(remind(local("2018-08-11T09:00:00"), 15), local("2018-08-11T08:45:00"));
        assert_eq!(remind(local("2018-08-12T09:00:00"), 15), local("2018-08-12T08:45:00"));
        assert_eq!(remind(local("2018-08-12T01:05:00"), 15), local("2018-08-11T23:50:00"));
    }

    #[test]
    fn a_lead_is_off_or_some_minutes_of_a_day() {
        for wrong in [json!(-5), json!(1441), json!("on"), json!(1.5), json!(true)] {
            assert!(serde_json::from_value::<Lead>(wrong.clone()).is_err(), "{wrong}");
        }
        assert_eq!(
            serde_json::to_value(leads(json!({ "seat": "off", "transfer": 20 }))).unwrap(),
            json!({ "seat": "off", "transfer": 20 })
        );
        assert!(serde_json::from_value::<Leads>(json!({ "breaks": 5 })).is_err());
    }

    #[test]
    fn a_session_that_moves_has_another_reminder() {
        let (ana, session) = (AttendeeId(Uuid::from_u128(1)), RecordId(Uuid::from_u128(2)));
        let (first, second) = (at("2018-11-26T21:00:00Z"), at("2018-11-26T21:25:00Z"));
        assert_eq!(reminder_id(ana, session, first), reminder_id(ana, session, first));
        assert_ne!(reminder_id(ana, session, first), reminder_id(ana, session, second));
    }
}
