//! Publishing, cancelling and restoring.

use shared::problem_code::ProblemCode;
use shared::programme::{Event, Programme, RecordEdit, RecordKey, State};

use super::Refusal;

/// Publishes a draft.
pub fn publish(programme: &Programme, key: RecordKey) -> Result<Vec<RecordEdit>, Refusal> {
    change_state(programme, key, (State::Draft, State::Published))
}

/// Cancels what is published: it stays, and says that it will not take place.
pub fn cancel(programme: &Programme, key: RecordKey) -> Result<Vec<RecordEdit>, Refusal> {
    change_state(programme, key, (State::Published, State::Cancelled))
}

/// Publishes again what was cancelled.
pub fn restore(programme: &Programme, key: RecordKey) -> Result<Vec<RecordEdit>, Refusal> {
    change_state(programme, key, (State::Cancelled, State::Published))
}

/// Refuses to remove an event for good unless it is named, and seen by nobody or cancelled.
pub fn require_removable(event: &Event, confirmation: &str) -> Result<(), Refusal> {
    if confirmation != event.slug {
        let detail = "confirm is to be the event's slug: everything that is the event's will be gone.";
        return Err(super::refusal(ProblemCode::InvalidRequest, "confirm", detail));
    }
    if event.state == State::Published {
        return Err(super::refusal(ProblemCode::WrongState, "", "It is published; cancel it first."));
    }
    Ok(())
}

fn change_state(programme: &Programme, key: RecordKey, (from, to): (State, State)) -> Result<Vec<RecordEdit>, Refusal> {
    let record = programme
        .find(key.0, key.1)
        .ok_or_else(|| super::refusal(ProblemCode::NotFound, "", "There is no such record in this event."))?;
    let mut body = record.body.clone();
    match body.state() {
        None => Err(super::refusal(ProblemCode::WrongState, "", format!("Records of {} have no state.", key.0))),
        Some(now) if now != from => {
            let detail = format!("It is {}, and only what is {} can become {}.", word(now), word(from), word(to));
            Err(super::refusal(ProblemCode::WrongState, "", detail))
        }
        Some(_) => {
            body.set_state(to);
            Ok(vec![RecordEdit::Put { id: record.id, body }])
        }
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Draft => "a draft",
        State::Published => "published",
        State::Cancelled => "cancelled",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::programme::Collection;

    use super::*;
    use crate::programme::sketch::{Sketch, id};

    fn state_after(state: &str, rule: fn(&Programme, RecordKey) -> Result<Vec<RecordEdit>, Refusal>) -> Option<State> {
        let sketch = Sketch::new().session("reality", ("26 18:00", "26 19:30"), json!({"state": state}));
        let edits = rule(&sketch.programme, (Collection::Sessions, id("reality")));
        match edits {
            Ok(edits) => sketch.programme.with_edits(&edits, 2).session(id("reality")).map(|session| session.state),
            Err(refusal) => {
                assert_eq!(refusal.code, ProblemCode::WrongState);
                None
            }
        }
    }

    #[test]
    fn only_a_draft_is_published() {
        assert_eq!(state_after("draft", publish), Some(State::Published));
        assert_eq!(state_after("published", publish), None);
        assert_eq!(state_after("cancelled", publish), None);
    }

    #[test]
    fn only_what_is_published_is_cancelled() {
        assert_eq!(state_after("published", cancel), Some(State::Cancelled));
        assert_eq!(state_after("draft", cancel), None);
        assert_eq!(state_after("cancelled", cancel), None);
    }

    #[test]
    fn only_what_was_cancelled_is_restored() {
        assert_eq!(state_after("cancelled", restore), Some(State::Published));
        assert_eq!(state_after("published", restore), None);
    }

    #[test]
    fn an_event_is_removed_by_its_name_and_only_while_it_is_not_published() {
        let sketch = Sketch::new();
        let mut event = sketch.programme.event().unwrap().1.clone();
        let mut removal = |state: State, confirmation: &str| {
            event.state = state;
            require_removable(&event, confirmation).map_err(|refusal| (refusal.code, refusal.field))
        };
        for state in [State::Draft, State::Cancelled] {
            assert_eq!(removal(state, "csw-2018"), Ok(()));
            assert_eq!(removal(state, "csw-2019"), Err((ProblemCode::InvalidRequest, "confirm".to_owned())));
        }
        assert_eq!(removal(State::Published, "csw-2018"), Err((ProblemCode::WrongState, String::new())));
    }

    #[test]
    fn a_venue_has_no_state_and_what_is_not_there_is_not_found() {
        let sketch = Sketch::new().venue("club", &[]);
        let refusal = cancel(&sketch.programme, (Collection::Venues, id("club"))).unwrap_err();
        assert_eq!(refusal.code, ProblemCode::WrongState);
        let refusal = cancel(&sketch.programme, (Collection::Sessions, id("club"))).unwrap_err();
        assert_eq!(refusal.code, ProblemCode::NotFound);
    }
}
