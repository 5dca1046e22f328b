//! Erasing in the database. Every statement names the event and the attendee.

use std::collections::BTreeSet;

use diesel::sql_types::{BigInt, Text};
use diesel::upsert::excluded;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl,
    QueryResult, RunQueryDsl, TextExpressionMethods, sql_query,
};
use serde_json::Value;
use shared::ids::{AccountId, AttendeeId, EventId};
use shared::invitation::{Answer, Delegate, Invitation};
use shared::sync::MutationResult;
use shared::time::Timestamp;

use super::fates::list_deleted;
use crate::database::Connection;
use crate::database::schema::{
    accounts, attendee_accounts, attendees, audit, consents, erasures, invitations, mutation_results, registrations,
    sign_ups, stand_ins,
};
use crate::on;

/// Whose data are erased, as the tables know them.
pub struct Subject {
    event: String,
    attendee: String,
}

impl Subject {
    /// An attendee of an event.
    pub fn new(event: EventId, attendee: AttendeeId) -> Self {
        Self { event: event.to_string(), attendee: attendee.to_string() }
    }
}

/// When an attendee was erased, if they were.
pub fn find_erasure(c: &mut Connection, who: &Subject) -> QueryResult<Option<Timestamp>> {
    let query =
        erasures::table.find((&who.event, &who.attendee)).filter(erasures::is_applied.eq(true)).select(erasures::at);
    let at: Option<i64> = on!(c, |c| query.first(c).optional())?;
    Ok(at.map(Timestamp))
}

/// Enters that an attendee is erased; one that was to be applied keeps its time.
pub fn put_erasure(c: &mut Connection, who: &Subject, now: Timestamp) -> QueryResult<()> {
    let line = (
        erasures::event_id.eq(&who.event),
        erasures::attendee_id.eq(&who.attendee),
        erasures::at.eq(now.0),
        erasures::is_applied.eq(true),
    );
    on!(c, |c| diesel::insert_into(erasures::table)
        .values(line)
        .on_conflict((erasures::event_id, erasures::attendee_id))
        .do_update()
        .set(erasures::is_applied.eq(excluded(erasures::is_applied)))
        .execute(c))?;
    Ok(())
}

/// Leaves an attendee this name and no language; whether there is one.
pub fn clear_name(c: &mut Connection, who: &Subject, name: &str) -> QueryResult<bool> {
    let this = attendees::table.find((&who.event, &who.attendee));
    let cleared = (attendees::name.eq(name), attendees::language.eq(None::<String>));
    on!(c, |c| diesel::update(this).set(cleared).execute(c)).map(|count| count == 1)
}

/// Deletes the lines of every table whose lines go.
pub fn delete_lines(c: &mut Connection, who: &Subject) -> QueryResult<()> {
    for table in list_deleted() {
        let statement = sql_query(format!("DELETE FROM {table} WHERE event_id = $1 AND attendee_id = $2"))
            .bind::<Text, _>(&who.event)
            .bind::<Text, _>(&who.attendee);
        on!(&mut *c, |c| statement.execute(c))?;
    }
    Ok(())
}

/// Leaves consents without the account that gave them.
pub fn clear_consents(c: &mut Connection, who: &Subject) -> QueryResult<()> {
    let theirs =
        consents::table.filter(consents::event_id.eq(&who.event)).filter(consents::attendee_id.eq(&who.attendee));
    on!(c, |c| diesel::update(theirs).set(consents::account_id.eq(None::<String>)).execute(c))?;
    Ok(())
}

/// Takes these fields out of the bodies of invitations, and the secrets of their links.
pub fn clear_invitations(c: &mut Connection, who: &Subject, words: &[&str]) -> QueryResult<()> {
    let theirs = invitations::table
        .filter(invitations::event_id.eq(&who.event))
        .filter(invitations::attendee_id.eq(&who.attendee));
    let lines: Vec<(String, String)> = on!(&mut *c, |c| theirs.select((invitations::id, invitations::body)).load(c))?;
    for (id, body) in lines {
        let cleared = (invitations::body.eq(without(&body, words)), invitations::secret_hash.eq(None::<String>));
        on!(&mut *c, |c| diesel::update(invitations::table.find((&who.event, id))).set(cleared).execute(c))?;
    }
    Ok(())
}

