//! Everything that reads bytes of strangers, each as a function that a fuzzer can call: whatever the
//! bytes are, it returns. What must hold of what was read is asserted here.

use cumbre::formats::native;
use cumbre::formats::people::read_table;
use cumbre::programme::rules::organiser_patch::merge_patch as patch_body;
use serde_json::Value;
use shared::admission::Scan;
use shared::badge::{BadgeKey, BadgeKeys, BadgeSigner, SEED_BYTES};
use shared::ids::{EventId, RecordId};
use shared::object;
use shared::programme::{Collection, Programme, RecordBody};
use shared::sync::{ExchangeRequest, Position, Scope};
use uuid::Uuid;

/// One parser: its name, which is that of its corpus and of its fuzz target, and how to call it.
pub type Parser = (&'static str, fn(&[u8]));

/// All of them.
pub const PARSERS: &[Parser] = &[
    ("badge", badge),
    ("exchange", exchange),
    ("merge_patch", merge_patch),
    ("native_file", native_file),
    ("people_file", people_file),
    ("position", position),
    ("scan", scan),
];

/// What a scanner reads. Only the signed is a badge, and it has one text.
pub fn badge(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let event = EventId(Uuid::from_u128(1));
    let Ok(signer) = BadgeSigner::new(&[7; SEED_BYTES]) else { return };
    let key = BadgeKey { number: 1, public: signer.public(), device: None, retired_at: None, revoked_at: None };
    if let Ok(claims) = BadgeKeys::new(event, [&key]).verify(text) {
        assert_eq!(signer.sign(&claims).as_deref(), Ok(text.trim_matches(['\r', '\n', '\t'])));
    }
}

/// What is handed in as a scan. What was read is kept under the same name when it is read again.
pub fn scan(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    if let Ok(scan) = Scan::read(&value) {
        let again = Scan::read(&serde_json::to_value(&scan).unwrap()).unwrap();
        assert_eq!(again.fact(), scan.fact());
        assert!(scan.at.bounds().is_none_or(|(earliest, latest)| earliest <= latest));
    }
}

/// A position, as devices hold them and URLs carry them. It has one spelling.
pub fn position(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(position) = text.parse::<Position>() {
        assert_eq!(position.to_string().parse(), Ok(position));
    }
    if let Ok(scope) = text.parse::<Scope>() {
        assert_eq!(scope.to_string(), text, "a scope has one name");
    }
}

/// The body of an exchange.
pub fn exchange(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    if let Ok(request) = shared::reading::read::<ExchangeRequest>(&value) {
        let again = serde_json::to_value(&request).unwrap();
        assert_eq!(serde_json::to_value(shared::reading::read::<ExchangeRequest>(&again).unwrap()).unwrap(), again);
    }
}

/// A programme's native file. What was read can be written, and reads the same again.
pub fn native_file(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut count = 0u128;
    let mut new_id = || {
        count += 1;
        Uuid::from_u128(count)
    };
    if let Err(faults) = native::read(text, &Programme::default(), &mut new_id, RecordId(Uuid::nil())) {
        assert!(!faults.is_empty(), "a file that is refused has a fault");
    }
}

/// A file of people: CSV or a workbook.
pub fn people_file(bytes: &[u8]) {
    if let Ok(table) = read_table(bytes) {
        assert!(!table.is_empty());
    }
}

/// A merge patch (RFC 7396) on a record: two JSON texts, the body of a room and the patch, in a list.
pub fn merge_patch(bytes: &[u8]) {
    let Ok(Value::Array(both)) = serde_json::from_slice::<Value>(bytes) else { return };
    let [body, patch] = both.as_slice() else { return };
    let mut merged = body.clone();
    object::merge_patch(&mut merged, patch);
    let mut twice = merged.clone();
    object::merge_patch(&mut twice, patch);
    assert_eq!(twice, merged, "a patch that was applied changes nothing");
    if let Ok(room) = RecordBody::from_json(Collection::Rooms, body.clone()) {
        let _ = patch_body(&room, patch);
    }
}
