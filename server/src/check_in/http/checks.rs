//! Checks by REST, for others' scanners too.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::admission::Presented;
use shared::badge::{BadgeKey, BadgeKeys, key_named_in, key_row_id};
use shared::ids::RecordId;
use shared::programme::Collection;
use shared::sync::{Profile, Scope};

use super::reports::find_record;
use crate::check_in::asked::Asked;
use crate::check_in::checks::{Answer, check, may_check, verify};
use crate::check_in::known::Shown;
use crate::check_in::store::find_row;
use crate::database::Connection;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, load_programme, not_found};
use crate::programme::http::answers::private;
use crate::refusal::read;
use crate::sync::change_log::Unit;
use crate::sync::feed::EventMemory;
use crate::sync::row::{RowCollection, RowKey};

/// In which language the words are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    language: Option<String>,
}

/// An answer in words.
#[derive(Clone, PartialEq, Debug, Serialize)]
struct Told {
    #[serde(flatten)]
    answer: Answer,
    sentence: String,
    next_sentence: &'static str,
}

/// `POST …/checkpoints/{id}/check`: the verdict, and a scan that records it.
pub async fn check_at_checkpoint(
    member: Member,
    path: web::Path<(String, String)>,
    parameters: Query<Parameters>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let (checkpoint, asked, shown) = read_question(&member, &path.1, &body).await?;
    let (actor, memory, who) = (member.actor(None), member.cell.clone(), member.who);
    let run = move |unit: &mut Unit<'_>| {
        let mut rights = memory.read().rights(who.account);
        unit.group.adjust_rights(who.account, &mut rights);
        check(unit, &memory, (actor, &rights, checkpoint), (&asked, &shown))
    };
    let committed = member.app.writer.unit(member.cell.id, run).await?;
    Ok(tell(committed.value, &parameters))
}

/// `POST …/checkpoints/{id}/verify`: the verdict alone.
pub async fn verify_at_checkpoint(
    member: Member,
    path: web::Path<(String, String)>,
    parameters: Query<Parameters>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let (checkpoint, asked, shown) = read_question(&member, &path.1, &body).await?;
    let (memory, who) = (member.cell.clone(), member.who);
    let run = move |unit: &mut Unit<'_>| {
        let mut rights = memory.read().rights(who.account);
        unit.group.adjust_rights(who.account, &mut rights);
        verify(unit, &memory, (&rights, checkpoint), (&asked, &shown))
    };
    let committed = member.app.writer.unit(member.cell.id, run).await?;
    Ok(tell(committed.value, &parameters))
}

/// What is asked, with its code read: signatures are looked at before the event's writing begins.
async fn read_question(member: &Member, name: &str, body: &Value) -> Result<(RecordId, Asked, Shown), Problem> {
    let programme = load_programme(&member.app, &member.cell).await?;
    let checkpoint = find_record(&programme, Collection::Checkpoints, name);
    // Who has nothing to do with checkpoints is not told which there are.
    let is_checking = checkpoint.is_some_and(|checkpoint| may_check(&member.rights(), checkpoint));
    let checkpoint = checkpoint.filter(|_| is_checking).ok_or_else(not_found)?;
    let asked: Asked = read(body)?;
    asked.check()?;
    let shown = match &asked.code {
        Some(code) => {
            let (presented, claims) = Presented::read(&load_keys(member, code).await?, code);
            Shown { presented, claims }
        }
        None => Shown { presented: Presented::ByHand, claims: None },
    };
    Ok((checkpoint, asked, shown))
}

/// The one key that a code names, of the doors' roster. It lies in memory from the first check on, with what
/// the check asks of guests and of badges that are void.
async fn load_keys(member: &Member, code: &str) -> Result<BadgeKeys, Problem> {
    let (event, door) = (member.cell.id, Scope::Roster(Profile::Door));
    let Some(number) = key_named_in(code) else { return Ok(BadgeKeys::new(event, [])) };
    member.app.events.load_scope(&member.cell, door).await?;
    let row = (RowCollection::BadgeKeys, key_row_id(event, number));
    let in_memory = find_in_memory(&member.cell.read(), (door, row), member.app.events.moment());
    let key = match in_memory {
        Some(key) => Some(key),
        // There is no such key, or the roster gave way to other scopes meanwhile.
        None => {
            let find = move |connection: &mut Connection| find_row(connection, (event, Profile::Door), row);
            member.app.readers.read(find).await?
        }
    };
    Ok(BadgeKeys::new(event, key.as_ref()))
}

fn find_in_memory(memory: &EventMemory, (scope, row): (Scope, RowKey), moment: u64) -> Option<BadgeKey> {
    let scope = memory.scope(&scope)?;
    scope.touch(moment);
    serde_json::from_str(scope.log.as_ref()?.find(row)?.value.as_deref()?).ok()
}

fn tell(answer: Answer, parameters: &Parameters) -> HttpResponse {
    let language = parameters.language.as_deref().unwrap_or_default();
    let sentence = answer.verdict.sentence(language);
    let next_sentence = answer.verdict.next.sentence(language);
    private(StatusCode::OK).json(json!(Told { answer, sentence, next_sentence }))
}