/// The addresses by which others may have named the attendee, in lower case.
pub fn list_addresses(c: &mut Connection, who: &Subject) -> QueryResult<BTreeSet<String>> {
    let registered = registrations::table
        .find((&who.event, &who.attendee))
        .filter(registrations::email.is_not_null())
        .select(registrations::email.assume_not_null());
    let own = attendee_accounts::table
        .inner_join(accounts::table.on(accounts::id.eq(attendee_accounts::account_id)))
        .filter(attendee_accounts::event_id.eq(&who.event))
        .filter(attendee_accounts::attendee_id.eq(&who.attendee))
        .filter(attendee_accounts::relation.eq("self"))
        .filter(accounts::email.is_not_null())
        .select(accounts::email.assume_not_null());
    let (mut found, own): (Vec<String>, Vec<String>) =
        on!(c, |c| QueryResult::Ok((registered.load(c)?, own.load(c)?)))?;
    found.extend(own);
    Ok(found.into_iter().map(|address| address.to_lowercase()).collect())
}

/// Takes the name and address of somebody out of the invitations that others passed on to them. Tells
/// whose those are, and their ids.
pub fn clear_delegates(
    c: &mut Connection,
    who: &Subject,
    (addresses, name): (&BTreeSet<String>, &str),
) -> QueryResult<Vec<(AttendeeId, String)>> {
    let passed_on = invitations::table
        .filter(invitations::event_id.eq(&who.event))
        .filter(invitations::answer.eq(Answer::Delegated.as_str()))
        .select((invitations::id, invitations::body));
    let lines: Vec<(String, String)> = on!(&mut *c, |c| passed_on.load(c))?;
    let mut cleared = Vec::new();
    for (id, body) in lines {
        let Ok(mut invitation) = serde_json::from_str::<Invitation>(&body) else { continue };
        let address = invitation.delegated_to.as_ref().and_then(|named| named.email.as_deref());
        if !address.is_some_and(|address| addresses.contains(&address.to_lowercase())) {
            continue;
        }
        invitation.delegated_to = Some(Delegate { attendee: None, name: Some(name.to_owned()), email: None });
        let body = invitations::body.eq(serde_json::json!(invitation).to_string());
        on!(&mut *c, |c| diesel::update(invitations::table.find((&who.event, &id))).set(body).execute(c))?;
        cleared.push((invitation.attendee, id));
    }
    Ok(cleared)
}

/// Takes these fields out of the bodies of stand-ins, of and by the attendee.
pub fn clear_stand_ins(c: &mut Connection, who: &Subject, words: &[&str]) -> QueryResult<()> {
    let concerns = stand_ins::attendee_id.eq(&who.attendee).or(stand_ins::stand_in_id.eq(&who.attendee));
    let theirs = stand_ins::table.filter(stand_ins::event_id.eq(&who.event)).filter(concerns);
    let lines: Vec<(String, String)> = on!(&mut *c, |c| theirs.select((stand_ins::id, stand_ins::body)).load(c))?;
    for (id, body) in lines {
        let cleared = stand_ins::body.eq(without(&body, words));
        on!(&mut *c, |c| diesel::update(stand_ins::table.find((&who.event, id))).set(cleared).execute(c))?;
    }
    Ok(())
}

/// The JSON object without these fields; what is no object is nothing.
fn without(body: &str, words: &[&str]) -> String {
    let mut value: Value = serde_json::from_str(body).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, _| !words.contains(&name.as_str()));
    }
    value.to_string()
}

/// What the audit log names of the attendee's: themselves, invitations, stand-ins, seats.
pub fn list_records(c: &mut Connection, (who, attendee): (&Subject, AttendeeId)) -> QueryResult<Vec<String>> {
    let concerns = stand_ins::attendee_id.eq(&who.attendee).or(stand_ins::stand_in_id.eq(&who.attendee));
    let invited = invitations::table
        .filter(invitations::event_id.eq(&who.event))
        .filter(invitations::attendee_id.eq(&who.attendee))
        .select(invitations::id);
    let stood_in = stand_ins::table.filter(stand_ins::event_id.eq(&who.event)).filter(concerns).select(stand_ins::id);
    let seats = sign_ups::table
        .filter(sign_ups::event_id.eq(&who.event))
        .filter(sign_ups::attendee_id.eq(&who.attendee))
        .select(sign_ups::session_id);
    let (mut records, stood_in, seats): (Vec<String>, Vec<String>, Vec<String>) =
        on!(c, |c| QueryResult::Ok((invited.load(c)?, stood_in.load(c)?, seats.load(c)?)))?;
    records.extend(stood_in);
    records.extend(seats.iter().map(|session| uuid::Uuid::new_v5(&attendee.0, session.as_bytes()).to_string()));
    records.push(who.attendee.clone());
    Ok(records)
}

