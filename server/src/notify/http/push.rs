//! How the device that asks is reached by push, and what is wanted of it.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};
use shared::notice::Preferences;
use uuid::Uuid;

use crate::app::App;
use crate::identity::SignedIn;
use crate::notify::push::{self, Address, PushDevice};
use crate::problem::Problem;
use crate::programme::http::access::not_found;
use crate::programme::http::answers::private;
use crate::refusal::read;

/// `GET /v1/push/keys`: what apps need to register with a provider.
pub async fn get_push_keys(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .json(json!({ "web_push": app.push.web_push_key(), "providers": app.push.list() }))
}

fn view(device: PushDevice) -> Value {
    let mut view = json!({ "preferences": device.preferences });
    let mut subscription = serde_json::Map::new();
    let parts = [
        ("provider", json!(device.provider)),
        ("registered_at", json!(device.registered_at)),
        ("failed_at", json!(device.failed_at)),
        ("failure", json!(device.failure)),
    ];
    subscription.extend(parts.into_iter().filter(|(_, value)| !value.is_null()).map(|(n, v)| (n.to_owned(), v)));
    if !subscription.is_empty() {
        view["subscription"] = subscription.into();
    }
    view
}

/// `GET /v1/account/push`.
pub async fn get_push(app: web::Data<App>, who: SignedIn) -> Result<HttpResponse, Problem> {
    Ok(private(StatusCode::OK).json(view(push::find_device(&app, who.device).await?)))
}

/// `PUT /v1/account/push`: the device is reached there from now on.
pub async fn put_push(app: web::Data<App>, who: SignedIn, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let address: Address = read(&body)?;
    if !address.is_made_for_device() {
        app.identity.count_test_of(who.device)?;
    }
    let device = push::set_address(&app, (who.account, who.device), &address).await?;
    Ok(private(StatusCode::OK).json(view(device)))
}

/// `DELETE /v1/account/push`: it is not reached any more.
pub async fn delete_push(app: web::Data<App>, who: SignedIn) -> Result<HttpResponse, Problem> {
    push::remove_address(&app, (who.account, who.device)).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

/// `PUT /v1/account/push/preferences`: what the device is told of, how and when.
pub async fn put_push_preferences(
    app: web::Data<App>,
    who: SignedIn,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let preferences: Preferences = read(&body)?;
    let device = push::set_preferences(&app, (who.account, who.device), preferences).await?;
    Ok(private(StatusCode::OK).json(view(device)))
}

/// `POST /v1/account/push/test`: can I be reached?
pub async fn test_push(app: web::Data<App>, who: SignedIn) -> Result<HttpResponse, Problem> {
    app.identity.count_test_of(who.device)?;
    let id = push::test(&app, who.device).await?;
    app.push.wake();
    Ok(private(StatusCode::ACCEPTED).json(json!({ "id": id })))
}

/// `GET /v1/account/push/test/{id}`: what became of that.
pub async fn get_push_test(app: web::Data<App>, who: SignedIn, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let (state, failure) = push::find_test(&app, who.device, path.into_inner()).await?.ok_or_else(not_found)?;
    let mut answer = json!({ "state": state });
    if let Some(failure) = failure {
        answer["failure"] = json!(failure);
    }
    Ok(private(StatusCode::OK).json(answer))
}
