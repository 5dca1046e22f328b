//! What was handed out, lent and taken back, by REST.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::handover::Loan;
use shared::ids::{AttendeeId, RecordId};
use shared::problem_code::ProblemCode;

use crate::badges::works_at_desk;
use crate::check_in::{may_record, receipt};
use crate::database::Connection;
use crate::desk_work::command::require;
use crate::desk_work::handovers::hand_in;
use crate::desk_work::store::{self, About};
use crate::problem::{Problem, Query};
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::programme::http::paging::{Page, PageParameters};
use crate::refusal::read;
use crate::sync::change_log::Unit;

/// The most facts in one request.
const MOST_HANDOVERS: usize = 500;

/// What is handed in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Upload {
    handovers: Vec<Value>,
}

/// What a list is about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListParameters {
    attendee: Option<AttendeeId>,
    delegation: Option<RecordId>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// `POST …/handovers`: keeps all of them, and tells of each what became of it.
pub async fn upload_handovers(member: Member, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    require(may_record(&member.rights()))?;
    let Upload { handovers } = read(&body)?;
    if handovers.len() > MOST_HANDOVERS {
        let detail = format!("There are more than {MOST_HANDOVERS} facts.");
        return Err(Problem::new(ProblemCode::TooLarge, detail).at("/handovers"));
    }
    let (actor, who, memory, values) = (member.actor(None), member.who, member.cell.clone(), handovers.clone());
    let run = move |unit: &mut Unit<'_>| {
        let mut rights = memory.read().rights(who.account);
        unit.group.adjust_rights(who.account, &mut rights);
        require(may_record(&rights))?;
        Ok(hand_in(unit, actor, &values)?)
    };
    let committed = member.app.writer.unit(member.cell.id, run).await?;
    let receipts: Vec<_> = handovers.iter().zip(committed.value).map(receipt).collect();
    Ok(private(StatusCode::OK).json(json!({ "results": receipts })))
}

/// `GET …/handovers`: one page by time, with signatures.
pub async fn list_handovers(member: Member, parameters: Query<ListParameters>) -> Result<HttpResponse, Problem> {
    require(works_at_desk(&member.rights()))?;
    let page = Page::new(parameters.limit, parameters.cursor.as_deref())?;
    let about = About { attendee: parameters.attendee, delegation: parameters.delegation };
    let event = member.cell.id;
    let find = move |connection: &mut Connection| store::list_handovers(connection, event, about);
    let found = member.app.readers.read(find).await?;
    let key = |one: &store::Listed| format!("{}\u{0}{}", one.handover.at.corrected(), one.handover.fact());
    Ok(private(StatusCode::OK).json(page.cut(found, key)))
}

/// `GET …/loans`: one page of what is out, and with whom, by kind and number.
pub async fn list_loans(member: Member, parameters: Query<PageParameters>) -> Result<HttpResponse, Problem> {
    require(works_at_desk(&member.rights()))?;
    let (event, page) = (member.cell.id, parameters.read()?);
    let loans = member.app.readers.read(move |connection| store::list_loans(connection, event)).await?;
    let key = |loan: &Loan| format!("{}\u{0}{}", loan.item.kind, loan.item.number);
    Ok(private(StatusCode::OK).json(page.cut(loans, key)))
}
