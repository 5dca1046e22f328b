//! Which collection an address is about: the segment behind the event.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use shared::programme::Collection;

use super::access::not_found;
use crate::problem::Problem;
use crate::sync::projection::row_collection;
use crate::sync::row::RowCollection;

/// A collection that is read, stubs among them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OfRows(pub RowCollection);

/// A collection that is edited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OfRecords(pub Collection);

/// The segment behind `/v1/events/{event}/`. The routes name it literally, so that the path has it
/// where the pattern does; an address without one is about the event itself.
fn segment(request: &HttpRequest) -> &str {
    request.path().split('/').nth(4).unwrap_or_default()
}

fn find_rows(segment: &str) -> Option<RowCollection> {
    match segment {
        "session-stubs" => Some(RowCollection::SessionStubs),
        "part-stubs" => Some(RowCollection::PartStubs),
        "session-fills" => Some(RowCollection::SessionFills),
        "document-stubs" => Some(RowCollection::DocumentStubs),
        _ => Collection::from_path_segment(segment).map(row_collection),
    }
}

impl FromRequest for OfRows {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(find_rows(segment(request)).map(Self).ok_or_else(not_found))
    }
}

impl FromRequest for OfRecords {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Collection::from_path_segment(segment(request)).map(Self).ok_or_else(not_found))
    }
}
