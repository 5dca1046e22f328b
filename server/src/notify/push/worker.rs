//! The worker that sends what is due. Every node has one; what one has claimed the others leave alone until the
//! claim ends, so that a node that dies costs each device one repeat at most. Each provider's queue is worked on by
//! itself: one that does not answer delays nobody who is reached by another.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use diesel::QueryResult;
use futures_util::future::try_join_all;
use futures_util::{StreamExt as _, stream};
use serde_json::json;
use shared::ids::{AccountId, AttendeeId, EventId};
use shared::notice::Notice;
use shared::programme::Programme;
use shared::time::Timestamp;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::answers::Outcome;
use super::compose::{Composed, compose};
use super::provider::Provider;
use super::retry::next_attempt;
use super::store::{self, ClaimedPush, DeadAddress, PushState, Settled};
use crate::app::App;
use crate::database::Connection;
use crate::due::DueError;
use crate::notify::dispatches::{self, AnnouncementAudience};
use crate::notify::{list_notices_by_id, mail};
use crate::sync::SYSTEM;
use crate::telemetry;

/// How long a claim holds: longer than sending a whole batch can take.
pub const LEASE_MS: i64 = 2 * 60_000;

/// How often the worker looks, in memory, whether anything was committed or has become due.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How often it asks the database in any case.
const ASK_EVERY_MS: i64 = 10_000;

/// How long a queue rests that could not be worked on.
const REST: Duration = Duration::from_secs(1);

/// How long it is known of a push what became of it.
const KEPT_MS: i64 = 90 * 86_400_000;

/// How often those are looked for of which it is known no longer.
const FORGET_EVERY_MS: i64 = 3_600_000;

/// What it knows of when to ask the database again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Watch {
    heads: u64,
    tests: u64,
    asked_at: Timestamp,
    next_at: Option<Timestamp>,
}

impl Watch {
    fn is_due(&self, (heads, tests): (u64, u64), now: Timestamp) -> bool {
        (heads, tests) != (self.heads, self.tests)
            || self.next_at.is_some_and(|at| at <= now)
            || now.0 - self.asked_at.0 >= ASK_EVERY_MS
    }
}

/// Sends what is due until the server stops; batches that are under way are finished.
pub async fn run(app: App) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watch = Watch { heads: 0, tests: 0, asked_at: Timestamp(i64::MIN / 2), next_at: None };
    // They end with this loop, where that is ended before its time.
    let mut queues = JoinSet::new();
    let mut busy: BTreeMap<Provider, AbortHandle> = BTreeMap::new();
    let mut forgot_at = app.clock.now();
    loop {
        tokio::select! {
            () = app.stop.requested() => break,
            _ = ticks.tick() => {}
        }
        if app.clock.now().0 - forgot_at.0 >= FORGET_EVERY_MS {
            forgot_at = app.clock.now();
            forget_old(&app, forgot_at).await;
        }
        let known = busy.len();
        while queues.try_join_next().is_some() {}
        busy.retain(|_, queue| !queue.is_finished());
        let heads: u64 = app.events.list().iter().map(|cell| cell.read().head.seq).sum();
        let (seen, now) = ((heads, app.push.woken()), app.clock.now());
        if known == busy.len() && !watch.is_due(seen, now) {
            continue;
        }
        let (due, next_at) = match app.readers.read(store::list_next_due).await {
            Ok(due) => {
                let next_at = due.values().copied().filter(|at| *at > now).min();
                (due, next_at)
            }
            Err(error) => {
                tracing::warn!(%error, "it is not known which pushes are due");
                (BTreeMap::new(), Some(Timestamp(now.0 + REST.as_millis() as i64)))
            }
        };
        watch = Watch { heads: seen.0, tests: seen.1, asked_at: now, next_at };
        for provider in due.into_iter().filter(|(_, at)| *at <= now).map(|(provider, _)| provider) {
            busy.entry(provider).or_insert_with(|| queues.spawn(empty_queue(app.clone(), provider)));
        }
    }
    while queues.join_next().await.is_some() {}
}

async fn forget_old(app: &App, now: Timestamp) {
    let forget = move |c: &mut Connection| store::forget_written_before(c, Timestamp(now.0 - KEPT_MS));
    if let Err(error) = app.writer.system(forget).await {
        tracing::warn!(%error, "old pushes cannot be taken away");
    }
}

