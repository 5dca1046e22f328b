//! Who is in which coach, and who is missing.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::ids::RecordId;
use shared::programme::Collection;

use super::reports::{find_record, require_desk};
use crate::check_in::reports::{About, Boarded, Missing, absence, boarding};
use crate::database::Connection;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, load_programme, not_found};
use crate::programme::http::answers::private;

/// Which transfer or visit it is about, by id or slug.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardingParameters {
    session: String,
}

/// How it goes at the coaches of a transfer or visit.
#[derive(Clone, PartialEq, Debug, Serialize)]
struct Boarding {
    session: RecordId,
    expected: u64,
    boarded: u64,
    vehicles: Vec<Boarded>,
    missing: Vec<Missing>,
}

/// `GET …/check-in/boarding`: how many are in which vehicle, and who has not boarded any, by name.
pub async fn get_boarding(member: Member, parameters: Query<BoardingParameters>) -> Result<HttpResponse, Problem> {
    require_desk(&member)?;
    let programme = load_programme(&member.app, &member.cell).await?;
    let session = find_record(&programme, Collection::Sessions, &parameters.session).ok_or_else(not_found)?;
    let event = member.cell.id;
    let find = move |connection: &mut Connection| {
        let about = About { session: Some(session), ..About::default() };
        let absence = absence(connection, (event, &programme), about)?;
        Ok((boarding(connection, (event, &programme), (session, &absence.rides))?, absence))
    };
    let (vehicles, absence) = member.app.readers.read(find).await?;
    let (expected, boarded) = (absence.expected, absence.admitted);
    let answer = Boarding { session, expected, boarded, vehicles, missing: absence.missing };
    Ok(private(StatusCode::OK).json(answer))
}
