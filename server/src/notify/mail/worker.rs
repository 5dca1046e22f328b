//! The worker that sends what is due. Every node has one.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use shared::ids::AccountId;
use shared::notice::{Notice, NoticeKind};
use shared::sync::Scope;
use shared::time::Timestamp;
use thiserror::Error;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::Reader;
use super::compose::{View, compose, compose_told};
use super::retry::next_attempt;
use super::store::{self, ClaimedMail, MailState};
use crate::app::App;
use crate::database::{Connection, ReadError};
use crate::mailer::{Letter, MailError};
use crate::notify::dispatches;
use crate::notify::telling::{Reading, put_notice_into_words};
use crate::sync::feed::find_row;
use crate::sync::row::RowCollection;
use crate::sync::{WriteError, projection};
use crate::telemetry;

/// How long a claim holds: longer than sending a whole batch can take.
pub const LEASE_MS: i64 = 10 * 60_000;

/// Mails that are claimed at once.
const BATCH: usize = 64;

/// Mails of a batch that are under way at once.
const AT_ONCE: usize = 8;

/// How long one mail may take. With [`BATCH`] and [`AT_ONCE`] it keeps within [`LEASE_MS`].
const PATIENCE: Duration = Duration::from_secs(60);

/// How often the worker looks, in memory, whether anything was committed or has become due.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How often it asks the database in any case, and takes old mails away.
const ASK_EVERY_MS: i64 = 60_000;

/// How long it rests when nobody takes mail.
const REST_MS: i64 = 15_000;

/// How long what is left of a settled mail is kept: that there was one, and what became of it.
const KEPT_MS: i64 = 30 * 86_400_000;

/// Why the outbox could not be worked on.
#[derive(Debug, Error)]
pub enum OutboxError {
    /// The database could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The database could not be written to.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// How a round ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Round {
    /// When something is due next.
    pub next_at: Option<Timestamp>,
    /// Whether nobody took any mail of the last batch.
    pub is_absent: bool,
}

/// What a worker knows of when to ask the database again.
#[derive(Default)]
struct Watch {
    heads: u64,
    asked_at: Timestamp,
    round: Round,
}

impl Watch {
    fn is_due(&self, heads: u64, now: Timestamp) -> bool {
        let passed_ms = now.0 - self.asked_at.0;
        if self.round.is_absent {
            return passed_ms >= REST_MS;
        }
        heads != self.heads || self.round.next_at.is_some_and(|at| at <= now) || passed_ms >= ASK_EVERY_MS
    }
}

/// Sends what is due until the server stops; a batch that is under way is finished.
pub async fn run(app: App) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watch = Watch::default();
    loop {
        tokio::select! {
            () = app.stop.requested() => return,
            _ = ticks.tick() => {}
        }
        let (heads, now) = (sum_of_heads(&app), app.clock.now());
        if !watch.is_due(heads, now) {
            continue;
        }
        let round = run_due(&app).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the outbox of mails cannot be worked on");
            Round { next_at: None, is_absent: true }
        });
        watch = Watch { heads, asked_at: now, round };
    }
}

/// It grows with every commit that this node knows of, of any event.
fn sum_of_heads(app: &App) -> u64 {
    app.events.list().iter().map(|cell| cell.read().head.seq).sum()
}

/// Sends what is due now and says when something is due next. While nobody takes mail it stops
/// after a batch.
///
/// # Errors
///
/// The database does not answer; what was claimed is tried again when the claim ends.
pub async fn run_due(app: &App) -> Result<Round, OutboxError> {
    let long_ago = Timestamp(app.clock.now().0 - KEPT_MS);
    loop {
        let outlook = app.readers.read(store::load_outlook).await?;
        telemetry::set_waiting_mails(outlook.waiting_count);
        let now = app.clock.now();
        if app.stop.is_requested() || outlook.next_at.is_none_or(|at| at > now) {
            return Ok(Round { next_at: outlook.next_at, is_absent: false });
        }
        let lease_until = Timestamp(now.0 + LEASE_MS);
        let claim = move |c: &mut _| {
            store::forget_written_before(c, long_ago)?;
            store::claim_due(c, now, lease_until, BATCH)
        };
        let claimed = app.writer.system(claim).await?;
        let count = claimed.len();
        let ends: Vec<Result<bool, OutboxError>> =
            stream::iter(claimed).map(|mail| handle(app, mail)).buffer_unordered(AT_ONCE).collect().await;
        let mut absent_count = 0;
        for end in ends {
            absent_count += usize::from(end?);
        }
        if count > 0 && absent_count == count {
            return Ok(Round { next_at: None, is_absent: true });
        }
    }
}

/// Sends one mail and writes down what became of it; true where there was nobody to take it.
async fn handle(app: &App, mail: ClaimedMail) -> Result<bool, OutboxError> {
    let Some((letter, told)) = put_into_words(app, &mail).await? else {
        settle(app, &mail, (MailState::Dropped, None), None).await?;
        return Ok(false);
    };
    let sending = app.mailer.send(mail.id, &mail.address, letter);
    let sent = tokio::time::timeout(PATIENCE, sending).await.unwrap_or_else(|_| Err(MailError::late()));
    let error = match sent {
        Ok(()) => {
            settle(app, &mail, (MailState::Sent, None), told).await?;
            return Ok(false);
        }
        Err(error) => error,
    };
    let now = app.clock.now();
    let again = next_attempt(mail.id, mail.attempts, mail.written_at, now).filter(|_| !error.is_final());
    tracing::warn!(%error, mail = %mail.id, attempts = mail.attempts, is_given_up = again.is_none(), "a mail was not sent");
    let failure = error.to_string();
    match again {
        Some(at) => {
            telemetry::record_mail("postponed");
            let id = mail.id;
            app.writer.system(move |c| store::postpone(c, id, at, &failure)).await?;
        }
        None => settle(app, &mail, (MailState::Failed, Some(failure)), None).await?,
    }
    Ok(error.is_absent())
}

