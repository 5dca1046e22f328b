//! What the stories of checkpoints begin with: guests with badges, an area, doors, scans.

use futures_util::{StreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};
use shared::badge::{BadgeKey, BadgeKeys};
use uuid::Uuid;

use crate::enrolment::cast::{area, checkpoint};
use crate::harness::{Actor, Device, Site};
use crate::people::cast::{category, path};

/// Somebody with a badge.
#[derive(Clone, PartialEq, Debug)]
pub struct Guest {
    /// Who.
    pub attendee: String,
    /// What the code on their phone says.
    pub code: String,
}

/// How many badges are asked for at once.
const AT_ONCE: usize = 32;

/// Registers and confirms as many people, of a new category, by one file; each has a badge by that.
pub async fn guests(site: &Site, count: usize) -> Vec<Guest> {
    category(site, "delegates", json!({})).await;
    let olga = &site.organiser().await;
    let rows = (0..count).map(|number| format!("Guest {number:04},delegates\n"));
    let file = "Full name,Category\n".to_owned() + &rows.collect::<String>();
    let import = path(site, "/registrations/import");
    olga.send_bytes((Method::POST, &import), &[("content-type", "text/csv")], file.into_bytes()).await.expect(200);
    let mut registered = olga.list_by_pages(&path(site, "/registrations"), 500).await;
    registered.retain(|one| one["name"].to_string().contains("Guest "));
    registered.sort_by_key(|one| one["name"].to_string());
    let attendees = registered.iter().map(|one| one["attendee"].as_str().unwrap());
    stream::iter(attendees.map(|attendee| guest(site, olga, attendee))).buffered(AT_ONCE).collect().await
}

/// Somebody who is registered, with the code on their phone.
pub async fn guest(site: &Site, olga: &Actor, attendee: &str) -> Guest {
    let badges = olga.get(&path(site, &format!("/attendees/{attendee}/badges"))).await.expect(200).json();
    let code = badges["items"][0]["token"].as_str().expect("a badge that counts").to_owned();
    Guest { attendee: attendee.to_owned(), code }
}

/// An area of the whole event where one may enter once, with as many doors.
pub struct Lunch {
    /// The area.
    pub area: String,
    /// Its doors.
    pub doors: Vec<String>,
}

/// A lunch with as many doors.
pub async fn lunch(site: &Site, doors: usize) -> Lunch {
    let area = area(site, "lunch", json!({ "rule": "once" })).await;
    let mut made = Vec::with_capacity(doors);
    for number in 0..doors {
        made.push(checkpoint(site, &format!("lunch-{number}"), &area).await);
    }
    Lunch { area, doors: made }
}

/// Asks at a checkpoint, and is answered.
pub async fn check(site: &Site, actor: &Actor, checkpoint: &str, body: Value) -> Value {
    actor.post(&at(site, checkpoint, "check"), &body).await.expect(200).json()
}

/// The address of a checkpoint's check.
pub fn at(site: &Site, checkpoint: &str, rest: &str) -> String {
    path(site, &format!("/checkpoints/{checkpoint}/{rest}"))
}

/// The reason of an answer.
pub fn reason(answer: &Value) -> &str {
    answer["verdict"]["reason"].as_str().unwrap()
}

/// The index of somebody whose badge is read with the keys that a device holds.
pub fn index(site: &Site, device: &mut Device, guest: &Guest) -> String {
    keys(site, device).verify(&guest.code).unwrap().secret.index().to_string()
}

/// What verifies badges, as a device has it.
pub fn keys(site: &Site, device: &mut Device) -> BadgeKeys {
    let keys = device.list("badge_keys").into_iter().map(|row| serde_json::from_str::<BadgeKey>(&row.value).unwrap());
    BadgeKeys::new(site.week.event, &keys.collect::<Vec<_>>())
}

/// A scan that let somebody in, as a device whose clock is right makes it.
pub fn scan(number: u128, (checkpoint, area): (&str, &str), guest: &str, at: &str) -> Value {
    json!({ "id": Uuid::from_u128(0x5000 + number), "checkpoint": checkpoint, "area": area, "guest": guest,
        "at": { "wall": at, "offset_ms": 0, "uncertainty_ms": 40 }, "verdict": { "admits": true, "reason": "admitted" } })
}

/// Hands scans in; the words of what became of them.
pub async fn upload(site: &Site, actor: &Actor, scans: &[&Value]) -> Vec<String> {
    let answer = actor.post(&path(site, "/scans"), &json!({ "scans": scans })).await.expect(200).json();
    let results = answer["results"].as_array().unwrap().iter();
    results.map(|result| result["status"].as_str().unwrap().to_owned()).collect()
}

/// The rows of a collection that a device holds after it has exchanged, by id.
pub async fn rows(device: &mut Device, collection: &str) -> Vec<Value> {
    device.sync().await;
    let mut rows: Vec<(String, Value)> =
        device.list(collection).into_iter().map(|row| (row.id, serde_json::from_str(&row.value).unwrap())).collect();
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    rows.into_iter().map(|(_, row)| row).collect()
}
