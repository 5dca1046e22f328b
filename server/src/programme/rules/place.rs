//! Where sessions take place, and how far apart that is.

use shared::ids::RecordId;
use shared::programme::{Collection, Programme, RecordBody, Room, Session, Venue};
use shared::time::Timestamp;

use super::event_zone;

/// One room, if there is such a room.
pub fn find_room(programme: &Programme, id: RecordId) -> Option<&Room> {
    match &programme.find(Collection::Rooms, id)?.body {
        RecordBody::Rooms(room) => Some(room),
        _ => None,
    }
}

/// One venue, if there is such a venue.
pub fn find_venue(programme: &Programme, id: RecordId) -> Option<&Venue> {
    match &programme.find(Collection::Venues, id)?.body {
        RecordBody::Venues(venue) => Some(venue),
        _ => None,
    }
}

/// The venue where a session takes place: its room's, else the one that it names itself.
pub fn find_venue_of(programme: &Programme, session: &Session) -> Option<RecordId> {
    let of_room = session.room.and_then(|room| find_room(programme, room)).map(|room| room.venue);
    of_room.or(session.venue)
}

/// The minutes from one venue to another, if either of them says so. It is the same in both
/// directions; where the two disagree, the longer counts, and a venue is no way from itself.
pub fn travel_minutes(programme: &Programme, one: RecordId, other: RecordId) -> Option<u32> {
    if one == other {
        return Some(0);
    }
    let told_by = |from: RecordId, to: RecordId| {
        let ways = &find_venue(programme, from)?.travel_times;
        ways.iter().filter(|way| way.to == to).map(|way| way.minutes).max()
    };
    told_by(one, other).max(told_by(other, one))
}

/// When a session needs its place: its interval, or its whole day where it has no time.
pub fn find_span(programme: &Programme, session: &Session) -> Option<(Timestamp, Timestamp)> {
    session.interval().or_else(|| {
        let day = session.day?.0;
        let zone = event_zone(programme);
        Some((Timestamp::start_of_day(day, zone)?, Timestamp::start_of_day(day.succ_opt()?, zone)?))
    })
}

/// Moves a session into `room`, or out of any room; its venue stays known.
pub fn put_into_room(programme: &Programme, session: &mut Session, room: Option<RecordId>) {
    session.venue = match room {
        Some(_) => None,
        None => find_venue_of(programme, session),
    };
    session.room = room;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::programme::sketch::{Sketch, at, id};

    #[test]
    fn the_way_between_two_venues_is_the_same_in_both_directions() {
        let sketch = Sketch::new().venue("club", &[("moneda", 15)]).venue("moneda", &[("club", 10)]).venue("w", &[]);
        assert_eq!(travel_minutes(&sketch.programme, id("club"), id("moneda")), Some(15));
        assert_eq!(travel_minutes(&sketch.programme, id("moneda"), id("club")), Some(15));
        assert_eq!(travel_minutes(&sketch.programme, id("w"), id("w")), Some(0));
        assert_eq!(travel_minutes(&sketch.programme, id("w"), id("club")), None);
    }

    #[test]
    fn a_session_takes_place_at_the_venue_of_its_room() {
        let sketch = Sketch::new()
            .venue("club", &[])
            .room("punta-nueva-york", "club", json!({}))
            .session("reality", ("26 18:00", "26 19:30"), json!({"room": id("punta-nueva-york")}))
            .session("reception", ("26 19:30", "26 20:30"), json!({"venue": id("club")}))
            .session("somewhere", ("26 21:00", "26 22:00"), json!({}));
        let venue_of = |slug| find_venue_of(&sketch.programme, sketch.find(slug));
        assert_eq!(venue_of("reality"), Some(id("club")));
        assert_eq!(venue_of("reception"), Some(id("club")));
        assert_eq!(venue_of("somewhere"), None);
    }

    #[test]
    fn a_session_without_a_time_needs_its_place_all_day() {
        let body = json!({"slug": "item", "kind": "session", "day": "2018-11-29", "order": 1, "state": "published"});
        let sketch = Sketch::new().with(Collection::Sessions, body);
        let span = find_span(&sketch.programme, sketch.find("item"));
        assert_eq!(span, Some((at("29 00:00"), at("30 00:00"))));
    }
}
