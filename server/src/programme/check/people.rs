//! People: in two places at once, or on a way that takes longer than the time for it.

use std::collections::BTreeMap;

use serde_json::json;
use shared::ids::RecordId;
use shared::programme::{Collection, ParticipationState, Presence, Record, RecordBody, Session, State};

use super::survey::{Survey, Timed, overlapping_pairs};
use super::{Finding, FindingCode};
use crate::programme::rules::place::travel_minutes;

pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let timed: Vec<Timed> = survey.timed().into_iter().filter(|timed| !timed.runs_beside()).collect();
    let mut findings = Vec::new();
    for (person, duties) in list_duties(&timed) {
        let Some(record) = survey.record(Collection::People, person) else { continue };
        findings.extend(overlapping_pairs(&duties).map(|pair| in_two_places(survey, record, pair)));
        let in_room: Vec<Timed> = duties.into_iter().filter(|duty| is_in_room(duty.entry.session, person)).collect();
        findings.extend(in_room.windows(2).filter_map(|pair| find_long_way(survey, record, (&pair[0], &pair[1]))));
    }
    for sessions in list_sequences(&timed) {
        findings.extend(sessions.windows(2).filter_map(|pair| find_long_way_of_part(survey, (&pair[0], &pair[1]))));
    }
    findings
}

/// The sessions in which each person takes part, in the order in which they begin. Who declined
/// does not.
fn list_duties<'a>(timed: &[Timed<'a>]) -> BTreeMap<RecordId, Vec<Timed<'a>>> {
    let mut duties: BTreeMap<_, Vec<Timed>> = BTreeMap::new();
    for one in timed {
        for (person, _) in list_people(one.entry.session) {
            let sessions = duties.entry(person).or_default();
            if sessions.last().is_none_or(|last| last.entry.record.id != one.entry.record.id) {
                sessions.push(*one);
            }
        }
    }
    duties
}

fn list_people(session: &Session) -> impl Iterator<Item = (RecordId, Presence)> {
    let of_talks = session.talks.iter().flat_map(|talk| &talk.people);
    let all = session.people.iter().chain(of_talks);
    all.filter(|part| part.state != ParticipationState::Declined).map(|part| (part.person, part.presence))
}

fn is_in_room(session: &Session, person: RecordId) -> bool {
    list_people(session).any(|(other, presence)| other == person && presence == Presence::InRoom)
}

fn name_of(person: &Record) -> &str {
    match &person.body {
        RecordBody::People(person) => &person.name,
        other => other.slug(),
    }
}

fn in_two_places(survey: &Survey, person: &Record, (one, other): (&Timed, &Timed)) -> Finding {
    let message = format!("{} is in {} and in {}.", name_of(person), survey.timed_name(one), survey.timed_name(other));
    Finding::new(FindingCode::PersonInTwoPlaces, &[person, one.entry.record, other.entry.record], message)
}

/// The venues and minutes of a way from one session to the next that takes longer than the gap.
fn find_way(survey: &Survey, (one, next): (&Timed, &Timed)) -> Option<(String, i64, i64)> {
    let (from, to) = (one.entry.venue?, next.entry.venue?);
    let way = i64::from(travel_minutes(survey.programme, from, to)?);
    let gap = next.starts.minutes_since(one.ends);
    let names = format!("from {} to {}", survey.venue_name(from), survey.venue_name(to));
    (gap >= 0 && way > gap).then_some((names, way, gap))
}

fn find_long_way(survey: &Survey, person: &Record, pair: (&Timed, &Timed)) -> Option<Finding> {
    let (venues, way, gap) = find_way(survey, pair)?;
    let message = format!(
        "{} has {gap} minutes {venues}, which takes {way}, between {} and {}.",
        name_of(person),
        survey.timed_name(pair.0),
        survey.timed_name(pair.1)
    );
    let records = [person, pair.0.entry.record, pair.1.entry.record];
    Some(
        Finding::new(FindingCode::WayLongerThanGap, &records, message)
            .with("way_minutes", json!(way))
            .with("gap_minutes", json!(gap)),
    )
}

fn find_long_way_of_part(survey: &Survey, pair: (&Timed, &Timed)) -> Option<Finding> {
    let (venues, way, gap) = find_way(survey, pair)?;
    let message = format!(
        "There are {gap} minutes {venues}, which takes {way}, between {} and {}.",
        survey.timed_name(pair.0),
        survey.timed_name(pair.1)
    );
    let records = [pair.0.entry.record, pair.1.entry.record];
    Some(
        Finding::new(FindingCode::WayLongerThanGap, &records, message)
            .with("way_minutes", json!(way))
            .with("gap_minutes", json!(gap)),
    )
}

