//! What the stories of desk work begin with: a desk with a key of its own, a category for who walks in.

use serde_json::{Value, json};
use shared::badge::{Access, BadgeClaims, BadgeKey, BadgeSecret, BadgeSigner, category_mark, event_mark};
use shared::ids::{AttendeeId, MutationId};
use shared::sync::MutationResult;
use uuid::Uuid;

use crate::enrolment::cast::enrol;
use crate::harness::{Device, Site};
use crate::people::cast::category;

/// A desk that holds its roster and has a key of its own.
pub struct Desk {
    /// The device.
    pub device: Device,
    /// What signs.
    pub signer: BadgeSigner,
    /// The key's number.
    pub number: u8,
}

/// An enrolled desk with a key, which is made of a number.
pub async fn desk(site: &Site, seed: u8) -> Desk {
    let mut device = enrol(site, json!({ "name": "Desk", "profile": "full" })).await;
    let signer = BadgeSigner::new(&[seed; 32]).unwrap();
    let number = outcome(&mut device, "desk_key.register", None, json!({ "public": signer.public() })).await;
    Desk { device, signer, number: number.parse().unwrap() }
}

/// A category in which people register themselves.
pub async fn visitors(site: &Site, more: Value) -> String {
    let mut fields = json!({ "enrolment": "automatic" });
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    category(site, "visitors", fields).await
}

impl Desk {
    /// A badge that the desk prints for somebody of whom the server does not know.
    pub fn print(&self, site: &Site, (number, category): (u8, &str)) -> (String, BadgeSecret) {
        let secret = BadgeSecret([number; 16]);
        let now = u32::try_from(site.clock.now().0 / 1_000).unwrap();
        let claims = BadgeClaims {
            key: self.number,
            event: event_mark(site.week.event),
            secret,
            carrier: 1_000 + u32::from(number),
            category: category_mark(category.parse().unwrap()),
            access: Access::CONFIRMED,
            not_before: now - 600,
            expires: now + 86_400,
        };
        (self.signer.sign(&claims).unwrap(), secret)
    }
}

/// Somebody new.
pub fn newcomer(number: u128) -> AttendeeId {
    AttendeeId(Uuid::from_u128(0x0192_f1aa_0000_7000_8000_0000_0000_0000 + number))
}

/// What became of a mutation of a device.
pub async fn send(device: &mut Device, op: &str, attendee: Option<AttendeeId>, args: Value) -> MutationResult {
    let _: MutationId = device.edit(op, attendee, args);
    let mut results = device.sync().await;
    assert_eq!(results.len(), 1, "{results:?}");
    results.remove(0)
}

/// What came of a mutation that was applied.
pub async fn outcome(device: &mut Device, op: &str, attendee: Option<AttendeeId>, args: Value) -> String {
    match send(device, op, attendee, args).await {
        MutationResult::Applied { outcome, .. } => outcome.unwrap_or_default(),
        other => panic!("{op} was not applied: {other:?}"),
    }
}

/// Why a mutation was refused, and where.
pub async fn refusal(device: &mut Device, op: &str, attendee: Option<AttendeeId>, args: Value) -> (String, String) {
    match send(device, op, attendee, args).await {
        MutationResult::Rejected { reason, field, .. } => (reason, field.unwrap_or_default()),
        other => panic!("{op} was not refused: {other:?}"),
    }
}

/// The keys that a device knows.
pub fn keys_of(device: &mut Device) -> Vec<BadgeKey> {
    device.list("badge_keys").iter().map(|row| serde_json::from_str(&row.value).unwrap()).collect()
}