/// Leaves the lines of the audit log about these records, and what was done for the attendee, with
/// who, when and what alone.
pub fn clear_audit(c: &mut Connection, who: &Subject, records: &[String]) -> QueryResult<()> {
    clear_audit_of(c, who, records)?;
    let done_for = audit::table.filter(audit::event_id.eq(&who.event)).filter(audit::attendee_id.eq(&who.attendee));
    let nothing = (audit::before.eq(None::<String>), audit::after.eq(None::<String>));
    on!(c, |c| diesel::update(done_for).set(nothing).execute(c))?;
    Ok(())
}

/// Leaves the lines of the audit log about these records of the event with who, when and what alone.
pub fn clear_audit_of(c: &mut Connection, who: &Subject, records: &[String]) -> QueryResult<()> {
    let lines = audit::table.filter(audit::event_id.eq(&who.event)).filter(audit::record_id.eq_any(records));
    let nothing = (audit::before.eq(None::<String>), audit::after.eq(None::<String>));
    on!(c, |c| diesel::update(lines).set(nothing).execute(c))?;
    Ok(())
}

/// The accounts that are or act for the attendee, or did: own ones with `true`.
pub fn list_accounts(c: &mut Connection, who: &Subject) -> QueryResult<Vec<(AccountId, bool)>> {
    let query = attendee_accounts::table
        .filter(attendee_accounts::event_id.eq(&who.event))
        .filter(attendee_accounts::attendee_id.eq(&who.attendee))
        .order(attendee_accounts::account_id)
        .select((attendee_accounts::account_id, attendee_accounts::relation));
    let lines: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    Ok(lines.into_iter().filter_map(|(id, relation)| Some((id.parse().ok()?, relation == "self"))).collect())
}

/// Takes the sentences out of the refusals that these accounts were answered at the event: they may
/// repeat what was refused. The results themselves stay, so that nothing is done twice.
pub fn clear_results(c: &mut Connection, who: &Subject, accounts: &[AccountId]) -> QueryResult<()> {
    let accounts: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    let worded = mutation_results::table
        .filter(mutation_results::event_id.eq(&who.event))
        .filter(mutation_results::account_id.eq_any(&accounts))
        .filter(mutation_results::result.like("%\"detail\":%"))
        .select((
            mutation_results::account_id,
            mutation_results::device_id,
            mutation_results::mutation_id,
            mutation_results::result,
        ));
    let lines: Vec<(String, String, String, String)> = on!(&mut *c, |c| worded.load(c))?;
    for (account, device, mutation, result) in lines {
        let Ok(MutationResult::Rejected { reason, field, .. }) = serde_json::from_str(&result) else { continue };
        let bare = MutationResult::Rejected { reason, detail: None, field };
        let bare = mutation_results::result.eq(serde_json::json!(bare).to_string());
        let this = mutation_results::table.find((account, device, mutation));
        on!(&mut *c, |c| diesel::update(this).set(bare).execute(c))?;
    }
    Ok(())
}

/// Own accounts of erased attendees that are still there.
pub fn list_left_accounts(c: &mut Connection) -> QueryResult<Vec<AccountId>> {
    let is_erased = erasures::event_id
        .eq(attendee_accounts::event_id)
        .and(erasures::attendee_id.eq(attendee_accounts::attendee_id));
    let query = attendee_accounts::table
        .inner_join(erasures::table.on(is_erased))
        .inner_join(accounts::table.on(accounts::id.eq(attendee_accounts::account_id)))
        .filter(attendee_accounts::active.eq(false))
        .filter(attendee_accounts::relation.eq("self"))
        .select(accounts::id)
        .distinct();
    let ids: Vec<String> = on!(c, |c| query.load(c))?;
    Ok(ids.into_iter().filter_map(|id| id.parse().ok()).collect())
}

/// Relations that have ended, of attendees who were erased before then.
const FORGOTTEN: &str = "active = FALSE AND EXISTS (SELECT 1 FROM erasures \
     WHERE erasures.event_id = attendee_accounts.event_id AND erasures.attendee_id = attendee_accounts.attendee_id \
     AND erasures.is_applied = TRUE AND erasures.at < $1)";

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Whether it is still known which accounts were or acted for somebody who was erased before then.
pub fn has_relations(c: &mut Connection, before: Timestamp) -> QueryResult<bool> {
    let query = sql_query(format!("SELECT count(*) AS count FROM attendee_accounts WHERE {FORGOTTEN}"))
        .bind::<BigInt, _>(before.0);
    let found: Count = on!(c, |c| query.get_result(c))?;
    Ok(found.count > 0)
}

/// Forgets it. Every node has read by then that they are not any more.
pub fn forget_relations(c: &mut Connection, before: Timestamp) -> QueryResult<usize> {
    let statement = sql_query(format!("DELETE FROM attendee_accounts WHERE {FORGOTTEN}")).bind::<BigInt, _>(before.0);
    on!(c, |c| statement.execute(c))
}
