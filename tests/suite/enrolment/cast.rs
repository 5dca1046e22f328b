//! What the stories of desks and doors begin with: areas, checkpoints, enrolled devices.

use serde_json::{Value, json};
use shared::replica::RowFilter;

use crate::harness::{Actor, Answer, Device, Site};

/// An address of the week's event.
pub fn path(site: &Site, rest: &str) -> String {
    format!("/v1/events/{}{rest}", site.week.slug)
}

/// Makes an access area; its id.
pub async fn area(site: &Site, slug: &str, fields: Value) -> String {
    make(site, "/access-areas", json!({ "slug": slug, "name": { "en": slug } }), fields).await
}

/// Makes a checkpoint of an area; its id.
pub async fn checkpoint(site: &Site, slug: &str, area: &str) -> String {
    let body = json!({ "slug": slug, "name": { "en": slug }, "kind": "door", "area": area });
    make(site, "/checkpoints", body, json!({})).await
}

async fn make(site: &Site, rest: &str, mut body: Value, fields: Value) -> String {
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    let made = site.organiser().await.post(&path(site, rest), &body).await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

/// A code for a device, as the organiser is told it.
pub async fn code(site: &Site, body: &Value) -> Value {
    site.organiser().await.post(&path(site, "/enrolments"), body).await.expect(201).json()
}

/// What a device that shows this is answered.
pub async fn redeem(site: &Site, shown: Value) -> Answer {
    let mut body = json!({ "device": { "name": "Tablet 4" } });
    body.as_object_mut().unwrap().extend(shown.as_object().unwrap().clone());
    site.anonymous().post("/v1/enrolments/redeem", &body).await
}

/// A device that the answer to its code enrolled; it holds nothing yet.
pub fn device_of(site: &Site, answer: &Answer) -> Device {
    let mut actor = Actor::anonymous(&site.node.base());
    actor.take_tokens(&answer.json());
    Device::new(actor, &site.week.slug, &site.clock)
}

/// A device that is enrolled for this; it holds nothing yet.
pub async fn enrol(site: &Site, body: Value) -> Device {
    let code = code(site, &body).await;
    device_of(site, &redeem(site, json!({ "code": code["code"] })).await.expect(201))
}

/// A device that is enrolled for a door and holds its roster.
pub async fn door(site: &Site) -> Device {
    let mut door = enrol(site, json!({ "name": "A door", "profile": "door" })).await;
    door.sync().await;
    door
}

/// The address of an enrolled device.
pub fn address(site: &Site, device: &Device, rest: &str) -> String {
    path(site, &format!("/enrolments/{}{rest}", device.actor.device()))
}

/// What a device holds of one scope, a line for each row, without revs.
pub fn held(device: &mut Device, scope: &str) -> Vec<String> {
    let rows = device.replica.list_held(&RowFilter::default()).unwrap();
    let mut lines: Vec<String> = rows
        .into_iter()
        .filter(|row| row.scope == scope)
        .map(|row| format!("{} {} {}", row.collection, row.id, row.value))
        .collect();
    lines.sort();
    lines
}

/// The slugs of what a device holds in a collection.
pub fn slugs(device: &mut Device, collection: &str) -> Vec<String> {
    let slug = |value: &str| serde_json::from_str::<Value>(value).unwrap()["slug"].as_str().unwrap().to_owned();
    let mut slugs: Vec<String> = device.list(collection).iter().map(|row| slug(&row.value)).collect();
    slugs.sort();
    slugs
}
