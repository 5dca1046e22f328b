//! One log line and one measurement per request, with the route's pattern: no path, no query, no
//! address, no token, so nobody's ids or words get into the log.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::{Method, StatusCode};

use crate::telemetry;

/// What stands for the pattern where no route matched.
pub(super) const UNMATCHED: &str = "unmatched";

/// The pattern of a resource, known to its requests.
#[derive(Clone, Copy, Debug)]
pub struct RoutePattern(pub &'static str);

pub(super) fn pattern_of(request: &HttpRequest) -> &'static str {
    request.app_data::<RoutePattern>().map_or(UNMATCHED, |pattern| pattern.0)
}

pub(super) fn record(id: &str, route: &'static str, method: &Method, status: StatusCode, took: Duration) {
    let method = method_label(method);
    telemetry::record_request(route, method, status.as_u16(), took.as_secs_f64());
    let duration_ms = took.as_secs_f64() * 1_000.0;
    let status = status.as_u16();
    if route == "/healthz" || route == "/readyz" || route == "/metrics" {
        tracing::debug!(request_id = id, method, route, status, duration_ms, "answered a request");
    } else {
        tracing::info!(request_id = id, method, route, status, duration_ms, "answered a request");
    }
}

/// The method, with one word for all that are not ours, so that callers cannot make labels.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
