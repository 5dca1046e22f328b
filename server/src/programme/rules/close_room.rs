//! Closing a room for a time and re-housing what it takes with it.

use serde::Deserialize;
use shared::ids::RecordId;
use shared::localised::Localised;
use shared::problem_code::ProblemCode;
use shared::programme::{Closure, Programme, RecordBody, RecordEdit, Session, State};
use shared::time::Timestamp;

use super::{Refusal, demand_room, load_standing_session, place, put_session};

/// Which room is closed, and where its sessions go.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseRoom {
    /// The room.
    pub room: RecordId,
    /// From then on.
    pub from: Timestamp,
    /// Until then; open-ended where absent.
    #[serde(default)]
    pub to: Option<Timestamp>,
    /// Why, for everybody to read.
    #[serde(default)]
    pub reason: Option<Localised>,
    /// New rooms for sessions that the closure takes. A session that is not named stays, and the
    /// preview says that it stands in a closed room.
    #[serde(default)]
    pub rehouse: Vec<Rehouse>,
}

/// A new room for one session.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rehouse {
    /// The session.
    pub session: RecordId,
    /// The room, or null where there is none yet; it then stays at the venue.
    pub room: Option<RecordId>,
}

/// The sessions that a closure takes with it, in the order in which they begin. One without a
/// time may be at any hour of its day.
pub fn affected_by_closure(
    programme: &Programme,
    room: RecordId,
    from: Timestamp,
    to: Option<Timestamp>,
) -> Vec<(RecordId, &Session)> {
    let in_room = programme.sessions().filter(|(_, session)| session.room == Some(room));
    let in_room = in_room.filter(|(_, session)| programme.state_of(session) != State::Cancelled);
    let mut affected: Vec<_> = in_room
        .filter_map(|(id, session)| Some((place::find_span(programme, session)?, id, session)))
        .filter(|((starts, ends), ..)| *ends > from && to.is_none_or(|to| *starts < to))
        .collect();
    affected.sort_by_key(|(span, id, session)| (*span, session.order, *id));
    affected.into_iter().map(|(_, id, session)| (id, session)).collect()
}

/// Closes a room and moves the sessions named in `rehouse`.
pub fn close_room(programme: &Programme, arguments: &CloseRoom) -> Result<Vec<RecordEdit>, Refusal> {
    let Some(room) = place::find_room(programme, arguments.room) else {
        return Err(super::refusal(ProblemCode::UnknownReference, "/room", "There is no such room in this event."));
    };
    if arguments.to.is_some_and(|to| to <= arguments.from) {
        return Err(super::invalid("/to", "A closure ends after it begins."));
    }
    let mut room = room.clone();
    let closure = Closure { from: arguments.from, to: arguments.to, reason: arguments.reason.clone() };
    room.closures.push(closure);
    room.closures.sort_by_key(|closure| closure.from);
    let mut edits = vec![RecordEdit::Put { id: arguments.room, body: RecordBody::Rooms(room) }];
    for index in 0..arguments.rehouse.len() {
        edits.push(rehouse(programme, arguments, index)?);
    }
    Ok(edits)
}

