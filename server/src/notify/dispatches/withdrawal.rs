//! Taking back what is out.

use std::collections::BTreeSet;

use diesel::{ExpressionMethods, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::EventId;
use shared::notice::Notice;
use uuid::Uuid;

use super::officers::tell_officers_again;
use super::store::CHUNK;
use super::{Dispatch, DispatchState, rewrite_notices, spread, store};
use crate::database::Connection;
use crate::database::schema::{dispatch_officers, dispatch_people, pushes};
use crate::notify::words::tell_of_withdrawal;
use crate::notify::{list_notices_by_id, mail, push};
use crate::on;
use crate::sync::change_log::Unit;

/// Marks it in every inbox, and tells whoever was told of it, or may have been by a push that left: from then on it
/// concerns them alone, and whether they know that it was withdrawn.
pub fn withdraw(unit: &mut Unit<'_>, dispatch: &mut Dispatch) -> QueryResult<()> {
    let (event, now, id) = (unit.group.event, unit.group.now, dispatch.id);
    dispatch.state = DispatchState::Withdrawn;
    let texts = tell_of_withdrawal(&dispatch.body.texts);
    let take_back = |notice: &mut Notice| {
        notice.is_withdrawn = true;
        notice.at = now;
        notice.texts.clone_from(&texts);
        notice.changes.clear();
    };
    rewrite_notices(unit, id, &|notice| {
        take_back(notice);
        notice.asks_acknowledgement = false;
        (notice.seen_at, notice.seen_by) = (None, None);
        (notice.acknowledged_at, notice.acknowledged_by) = (None, None);
    })?;
    let everybody = store::list_notice_ids(unit.connection, event, id)?;
    let everybody = list_notices_by_id(unit.connection, event, &everybody)?;
    let reached = list_reached(unit.connection, event, id)?;
    forget_others(unit.connection, (event, id), &reached)?;
    store::tell_anew(unit.connection, (event, id), unit.group.seq())?;
    push::forget_dispatch(unit.connection, event, id)?;
    mail::take_back_of_notices(unit.connection, event, &everybody)?;
    let told: Vec<(Uuid, Notice)> = everybody.into_iter().filter(|(id, _)| reached.contains(id)).collect();
    spread::push_and_mail(unit, dispatch.body.urgency, (&told, push::spread_for(told.len())))?;
    tell_officers_again(unit, id, |_| true, &take_back)
}

/// The notices of those who were told of a dispatch, and of those for whom a push left that may have told them.
fn list_reached(c: &mut Connection, event: EventId, dispatch: Uuid) -> QueryResult<BTreeSet<Uuid>> {
    let told = dispatch_people::table
        .filter(dispatch_people::event_id.eq(event.to_string()))
        .filter(dispatch_people::dispatch_id.eq(dispatch.to_string()))
        .filter(dispatch_people::told_at.is_not_null())
        .select(dispatch_people::notice_id);
    let pushed = pushes::table
        .filter(pushes::event_id.eq(event.to_string()))
        .filter(pushes::dispatch_id.eq(dispatch.to_string()))
        .filter(pushes::attempt_count.gt(0))
        .filter(pushes::notice_id.is_not_null())
        .select(pushes::notice_id.assume_not_null());
    let (mut ids, pushed): (Vec<String>, Vec<String>) =
        on!(c, |c| QueryResult::Ok((told.load(&mut *c)?, pushed.load(c)?)))?;
    ids.extend(pushed);
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}

/// Whom nobody told it does not concern that it is withdrawn; and nobody is asked to acknowledge it.
fn forget_others(c: &mut Connection, (event, dispatch): (EventId, Uuid), reached: &BTreeSet<Uuid>) -> QueryResult<()> {
    let of_dispatch = || {
        dispatch_people::table
            .filter(dispatch_people::event_id.eq(event.to_string()))
            .filter(dispatch_people::dispatch_id.eq(dispatch.to_string()))
    };
    let all: Vec<String> = on!(&mut *c, |c| of_dispatch().select(dispatch_people::notice_id).load(c))?;
    let is_reached = |id: &String| id.parse().is_ok_and(|id| reached.contains(&id));
    let others: Vec<String> = all.into_iter().filter(|id| !is_reached(id)).collect();
    for chunk in others.chunks(CHUNK) {
        let theirs = of_dispatch().filter(dispatch_people::notice_id.eq_any(chunk));
        on!(&mut *c, |c| diesel::delete(theirs).execute(c))?;
    }
    let officers = dispatch_officers::table
        .filter(dispatch_officers::event_id.eq(event.to_string()))
        .filter(dispatch_officers::dispatch_id.eq(dispatch.to_string()))
        .filter(dispatch_officers::told_at.is_null());
    on!(c, |c| {
        diesel::update(of_dispatch()).set(dispatch_people::must_acknowledge.eq(false)).execute(&mut *c)?;
        diesel::delete(officers).execute(c)
    })?;
    Ok(())
}
