//! One id per request, from the caller where it is sane, in the answer, in problems and in the log.

use std::future::Future;

use actix_web::http::header::{HeaderMap, HeaderName};
use uuid::Uuid;

/// The header that carries the id, both ways.
pub const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id accepted from a caller, in bytes.
const MOST_BYTES: usize = 64;

tokio::task_local! {
    static REQUEST_ID: String;
}

/// The id of the request that this task answers; none outside a request.
pub fn current_request_id() -> Option<String> {
    REQUEST_ID.try_with(Clone::clone).ok()
}

/// The caller's id if it is short and plain, else a new one.
pub(super) fn choose(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID_HEADER).and_then(|value| value.to_str().ok());
    match given {
        Some(id) if is_sane(id) => id.to_owned(),
        _ => Uuid::new_v4().to_string(),
    }
}

/// Runs a future as part of the request of this id.
pub(super) async fn scope<F: Future>(id: String, work: F) -> F::Output {
    REQUEST_ID.scope(id, work).await
}

fn is_sane(id: &str) -> bool {
    (8..=MOST_BYTES).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn a_plain_id_is_kept_and_another_is_replaced() {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID_HEADER, HeaderValue::from_static("app-7f3.00012"));
        assert_eq!(choose(&headers), "app-7f3.00012");
        headers.insert(REQUEST_ID_HEADER, HeaderValue::from_static("a b{} forged line"));
        assert!(Uuid::parse_str(&choose(&headers)).is_ok());
    }

    #[tokio::test]
    async fn the_id_is_known_inside_the_request_only() {
        let inside = scope("id-12345".to_owned(), async { current_request_id() }).await;
        assert_eq!((inside.as_deref(), current_request_id()), (Some("id-12345"), None));
    }
}
