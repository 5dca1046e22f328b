//! Erasing an attendee.

use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use shared::ids::{AccountId, AttendeeId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, Person, RecordBody, RecordEdit};
use shared::time::Timestamp;

use super::rows::{ERASED_NAME, replace_rows};
use super::store::{self, Subject};
use crate::attendees::leave_vehicles;
use crate::badges;
use crate::check_in;
use crate::desk_work;
use crate::duties;
use crate::privacy::access::not_found;
use crate::privacy::retention::is_over;
use crate::refusal::Failure;
use crate::registration;
use crate::sync::change_log::{Actor, AuditLine, Unit};

/// What an erasure is called in the audit log.
const ERASE: &str = "attendee.erase";

/// The fields of an invitation's body that hold what people wrote, and who is to come instead.
const WORDS_OF_INVITATIONS: &[&str] = &["word", "note", "delegated_to"];

/// The fields of a stand-in's body that hold what people wrote.
const WORDS_OF_STAND_INS: &[&str] = &["note"];

/// What became of an erasure.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Erased {
    /// When it was done, also if that was before.
    pub at: Timestamp,
    /// The attendee's own accounts, which go too unless they have something else.
    pub own_accounts: Vec<AccountId>,
}

/// Erases what is personal of an attendee and keeps what is counted. Before the event's end a
/// registration that holds or waits for a place is cancelled, since nobody would come in it. Doing
/// so twice changes nothing.
///
/// # Errors
///
/// There is no such attendee.
pub fn erase_attendee(unit: &mut Unit<'_>, actor: Actor, attendee: AttendeeId) -> Result<Erased, Failure> {
    let (event, now) = (unit.group.event, unit.group.now);
    let who = Subject::new(event, attendee);
    let accounts = store::list_accounts(unit.connection, &who)?;
    let own_accounts = accounts.iter().filter(|(_, is_own)| *is_own).map(|(id, _)| *id).collect();
    if let Some(at) = store::find_erasure(unit.connection, &who)? {
        return Ok(Erased { at, own_accounts });
    }
    if !store::clear_name(unit.connection, &who, ERASED_NAME)? {
        return Err(not_found());
    }
    unlink_people(unit, actor, attendee);
    clear_delegates(unit, &who)?;
    clear_registration(unit, attendee)?;
    duties::forget(unit, attendee)?;
    let accounts: Vec<AccountId> = accounts.into_iter().map(|(id, _)| id).collect();
    clear_tables(unit, (&who, attendee), &accounts)?;
    for account in &accounts {
        unit.group.set_relation(attendee, *account, None);
    }
    store::put_erasure(unit.connection, &who, now)?;
    let at = store::find_erasure(unit.connection, &who)?.unwrap_or(now);
    replace_rows(unit, attendee, at)?;
    unit.group.audit(AuditLine {
        actor,
        operation: ERASE.to_owned(),
        collection: "attendees",
        record: attendee.0,
        before: None,
        after: None,
    });
    Ok(Erased { at, own_accounts })
}

/// Erases an attendee who was erased before the database was restored. One whom it does not know
/// was entered after the copy was made.
///
/// # Errors
///
/// None but the database's.
pub fn erase_again(unit: &mut Unit<'_>, attendee: AttendeeId) -> Result<Vec<AccountId>, Failure> {
    match erase_attendee(unit, Actor::default(), attendee) {
        Err(Failure::Refused(refusal)) if refusal.code == ProblemCode::NotFound => {
            let (who, now) = (Subject::new(unit.group.event, attendee), unit.group.now);
            store::put_erasure(unit.connection, &who, now)?;
            Ok(Vec::new())
        }
        erased => erased.map(|erased| erased.own_accounts),
    }
}

/// The printed programme is the organiser's publication: the person stays in it, as nobody's own. No vehicle waits
/// for them.
fn unlink_people(unit: &mut Unit<'_>, actor: Actor, attendee: AttendeeId) {
    let unlinked = |(id, body): (RecordId, &RecordBody)| match body {
        RecordBody::People(person) if person.attendee == Some(attendee) => {
            let body = RecordBody::People(Person { attendee: None, ..person.clone() });
            Some(RecordEdit::Put { id, body })
        }
        _ => None,
    };
    let people = unit.group.programme().list(Collection::People);
    let edits: Vec<RecordEdit> = people.filter_map(|record| unlinked((record.id, &record.body))).collect();
    unit.group.edit(actor, ERASE, &edits);
    leave_vehicles(unit, (actor, ERASE), attendee);
}

fn clear_registration(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    let now = unit.group.now;
    let is_past = unit.group.programme().event().is_some_and(|(_, event)| is_over(event, now));
    registration::forget_person(unit, attendee, !is_past)
}

/// Others who named the person to come in their place keep that somebody was to.
fn clear_delegates(unit: &mut Unit<'_>, who: &Subject) -> QueryResult<()> {
    let addresses = store::list_addresses(unit.connection, who)?;
    let cleared = store::clear_delegates(unit.connection, who, (&addresses, ERASED_NAME))?;
    let ids: Vec<String> = cleared.iter().map(|(_, id)| id.clone()).collect();
    store::clear_audit_of(unit.connection, who, &ids)?;
    unit.group.redact_audit(|line| ids.contains(&line.record.to_string()));
    cleared.into_iter().for_each(|(invited, _)| unit.group.attendee_changed(invited));
    Ok(())
}

fn clear_tables(
    unit: &mut Unit<'_>,
    (who, attendee): (&Subject, AttendeeId),
    accounts: &[AccountId],
) -> QueryResult<()> {
    check_in::forget(unit, attendee)?;
    desk_work::forget(unit, attendee)?;
    badges::forget(unit, attendee)?;
    let connection = &mut *unit.connection;
    let records = store::list_records(connection, (who, attendee))?;
    store::delete_lines(connection, who)?;
    store::clear_consents(connection, who)?;
    store::clear_invitations(connection, who, WORDS_OF_INVITATIONS)?;
    store::clear_stand_ins(connection, who, WORDS_OF_STAND_INS)?;
    store::clear_audit(connection, who, &records)?;
    store::clear_results(connection, who, accounts)?;
    // What came before in the same commit is not written yet.
    unit.group.redact_audit(|line| line.actor.attendee == Some(attendee) || records.contains(&line.record.to_string()));
    Ok(())
}
