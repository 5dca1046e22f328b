//! What organisers look after: what is wrong, and who changed what.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use shared::problem_code::ProblemCode;
use shared::time::Timestamp;
use uuid::Uuid;

use super::access::Organiser;
use super::answers::private;
use super::paging::{Page, PageParameters};
use crate::problem::{Problem, Query};
use crate::programme::check::{Finding, check};
use crate::programme::store::{AuditEntry, AuditFilter, list_audit};

/// `GET …/findings`: one page of what is wrong with the programme.
pub async fn list_findings(organiser: Organiser, parameters: Query<PageParameters>) -> Result<HttpResponse, Problem> {
    let page = parameters.read()?;
    let programme = organiser.programme().await?;
    let findings = web::block(move || check(&programme)).await.map_err(Problem::unavailable)?;
    Ok(private(StatusCode::OK).json(page.cut(findings, Finding::key)))
}

/// The parameters of the audit log.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditParameters {
    limit: Option<u32>,
    cursor: Option<String>,
    record: Option<Uuid>,
    account: Option<Uuid>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

/// `GET …/audit`: who changed what, the newest first.
pub async fn answer_audit(organiser: Organiser, parameters: Query<AuditParameters>) -> Result<HttpResponse, Problem> {
    let AuditParameters { limit, cursor, record, account, from, to } = parameters.into_inner();
    let page = Page::new(limit, cursor.as_deref())?;
    let before = page.after.as_deref().map(read_place).transpose()?;
    let filter = AuditFilter { record, account, from, to, before, limit: page.limit + 1 };
    let event = organiser.cell.id;
    let lines = organiser.app.readers.read(move |connection| list_audit(connection, event, &filter)).await?;
    let keyed = lines.into_iter().map(|line: AuditEntry| (format!("{}.{}", line.seq, line.ordinal), line)).collect();
    Ok(private(StatusCode::OK).json(page.finish(keyed)))
}

fn read_place(text: &str) -> Result<(u64, u64), Problem> {
    let read = || {
        let (seq, ordinal) = text.split_once('.')?;
        Some((seq.parse().ok()?, ordinal.parse().ok()?))
    };
    read().ok_or_else(|| {
        Problem::new(ProblemCode::InvalidRequest, "cursor is not one that a page named as next.").at("cursor")
    })
}
