//! What attendees agreed to, in the database. Every yes and no is kept.

use std::collections::BTreeMap;

use diesel::dsl::max;
use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryResult, RunQueryDsl};
use serde::Serialize;
use shared::ids::{AccountId, AttendeeId, EventId, RecordId};
use shared::registration::GivenConsent;
use shared::time::Timestamp;

use super::CHUNK;
use super::registrations::damaged;
use crate::database::Connection;
use crate::database::schema::{consents, registrations};
use crate::on;

#[derive(Insertable)]
#[diesel(table_name = consents, treat_none_as_default_value = false)]
struct Line {
    event_id: String,
    attendee_id: String,
    consent: String,
    at: i64,
    version: i64,
    language: String,
    is_given: bool,
    account_id: Option<String>,
}

/// The newest word of each of these attendees on each text, by its key.
pub fn list_consents(
    c: &mut Connection,
    event: EventId,
    ids: &[AttendeeId],
) -> QueryResult<BTreeMap<AttendeeId, Vec<GivenConsent>>> {
    type Line = (String, String, i64, i64, String, bool);
    let mut newest: BTreeMap<AttendeeId, BTreeMap<String, GivenConsent>> = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = consents::table
            .filter(consents::event_id.eq(event.to_string()))
            .filter(consents::attendee_id.eq_any(ids))
            .order(consents::at)
            .select((
                consents::attendee_id,
                consents::consent,
                consents::at,
                consents::version,
                consents::language,
                consents::is_given,
            ));
        let lines: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
        for (attendee, consent, at, version, language, is_given) in lines {
            let attendee = attendee.parse().map_err(|_| damaged())?;
            let at = Some(Timestamp(at));
            let word = GivenConsent { consent: consent.clone(), version: version as u32, language, is_given, at };
            newest.entry(attendee).or_default().insert(consent, word);
        }
    }
    Ok(newest.into_iter().map(|(attendee, words)| (attendee, words.into_values().collect())).collect())
}

/// Keeps what an attendee agreed to or took back, said by an account now.
pub fn put_consents(
    c: &mut Connection,
    (event, attendee): (EventId, AttendeeId),
    given: &[GivenConsent],
    (account, now): (Option<AccountId>, Timestamp),
) -> QueryResult<()> {
    let lines: Vec<Line> = given
        .iter()
        .map(|word| Line {
            event_id: event.to_string(),
            attendee_id: attendee.to_string(),
            consent: word.consent.clone(),
            at: now.0,
            version: i64::from(word.version),
            language: word.language.clone(),
            is_given: word.is_given,
            account_id: account.map(|account| account.to_string()),
        })
        .collect();
    // Two words within one group have one time; the later stands.
    on!(c, |c| diesel::insert_into(consents::table)
        .values(&lines)
        .on_conflict((consents::event_id, consents::attendee_id, consents::consent, consents::at))
        .do_update()
        .set((
            consents::version.eq(excluded(consents::version)),
            consents::language.eq(excluded(consents::language)),
            consents::is_given.eq(excluded(consents::is_given)),
            consents::account_id.eq(excluded(consents::account_id)),
        ))
        .execute(c))?;
    Ok(())
}

/// The highest version of a text that anybody of the event said something to.
pub fn find_newest_version(c: &mut Connection, event: EventId, consent: &str) -> QueryResult<Option<u32>> {
    let versions = consents::table
        .filter(consents::event_id.eq(event.to_string()))
        .filter(consents::consent.eq(consent))
        .select(max(consents::version));
    let newest: Option<i64> = on!(c, |c| versions.first(c))?;
    Ok(newest.map(|version| version as u32))
}

/// Forgets what an attendee agreed to.
pub fn delete_consents(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let theirs = consents::table
        .filter(consents::event_id.eq(event.to_string()))
        .filter(consents::attendee_id.eq(attendee.to_string()));
    on!(c, |c| diesel::delete(theirs).execute(c))?;
    Ok(())
}

/// A word on a text, with the account that said it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SaidConsent {
    /// What was said.
    #[serde(flatten)]
    pub word: GivenConsent,
    /// By whom; absent where the person was erased, or the command line said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

/// Everything that an attendee said to texts, the newest first, at most `limit` words.
pub fn list_said_consents(
    c: &mut Connection,
    (event, attendee): (EventId, AttendeeId),
    limit: usize,
) -> QueryResult<Vec<SaidConsent>> {
    type Line = (String, i64, i64, String, bool, Option<String>);
    let query = consents::table
        .filter(consents::event_id.eq(event.to_string()))
        .filter(consents::attendee_id.eq(attendee.to_string()))
        .order((consents::at.desc(), consents::consent))
        .limit(limit as i64)
        .select((
            consents::consent,
            consents::at,
            consents::version,
            consents::language,
            consents::is_given,
            consents::account_id,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let read = |(consent, at, version, language, is_given, account): Line| {
        let at = Some(Timestamp(at));
        let account = account.map(|account| account.parse()).transpose().map_err(|_| damaged())?;
        Ok(SaidConsent { word: GivenConsent { consent, version: version as u32, language, is_given, at }, account })
    };
    lines.into_iter().map(read).collect()
}

/// Everybody of a category who at any time said no to a text.
pub fn list_withdrawers(c: &mut Connection, event: EventId, category: RecordId) -> QueryResult<Vec<AttendeeId>> {
    let of_category = registrations::table
        .filter(registrations::event_id.eq(event.to_string()))
        .filter(registrations::category_id.eq(category.to_string()))
        .select(registrations::attendee_id);
    let query = consents::table
        .filter(consents::event_id.eq(event.to_string()))
        .filter(consents::is_given.eq(false))
        .filter(consents::attendee_id.eq_any(of_category))
        .select(consents::attendee_id)
        .distinct();
    let found: Vec<String> = on!(c, |c| query.load(c))?;
    found.into_iter().map(|id| id.parse().map_err(|_| damaged())).collect()
}
