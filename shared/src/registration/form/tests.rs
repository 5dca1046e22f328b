use serde_json::json;

use super::*;

fn category() -> Category {
    serde_json::from_value(json!({
        "slug": "delegates", "title": { "en": "Delegates" },
        "form": [
            { "key": "badge", "label": { "en": "Badge" }, "kind": "text", "is_required": true },
            { "key": "topics", "label": { "en": "Topics" }, "kind": "long_text" },
            { "key": "age", "label": { "en": "Age" }, "kind": "number" },
            { "key": "arrival", "label": { "en": "Arrival" }, "kind": "date" },
            { "key": "dinner", "label": { "en": "Dinner" }, "kind": "yes_no" },
            { "key": "hotel", "label": { "en": "Hotel" }, "kind": "choice",
              "choices": [{ "key": "club", "label": { "en": "Club" } }, { "key": "other", "label": { "en": "Other" } }] },
            { "key": "days", "label": { "en": "Days" }, "kind": "choices",
              "choices": [{ "key": "mon", "label": { "en": "Mon" } }, { "key": "tue", "label": { "en": "Tue" } }] },
        ],
        "consents": [
            { "key": "data", "version": 3, "text": { "en": "Keep my data", "es": "Guarden mis datos" }, "is_required": true },
            { "key": "photo", "version": 1, "text": { "en": "Take photos" } },
        ],
    }))
    .unwrap()
}

fn answers(value: Value) -> Answers {
    serde_json::from_value(value).unwrap()
}

fn fields(faults: Vec<InvalidBody>) -> Vec<String> {
    faults.into_iter().map(|fault| fault.field).collect()
}

fn wrong_answers(value: Value) -> Vec<String> {
    fields(check_answers(&category(), &Answers::new(), &answers(value)))
}

#[test]
fn answers_are_of_the_kinds_that_the_form_says() {
    let good = json!({ "badge": "Ana", "topics": "One\ntwo", "age": 51, "arrival": "2018-11-25", "dinner": false,
        "hotel": "club", "days": ["tue", "mon"] });
    assert_eq!(wrong_answers(good), [""; 0]);
    let cases = [
        json!({ "badge": 7 }),
        json!({ "badge": "two\nlines" }),
        json!({ "badge": " " }),
        json!({ "badge": "x".repeat(501) }),
        json!({ "topics": "bell \u{7}" }),
        json!({ "age": 5.5 }),
        json!({ "age": "51" }),
        json!({ "age": 9_007_199_254_740_992_i64 }),
        json!({ "arrival": "2018-02-30" }),
        json!({ "arrival": "tomorrow" }),
        json!({ "dinner": "yes" }),
        json!({ "hotel": "palace" }),
        json!({ "hotel": ["club"] }),
        json!({ "days": [] }),
        json!({ "days": ["mon", "mon"] }),
        json!({ "days": ["wed"] }),
        json!({ "days": "mon" }),
        json!({ "badge": null }),
        json!({ "shoe-size": 42 }),
    ];
    for case in cases {
        let key = case.as_object().unwrap().keys().next().unwrap().clone();
        assert_eq!(wrong_answers(case.clone()), [format!("/answers/{key}")], "{case}");
    }
}

#[test]
fn what_is_required_is_missing_until_it_is_answered_and_stays_answered() {
    assert_eq!(fields(check_complete(&category(), &answers(json!({ "age": 5 })))), ["/answers/badge"]);
    assert_eq!(fields(check_complete(&category(), &answers(json!({ "badge": "Ana" })))), [""; 0]);
    let before = answers(json!({ "badge": "Ana", "age": 5 }));
    assert_eq!(fields(check_answers(&category(), &before, &answers(json!({ "age": 5 })))), ["/answers/badge"]);
    assert_eq!(fields(check_answers(&category(), &before, &answers(json!({ "badge": "Ana" })))), [""; 0]);
}

#[test]
fn what_was_answered_to_an_earlier_form_stays() {
    let before = answers(json!({ "fax": "12 34", "hotel": "palace" }));
    let after = answers(json!({ "fax": "12 34", "hotel": "palace", "age": 51 }));
    assert_eq!(fields(check_answers(&category(), &before, &after)), [""; 0]);
    let changed = answers(json!({ "fax": "56 78", "hotel": "palace" }));
    assert_eq!(fields(check_answers(&category(), &before, &changed)), ["/answers/fax"]);
}

#[test]
fn a_key_that_is_no_word_is_escaped_in_its_pointer() {
    assert_eq!(wrong_answers(json!({ "a/b~c": 1 })), ["/answers/a~1b~0c"]);
}

