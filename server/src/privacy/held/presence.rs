//! What is kept of an attendee at desks and doors: badges, scans, what they were handed, notes and photos.

use diesel::{ExpressionMethods, NullableExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::json;
use shared::admission::Scan;
use shared::handover::Handover;
use shared::time::Timestamp;

use super::person::Person;
use super::{Lines, put, without_nulls};
use crate::database::Connection;
use crate::database::schema::{
    badge_carriers, badges, door_notes, handover_people, handovers, photos, scans, walk_ins,
};
use crate::on;

pub(super) fn list_badges(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (i64, String, (i64, Option<String>, i64), (Option<i64>, Option<i64>, Option<String>));
    let query = badge_carriers::table
        .filter(badge_carriers::event_id.eq(&who.event))
        .filter(badge_carriers::attendee_id.eq(&who.attendee))
        .filter(badge_carriers::carrier.gt(after.parse().unwrap_or(-1_i64)))
        .order(badge_carriers::carrier)
        .limit(limit)
        .select((
            badge_carriers::carrier,
            badge_carriers::kind,
            (badge_carriers::issued_at, badge_carriers::issued_by, badge_carriers::expires_at),
            (badge_carriers::handed_out_at, badge_carriers::voided_at, badge_carriers::void_reason),
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(carrier, kind, (issued, by, expires), (handed_out, voided, reason)): Line| {
        let value = json!({ "carrier": carrier, "kind": kind, "issued_at": Timestamp(issued), "issued_by": by,
            "expires_at": Timestamp(expires), "handed_out_at": handed_out.map(Timestamp),
            "voided_at": voided.map(Timestamp), "void_reason": reason });
        (carrier.to_string(), without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

pub(super) fn list_scans(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, i64, String);
    let theirs = badges::table.find((&who.event, &who.attendee)).select(badges::guest.nullable());
    let query = scans::table
        .filter(scans::event_id.eq(&who.event))
        .filter(scans::guest.eq_any(theirs))
        .filter(scans::fact.gt(after))
        .order(scans::fact)
        .limit(limit)
        .select((scans::fact, scans::received_at, scans::body));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(fact, received, body): Line| {
        let scan: Scan = serde_json::from_str(&body).ok()?;
        let value = json!({ "at": scan.at.corrected(), "received_at": Timestamp(received), "area": scan.area,
            "checkpoint": scan.checkpoint, "session": scan.session, "direction": scan.direction,
            "admits": scan.verdict.map(|decided| decided.admits), "reason": scan.verdict.map(|decided| decided.reason),
            "by_hand": scan.by_hand });
        Some((fact, without_nulls(value)))
    };
    Ok(lines.into_iter().filter_map(value).collect())
}

pub(super) fn list_walk_ins(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, Option<String>, Option<i64>, i64, Option<i64>);
    let query = walk_ins::table
        .filter(walk_ins::event_id.eq(&who.event))
        .filter(walk_ins::attendee_id.eq(&who.attendee))
        .filter(walk_ins::attendee_id.gt(after))
        .limit(limit)
        .select((
            walk_ins::attendee_id,
            walk_ins::account_id,
            walk_ins::carrier,
            walk_ins::registered_at,
            walk_ins::settled_at,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(attendee, by, carrier, registered, settled): Line| {
        let value = json!({ "registered_at": Timestamp(registered), "registered_by": by, "carrier": carrier,
            "settled_at": settled.map(Timestamp) });
        (attendee, without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

/// Who signed for many signed for others: that is shown where it was for the person alone.
pub(super) fn list_handovers(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, i64, String);
    let theirs = handover_people::table
        .filter(handover_people::event_id.eq(&who.event))
        .filter(handover_people::attendee_id.eq(&who.attendee))
        .select(handover_people::fact);
    let query = handovers::table
        .filter(handovers::event_id.eq(&who.event))
        .filter(handovers::fact.eq_any(theirs))
        .filter(handovers::fact.gt(after))
        .order(handovers::fact)
        .limit(limit)
        .select((handovers::fact, handovers::received_at, handovers::body));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(fact, received, body): Line| {
        let handover: Handover = serde_json::from_str(&body).ok()?;
        let mut value = json!({ "at": handover.at.corrected(), "received_at": Timestamp(received),
            "kind": handover.kind, "what": handover.what, "item": handover.item });
        if handover.attendees.len() == 1 {
            put(&mut value, "received_by", json!(handover.received_by));
            put(&mut value, "signature", json!(handover.signature));
            put(&mut value, "note", json!(handover.note));
        }
        Some((fact, without_nulls(value)))
    };
    Ok(lines.into_iter().filter_map(value).collect())
}

pub(super) fn list_door_notes(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, String, Option<String>, i64);
    let query = door_notes::table
        .filter(door_notes::event_id.eq(&who.event))
        .filter(door_notes::attendee_id.eq(&who.attendee))
        .filter(door_notes::attendee_id.gt(after))
        .limit(limit)
        .select((door_notes::attendee_id, door_notes::text, door_notes::written_by, door_notes::written_at));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(attendee, text, by, at): Line| {
        let value = json!({ "text": text, "written_by": by, "written_at": Timestamp(at) });
        (attendee, without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

pub(super) fn list_photos(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, String, String, i64);
    let query = photos::table
        .filter(photos::event_id.eq(&who.event))
        .filter(photos::attendee_id.eq(&who.attendee))
        .filter(photos::attendee_id.gt(after))
        .limit(limit)
        .select((photos::attendee_id, photos::hash, photos::media_type, photos::put_at));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(attendee, hash, media_type, at): Line| {
        (attendee, json!({ "photo": hash, "media_type": media_type, "put_at": Timestamp(at) }))
    };
    Ok(lines.into_iter().map(value).collect())
}
