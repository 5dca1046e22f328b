//! Exchanging two sessions.

use shared::ids::RecordId;
use shared::programme::{Programme, RecordEdit, Session, SessionKind};

use super::{Refusal, load_standing_session, put_session};

/// Exchanges the slots of two sessions: each takes the other's room, venue, beginning and end.
/// A slot keeps its length, so that nothing after it moves.
pub fn swap_sessions(programme: &Programme, a: RecordId, b: RecordId) -> Result<Vec<RecordEdit>, Refusal> {
    if a == b {
        return Err(super::invalid("/b", "A session cannot be exchanged with itself."));
    }
    let mut one = load_slot(programme, a, "/a")?;
    let mut other = load_slot(programme, b, "/b")?;
    std::mem::swap(&mut one.starts_at, &mut other.starts_at);
    std::mem::swap(&mut one.ends_at, &mut other.ends_at);
    std::mem::swap(&mut one.room, &mut other.room);
    std::mem::swap(&mut one.venue, &mut other.venue);
    Ok(vec![put_session(a, one), put_session(b, other)])
}

fn load_slot(programme: &Programme, id: RecordId, field: &str) -> Result<Session, Refusal> {
    let session = load_standing_session(programme, id, field)?;
    if session.interval().is_none() {
        return Err(super::invalid(field, "The session has no time that another could take."));
    }
    if session.kind == SessionKind::Transfer {
        return Err(super::invalid(field, "A transfer goes with its sessions and cannot be exchanged."));
    }
    Ok(session.clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use shared::problem_code::ProblemCode;
    use shared::programme::Collection;

    use super::*;
    use crate::programme::sketch::{Sketch, at, id, times};

    fn sketch() -> Sketch {
        Sketch::new()
            .venue("club", &[])
            .room("punta-nueva-york", "club", json!({}))
            .session("panel", ("26 15:00", "26 16:30"), json!({"room": id("punta-nueva-york")}))
            .session("keynote", ("26 11:30", "26 12:00"), json!({"venue": id("club")}))
    }

    #[test]
    fn two_sessions_exchange_their_slots() {
        let programme = sketch().programme;
        let after = programme.with_edits(&swap_sessions(&programme, id("panel"), id("keynote")).unwrap(), 2);
        assert_eq!(times(&after, "panel"), (at("26 11:30"), at("26 12:00")));
        assert_eq!(times(&after, "keynote"), (at("26 15:00"), at("26 16:30")));
        assert_eq!(after.session(id("keynote")).unwrap().room, Some(id("punta-nueva-york")));
        assert_eq!(after.session(id("panel")).unwrap().venue, Some(id("club")));
    }

    #[test]
    fn a_session_without_a_time_a_transfer_and_itself_cannot_be_exchanged() {
        let untimed = json!({"slug": "untimed", "kind": "session", "day": "2018-11-26", "state": "published"});
        let programme = sketch()
            .with(Collection::Sessions, untimed)
            .session("bus", ("26 17:00", "26 17:30"), json!({"kind": "transfer"}))
            .session("gone", ("26 17:00", "26 17:30"), json!({"state": "cancelled"}))
            .programme;
        let refused = |slug: &str| {
            let refusal = swap_sessions(&programme, id("panel"), id(slug)).unwrap_err();
            (refusal.code, refusal.field)
        };
        let invalid = (ProblemCode::InvalidValue, "/b".to_owned());
        assert_eq!([refused("untimed"), refused("bus"), refused("panel")], [invalid.clone(), invalid.clone(), invalid]);
        assert_eq!(refused("gone"), (ProblemCode::WrongState, "/b".to_owned()));
        assert_eq!(refused("nothing"), (ProblemCode::UnknownReference, "/b".to_owned()));
    }

    proptest! {
        #[test]
        fn swapping_twice_is_as_if_nothing_had_been(start in 0i64..600, lasts in 5i64..180) {
            let from = at("26 08:00").plus_minutes(start);
            let more = json!({"starts_at": from, "ends_at": from.plus_minutes(lasts)});
            let before = sketch().session("opening", ("26 09:00", "26 10:00"), more).programme;
            let once = before.with_edits(&swap_sessions(&before, id("opening"), id("panel")).unwrap(), 2);
            let twice = once.with_edits(&swap_sessions(&once, id("opening"), id("panel")).unwrap(), 3);
            let bodies = |programme: &Programme| programme.sessions().map(|(_, s)| s.clone()).collect::<Vec<_>>();
            prop_assert_eq!(bodies(&before), bodies(&twice));
        }
    }
}
