//! Moving one session to another room, venue or time.

use serde::{Deserialize, Deserializer};
use shared::ids::RecordId;
use shared::problem_code::ProblemCode;
use shared::programme::{Programme, RecordEdit, Session};
use shared::time::Timestamp;

use super::{Refusal, demand_room, load_standing_session, place, put_session};

/// Where and when a session is to be. What is absent stays as it is; a room or venue that is
/// null is taken away.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveSession {
    /// Which session.
    pub session: RecordId,
    /// Its new room. Without a room it keeps the venue, if no other is named.
    #[serde(default, deserialize_with = "read_present")]
    pub room: Option<Option<RecordId>>,
    /// Its new venue; it leaves its room unless one is named too.
    #[serde(default, deserialize_with = "read_present")]
    pub venue: Option<Option<RecordId>>,
    /// Its new beginning; with this alone it keeps its duration.
    #[serde(default)]
    pub starts_at: Option<Timestamp>,
    /// Its new end.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
}

/// Tells a field that is null from one that is absent.
fn read_present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<RecordId>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Moves one session. What it then collides with is the preview's to say.
pub fn move_session(programme: &Programme, arguments: &MoveSession) -> Result<Vec<RecordEdit>, Refusal> {
    let MoveSession { session: id, room, venue, starts_at, ends_at } = *arguments;
    if room.is_none() && venue.is_none() && starts_at.is_none() && ends_at.is_none() {
        return Err(super::invalid("", "Say where or when the session is to be."));
    }
    let mut session = load_standing_session(programme, id, "/session")?.clone();
    move_to_place(programme, &mut session, (room, venue))?;
    if starts_at.is_some() || ends_at.is_some() {
        move_to_time(&mut session, (starts_at, ends_at))?;
    }
    Ok(vec![put_session(id, session)])
}

fn move_to_place(
    programme: &Programme,
    session: &mut Session,
    (room, venue): (Option<Option<RecordId>>, Option<Option<RecordId>>),
) -> Result<(), Refusal> {
    if let Some(Some(venue)) = venue
        && place::find_venue(programme, venue).is_none()
    {
        return Err(super::refusal(ProblemCode::UnknownReference, "/venue", "There is no such venue in this event."));
    }
    if let Some(Some(room)) = room {
        demand_room(programme, room, "/room")?;
    }
    match (room, venue) {
        (Some(Some(room)), Some(Some(venue)))
            if place::find_room(programme, room).is_none_or(|room| room.venue != venue) =>
        {
            return Err(super::invalid("/room", "The room is not in the venue named beside it."));
        }
        (Some(room @ Some(_)), _) | (Some(room @ None), None) => place::put_into_room(programme, session, room),
        (_, Some(venue)) => {
            session.room = None;
            session.venue = venue;
        }
        (None, None) => {}
    }
    Ok(())
}

