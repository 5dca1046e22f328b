//! What every request passes on its way in and every answer on its way out.

mod access_log;
mod cross_origin;
mod rate_limit;
mod request_id;
mod security_headers;
mod time_limit;

use std::time::Instant;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError, web};

pub use access_log::RoutePattern;
pub use cross_origin::allow_origins;
pub use rate_limit::{RateLimits, limit_rate};
pub use request_id::{REQUEST_ID_HEADER, current_request_id};
pub use time_limit::limit_time;

use crate::app::App;
use crate::problem::{self, Problem};

/// The outermost layer: gives the request its id, and every answer its id, security headers, log
/// line and measurement, also where a layer inside failed.
pub async fn frame<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let began = Instant::now();
    let method = request.method().clone();
    let is_https = request.app_data::<web::Data<App>>().is_some_and(|app| app.is_reached_by_tls());
    let id = request_id::choose(request.headers());
    let outcome = request_id::scope(id.clone(), async {
        next.call(request).await.map(in_our_form).map_err(|error| problem::of_framework(&error).error_response())
    })
    .await;
    match outcome {
        Ok(mut response) => {
            finish(response.headers_mut(), &id, is_https);
            let pattern = access_log::pattern_of(response.request());
            access_log::record(&id, pattern, &method, response.status(), began.elapsed());
            Ok(response)
        }
        Err(mut response) => {
            finish(response.headers_mut(), &id, is_https);
            access_log::record(&id, access_log::UNMATCHED, &method, response.status(), began.elapsed());
            Err(InternalError::from_response("a layer refused the request", response).into())
        }
    }
}

/// What the framework refused by itself, such as a body over its bound, as a problem.
fn in_our_form<B: MessageBody + 'static>(response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B>> {
    let problem = match response.response().error() {
        Some(error) if error.as_error::<Problem>().is_none() => problem::of_framework(error),
        _ => return response.map_into_left_body(),
    };
    response.into_response(problem.error_response()).map_into_right_body()
}

fn finish(headers: &mut HeaderMap, id: &str, is_https: bool) {
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID_HEADER, value);
    }
    security_headers::add(headers, is_https);
}
