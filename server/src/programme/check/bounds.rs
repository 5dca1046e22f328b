//! Sessions on days that their part or the event does not have.

use chrono::NaiveDate;
use serde_json::json;
use shared::programme::SessionKind;

use super::survey::{Entry, Survey};
use super::{Finding, FindingCode};

pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in &survey.sessions {
        if let Some(day) = find_day(survey, entry) {
            findings.extend(find_outside_part(survey, entry, day));
            findings.extend(find_outside_event(survey, entry, day));
        }
    }
    findings
}

/// The day on which it begins: what begins in the evening and ends after midnight is of that day.
fn find_day(survey: &Survey, entry: &Entry) -> Option<NaiveDate> {
    match entry.session.starts_at {
        Some(starts_at) => Some(starts_at.day_in(survey.zone())),
        None => entry.session.day.map(|day| day.0),
    }
}

/// Guests arrive before their part and depart after it.
fn find_outside_part(survey: &Survey, entry: &Entry, day: NaiveDate) -> Option<Finding> {
    if matches!(entry.session.kind, SessionKind::Arrival | SessionKind::Departure | SessionKind::Transfer) {
        return None;
    }
    let id = entry.session.part?;
    let part = survey.programme.part(id)?;
    let is_before = part.starts_on.is_some_and(|first| day < first.0);
    let is_after = part.ends_on.is_some_and(|last| day > last.0);
    let days = match (part.starts_on, part.ends_on) {
        (Some(first), Some(last)) => format!("is from {} to {}", word(first.0), word(last.0)),
        (Some(first), None) => format!("begins on {}", word(first.0)),
        (None, last) => format!("ends on {}", last.map_or_else(String::new, |last| word(last.0))),
    };
    let records = [entry.record, survey.record(shared::programme::Collection::Parts, id)?];
    let message = format!(
        "{} is on {}, but its part {} {days}.",
        survey.session_name(entry.session),
        word(day),
        survey.text(&part.title)
    );
    (is_before || is_after)
        .then(|| Finding::new(FindingCode::SessionOutsidePart, &records, message).with("day", json!(day.to_string())))
}

fn find_outside_event(survey: &Survey, entry: &Entry, day: NaiveDate) -> Option<Finding> {
    let (_, event) = survey.programme.event()?;
    let message = format!(
        "{} is on {}, but the event is from {} to {}.",
        survey.session_name(entry.session),
        word(day),
        word(event.starts_on.0),
        word(event.ends_on.0)
    );
    (day < event.starts_on.0 || day > event.ends_on.0).then(|| {
        Finding::new(FindingCode::SessionOutsideEvent, &[entry.record], message).with("day", json!(day.to_string()))
    })
}

fn word(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use shared::programme::Collection;

    use super::*;
    use crate::programme::check::tests::{finding, found};
    use crate::programme::sketch::{Sketch, id};

    fn sketch() -> Sketch {
        Sketch::new().part("clinic", json!({"starts_on": "2018-11-28", "ends_on": "2018-11-30"}))
    }

    fn of_clinic(kind: &str) -> Value {
        json!({"part": id("clinic"), "kind": kind})
    }

    #[test]
    fn a_session_on_a_day_that_its_part_does_not_have_is_found() {
        let sketch = sketch()
            .session("first", ("28 00:00", "28 01:00"), of_clinic("session"))
            .session("late", ("30 23:00", "30 23:59"), of_clinic("session"))
            .session("early", ("27 22:30", "28 00:00"), of_clinic("session"));
        assert_eq!(found(&sketch), [finding(FindingCode::SessionOutsidePart, &["early", "clinic"])]);
    }

    #[test]
    fn guests_arrive_before_their_part() {
        let sketch = sketch().session("arrival", ("27 14:00", "27 20:00"), of_clinic("arrival")).session(
            "bus",
            ("27 20:00", "27 20:30"),
            of_clinic("transfer"),
        );
        assert_eq!(found(&sketch), []);
    }

    #[test]
    fn a_session_on_a_day_that_the_event_does_not_have_is_found_with_a_time_or_without() {
        let untimed = json!({
            "slug": "untimed", "kind": "session", "title": {"en": "untimed"}, "day": "2018-12-02", "order": 1,
            "state": "published",
        });
        let sketch =
            sketch().session("evening-before", ("24 23:00", "25 01:00"), json!({})).with(Collection::Sessions, untimed);
        let outside = |slug| finding(FindingCode::SessionOutsideEvent, &[slug]);
        assert_eq!(found(&sketch), [outside("evening-before"), outside("untimed")]);
    }
}
