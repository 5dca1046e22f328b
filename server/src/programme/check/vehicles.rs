//! Vehicles: too few seats for those who are to ride.

use std::collections::BTreeMap;

use serde_json::json;
use shared::ids::RecordId;
use shared::programme::{Collection, Record, RecordBody, Vehicle};

use super::survey::Survey;
use super::{Finding, FindingCode};

pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let mut by_session: BTreeMap<RecordId, Vec<(&Record, &Vehicle)>> = BTreeMap::new();
    for record in survey.programme.list(Collection::Vehicles) {
        if let RecordBody::Vehicles(vehicle) = &record.body {
            by_session.entry(vehicle.session).or_default().push((record, vehicle));
        }
    }
    by_session.into_iter().filter_map(|(session, vehicles)| find_too_small(survey, session, &vehicles)).collect()
}

/// As long as one vehicle does not say how many it takes, nobody can tell.
fn find_too_small(survey: &Survey, session: RecordId, vehicles: &[(&Record, &Vehicle)]) -> Option<Finding> {
    let entry = survey.find(session)?;
    let seats: u64 = vehicles.iter().map(|(_, vehicle)| vehicle.seats.map(u64::from)).sum::<Option<u64>>()?;
    let people = entry.session.seats.max(entry.session.expected_people).filter(|people| u64::from(*people) > seats)?;
    let message = format!("The vehicles of {} seat {seats} people, for {people}.", survey.session_name(entry.session));
    let mut records = vec![entry.record];
    records.extend(vehicles.iter().map(|(record, _)| *record));
    let finding = Finding::new(FindingCode::VehiclesTooSmall, &records, message);
    Some(finding.with("seats", json!(seats)).with("people", json!(people)))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::programme::check::check as check_all;
    use crate::programme::check::tests::{finding, found};
    use crate::programme::sketch::{Sketch, id};

    fn with_coach(sketch: Sketch, slug: &str, seats: Value) -> Sketch {
        let mut body = json!({"slug": slug, "name": {"en": slug}, "session": id("visit"), "seats": seats});
        body.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        sketch.with(Collection::Vehicles, body)
    }

    fn visit() -> Sketch {
        Sketch::new().session("visit", ("30 10:00", "30 13:00"), json!({"kind": "field_visit", "seats": 40}))
    }

    #[test]
    fn vehicles_with_fewer_seats_than_the_visit_has_are_found() {
        let sketch = with_coach(with_coach(visit(), "coach-1", json!(20)), "coach-2", json!(19));
        let findings = check_all(&sketch.programme);
        assert_eq!(findings.len(), 1);
        let one = &findings[0];
        assert_eq!((one.code, one.records[0].slug.as_str()), (FindingCode::VehiclesTooSmall, "visit"));
        assert_eq!(one.records.len(), 3);
        assert_eq!(one.message, "The vehicles of \u{201c}visit\u{201d} seat 39 people, for 40.");
    }

    #[test]
    fn vehicles_with_room_for_all_and_vehicles_of_unknown_size_are_as_they_should_be() {
        assert_eq!(found(&with_coach(visit(), "coach-1", json!(40))), []);
        let unknown = with_coach(with_coach(visit(), "coach-1", json!(20)), "coach-2", Value::Null);
        assert_eq!(found(&unknown), []);
        assert_eq!(found(&visit()), [], "nobody said yet how people get there");
        let sketch = with_coach(visit(), "coach-1", json!(39));
        assert_eq!(found(&sketch), [finding(FindingCode::VehiclesTooSmall, &["visit", "coach-1"])]);
    }
}
