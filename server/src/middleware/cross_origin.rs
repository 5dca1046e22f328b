//! Which web pages of other origins may call.

use actix_cors::Cors;
use actix_web::http::header;

use super::REQUEST_ID_HEADER;
use crate::config::Origin;

/// The rules of cross-origin calls: tokens travel in `Authorization`, never in cookies, so no
/// credentials mode is needed.
pub fn allow_origins(origins: &[Origin]) -> Cors {
    let headers = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::HeaderName::from_static("idempotency-key"),
        header::HeaderName::from_static("cumbre-base"),
        REQUEST_ID_HEADER,
    ];
    let exposed = [
        header::ETAG,
        header::LOCATION,
        header::RETRY_AFTER,
        REQUEST_ID_HEADER,
        header::HeaderName::from_static("idempotency-replayed"),
        header::HeaderName::from_static("cumbre-missing-characters"),
    ];
    let base = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers(headers)
        .expose_headers(exposed)
        .block_on_origin_mismatch(false)
        .max_age(3_600);
    origins.iter().fold(base, |cors, origin| match origin {
        Origin::Any => cors.allow_any_origin(),
        Origin::One(origin) => cors.allowed_origin(origin),
    })
}
