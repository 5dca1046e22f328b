//! Sign-ups as a file.

use actix_web::HttpResponse;
use serde::Deserialize;
use shared::ids::RecordId;
use shared::invitation::InvitedTo;
use shared::signup::SignUpState;

use super::lists::{Reach, is_known, no_reach, read_states};
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, is_known_to_staff, load_programme, not_found};
use crate::registration::files::http::{FileFormat, choose_language, download};
use crate::signups::export::{Selection, SignUpSheet};
use crate::signups::operations::find_session;

/// The parameters of an export.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportParameters {
    format: FileFormat,
    language: Option<String>,
    session: Option<String>,
    state: Option<SignUpState>,
}

/// `GET …/sign-ups/export`: who has which seat, and who waits; a focal point or liaison officer has
/// the members of their delegations.
pub async fn export_sign_ups(member: Member, parameters: Query<ExportParameters>) -> Result<HttpResponse, Problem> {
    let reach = Reach::of(&member.rights()).ok_or_else(no_reach)?;
    let programme = load_programme(&member.app, &member.cell).await?;
    let language = choose_language(parameters.language.as_deref(), &programme)?;
    let rights = member.rights();
    let is_seen = |id: &RecordId| match reach.delegations() {
        None => is_known_to_staff(&rights, &programme, (InvitedTo::Sessions, *id)),
        Some(_) => is_known(&member, &programme, *id),
    };
    let sessions = match parameters.session.as_deref() {
        Some(name) => {
            let found = find_session(&programme, name).filter(|id| programme.session(*id).is_some());
            [found.filter(is_seen).ok_or_else(not_found)?].into()
        }
        // Members may have a seat in what the focal point may not know of by themselves.
        None => {
            programme.sessions().map(|(id, _)| id).filter(|id| reach.delegations().is_some() || is_seen(id)).collect()
        }
    };
    let states = read_states(parameters.state)?;
    let selection = Selection { delegations: reach.delegations().map(<[_]>::to_vec), sessions, states };
    let sheet = SignUpSheet::new(member.cell.id, &programme, (selection, language));
    download(&member, parameters.format, ("sign-ups", sheet)).await
}