fn move_to_time(
    session: &mut Session,
    (starts_at, ends_at): (Option<Timestamp>, Option<Timestamp>),
) -> Result<(), Refusal> {
    let (starts_at, ends_at) = match (starts_at, ends_at, session.interval()) {
        (Some(starts_at), Some(ends_at), _) => (starts_at, ends_at),
        (Some(starts_at), None, Some((from, to))) => {
            let lasts = to.0.saturating_sub(from.0);
            (starts_at, Timestamp(starts_at.0.saturating_add(lasts)))
        }
        (None, Some(ends_at), Some((from, _))) => (from, ends_at),
        (Some(_), None, None) => return Err(super::invalid("/ends_at", "It has no duration yet; name its end.")),
        (None, _, _) => return Err(super::invalid("/starts_at", "It has no beginning yet; name it.")),
    };
    if ends_at <= starts_at {
        return Err(super::invalid("/ends_at", "A session ends after it begins."));
    }
    session.starts_at = Some(starts_at);
    session.ends_at = Some(ends_at);
    session.day = None;
    session.order = None;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::programme::Collection;

    use super::*;
    use crate::programme::sketch::{Sketch, at, id, times};

    fn sketch() -> Sketch {
        Sketch::new()
            .venue("club", &[])
            .venue("w", &[])
            .room("punta-nueva-york", "club", json!({}))
            .room("gallery", "w", json!({}))
            .session("reality", ("26 18:00", "26 19:30"), json!({"room": id("punta-nueva-york")}))
    }

    fn to_nothing() -> MoveSession {
        MoveSession { session: id("reality"), room: None, venue: None, starts_at: None, ends_at: None }
    }

    fn moved(arguments: MoveSession) -> Result<Session, Refusal> {
        let programme = sketch().programme;
        let edits = move_session(&programme, &arguments)?;
        Ok(programme.with_edits(&edits, 2).session(id("reality")).unwrap().clone())
    }

    #[test]
    fn a_session_whose_beginning_moves_keeps_its_duration() {
        let session = moved(MoveSession { starts_at: Some(at("26 18:45")), ..to_nothing() }).unwrap();
        assert_eq!(session.interval(), Some((at("26 18:45"), at("26 20:15"))));
        assert_eq!(session.room, Some(id("punta-nueva-york")));
    }

    #[test]
    fn a_session_whose_end_moves_keeps_its_beginning() {
        let session = moved(MoveSession { ends_at: Some(at("26 19:00")), ..to_nothing() }).unwrap();
        assert_eq!(session.interval(), Some((at("26 18:00"), at("26 19:00"))));
        let refusal = moved(MoveSession { ends_at: Some(at("26 18:00")), ..to_nothing() }).unwrap_err();
        assert_eq!((refusal.code, refusal.field.as_str()), (ProblemCode::InvalidValue, "/ends_at"));
    }

    #[test]
    fn a_session_without_a_room_keeps_the_venue() {
        let session = moved(MoveSession { room: Some(None), ..to_nothing() }).unwrap();
        assert_eq!((session.room, session.venue), (None, Some(id("club"))));
        let session = moved(MoveSession { room: Some(Some(id("gallery"))), ..to_nothing() }).unwrap();
        assert_eq!((session.room, session.venue), (Some(id("gallery")), None));
        let session = moved(MoveSession { venue: Some(Some(id("w"))), ..to_nothing() }).unwrap();
        assert_eq!((session.room, session.venue), (None, Some(id("w"))));
    }

    #[test]
    fn a_place_that_is_not_there_is_refused_by_its_field() {
        let refused = |arguments| moved(arguments).unwrap_err();
        let refusal = refused(MoveSession { room: Some(Some(id("cellar"))), ..to_nothing() });
        assert_eq!((refusal.code, refusal.field.as_str()), (ProblemCode::UnknownReference, "/room"));
        let refusal = refused(MoveSession { venue: Some(Some(id("ritz"))), ..to_nothing() });
        assert_eq!((refusal.code, refusal.field.as_str()), (ProblemCode::UnknownReference, "/venue"));
        let elsewhere = MoveSession { room: Some(Some(id("gallery"))), venue: Some(Some(id("club"))), ..to_nothing() };
        assert_eq!(refused(elsewhere).field, "/room");
        assert_eq!(refused(to_nothing()).code, ProblemCode::InvalidValue);
    }

    #[test]
    fn a_session_that_had_only_an_order_gets_both_times() {
        let body = json!({"slug": "talk", "kind": "session", "day": "2018-11-26", "order": 1, "state": "published"});
        let programme = sketch().with(Collection::Sessions, body).programme;
        let start = MoveSession { session: id("talk"), starts_at: Some(at("26 10:00")), ..to_nothing() };
        assert_eq!(move_session(&programme, &start).unwrap_err().field, "/ends_at");
        let both = MoveSession { ends_at: Some(at("26 11:00")), ..start };
        let after = programme.with_edits(&move_session(&programme, &both).unwrap(), 2);
        assert_eq!(times(&after, "talk"), (at("26 10:00"), at("26 11:00")));
        assert_eq!(after.session(id("talk")).unwrap().day, None);
    }

    #[test]
    fn a_cancelled_session_is_not_moved() {
        let programme = sketch().session("reality", ("26 18:00", "26 19:30"), json!({"state": "cancelled"})).programme;
        let later = MoveSession { starts_at: Some(at("26 18:45")), ..to_nothing() };
        assert_eq!(move_session(&programme, &later).unwrap_err().code, ProblemCode::WrongState);
    }

    #[test]
    fn a_room_that_is_null_is_not_a_room_that_is_absent() {
        let read = |body: serde_json::Value| serde_json::from_value::<MoveSession>(body).unwrap();
        assert_eq!(read(json!({"session": id("reality"), "room": null})).room, Some(None));
        assert_eq!(read(json!({"session": id("reality")})).room, None);
    }
}
