//! The loop that lets go of what was held, writes it into inboxes, and keeps account of whom it reached. Every
//! node has it; what is due is decided in the database, so that it is done once.

use std::collections::BTreeMap;
use std::time::Duration;

use shared::ids::EventId;
use shared::time::Timestamp;
use tokio::time::MissedTickBehavior;

use super::{dispatches, held};
use crate::app::App;
use crate::database::Connection;
use crate::due::DueError;

/// How often it looks, in memory, whether anything was committed or has become due.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How often what devices say they hold is seen to be there before it is written: what many say in a moment is written
/// as one.
const LOOKS_TO_GATHER: u32 = 3;

/// How often it asks the database in any case.
const ASK_EVERY_MS: i64 = 10_000;

/// What it knows of when to ask the database again.
#[derive(Default)]
struct Watch {
    heads: u64,
    woken: u64,
    asked_at: Timestamp,
    next_at: Option<Timestamp>,
}

impl Watch {
    fn is_due(&self, (heads, woken): (u64, u64), now: Timestamp) -> bool {
        let passed_ms = now.0 - self.asked_at.0;
        (heads, woken) != (self.heads, self.woken)
            || self.next_at.is_some_and(|at| at <= now)
            || passed_ms >= ASK_EVERY_MS
    }
}

/// Works until the server stops.
pub async fn run(app: App) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watch = Watch::default();
    let mut looks = 0;
    loop {
        tokio::select! {
            () = app.stop.requested() => return,
            _ = ticks.tick() => {}
        }
        looks = if app.holdings.has_unwritten() { looks + 1 } else { 0 };
        // Before the database is asked, so that nothing is missed that is written meanwhile.
        let woken = app.holdings.woken();
        let (heads, now) = (app.events.list().iter().map(|cell| cell.read().head.seq).sum(), app.clock.now());
        if looks < LOOKS_TO_GATHER && !watch.is_due((heads, woken), now) {
            continue;
        }
        looks = 0;
        let next_at = run_due(&app).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what people are to be told could not be worked on");
            Some(Timestamp(now.0 + 1_000))
        });
        watch = Watch { heads, woken, asked_at: now, next_at };
    }
}

/// Does what is due now, and says when something is due next.
///
/// # Errors
///
/// The database does not answer; what is due stays so.
pub async fn run_due(app: &App) -> Result<Option<Timestamp>, DueError> {
    write_holdings(app).await?;
    let now = app.clock.now();
    for event in app.readers.read(move |connection| held::list_events_due(connection, now)).await? {
        app.writer.unit(event, |unit| Ok(held::release_due(unit)?)).await?;
    }
    dispatches::spread_due(app).await?;
    dispatches::renew_due(app).await?;
    let next = |connection: &mut Connection| {
        let (held, dispatches) = (held::next_due(connection)?, dispatches::next_due(connection)?);
        diesel::QueryResult::Ok([held, dispatches].into_iter().flatten().min())
    };
    Ok(app.readers.read(next).await?)
}

/// Writes down what devices said to this node that they hold.
///
/// # Errors
///
/// The database does not answer; it is written later.
pub async fn write_holdings(app: &App) -> Result<(), DueError> {
    let _turn = app.holdings.turn().await;
    let held = app.holdings.take();
    let mut by_event: BTreeMap<EventId, Vec<_>> = BTreeMap::new();
    for holding in &held {
        by_event.entry(holding.event).or_default().push((holding.device, holding.attendee, holding.seq));
    }
    let (now, mut failed) = (app.clock.now(), None);
    for (event, holdings) in by_event {
        let work = move |connection: &mut Connection| dispatches::note_holdings(connection, event, &holdings, now);
        if let Err(error) = app.writer.system(work).await {
            app.holdings.give_back(held.iter().filter(|holding| holding.event == event).copied().collect());
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_asked_after_commits_when_something_is_due_and_now_and_then() {
        let watch = Watch { heads: 7, woken: 3, asked_at: Timestamp(1_000), next_at: Some(Timestamp(5_000)) };
        assert!(!watch.is_due((7, 3), Timestamp(4_999)));
        assert!(watch.is_due((7, 3), Timestamp(5_000)));
        assert!(watch.is_due((8, 3), Timestamp(1_200)));
        assert!(watch.is_due((7, 4), Timestamp(1_200)), "a push was taken");
        let idle = Watch { next_at: None, ..watch };
        assert!(!idle.is_due((7, 3), Timestamp(10_999)));
        assert!(idle.is_due((7, 3), Timestamp(11_000)));
    }
}
