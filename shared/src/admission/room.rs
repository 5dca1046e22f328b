//! What is on in a room: the scanner stays, and what it checks for follows the programme.

use super::Subject;
use crate::invitation::EntryTerms;
use crate::programme::{AccessArea, State};
use crate::time::Timestamp;

/// When an area's doors open for what has these terms; none where at any time before.
pub(super) fn opens_at(area: &AccessArea, terms: &EntryTerms) -> Option<Timestamp> {
    let minutes = i64::from(area.opens_minutes_before?);
    Some(terms.starts_at?.plus_minutes(-minutes))
}

/// When they close; none where it has no end.
pub(super) fn closes_at(area: &AccessArea, terms: &EntryTerms) -> Option<Timestamp> {
    Some(terms.ends_at?.plus_minutes(i64::from(area.closes_minutes_after.unwrap_or(0))))
}

/// Whether people are let in to it then.
pub fn is_entered_at(area: &AccessArea, terms: &EntryTerms, at: Timestamp) -> bool {
    opens_at(area, terms).is_none_or(|opens| opens <= at) && closes_at(area, terms).is_none_or(|closes| at < closes)
}

/// Which of the sessions of a room somebody enters who comes then: the one that is on (of several, the
/// one that began last), or whose doors are open before it or after it, or the next, or the last. What is
/// cancelled stands behind what is not at each step; drafts are not looked at.
pub fn subject_of_room<'a>(
    area: &AccessArea,
    sessions: impl IntoIterator<Item = &'a Subject>,
    at: Timestamp,
) -> Option<&'a Subject> {
    let sessions = sessions.into_iter().filter(|session| session.terms.state != State::Draft);
    sessions.min_by_key(|session| (nearness(area, &session.terms, at), session.id))
}

/// The smaller, the nearer.
fn nearness(area: &AccessArea, terms: &EntryTerms, at: Timestamp) -> (u8, bool, i64) {
    let is_cancelled = terms.state == State::Cancelled;
    let begins = terms.starts_at.map_or(i64::MIN, |starts_at| starts_at.0);
    let has_begun = begins <= at.0;
    let is_over = terms.is_over(at);
    let is_open = is_entered_at(area, terms, at);
    let ended = || terms.ends_at.map_or(0, |ends_at| ends_at.0);
    match (has_begun, is_over, is_open) {
        (true, false, _) => (0, is_cancelled, begins.saturating_neg()),
        (false, false, true) => (1, is_cancelled, begins),
        (_, true, true) => (2, is_cancelled, ended().saturating_neg()),
        (false, false, false) => (3, is_cancelled, begins),
        (_, true, false) => (4, is_cancelled, ended().saturating_neg()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::ids::RecordId;
    use crate::invitation::InvitedTo;
    use crate::programme::AdmissionPolicy;

    const MINUTE: i64 = 60_000;

    fn area(opens: Option<u32>, closes: Option<u32>) -> AccessArea {
        let mut area: AccessArea =
            serde_json::from_value(json!({ "slug": "door", "name": { "en": "Door" }, "room": Uuid::nil() })).unwrap();
        (area.opens_minutes_before, area.closes_minutes_after) = (opens, closes);
        area
    }

    fn session(number: u128, state: State, from: i64, to: i64) -> Subject {
        let terms = EntryTerms {
            state,
            policy: AdmissionPolicy::Registered,
            starts_at: Some(Timestamp(from * MINUTE)),
            ends_at: Some(Timestamp(to * MINUTE)),
            needs_seat: false,
        };
        let id = RecordId(Uuid::from_u128(number));
        Subject { collection: InvitedTo::Sessions, id, part: None, room: None, mark: None, terms }
    }

    fn on_at(area: &AccessArea, sessions: &[Subject], minute: i64) -> Option<u128> {
        subject_of_room(area, sessions, Timestamp(minute * MINUTE)).map(|subject| subject.id.0.as_u128())
    }

    #[test]
    fn the_session_that_is_on_is_entered_until_its_end() {
        let sessions = [session(1, State::Published, 0, 60), session(2, State::Published, 60, 120)];
        let area = area(Some(15), Some(10));
        let expected = [(-60, 1), (0, 1), (59, 1), (60, 2), (119, 2), (125, 2), (500, 2)];
        for (minute, number) in expected {
            assert_eq!(on_at(&area, &sessions, minute), Some(number), "{minute}");
        }
    }

    #[test]
    fn in_a_pause_the_doors_that_are_open_decide() {
        let sessions = [session(1, State::Published, 0, 60), session(2, State::Published, 90, 120)];
        assert_eq!(on_at(&area(Some(15), Some(10)), &sessions, 65), Some(1), "people may still come");
        assert_eq!(on_at(&area(Some(15), Some(10)), &sessions, 72), Some(2), "the next one, which is not open");
        assert_eq!(on_at(&area(Some(25), Some(10)), &sessions, 66), Some(2), "the next one comes first");
        assert_eq!(on_at(&area(None, Some(10)), &sessions, 61), Some(2), "it may be entered at any time before");
    }

    #[test]
    fn what_runs_late_is_on_until_it_ends() {
        let sessions = [session(1, State::Published, 0, 75), session(2, State::Published, 60, 120)];
        assert_eq!(on_at(&area(None, None), &sessions, 59), Some(1));
        assert_eq!(on_at(&area(None, None), &sessions, 61), Some(2), "the one that began last");
    }

    #[test]
    fn what_is_cancelled_is_told_where_nothing_else_is_on_and_drafts_never() {
        let sessions = [
            session(1, State::Cancelled, 0, 60),
            session(2, State::Published, 30, 60),
            session(3, State::Draft, 0, 60),
            session(4, State::Published, 90, 120),
        ];
        assert_eq!(on_at(&area(Some(5), None), &sessions, 40), Some(2));
        assert_eq!(on_at(&area(Some(5), None), &sessions, 10), Some(1));
        assert_eq!(on_at(&area(None, None), &sessions[2..3], 10), None);
        assert_eq!(on_at(&area(None, None), &[], 10), None);
    }
}
