//! An invitation as it is answered.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use diesel::QueryResult;
use serde::Serialize;
use shared::invitation::Invitation;
use uuid::Uuid;

use crate::attendees::find_attendee;
use crate::database::Connection;
use crate::invitations::store::{self, Stored};
use crate::problem::Problem;
use crate::programme::http::access::{Member, not_found};
use crate::programme::http::answers::private;
use crate::registration::acting::reading_for;

/// An invitation with whose it is, as one item.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Item {
    id: Uuid,
    rev: u64,
    name: String,
    #[serde(flatten)]
    invitation: Invitation,
}

impl Item {
    /// An invitation of somebody with this name, for staff or for others.
    pub fn of((name, stored): (String, Stored), is_for_staff: bool) -> Self {
        let invitation = if is_for_staff { stored.invitation } else { stored.invitation.for_invited() };
        Self { id: stored.id, rev: stored.rev, name, invitation }
    }

    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }
}

/// One invitation as the account may see it: 404 where it has nothing to do with the invited.
pub async fn answer_item(member: &Member, id: Uuid, status: StatusCode) -> Result<HttpResponse, Problem> {
    let (event, rights) = (member.cell.id, member.rights());
    let is_staff = rights.sees_everything();
    let find = move |connection: &mut Connection| {
        let Some(stored) = store::find(connection, event, id)? else { return Ok(None) };
        if stored.invitation.is_withdrawn() && !is_staff {
            return Ok(None);
        }
        let attendee = stored.invitation.attendee;
        if reading_for(connection, event, &rights, attendee)?.is_none() {
            return Ok(None);
        }
        let named = find_attendee(connection, event, attendee)?;
        QueryResult::Ok(named.map(|named| Item::of((named.name, stored), is_staff)))
    };
    let item = member.app.readers.read(find).await?.ok_or_else(not_found)?;
    let mut answer = private(status);
    answer.insert_header((header::ETAG, format!("\"{}\"", item.rev)));
    if status == StatusCode::CREATED {
        answer.insert_header((header::LOCATION, format!("/v1/events/{event}/invitations/{id}")));
    }
    Ok(answer.json(item))
}
