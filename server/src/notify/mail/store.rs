//! Mails in the database.

use std::collections::BTreeSet;

use diesel::dsl::{count_star, min};
use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryResult, RunQueryDsl, TextExpressionMethods};
use shared::ids::{AccountId, AttendeeId, EventId};
use shared::notice::{Notice, NoticeKind};
use shared::time::Timestamp;
use uuid::Uuid;

use super::MailBody;
use crate::database::Connection;
use crate::database::schema::{mail_refusals, mails};
use crate::on;

/// Lines in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// Where a mail stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MailState {
    /// It is to be sent; its next attempt says when.
    Waiting,
    /// The mail server took it.
    Sent,
    /// It was refused for good, or given up.
    Failed,
    /// There was nothing to say any more, or not to this reader.
    Dropped,
}

impl MailState {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

/// A mail as it is kept.
#[derive(Insertable)]
#[diesel(table_name = mails, treat_none_as_default_value = false)]
pub struct MailLine {
    /// Its id.
    pub id: String,
    /// The event that it is about.
    pub event_id: String,
    /// The attendee that it is about.
    pub attendee_id: Option<String>,
    /// Where it goes.
    pub address: String,
    /// The reader's language.
    pub language: String,
    /// The kind of notice.
    pub kind: &'static str,
    /// A [`MailBody`].
    pub body: String,
    /// A [`MailState`].
    pub state: &'static str,
    /// Attempts to send it so far.
    pub attempt_count: i64,
    /// When it is next to be tried, in milliseconds UTC.
    pub next_attempt_at: i64,
    /// Why the last attempt failed.
    pub failure: Option<String>,
    /// When it was written, in milliseconds UTC.
    pub created_at: i64,
}

/// A mail that a worker has claimed.
#[derive(Clone, PartialEq, Debug)]
pub struct ClaimedMail {
    /// Its id.
    pub id: Uuid,
    /// The event that it is about.
    pub event: EventId,
    /// The attendee that it is about.
    pub attendee: Option<AttendeeId>,
    /// Where it goes.
    pub address: String,
    /// The reader's language.
    pub language: String,
    /// What it tells.
    pub kind: NoticeKind,
    /// What it is made of.
    pub body: MailBody,
    /// Attempts to send it, this one included.
    pub attempts: u32,
    /// When it was written.
    pub written_at: Timestamp,
}

/// What waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Outlook {
    /// How many mails wait.
    pub waiting_count: u64,
    /// When the first of them is due.
    pub next_at: Option<Timestamp>,
}

