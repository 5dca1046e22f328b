//! Attendees, the accounts that are or act for them, and the audiences that they belong to.

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AccountId, AttendeeId, EventId};
use shared::problem_code::ProblemCode;
use shared::programme::Collection;

use crate::app::App;
use crate::attendees::members::{MemberChange, change_members};
use crate::attendees::operations::{NewAttendee, create_attendee};
use crate::database::Connection;
use crate::database::schema::attendee_accounts;
use crate::on;
use crate::refusal::{Failure, Refusal};
use crate::sync::WriteError;
use crate::sync::change_log::{Actor, Relation, Unit};
use crate::sync::feed::Rights;

/// The attendee who an account is, made where it is none yet.
pub async fn ensure_attendee(
    app: &App,
    event: EventId,
    account: AccountId,
    name: &str,
) -> Result<AttendeeId, WriteError> {
    let name = name.to_owned();
    let ensure = move |unit: &mut Unit<'_>| {
        if let Some(attendee) = find_own(unit.connection, event, account)? {
            return Ok(attendee);
        }
        let attendee = AttendeeId(uuid::Uuid::now_v7());
        let new = NewAttendee { name: name.clone(), language: None, email: None };
        create_attendee(unit, Actor::default(), attendee, &new)?;
        unit.group.set_relation(attendee, account, Some(Relation::Myself));
        Ok(attendee)
    };
    Ok(app.writer.unit(event, ensure).await?.value)
}

/// Lets an account act for an attendee.
pub async fn let_act_for(
    app: &App,
    event: EventId,
    account: AccountId,
    attendee: AttendeeId,
) -> Result<(), WriteError> {
    let cell = app.events.find(event);
    let is_so = |rights: Rights| rights.attendees.get(&attendee) == Some(&Relation::Assistant);
    if cell.is_some_and(|cell| is_so(cell.read().rights(account))) {
        return Ok(());
    }
    let relate = move |unit: &mut Unit<'_>| {
        unit.group.set_relation(attendee, account, Some(Relation::Assistant));
        Ok(())
    };
    app.writer.unit(event, relate).await.map(|_| ())
}

/// Adds an attendee to an audience, named by its slug.
pub async fn add_to_audience(
    app: &App,
    event: EventId,
    attendee: AttendeeId,
    audience: &'static str,
) -> Result<(), WriteError> {
    let add = move |unit: &mut Unit<'_>| {
        let found = unit.group.programme().list(Collection::Audiences).find(|record| record.body.slug() == audience);
        let id = found.map(|record| record.id).ok_or_else(|| no_audience(audience))?;
        change_members(unit, Actor::default(), id, &MemberChange::Add(attendee))?;
        Ok(())
    };
    app.writer.unit(event, add).await.map(|_| ())
}

fn no_audience(slug: &str) -> Failure {
    Refusal::new(ProblemCode::UnknownReference, format!("There is no audience {slug}.")).into()
}

fn find_own(connection: &mut Connection, event: EventId, account: AccountId) -> QueryResult<Option<AttendeeId>> {
    let query = attendee_accounts::table
        .filter(attendee_accounts::event_id.eq(event.to_string()))
        .filter(attendee_accounts::account_id.eq(account.to_string()))
        .filter(attendee_accounts::relation.eq(Relation::Myself.as_str()))
        .filter(attendee_accounts::active.eq(true))
        .select(attendee_accounts::attendee_id);
    let ids: Vec<String> = on!(connection, |c| query.load(c))?;
    Ok(ids.first().and_then(|id| id.parse().ok()))
}
