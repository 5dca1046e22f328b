//! What the stories of people begin with: categories, delegations, newcomers, duties.

use cumbre::identity::{NewAccount, ensure_account};
use cumbre::sync::change_log::{Role, Unit};
use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::programme::DelegationDuty;

use crate::harness::{Actor, Answer, Site};

/// An address of the week's event.
pub fn path(site: &Site, rest: &str) -> String {
    format!("/v1/events/{}{rest}", site.week.slug)
}

/// Makes a category; its id.
pub async fn category(site: &Site, slug: &str, fields: Value) -> String {
    make(site, "/categories", json!({ "slug": slug, "title": { "en": slug } }), fields).await
}

/// Makes a delegation; its id.
pub async fn delegation(site: &Site, slug: &str, fields: Value) -> String {
    make(site, "/delegations", json!({ "slug": slug, "name": { "en": slug } }), fields).await
}

async fn make(site: &Site, rest: &str, mut body: Value, fields: Value) -> String {
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    let made = site.organiser().await.post(&path(site, rest), &body).await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

/// Somebody with an account who has nothing to do with the event yet, signed in.
pub async fn newcomer(site: &Site, name: &str) -> Actor {
    let (app, now) = (site.node.app(), site.clock.now());
    let new = NewAccount { email: Some(format!("{name}@example.org")), name: name.to_owned(), language: None };
    let account = app.writer.system(move |connection| ensure_account(connection, &new, now)).await.unwrap();
    Actor::sign_in(app, &site.node.base(), account.id).await
}

/// Somebody who has a duty for a delegation, signed in.
pub async fn on_duty(site: &Site, name: &str, (delegation, duty): (&str, DelegationDuty)) -> Actor {
    let actor = newcomer(site, name).await;
    let (delegation, account) = (delegation.parse().unwrap(), actor.account());
    let work = move |unit: &mut Unit<'_>| {
        unit.group.set_duty((delegation, account), duty, true);
        Ok(())
    };
    site.node.app().writer.unit(site.week.event, work).await.unwrap();
    actor
}

/// Somebody who has a role at the event, signed in.
pub async fn with_role(site: &Site, name: &str, role: Role) -> Actor {
    let actor = newcomer(site, name).await;
    let account = actor.account();
    let work = move |unit: &mut Unit<'_>| {
        unit.group.set_role(account, role, true);
        Ok(())
    };
    site.node.app().writer.unit(site.week.event, work).await.unwrap();
    actor
}

/// Registers whoever asks, under their own name; the answer.
pub async fn register(site: &Site, actor: &Actor, category: &str) -> Answer {
    let body = json!({ "name": format!("Somebody {}", actor.account()), "relation": "self", "category": category });
    actor.post(&path(site, "/registrations"), &body).await
}

/// The address of an attendee's registration.
pub fn registration(site: &Site, attendee: &str) -> String {
    path(site, &format!("/attendees/{attendee}/registration"))
}

/// Moves a registration to another status.
pub async fn move_to(site: &Site, actor: &Actor, attendee: &str, status: &str) -> Answer {
    let target = format!("{}/status", registration(site, attendee));
    actor.post(&target, &json!({ "status": status })).await
}

/// Registers one of the week's attendees by the organiser; the answer.
pub async fn put(site: &Site, actor: &Actor, attendee: AttendeeId, body: Value) -> Answer {
    actor.send((Method::PUT, &registration(site, &attendee.to_string())), &[], &body).await
}

/// The text of a field of an answer.
#[track_caller]
pub fn text(answer: &Answer, field: &str) -> String {
    let body = answer.json();
    body[field].as_str().unwrap_or_else(|| panic!("{field} of {body}")).to_owned()
}
