//! Liaison officers who are no attendees: they have no inbox, and are told by mail and by push what everybody may read of
//! what concerns their delegations. They count among those whom a dispatch is to reach.

use std::collections::{BTreeMap, BTreeSet};

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AccountId, AttendeeId, EventId, RecordId};
use shared::notice::{Notice, NoticeKind, Reason, SessionChange, Urgency};
use shared::programme::{Collection, Programme};
use shared::sync::Scope;
use shared::time::Timestamp;
use uuid::Uuid;

use super::people::ByHand;
use super::reach::{Channel, mark_reach};
use super::spread::seen_by;
use super::store::CHUNK;
use super::{Dispatch, DispatchKind};
use crate::database::Connection;
use crate::database::schema::{accounts, dispatch_officers, duty_phones};
use crate::notify::mail::{self, MailBody, NewMail, Reader};
use crate::notify::push;
use crate::on;
use crate::sync::change_log::Unit;
use crate::sync::projection;

/// Tells officers of a dispatch, by a mail and a push to each of their devices: in the transaction in which it becomes
/// sent.
pub fn tell_officers(
    unit: &mut Unit<'_>,
    about: (&Dispatch, &Programme),
    officers: &[(AccountId, BTreeSet<RecordId>)],
) -> QueryResult<()> {
    let now = unit.group.now;
    let notice =
        |(account, sessions): &(AccountId, BTreeSet<RecordId>)| Some((*account, notice_for(about, sessions, now)?));
    let told: Vec<(AccountId, Notice)> = officers.iter().filter_map(notice).collect();
    write_to_officers(unit, about.0.id, &told)
}

/// Tells officers once more whom a dispatch concerns, of those that `is_meant` names, what `change` makes of what they
/// were told. Mails to come that say what they said before are taken back.
pub fn tell_officers_again(
    unit: &mut Unit<'_>,
    dispatch: Uuid,
    is_meant: fn(&Officer) -> bool,
    change: &dyn Fn(&mut Notice),
) -> QueryResult<()> {
    let event = unit.group.event;
    let notices = list_officers_notices(unit.connection, &[(event, dispatch)].into())?;
    let again = |officer: Officer| {
        let account: AccountId = officer.account.parse().ok()?;
        let mut notice = notices.get(&(dispatch, account))?.clone();
        change(&mut notice);
        Some((account, notice))
    };
    let officers = list_officers(unit.connection, (event, dispatch), None)?;
    let told: Vec<(AccountId, Notice)> = officers.into_iter().filter(is_meant).filter_map(again).collect();
    let accounts: BTreeSet<AccountId> = told.iter().map(|(account, _)| *account).collect();
    mail::take_back_of_officers(unit.connection, event, (dispatch, &accounts))?;
    write_to_officers(unit, dispatch, &told)
}

fn write_to_officers(unit: &mut Unit<'_>, dispatch: Uuid, told: &[(AccountId, Notice)]) -> QueryResult<()> {
    let accounts: BTreeSet<AccountId> = told.iter().map(|(account, _)| *account).collect();
    let contacts = mail::list_contacts(unit.connection, &accounts)?;
    let event = unit.group.programme().event();
    let fallback = event.map(|(_, event)| event.fallback_language.clone()).unwrap_or_default();
    let (mut mails, mut concerned) = (Vec::new(), Vec::new());
    for (account, notice) in told {
        let Some(contact) = contacts.get(account) else { continue };
        concerned.push((*account, notice.clone()));
        let Some(address) = contact.email.clone().filter(|_| notice.urgency != Urgency::Quiet) else { continue };
        mails.push(NewMail {
            attendee: None,
            address,
            language: contact.language.clone().unwrap_or_else(|| fallback.clone()),
            kind: notice.kind,
            body: MailBody {
                name: contact.name.clone(),
                reader: Reader::Myself,
                collection: None,
                id: None,
                details: serde_json::Value::Null,
                link: None,
                notice: None,
                whole: Some(Box::new(notice.clone())),
                accounts: vec![*account],
                time_zone: contact.time_zone,
            },
            wait_ms: 0,
        });
    }
    let event = unit.group.event.to_string();
    for chunk in concerned.chunks(CHUNK) {
        let line = |(account, notice): &(AccountId, Notice)| {
            (
                dispatch_officers::event_id.eq(event.clone()),
                dispatch_officers::dispatch_id.eq(dispatch.to_string()),
                dispatch_officers::account_id.eq(account.to_string()),
                dispatch_officers::notice.eq(Some(serde_json::json!(notice).to_string())),
            )
        };
        let lines: Vec<_> = chunk.iter().map(line).collect();
        on!(&mut *unit.connection, |c| diesel::insert_into(dispatch_officers::table)
            .values(lines)
            .on_conflict((dispatch_officers::event_id, dispatch_officers::dispatch_id, dispatch_officers::account_id))
            .do_update()
            .set(dispatch_officers::notice.eq(excluded(dispatch_officers::notice)))
            .execute(c))?;
    }
    push::follow_officers(unit, &concerned)?;
    mail::enqueue(unit, mails)
}

