//! What people agree to and take back, and what they let others see.

use cumbre::sync::change_log::Role;
use reqwest::Method;
use serde_json::{Value, json};
use shared::programme::DelegationDuty;
use shared::sync::MutationResult;
use uuid::Uuid;

use super::cast::{category, delegation, newcomer, on_duty, path, put, registration, text, with_role};
use crate::harness::{Actor, Answer, Device, Site};

fn consents(site: &Site, attendee: impl ToString) -> String {
    path(site, &format!("/attendees/{}/consents", attendee.to_string()))
}

fn word(consent: &str, version: u32, is_given: bool) -> Value {
    json!({ "consent": consent, "version": version, "language": "en", "is_given": is_given })
}

async fn say(site: &Site, actor: &Actor, attendee: impl ToString, words: &[Value]) -> Answer {
    actor.send((Method::PUT, &consents(site, attendee)), &[], &json!({ "consents": words })).await
}

/// A category that asks for `data`, which is required, and for `photo`.
async fn press(site: &Site) -> String {
    let texts = json!([
        { "key": "data", "version": 1, "text": { "en": "Keep it" }, "is_required": true },
        { "key": "photo", "version": 1, "text": { "en": "Show it" } },
    ]);
    category(site, "press", json!({ "enrolment": "automatic", "consents": texts })).await
}

/// Somebody who registered in the category and agreed to `data`; with their attendee's id.
async fn registered(site: &Site, name: &str, press: &str) -> (Actor, String) {
    let actor = newcomer(site, name).await;
    let body = json!({ "name": name, "relation": "self", "category": press, "consents": [word("data", 1, true)] });
    let id = text(&actor.post(&path(site, "/registrations"), &body).await.expect(201), "attendee");
    (actor, id)
}

/// Each text with where the person stands to it.
fn states(answer: &Answer) -> Vec<(String, String)> {
    let body = answer.json();
    let state =
        |item: &Value| (item["consent"].as_str().unwrap().to_owned(), item["state"].as_str().unwrap().to_owned());
    body["consents"].as_array().unwrap().iter().map(state).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(key, state)| ((*key).to_owned(), (*state).to_owned())).collect()
}

/// Shares what is named, as the person; the others see it.
async fn share(site: &Site, actor: &Actor, attendee: &str, patch: Value) {
    actor.patch(&registration(site, attendee), &patch).await.expect(200);
}

async fn found(site: &Site, actor: &Actor, search: Value) -> Vec<Value> {
    let page = actor.post(&path(site, "/directory/search"), &search).await.expect(200).json();
    page["items"].as_array().unwrap().clone()
}

