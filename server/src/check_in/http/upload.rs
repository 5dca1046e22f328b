//! Scans in bulk.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::problem_code::ProblemCode;

use crate::check_in::authority::Hands;
use crate::check_in::command::{may_record, no_business};
use crate::check_in::recording::{Outcome, hand_in};
use crate::problem::Problem;
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::refusal::read;
use crate::sync::change_log::Unit;

/// The most scans in one request.
const MOST_SCANS: usize = 5_000;

/// How many are written in one unit, so that no check waits long.
const SCANS_AT_ONCE: usize = 250;

/// What is handed in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Upload {
    scans: Vec<Value>,
}

/// What became of one of them.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Receipt {
    #[serde(skip_serializing_if = "Value::is_null")]
    id: Value,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// `POST …/scans`: keeps all of them, and tells of each what became of it. What was kept when the answer is
/// lost, or an error comes in between, is a duplicate the next time.
pub async fn upload_scans(member: Member, body: web::Bytes) -> Result<HttpResponse, Problem> {
    if !may_record(&member.rights()) {
        return Err(no_business().into());
    }
    let body: Value = serde_json::from_slice(&body)?;
    let Upload { scans } = read(&body)?;
    if scans.len() > MOST_SCANS {
        let detail = format!("There are more than {MOST_SCANS} scans.");
        return Err(Problem::new(ProblemCode::TooLarge, detail).at("/scans"));
    }
    let mut receipts = Vec::with_capacity(scans.len());
    for chunk in scans.chunks(SCANS_AT_ONCE) {
        let (actor, who) = (member.actor(None), member.who);
        let (values, memory) = (chunk.to_vec(), member.cell.clone());
        let run = move |unit: &mut Unit<'_>| {
            let mut rights = memory.read().rights(who.account);
            unit.group.adjust_rights(who.account, &mut rights);
            if !may_record(&rights) {
                return Err(no_business().into());
            }
            Ok(hand_in(unit, &memory, (Hands::of(actor, &rights), &values))?)
        };
        let committed = member.app.writer.unit(member.cell.id, run).await?;
        receipts.extend(chunk.iter().zip(committed.value).map(receipt));
    }
    Ok(private(StatusCode::OK).json(json!({ "results": receipts })))
}

/// What is told of something that was handed in.
pub fn receipt((value, outcome): (&Value, Outcome)) -> Receipt {
    let id = value.get("id").filter(|id| id.as_str().is_some_and(|id| id.len() <= 36)).cloned().unwrap_or_default();
    let status = outcome.as_str();
    match outcome {
        Outcome::NotUnderstood(misfit) => {
            Receipt { id, status, field: Some(misfit.field), problem: Some(misfit.problem) }
        }
        Outcome::Recorded | Outcome::Duplicate | Outcome::Reused => Receipt { id, status, field: None, problem: None },
    }
}
