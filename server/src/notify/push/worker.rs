//! The worker that sends what is due. Every node has one; what one has claimed the others leave alone until the
//! claim ends, so that a node that dies costs each device one repeat at most.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use serde_json::json;
use shared::ids::{EventId, RecordId};
use shared::notice::{Delivery, Notice, NoticeKind, Urgency};
use shared::programme::{Collection, Programme};
use shared::sync::Scope;
use shared::time::Timestamp;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::answers::Outcome;
use super::message::{Message, Says};
use super::providers::Address;
use super::retry::next_attempt;
use super::store::{self, ClaimedPush, DeadAddress, PushState, Settled};
use crate::app::App;
use crate::database::Connection;
use crate::due::DueError;
use crate::notify::telling::{Reading, put_into_words};
use crate::notify::{dispatches, list_notices_by_id, mail};
use crate::sync::SYSTEM;
use crate::sync::projection;
use crate::telemetry;

/// How long a claim holds: longer than sending a whole batch can take.
pub const LEASE_MS: i64 = 2 * 60_000;

/// Pushes that are claimed at once.
const BATCH: usize = 500;

/// Pushes of a batch that are under way at once.
const AT_ONCE: usize = 128;

/// How often the worker looks, in memory, whether anything was committed or has become due.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How often it asks the database in any case.
const ASK_EVERY_MS: i64 = 10_000;

/// How long it is known of a push what became of it.
const KEPT_MS: i64 = 90 * 86_400_000;

/// Sends what is due until the server stops; a batch that is under way is finished.
pub async fn run(app: App) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut asked, mut next_at) = ((0_u64, 0_u64, Timestamp(i64::MIN / 2)), None::<Timestamp>);
    loop {
        tokio::select! {
            () = app.stop.requested() => return,
            _ = ticks.tick() => {}
        }
        let heads: u64 = app.events.list().iter().map(|cell| cell.read().head.seq).sum();
        let (tests, now) = (app.push.woken(), app.clock.now());
        let is_due = (heads, tests) != (asked.0, asked.1)
            || next_at.is_some_and(|at| at <= now)
            || now.0 - asked.2.0 >= ASK_EVERY_MS;
        if !is_due {
            continue;
        }
        next_at = run_due(&app).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "pushes cannot be worked on");
            Some(Timestamp(now.0 + 1_000))
        });
        asked = (heads, tests, now);
    }
}

/// Sends what is due now, and says when something is due next.
///
/// # Errors
///
/// The database does not answer; what was claimed is tried again when the claim ends.
pub async fn run_due(app: &App) -> Result<Option<Timestamp>, DueError> {
    loop {
        let next_at = app.readers.read(store::next_due).await?;
        let now = app.clock.now();
        if app.stop.is_requested() || next_at.is_none_or(|at| at > now) {
            return Ok(next_at);
        }
        let (lease_until, long_ago) = (Timestamp(now.0 + LEASE_MS), Timestamp(now.0 - KEPT_MS));
        let claim = move |c: &mut Connection| {
            store::forget_written_before(c, long_ago)?;
            store::claim_due(c, (now, lease_until), BATCH as i64)
        };
        let claimed = app.writer.system(claim).await?;
        send_batch(app, claimed).await?;
    }
}

/// A push with what becomes of it.
struct End {
    settled: Settled,
    dispatch: Option<(EventId, Uuid)>,
    gone: Option<DeadAddress>,
}

async fn send_batch(app: &App, claimed: Vec<ClaimedPush>) -> Result<(), DueError> {
    let notices = load_notices(app, &claimed).await?;
    let mut programmes: BTreeMap<EventId, Programme> = BTreeMap::new();
    for event in claimed.iter().map(|push| push.event).filter(|event| *event != SYSTEM) {
        if let Some(cell) = app.events.find(event)
            && !programmes.contains_key(&event)
        {
            if !app.events.is_fresh(&cell) {
                app.events.refresh(&cell).await?;
            }
            programmes.insert(event, app.events.programme(&cell).await?);
        }
    }
    let sending = claimed.into_iter().map(|push| {
        let (programme, notice) = (programmes.get(&push.event), push.notice.and_then(|id| notices.get(&id)));
        let message = match (programme, push.event == SYSTEM) {
            // Another node made it a moment ago.
            (None, false) => Err("this node does not know the event yet"),
            _ => Ok(compose(app, &push, (programme, notice))),
        };
        send(app, push, message)
    });
    let ends: Vec<End> = stream::iter(sending).buffer_unordered(AT_ONCE).collect().await;
    let now = app.clock.now();
    let settle = move |c: &mut Connection| {
        let settled: Vec<Settled> = ends.iter().map(|end| end.settled.clone()).collect();
        store::settle(c, &settled)?;
        for dead in ends.iter().filter_map(|end| end.gone.as_ref()) {
            store::end_address(c, dead, now)?;
        }
        let mut touched: BTreeMap<EventId, BTreeSet<String>> = BTreeMap::new();
        for (event, dispatch) in ends.iter().filter_map(|end| end.dispatch) {
            touched.entry(event).or_default().insert(dispatch.to_string());
        }
        for (event, dispatches) in touched {
            dispatches::mark_reach(c, event, &dispatches, now)?;
        }
        Ok(())
    };
    Ok(app.writer.system(settle).await?)
}