async fn empty_queue(app: App, provider: Provider) {
    if let Err(error) = send_due(&app, provider).await {
        tracing::warn!(%error, provider = provider.as_str(), "pushes cannot be worked on");
        tokio::time::sleep(REST).await;
    }
}

/// Sends what is due now by every provider, and says when something is due next.
///
/// # Errors
///
/// The database does not answer; what was claimed is tried again when the claim ends.
pub async fn run_due(app: &App) -> Result<Option<Timestamp>, DueError> {
    try_join_all(Provider::ALL.map(|provider| send_due(app, provider))).await?;
    Ok(app.readers.read(store::list_next_due).await?.into_values().min())
}

async fn send_due(app: &App, provider: Provider) -> Result<(), DueError> {
    loop {
        let due = app.readers.read(store::list_next_due).await?;
        let now = app.clock.now();
        if app.stop.is_requested() || due.get(&provider).is_none_or(|at| *at > now) {
            return Ok(());
        }
        let lease_until = Timestamp(now.0 + LEASE_MS);
        let claim = move |c: &mut Connection| store::claim_due(c, provider, (now, lease_until));
        let claimed = app.writer.system(claim).await?;
        send_batch(app, claimed, provider.at_once()).await?;
    }
}

/// A push with what becomes of it.
struct End {
    settled: Settled,
    of: (EventId, Option<(Uuid, AttendeeId)>),
    dispatch: Option<(EventId, Uuid)>,
    gone: Option<DeadAddress>,
}

/// The notices of pushes that ended and did not arrive, with whom they tell.
fn list_lost(ends: &[End]) -> BTreeMap<EventId, BTreeSet<(Uuid, AttendeeId)>> {
    let mut lost: BTreeMap<EventId, BTreeSet<_>> = BTreeMap::new();
    let is_lost = |end: &&End| !matches!(end.settled.state, PushState::Waiting | PushState::Accepted);
    for (event, notice) in ends.iter().filter(is_lost).map(|end| end.of) {
        lost.entry(event).or_default().extend(notice);
    }
    lost
}

async fn send_batch(app: &App, claimed: Vec<ClaimedPush>, at_once: usize) -> Result<(), DueError> {
    let notices = load_notices(app, &claimed).await?;
    let (audiences, of_officers) = load_dispatches(app, &claimed).await?;
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
        let programme = programmes.get(&push.event);
        let notice = match push.push.notice {
            Some(id) => notices.get(&id),
            None => push.push.dispatch.zip(push.account).and_then(|officer| of_officers.get(&officer)),
        };
        let composed = match (programme, push.event == SYSTEM) {
            // Another node made it a moment ago.
            (None, false) => Composed::Unknown("this node does not know the event yet"),
            _ => {
                let audience = push.push.dispatch.and_then(|id| audiences.get(&id));
                compose(app, &push, (programme, notice, audience))
            }
        };
        send(app, push, composed)
    });
    let ends: Vec<End> = stream::iter(sending).buffer_unordered(at_once).collect().await;
    let now = app.clock.now();
    let settle = move |c: &mut Connection| {
        let settled: Vec<Settled> = ends.iter().map(|end| end.settled.clone()).collect();
        store::settle(c, &settled)?;
        let mut lost = list_lost(&ends);
        for dead in ends.iter().filter_map(|end| end.gone.as_ref()) {
            for (event, notice, attendee) in store::end_address(c, dead, now)? {
                lost.entry(event).or_default().insert((notice, attendee));
            }
        }
        let mut touched: BTreeMap<EventId, BTreeSet<String>> = BTreeMap::new();
        for (event, dispatch) in ends.iter().filter_map(|end| end.dispatch) {
            touched.entry(event).or_default().insert(dispatch.to_string());
        }
        for (event, dispatches) in touched {
            dispatches::mark_reach(c, event, &dispatches, now)?;
        }
        for (event, notices) in lost {
            let may_reach = store::list_open(c, event, &notices)?;
            mail::hasten(c, event, (&notices, &may_reach), now)?;
        }
        Ok(())
    };
    app.writer.system(settle).await?;
    app.holdings.wake();
    Ok(())
}

