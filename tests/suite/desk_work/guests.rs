//! What a desk does for the guest who stands there.

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};

use super::cast::{desk, outcome, refusal};
use crate::badges::cast::confirm;
use crate::check_in::cast::{check, reason, rows};
use crate::enrolment::cast::{address, area, checkpoint, door, path};
use crate::harness::{Actor, Device};
use crate::people::cast::with_role;

on_both! {
    async fn a_note_pops_up_at_every_door_until_it_is_taken_away(site) {
        confirm(site, &["ana"]).await;
        let week = area(site, "week", json!({})).await;
        let entrance = checkpoint(site, "entrance", &week).await;
        let (mut desk, mut tablet, ana) = (desk(site, 1).await, door(site).await, site.week.attendee("ana"));
        outcome(&mut desk.device, "door_note.put", Some(ana), json!({ "text": "Ask for the letter." })).await;
        let olga = site.organiser().await;
        let answer = check(site, &olga, &entrance, json!({ "attendee": ana, "by_hand": "known" })).await;
        assert_eq!((reason(&answer), &answer["verdict"]["note"]), ("needs_attention", &json!("Ask for the letter.")));
        let noted = rows(&mut tablet, "door_guests").await;
        assert!(!noted[0].to_string().contains("letter"), "a door tells it to who has the badge");
        outcome(&mut desk.device, "door_note.delete", Some(ana), json!({})).await;
        assert_ne!(rows(&mut tablet, "door_guests").await[0]["sealed"], noted[0]["sealed"]);
        let refused = refusal(&mut desk.device, "door_note.put", Some(ana), json!({ "text": " " })).await;
        assert_eq!(refused, ("invalid_value".to_owned(), "/text".to_owned()));
        let refused = refusal(&mut tablet, "door_note.put", Some(ana), json!({ "text": "Hello" })).await;
        assert_eq!(refused.0, "forbidden");
        let note = path(site, &format!("/attendees/{ana}/door-note"));
        site.sign_in("ana").await.put(&note, &json!({ "text": "VIP" })).await.expect_problem(403, "forbidden");
        olga.delete(&note).await.expect(204);
    }

    async fn a_desk_answers_an_invitation_for_the_guest_who_stands_there(site) {
        confirm(site, &["ana", "bruno"]).await;
        let (ana, bruno) = (site.week.attendee("ana"), site.week.attendee("bruno"));
        let olga = site.organiser().await;
        let dinner = json!({ "slug": "dinner", "title": { "en": "Dinner" }, "kind": "session", "state": "published",
            "starts_at": "2018-11-27T20:00:00Z", "ends_at": "2018-11-27T22:00:00Z", "admission": { "policy": "by_invitation" } });
        let dinner = olga.post(&path(site, "/sessions"), &dinner).await.expect(201).json()["id"].clone();
        let invited = json!({ "attendee": ana, "collection": "sessions", "object": dinner });
        let invitation = olga.post(&path(site, "/invitations"), &invited).await.expect(201).json();
        let (mut desk, mut tablet) = (desk(site, 1).await, door(site).await);
        let seen = |desk: &mut Device| {
            let person = desk.find("desk_people", ana).unwrap();
            let claims = person["guest"]["claims"].as_array().unwrap().clone();
            claims.into_iter().find(|claim| claim["object"] == dinner).unwrap()["invitations"].clone()
        };
        desk.device.sync().await;
        assert_eq!(seen(&mut desk.device), json!([{ "answer": "pending" }]));
        let says = |answer: &str, more: Value| {
            let mut args = json!({ "object": dinner, "answer": answer });
            args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            args
        };
        let op = "invitation.answer";
        let word = json!({ "word": "I am sorry:\nmy flight." });
        assert_eq!(outcome(&mut desk.device, op, Some(ana), says("declined", word)).await, "declined");
        assert_eq!(seen(&mut desk.device), json!([{ "answer": "declined" }]));
        let kept = olga.get(&path(site, &format!("/invitations/{}", invitation["id"].as_str().unwrap()))).await.expect(200).json();
        assert_eq!((&kept["answered_as"], &kept["answered_by"]), (&json!("desk"), &json!(desk.device.actor.account())));
        assert_eq!(kept["word"], "I am sorry:\nmy flight.");
        assert_eq!(outcome(&mut desk.device, op, Some(ana), says("accepted", json!({}))).await, "accepted");
        let mut phone = site.device("ana").await;
        phone.sync().await;
        let own: Value = serde_json::from_str(&phone.list("invitations")[0].value).unwrap();
        assert_eq!((&own["answer"], own.get("word")), (&json!("accepted"), None));
        let at = |reason: &str, field: &str| (reason.to_owned(), field.to_owned());
        for (who, args, reason) in [
            (ana, says("accepted", json!({ "word": "Gladly" })), at("invalid_value", "/word")),
            (ana, says("declined", json!({ "note": "by note no. 12" })), at("forbidden", "/note")),
            (ana, says("perhaps", json!({})), at("invalid_request", "/answer")),
            (bruno, says("accepted", json!({})), at("unknown_reference", "/object")),
        ] {
            assert_eq!(refusal(&mut desk.device, op, Some(who), args).await, reason);
        }
        assert_eq!(refusal(&mut tablet, op, Some(ana), says("declined", json!({}))).await, at("forbidden", "/for"));
        olga.post(&address(site, &desk.device, "/revoke"), &json!(null)).await.expect(200);
        assert_eq!(outcome(&mut desk.device, op, Some(ana), says("declined", json!({}))).await, "held");
        phone.sync().await;
        assert!(phone.list("invitations")[0].value.contains("accepted"));
    }

    async fn a_desk_puts_a_name_right_and_gives_a_code_that_signs_the_guest_in(site) {
        let delegates = confirm(site, &["ana", "bruno"]).await;
        let mut desk = desk(site, 1).await;
        let actor = &desk.device.actor;
        let body = json!({ "name": "No Account", "category": delegates });
        let olga = site.organiser().await;
        let new = olga.post(&path(site, "/registrations"), &body).await.expect(201).json();
        let of = |rest: &str| path(site, &format!("/attendees/{}/{rest}", new["attendee"].as_str().unwrap()));
        let change = json!({ "name": "José Núñez", "badge_name": "Pepe", "email": "jose@example.org" });
        let now = actor.post(&of("corrections"), &change).await.expect(200).json();
        assert_eq!((&now["name"], &now["badge_name"]), (&json!("José Núñez"), &json!("Pepe")));
        let code = actor.post(&of("sign-in-code"), &json!({})).await.expect(201).json();
        let sign_in = json!({ "code": code["code"], "device": { "name": "Phone", "kind": "phone" } });
        let answer = site.anonymous().post("/v1/sign-in", &sign_in).await.expect(200).json();
        assert_eq!(answer["attendees"][0]["id"], new["attendee"]);
        let mut phone = Actor::anonymous(&site.node.base());
        phone.take_tokens(&answer);
        // It is in use now: a desk gives it to nobody else.
        let refused = actor.post(&of("corrections"), &json!({ "email": "thief@example.org" })).await;
        refused.expect_problem(403, "forbidden");
        let null = actor.post(&of("corrections"), &json!({ "badge_name": null })).await.expect(200).json();
        assert_eq!(null.get("badge_name"), None);
        actor.post(&of("corrections"), &json!({ "name": "a\nb" })).await.expect_problem(422, "invalid_value");
        actor.post(&of("corrections"), &json!({ "status": "confirmed" })).await.expect(400);
        phone.post(&of("corrections"), &json!({ "name": "Minister" })).await.expect_problem(403, "forbidden");
        phone.post(&of("sign-in-code"), &json!({})).await.expect_problem(403, "forbidden");
        desk.device.sync().await;
        assert!(desk.device.everything().contains("José Núñez"));
    }

    async fn a_desk_hands_out_so_many_codes_and_no_more_in_a_time(site) {
        confirm(site, &["ana", "bruno"]).await;
        let (one, other) = (desk(site, 1).await, desk(site, 2).await);
        let of = |who: &str| path(site, &format!("/attendees/{}/sign-in-code", site.week.attendee(who)));
        for _ in 0..10 {
            one.device.actor.post(&of("ana"), &json!({})).await.expect(201);
        }
        let refused = one.device.actor.post(&of("bruno"), &json!({})).await;
        assert_eq!(refused.header("retry-after"), "61");
        refused.expect_problem(429, "too_many_requests");
        other.device.actor.post(&of("bruno"), &json!({})).await.expect(201);
        site.clock.advance_ms(60_000);
        one.device.actor.post(&of("bruno"), &json!({})).await.expect(201);
        one.device.actor.post(&of("bruno"), &json!({})).await.expect_problem(429, "too_many_requests");
    }

    async fn a_desks_code_brings_no_roles(site) {
        confirm(site, &["ana"]).await;
        let desk = desk(site, 1).await;
        with_role(site, "ana", Role::Protocol).await;
        let of = path(site, &format!("/attendees/{}/sign-in-code", site.week.attendee("ana")));
        desk.device.actor.post(&of, &json!({})).await.expect_problem(403, "forbidden");
        let nobody = path(site, "/attendees/0192f1aa-0000-7000-8000-00000000dead/sign-in-code");
        desk.device.actor.post(&nobody, &json!({})).await.expect_problem(404, "not_found");
    }
}