async fn load_notices(app: &App, claimed: &[ClaimedPush]) -> Result<BTreeMap<Uuid, Notice>, DueError> {
    let mut ids: BTreeMap<EventId, BTreeSet<Uuid>> = BTreeMap::new();
    for (event, notice) in claimed.iter().filter_map(|push| Some((push.event, push.notice?))) {
        ids.entry(event).or_default().insert(notice);
    }
    let load = move |c: &mut Connection| {
        let mut found = BTreeMap::new();
        for (event, ids) in &ids {
            found.extend(list_notices_by_id(c, *event, ids)?);
        }
        Ok(found)
    };
    Ok(app.readers.read(load).await?)
}

/// What is sent; none where there is nothing to say any more, or not to this device.
fn compose(
    app: &App,
    push: &ClaimedPush,
    (programme, notice): (Option<&Programme>, Option<&Notice>),
) -> Option<Message> {
    let now = app.clock.now();
    let message = |event: Option<String>, says: Option<Says>| Message {
        id: push.id,
        covers: event.as_ref().map(|_| format!("{}.{}", app.epoch, push.covers)),
        event,
        spread_s: push.spread_s,
        tag: push.dispatch.or(push.notice).unwrap_or(push.id).simple().to_string(),
        says,
        ttl_s: (push.expires_at.0 - now.0) / 1_000,
        is_urgent: push.is_urgent,
    };
    let language = push.preferences.language.as_ref().or(push.language.as_ref());
    if push.event == SYSTEM {
        let told = mail::tell_of_test(mail::words_for(&language.map(String::as_str).into_iter().collect::<Vec<_>>()));
        let says = Says { notice: None, kind: NoticeKind::Test, urgency: Urgency::Normal, told };
        return Some(message(None, Some(says)));
    }
    let (programme, notice, cell) = (programme?, notice?, app.events.find(push.event)?);
    let delivery = push.preferences.delivery(notice.kind, notice.urgency);
    if delivery == Delivery::Off || notice.seen_at.is_some() || notice.is_withdrawn {
        return None;
    }
    let (_, event) = programme.event()?;
    let memory = cell.read();
    let may_hold = |scope: Scope| memory.attendee_may_hold(notice.attendee, &scope);
    let language = language.map_or(event.fallback_language.as_str(), String::as_str);
    let reading = Reading { language, time_zone: push.preferences.time_zone };
    let told = put_into_words(notice, (programme, &may_hold), reading)?;
    let wakes_only = delivery == Delivery::WakeUp || is_gated(programme, notice);
    let says = Says { notice: push.notice, kind: notice.kind, urgency: notice.urgency, told };
    Some(message(Some(event.slug.clone()), (!wakes_only).then_some(says)))
}

/// Whether it is about what not everybody may read of: the words of that do not pass through a provider.
fn is_gated(programme: &Programme, notice: &Notice) -> bool {
    let is_public = |key| projection::scopes_of_row(programme, key).0 == Some(Scope::Public);
    let of_row = |collection: &str| match collection {
        "sessions" => Some(Collection::Sessions),
        "parts" => Some(Collection::Parts),
        _ => None,
    };
    let about = notice.collection.as_deref().and_then(of_row).zip(notice.id.map(RecordId));
    let named = [("session", Collection::Sessions), ("part", Collection::Parts)]
        .into_iter()
        .filter_map(|(field, of)| Some((of, notice.details.get(field)?.as_str()?.parse().ok()?)));
    let changed = notice.changes.iter().map(|change| (Collection::Sessions, change.session));
    about.into_iter().chain(named).chain(changed).any(|key| !is_public(key))
}

async fn send(app: &App, push: ClaimedPush, message: Result<Option<Message>, &'static str>) -> End {
    let dispatch = push.dispatch.map(|dispatch| (push.event, dispatch));
    let end = |state: PushState, failure: Option<String>, next_attempt_at: Option<Timestamp>| {
        telemetry::record_push(push.address.as_ref().map_or("none", Address::provider), state.as_str());
        Settled { id: push.id, state, failure, next_attempt_at }
    };
    let now = app.clock.now();
    if push.expires_at <= now {
        let settled = end(PushState::Expired, Some("it came too late".to_owned()), None);
        return End { settled, dispatch, gone: None };
    }
    let put_off = |reason: String, after_ms: Option<i64>| {
        tracing::info!(push = %push.id, attempts = push.attempts, reason, "a push was not taken");
        match next_attempt(push.id, (push.attempts, after_ms), push.expires_at, now) {
            Some(at) => end(PushState::Waiting, Some(reason), Some(at)),
            None => end(PushState::Expired, Some(reason), None),
        }
    };
    let message = match message {
        Ok(message) => message,
        Err(reason) => return End { settled: put_off(reason.to_owned(), None), dispatch, gone: None },
    };
    let (Some(address), Some(message)) = (&push.address, message) else {
        return End { settled: end(PushState::Dropped, None, None), dispatch, gone: None };
    };
    let (settled, gone) = match app.push.send(address, &message, now).await {
        Outcome::Accepted => (end(PushState::Accepted, None, None), None),
        Outcome::Gone { reason, known_at } => {
            let address = json!(address).to_string();
            let dead = DeadAddress { device: push.device, address, reason: reason.clone(), known_at };
            (end(PushState::Failed, Some(reason), None), Some(dead))
        }
        Outcome::Refused(reason) => (end(PushState::Failed, Some(reason), None), None),
        Outcome::Silent(reason) => (put_off(reason.to_owned(), None), None),
        Outcome::Later { reason, after_ms } => (put_off(reason, after_ms), None),
    };
    End { settled, dispatch, gone }
}
