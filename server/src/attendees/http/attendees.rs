//! Attendees and the accounts that are or act for them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, EventId};
use shared::problem_code::ProblemCode;
use shared::time::Timestamp;
use uuid::Uuid;

use crate::attendees::operations::{self, AttendeePatch, NewAttendee};
use crate::attendees::store::{self, AccountOf, Attendee};
use crate::database::Connection;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Editor, Organiser, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::paging::PageParameters;
use crate::programme::http::submit::{Once, once};
use crate::programme::operations::read;
use crate::sync::change_log::{Relation, Unit};

/// An attendee as organisers see them.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AttendeeAnswer {
    id: AttendeeId,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    created_at: Timestamp,
    accounts: Vec<AccountAnswer>,
}

/// An account that is, or acts for, an attendee.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AccountAnswer {
    account: AccountId,
    relation: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

/// How an account stands to an attendee.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RelationRequest {
    relation: Relation,
}

/// An account by its address, made where there is none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountRequest {
    email: String,
    name: String,
    relation: Relation,
}

/// `GET …/attendees`: one page, in the order in which they were entered.
pub async fn list_attendees(organiser: Organiser, parameters: Query<PageParameters>) -> Result<HttpResponse, Problem> {
    let page = parameters.read()?;
    let (event, after, limit) = (organiser.cell.id, page.after.clone().unwrap_or_default(), page.limit + 1);
    let list = move |connection: &mut Connection| {
        let attendees = store::list_attendees(connection, event, &after, limit)?;
        with_accounts(connection, event, attendees)
    };
    let attendees = organiser.app.readers.read(list).await?;
    let keyed = attendees.into_iter().map(|attendee| (attendee.id.to_string(), attendee)).collect();
    Ok(private(StatusCode::OK).json(page.finish(keyed)))
}

/// `POST …/attendees`: enters somebody, with an account where an address is given.
pub async fn create_attendee(editor: Editor, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let new: NewAttendee = read(&body)?;
    let (actor, id) = (editor.organiser.actor(), AttendeeId(Uuid::now_v7()));
    let run = move |unit: &mut Unit<'_>| operations::create_attendee(unit, actor, id, &new).map(|()| id.to_string());
    let Once { outcome, is_replayed, .. } = once(&editor, &body, run).await?;
    let attendee = load(&editor.organiser, outcome.parse().map_err(Problem::internal)?).await?;
    let mut answer = private(StatusCode::CREATED);
    answer.insert_header(("Location", format!("/v1/events/{}/attendees/{outcome}", editor.organiser.cell.id)));
    if is_replayed {
        answer.insert_header(("Idempotency-Replayed", "true"));
    }
    Ok(answer.json(attendee))
}

/// `GET …/attendees/{attendee}`.
pub async fn get_attendee(
    organiser: Organiser,
    path: web::Path<(String, AttendeeId)>,
) -> Result<HttpResponse, Problem> {
    Ok(private(StatusCode::OK).json(load(&organiser, path.1).await?))
}

/// `PATCH …/attendees/{attendee}`.
pub async fn patch_attendee(
    editor: Editor,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let patch: AttendeePatch = read(&body)?;
    if body.get("name").is_some_and(Value::is_null) || body.get("email").is_some_and(Value::is_null) {
        return Err(Problem::new(ProblemCode::InvalidValue, "name and email cannot be taken away."));
    }
    let (actor, id) = (editor.organiser.actor(), path.1);
    once(&editor, &body, move |unit| operations::change_attendee(unit, actor, id, &patch).map(|()| String::new()))
        .await?;
    Ok(private(StatusCode::OK).json(load(&editor.organiser, id).await?))
}

/// `DELETE …/attendees/{attendee}`: with everything that is theirs.
pub async fn delete_attendee(editor: Editor, path: web::Path<(String, AttendeeId)>) -> Result<HttpResponse, Problem> {
    let (actor, id) = (editor.organiser.actor(), path.1);
    once(&editor, &Value::Null, move |unit| operations::delete_attendee(unit, actor, id).map(|()| String::new()))
        .await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

/// `POST …/attendees/{attendee}/accounts`: an account by its address is or acts for the attendee.
pub async fn add_account(
    editor: Editor,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let AccountRequest { email, name, relation } = read(&body)?;
    let (actor, id) = (editor.organiser.actor(), path.1);
    let run = move |unit: &mut Unit<'_>| {
        operations::require_name(&name)?;
        let account = operations::ensure_account_of(unit, name.trim(), &email)?;
        operations::set_relation(unit, actor, (id, account), Some(relation)).map(|()| String::new())
    };
    once(&editor, &body, run).await?;
    Ok(private(StatusCode::OK).json(load(&editor.organiser, id).await?))
}

/// `PUT …/attendees/{attendee}/accounts/{account}`.
pub async fn set_relation(
    editor: Editor,
    path: web::Path<(String, AttendeeId, AccountId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let RelationRequest { relation } = read(&body)?;
    relate(&editor, (path.1, path.2), (Some(relation), &body)).await?;
    Ok(private(StatusCode::OK).json(load(&editor.organiser, path.1).await?))
}

/// `DELETE …/attendees/{attendee}/accounts/{account}`: the account stays, and acts for them no more.
pub async fn end_relation(
    editor: Editor,
    path: web::Path<(String, AttendeeId, AccountId)>,
) -> Result<HttpResponse, Problem> {
    relate(&editor, (path.1, path.2), (None, &json!(null))).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

async fn relate(
    editor: &Editor,
    pair: (AttendeeId, AccountId),
    (relation, content): (Option<Relation>, &Value),
) -> Result<(), Problem> {
    let actor = editor.organiser.actor();
    let run = move |unit: &mut Unit<'_>| operations::set_relation(unit, actor, pair, relation).map(|()| String::new());
    once(editor, content, run).await.map(|_| ())
}

async fn load(organiser: &Organiser, id: AttendeeId) -> Result<AttendeeAnswer, Problem> {
    let event = organiser.cell.id;
    let find = move |connection: &mut Connection| {
        let found = store::find_attendee(connection, event, id)?;
        with_accounts(connection, event, found.into_iter().collect())
    };
    organiser.app.readers.read(find).await?.pop().ok_or_else(not_found)
}

fn with_accounts(
    connection: &mut Connection,
    event: EventId,
    attendees: Vec<Attendee>,
) -> diesel::QueryResult<Vec<AttendeeAnswer>> {
    let ids: Vec<AttendeeId> = attendees.iter().map(|attendee| attendee.id).collect();
    let accounts = store::list_accounts(connection, event, &ids)?;
    let answer = |attendee: Attendee| {
        let mine = accounts.iter().filter(|account| account.attendee == attendee.id);
        let told = |account: &AccountOf| AccountAnswer {
            account: account.account,
            relation: account.relation.clone(),
            name: account.name.clone(),
            email: account.email.clone(),
        };
        let accounts = mine.map(told).collect();
        let Attendee { id, name, language, created_at } = attendee;
        AttendeeAnswer { id, name, language, created_at, accounts }
    };
    Ok(attendees.into_iter().map(answer).collect())
}
