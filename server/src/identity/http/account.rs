//! One's own account and devices.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Deserializer, Serialize};
use shared::ids::DeviceId;
use shared::object::Object;

use super::private;
use crate::app::App;
use crate::identity::extractors::SignedIn;
use crate::identity::{AccountChange, Device, IdentityError};
use crate::problem::Problem;

/// A merge patch of one's account (RFC 7396): what is missing stays, `null` removes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    #[serde(default, deserialize_with = "read_given")]
    name: Option<Option<String>>,
    #[serde(default, deserialize_with = "read_given")]
    language: Option<Option<String>>,
}

/// A password is set; whoever has one shows it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordRequest {
    current_password: Option<String>,
    password: String,
}

#[derive(Serialize)]
struct DeviceView {
    #[serde(flatten)]
    device: Device,
    is_current: bool,
}

/// A member that is there, `null` included.
fn read_given<'de, D: Deserializer<'de>>(deserialiser: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserialiser).map(Some)
}

/// One's account, the attendees one is or acts for, and one's roles.
pub async fn answer_account(app: web::Data<App>, who: SignedIn) -> Result<HttpResponse, Problem> {
    let profile = app.identity.load_profile(who.account).await?;
    Ok(private(StatusCode::OK).json(profile))
}

/// Changes one's name or language.
pub async fn change_account(
    app: web::Data<App>,
    who: SignedIn,
    body: web::Json<Object<AccountPatch>>,
) -> Result<HttpResponse, Problem> {
    let AccountPatch { name, language } = body.into_inner().0;
    if name == Some(None) {
        return Err(IdentityError::Invalid { field: "/name", problem: "cannot be removed" }.into());
    }
    let change = AccountChange { name: name.flatten(), language };
    let profile = app.identity.change_account(who.account, change).await?;
    Ok(private(StatusCode::OK).json(profile))
}

/// Sets one's password.
pub async fn change_password(
    app: web::Data<App>,
    who: SignedIn,
    body: web::Json<Object<PasswordRequest>>,
) -> Result<HttpResponse, Problem> {
    let PasswordRequest { current_password, password } = body.into_inner().0;
    app.identity.change_password(who.account, current_password, password).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

/// One's devices, those used last first.
pub async fn answer_devices(app: web::Data<App>, who: SignedIn) -> Result<HttpResponse, Problem> {
    let devices = app.identity.list_devices(who.account).await?;
    let view = |device: Device| DeviceView { is_current: device.id == who.device, device };
    let items: Vec<DeviceView> = devices.into_iter().map(view).collect();
    Ok(private(StatusCode::OK).json(serde_json::json!({ "items": items })))
}

/// Ends one of one's devices.
pub async fn end_device(
    app: web::Data<App>,
    who: SignedIn,
    device: web::Path<DeviceId>,
) -> Result<HttpResponse, Problem> {
    app.identity.end_device(who.account, device.into_inner()).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

/// Ends the device that asks.
pub async fn sign_out(app: web::Data<App>, who: SignedIn) -> Result<HttpResponse, Problem> {
    app.identity.end_device(who.account, who.device).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}