/// For each part what its whole audience goes to, in order: sessions to which no other of the
/// part is parallel, and none that is only for some (one of a choice, or of an admission of its own).
fn list_sequences<'a>(timed: &[Timed<'a>]) -> Vec<Vec<Timed<'a>>> {
    let mut by_part: BTreeMap<_, Vec<Timed>> = BTreeMap::new();
    for one in timed.iter().filter(|one| one.entry.session.state == State::Published) {
        if let Some(part) = one.entry.session.part {
            by_part.entry(part).or_default().push(*one);
        }
    }
    let is_for_all = |one: &Timed, all: &[Timed]| {
        let session = one.entry.session;
        let is_alone = |other: &Timed| other.entry.record.id == one.entry.record.id || !other.overlaps(one);
        session.choice_group.is_none() && session.admission.is_none() && all.iter().all(is_alone)
    };
    by_part.into_values().map(|all| all.iter().filter(|one| is_for_all(one, &all)).copied().collect()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::programme::check::tests::{finding, found};
    use crate::programme::sketch::{Sketch, id};

    fn sketch() -> Sketch {
        Sketch::new().venue("moneda", &[("club", 15)]).venue("club", &[]).person("ubilla").person("rua")
    }

    fn with(person: &str, venue: &str, more: Value) -> Value {
        let mut part = json!({"person": id(person), "role": "moderator"});
        part.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"venue": id(venue), "people": [part]})
    }

    #[test]
    fn a_person_in_two_sessions_at_the_same_time_is_found() {
        let talk = json!([{"slug": "policy", "people": [{"person": id("ubilla"), "role": "presenter"}]}]);
        let sketch = sketch()
            .session("opening", ("26 09:00", "26 10:30"), with("ubilla", "moneda", json!({})))
            .session("elsewhere", ("26 10:00", "26 11:00"), json!({"venue": id("club"), "talks": talk}));
        assert_eq!(found(&sketch), [finding(FindingCode::PersonInTwoPlaces, &["ubilla", "opening", "elsewhere"])]);
    }

    #[test]
    fn a_person_who_declined_is_in_no_place() {
        let sketch = sketch()
            .session("opening", ("26 09:00", "26 10:30"), with("ubilla", "moneda", json!({})))
            .session("elsewhere", ("26 10:00", "26 11:00"), with("ubilla", "club", json!({"state": "declined"})));
        assert_eq!(found(&sketch), []);
    }

    #[test]
    fn a_person_with_two_roles_in_one_session_is_in_one_place() {
        let twice = json!([{"person": id("rua"), "role": "presenter"}, {"person": id("rua"), "role": "moderator"}]);
        let sketch = sketch().session("panel", ("26 09:00", "26 10:30"), json!({"people": twice}));
        assert_eq!(found(&sketch), []);
    }

    #[test]
    fn a_person_whose_way_is_longer_than_the_gap_is_found_unless_by_video() {
        let then = |from: &str, more: Value| {
            let sketch = sketch()
                .session("opening", ("26 09:00", "26 10:30"), with("ubilla", "moneda", json!({})))
                .session("dialogue", (from, "26 11:30"), with("ubilla", "club", more));
            found(&sketch)
        };
        let expected = [finding(FindingCode::WayLongerThanGap, &["ubilla", "opening", "dialogue"])];
        assert_eq!(then("26 10:40", json!({})), expected);
        assert_eq!(then("26 10:45", json!({})), []);
        assert_eq!(then("26 10:40", json!({"presence": "by_video"})), []);
    }

    #[test]
    fn a_part_whose_next_session_is_too_far_is_found() {
        let at = |venue: &str| json!({"part": id("week"), "venue": id(venue)});
        let sketch = sketch()
            .part("week", json!({}))
            .session("opening", ("26 09:00", "26 10:30"), at("moneda"))
            .session("dialogue", ("26 10:40", "26 11:30"), at("club"))
            .session(
                "visit",
                ("26 11:30", "26 12:30"),
                json!({
                    "part": id("week"), "venue": id("moneda"), "choice_group": id("visits"),
                }),
            );
        assert_eq!(found(&sketch), [finding(FindingCode::WayLongerThanGap, &["opening", "dialogue"])]);
    }
}
