//! Sessions of one part that overlap though nothing says that they are parallel.

use std::collections::BTreeMap;

use serde_json::json;
use shared::programme::Collection;

use super::survey::{Survey, Timed, overlapping_pairs};
use super::{Finding, FindingCode};

/// Sessions of no part belong together where the event has no parts; beside parts they are for nobody in particular.
pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let has_parts = survey.programme.list(Collection::Parts).next().is_some();
    let mut by_part: BTreeMap<_, Vec<Timed>> = BTreeMap::new();
    for timed in survey.timed().into_iter().filter(|timed| !timed.runs_beside()) {
        if has_parts && timed.entry.session.part.is_none() {
            continue;
        }
        by_part.entry(timed.entry.session.part).or_default().push(timed);
    }
    let pairs = by_part.values().flat_map(|timed| overlapping_pairs(timed));
    pairs.filter(|(one, other)| !is_on_purpose(one, other)).map(|pair| overlap(survey, pair)).collect()
}

/// Sessions are parallel on purpose where they are of one choice, in different places, or for
/// different people. Two in one room are the room's finding.
fn is_on_purpose(one: &Timed, other: &Timed) -> bool {
    let (a, b) = (one.entry.session, other.entry.session);
    let is_one_choice = a.choice_group.is_some() && a.choice_group == b.choice_group;
    let has_rooms = a.room.is_some() && b.room.is_some();
    let is_elsewhere = one.entry.venue.zip(other.entry.venue).is_some_and(|(one, other)| one != other);
    is_one_choice || has_rooms || is_elsewhere || a.admission != b.admission
}

fn overlap(survey: &Survey, (one, other): (&Timed, &Timed)) -> Finding {
    let minutes = one.ends.min(other.ends).minutes_since(other.starts);
    let message = format!("{} overlaps {} by {minutes} minutes.", survey.timed_name(other), survey.timed_name(one));
    let records = [one.entry.record, other.entry.record];
    Finding::new(FindingCode::SessionsOverlapInPart, &records, message).with("minutes", json!(minutes))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::programme::check::check as check_all;
    use crate::programme::check::tests::{finding, found};
    use crate::programme::sketch::{Sketch, id};

    /// Session 7 with another entry beside it.
    fn beside(more: Value) -> Sketch {
        let mut other = json!({"part": id("clinic"), "venue": id("centre")});
        other.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let more = json!({"part": id("clinic"), "venue": id("centre"), "choice_group": id("visits")});
        Sketch::new()
            .venue("centre", &[])
            .venue("w", &[])
            .part("clinic", json!({}))
            .part("dialogue", json!({}))
            .session("seventh", ("29 14:30", "29 16:00"), more)
            .session("eighth", ("29 15:45", "29 17:00"), other)
    }

    #[test]
    fn two_sessions_of_a_part_that_overlap_are_found() {
        let sketch = beside(json!({}));
        assert_eq!(found(&sketch), [finding(FindingCode::SessionsOverlapInPart, &["seventh", "eighth"])]);
        assert_eq!(
            check_all(&sketch.programme)[0].message,
            "“eighth” (29 November 2018, 15:45 to 17:00) overlaps “seventh” (29 November 2018, 14:30 to 16:00) \
             by 15 minutes."
        );
    }

    #[test]
    fn a_break_inside_a_session_is_found() {
        let sketch = beside(json!({"kind": "break"}));
        assert_eq!(found(&sketch), [finding(FindingCode::SessionsOverlapInPart, &["seventh", "eighth"])]);
    }

    #[test]
    fn sessions_of_no_part_are_compared_where_there_are_no_parts() {
        let of_no_part = json!({"venue": id("centre")});
        let overlapping = |sketch: Sketch| {
            sketch.venue("centre", &[]).session("seventh", ("29 14:30", "29 16:00"), of_no_part.clone()).session(
                "eighth",
                ("29 15:45", "29 17:00"),
                of_no_part.clone(),
            )
        };
        let expected = [finding(FindingCode::SessionsOverlapInPart, &["seventh", "eighth"])];
        assert_eq!(found(&overlapping(Sketch::new())), expected);
        assert_eq!(found(&overlapping(Sketch::new().part("clinic", json!({})))), []);
    }

    #[test]
    fn what_is_parallel_on_purpose_is_not_found() {
        for parallel in [
            json!({"choice_group": id("visits")}),
            json!({"venue": id("w")}),
            json!({"part": id("dialogue")}),
            json!({"admission": {"policy": "by_invitation"}}),
            json!({"kind": "exhibition"}),
            json!({"kind": "transfer"}),
            json!({"state": "cancelled"}),
        ] {
            assert_eq!(found(&beside(parallel.clone())), [], "{parallel}");
        }
    }

    #[test]
    fn sessions_in_different_rooms_are_parallel_on_purpose() {
        let in_room = |room: &str| json!({"part": id("clinic"), "room": id(room)});
        let sketch = beside(json!({"state": "cancelled"}))
            .room("a", "centre", json!({}))
            .room("b", "centre", json!({}))
            .session("seventh", ("29 14:30", "29 16:00"), in_room("a"))
            .session("breakout", ("29 15:45", "29 17:00"), in_room("b"));
        assert_eq!(found(&sketch), []);
    }
}
