//! How long what is kept of people: days after the event's last day, in the event's time zone.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use shared::programme::{Event, FormField};
use shared::registration::{Details, Registration};
use shared::time::{Day, Timestamp};

use crate::config::Config;

/// For how many days after an event's last day what is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeptDays {
    /// Access needs.
    pub access_needs: u32,
    /// Addresses, telephone numbers and other details of a registration.
    pub details: u32,
    /// Personal notes.
    pub notes: u32,
    /// What people were told.
    pub notices: u32,
    /// The mails to them.
    pub mails: u32,
}

impl KeptDays {
    /// As configured.
    pub fn of_config(config: &Config) -> Self {
        Self {
            access_needs: config.keep_access_needs_days,
            details: config.keep_details_days,
            notes: config.keep_notes_days,
            notices: config.keep_notices_days,
            mails: config.keep_mails_days,
        }
    }
}

/// Whether an event's last day is over.
pub fn is_over(event: &Event, now: Timestamp) -> bool {
    now.day_in(zone_of(event)) > event.ends_on.0
}

fn zone_of(event: &Event) -> Tz {
    event.time_zone.parse().unwrap_or(Tz::UTC)
}

/// The day from which days are counted: the event's last, or the one on which it came into this
/// database where that is later. Who imports a week of years ago to try it out, or to look something
/// up, writes in it today.
fn first_day(event: &Event, made_at: Timestamp) -> NaiveDate {
    made_at.day_in(zone_of(event)).max(event.ends_on.0)
}

/// How long what people left in an event has been kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Age {
    last_day: NaiveDate,
    today: NaiveDate,
}

impl Age {
    /// At a moment, in an event that came into this database at `made_at`.
    pub fn of(event: &Event, made_at: Timestamp, now: Timestamp) -> Self {
        Self { last_day: first_day(event, made_at), today: now.day_in(zone_of(event)) }
    }

    /// Whether the day from which days are counted is over.
    pub fn is_past(self) -> bool {
        self.exceeds(0)
    }

    /// Whether what is kept for so many days after the last day is to go.
    pub fn exceeds(self, days: u32) -> bool {
        self.today > last_kept_day(self.last_day, days)
    }
}

fn last_kept_day(last_day: NaiveDate, days: u32) -> NaiveDate {
    last_day.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

/// For how many days the answer to a question is kept; none where it is kept as long as the
/// registration. An answer to what is not asked any more goes with the details.
fn answer_days(field: Option<&FormField>, kept: &KeptDays) -> Option<u32> {
    field.map_or(Some(kept.details), |field| field.keep_days)
}

/// The last day on which the answer to a question is kept, in an event that came into this database at
/// `made_at`.
pub fn answer_kept_until(
    event: &Event,
    made_at: Timestamp,
    (field, kept): (Option<&FormField>, &KeptDays),
) -> Option<Day> {
    answer_days(field, kept).map(|days| Day(last_kept_day(first_day(event, made_at), days)))
}

/// Whether the answer to a question is to go.
pub fn is_answer_due(key: &str, form: &[FormField], (age, kept): (Age, &KeptDays)) -> bool {
    let field = form.iter().find(|field| field.key == key);
    answer_days(field, kept).is_some_and(|days| age.exceeds(days))
}

/// The registration without the details and answers that are to go; none where nothing is.
pub fn without_due(
    registration: &Registration,
    form: &[FormField],
    (age, kept): (Age, &KeptDays),
) -> Option<Registration> {
    let mut left = registration.clone();
    if age.exceeds(kept.details) {
        left.details = Details::default();
    }
    left.answers.retain(|key, _| !is_answer_due(key, form, (age, kept)));
    (left != *registration).then_some(left)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEPT: KeptDays = KeptDays { access_needs: 30, details: 365, notes: 180, notices: 90, mails: 90 };

    fn event() -> Event {
        let event = json!({ "slug": "e", "title": { "en": "E" }, "starts_on": "2018-11-26", "ends_on": "2018-11-30",
            "time_zone": "America/Santiago", "languages": ["en"], "fallback_language": "en", "state": "published" });
        serde_json::from_value(event).unwrap()
    }

    fn moment(text: &str) -> Timestamp {
        serde_json::from_value(json!(text)).unwrap()
    }

    fn made_at() -> Timestamp {
        moment("2018-06-01T12:00:00Z")
    }

    fn at(text: &str) -> Age {
        Age::of(&event(), made_at(), moment(text))
    }

    fn form() -> Vec<FormField> {
        let field = |key: &str| json!({ "key": key, "label": { "en": key }, "kind": "text" });
        let mut diet = field("diet");
        diet["keep_days"] = json!(10);
        serde_json::from_value(json!([diet, field("arrival")])).unwrap()
    }

    fn registration() -> Registration {
        let id = "01936a51-0002-7000-8000-000000000051";
        let registration = json!({ "status": "confirmed", "category": id, "details": { "phone": "+56 2 2345 6789" },
            "answers": { "diet": "vegan", "arrival": "by train", "old": "x" } });
        serde_json::from_value(registration).unwrap()
    }

    fn left_at(text: &str) -> Option<Vec<String>> {
        let left = without_due(&registration(), &form(), (at(text), &KEPT))?;
        let phone = left.details.phone.map(|_| "phone".to_owned());
        Some(left.answers.into_keys().chain(phone).collect())
    }

    #[test]
    fn days_are_counted_from_the_last_one_in_the_events_time_zone() {
        assert!(!at("2018-12-01T02:59:59Z").is_past(), "it is still the 30th in Santiago");
        assert!(at("2018-12-01T03:00:00Z").is_past());
        assert!(!at("2018-12-11T02:59:59Z").exceeds(10));
        assert!(at("2018-12-11T03:00:00Z").exceeds(10));
        assert!(!at("2200-01-01T00:00:00Z").exceeds(u32::MAX));
    }

    #[test]
    fn the_days_of_a_week_that_was_imported_after_its_end_are_counted_from_then() {
        let imported = moment("2026-11-28T02:30:00Z");
        let age = |text| Age::of(&event(), imported, moment(text));
        assert!(!age("2026-11-28T02:59:59Z").is_past(), "it is still the 27th in Santiago");
        assert!(!age("2026-12-08T02:59:59Z").exceeds(10));
        assert!(age("2026-12-08T03:00:00Z").exceeds(10));
        assert_eq!(answer_kept_until(&event(), imported, (None, &KEPT)).unwrap().to_string(), "2027-11-27");
        assert!(is_over(&event(), imported), "the week itself is over all the same");
    }

    #[test]
    fn an_answer_goes_by_the_time_of_its_question_and_the_details_by_theirs() {
        assert_eq!(left_at("2018-12-10T12:00:00Z"), None, "nothing is to go yet");
        let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(left_at("2018-12-11T12:00:00Z"), names(&["arrival", "old", "phone"]));
        assert_eq!(left_at("2019-12-01T12:00:00Z"), names(&["arrival"]), "what is kept as long as the registration");
    }

    #[test]
    fn a_reader_is_told_until_when_an_answer_is_kept() {
        let form = form();
        let until = |field| answer_kept_until(&event(), made_at(), (field, &KEPT)).map(|day| day.to_string());
        assert_eq!(until(Some(&form[0])).as_deref(), Some("2018-12-10"));
        assert_eq!(until(Some(&form[1])), None);
        assert_eq!(until(None).as_deref(), Some("2019-11-30"));
    }
}
