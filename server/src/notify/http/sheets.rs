//! What is read out by telephone, and what is pasted into a chat.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use diesel::QueryResult;
use serde::Deserialize;
use shared::ids::RecordId;
use shared::notice::{Notice, SessionChange, text_in};
use shared::programme::{Collection, Programme, RecordBody};
use shared::sync::Scope;
use uuid::Uuid;

use super::dispatches::load_people;
use crate::database::Connection;
use crate::notify::dispatches::{self, Dispatch, Liaison, Person};
use crate::notify::held::with_gone;
use crate::notify::mail::words_for;
use crate::notify::words::tell_changes;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, load_programme, not_found};
use crate::programme::http::answers::private;

/// The parameters of a sheet or text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetParameters {
    language: Option<String>,
    delegation: Option<RecordId>,
}

struct Sheet {
    programme: Programme,
    language: String,
    fallback: String,
    people: Vec<Person>,
    dispatch: Dispatch,
    told: BTreeMap<String, Notice>,
}

async fn load(member: &Member, id: Uuid, parameters: &SheetParameters) -> Result<Sheet, Problem> {
    let mut people = load_people(member, id).await?;
    people.retain(Person::must_still_be_told);
    if let Some(only) = parameters.delegation {
        people.retain(|person| person.delegation.as_deref() == Some(only.to_string().as_str()));
    }
    let event = member.cell.id;
    let find = move |c: &mut Connection| {
        let told = dispatches::list_notices_of_dispatch(c, event, id)?;
        QueryResult::Ok(dispatches::find(c, event, id)?.map(|dispatch| (dispatch, told)))
    };
    let (dispatch, told) = member.app.readers.read(find).await?.ok_or_else(not_found)?;
    let told = told.into_iter().map(|(_, notice)| (notice.attendee.to_string(), notice)).collect();
    let programme = load_programme(&member.app, &member.cell).await?;
    let fallback = programme.event().map_or_else(String::new, |(_, event)| event.fallback_language.clone());
    let language = parameters.language.clone().unwrap_or_else(|| fallback.clone());
    Ok(Sheet { programme, language, fallback, people, dispatch, told })
}

impl Sheet {
    /// What all of these people are told: nothing that one of them may not see.
    fn words_for(&self, people: &[&Person]) -> String {
        let body = &self.dispatch.body;
        let is_told = |person: &&Person, change: &SessionChange| {
            let told = person.attendee.as_ref().and_then(|attendee| self.told.get(attendee));
            match told {
                Some(notice) => notice.changes.contains(change),
                None => person.account.is_some() && self.is_public(change),
            }
        };
        let common = |change: &&SessionChange| people.iter().all(|person| is_told(person, change));
        let changes: Vec<SessionChange> = body.changes.iter().filter(common).cloned().collect();
        let told = if changes.len() == body.changes.len() {
            text_in(self.dispatch.words(), &self.language, &self.fallback).cloned()
        } else {
            let programme = with_gone(&self.programme, &body.gone);
            let words = words_for(&[&self.language, &self.fallback]);
            (!changes.is_empty()).then(|| tell_changes(words, &programme, &changes, body.is_correction))
        };
        told.map(|told| format!("{}\n{}\n", told.title, told.text)).unwrap_or_default()
    }

    fn is_public(&self, change: &SessionChange) -> bool {
        dispatches::seen_by(&self.programme, change, &|scope| scope == Scope::Public).as_ref() == Some(change)
    }

    /// The words for each delegation; only above the first of those in a row that are told the same.
    fn with_words(&self) -> Vec<(String, Option<String>, Vec<&Person>)> {
        let mut last = None;
        let groups = self.by_delegation().into_iter().map(|(delegation, people)| {
            let words = self.words_for(&people);
            let shown = if last.as_ref() == Some(&words) { String::new() } else { format!("{words}\n") };
            last = Some(words);
            (shown, delegation, people)
        });
        groups.collect()
    }

    /// The people by their delegations, in the order of the delegations' names; without one last.
    fn by_delegation(&self) -> Vec<(Option<String>, Vec<&Person>)> {
        let mut groups: Vec<(Option<String>, Vec<&Person>)> = Vec::new();
        for person in &self.people {
            let name = person.delegation.as_ref().and_then(|id| self.name_of(id));
            match groups.iter_mut().find(|(of, _)| *of == name) {
                Some((_, people)) => people.push(person),
                None => groups.push((name, vec![person])),
            }
        }
        groups.sort_by(|(a, _), (b, _)| (a.is_none(), a).cmp(&(b.is_none(), b)));
        groups
    }

    fn name_of(&self, delegation: &str) -> Option<String> {
        let RecordBody::Delegations(body) =
            &self.programme.find(Collection::Delegations, delegation.parse().ok()?)?.body
        else {
            return None;
        };
        Some(body.name.in_language(&self.language, &self.fallback).to_owned())
    }
}

/// `GET …/dispatches/{id}/call-sheet`: whom to call, by delegation, with who looks after them.
pub async fn get_call_sheet(
    member: Member,
    path: web::Path<(String, Uuid)>,
    parameters: Query<SheetParameters>,
) -> Result<HttpResponse, Problem> {
    let sheet = load(&member, path.1, &parameters).await?;
    let mut text = String::new();
    for (words, delegation, people) in sheet.with_words() {
        let between = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{between}{words}{}\n", delegation.as_deref().unwrap_or("—")));
        let mut called: Vec<&Liaison> = Vec::new();
        for liaison in people.iter().flat_map(|person| &person.liaison) {
            if called.contains(&liaison) {
                continue;
            }
            called.push(liaison);
            let reached = [Some(&liaison.name), liaison.phone.as_ref(), liaison.email.as_ref()];
            let reached: Vec<&str> = reached.into_iter().flatten().map(String::as_str).collect();
            text.push_str(&format!("  > {}\n", reached.join(", ")));
        }
        for person in people {
            let marks = [(person.has_access_needs, " (!)"), (person.must_acknowledge, " *")];
            let marks: String = marks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| mark).collect();
            text.push_str(&format!("  [ ] {}{marks}\n", person.name));
        }
    }
    Ok(private(StatusCode::OK).content_type("text/plain; charset=utf-8").body(text))
}

/// `GET …/dispatches/{id}/paste-text`: what it says and whom it is for, to be pasted into a chat.
pub async fn get_paste_text(
    member: Member,
    path: web::Path<(String, Uuid)>,
    parameters: Query<SheetParameters>,
) -> Result<HttpResponse, Problem> {
    let sheet = load(&member, path.1, &parameters).await?;
    let mut text = String::new();
    for (words, delegation, people) in sheet.with_words() {
        let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
        let between = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{between}{words}{}: {}\n", delegation.as_deref().unwrap_or("—"), names.join(", ")));
    }
    Ok(private(StatusCode::OK).content_type("text/plain; charset=utf-8").body(text))
}