fn rehouse(programme: &Programme, arguments: &CloseRoom, index: usize) -> Result<RecordEdit, Refusal> {
    let Rehouse { session: id, room } = arguments.rehouse[index];
    let field = |name: &str| format!("/rehouse/{index}/{name}");
    let mut session = load_standing_session(programme, id, &field("session"))?.clone();
    let affected = affected_by_closure(programme, arguments.room, arguments.from, arguments.to);
    if affected.iter().all(|(affected, _)| *affected != id) {
        return Err(super::invalid(field("session"), "The closure does not touch this session."));
    }
    if arguments.rehouse[..index].iter().any(|earlier| earlier.session == id) {
        return Err(super::invalid(field("session"), "The session is named twice."));
    }
    if let Some(room) = room {
        demand_room(programme, room, &field("room"))?;
    }
    if room == Some(arguments.room) {
        return Err(super::invalid(field("room"), "This is the room that is closed."));
    }
    place::put_into_room(programme, &mut session, room);
    Ok(put_session(id, session))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::programme::Collection;

    use super::*;
    use crate::programme::sketch::{Sketch, at, id};

    fn sketch() -> Sketch {
        let in_room = json!({"room": id("punta-nueva-york")});
        Sketch::new()
            .venue("club", &[])
            .room("punta-nueva-york", "club", json!({"closures": [{"from": at("30 08:00"), "to": at("30 09:00")}]}))
            .room("library", "club", json!({}))
            .session("lunch", ("26 13:15", "26 15:00"), in_room.clone())
            .session("reality", ("26 18:00", "26 19:30"), in_room.clone())
            .session("reception", ("26 19:30", "26 20:30"), in_room)
            .session(
                "cancelled",
                ("26 18:00", "26 19:00"),
                json!({"room": id("punta-nueva-york"), "state": "cancelled"}),
            )
    }

    fn closed(rehouse: Vec<Rehouse>) -> CloseRoom {
        let (from, to) = (at("26 17:00"), Some(at("26 19:30")));
        CloseRoom { room: id("punta-nueva-york"), from, to, reason: Some(Localised::one("en", "A flood")), rehouse }
    }

    #[test]
    fn a_closure_takes_what_stands_in_the_room_meanwhile_with_it() {
        let programme = sketch().programme;
        let affected = |from: &str, to: Option<&str>| -> Vec<String> {
            affected_by_closure(&programme, id("punta-nueva-york"), at(from), to.map(at))
                .into_iter()
                .map(|(_, session)| session.slug.clone())
                .collect()
        };
        assert_eq!(affected("26 17:00", Some("26 19:30")), ["reality"]);
        assert_eq!(affected("26 17:00", None), ["reality", "reception"]);
        assert_eq!(affected("26 15:00", Some("26 18:00")), [""; 0]);
    }

    #[test]
    fn a_closure_takes_what_stands_in_the_room_on_that_day_without_a_time() {
        let item = json!({
            "slug": "item", "kind": "session", "day": "2018-11-28", "order": 1, "room": id("punta-nueva-york"),
            "state": "published",
        });
        let programme = sketch().with(Collection::Sessions, item).programme;
        let is_affected = |from: &str, to: &str| {
            let affected = affected_by_closure(&programme, id("punta-nueva-york"), at(from), Some(at(to)));
            affected.iter().any(|(affected, _)| *affected == id("item"))
        };
        assert!(is_affected("28 17:00", "28 18:00"));
        assert!(!is_affected("27 17:00", "28 00:00"));
    }

    #[test]
    fn a_closed_room_says_so_and_its_sessions_move() {
        let programme = sketch().programme;
        let rehouse = vec![Rehouse { session: id("reality"), room: Some(id("library")) }];
        let after = programme.with_edits(&close_room(&programme, &closed(rehouse)).unwrap(), 2);
        assert_eq!(after.session(id("reality")).unwrap().room, Some(id("library")));
        assert_eq!(after.session(id("reception")).unwrap().room, Some(id("punta-nueva-york")));
        let closures = &place::find_room(&after, id("punta-nueva-york")).unwrap().closures;
        assert_eq!(closures.iter().map(|closure| closure.from).collect::<Vec<_>>(), [at("26 17:00"), at("30 08:00")]);
    }

    #[test]
    fn a_session_for_which_there_is_no_room_yet_stays_at_the_venue() {
        let programme = sketch().programme;
        let rehouse = vec![Rehouse { session: id("reality"), room: None }];
        let after = programme.with_edits(&close_room(&programme, &closed(rehouse)).unwrap(), 2);
        let session = after.session(id("reality")).unwrap();
        assert_eq!((session.room, session.venue), (None, Some(id("club"))));
    }

    #[test]
    fn what_cannot_be_rehoused_is_refused_by_its_field() {
        let programme = sketch().programme;
        let to_library = |slug: &str| Rehouse { session: id(slug), room: Some(id("library")) };
        let refused = |rehouse| close_room(&programme, &closed(rehouse)).unwrap_err().field;
        assert_eq!(refused(vec![to_library("reality"), to_library("lunch")]), "/rehouse/1/session");
        assert_eq!(refused(vec![to_library("reality"), to_library("reality")]), "/rehouse/1/session");
        assert_eq!(refused(vec![to_library("cancelled")]), "/rehouse/0/session");
        assert_eq!(refused(vec![Rehouse { room: Some(id("cellar")), ..to_library("reality") }]), "/rehouse/0/room");
        let same = Rehouse { room: Some(id("punta-nueva-york")), ..to_library("reality") };
        assert_eq!(refused(vec![same]), "/rehouse/0/room");
        let backwards = CloseRoom { to: Some(at("26 17:00")), ..closed(vec![]) };
        assert_eq!(close_room(&programme, &backwards).unwrap_err().field, "/to");
        let nowhere = CloseRoom { room: id("cellar"), ..closed(vec![]) };
        assert_eq!(close_room(&programme, &nowhere).unwrap_err().code, ProblemCode::UnknownReference);
    }
}
