//! Taking pushes that are due out of a provider's queue, and writing down what became of them.

use std::collections::BTreeMap;

use diesel::dsl::min;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AccountId, EventId};
use shared::notice::Preferences;
use shared::time::Timestamp;
use uuid::Uuid;

use super::devices::{Reached, list_addresses, list_languages};
use super::pushes::{Push, PushState};
use crate::database::Connection;
use crate::database::schema::pushes;
use crate::notify::push::provider::Provider;
use crate::notify::push::providers::Address;
use crate::on;

/// A push that a worker has claimed, with how its device is reached.
#[derive(Clone, PartialEq, Debug)]
pub struct ClaimedPush {
    /// Its id.
    pub id: Uuid,
    /// The event.
    pub event: EventId,
    /// What it is.
    pub push: Push,
    /// Attempts to send it, this one included.
    pub attempts: u32,
    /// How the device is reached; none where it is not any more.
    pub address: Option<Address>,
    /// What is wanted of it.
    pub preferences: Preferences,
    /// The language of its user: of the attendee whom it tells, where the account is theirs, else of the account.
    pub language: Option<String>,
    /// The account of its user.
    pub account: Option<AccountId>,
}

type Columns =
    ((String, String, Option<String>, Option<String>, Option<String>, String), (String, i64, bool, i64, i64));

/// Claims at most so many pushes of a provider's that are due, the longest due first: until `lease_until` nobody
/// else tries them. Where there are several nodes, what one is claiming the others pass over.
pub fn claim_due(
    c: &mut Connection,
    provider: Provider,
    (now, lease_until): (Timestamp, Timestamp),
) -> QueryResult<Vec<ClaimedPush>> {
    let due = pushes::table
        .filter(pushes::state.eq(PushState::Waiting.as_str()))
        .filter(pushes::provider.eq(provider.as_str()))
        .filter(pushes::next_attempt_at.le(now.0))
        .order((pushes::next_attempt_at, pushes::id))
        .limit(provider.batch() as i64)
        .select((
            (
                pushes::id,
                pushes::event_id,
                pushes::dispatch_id,
                pushes::notice_id,
                pushes::attendee_id,
                pushes::device_id,
            ),
            (pushes::covers, pushes::spread_s, pushes::is_urgent, pushes::attempt_count, pushes::expires_at),
        ));
    let lines: Vec<Columns> = match &mut *c {
        Connection::Sqlite(c) => due.load(&mut **c)?,
        Connection::Postgres(c) => due.for_update().skip_locked().load(&mut **c)?,
    };
    let ids: Vec<&str> = lines.iter().map(|(push, _)| push.0.as_str()).collect();
    let claim = (
        pushes::next_attempt_at.eq(lease_until.0),
        pushes::attempt_count.eq(pushes::attempt_count + 1),
        pushes::failure.eq(None::<String>),
    );
    on!(&mut *c, |c| diesel::update(pushes::table.filter(pushes::id.eq_any(&ids))).set(claim).execute(c))?;
    let devices = list_addresses(c, lines.iter().map(|(push, _)| push.5.as_str()).collect())?;
    let languages = list_languages(c, lines.iter().filter_map(|(push, _)| push.4.as_deref()).collect())?;
    let read = |((id, event, dispatch, notice, attendee, device), (covers, spread_s, is_urgent, attempts, expires)): Columns| {
        let Reached { address, preferences, language, account } = devices.get(&device).cloned().unwrap_or_default();
        let theirs = attendee.clone().zip(account).and_then(|(attendee, account)| languages.get(&(attendee, account)));
        let language = theirs.cloned().or(language);
        let parse = |id: Option<String>| id.and_then(|id| id.parse().ok());
        Some(ClaimedPush {
            id: id.parse().ok()?,
            event: event.parse().ok()?,
            push: Push {
                dispatch: parse(dispatch),
                notice: parse(notice),
                attendee: attendee.and_then(|id| id.parse().ok()),
                device: device.parse().ok()?,
                covers,
                spread_s: spread_s as u32,
                is_urgent,
                expires_at: Timestamp(expires),
            },
            attempts: attempts as u32 + 1,
            address: address.and_then(|address| serde_json::from_str(&address).ok()),
            preferences,
            language,
            account,
        })
    };
    Ok(lines.into_iter().filter_map(read).collect())
}

/// What became of a push that was claimed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settled {
    /// Which.
    pub id: Uuid,
    /// Where it stands.
    pub state: PushState,
    /// Why it was not taken.
    pub failure: Option<String>,
    /// When it is tried again, where it waits.
    pub next_attempt_at: Option<Timestamp>,
}

/// How pushes ended that ended alike: state, failure, next attempt.
type Ended<'a> = (&'static str, Option<&'a str>, Option<Timestamp>);

/// Writes down what became of pushes: one statement for all that ended alike.
pub fn settle(c: &mut Connection, settled: &[Settled]) -> QueryResult<()> {
    let mut alike: BTreeMap<Ended<'_>, Vec<String>> = BTreeMap::new();
    for end in settled {
        let key = (end.state.as_str(), end.failure.as_deref(), end.next_attempt_at);
        alike.entry(key).or_default().push(end.id.to_string());
    }
    for ((state, failure, next), ids) in alike {
        let these = pushes::table.filter(pushes::id.eq_any(ids));
        let change = (pushes::state.eq(state), pushes::failure.eq(failure));
        on!(&mut *c, |c| match next {
            Some(next) => diesel::update(these).set((change, pushes::next_attempt_at.eq(next.0))).execute(c)?,
            None => diesel::update(these).set(change).execute(c)?,
        });
    }
    Ok(())
}

/// When the first push of each provider's queue is due that has one.
pub fn list_next_due(c: &mut Connection) -> QueryResult<BTreeMap<Provider, Timestamp>> {
    let query = pushes::table
        .filter(pushes::state.eq(PushState::Waiting.as_str()))
        .group_by(pushes::provider)
        .select((pushes::provider, min(pushes::next_attempt_at)));
    let lines: Vec<(Option<String>, Option<i64>)> = on!(c, |c| query.load(c))?;
    let find = |word: &str| Provider::ALL.into_iter().find(|provider| provider.as_str() == word);
    Ok(lines.into_iter().filter_map(|(word, at)| Some((find(&word?)?, Timestamp(at?)))).collect())
}