/// Enters mails.
pub fn insert_mails(c: &mut Connection, lines: &[MailLine]) -> QueryResult<()> {
    for chunk in lines.chunks(CHUNK) {
        on!(&mut *c, |c| diesel::insert_into(mails::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// What waits, and since when or until when.
pub fn load_outlook(c: &mut Connection) -> QueryResult<Outlook> {
    let query = mails::table
        .filter(mails::state.eq(MailState::Waiting.as_str()))
        .select((count_star(), min(mails::next_attempt_at)));
    let (count, next): (i64, Option<i64>) = on!(c, |c| query.first(c))?;
    Ok(Outlook { waiting_count: count as u64, next_at: next.map(Timestamp) })
}

type Line = (String, String, Option<String>, String, String, String, String, i64, i64);

/// Claims at most `limit` mails that are due, the longest due first: until `lease_until` nobody
/// else tries them. To be run where the counter of what belongs to no event is locked, so that two
/// nodes cannot claim the same.
pub fn claim_due(
    c: &mut Connection,
    now: Timestamp,
    lease_until: Timestamp,
    limit: usize,
) -> QueryResult<Vec<ClaimedMail>> {
    let query = mails::table
        .filter(mails::state.eq(MailState::Waiting.as_str()))
        .filter(mails::next_attempt_at.le(now.0))
        .order((mails::next_attempt_at, mails::id))
        .limit(limit as i64)
        .select((
            mails::id,
            mails::event_id,
            mails::attendee_id,
            mails::address,
            mails::language,
            mails::kind,
            mails::body,
            mails::attempt_count,
            mails::created_at,
        ));
    let lines: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
    let ids: Vec<&str> = lines.iter().map(|line| line.0.as_str()).collect();
    let claim = (
        mails::next_attempt_at.eq(lease_until.0),
        mails::attempt_count.eq(mails::attempt_count + 1),
        mails::failure.eq(None::<String>),
    );
    on!(&mut *c, |c| diesel::update(mails::table.filter(mails::id.eq_any(ids))).set(claim).execute(c))?;
    let mut claimed = Vec::with_capacity(lines.len());
    for line in lines {
        let id = line.0.clone();
        match read(line) {
            Some(mail) => claimed.push(mail),
            // One mail that cannot be read must not hold up the others.
            None => set_state(c, &id, MailState::Failed, Some("it cannot be read"))?,
        }
    }
    Ok(claimed)
}

fn read(line: Line) -> Option<ClaimedMail> {
    let (id, event, attendee, address, language, kind, body, attempts, written_at) = line;
    Some(ClaimedMail {
        id: id.parse().ok()?,
        event: event.parse().ok()?,
        attendee: attendee.map(|id| id.parse()).transpose().ok()?,
        address,
        language,
        kind: serde_json::from_value(kind.into()).ok()?,
        body: serde_json::from_str(&body).ok()?,
        attempts: u32::try_from(attempts).ok()?.saturating_add(1),
        written_at: Timestamp(written_at),
    })
}

/// Writes down that a claimed mail is to be tried again.
pub fn postpone(c: &mut Connection, id: Uuid, until: Timestamp, failure: &str) -> QueryResult<()> {
    let change = (mails::next_attempt_at.eq(until.0), mails::failure.eq(Some(failure)));
    on!(c, |c| diesel::update(mails::table.find(id.to_string())).set(change).execute(c))?;
    Ok(())
}

/// Writes down what became of a mail. Its address and what it was made of are forgotten: they hold
/// codes and names, and are of no more use.
pub fn settle(c: &mut Connection, id: Uuid, state: MailState, failure: Option<&str>) -> QueryResult<()> {
    set_state(c, &id.to_string(), state, failure)
}

fn set_state(c: &mut Connection, id: &str, state: MailState, failure: Option<&str>) -> QueryResult<()> {
    let forgotten = (mails::address.eq(""), mails::body.eq("{}"));
    let change = (mails::state.eq(state.as_str()), mails::failure.eq(failure), forgotten);
    on!(c, |c| diesel::update(mails::table.find(id)).set(change).execute(c))?;
    Ok(())
}

/// Takes away mails to come about a row of an attendee's.
pub fn take_back(c: &mut Connection, (event, attendee): (EventId, AttendeeId), row: Uuid) -> QueryResult<()> {
    let theirs = mails::table
        .filter(mails::event_id.eq(event.to_string()))
        .filter(mails::attendee_id.eq(attendee.to_string()))
        .filter(mails::state.eq(MailState::Waiting.as_str()))
        .filter(mails::body.like(format!("%\"id\":\"{row}\"%")));
    on!(c, |c| diesel::delete(theirs).execute(c))?;
    Ok(())
}

/// Takes away mails to come that say of these notices what they said before, or what is about to be mailed anew.
pub fn take_back_of_notices(c: &mut Connection, event: EventId, notices: &[(Uuid, Notice)]) -> QueryResult<()> {
    for chunk in notices.chunks(CHUNK) {
        let waiting = mails::table
            .filter(mails::event_id.eq(event.to_string()))
            .filter(mails::attendee_id.eq_any(chunk.iter().map(|(_, notice)| notice.attendee.to_string())))
            .filter(mails::state.eq(MailState::Waiting.as_str()))
            .select((mails::id, mails::body));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| waiting.load(c))?;
        let named: BTreeSet<Uuid> = chunk.iter().map(|(id, _)| *id).collect();
        let is_of_these = |body: &str| {
            let body: Option<MailBody> = serde_json::from_str(body).ok();
            body.and_then(|body| body.notice).is_some_and(|notice| named.contains(&notice))
        };
        let ids: Vec<String> = lines.into_iter().filter(|(_, body)| is_of_these(body)).map(|(id, _)| id).collect();
        on!(&mut *c, |c| diesel::delete(mails::table.filter(mails::id.eq_any(ids))).execute(c))?;
    }
    Ok(())
}

/// Takes away mails to come that tell these officers of a dispatch.
pub fn take_back_of_officers(
    c: &mut Connection,
    event: EventId,
    (dispatch, accounts): (Uuid, &BTreeSet<AccountId>),
) -> QueryResult<()> {
    if accounts.is_empty() {
        return Ok(());
    }
    let waiting = mails::table
        .filter(mails::event_id.eq(event.to_string()))
        .filter(mails::attendee_id.is_null())
        .filter(mails::state.eq(MailState::Waiting.as_str()))
        .select((mails::id, mails::body));
    let lines: Vec<(String, String)> = on!(&mut *c, |c| waiting.load(c))?;
    let is_of_these = |body: &str| {
        let body: Option<MailBody> = serde_json::from_str(body).ok();
        let of_dispatch = body.filter(|body| body.whole.as_ref().is_some_and(|told| told.dispatch == Some(dispatch)));
        of_dispatch.is_some_and(|body| body.accounts.iter().any(|account| accounts.contains(account)))
    };
    let ids = lines.into_iter().filter(|(_, body)| is_of_these(body)).map(|(id, _)| id);
    for chunk in ids.collect::<Vec<_>>().chunks(CHUNK) {
        on!(&mut *c, |c| diesel::delete(mails::table.filter(mails::id.eq_any(chunk))).execute(c))?;
    }
    Ok(())
}

/// Notices with whom each is about, or whom it may reach.
type Of<T> = BTreeSet<(Uuid, T)>;

/// Lets mails leave now that waited for a push to do, where none can any more: those about these notices, but to readers
/// one of whose accounts a push of the same notice may still reach.
pub fn hasten(
    c: &mut Connection,
    event: EventId,
    (notices, may_reach): (&Of<AttendeeId>, &Of<AccountId>),
    now: Timestamp,
) -> QueryResult<()> {
    let notices: Vec<&(Uuid, AttendeeId)> = notices.iter().collect();
    for chunk in notices.chunks(CHUNK) {
        let waiting = mails::table
            .filter(mails::event_id.eq(event.to_string()))
            .filter(mails::attendee_id.eq_any(chunk.iter().map(|(_, attendee)| attendee.to_string())))
            .filter(mails::state.eq(MailState::Waiting.as_str()))
            .filter(mails::attempt_count.eq(0))
            .filter(mails::next_attempt_at.gt(now.0))
            .select((mails::id, mails::body));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| waiting.load(c))?;
        let is_in_vain = |body: &str| {
            let body: Option<MailBody> = serde_json::from_str(body).ok();
            let Some((notice, accounts)) = body.and_then(|body| Some((body.notice?, body.accounts))) else {
                return false;
            };
            chunk.iter().any(|(id, _)| *id == notice)
                && !accounts.iter().any(|account| may_reach.contains(&(notice, *account)))
        };
        let ids: Vec<String> = lines.into_iter().filter(|(_, body)| is_in_vain(body)).map(|(id, _)| id).collect();
        let these = mails::table.filter(mails::id.eq_any(ids));
        on!(&mut *c, |c| diesel::update(these).set(mails::next_attempt_at.eq(now.0)).execute(c))?;
    }
    Ok(())
}

/// Takes away the mails about an attendee, and who refused them.
pub fn forget(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let (event, attendee) = (event.to_string(), attendee.to_string());
    let theirs = mails::table.filter(mails::event_id.eq(&event)).filter(mails::attendee_id.eq(&attendee));
    let refused = mail_refusals::table
        .filter(mail_refusals::event_id.eq(&event))
        .filter(mail_refusals::attendee_id.eq(&attendee));
    on!(c, |c| {
        diesel::delete(theirs).execute(c)?;
        diesel::delete(refused).execute(c)
    })?;
    Ok(())
}

/// Takes mails away that were settled and written before a time.
pub fn forget_written_before(c: &mut Connection, at: Timestamp) -> QueryResult<usize> {
    let old = mails::table.filter(mails::state.ne(MailState::Waiting.as_str())).filter(mails::created_at.lt(at.0));
    on!(c, |c| diesel::delete(old).execute(c))
}
