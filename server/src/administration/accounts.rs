//! Accounts and their roles.

use std::sync::Arc;

use serde_json::json;
use shared::ids::AccountId;

use super::AdministrationError;
use crate::app::App;
use crate::identity::{self, NewAccount};
use crate::sync::change_log::{Actor, AuditLine, Role};
use crate::sync::feed::EventCell;

/// The account with this address, made where there is none.
pub async fn ensure_account(
    app: &App,
    email: &str,
    name: &str,
    language: Option<String>,
) -> Result<AccountId, AdministrationError> {
    let email = normalise(email)?;
    if name.trim().is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(AdministrationError::Value("a name has 1 to 200 characters and no control characters"));
    }
    let new = NewAccount { email: Some(email), name: name.trim().to_owned(), language };
    let now = app.clock.now();
    let account = app.writer.system(move |connection| identity::ensure_account(connection, &new, now)).await?;
    Ok(account.id)
}

/// The account with this address.
pub async fn load_account(app: &App, email: &str) -> Result<AccountId, AdministrationError> {
    let email = normalise(email)?;
    let found = app.readers.read(move |connection| identity::find_account_by_email(connection, &email)).await?;
    found.map(|account| account.id).ok_or(AdministrationError::NoAccount)
}

/// Gives or takes a role at an event, named by slug or id; false where that is so already.
pub async fn set_role(
    app: &App,
    account: AccountId,
    event: &str,
    (role, is_held): (Role, bool),
) -> Result<bool, AdministrationError> {
    let cell = load_event(app, event)?;
    if cell.read().rights(account).roles.contains(&role) == is_held {
        return Ok(false);
    }
    let grant = move |unit: &mut crate::sync::change_log::Unit<'_>| {
        unit.group.set_role(account, role, is_held);
        unit.group.audit(AuditLine {
            actor: Actor::default(),
            operation: if is_held { "role.grant" } else { "role.revoke" }.to_owned(),
            collection: "roles",
            record: account.0,
            before: None,
            after: Some(json!({ "role": role.as_str(), "held": is_held })),
        });
        Ok(())
    };
    app.writer.unit(cell.id, grant).await?;
    Ok(true)
}

/// The event with this slug or id.
pub fn load_event(app: &App, named: &str) -> Result<Arc<EventCell>, AdministrationError> {
    let by_id = named.parse().ok().and_then(|id| app.events.find(id));
    let cell = by_id.or_else(|| app.events.find_by_slug(named));
    cell.ok_or_else(|| AdministrationError::NoEvent(named.to_owned()))
}

fn normalise(email: &str) -> Result<String, AdministrationError> {
    identity::normalise_email(email).ok_or(AdministrationError::Value("this is no address that mail can be sent to"))
}
