//! What the stories of badges begin with.

use serde_json::{Value, json};
use shared::badge::{BadgeClaims, BadgeKey, BadgeKeys};

use crate::harness::{Actor, Answer, Device, Site};
use crate::people::cast::{category, path, put};

/// Confirms some of the week's attendees, as delegates; the category.
pub async fn confirm(site: &Site, names: &[&str]) -> String {
    let delegates = category(site, "delegates", json!({ "colour": "#1f5fa8" })).await;
    let olga = site.organiser().await;
    for name in names {
        put(site, &olga, site.week.attendee(name), json!({ "category": delegates })).await.expect(200);
    }
    delegates
}

/// The address of an attendee's badges.
pub fn badges(site: &Site, name: &str) -> String {
    path(site, &format!("/attendees/{}/badges", site.week.attendee(name)))
}

/// The address of something of a carrier.
pub fn carrier(site: &Site, badge: &Value, rest: &str) -> String {
    path(site, &format!("/badges/{}/{rest}", badge["carrier"]))
}

/// What carries somebody's badge, as an actor is told it.
pub async fn list(site: &Site, actor: &Actor, name: &str) -> Vec<Value> {
    actor.get(&badges(site, name)).await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// Issues paper to somebody.
pub async fn paper(site: &Site, actor: &Actor, name: &str) -> Value {
    actor.post(&badges(site, name), &json!({ "kind": "paper" })).await.expect(201).json()
}

/// The one badge that somebody's phone shows, as it lies there.
pub fn on_phone(phone: &mut Device) -> Value {
    let rows = phone.list("badges").into_iter().map(|row| serde_json::from_str::<Value>(&row.value).unwrap());
    let mut shown: Vec<Value> = rows.filter(|row| row.get("token").is_some()).collect();
    assert_eq!(shown.len(), 1, "{shown:?}");
    shown.remove(0)
}

/// The rows of a collection that a device holds.
pub fn rows(device: &mut Device, collection: &str) -> Vec<Value> {
    device.list(collection).into_iter().map(|row| serde_json::from_str(&row.value).unwrap()).collect()
}

/// The keys of the event, as the rosters that a device holds have them.
pub fn keys(site: &Site, device: &mut Device) -> BadgeKeys {
    let keys: Vec<BadgeKey> =
        rows(device, "badge_keys").into_iter().map(|row| serde_json::from_value(row).unwrap()).collect();
    BadgeKeys::new(site.week.event, &keys)
}

/// What a badge says by these keys.
pub fn claims(keys: &BadgeKeys, badge: &Value) -> BadgeClaims {
    keys.verify(badge["token"].as_str().unwrap()).unwrap()
}

/// What a request without anything in its body is answered.
pub async fn act(actor: &Actor, target: &str) -> Answer {
    actor.post(target, &json!({})).await
}
