//! What is left of a notice to somebody who lost sight of what it tells: nothing of that stays in an inbox.

use std::collections::BTreeMap;

use diesel::QueryResult;
use serde_json::json;
use shared::ids::RecordId;
use shared::notice::{Notice, NoticeKind, SessionChange};
use shared::programme::{Collection, Programme, RecordKey};
use shared::sync::Scope;
use uuid::Uuid;

use super::dispatches::{self, seen_by};
use super::{mail, store};
use crate::sync::change_log::{Group, Sight, Unit};
use crate::sync::projection;
use crate::sync::row::RowCollection;

/// Takes out of inboxes what their attendees may not see any more, whatever took it from their sight: a gate that
/// they lost, or a gate before what had none.
pub fn hide_unseen(unit: &mut Unit<'_>, sight: &Sight<'_>) -> QueryResult<()> {
    let (losers, hidden) = (sight.losers(), list_hidden(unit.group));
    if losers.is_empty() && hidden.is_empty() {
        return Ok(());
    }
    let event = unit.group.event;
    let mut notices: BTreeMap<Uuid, Notice> = store::list_notices_of(unit.connection, event, &losers)?;
    if !hidden.is_empty() {
        notices.extend(store::list_notices_naming(unit.connection, event, &hidden)?);
    }
    let (mut less, mut gone) = (Vec::new(), Vec::new());
    for (id, notice) in notices {
        let may_hold = |scope: Scope| sight.may_hold(notice.attendee, &scope);
        let seen = as_seen(&notice, (unit.group.programme(), &may_hold));
        if seen.as_ref() == Some(&notice) {
            continue;
        }
        let row = seen.as_ref().map(|seen| json!(seen));
        unit.group.put_row(Scope::Own(notice.attendee), (RowCollection::Notices, id), row.as_ref());
        match seen {
            Some(seen) => less.push((id, seen)),
            None => gone.push(id),
        }
    }
    store::put_notices(unit.connection, event, &less)?;
    store::delete_notices_by_id(unit.connection, event, &gone)?;
    dispatches::forget_untold(unit.connection, event, &gone, unit.group.now)
}

/// The sessions and parts that readers saw and that some of them may not see any more. Of what is taken away altogether
/// they know.
fn list_hidden(group: &Group) -> Vec<RecordId> {
    let (before, after) = (group.programme_before(), group.programme());
    let is_about = |key: &&RecordKey| matches!(key.0, Collection::Sessions | Collection::Parts);
    let parts: Vec<RecordId> =
        group.changed_records().iter().filter(|key| key.0 == Collection::Parts).map(|key| key.1).collect();
    let inside = after.sessions().filter(|(_, session)| session.part.is_some_and(|part| parts.contains(&part)));
    let inside: Vec<RecordKey> = inside.map(|(id, _)| (Collection::Sessions, id)).collect();
    let is_hidden = |key: &&RecordKey| {
        let (was, is) = (projection::scopes_of_row(before, **key), projection::scopes_of_row(after, **key));
        let is_open = is.0 == Some(Scope::Public);
        after.find(key.0, key.1).is_some() && was != is && was.0.is_some() && !is_open
    };
    let changed = group.changed_records().iter().filter(is_about);
    changed.chain(&inside).filter(is_hidden).map(|key| key.1).collect()
}

/// What a notice says to somebody who may hold the scopes that `may_hold` names; none where nothing is left of it.
fn as_seen(notice: &Notice, (programme, may_hold): (&Programme, &dyn Fn(Scope) -> bool)) -> Option<Notice> {
    // Who sits in for somebody holds what it is about in their own scope, and loses it with that.
    if notice.kind == NoticeKind::StandIn {
        return Some(notice.clone());
    }
    let is_unseen =
        |key: RecordKey| programme.find(key.0, key.1).is_some() && !projection::is_visible(programme, key, may_hold);
    let mut seen = notice.clone();
    seen.changes = notice.changes.iter().filter_map(|change| still_seen(change, (programme, may_hold))).collect();
    if seen.changes != notice.changes {
        if seen.changes.is_empty() {
            return None;
        }
        // Words of the organisers' tell of all of it.
        seen.texts.clear();
        seen.kind = NoticeKind::of_changes(&seen.changes);
    }
    if about_of(notice).is_some_and(is_unseen) {
        let tells_of_it = notice.changes.is_empty() && (notice.dispatch.is_some() || mail::needs_sight(notice.kind));
        if tells_of_it {
            return None;
        }
        (seen.collection, seen.id) = (None, None);
    }
    for (field, collection) in [("session", Collection::Sessions), ("part", Collection::Parts)] {
        let named = notice.details.get(field).and_then(|id| Some((collection, id.as_str()?.parse().ok()?)));
        if named.is_some_and(is_unseen) {
            if mail::needs_sight(notice.kind) {
                return None;
            }
            if let Some(details) = seen.details.as_object_mut() {
                details.remove(field);
            }
        }
    }
    Some(seen)
}

/// The session or part that a notice is about, where it is about one by itself.
fn about_of(notice: &Notice) -> Option<RecordKey> {
    let collection = match notice.collection.as_deref()? {
        "sessions" => Collection::Sessions,
        "parts" => Collection::Parts,
        _ => return None,
    };
    Some((collection, RecordId(notice.id?)))
}

/// What is left of a change. What is gone from the programme was seen when it was told.
fn still_seen(
    change: &SessionChange,
    (programme, may_hold): (&Programme, &dyn Fn(Scope) -> bool),
) -> Option<SessionChange> {
    match programme.session(change.session) {
        None => Some(change.clone()),
        Some(_) => seen_by(programme, change, may_hold),
    }
}