#[test]
fn details_are_lines_and_addresses_have_their_form() {
    let wrong = |value: Value| fields(check_details(&serde_json::from_value(value).unwrap()));
    let good = json!({ "given_name": "Ana María", "family_name": "Ñúñez", "country": "CL", "email": "ana@example.org",
        "phone": "+56 (2) 2345-6789", "position": "Ministra", "organisation": "الحوار" });
    assert_eq!(wrong(good), [""; 0]);
    let cases = [
        ("given_name", json!("two\nlines")),
        ("family_name", json!("")),
        ("badge_name", json!("x".repeat(201))),
        ("form_of_address", json!("\u{0}")),
        ("position", json!("a\tb")),
        ("organisation", json!("   ")),
        ("country", json!("Chile")),
        ("country", json!("cl")),
        ("email", json!("ana")),
        ("email", json!("@example.org")),
        ("email", json!("ana@")),
        ("email", json!("ana@b@c")),
        ("email", json!("ana @example.org")),
        ("email", json!(format!("{}@example.org", "x".repeat(250)))),
        ("phone", json!("2345 6789")),
        ("phone", json!("+12")),
        ("phone", json!("+1234567890123456")),
        ("phone", json!("+56 2 call me")),
    ];
    for (field, value) in cases {
        assert_eq!(wrong(json!({ field: value })), [format!("/details/{field}")], "{value}");
    }
}

fn given(consent: &str, version: u32, is_given: bool) -> GivenConsent {
    GivenConsent { consent: consent.to_owned(), version, language: "en".to_owned(), is_given, at: None }
}

#[test]
fn a_consent_is_to_the_text_that_stands_in_a_language_that_it_is_in() {
    let wrong = |given: &[GivenConsent]| fields(check_consents(&category(), &[], given));
    assert_eq!(wrong(&[given("data", 3, true), given("photo", 1, false)]), [""; 0]);
    assert_eq!(wrong(&[given("data", 2, true)]), ["/consents/0/version"]);
    assert_eq!(wrong(&[given("soul", 1, true)]), ["/consents/0/consent"]);
    assert_eq!(wrong(&[given("photo", 1, true), given("photo", 1, false)]), ["/consents/1/consent"]);
    let spanish = |consent: &str, version| GivenConsent { language: "es".to_owned(), ..given(consent, version, true) };
    assert_eq!(wrong(&[spanish("data", 3), spanish("photo", 1)]), ["/consents/1/language"]);
    let dated = GivenConsent { at: Some(crate::time::Timestamp(0)), ..given("photo", 1, true) };
    assert_eq!(wrong(&[dated]), ["/consents/0/at"]);
}

#[test]
fn what_was_agreed_to_can_be_taken_back_whatever_became_of_the_text() {
    let held = [given("data", 1, true), given("soul", 1, true)];
    let wrong = |given: &[GivenConsent]| fields(check_consents(&category(), &held, given));
    assert_eq!(wrong(&[given("data", 1, false), given("soul", 1, false)]), [""; 0]);
    let french = |is_given| GivenConsent { language: "fr".to_owned(), ..given("photo", 1, is_given) };
    let held = [french(true)];
    let said = |given: &[GivenConsent]| fields(check_consents(&category(), &held, given));
    assert_eq!(said(&[french(false)]), [""; 0], "in a language that the text has no more");
    assert_eq!(said(&[french(true)]), ["/consents/0/language"]);
    assert_eq!(wrong(&[given("data", 1, true)]), ["/consents/0/version"]);
    assert_eq!(
        wrong(&[given("soul", 1, true), given("photo", 2, false)]),
        ["/consents/0/consent", "/consents/1/version"]
    );
    assert_eq!(wrong(&[given("soul", 1, false), given("soul", 1, false)]), ["/consents/1/consent"]);
}

#[test]
fn nobody_registers_with_a_no_to_what_is_required() {
    let refused = |given: &[GivenConsent]| fields(check_not_refused(&category(), given));
    assert_eq!(refused(&[given("data", 3, true), given("photo", 1, false)]), [""; 0]);
    assert_eq!(refused(&[given("photo", 1, true), given("data", 3, false)]), ["/consents/1/is_given"]);
}

#[test]
fn nobody_registers_without_what_is_required() {
    let missing = |held: &[GivenConsent]| fields(check_agreed(&category(), held));
    assert_eq!(missing(&[]), ["/consents"]);
    assert_eq!(missing(&[given("data", 3, false)]), ["/consents"]);
    assert_eq!(missing(&[given("photo", 1, true)]), ["/consents"]);
    assert_eq!(missing(&[given("data", 1, true)]), [""; 0]);
}

#[test]
fn what_others_may_see_is_named_once() {
    assert_eq!(fields(check_shares(&[Shared::Name, Shared::Email])), [""; 0]);
    assert_eq!(fields(check_shares(&[Shared::Name, Shared::Name])), ["/shares/1"]);
}
