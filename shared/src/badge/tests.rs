use std::collections::BTreeSet;

use proptest::prelude::*;
use qrcode::bits::Bits;
use qrcode::{EcLevel, Version};
use serde_json::{Value, json};

use super::*;
use crate::ids::{EventId, RecordId};
use crate::time::Timestamp;

/// The cases that every other port of badges is held to as well.
const VECTORS: &str = include_str!("../../vectors/badge.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn cases(family: &str) -> Vec<Value> {
    vectors()[family].as_array().unwrap().clone()
}

fn of<T: for<'de> Deserialize<'de>>(case: &Value, name: &str) -> T {
    serde_json::from_value(case[name].clone()).unwrap_or_else(|error| panic!("{}: {name}: {error}", case["note"]))
}

fn bytes<const N: usize>(case: &Value, name: &str) -> [u8; N] {
    let text: String = of(case, name);
    std::array::from_fn(|place| u8::from_str_radix(&text[2 * place..2 * place + 2], 16).unwrap())
}

fn keys() -> BadgeKeys {
    let keys: Vec<BadgeKey> = of(&vectors(), "keys");
    BadgeKeys::new(of(&vectors(), "event"), &keys)
}

fn signer(number: u8) -> BadgeSigner {
    let seeds = cases("seeds");
    let seed = seeds.iter().find(|seed| seed["key"] == number).unwrap();
    BadgeSigner::new(&bytes(seed, "seed")).unwrap()
}

fn claims(case: &Value) -> BadgeClaims {
    let claims = &case["claims"];
    BadgeClaims {
        key: of(claims, "key"),
        event: bytes(claims, "event"),
        secret: BadgeSecret(bytes(claims, "secret")),
        carrier: of(claims, "carrier"),
        category: of(claims, "category"),
        access: of(claims, "access"),
        not_before: of(claims, "not_before"),
        expires: of(claims, "expires"),
    }
}

fn first_badge() -> (BadgeClaims, String) {
    let case = &cases("badges")[0];
    (claims(case), of(case, "text"))
}

#[test]
fn badges_are_read_and_written_as_the_vectors_say() {
    for case in cases("badges") {
        let (claims, text): (_, String) = (claims(&case), of(&case, "text"));
        assert_eq!(keys().verify(&text), Ok(claims.clone()), "{}", case["note"]);
        assert_eq!(signer(claims.key).sign(&claims), Ok(text), "{}", case["note"]);
        assert_eq!(json!(claims.secret.index()), case["index"], "{}", case["note"]);
    }
}

#[test]
fn what_is_no_badge_is_said_as_the_vectors_say() {
    for case in cases("faults") {
        assert_eq!(keys().verify(&of::<String>(&case, "text")), Err(of(&case, "fault")), "{}", case["note"]);
    }
}

#[test]
fn badges_count_at_the_times_that_the_vectors_say() {
    for case in cases("times") {
        let claims = keys().verify(&of::<String>(&case, "text")).unwrap();
        assert_eq!(claims.check_time(of(&case, "at")).err(), of(&case, "fault"), "{}", case["note"]);
    }
}

#[test]
fn the_vectors_have_every_fault() {
    let said: BTreeSet<BadgeFault> =
        cases("faults").iter().chain(&cases("times")).filter_map(|case| of(case, "fault")).collect();
    assert_eq!(said.len(), 8);
}

#[test]
fn events_and_categories_are_named_as_the_vectors_say() {
    for case in cases("events") {
        assert_eq!(event_mark(of(&case, "id")), bytes(&case, "mark"));
    }
    for case in cases("categories") {
        assert_eq!(category_mark(of(&case, "id")), of::<u16>(&case, "mark"));
    }
}

#[test]
fn keys_are_written_as_the_vectors_write_them() {
    for (case, number) in cases("keys").into_iter().zip([1, 2, 5, 128, 129]) {
        assert_eq!(json!(serde_json::from_value::<BadgeKey>(case.clone()).unwrap()), case);
        assert_eq!((json!(signer(number).public()), json!(number)), (case["public"].clone(), case["number"].clone()));
    }
}

