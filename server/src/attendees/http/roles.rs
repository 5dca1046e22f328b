//! The roles of staff.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::ids::AccountId;

use crate::attendees::operations::{ensure_account_of, require_name};
use crate::attendees::roles::set_role;
use crate::identity::find_account;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Editor, Organiser, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::paging::{PageAnswer, PageParameters};
use crate::programme::http::submit::once;
use crate::programme::operations::read;
use crate::sync::change_log::{Role, Unit};

/// An account with its roles at the event.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RolesAnswer {
    account: AccountId,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    roles: BTreeSet<Role>,
}

/// A role for an account by its address, made where there is none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleRequest {
    email: String,
    name: String,
    role: Role,
}

/// `GET …/roles`: one page of the accounts that have a role.
pub async fn list_roles(organiser: Organiser, parameters: Query<PageParameters>) -> Result<HttpResponse, Problem> {
    let page = parameters.read()?;
    let held: Vec<(AccountId, BTreeSet<Role>)> = {
        let memory = organiser.cell.read();
        let with_roles = memory.list_rights().filter(|(_, rights)| !rights.roles.is_empty());
        with_roles.map(|(account, rights)| (*account, rights.roles.clone())).collect()
    };
    let PageAnswer { items, next } = page.cut(held, |(account, _)| account.to_string());
    let name = move |connection: &mut _| {
        let mut answers = Vec::with_capacity(items.len());
        for (account, roles) in items {
            let found = find_account(connection, account)?;
            let (name, email) = found.map(|found| (found.name, found.email)).unwrap_or_default();
            answers.push(RolesAnswer { account, name, email, roles });
        }
        Ok(answers)
    };
    let items = organiser.app.readers.read(name).await?;
    Ok(private(StatusCode::OK).json(PageAnswer { items, next }))
}

/// `POST …/roles`: gives a role to whoever has an address.
pub async fn give_role_by_email(editor: Editor, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let RoleRequest { email, name, role } = read(&body)?;
    let actor = editor.organiser.actor();
    let run = move |unit: &mut Unit<'_>| {
        require_name(&name)?;
        let account = ensure_account_of(unit, name.trim(), &email)?;
        set_role(unit, actor, (account, role), true)?;
        Ok(account.to_string())
    };
    let account = once(&editor, &body, run).await?.outcome;
    Ok(private(StatusCode::OK).json(json!({ "account": account, "role": role })))
}

/// `PUT …/roles/{account}/{role}`.
pub async fn give_role(editor: Editor, path: web::Path<(String, AccountId, String)>) -> Result<HttpResponse, Problem> {
    change(&editor, (path.1, &path.2), true).await
}

/// `DELETE …/roles/{account}/{role}`.
pub async fn take_role(editor: Editor, path: web::Path<(String, AccountId, String)>) -> Result<HttpResponse, Problem> {
    change(&editor, (path.1, &path.2), false).await
}

async fn change(editor: &Editor, (account, role): (AccountId, &str), is_held: bool) -> Result<HttpResponse, Problem> {
    let role: Role = role.parse().map_err(|()| not_found())?;
    let actor = editor.organiser.actor();
    let run = move |unit: &mut Unit<'_>| set_role(unit, actor, (account, role), is_held).map(|()| String::new());
    once(editor, &Value::Null, run).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}
