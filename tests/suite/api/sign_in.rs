//! `/v1/sign-in`, `/v1/tokens`: who comes in, and how long they stay.

use serde_json::json;

use crate::harness::{Actor, Site};
use crate::people::cast::category;

const DEVICE: &str = "A phone";

async fn sign_in_with(site: &Site, credential: serde_json::Value) -> crate::harness::Answer {
    let mut body = credential;
    body["device"] = json!({ "name": DEVICE, "kind": "phone" });
    site.anonymous().post("/v1/sign-in", &body).await
}

/// The code in the newest mail to an address.
fn read_mail(site: &Site, address: &str) -> String {
    let text = site.post.last_to(address).plain;
    text.lines().find(|line| line.starts_with("    ")).unwrap().trim().to_owned()
}

on_both! {
    async fn staff_hand_out_a_code_and_the_attendee_signs_in_with_it_once(site) {
        let olga = site.organiser().await;
        let path = format!("/v1/events/{}/accounts/{}/sign-in-codes", site.week.slug, site.week.account("ana"));
        let code = olga.post(&path, &json!({})).await.expect(201).json()["code"].clone();
        let answer = sign_in_with(site, json!({ "code": code })).await.expect(200).json();
        assert_eq!(answer["account"]["id"], json!(site.week.account("ana")));
        assert_eq!(answer["attendees"][0]["id"], json!(site.week.attendee("ana")));
        sign_in_with(site, json!({ "code": code })).await.expect_problem(401, "credential_refused");
    }

    async fn only_staff_of_the_event_hand_out_codes_and_only_to_its_people(site) {
        let path = |name| format!("/v1/events/{}/accounts/{}/sign-in-codes", site.week.slug, site.week.account(name));
        for name in ["ana", "otto", "sol"] {
            let refused = site.sign_in(name).await.post(&path("bruno"), &json!({})).await;
            assert!([403, 404].contains(&refused.status), "{name}: {}", refused.text());
        }
        site.anonymous().post(&path("bruno"), &json!({})).await.expect_problem(401, "unauthenticated");
        let foreign = site.organiser().await.post(&path("otto"), &json!({})).await;
        assert!([403, 404].contains(&foreign.status), "otto's rights are not olga's to give");
    }

    async fn a_code_comes_by_mail_and_signs_in(site) {
        let anonymous = site.anonymous();
        anonymous.post("/v1/sign-in/codes", &json!({ "email": "ana@example.org" })).await.expect(202);
        site.node.app().identity.finish_mails().await;
        let code = read_mail(site, "ana@example.org");
        sign_in_with(site, json!({ "code": code, "email": "bruno@example.org" })).await.expect_problem(401, "credential_refused");
        let answer = sign_in_with(site, json!({ "code": code, "email": "Ana@Example.org" })).await.expect(200).json();
        assert_eq!(answer["account"]["id"], json!(site.week.account("ana")));
    }

    async fn an_address_that_nobody_has_is_answered_like_one_that_somebody_has(site) {
        let anonymous = site.anonymous();
        let known = anonymous.post("/v1/sign-in/codes", &json!({ "email": "ana@example.org" })).await.expect(202);
        let unknown = anonymous.post("/v1/sign-in/codes", &json!({ "email": "nobody@example.org" })).await.expect(202);
        assert_eq!(known.body, unknown.body);
    }

    async fn who_is_known_to_nobody_gets_an_account_where_anybody_may_register(site) {
        let (anonymous, address) = (site.anonymous(), "nueva.persona@example.org");
        let ask = async || {
            anonymous.post("/v1/sign-in/codes", &json!({ "email": address, "language": "es" })).await.expect(202);
            site.node.app().identity.finish_mails().await;
            site.post.letters().iter().filter(|letter| letter.to == address).count()
        };
        let shut = json!({ "enrolment": "automatic", "closes_at": "2018-01-01T00:00:00Z" });
        category(site, "early", shut).await;
        category(site, "staff", json!({})).await;
        assert_eq!(ask().await, 0, "nobody registers here");
        let guests = category(site, "guests", json!({ "enrolment": "automatic" })).await;
        assert_eq!(ask().await, 1);
        assert!(!site.post.last_to(address).plain.contains("/sign-in#"), "a link would have to say whose address it is");
        let code = read_mail(site, address);
        sign_in_with(site, json!({ "code": "0000-0000", "email": address })).await.expect_problem(401, "credential_refused");
        sign_in_with(site, json!({ "code": code, "email": "other@example.org" })).await.expect_problem(401, "credential_refused");
        let answer = sign_in_with(site, json!({ "code": code, "email": "Nueva.Persona@example.org" })).await.expect(200).json();
        assert_eq!((&answer["account"]["email"], &answer["account"]["name"]), (&json!(address), &json!("nueva.persona")));
        assert_eq!((&answer["attendees"], &answer["roles"]), (&json!([]), &json!([])));
        sign_in_with(site, json!({ "code": code, "email": address })).await.expect_problem(401, "credential_refused");
        let mut newcomer = site.anonymous();
        newcomer.take_tokens(&answer);
        let body = json!({ "name": "Nueva Persona", "relation": "self", "category": guests });
        let path = format!("/v1/events/{}/registrations", site.week.slug);
        assert_eq!(newcomer.post(&path, &body).await.expect(201).json()["status"], "confirmed");
        assert_eq!(ask().await, 2, "and signs in again like everybody");
        assert!(site.post.last_to(address).plain.contains("/sign-in#"));
    }

    async fn tokens_are_renewed_and_an_old_one_ends_the_family(site) {
        let ana = site.sign_in("ana").await;
        let renew = |token: &str| {
            let body = json!({ "refresh_token": token });
            let anonymous = site.anonymous();
            async move { anonymous.post("/v1/tokens/refresh", &body).await }
        };
        let first = ana.signed_in.clone().unwrap().refresh_token;
        let mut newest = first.clone();
        for _ in 0..3 {
            site.clock.advance_ms(60_000);
            newest = renew(&newest).await.expect(200).json()["refresh_token"].as_str().unwrap().to_owned();
        }
        ana.get("/v1/account").await.expect(200);
        renew(&first).await.expect_problem(401, "credential_refused");
        renew(&newest).await.expect_problem(401, "credential_refused");
        ana.get("/v1/account").await.expect_problem(401, "unauthenticated");
    }

    async fn an_access_token_ends_by_itself_and_is_renewed(site) {
        let mut ana = site.sign_in("ana").await;
        site.clock.advance_ms(24 * 3_600_000);
        let refused = ana.get("/v1/account").await.expect_problem(401, "unauthenticated");
        assert_eq!(refused.header("www-authenticate"), "Bearer");
        let refresh = ana.signed_in.clone().unwrap().refresh_token;
        let renewed = site.anonymous().post("/v1/tokens/refresh", &json!({ "refresh_token": refresh })).await.expect(200).json();
        ana.signed_in.as_mut().unwrap().access_token = renewed["access_token"].as_str().unwrap().to_owned();
        ana.get("/v1/account").await.expect(200);
    }

    async fn a_token_that_was_touched_is_no_token(site) {
        let ana = site.sign_in("ana").await;
        let token = ana.token().to_owned();
        let (rest, signature) = token.rsplit_once('.').unwrap();
        let turned: String = signature.chars().rev().collect();
        for touched in [format!("{rest}.{turned}"), format!("{rest}."), rest.to_owned(), format!("{token}x"), String::new()] {
            let mut forger: Actor = ana.clone();
            forger.signed_in.as_mut().unwrap().access_token = touched;
            forger.get("/v1/account").await.expect_problem(401, "unauthenticated");
        }
    }

    async fn whoever_guesses_codes_is_slowed_down_and_nobody_else(site) {
        for _ in 0..5 {
            sign_in_with(site, json!({ "code": "AAAA-AAAA-AAAA", "email": "ana@example.org" })).await.expect_problem(401, "credential_refused");
        }
        site.anonymous().post("/v1/sign-in/codes", &json!({ "email": "bruno@example.org" })).await.expect(202);
        site.node.app().identity.finish_mails().await;
        sign_in_with(site, json!({ "code": read_mail(site, "bruno@example.org"), "email": "bruno@example.org" })).await.expect(200);
    }
}