#[test]
fn details_are_sealed_and_opened_as_the_vectors_say() {
    for case in cases("details") {
        let (secret, event): (_, EventId) = (BadgeSecret(bytes(&case, "secret")), of(&case, "event"));
        let (details, sealed): (String, String) = (of(&case, "details"), of(&case, "sealed"));
        assert_eq!(seal(&secret, event, details.as_bytes()).as_deref(), Ok(sealed.as_str()), "{}", case["note"]);
        assert_eq!(open(&secret, event, &sealed), Ok(details.into_bytes()), "{}", case["note"]);
    }
}

#[test]
fn details_open_with_their_badge_at_their_event_only() {
    let case = &cases("details")[0];
    let (secret, event, sealed): (_, EventId, String) =
        (BadgeSecret(bytes(case, "secret")), of(case, "event"), of(case, "sealed"));
    assert_eq!(open(&BadgeSecret([0; 16]), event, &sealed), Err(SealFault));
    assert_eq!(open(&secret, EventId(uuid::Uuid::nil()), &sealed), Err(SealFault));
    let changed = |place: usize| {
        let mut text = sealed.clone().into_bytes();
        text[place] = if text[place] == b'A' { b'B' } else { b'A' };
        String::from_utf8(text).unwrap()
    };
    for text in [changed(0), changed(20), changed(sealed.len() - 3), sealed[4..].to_owned(), "%".into(), String::new()]
    {
        assert_eq!(open(&secret, event, &text), Err(SealFault), "{text}");
    }
}

#[test]
fn a_badge_fits_the_smallest_code_that_holds_it_and_one_byte_more_would_not() {
    let (claims, text) = first_badge();
    assert_eq!((layout::claims_bytes(&claims).len(), text.len(), TEXT_CHARS), (38, 153, 153));
    let is_held_by = |version: i16, text: &str| {
        let mut bits = Bits::new(Version::Normal(version));
        bits.push_alphanumeric_data(text.as_bytes()).and_then(|()| bits.push_terminator(EcLevel::M)).is_ok()
    };
    for case in cases("badges") {
        let text: String = of(&case, "text");
        assert_eq!((is_held_by(6, &text), is_held_by(5, &text)), (true, false), "41 modules");
    }
    assert!(!is_held_by(6, &base45::encode(&[255; 103])), "45 modules");
}

#[test]
fn what_a_typing_scanner_adds_or_loses_does_no_harm() {
    let (_, text) = first_badge();
    for typed in [format!("{text}\r\n"), format!("{text}\t"), format!("\n{text}")] {
        assert!(keys().verify(&typed).is_ok(), "{typed:?}");
    }
    let spaced: String = of(&cases("badges")[4], "text");
    assert_eq!(keys().verify(spaced.trim()), keys().verify(&spaced));
    assert!(spaced.starts_with(' ') && keys().verify(spaced.trim()).is_ok());
}

#[test]
fn a_badge_tells_which_key_to_look_for() {
    for case in cases("badges") {
        assert_eq!(key_named_in(&of::<String>(&case, "text")), Some(claims(&case).key), "{}", case["note"]);
    }
    assert_eq!((key_named_in("https://example.org/menu"), key_named_in("")), (None, None));
    let event: EventId = of(&vectors(), "event");
    assert_ne!(key_row_id(event, 1), key_row_id(event, 2));
}

#[test]
fn a_key_that_cannot_be_read_verifies_nothing() {
    let (_, text) = first_badge();
    let event: EventId = of(&vectors(), "event");
    for public in ["", "AAAA", "not base64!"] {
        let key = BadgeKey { number: 1, public: public.into(), device: None, retired_at: None, revoked_at: None };
        assert_eq!(BadgeKeys::new(event, [&key]).verify(&text), Err(BadgeFault::UnknownKey), "{public}");
    }
}

