//! What is read out by telephone, and what is pasted into a chat.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use shared::ids::RecordId;
use shared::notice::text_in;
use shared::programme::{Collection, Programme, RecordBody};
use uuid::Uuid;

use super::dispatches::load_people;
use crate::notify::dispatches::{self, Person};
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
    words: String,
}

async fn load(member: &Member, id: Uuid, parameters: &SheetParameters) -> Result<Sheet, Problem> {
    let mut people = load_people(member, id).await?;
    people.retain(Person::must_still_be_told);
    if let Some(only) = parameters.delegation {
        people.retain(|person| person.delegation.as_deref() == Some(only.to_string().as_str()));
    }
    let event = member.cell.id;
    let dispatch = member.app.readers.read(move |c| dispatches::find(c, event, id)).await?.ok_or_else(not_found)?;
    let programme = load_programme(&member.app, &member.cell).await?;
    let fallback = programme.event().map_or_else(String::new, |(_, event)| event.fallback_language.clone());
    let language = parameters.language.clone().unwrap_or_else(|| fallback.clone());
    let told = text_in(dispatch.words(), &language, &fallback);
    let words = told.map(|told| format!("{}\n{}", told.title, told.text)).unwrap_or_default();
    Ok(Sheet { programme, language, fallback, people, words })
}

impl Sheet {
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
    let mut text = format!("{}\n", sheet.words);
    for (delegation, people) in sheet.by_delegation() {
        text.push_str(&format!("\n{}\n", delegation.as_deref().unwrap_or("—")));
        for liaison in people.first().map_or(&[][..], |person| &person.liaison) {
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
    let mut text = format!("{}\n", sheet.words);
    for (delegation, people) in sheet.by_delegation() {
        let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
        text.push_str(&format!("\n{}: {}\n", delegation.as_deref().unwrap_or("—"), names.join(", ")));
    }
    Ok(private(StatusCode::OK).content_type("text/plain; charset=utf-8").body(text))
}
