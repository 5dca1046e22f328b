//! Photos, by the hash that rows name them with.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::sync::Profile;

use crate::badges::works_at_desk;
use crate::check_in::is_guest_of;
use crate::database::Connection;
use crate::desk_work::command::require;
use crate::desk_work::photos::{Picture, put};
use crate::desk_work::store::find_photo;
use crate::problem::Problem;
use crate::programme::http::access::{Member, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// `PUT …/attendees/{attendee}/photo`: by a desk, or by the attendee and who acts for them.
pub async fn put_photo(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let picture = Picture::read(&body)?;
    let hash = picture.hash();
    let is_replayed = submit(&member, path.1, Some(picture)).await?;
    Ok(mark_replayed(private(StatusCode::OK).json(json!({ "photo": hash })), is_replayed))
}

/// `DELETE …/attendees/{attendee}/photo`.
pub async fn delete_photo(member: Member, path: web::Path<(String, AttendeeId)>) -> Result<HttpResponse, Problem> {
    let is_replayed = submit(&member, path.1, None).await?;
    Ok(mark_replayed(private(StatusCode::NO_CONTENT).finish(), is_replayed))
}

async fn submit(member: &Member, attendee: AttendeeId, picture: Option<Picture>) -> Result<bool, Problem> {
    let actor = member.actor(Some(attendee));
    let content = json!({ "photo": picture.as_ref().map(Picture::hash) });
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        require(works_at_desk(rights) || rights.attendees.contains_key(&attendee))?;
        put(unit, actor, (attendee, picture.as_ref())).map(|()| String::new())
    };
    let Once { is_replayed, .. } = once_by(member, &content as &Value, run).await?;
    Ok(is_replayed)
}

/// `GET …/photos/{hash}`: for desks, the door of a session whose guest it is, and the attendee.
pub async fn get_photo(member: Member, path: web::Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (event, hash, rights) = (member.cell.id, path.1.clone(), member.rights());
    let find = move |connection: &mut Connection| {
        let Some(photo) = find_photo(connection, event, &hash)? else { return Ok(None) };
        let is_own = photo.attendees.iter().any(|attendee| rights.attendees.contains_key(attendee));
        let is_guest = match rights.roster() {
            Some(profile @ Profile::Protocol(_)) => is_guest_of(connection, (event, profile), &photo.attendees)?,
            _ => false,
        };
        Ok((works_at_desk(&rights) || is_own || is_guest).then_some(photo))
    };
    let photo = member.app.readers.read(find).await?.ok_or_else(not_found)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, max-age=86400, immutable"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .content_type(photo.media_type)
        .body(photo.bytes))
}