/// That a mail was taken, and that its reader was told by it, is written as one.
async fn settle(
    app: &App,
    mail: &ClaimedMail,
    (state, failure): (MailState, Option<String>),
    told: Option<Tells>,
) -> Result<(), OutboxError> {
    let (id, event, now) = (mail.id, mail.event, app.clock.now());
    let is_sent = state == MailState::Sent;
    let of_officer = mail.body.whole.as_ref().and_then(|whole| whole.dispatch).zip(mail.body.accounts.first().copied());
    let officer = of_officer.filter(|_| is_sent);
    let write = move |c: &mut Connection| {
        store::settle(c, id, state, failure.as_deref())?;
        if let Some(notice) = told {
            dispatches::note_mailed(c, event, notice, now)?;
        }
        officer.map_or(Ok(()), |key| dispatches::note_officer_mailed(c, event, key, now))
    };
    app.writer.system(write).await?;
    app.holdings.wake();
    telemetry::record_mail(state.as_str());
    Ok(())
}

/// A notice, and the number of the commit that wrote what a mail says of it.
type Tells = (Uuid, i64);

async fn put_into_words(app: &App, mail: &ClaimedMail) -> Result<Option<(Letter, Option<Tells>)>, OutboxError> {
    let Some(cell) = app.events.find(mail.event) else { return Ok(None) };
    if !app.events.is_fresh(&cell) {
        app.events.refresh(&cell).await?;
    }
    let programme = app.events.programme(&cell).await?;
    let own = find_own_row(app, mail).await?;
    let (notice, told) = match mail.body.notice {
        None => (mail.body.whole.as_deref().cloned(), None),
        Some(id) => match find_untold(app, mail, id).await? {
            None => return Ok(None),
            Some((notice, seq)) => (Some(notice), seq.map(|seq| (id, seq))),
        },
    };
    let memory = cell.read();
    let may_hold = |scope: Scope| match mail.attendee {
        Some(attendee) => memory.attendee_may_hold(attendee, &scope),
        None => scope == Scope::Public,
    };
    let public_url = &app.config.public_address();
    let view = View { programme: &programme, may_hold: &may_hold, own, public_url };
    let reading = Reading { language: &mail.language, time_zone: mail.body.time_zone };
    let letter = match notice {
        None => compose(mail, &view),
        Some(notice) => put_notice_into_words(&notice, (&programme, &may_hold), reading)
            .and_then(|told| compose_told(mail, &told, &view)),
    };
    Ok(letter.map(|letter| (letter, told)))
}

/// The notice that a mail tells of, where the person does not know of it yet, with the number of the commit that wrote
/// what it says.
async fn find_untold(app: &App, mail: &ClaimedMail, id: Uuid) -> Result<Option<(Notice, Option<i64>)>, OutboxError> {
    let Some(attendee) = mail.attendee else { return Ok(None) };
    let (event, is_own) = (mail.event, mail.body.reader == Reader::Myself);
    let has_looked = |account: AccountId| mail.body.accounts.contains(&account);
    let find = move |c: &mut Connection| {
        let key = (Scope::Own(attendee), (RowCollection::Notices, id));
        c.at_one_moment(|c| Ok((find_row(c, event, key)?, dispatches::find_standing(c, event, id)?)))
    };
    let (row, standing) = app.readers.read(find).await?;
    // Of who acts for somebody, and that person, each learns of it whatever the other has seen or has on a device.
    let is_told = is_own && standing.is_some_and(|standing| standing.is_own_told);
    let notice: Option<Notice> = row.filter(|_| !is_told).and_then(|row| serde_json::from_str(&row).ok());
    let notice = notice.filter(|notice| notice.seen_at.is_none() || notice.seen_by.is_some_and(|by| !has_looked(by)));
    Ok(notice.map(|notice| (notice, standing.map(|standing| standing.seq))))
}

/// The row of what a mail is about, where its attendee holds that by itself: who sits in for somebody.
async fn find_own_row(app: &App, mail: &ClaimedMail) -> Result<Option<Value>, OutboxError> {
    let about = mail.body.object().filter(|_| mail.kind == NoticeKind::StandIn);
    let (Some(attendee), Some((collection, id))) = (mail.attendee, about) else { return Ok(None) };
    let (event, key) = (mail.event, (projection::row_collection(collection), id.0));
    let find = move |c: &mut Connection| find_row(c, event, (Scope::Own(attendee), key));
    let row = app.readers.read(find).await?;
    Ok(row.and_then(|row| serde_json::from_str(&row).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_asked_after_commits_when_something_is_due_and_now_and_then() {
        let after = |round| Watch { heads: 7, asked_at: Timestamp(1_000), round };
        let watch = after(Round { next_at: Some(Timestamp(5_000)), is_absent: false });
        assert!(!watch.is_due(7, Timestamp(4_999)));
        assert!(watch.is_due(7, Timestamp(5_000)));
        assert!(watch.is_due(8, Timestamp(1_200)));
        let idle = after(Round::default());
        assert!(!idle.is_due(7, Timestamp(60_999)));
        assert!(idle.is_due(7, Timestamp(61_000)));
    }

    #[test]
    fn while_nobody_takes_mail_the_worker_rests_whatever_is_written() {
        let round = Round { next_at: Some(Timestamp(1_000)), is_absent: true };
        let watch = Watch { heads: 7, asked_at: Timestamp(1_000), round };
        assert!(!watch.is_due(9, Timestamp(15_999)));
        assert!(watch.is_due(7, Timestamp(16_000)));
    }
}