/// How many officers whom a dispatch concerns were not told.
pub fn count_untold_officers(c: &mut Connection, event: EventId, dispatch: Uuid) -> QueryResult<i64> {
    let untold = dispatch_officers::table
        .filter(dispatch_officers::event_id.eq(event.to_string()))
        .filter(dispatch_officers::dispatch_id.eq(dispatch.to_string()))
        .filter(dispatch_officers::told_at.is_null());
    on!(c, |c| untold.count().get_result(c))
}

/// What officers were told of these dispatches, by the dispatch and their account.
pub fn list_officers_notices(
    c: &mut Connection,
    ids: &BTreeSet<(EventId, Uuid)>,
) -> QueryResult<BTreeMap<(Uuid, AccountId), Notice>> {
    let events: BTreeSet<String> = ids.iter().map(|(event, _)| event.to_string()).collect();
    let query = dispatch_officers::table
        .filter(dispatch_officers::event_id.eq_any(events))
        .filter(dispatch_officers::dispatch_id.eq_any(ids.iter().map(|(_, id)| id.to_string())))
        .filter(dispatch_officers::notice.is_not_null())
        .select((
            dispatch_officers::dispatch_id,
            dispatch_officers::account_id,
            dispatch_officers::notice.assume_not_null(),
        ));
    let lines: Vec<(String, String, String)> = on!(c, |c| query.load(c))?;
    let read = |(dispatch, account, notice): &(String, String, String)| {
        Some(((dispatch.parse().ok()?, account.parse().ok()?), serde_json::from_str(notice).ok()?))
    };
    Ok(lines.iter().filter_map(read).collect())
}

/// An officer whom a dispatch concerns.
#[derive(Clone, PartialEq, Debug)]
pub struct Officer {
    /// Their account.
    pub account: String,
    /// Their name.
    pub name: String,
    /// The number that they are called at.
    pub phone: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// When they were told.
    pub told_at: Option<Timestamp>,
    /// By which way.
    pub channel: Option<String>,
    /// Who told them, where a human did.
    pub by_hand: Option<ByHand>,
}

/// The officers whom a dispatch concerns, or one of them.
pub fn list_officers(
    c: &mut Connection,
    (event, dispatch): (EventId, Uuid),
    only: Option<AccountId>,
) -> QueryResult<Vec<Officer>> {
    type Line =
        ((String, String, Option<String>), Option<i64>, Option<String>, Option<i64>, Option<String>, Option<String>);
    let query = dispatch_officers::table
        .inner_join(accounts::table.on(accounts::id.eq(dispatch_officers::account_id)))
        .filter(dispatch_officers::event_id.eq(event.to_string()))
        .filter(dispatch_officers::dispatch_id.eq(dispatch.to_string()))
        .select((
            (dispatch_officers::account_id, accounts::name, accounts::email),
            dispatch_officers::told_at,
            dispatch_officers::channel,
            dispatch_officers::by_hand_at,
            dispatch_officers::by_hand_by,
            dispatch_officers::by_hand_note,
        ));
    let lines: Vec<Line> = on!(&mut *c, |c| match only {
        Some(account) => query.filter(dispatch_officers::account_id.eq(account.to_string())).load(c)?,
        None => query.load(c)?,
    });
    let phones = duty_phones::table
        .filter(duty_phones::event_id.eq(event.to_string()))
        .filter(duty_phones::account_id.eq_any(lines.iter().map(|(who, ..)| &who.0)))
        .select((duty_phones::account_id, duty_phones::phone));
    let phones: Vec<(String, String)> = on!(c, |c| phones.load(c))?;
    let phones: BTreeMap<String, String> = phones.into_iter().collect();
    let officer = |((account, name, email), told_at, channel, at, by, note): Line| Officer {
        phone: phones.get(&account).cloned(),
        account,
        name,
        email,
        told_at: told_at.map(Timestamp),
        channel,
        by_hand: at.map(|at| ByHand { at: Timestamp(at), by: by.unwrap_or_default(), note }),
    };
    Ok(lines.into_iter().map(officer).collect())
}