on_both! {
    async fn a_required_consent_is_taken_back_the_place_stays_and_the_organiser_sees_it(site) {
        let press = press(site).await;
        let (dana, id) = registered(site, "dana", &press).await;
        let answer = dana.get(&consents(site, &id)).await.expect(200);
        assert_eq!(states(&answer), pairs(&[("data", "given"), ("photo", "unanswered")]));
        let mut console = site.device("olga").await;
        console.sync().await;
        site.clock.advance_ms(1_000);
        let answer = say(site, &dana, &id, &[word("data", 1, false)]).await.expect(200);
        assert_eq!(states(&answer), pairs(&[("data", "refused"), ("photo", "unanswered")]));
        assert_eq!(answer.json()["withdrawn_consents"], json!(["data"]));
        let history: Vec<Value> = answer.json()["consents"][0]["history"].as_array().unwrap().iter().map(|said| said["is_given"].clone()).collect();
        assert_eq!(history, [json!(false), json!(true)]);
        let kept = dana.get(&registration(site, &id)).await.expect(200).json();
        assert_eq!((&kept["status"], &kept["withdrawn_consents"]), (&json!("confirmed"), &json!(["data"])));
        console.sync().await;
        assert_eq!(console.find("registrations", &id).unwrap()["withdrawn_consents"], json!(["data"]));
        registered(site, "erin", &press).await;
        let listed = site.organiser().await.get(&path(site, "/registrations?withdrawn_consents=true")).await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().iter().map(|item| &item["attendee"]).collect::<Vec<_>>(), [&json!(id)]);
        site.clock.advance_ms(1_000);
        say(site, &dana, &id, &[word("data", 1, true)]).await.expect(200);
        console.sync().await;
        assert_eq!(console.find("registrations", &id).unwrap().get("withdrawn_consents"), None);
    }

    async fn a_text_that_becomes_required_shows_who_had_said_no_to_it(site) {
        let press = press(site).await;
        let (dana, id) = registered(site, "dana", &press).await;
        say(site, &dana, &id, &[word("photo", 1, false)]).await.expect(200);
        let mut console = site.device("olga").await;
        console.sync().await;
        assert_eq!(console.find("registrations", &id).unwrap().get("withdrawn_consents"), None);
        let texts = json!([{ "key": "photo", "version": 2, "text": { "en": "Show it to all" }, "is_required": true }]);
        console.actor.patch(&path(site, "/categories/press"), &json!({ "consents": texts })).await.expect(200);
        console.sync().await;
        assert_eq!(console.find("registrations", &id).unwrap()["withdrawn_consents"], json!(["photo"]));
        let answer = dana.get(&consents(site, &id)).await.expect(200);
        assert_eq!(states(&answer), pairs(&[("photo", "refused"), ("data", "given")]), "what is asked, then what was");
        site.clock.advance_ms(1_000);
        let answer = say(site, &dana, &id, &[word("data", 1, false)]).await.expect(200);
        assert_eq!(states(&answer), pairs(&[("photo", "refused"), ("data", "refused")]));
        let answer = say(site, &dana, &id, &[word("photo", 2, true)]).await.expect(200);
        assert_eq!(states(&answer), pairs(&[("photo", "given"), ("data", "refused")]));
    }

    async fn a_text_is_another_version_and_what_was_agreed_to_in_a_language_that_went_is_taken_back(site) {
        let press = press(site).await;
        let (dana, id) = registered(site, "dana", &press).await;
        let (olga, target) = (site.organiser().await, path(site, "/categories/press"));
        let text = |version: u32, text: Value| json!({ "consents": [{ "key": "photo", "version": version, "text": text }] });
        let spanish = json!({ "en": "Show it", "es": "Se muestra" });
        olga.patch(&target, &text(1, spanish)).await.expect(200);
        let said = |is_given: bool| json!({ "consent": "photo", "version": 1, "language": "es", "is_given": is_given });
        say(site, &dana, &id, &[said(true)]).await.expect(200);
        for another in [json!({ "en": "Sell it", "es": "Se vende" }), json!({ "en": "Show it" })] {
            let refused = olga.patch(&target, &text(1, another)).await.expect_problem(422, "invalid_value").json();
            assert_eq!(refused["field"], "/consents/0/version");
        }
        olga.patch(&target, &text(2, json!({ "en": "Show it to all" }))).await.expect(200);
        let lower = olga.patch(&target, &text(1, json!({ "en": "Show it to all" }))).await;
        lower.expect_problem(422, "invalid_value");
        site.clock.advance_ms(1_000);
        say(site, &dana, &id, &[said(true)]).await.expect_problem(422, "invalid_value");
        let answer = say(site, &dana, &id, &[said(false)]).await.expect(200);
        assert_eq!(states(&answer)[0], pairs(&[("photo", "refused")])[0]);
    }

    async fn a_text_that_comes_back_under_an_old_key_is_another_version(site) {
        let press = press(site).await;
        let (dana, id) = registered(site, "dana", &press).await;
        site.clock.advance_ms(1_000);
        say(site, &dana, &id, &[word("photo", 1, false)]).await.expect(200);
        let (olga, target) = (site.organiser().await, path(site, "/categories/press"));
        let text = |version: u32| json!([{ "key": "photo", "version": version, "text": { "en": "Sell it" } }]);
        olga.patch(&target, &json!({ "consents": [] })).await.expect(200);
        let refused = olga.patch(&target, &json!({ "consents": text(1) })).await.expect_problem(422, "invalid_value").json();
        assert_eq!(refused["field"], "/consents/0/version");
        let other = json!({ "slug": "film", "title": { "en": "Film" }, "consents": text(1) });
        olga.post(&path(site, "/categories"), &other).await.expect_problem(422, "invalid_value");
        olga.patch(&target, &json!({ "consents": text(2) })).await.expect(200);
    }

    async fn a_phone_without_a_network_agrees_and_takes_back(site) {
        let press = press(site).await;
        let (dana, id) = registered(site, "dana", &press).await;
        let attendee = id.parse().unwrap();
        let mut phone = Device::new(dana, &site.week.slug, &site.clock);
        phone.sync().await;
        site.clock.advance_ms(1_000);
        phone.edit("consent.set", Some(attendee), json!({ "consents": [word("photo", 1, true), word("data", 1, false)] }));
        phone.edit("consent.set", Some(site.week.attendee("bruno")), json!({ "consents": [word("photo", 1, true)] }));
        phone.edit("consent.set", Some(attendee), json!({ "consents": [word("soul", 1, true)] }));
        let results = phone.sync().await;
        assert!(matches!(&results[0], MutationResult::Applied { .. }), "{results:?}");
        assert!(matches!(&results[1], MutationResult::Rejected { reason, .. } if reason == "forbidden"), "{results:?}");
        assert!(matches!(&results[2], MutationResult::Rejected { field: Some(field), .. } if field == "/consents/0/consent"), "{results:?}");
        assert_eq!(phone.find("registrations", &id).unwrap()["withdrawn_consents"], json!(["data"]));
    }

    async fn consents_are_the_persons_to_give_and_not_everybodys_to_read(site) {
        let press = press(site).await;
        let (dana, id) = registered(site, "dana", &press).await;
        let chile = delegation(site, "chile", json!({})).await;
        let olga = site.organiser().await;
        olga.patch(&registration(site, &id), &json!({ "delegation": chile })).await.expect(200);
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let lia = on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await;
        let pia = with_role(site, "pia", Role::Protocol).await;
        for actor in [&fay, &pia] {
            actor.get(&consents(site, &id)).await.expect(200);
            say(site, actor, &id, &[word("photo", 1, true)]).await.expect_problem(403, "forbidden");
        }
        lia.get(&consents(site, &id)).await.expect_problem(403, "forbidden");
        say(site, &olga, &id, &[word("photo", 1, true)]).await.expect(200);
        let never = Uuid::new_v4().to_string();
        for stranger in [site.sign_in("bruno").await, site.sign_in("otto").await] {
            for other in [&id, &never] {
                stranger.get(&consents(site, other)).await.expect_problem(404, "not_found");
                say(site, &stranger, other, &[word("photo", 1, true)]).await.expect_problem(404, "not_found");
            }
        }
        say(site, &dana, &id, &[word("photo", 2, true)]).await.expect_problem(422, "invalid_value");
        say(site, &site.sign_in("ana").await, site.week.attendee("ana"), &[word("photo", 1, true)]).await.expect_problem(409, "wrong_state");
    }

    async fn attendees_see_of_each_other_what_each_allowed(site) {
        let press = press(site).await;
        let (dana, dana_id) = registered(site, "dana", &press).await;
        let (erin, erin_id) = registered(site, "erin", &press).await;
        let (_, hidden) = registered(site, "frank", &press).await;
        let details = json!({ "position": "Editor", "organisation": "The Páper", "email": "dana@paper.example", "phone": "+56 2 2345 6789" });
        share(site, &dana, &dana_id, json!({ "details": details, "shares": ["name"] })).await;
        let named = json!({ "attendee": dana_id, "name": "dana" });
        assert_eq!(found(site, &erin, json!({})).await, std::slice::from_ref(&named), "only who allowed it");
        for text in ["paper", "editor", "2345"] {
            assert_eq!(found(site, &erin, json!({ "text": text })).await, [] as [Value; 0], "{text} is not shown, and finds nobody");
        }
        share(site, &dana, &dana_id, json!({ "shares": ["name", "affiliation"] })).await;
        let mut affiliated = named.clone();
        (affiliated["position"], affiliated["organisation"]) = (json!("Editor"), json!("The Páper"));
        assert_eq!(found(site, &erin, json!({ "text": "PAPER" })).await, [affiliated.clone()]);
        share(site, &erin, &erin_id, json!({ "shares": ["name", "email"] })).await;
        let listed = found(site, &dana, json!({})).await;
        assert_eq!(listed, [affiliated, json!({ "attendee": erin_id, "name": "erin" })]);
        let first = dana.post(&path(site, "/directory/search"), &json!({ "limit": 1 })).await.expect(200).json();
        let second = json!({ "limit": 1, "cursor": first["next"] });
        let second = dana.post(&path(site, "/directory/search"), &second).await.expect(200).json();
        assert_eq!((&first["items"][0], &second["items"][0], second.get("next")), (&listed[0], &listed[1], None));
        share(site, &dana, &dana_id, json!({ "shares": [] })).await;
        assert_eq!(found(site, &erin, json!({})).await, [listed[1].clone()]);
        assert!(!erin.post(&path(site, "/directory/search"), &json!({})).await.mentions(&hidden));
    }

    async fn only_confirmed_attendees_read_the_directory_and_only_confirmed_ones_are_in_it(site) {
        let press = press(site).await;
        let (dana, dana_id) = registered(site, "dana", &press).await;
        share(site, &dana, &dana_id, json!({ "shares": ["name"] })).await;
        let target = path(site, "/directory/search");
        for reader in [&site.organiser().await, &with_role(site, "pia", Role::Protocol).await, &dana] {
            assert_eq!(found(site, reader, json!({})).await.len(), 1);
        }
        for other in [site.sign_in("ana").await, site.sign_in("otto").await, with_role(site, "desk", Role::Desk).await] {
            other.post(&target, &json!({})).await.expect_problem(403, "forbidden");
        }
        site.anonymous().post(&target, &json!({})).await.expect_problem(401, "unauthenticated");
        for (field, value) in [("cursor", json!("§")), ("cursor", json!("bm9uc2Vuc2U")), ("limit", json!(0))] {
            let answer = dana.post(&target, &json!({ field: value })).await.expect_problem(400, "invalid_request");
            assert_eq!(answer.json()["field"], format!("/{field}"));
        }
        dana.post(&target, &json!({ "text": "" })).await.expect_problem(422, "invalid_value");
        dana.post(&target, &json!({ "name": "dana" })).await.expect_problem(400, "invalid_request");
        super::cast::move_to(site, &dana, &dana_id, "cancelled").await.expect(200);
        dana.post(&target, &json!({})).await.expect_problem(403, "forbidden");
        put(site, &site.organiser().await, site.week.attendee("ana"), json!({ "category": press })).await.expect(200);
        assert_eq!(found(site, &site.sign_in("sol").await, json!({})).await, [] as [Value; 0], "for who acts for her as well");
    }
}
