//! What is held about an attendee of where they work, when they are reminded, in what they are to ride, and what an ended
//! desk did for them.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::{Value, json};
use shared::admission::{Incident, IncidentKind};
use shared::ids::AttendeeId;
use shared::programme::{Collection, Programme, RecordBody};
use shared::time::Timestamp;

use super::person::Person;
use super::{Lines, without_nulls};
use crate::database::Connection;
use crate::database::schema::{duties, incidents, reminder_choices};
use crate::on;

/// Where they work.
pub(super) fn list_duties(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, String, String, String, Option<i64>, Option<i64>, Option<String>);
    let query = duties::table
        .filter(duties::event_id.eq(&who.event))
        .filter(duties::attendee_id.eq(&who.attendee))
        .filter(duties::id.gt(after))
        .order(duties::id)
        .limit(limit)
        .select((
            duties::id,
            duties::kind,
            duties::collection,
            duties::object_id,
            duties::from_at,
            duties::to_at,
            duties::note,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(id, kind, collection, object, from, to, note): Line| {
        let value = json!({ "id": id, "kind": kind, "collection": collection, "object": object,
            "from": from.map(Timestamp), "to": to.map(Timestamp), "note": note });
        (id, without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

/// How long before what they are reminded, as far as they chose it; what they want no reminder of has no minutes.
pub(super) fn list_reminder_choices(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    let query = reminder_choices::table
        .filter(reminder_choices::event_id.eq(&who.event))
        .filter(reminder_choices::attendee_id.eq(&who.attendee))
        .filter(reminder_choices::kind.gt(after))
        .order(reminder_choices::kind)
        .limit(limit)
        .select((reminder_choices::kind, reminder_choices::minutes));
    let lines: Vec<(String, Option<i64>)> = on!(c, |c| query.load(c))?;
    let value = |(kind, minutes): (String, Option<i64>)| {
        let value = json!({ "kind": kind, "minutes": minutes, "is_off": minutes.is_none() });
        (kind, without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

/// What a desk did for them and handed in when it was not in use any more. Whose that is stands in the body alone: few
/// desks are ended with work in hand.
pub(super) fn list_late_work(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, String, Option<i64>, Option<String>);
    let query = incidents::table
        .filter(incidents::event_id.eq(&who.event))
        .filter(incidents::kind.eq(IncidentKind::LateWork.as_str()))
        .filter(incidents::id.gt(after))
        .order(incidents::id)
        .select((incidents::id, incidents::body, incidents::resolved_at, incidents::note));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(id, body, settled, note): Line| {
        let work = serde_json::from_str::<Incident>(&body).ok()?.work?;
        if work.for_attendee?.to_string() != who.attendee {
            return None;
        }
        let value = json!({ "operation": work.op, "content": work.args, "done_at": work.at,
            "received_at": work.received_at, "device_name": work.device_name, "settled_at": settled.map(Timestamp),
            "note": note });
        Some((id, without_nulls(value)))
    };
    Ok(lines.into_iter().filter_map(value).take(limit as usize).collect())
}

/// The vehicles that name them, with where they board; of others who ride nothing.
pub(super) fn vehicles_of(programme: &Programme, attendee: AttendeeId) -> Vec<Value> {
    let vehicles = programme.list(Collection::Vehicles).filter_map(|record| match &record.body {
        RecordBody::Vehicles(vehicle) => Some((record.id, vehicle)),
        _ => None,
    });
    vehicles
        .filter_map(|(id, vehicle)| {
            let seat = vehicle.passengers.iter().find(|one| one.attendee == attendee)?;
            let stop = seat.stop.and_then(|stop| vehicle.stops.get(usize::try_from(stop).ok()?));
            let stop = stop.map(|stop| without_nulls(json!({ "place": stop.place, "at": stop.at })));
            let value = json!({ "id": id, "name": vehicle.name, "session": vehicle.session, "stop": stop });
            Some(without_nulls(value))
        })
        .collect()
}
