//! What a request's headers say of the answer that it wants.

use actix_web::http::header::{self, HeaderMap, HeaderName};

use crate::content_coding::Coding;

/// The best coding that the reader accepts.
pub fn wanted_coding(headers: &HeaderMap) -> Coding {
    Coding::wanted(texts(headers, header::ACCEPT_ENCODING))
}

/// Whether the reader holds the version that this entity tag names (`If-None-Match`). Tags are
/// compared weakly, as RFC 9110 asks for.
pub fn holds_version(headers: &HeaderMap, tag: &str) -> bool {
    texts(headers, header::IF_NONE_MATCH).any(|tags| tags.split(',').any(|held| opaque(held) == opaque(tag)))
}

fn opaque(tag: &str) -> &str {
    tag.trim().trim_start_matches("W/")
}

fn texts(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    headers.get_all(name).filter_map(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn a_version_is_held_by_any_of_the_tags_strong_or_weak() {
        let mut headers = HeaderMap::new();
        headers.append(header::IF_NONE_MATCH, HeaderValue::from_static("\"one\", W/\"two\""));
        headers.append(header::IF_NONE_MATCH, HeaderValue::from_static("\"three\""));
        for tag in ["\"one\"", "W/\"one\"", "\"two\"", "W/\"three\""] {
            assert!(holds_version(&headers, tag), "{tag}");
        }
        assert!(!holds_version(&headers, "\"tw\""));
        assert!(!holds_version(&HeaderMap::new(), "\"one\""));
    }
}