async fn load_notices(app: &App, claimed: &[ClaimedPush]) -> Result<BTreeMap<Uuid, Notice>, DueError> {
    let mut ids: BTreeMap<EventId, BTreeSet<Uuid>> = BTreeMap::new();
    for (event, notice) in claimed.iter().filter_map(|push| Some((push.event, push.push.notice?))) {
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

/// What officers were told who have no inbox, by the dispatch and their account.
type OfOfficers = BTreeMap<(Uuid, AccountId), Notice>;

/// For whom the announcements are that pushes came with, and what officers are told.
async fn load_dispatches(
    app: &App,
    claimed: &[ClaimedPush],
) -> Result<(BTreeMap<Uuid, AnnouncementAudience>, OfOfficers), DueError> {
    let of = |push: &ClaimedPush| Some((push.event, push.push.dispatch?));
    let ids: BTreeSet<(EventId, Uuid)> = claimed.iter().filter_map(of).collect();
    if ids.is_empty() {
        return Ok((BTreeMap::new(), BTreeMap::new()));
    }
    let has_officers = claimed.iter().any(|push| push.push.notice.is_none());
    let load = move |c: &mut Connection| {
        let officers = if has_officers { dispatches::list_officers_notices(c, &ids)? } else { OfOfficers::new() };
        QueryResult::Ok((dispatches::list_audiences(c, &ids)?, officers))
    };
    Ok(app.readers.read(load).await?)
}

async fn send(app: &App, claimed: ClaimedPush, composed: Composed) -> End {
    let push = &claimed.push;
    let dispatch = push.dispatch.map(|dispatch| (claimed.event, dispatch));
    let of = (claimed.event, push.notice.zip(push.attendee));
    let end = |state: PushState, failure: Option<String>, next_attempt_at: Option<Timestamp>| {
        let provider = claimed.address.as_ref().map_or("none", |address| address.provider().as_str());
        telemetry::record_push(provider, state.as_str());
        Settled { id: claimed.id, state, failure, next_attempt_at }
    };
    let now = app.clock.now();
    if push.expires_at <= now {
        let settled = end(PushState::Expired, Some("it came too late".to_owned()), None);
        return End { settled, of, dispatch, gone: None };
    }
    let put_off = |reason: String, after_ms: Option<i64>| {
        tracing::info!(push = %claimed.id, attempts = claimed.attempts, reason, "a push was not taken");
        match next_attempt(claimed.id, (claimed.attempts, after_ms), push.expires_at, now) {
            Some(at) => end(PushState::Waiting, Some(reason), Some(at)),
            None => end(PushState::Expired, Some(reason), None),
        }
    };
    let message = match composed {
        Composed::Message(message) => Some(message),
        Composed::Nothing => None,
        Composed::Unknown(reason) => {
            return End { settled: put_off(reason.to_owned(), None), of, dispatch, gone: None };
        }
        Composed::Quiet(until) if until < push.expires_at => {
            let settled = end(PushState::Waiting, Some("these are quiet hours".to_owned()), Some(until));
            return End { settled, of, dispatch, gone: None };
        }
        Composed::Quiet(_) => {
            let settled = end(PushState::Expired, Some("it would have come in quiet hours".to_owned()), None);
            return End { settled, of, dispatch, gone: None };
        }
    };
    let (Some(address), Some(message)) = (&claimed.address, message) else {
        return End { settled: end(PushState::Dropped, None, None), of, dispatch, gone: None };
    };
    // Others go by their own clocks, whatever week it is at the event.
    let wall = app.clock.wall();
    let (settled, gone) = match app.push.send(address, &message, wall).await {
        Outcome::Accepted => (end(PushState::Accepted, None, None), None),
        Outcome::Gone { reason, known_at } => {
            let (address, known_at) = (json!(address).to_string(), known_at.map(|at| Timestamp(at.0 - wall.0 + now.0)));
            let dead = DeadAddress { device: push.device, address, reason: reason.clone(), known_at };
            (end(PushState::Failed, Some(reason), None), Some(dead))
        }
        Outcome::Refused(reason) => (end(PushState::Failed, Some(reason), None), None),
        Outcome::Silent(reason) => (put_off(reason.to_owned(), None), None),
        Outcome::Later { reason, after_ms } => (put_off(reason, after_ms), None),
    };
    End { settled, of, dispatch, gone }
}