#[test]
fn secrets_and_keys_are_not_written_in_logs() {
    let (claims, _) = first_badge();
    assert!(format!("{claims:?}").contains("BadgeSecret(..)"));
    assert_eq!(format!("{:?}", signer(1)), "BadgeSigner(..)");
}

#[test]
fn twelve_parts_have_a_mark_of_their_own() {
    let marks: BTreeSet<u16> = (0..Access::PARTS).map(|place| Access::part(place).0).collect();
    assert_eq!((marks.len(), Access::part(0), Access::part(11)), (12, Access(16), Access(1 << 15)));
    assert_eq!(Access::part(12), Access::default());
    let both = Access::CONFIRMED.and(Access::part(1));
    assert!(both.has(Access::CONFIRMED) && both.has(both) && !both.has(Access::PROTOCOL.and(Access::CONFIRMED)));
}

#[test]
fn a_registration_is_known_by_its_secret_and_a_desk_by_its_key() {
    let (claims, _) = first_badge();
    let other = BadgeClaims { carrier: 9, expires: 0, ..claims.clone() };
    assert_eq!(claims.secret.index(), other.secret.index());
    assert_ne!(BadgeSecret([0; 16]).index(), BadgeSecret([1; 16]).index());
    let of_key = |key| BadgeClaims { key, ..claims.clone() }.is_provisional();
    assert_eq!([0, 127, 128, 255].map(of_key), [false, false, true, true]);
    assert_ne!(event_mark(EventId(uuid::Uuid::nil())), claims.event);
    assert_ne!(category_mark(RecordId(uuid::Uuid::nil())), claims.category);
    assert_eq!(claims.valid_until(), Timestamp(1_543_708_800_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_text_makes_it_panic_and_none_is_a_badge(text in "\\PC{0,400}") {
        prop_assert!(keys().verify(&text).is_err());
    }

    #[test]
    fn no_bytes_in_the_right_form_make_it_panic_and_none_are_a_badge(
        bytes in prop::collection::vec(any::<u8>(), 102),
        is_ours in any::<bool>(),
    ) {
        let mut bytes = bytes;
        if is_ours {
            bytes[..2].copy_from_slice(&[1, 1]);
            bytes[2..6].copy_from_slice(&first_badge().0.event);
        }
        prop_assert!(keys().verify(&base45::encode(&bytes)).is_err());
    }

    #[test]
    fn one_changed_bit_is_never_accepted(bit in 0_usize..102 * 8) {
        let mut bytes = base45::decode(&first_badge().1).unwrap();
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(keys().verify(&base45::encode(&bytes)).is_err());
    }

    #[test]
    fn one_changed_character_is_never_accepted(place in 0..TEXT_CHARS, character in "[ -~]") {
        let (_, text) = first_badge();
        let changed = format!("{}{character}{}", &text[..place], &text[place + 1..]);
        prop_assert_eq!(keys().verify(&changed).is_ok(), changed == text);
    }

    #[test]
    fn what_was_signed_is_read(
        secret in any::<[u8; 16]>(),
        (carrier, category, access) in any::<(u32, u16, u16)>(),
        (not_before, expires) in any::<(u32, u32)>(),
    ) {
        let (first, _) = first_badge();
        let claims = BadgeClaims {
            secret: BadgeSecret(secret), carrier, category, access: Access(access), not_before, expires, ..first
        };
        prop_assert_eq!(keys().verify(&signer(1).sign(&claims).unwrap()), Ok(claims));
    }

    #[test]
    fn what_was_sealed_is_opened(secret in any::<[u8; 16]>(), details in prop::collection::vec(any::<u8>(), 0..500)) {
        let (secret, event) = (BadgeSecret(secret), of(&vectors(), "event"));
        let sealed = seal(&secret, event, &details).unwrap();
        prop_assert_eq!(open(&secret, event, &sealed), Ok(details));
    }
}
