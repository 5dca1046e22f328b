//! What somebody wants to be told by push on one of their devices.

use std::collections::BTreeMap;

use chrono::{NaiveTime, Timelike};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{NoticeKind, Urgency};
use crate::localised::is_language_tag;
use crate::time::Timestamp;

/// How a device is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// By a title and a text.
    #[default]
    On,
    /// Not at all.
    Off,
    /// That there is something, and not what: the app fetches it.
    WakeUp,
}

/// Hours in which a device is left alone.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// From then on, by the clock.
    pub from: ClockTime,
    /// Until then, the next day where it is earlier.
    pub to: ClockTime,
    /// Whose clock (IANA); the event's where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Tz>,
}

/// A time of day, `22:00` on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClockTime(pub NaiveTime);

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.format("%H:%M"))
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let time = NaiveTime::parse_from_str(&text, "%H:%M").ok().filter(|_| text.len() == 5);
        time.map(Self).ok_or_else(|| de::Error::custom("is not a time of day of the form 22:00"))
    }
}

impl QuietHours {
    /// When they end, where `now` is in them; none where it is not.
    pub fn end_after(&self, now: Timestamp, zone_of_event: Tz) -> Option<Timestamp> {
        let minute = |time: NaiveTime| i64::from(time.hour() * 60 + time.minute());
        let local = now.to_utc().with_timezone(&self.time_zone.unwrap_or(zone_of_event));
        let (at, from, to) = (minute(local.time()), minute(self.from.0), minute(self.to.0));
        let passed = (at - from).rem_euclid(24 * 60);
        let length = (to - from).rem_euclid(24 * 60);
        (passed < length).then(|| {
            let whole_minute = Timestamp(now.0 - now.0.rem_euclid(60_000));
            whole_minute.plus_minutes(length - passed)
        })
    }
}

/// What is wanted of one device.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    /// By kind of notice, where it is not the usual.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<NoticeKind, Delivery>,
    /// The usual.
    #[serde(default)]
    pub default: Delivery,
    /// When it is to be left alone. Emergencies pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
    /// The language (BCP 47); the person's own where absent.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read_language")]
    pub language: Option<String>,
    /// The zone of the person's own clock (IANA): times are told in it too, where it shows another time than the event's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Tz>,
}

impl Preferences {
    /// How the device is told of a notice. Emergencies are told whatever was chosen.
    pub fn delivery(&self, kind: NoticeKind, urgency: Urgency) -> Delivery {
        match (self.kinds.get(&kind).copied().unwrap_or(self.default), urgency) {
            (Delivery::Off, Urgency::Emergency) => Delivery::WakeUp,
            // Who tries it out wants to see it.
            (Delivery::Off, _) if kind == NoticeKind::Test => Delivery::On,
            (chosen, _) => chosen,
        }
    }
}

fn read_language<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let tag = Option::<String>::deserialize(deserializer)?;
    match tag {
        Some(tag) if !is_language_tag(&tag) => Err(de::Error::custom("is not a language tag such as es or pt-BR")),
        tag => Ok(tag),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn quiet(zone: Option<&str>) -> QuietHours {
        let mut hours = json!({ "from": "22:00", "to": "07:00" });
        if let Some(zone) = zone {
            hours["time_zone"] = zone.into();
        }
        serde_json::from_value(hours).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).unwrap()
    }

    #[test]
    fn quiet_hours_pass_midnight_and_are_told_by_the_clock_of_their_zone() {
        let zone = chrono_tz::America::Santiago;
        assert_eq!(quiet(None).end_after(at("2018-11-27T00:59:00Z"), zone), None);
        let morning = Some(at("2018-11-27T10:00:00Z"));
        assert_eq!(quiet(None).end_after(at("2018-11-27T01:00:00Z"), zone), morning);
        assert_eq!(quiet(None).end_after(at("2018-11-27T09:59:59Z"), zone), morning);
        assert_eq!(quiet(None).end_after(at("2018-11-27T10:00:00Z"), zone), None);
        let lisbon = quiet(Some("Europe/Lisbon")).end_after(at("2018-11-27T01:00:00Z"), zone);
        assert_eq!(lisbon, Some(at("2018-11-27T07:00:00Z")));
    }

    #[test]
    fn an_emergency_reaches_a_device_that_wants_nothing() {
        let chosen: Preferences =
            serde_json::from_value(json!({ "kinds": { "room": "on" }, "default": "off" })).unwrap();
        assert_eq!(chosen.delivery(NoticeKind::Room, Urgency::Normal), Delivery::On);
        assert_eq!(chosen.delivery(NoticeKind::Time, Urgency::Urgent), Delivery::Off);
        assert_eq!(chosen.delivery(NoticeKind::Time, Urgency::Emergency), Delivery::WakeUp);
    }

    #[test]
    fn what_is_no_time_zone_or_language_is_refused() {
        for wrong in [
            json!({ "quiet_hours": { "from": "25:00", "to": "07:00" } }),
            json!({ "quiet_hours": { "from": "22:00", "to": "07:00", "time_zone": "Moon/Tranquility" } }),
            json!({ "language": "Klingon!" }),
            json!({ "time_zone": "Moon/Tranquility" }),
            json!({ "kinds": { "no_such_kind": "on" } }),
        ] {
            assert!(serde_json::from_value::<Preferences>(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
