//! Codes, signing in, renewing tokens.

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;
use shared::ids::AccountId;
use shared::object::Object;
use shared::problem_code::ProblemCode;

use super::private;
use crate::app::App;
use crate::identity::extractors::{ClientAddress, SignedIn};
use crate::identity::{Credential, IdentityError, NewDevice};
use crate::problem::Problem;
use crate::registration::may_anybody_register;

/// A code is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeRequest {
    email: String,
    language: Option<String>,
}

/// Somebody signs in, with exactly one of `code`, `code` and `email`, `link`, `email` and `password`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    code: Option<String>,
    email: Option<String>,
    link: Option<String>,
    password: Option<String>,
    device: NewDevice,
}

/// Tokens are renewed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewalRequest {
    refresh_token: String,
}

impl SignInRequest {
    fn split(self) -> Result<(Credential, NewDevice), Problem> {
        let credential = match (self.code, self.email, self.link, self.password) {
            (Some(code), None, None, None) => Credential::Code(code),
            (Some(code), Some(email), None, None) => Credential::MailedCode { email, code },
            (None, None, Some(link), None) => Credential::Link(link),
            (None, Some(email), None, Some(password)) => Credential::Password { email, password },
            _ => {
                let detail = "Send exactly one of: code; code and email; link; email and password.";
                return Err(Problem::new(ProblemCode::InvalidRequest, detail));
            }
        };
        Ok((credential, self.device))
    }
}

/// Counts an attempt by the address it comes from, unless that is a venue's.
pub fn count_attempt(app: &App, ClientAddress(address): ClientAddress) -> Result<(), IdentityError> {
    let is_exempt = |address| app.config.sign_in_exempt_networks.0.iter().any(|network| network.contains(address));
    match address {
        Some(address) if !is_exempt(address) => app.identity.count_attempt_from(address),
        _ => Ok(()),
    }
}

/// Mails a code, if the address is an account's, or somebody may register who has none. The answer is the same if not.
pub async fn request_code(
    app: web::Data<App>,
    address: ClientAddress,
    body: web::Json<Object<CodeRequest>>,
) -> Result<HttpResponse, Problem> {
    count_attempt(&app, address)?;
    let CodeRequest { email, language } = body.into_inner().0;
    let asked = app.clone();
    let may_come = async move { may_anybody_register(&asked).await };
    app.identity.request_code(&email, language, may_come)?;
    Ok(private(StatusCode::ACCEPTED).json(json!({})))
}

/// Signs a device in.
pub async fn sign_in(
    app: web::Data<App>,
    address: ClientAddress,
    body: web::Json<Object<SignInRequest>>,
) -> Result<HttpResponse, Problem> {
    count_attempt(&app, address)?;
    let (credential, device) = body.into_inner().0.split()?;
    let answer = app.identity.sign_in(credential, device).await?;
    Ok(private(StatusCode::OK).json(answer))
}

/// New tokens for a refresh token.
pub async fn renew_tokens(
    app: web::Data<App>,
    body: web::Json<Object<RenewalRequest>>,
) -> Result<HttpResponse, Problem> {
    let tokens = app.identity.renew(&body.0.0.refresh_token).await?;
    Ok(private(StatusCode::OK).json(tokens))
}

/// A code that staff hand to a person of their event.
pub async fn hand_out_code(
    app: web::Data<App>,
    staff: SignedIn,
    path: web::Path<(String, AccountId)>,
) -> Result<HttpResponse, Problem> {
    let (event, person) = path.into_inner();
    let (code, expires_at) = app.identity.hand_out_code(staff.account, event, person).await?;
    Ok(private(StatusCode::CREATED).json(json!({ "code": code, "expires_at": expires_at })))
}

/// The public keys of access tokens (RFC 7517).
pub async fn answer_keys(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=5")).json(app.identity.public_keys())
}
