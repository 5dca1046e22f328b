//! Scans as a file.

use actix_web::HttpResponse;
use serde::Deserialize;
use shared::programme::Collection;

use super::reports::{find_record, require_desk};
use crate::check_in::export::ScanSheet;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, load_programme, not_found};
use crate::registration::files::http::{FileFormat, download};

/// The parameters of an export.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportParameters {
    format: FileFormat,
    area: Option<String>,
}

/// `GET …/scans/export`: every scan, in the order of their times.
pub async fn export_scans(member: Member, parameters: Query<ExportParameters>) -> Result<HttpResponse, Problem> {
    require_desk(&member)?;
    let programme = load_programme(&member.app, &member.cell).await?;
    let find = |name: &str| find_record(&programme, Collection::AccessAreas, name).ok_or_else(not_found);
    let area = parameters.area.as_deref().map(find).transpose()?;
    let sheet = ScanSheet::new(member.cell.id, programme, area);
    download(&member, parameters.format, ("scans", sheet)).await
}
