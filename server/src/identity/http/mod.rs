//! Identity over HTTP.

mod account;
mod sign_in;

pub use account::{answer_account, answer_devices, change_account, change_password, end_device, sign_out};
pub use sign_in::{answer_keys, count_attempt, hand_out_code, renew_tokens, request_code, sign_in};

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, HttpResponseBuilder};

/// An answer that is stored nowhere on its way.
fn private(status: StatusCode) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer.insert_header((CACHE_CONTROL, "no-store"));
    answer
}

#[cfg(test)]
mod tests;
