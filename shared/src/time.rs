//! Points in time (milliseconds since 1970-01-01T00:00Z) and calendar days.

use std::fmt;

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The earliest and the latest year a date or time may name.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// A point in time in milliseconds UTC; RFC 3339 with milliseconds and `Z` on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The point as chrono's type. Always possible within [`YEARS`].
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }

    /// The point `minutes` later (earlier where negative), saturating.
    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes.saturating_mul(60_000)))
    }

    /// Whole minutes from `earlier` to this point, rounded towards zero.
    pub fn minutes_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0) / 60_000
    }

    /// The calendar day in `zone`.
    pub fn day_in(self, zone: Tz) -> NaiveDate {
        self.to_utc().with_timezone(&zone).date_naive()
    }

    /// The point that clocks in `zone` show as `local`. A time that a change of clocks repeats is
    /// its first occurrence; one that it skips is none.
    pub fn from_local(local: NaiveDateTime, zone: Tz) -> Option<Self> {
        match zone.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(Self(at.timestamp_millis())),
            LocalResult::None => None,
        }
    }

    /// When a day begins in `zone`: a change of clocks at midnight makes some begin at one.
    pub fn start_of_day(day: NaiveDate, zone: Tz) -> Option<Self> {
        (0..3).find_map(|hour| Self::from_local(day.and_hms_opt(hour, 0, 0)?, zone))
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_millis())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let at = DateTime::parse_from_rfc3339(&text)
            .map_err(|_| de::Error::custom("is not a time of the form 2018-11-26T09:00:00Z"))?;
        if !YEARS.contains(&chrono::Datelike::year(&at)) {
            return Err(de::Error::custom("is out of the range of years 1900 to 2200"));
        }
        Ok(Self(at.timestamp_millis()))
    }
}

/// A calendar day, `2018-11-26` on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(pub NaiveDate);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d")
            .map_err(|_| de::Error::custom("is not a day of the form 2018-11-26"))?;
        if text.len() != 10 || !YEARS.contains(&chrono::Datelike::year(&day)) {
            return Err(de::Error::custom("is out of the range of years 1900 to 2200"));
        }
        Ok(Self(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_travel_as_rfc_3339_in_utc() {
        let at: Timestamp = serde_json::from_str("\"2018-11-26T09:00:00-03:00\"").unwrap();
        assert_eq!(serde_json::to_string(&at).unwrap(), "\"2018-11-26T12:00:00.000Z\"");
        assert!(serde_json::from_str::<Timestamp>("\"9999-11-26T09:00:00Z\"").is_err());
        assert!(serde_json::from_str::<Timestamp>("\"yesterday\"").is_err());
    }

    #[test]
    fn a_local_time_that_the_clock_skips_is_none() {
        let skipped = NaiveDate::from_ymd_opt(2018, 8, 12).unwrap().and_hms_opt(0, 30, 0).unwrap();
        assert_eq!(Timestamp::from_local(skipped, chrono_tz::America::Santiago), None);
    }

    #[test]
    fn a_day_begins_at_midnight_or_when_the_clocks_have_changed() {
        let start = |month, day| {
            let day = NaiveDate::from_ymd_opt(2018, month, day).unwrap();
            Timestamp::start_of_day(day, chrono_tz::America::Santiago).unwrap().to_string()
        };
        assert_eq!(start(8, 12), "2018-08-12T04:00:00.000Z", "midnight is skipped");
        assert_eq!(start(8, 13), "2018-08-13T03:00:00.000Z");
    }
}
