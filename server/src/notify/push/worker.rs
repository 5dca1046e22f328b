//! The worker that sends what is due. Every node has one; what one has claimed the others leave alone until the
//! claim ends, so that a node that dies costs each device one repeat at most. Each provider's queue is worked on by
//! itself: one that does not answer delays nobody who is reached by another.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono_tz::Tz;
use futures_util::future::try_join_all;
use futures_util::{StreamExt as _, stream};
use serde_json::json;
use shared::ids::{EventId, RecordId};
use shared::notice::{Delivery, Notice, NoticeKind, Urgency};
use shared::programme::{Collection, Programme};
use shared::sync::Scope;
use shared::time::Timestamp;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::answers::Outcome;
use super::message::{Message, Says};
use super::provider::Provider;
use super::quiet_until;
use super::retry::next_attempt;
use super::store::{self, ClaimedPush, DeadAddress, PushState, Settled};
use crate::app::App;
use crate::database::Connection;
use crate::due::DueError;
use crate::notify::dispatches::{self, AnnouncementAudience};
use crate::notify::telling::{Reading, put_into_words};
use crate::notify::{list_notices_by_id, mail};
use crate::sync::SYSTEM;
use crate::sync::projection;
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
    dispatch: Option<(EventId, Uuid)>,
    gone: Option<DeadAddress>,
}

async fn send_batch(app: &App, claimed: Vec<ClaimedPush>, at_once: usize) -> Result<(), DueError> {
    let notices = load_notices(app, &claimed).await?;
    let audiences = load_audiences(app, &claimed).await?;
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
        let (programme, notice) = (programmes.get(&push.event), push.push.notice.and_then(|id| notices.get(&id)));
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

/// For whom the announcements are that pushes came with.
async fn load_audiences(app: &App, claimed: &[ClaimedPush]) -> Result<BTreeMap<Uuid, AnnouncementAudience>, DueError> {
    let of = |push: &ClaimedPush| Some((push.event, push.push.dispatch?));
    let ids: BTreeSet<(EventId, Uuid)> = claimed.iter().filter_map(of).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(app.readers.read(move |c| dispatches::list_audiences(c, &ids)).await?)
}

/// What becomes of a push when its turn comes.
enum Composed {
    /// It is sent.
    Message(Message),
    /// The device wants to be left alone until then.
    Quiet(Timestamp),
    /// There is nothing to say any more, or not to this device.
    Nothing,
    /// It cannot be told yet, and why.
    Unknown(&'static str),
}

/// A push as it is sent. Quiet hours count when it goes out: it may have waited, or they may be new.
fn compose(
    app: &App,
    claimed: &ClaimedPush,
    (programme, notice, audience): (Option<&Programme>, Option<&Notice>, Option<&AnnouncementAudience>),
) -> Composed {
    if let (Some(programme), Some(notice)) = (programme, notice)
        && let Some((_, event)) = programme.event()
    {
        let zone: Tz = event.time_zone.parse().unwrap_or(Tz::UTC);
        if let Some(until) = quiet_until(&claimed.preferences, notice, (app.clock.now(), zone)) {
            return Composed::Quiet(until);
        }
    }
    write(app, claimed, (programme, notice, audience)).map_or(Composed::Nothing, Composed::Message)
}

fn write(
    app: &App,
    claimed: &ClaimedPush,
    (programme, notice, audience): (Option<&Programme>, Option<&Notice>, Option<&AnnouncementAudience>),
) -> Option<Message> {
    let (push, now) = (&claimed.push, app.clock.now());
    let message = |event: Option<String>, says: Option<Says>| Message {
        id: claimed.id,
        covers: event.as_ref().map(|_| format!("{}.{}", app.epoch, push.covers)),
        event,
        spread_s: push.spread_s,
        tag: push.dispatch.or(push.notice).unwrap_or(claimed.id).simple().to_string(),
        says,
        ttl_s: (push.expires_at.0 - now.0) / 1_000,
        is_urgent: push.is_urgent,
    };
    let language = claimed.preferences.language.as_ref().or(claimed.language.as_ref());
    if claimed.event == SYSTEM {
        let told = mail::tell_of_test(mail::words_for(&language.map(String::as_str).into_iter().collect::<Vec<_>>()));
        let says = Says { notice: None, kind: NoticeKind::Test, urgency: Urgency::Normal, told };
        return Some(message(None, Some(says)));
    }
    let (programme, notice, cell) = (programme?, notice?, app.events.find(claimed.event)?);
    let delivery = claimed.preferences.delivery(notice.kind, notice.urgency);
    // Who acts for somebody may have seen it, or that person: the other has not.
    let has_seen = notice.seen_at.is_some() && (notice.seen_by.is_none() || notice.seen_by == claimed.account);
    if delivery == Delivery::Off || has_seen || notice.is_withdrawn {
        return None;
    }
    let (_, event) = programme.event()?;
    let memory = cell.read();
    let may_hold = |scope: Scope| memory.attendee_may_hold(notice.attendee, &scope);
    let language = language.map_or(event.fallback_language.as_str(), String::as_str);
    let reading = Reading { language, time_zone: claimed.preferences.time_zone };
    let told = put_into_words(notice, (programme, &may_hold), reading)?;
    let is_gated = is_gated(programme, notice) || audience.is_some_and(|audience| is_of_gated(programme, audience));
    let wakes_only = delivery == Delivery::WakeUp || is_gated;
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

/// Whether a message is for those of something that not everybody may read of: what it says is theirs, and passes
/// through no provider. What is for everybody is not, whomever else it names.
fn is_of_gated(programme: &Programme, audience: &AnnouncementAudience) -> bool {
    let is_public = |key| projection::scopes_of_row(programme, key).0 == Some(Scope::Public);
    let opens = |audience: &RecordId| {
        let gates = programme.iter().filter_map(|(key, _)| projection::gate_of(programme, *key));
        gates.into_iter().any(|audiences| audiences.contains(audience))
    };
    let is_of_session = audience.sessions.iter().any(|session| !is_public((Collection::Sessions, *session)));
    !audience.everybody && (is_of_session || audience.audiences.iter().any(opens))
}

async fn send(app: &App, claimed: ClaimedPush, composed: Composed) -> End {
    let push = &claimed.push;
    let dispatch = push.dispatch.map(|dispatch| (claimed.event, dispatch));
    let end = |state: PushState, failure: Option<String>, next_attempt_at: Option<Timestamp>| {
        let provider = claimed.address.as_ref().map_or("none", |address| address.provider().as_str());
        telemetry::record_push(provider, state.as_str());
        Settled { id: claimed.id, state, failure, next_attempt_at }
    };
    let now = app.clock.now();
    if push.expires_at <= now {
        let settled = end(PushState::Expired, Some("it came too late".to_owned()), None);
        return End { settled, dispatch, gone: None };
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
        Composed::Unknown(reason) => return End { settled: put_off(reason.to_owned(), None), dispatch, gone: None },
        Composed::Quiet(until) if until < push.expires_at => {
            let settled = end(PushState::Waiting, Some("these are quiet hours".to_owned()), Some(until));
            return End { settled, dispatch, gone: None };
        }
        Composed::Quiet(_) => {
            let settled = end(PushState::Expired, Some("it would have come in quiet hours".to_owned()), None);
            return End { settled, dispatch, gone: None };
        }
    };
    let (Some(address), Some(message)) = (&claimed.address, message) else {
        return End { settled: end(PushState::Dropped, None, None), dispatch, gone: None };
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
    End { settled, dispatch, gone }
}
