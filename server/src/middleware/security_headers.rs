//! Headers that keep browsers from guessing, framing and leaking.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// What answers of the API carry unless the handler set its own.
const HEADERS: &[(HeaderName, &str)] = &[
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
];

/// Adds them; where the server is reached by TLS, HSTS too.
pub(super) fn add(headers: &mut HeaderMap, is_https: bool) {
    for (name, value) in HEADERS {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), HeaderValue::from_static(value));
        }
    }
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handlers_own_policy_stays() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'self'"));
        add(&mut headers, false);
        let policy = headers.get(header::CONTENT_SECURITY_POLICY).map(HeaderValue::as_bytes);
        assert_eq!(policy, Some(&b"default-src 'self'"[..]));
        assert!(headers.contains_key(header::X_CONTENT_TYPE_OPTIONS));
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
