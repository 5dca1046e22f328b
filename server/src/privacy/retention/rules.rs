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

/// How long an event is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Age {
    last_day: NaiveDate,
    today: NaiveDate,
}

impl Age {
    /// Of an event at a moment.
    pub fn of(event: &Event, now: Timestamp) -> Self {
        let zone: Tz = event.time_zone.parse().unwrap_or(Tz::UTC);
        Self { last_day: event.ends_on.0, today: now.day_in(zone) }
    }

    /// Whether the last day is over.
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

/// The last day on which the answer to a question is kept.
pub fn answer_kept_until(event: &Event, field: Option<&FormField>, kept: &KeptDays) -> Option<Day> {
    answer_days(field, kept).map(|days| Day(last_kept_day(event.ends_on.0, days)))
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

    fn at(text: &str) -> Age {
        Age::of(&event(), serde_json::from_value(json!(text)).unwrap())
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
    fn an_answer_goes_by_the_time_of_its_question_and_the_details_by_theirs() {
        assert_eq!(left_at("2018-12-10T12:00:00Z"), None, "nothing is to go yet");
        let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(left_at("2018-12-11T12:00:00Z"), names(&["arrival", "old", "phone"]));
        assert_eq!(left_at("2019-12-01T12:00:00Z"), names(&["arrival"]), "what is kept as long as the registration");
    }

    #[test]
    fn a_reader_is_told_until_when_an_answer_is_kept() {
        let form = form();
        let until = |field| answer_kept_until(&event(), field, &KEPT).map(|day| day.to_string());
        assert_eq!(until(Some(&form[0])).as_deref(), Some("2018-12-10"));
        assert_eq!(until(Some(&form[1])), None);
        assert_eq!(until(None).as_deref(), Some("2019-11-30"));
    }
}
