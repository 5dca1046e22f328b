//! Who looks after a delegation, and who belongs to it.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::ids::{AccountId, RecordId};
use shared::programme::{Collection, DelegationDuty};
use shared::registration::RegistrationStatus;

use super::answers::{member_item, require_oversight_in};
use crate::attendees::operations::{ensure_account_of, require_name};
use crate::database::Connection;
use crate::identity::find_account;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::load_record;
use crate::programme::http::paging::{Page, PageAnswer, PageParameters};
use crate::programme::http::submit::{mark_replayed, once_by};
use crate::programme::operations::read;
use crate::registration::duties::{Duty, set_duty, set_phone};
use crate::registration::store::{self, Filter};
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// An account with what it does for a delegation.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DutiesAnswer {
    account: AccountId,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    duties: BTreeSet<DelegationDuty>,
}

/// A duty for an account by its address, made where there is none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DutyRequest {
    email: String,
    name: String,
    #[serde(default)]
    phone: Option<String>,
    duty: DelegationDuty,
}

/// The parameters of a list of members.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberParameters {
    limit: Option<u32>,
    cursor: Option<String>,
    status: Option<RegistrationStatus>,
}

/// `GET …/delegations/{id}/duties`: one page of the accounts that have a duty for the delegation.
pub async fn list_duties(
    member: Member,
    path: web::Path<(String, String)>,
    parameters: Query<PageParameters>,
) -> Result<HttpResponse, Problem> {
    let page = parameters.read()?;
    let delegation = load_looked_after(&member, &path.1).await?;
    let held: Vec<(AccountId, BTreeSet<DelegationDuty>)> = {
        let memory = member.cell.read();
        let duties = memory.list_rights().filter_map(|(id, rights)| Some((*id, rights.delegations.get(&delegation)?)));
        duties.map(|(account, duties)| (account, duties.clone())).collect()
    };
    let PageAnswer { items, next } = page.cut(held, |(account, _)| account.to_string());
    let event = member.cell.id;
    let name = move |connection: &mut Connection| {
        let mut phones = store::list_phones(connection, event, delegation)?;
        let mut answers = Vec::with_capacity(items.len());
        for (account, duties) in items {
            let found = find_account(connection, account)?;
            let (name, email) = found.map(|found| (found.name, found.email)).unwrap_or_default();
            let phone = phones.remove(&account);
            answers.push(DutiesAnswer { account, name, email, phone, duties });
        }
        Ok(answers)
    };
    let items = member.app.readers.read(name).await?;
    Ok(private(StatusCode::OK).json(PageAnswer { items, next }))
}

/// `POST …/delegations/{id}/duties`: gives a duty to whoever has an address.
pub async fn give_duty_by_email(
    member: Member,
    path: web::Path<(String, String)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let delegation = load_overseen(&member, &path.1).await?;
    let DutyRequest { email, name, phone, duty } = read(&body)?;
    let actor = member.actor(None);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        require_oversight_in(rights)?;
        require_name(&name)?;
        let account = ensure_account_of(unit, name.trim(), &email)?;
        set_duty(unit, actor, Duty { delegation, account, duty }, true)?;
        if let Some(phone) = &phone {
            set_phone(unit, actor, (delegation, account), phone)?;
        }
        Ok(account.to_string())
    };
    let done = once_by(&member, &body, run).await?;
    let answer = private(StatusCode::OK).json(json!({ "account": done.outcome, "duty": duty }));
    Ok(mark_replayed(answer, done.is_replayed))
}

/// `PUT …/delegations/{id}/duties/{account}/{duty}`.
pub async fn give_duty(
    member: Member,
    path: web::Path<(String, String, AccountId, String)>,
) -> Result<HttpResponse, Problem> {
    change(&member, &path, true).await
}

/// `DELETE …/delegations/{id}/duties/{account}/{duty}`.
pub async fn end_duty(
    member: Member,
    path: web::Path<(String, String, AccountId, String)>,
) -> Result<HttpResponse, Problem> {
    change(&member, &path, false).await
}

/// `GET …/delegations/{id}/members`: one page of those who belong to the delegation, as they see them
/// who look after it.
pub async fn list_delegation_members(
    member: Member,
    path: web::Path<(String, String)>,
    parameters: Query<MemberParameters>,
) -> Result<HttpResponse, Problem> {
    let page = Page::new(parameters.limit, parameters.cursor.as_deref())?;
    let delegation = load_looked_after(&member, &path.1).await?;
    let filter = Filter {
        delegation: Some(delegation),
        status: parameters.status,
        after: page.after.clone().unwrap_or_default(),
        limit: page.limit + 1,
        ..Filter::default()
    };
    let event = member.cell.id;
    let list = move |connection: &mut Connection| {
        let found = store::list_page(connection, event, &filter)?;
        let keyed = found.iter().map(|(attendee, stored)| (attendee.id.to_string(), member_item(attendee, stored)));
        QueryResult::Ok(keyed.collect::<Vec<_>>())
    };
    let answer: PageAnswer<Value> = page.finish(member.app.readers.read(list).await?);
    Ok(private(StatusCode::OK).json(answer))
}

async fn change(
    member: &Member,
    (_, name, account, duty): &(String, String, AccountId, String),
    is_held: bool,
) -> Result<HttpResponse, Problem> {
    let delegation = load_overseen(member, name).await?;
    let duty: DelegationDuty = duty.parse().map_err(|()| not_found())?;
    let (actor, duty) = (member.actor(None), Duty { delegation, account: *account, duty });
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        require_oversight_in(rights)?;
        set_duty(unit, actor, duty, is_held).map(|()| String::new())
    };
    let done = once_by(member, &Value::Null, run).await?;
    Ok(mark_replayed(private(StatusCode::NO_CONTENT).finish(), done.is_replayed))
}

/// The delegation, for organisers, the protocol officer and those who look after it.
async fn load_looked_after(member: &Member, name: &str) -> Result<RecordId, Problem> {
    let delegation = load_record((&member.app, &member.cell), Collection::Delegations, name).await?.id;
    let rights = member.rights();
    let may_look = rights.sees_everything() || rights.delegations.contains_key(&delegation);
    if may_look { Ok(delegation) } else { Err(not_found()) }
}

/// The delegation, for those who decide who looks after it. Who looks after it may know that; for
/// everybody else there is no such thing.
async fn load_overseen(member: &Member, name: &str) -> Result<RecordId, Problem> {
    let delegation = load_looked_after(member, name).await?;
    require_oversight_in(&member.rights())?;
    Ok(delegation)
}
