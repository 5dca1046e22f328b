//! The lists of what is held about an attendee.

use diesel::{BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use serde_json::json;
use shared::time::Timestamp;

use super::person::Person;
use super::presence::{list_badges, list_door_notes, list_handovers, list_photos, list_scans, list_walk_ins};
use super::work::{list_duties, list_late_work, list_reminder_choices};
use super::{Lines, List, stored_json, without_nulls};
use crate::database::Connection;
use crate::database::schema::{
    audience_matches, audience_members, audit, consents, devices, favourites, invitations, mails, notes, notices,
    sign_ups, stand_ins,
};
use crate::on;

/// Every list, in the order of the document.
pub(super) const LISTS: &[List<Person>] = &[
    ("devices", list_devices),
    ("audiences", list_audiences),
    ("consents", list_consents),
    ("invitations", list_invitations),
    ("stand_ins", list_stand_ins),
    ("badges", list_badges),
    ("scans", list_scans),
    ("walk_ins", list_walk_ins),
    ("handovers", list_handovers),
    ("door_notes", list_door_notes),
    ("late_work", list_late_work),
    ("photos", list_photos),
    ("duties", list_duties),
    ("sign_ups", list_sign_ups),
    ("favourites", list_favourites),
    ("notes", list_notes),
    ("reminder_choices", list_reminder_choices),
    ("notices", list_notices),
    ("mails", list_mails),
    ("audit", list_audit),
];

fn list_devices(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, String, String, String, i64, i64, Option<i64>);
    let query = devices::table
        .filter(devices::account_id.eq_any(&who.own_accounts))
        .filter(devices::id.gt(after))
        .order(devices::id)
        .limit(limit)
        .select((
            devices::id,
            devices::account_id,
            devices::name,
            devices::kind,
            devices::created_at,
            devices::last_seen_at,
            devices::revoked_at,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(id, account, name, kind, created, seen, ended): Line| {
        let value = json!({ "id": id, "account": account, "name": name, "kind": kind,
            "created_at": Timestamp(created), "last_seen_at": Timestamp(seen), "ended_at": ended.map(Timestamp) });
        (id, without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

/// The audiences that the person was put into, and those whose rules they match.
fn list_audiences(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    let by_hand = audience_members::table
        .filter(audience_members::event_id.eq(&who.event))
        .filter(audience_members::attendee_id.eq(&who.attendee))
        .filter(audience_members::audience_id.gt(after))
        .order(audience_members::audience_id)
        .limit(limit)
        .select(audience_members::audience_id);
    let by_rule = audience_matches::table
        .filter(audience_matches::event_id.eq(&who.event))
        .filter(audience_matches::attendee_id.eq(&who.attendee))
        .filter(audience_matches::audience_id.gt(after))
        .order(audience_matches::audience_id)
        .limit(limit)
        .select(audience_matches::audience_id);
    let (by_hand, by_rule): (Vec<String>, Vec<String>) =
        on!(c, |c| QueryResult::Ok((by_hand.load(c)?, by_rule.load(c)?)))?;
    let mut ids: Vec<String> = by_hand.iter().chain(&by_rule).cloned().collect();
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(limit as usize);
    let value = |id: String| {
        let value = json!({ "id": id, "is_by_hand": by_hand.contains(&id), "is_by_rule": by_rule.contains(&id) });
        (id, value)
    };
    Ok(ids.into_iter().map(value).collect())
}

fn list_consents(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, i64, i64, String, bool, Option<String>);
    let (consent, at) = after.rsplit_once(' ').unwrap_or_default();
    let (consent, at) = (consent.to_owned(), at.parse().unwrap_or(i64::MIN));
    let query = consents::table
        .filter(consents::event_id.eq(&who.event))
        .filter(consents::attendee_id.eq(&who.attendee))
        .filter(consents::consent.gt(consent.clone()).or(consents::consent.eq(consent).and(consents::at.gt(at))))
        .order((consents::consent, consents::at))
        .limit(limit)
        .select((
            consents::consent,
            consents::at,
            consents::version,
            consents::language,
            consents::is_given,
            consents::account_id,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(consent, at, version, language, is_given, account): Line| {
        let value = json!({ "consent": consent, "at": Timestamp(at), "version": version, "language": language,
            "is_given": is_given, "account": account });
        (format!("{consent} {at}"), without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

fn list_invitations(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, String, String, String, String, i64, i64);
    let query = invitations::table
        .filter(invitations::event_id.eq(&who.event))
        .filter(invitations::attendee_id.eq(&who.attendee))
        .filter(invitations::id.gt(after))
        .order(invitations::id)
        .limit(limit)
        .select((
            invitations::id,
            invitations::collection,
            invitations::object_id,
            invitations::answer,
            invitations::body,
            invitations::created_at,
            invitations::updated_at,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(id, collection, object, answer, body, created, updated): Line| {
        let value = json!({ "id": id, "collection": collection, "object": object, "answer": answer,
            "content": stored_json(&body), "created_at": Timestamp(created), "updated_at": Timestamp(updated) });
        (id, value)
    };
    Ok(lines.into_iter().map(value).collect())
}

/// Who sits in for the person, and for whom the person sits in.
fn list_stand_ins(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, String, String, Option<String>, Option<String>, bool, String, i64);
    let concerns = stand_ins::attendee_id.eq(&who.attendee).or(stand_ins::stand_in_id.eq(&who.attendee));
    let query = stand_ins::table
        .filter(stand_ins::event_id.eq(&who.event))
        .filter(concerns)
        .filter(stand_ins::id.gt(after))
        .order(stand_ins::id)
        .limit(limit)
        .select((
            stand_ins::id,
            stand_ins::attendee_id,
            stand_ins::stand_in_id,
            stand_ins::session_id,
            stand_ins::day,
            stand_ins::is_ended,
            stand_ins::body,
            stand_ins::created_at,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(id, attendee, stand_in, session, day, is_ended, body, created): Line| {
        let value = json!({ "id": id, "attendee": attendee, "stand_in": stand_in, "session": session, "day": day,
            "is_ended": is_ended, "content": stored_json(&body), "created_at": Timestamp(created) });
        (id, without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

fn list_sign_ups(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, String, Option<i64>, Option<i64>, bool, i64, i64);
    let query = sign_ups::table
        .filter(sign_ups::event_id.eq(&who.event))
        .filter(sign_ups::attendee_id.eq(&who.attendee))
        .filter(sign_ups::session_id.gt(after))
        .order(sign_ups::session_id)
        .limit(limit)
        .select((
            sign_ups::session_id,
            sign_ups::state,
            sign_ups::number,
            sign_ups::offered_until,
            sign_ups::is_override,
            sign_ups::requested_at,
            sign_ups::updated_at,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(session, state, number, until, is_override, requested, updated): Line| {
        let value = json!({ "session": session, "state": state, "number": number,
            "offered_until": until.map(Timestamp), "is_override": is_override,
            "requested_at": Timestamp(requested), "updated_at": Timestamp(updated) });
        (session, without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

fn list_favourites(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    let query = favourites::table
        .filter(favourites::event_id.eq(&who.event))
        .filter(favourites::attendee_id.eq(&who.attendee))
        .filter(favourites::session_id.gt(after))
        .order(favourites::session_id)
        .limit(limit)
        .select(favourites::session_id);
    let sessions: Vec<String> = on!(c, |c| query.load(c))?;
    Ok(sessions.into_iter().map(|session| (session.clone(), json!({ "session": session }))).collect())
}

fn list_notes(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, Option<String>, String, i64, String);
    let query = notes::table
        .filter(notes::event_id.eq(&who.event))
        .filter(notes::attendee_id.eq(&who.attendee))
        .filter(notes::id.gt(after))
        .order(notes::id)
        .limit(limit)
        .select((notes::id, notes::session_id, notes::text, notes::updated_at, notes::device_id));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(id, session, text, updated, device): Line| {
        let value = json!({ "id": id, "session": session, "text": text, "updated_at": Timestamp(updated),
            "device": Some(device).filter(|device| !device.is_empty()) });
        (id, without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

fn list_notices(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    let query = notices::table
        .filter(notices::event_id.eq(&who.event))
        .filter(notices::attendee_id.eq(&who.attendee))
        .filter(notices::id.gt(after))
        .order(notices::id)
        .limit(limit)
        .select((notices::id, notices::body));
    let lines: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    let value = |(id, body): (String, String)| {
        let value = json!({ "id": id, "content": stored_json(&body) });
        (id, value)
    };
    Ok(lines.into_iter().map(value).collect())
}

fn list_mails(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, String, String, String, String, i64, i64);
    let query = mails::table
        .filter(mails::event_id.eq(&who.event))
        .filter(mails::attendee_id.eq(&who.attendee))
        .filter(mails::id.gt(after))
        .order(mails::id)
        .limit(limit)
        .select((
            mails::id,
            mails::kind,
            mails::address,
            mails::language,
            mails::state,
            mails::attempt_count,
            mails::created_at,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(id, kind, address, language, state, attempts, created): Line| {
        let value = json!({ "id": id, "kind": kind, "address": address, "language": language, "state": state,
            "attempt_count": attempts, "created_at": Timestamp(created) });
        (id, value)
    };
    Ok(lines.into_iter().map(value).collect())
}

/// Lines of the audit log that concern the person, were done for them, or by an account of theirs.
/// What they did to others is told without the others' data.
fn list_audit(c: &mut Connection, who: &Person, (after, limit): (&str, i64)) -> Lines {
    type Line = (
        i64,
        i64,
        i64,
        (Option<String>, Option<String>, Option<String>),
        (String, String, String),
        (Option<String>, Option<String>),
    );
    let (seq, ordinal) = after.split_once('.').unwrap_or_default();
    let (seq, ordinal) = (seq.parse().unwrap_or(-1_i64), ordinal.parse().unwrap_or(-1_i64));
    let concerns = audit::record_id
        .eq_any(&who.records)
        .or(audit::attendee_id.eq(&who.attendee).assume_not_null())
        .or(audit::account_id.eq_any(&who.own_accounts).assume_not_null());
    let query = audit::table
        .filter(audit::event_id.eq(&who.event))
        .filter(audit::seq.gt(seq).or(audit::seq.eq(seq).and(audit::ordinal.gt(ordinal))))
        .filter(concerns)
        .order((audit::seq, audit::ordinal))
        .limit(limit)
        .select((
            audit::seq,
            audit::ordinal,
            audit::at,
            (audit::account_id, audit::device_id, audit::attendee_id),
            (audit::operation, audit::collection, audit::record_id),
            (audit::before, audit::after),
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value =
        |(seq, ordinal, at, (account, device, attendee), (operation, collection, id), (before, after)): Line| {
            let is_theirs = who.records.contains(&id) || attendee.as_deref() == Some(who.attendee.as_str());
            let told = |kept: Option<String>| kept.filter(|_| is_theirs).map(|kept| stored_json(&kept));
            let value = json!({ "at": Timestamp(at), "operation": operation, "collection": collection, "id": id,
            "account": account, "device": device, "attendee": attendee,
            "before": told(before), "after": told(after) });
            (format!("{seq}.{ordinal}"), without_nulls(value))
        };
    Ok(lines.into_iter().map(value).collect())
}
