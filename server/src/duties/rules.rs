//! What somebody's duties let them see.

use std::collections::BTreeSet;

use shared::duty::{Duty, DutyAt};
use shared::ids::RecordId;
use shared::programme::{Collection, Programme, RecordBody, Session, State};

use crate::sync::grants::{DUTY, DUTY_INSIDE};

/// As what somebody holds a gate by a duty.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DutyRight {
    /// They work there, and are let in.
    Works,
    /// They work at a session inside, whose row lies there; that lets them in nowhere else.
    Reads,
}

impl DutyRight {
    /// The reason of such a right in `gate_rights`.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Works => DUTY,
            Self::Reads => DUTY_INSIDE,
        }
    }
}

/// The parts and sessions whose gates these duties of one attendee open: each at what it is at, and at every session
/// that is on in that room, or that the vehicle runs for, in the time of the duty.
pub fn gates_of(programme: &Programme, duties: &[Duty]) -> BTreeSet<(RecordId, DutyRight)> {
    let mut gates = BTreeSet::new();
    for duty in duties {
        if duty.collection == DutyAt::Parts {
            gates.insert((duty.object, DutyRight::Works));
        }
        for (id, session) in programme.sessions().filter(|(id, session)| is_at(programme, duty, (*id, session))) {
            gates.insert((id, DutyRight::Works));
            let lies_in_part = session.admission.is_none() && session.state != State::Draft;
            gates.extend(session.part.filter(|_| lies_in_part).map(|part| (part, DutyRight::Reads)));
        }
    }
    gates
}

/// Whether a duty is one at a session. At a whole part it is at the part.
fn is_at(programme: &Programme, duty: &Duty, (id, session): (RecordId, &Session)) -> bool {
    let is_then = || duty.covers(session.starts_at, session.ends_at);
    match duty.collection {
        DutyAt::Parts => false,
        DutyAt::Sessions => duty.object == id,
        DutyAt::Rooms => session.room == Some(duty.object) && is_then(),
        DutyAt::Vehicles => match programme.find(Collection::Vehicles, duty.object).map(|record| &record.body) {
            Some(RecordBody::Vehicles(vehicle)) => vehicle.session == id && is_then(),
            _ => false,
        },
    }
}

/// Whether a change of a session may change who works at it.
pub fn moves_duties(before: Option<&Session>, after: Option<&Session>) -> bool {
    let place = |session: &Session| {
        let times = (session.starts_at, session.ends_at);
        (session.room, session.part, times, session.admission.is_some(), session.state)
    };
    before.map(place) != after.map(place)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use shared::duty::DutyKind;
    use shared::ids::AttendeeId;
    use shared::time::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::programme::sketch::{Sketch, at, id};

    fn duty(collection: DutyAt, object: &str, (from, to): (Option<Timestamp>, Option<Timestamp>)) -> Duty {
        let (attendee, kind) = (AttendeeId(Uuid::nil()), DutyKind::Interpreter);
        Duty { attendee, kind, collection, object: id(object), from, to, note: None }
    }

    fn programme() -> Programme {
        let gated = json!({ "policy": "by_invitation", "visibility": "hidden", "audiences": [] });
        Sketch::new()
            .venue("club", &[])
            .room("library", "club", json!({}))
            .room("cinema", "club", json!({}))
            .session("breakfast", ("26 08:00", "26 09:00"), json!({ "room": id("library"), "part": id("dialogue") }))
            .session("lunch", ("26 12:00", "26 13:00"), json!({ "room": id("library"), "admission": gated }))
            .session("supper", ("26 20:00", "26 22:00"), json!({ "room": id("cinema") }))
            .programme
    }

    fn works(names: &[&str]) -> BTreeSet<(RecordId, DutyRight)> {
        names.iter().map(|name| (id(name), DutyRight::Works)).collect()
    }

    #[test]
    fn who_works_in_a_room_works_at_what_is_on_there_in_their_time() {
        let open = |times| gates_of(&programme(), &[duty(DutyAt::Rooms, "library", times)]);
        let reads = [(id("dialogue"), DutyRight::Reads)];
        assert_eq!(open((None, None)), works(&["breakfast", "lunch"]).into_iter().chain(reads).collect());
        assert_eq!(open((Some(at("26 10:00")), None)), works(&["lunch"]));
        assert_eq!(open((None, Some(at("26 07:00")))), works(&[]));
    }

    #[test]
    fn who_works_at_a_session_or_part_works_there_whenever_it_is() {
        let gone_by = (None, Some(at("26 07:00")));
        assert_eq!(gates_of(&programme(), &[duty(DutyAt::Sessions, "supper", gone_by)]), works(&["supper"]));
        assert_eq!(gates_of(&programme(), &[duty(DutyAt::Parts, "dialogue", gone_by)]), works(&["dialogue"]));
    }

    #[test]
    fn only_where_and_when_something_is_and_whether_it_is_gated_moves_duties() {
        let programme = programme();
        let before = programme.session(id("lunch")).unwrap();
        let after = |fields: Value| {
            let mut value = serde_json::to_value(before).unwrap();
            value.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            serde_json::from_value::<Session>(value).unwrap()
        };
        assert!(!moves_duties(Some(before), Some(&after(json!({ "title": { "en": "Lunch" } })))));
        assert!(moves_duties(Some(before), Some(&after(json!({ "room": id("cinema") })))));
        assert!(moves_duties(Some(before), Some(&after(json!({ "ends_at": "2018-11-26T14:00:00-03:00" })))));
        assert!(moves_duties(Some(before), None) && moves_duties(None, Some(before)));
    }
}