/// Writes down that a mail to an officer was taken.
pub fn note_officer_mailed(
    c: &mut Connection,
    event: EventId,
    (dispatch, account): (Uuid, AccountId),
    now: Timestamp,
) -> QueryResult<()> {
    let theirs = dispatch_officers::table
        .find((event.to_string(), dispatch.to_string(), account.to_string()))
        .filter(dispatch_officers::told_at.is_null());
    let told = (dispatch_officers::told_at.eq(now.0), dispatch_officers::channel.eq(Channel::Mail.as_str()));
    on!(&mut *c, |c| diesel::update(theirs).set(told).execute(c))?;
    mark_reach(c, event, &[dispatch.to_string()].into(), now)
}

/// Writes down that a human told an officer; false where it does not concern them.
pub fn note_told_by_hand(
    c: &mut Connection,
    key: (String, String, String),
    (now, by, note): (Timestamp, Option<String>, Option<String>),
) -> QueryResult<bool> {
    let told = (dispatch_officers::told_at.eq(now.0), dispatch_officers::channel.eq(Channel::ByHand.as_str()));
    let by_hand = (
        dispatch_officers::by_hand_at.eq(Some(now.0)),
        dispatch_officers::by_hand_by.eq(by),
        dispatch_officers::by_hand_note.eq(note),
    );
    let officer = dispatch_officers::table.find(key);
    let changed = on!(c, |c| {
        diesel::update(officer.clone().filter(dispatch_officers::told_at.is_null())).set(told).execute(&mut *c)?;
        diesel::update(officer).set(by_hand).execute(c)?
    });
    Ok(changed > 0)
}

/// What an officer is told; none where nobody may read of it but those who are let in.
fn notice_for(
    (dispatch, programme): (&Dispatch, &Programme),
    sessions: &BTreeSet<RecordId>,
    now: Timestamp,
) -> Option<Notice> {
    let body = &dispatch.body;
    let is_public = |scope: Scope| scope == Scope::Public;
    let is_seen = |session: RecordId| projection::is_visible(programme, (Collection::Sessions, session), &is_public);
    let seen =
        |change: &SessionChange| sessions.contains(&change.session).then(|| seen_by(programme, change, &is_public));
    let changes: Vec<SessionChange> = body.changes.iter().filter_map(seen).flatten().collect();
    // A message that is about a session, or for those of one, is for those who see it.
    let is_for_others = body.session.is_some_and(|session| !is_seen(session));
    let (kind, is_theirs) = match dispatch.kind {
        DispatchKind::Announcement => {
            (NoticeKind::Announcement, sessions.iter().any(|session| session.0.is_nil() || is_seen(*session)))
        }
        DispatchKind::Changes => (NoticeKind::of_changes(&changes), !changes.is_empty()),
    };
    if is_for_others || !is_theirs {
        return None;
    }
    let says_all = changes.len() == body.changes.len() && changes.iter().all(|change| body.changes.contains(change));
    Some(Notice {
        dispatch: Some(dispatch.id),
        urgency: body.urgency,
        reasons: vec![Reason::Liaison],
        texts: if says_all { body.texts.clone() } else { Default::default() },
        changes,
        is_correction: body.is_correction,
        is_digest: body.is_digest,
        ..Notice::new(AttendeeId(Uuid::nil()), kind, now)
    })
}
