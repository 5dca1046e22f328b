//! How this domain answers.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::items::Item;
use crate::identity::SignedIn;
use crate::negotiation::holds_version;
use crate::problem::Problem;

/// How long caches keep what everybody may read.
const PUBLIC_CACHE: &str = "public, max-age=5, stale-while-revalidate=30";

/// An answer that is stored nowhere on its way.
pub fn private(status: StatusCode) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    answer
}

/// One item with its rev as entity tag, for who is signed in.
pub fn private_item(status: StatusCode, item: &Item) -> HttpResponse {
    private(status).insert_header((header::ETAG, tag_of(item))).json(item.to_json())
}

/// One item that was made, and where it is.
pub fn created(item: &Item, location: &str) -> HttpResponse {
    private(StatusCode::CREATED)
        .insert_header((header::ETAG, tag_of(item)))
        .insert_header((header::LOCATION, location))
        .json(item.to_json())
}

/// One item for a reader: 304 where it has that version.
pub fn answer_item(request: &HttpRequest, who: Option<SignedIn>, item: &Item) -> HttpResponse {
    match tagged(request, who, &tag_of(item)) {
        (mut answer, true) => answer.finish(),
        (mut answer, false) => answer.json(item.to_json()),
    }
}

/// A list for a reader. For who is not signed in it can be kept, with an entity tag of its bytes.
pub fn answer_list<T: Serialize>(request: &HttpRequest, who: Option<SignedIn>, list: &T) -> HttpResponse {
    let body = match serde_json::to_vec(list) {
        Ok(body) => body,
        Err(error) => return Problem::internal(error).error_response(),
    };
    if who.is_some() {
        return private(StatusCode::OK).content_type("application/json").body(body);
    }
    let tag: String = Sha256::digest(&body).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    match tagged(request, who, &tag) {
        (mut answer, true) => answer.finish(),
        (mut answer, false) => answer.content_type("application/json").body(body),
    }
}

fn tag_of(item: &Item) -> String {
    format!("\"{}\"", item.rev)
}

/// An answer with an entity tag, and whether the reader has that version already.
fn tagged(request: &HttpRequest, who: Option<SignedIn>, tag: &str) -> (HttpResponseBuilder, bool) {
    let has_it = holds_version(request.headers(), tag);
    let mut answer = if has_it { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    let cache = if who.is_some() { "no-store" } else { PUBLIC_CACHE };
    answer
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::VARY, "Authorization"));
    (answer, has_it)
}
