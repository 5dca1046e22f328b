//! Invitations: who is invited to what, what they answer and by whom, and what their phones hold.

use cumbre::sync::change_log::Role;
use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::programme::{Collection, DelegationDuty};
use shared::sync::MutationResult;
use uuid::Uuid;

use super::cast::{delegation, newcomer, on_duty, path, text, with_role};
use super::world::World;
use crate::harness::{Actor, Answer, Device, Site};

/// Invites somebody of the week to a session of it; the answer.
async fn invite(site: &Site, by: &Actor, (name, session): (&str, &str), more: Value) -> Answer {
    let mut body =
        json!({ "attendee": site.week.attendee(name), "collection": "sessions", "object": site.week.id(session) });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    by.post(&path(site, "/invitations"), &body).await
}

/// Invites somebody by the organiser; the invitation's id.
async fn invited(site: &Site, name: &str, session: &str) -> String {
    text(&invite(site, &site.organiser().await, (name, session), json!({})).await.expect(201), "id")
}

fn of(site: &Site, id: &str, verb: &str) -> String {
    path(site, &format!("/invitations/{id}{verb}"))
}

async fn answer(site: &Site, by: &Actor, id: &str, reply: Value) -> Answer {
    by.post(&of(site, id, "/answer"), &reply).await
}

/// The kinds of what a device's inbox says.
fn inbox(device: &mut Device) -> Vec<String> {
    let mut rows: Vec<_> = device.list("notices").into_iter().collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows.iter().map(|row| text_of(&row.value, "kind")).collect()
}

fn text_of(row: &str, field: &str) -> String {
    serde_json::from_str::<Value>(row).unwrap()[field].as_str().unwrap().to_owned()
}

/// The secret of the newest mail to an address, and the code beside it.
fn secret_mailed_to(site: &Site, address: &str) -> (String, String) {
    let letter = site.post.last_to(address);
    let secret = letter.plain.split("/invitation#").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let code = letter.plain.split_whitespace().find(|word| word.len() == 19 && word.matches('-').count() == 3);
    (secret, code.unwrap().to_owned())
}

async fn read_mailed(site: &Site, secret: &str) -> Answer {
    site.anonymous().post("/v1/invitations/read", &json!({ "secret": secret })).await
}

on_both! {
    async fn an_invitation_brings_the_session_to_the_phone_and_its_withdrawal_takes_it_away(site) {
        let mut phone = site.device("bruno").await;
        phone.sync().await;
        assert_eq!(phone.find("sessions", site.week.id("briefing")), None);
        let id = invited(site, "bruno", "briefing").await;
        phone.sync().await;
        assert_eq!(phone.find("sessions", site.week.id("briefing")).unwrap()["title"]["en"], "Briefing of advisers");
        let row = phone.find("invitations", &id).unwrap();
        assert_eq!((&row["answer"], &row["object"]), (&json!("pending"), &json!(site.week.id("briefing"))));
        assert_eq!(inbox(&mut phone), ["invited"]);
        let olga = site.organiser().await;
        olga.post(&of(site, &id, "/withdraw"), &json!({})).await.expect(200);
        phone.sync().await;
        assert_eq!(phone.find("sessions", site.week.id("briefing")), None);
        assert_eq!(phone.find("invitations", &id), None);
        assert_eq!(inbox(&mut phone), [""; 0], "what is withdrawn quietly leaves nothing behind");
        assert!(!phone.scopes().contains(&site.week.gate("briefing")));
        let kept = olga.get(&of(site, &id, "")).await.expect(200).json();
        assert!(kept["withdrawn_at"].is_string(), "{kept}");
        site.sign_in("bruno").await.get(&of(site, &id, "")).await.expect_problem(404, "not_found");
    }

    async fn of_what_is_hidden_nothing_is_left_and_of_what_is_listed_the_message_names_it(site) {
        let olga = site.organiser().await;
        let mut phone = site.device("bruno").await;
        let (hidden, listed) = (invited(site, "bruno", "quiet-lunch").await, invited(site, "bruno", "briefing").await);
        phone.sync().await;
        assert!(phone.everything().contains("Lunch that nobody knows of"));
        site.post.wait_for(4).await;
        for id in [&hidden, &listed] {
            let told = json!({ "tell": true, "message": "It is for advisers." });
            olga.post(&of(site, id, "/withdraw"), &told).await.expect(200);
        }
        phone.sync().await;
        let everything = phone.everything();
        for secret in ["Lunch that nobody", &site.week.id("quiet-lunch").to_string(), "Dora Stillwater"] {
            assert!(!everything.contains(secret), "{secret} is still there");
        }
        assert_eq!(inbox(&mut phone), ["invitation_withdrawn"; 2]);
        assert!(everything.contains("It is for advisers."));
        let letters = site.post.wait_for(8).await;
        let told: Vec<_> = letters.iter().filter(|letter| letter.to == "bruno@example.org").map(|l| l.subject.clone()).collect();
        assert!(told.contains(&"Invitación retirada: Briefing of advisers".to_owned()), "{told:?}");
        assert!(told.contains(&"Invitación retirada: una actividad del programa".to_owned()), "{told:?}");
        let again = invite(site, &olga, ("bruno", "quiet-lunch"), json!({})).await.expect(201);
        assert_eq!(text(&again, "id"), hidden, "who was uninvited is invited anew under the same id");
        phone.sync().await;
        assert_eq!(phone.find("invitations", &hidden).unwrap()["answer"], "pending");
    }

    async fn a_phone_answers_in_a_tunnel_and_an_assistant_for_whom_they_act(site) {
        let (bruno, ana) = (site.week.attendee("bruno"), site.week.attendee("ana"));
        let (one, other) = (invited(site, "bruno", "briefing").await, invited(site, "ana", "briefing").await);
        let mut phone = site.device("bruno").await;
        phone.sync().await;
        phone.edit("invitation.answer", Some(bruno), json!({ "id": one, "answer": "accepted" }));
        let results = phone.sync().await;
        assert!(matches!(&results[0], MutationResult::Applied { outcome: Some(word), .. } if word == "accepted"), "{results:?}");
        let row = phone.find("invitations", &one).unwrap();
        assert_eq!((&row["answer"], &row["answered_as"]), (&json!("accepted"), &json!("myself")));
        let mut chief = site.device("sol").await;
        chief.sync().await;
        chief.edit("invitation.answer", Some(ana), json!({ "id": other, "answer": "declined", "word": "The minister regrets." }));
        chief.edit("invitation.answer", Some(ana), json!({ "id": one, "answer": "declined" }));
        chief.edit("invitation.answer", Some(site.week.attendee("carla")), json!({ "id": one, "answer": "declined" }));
        chief.edit("invitation.answer", Some(bruno), json!({ "id": one, "answer": "declined", "note": "by note no. 12" }));
        chief.edit("invitation.answer", Some(bruno), json!({ "id": one, "answer": "perhaps" }));
        let results = chief.sync().await;
        assert!(matches!(&results[0], MutationResult::Applied { .. }), "{results:?}");
        let reasons: Vec<_> = results[1..].iter().map(|result| match result {
            MutationResult::Rejected { reason, field, .. } => (reason.as_str(), field.as_deref().unwrap_or_default()),
            other => panic!("{other:?}"),
        }).collect();
        assert_eq!(reasons, [("unknown_reference", "/id"), ("forbidden", "/for"), ("forbidden", "/note"), ("invalid_request", "/answer")]);
        let held = site.organiser().await.get(&of(site, &other, "")).await.expect(200).json();
        assert_eq!((&held["answer"], &held["word"], &held["answered_as"]), (&json!("declined"), &json!("The minister regrets."), &json!("assistant")));
        assert_eq!(held["answered_by"], json!(site.week.account("sol")));
        let audit = site.organiser().await.get(&path(site, "/audit?limit=5")).await.expect(200).text();
        assert!(audit.contains("invitation.answer") && audit.contains(&site.week.account("sol").to_string()), "{audit}");
    }

    async fn staff_note_an_answer_and_the_invited_do_not_read_the_note(site) {
        let id = invited(site, "bruno", "briefing").await;
        let pia = with_role(site, "pia", Role::Protocol).await;
        let noted = answer(site, &pia, &id, json!({ "answer": "accepted", "note": "by note no. 12" })).await.expect(200);
        assert_eq!((text(&noted, "note"), text(&noted, "answered_as")), ("by note no. 12".to_owned(), "protocol".to_owned()));
        let mut phone = site.device("bruno").await;
        phone.sync().await;
        assert_eq!(phone.find("invitations", &id).unwrap()["answer"], "accepted");
        assert!(!phone.everything().contains("by note no. 12"));
        assert!(!site.sign_in("bruno").await.get(&of(site, &id, "")).await.expect(200).mentions("by note no. 12"));
        let mut console = site.device("olga").await;
        console.sync().await;
        assert_eq!(console.find("invitations", &id).unwrap()["note"], "by note no. 12");
        let again = answer(site, &pia, &id, json!({ "answer": "pending" })).await.expect(200).json();
        assert_eq!((&again["answer"], &again["answered_at"], &again["note"]), (&json!("pending"), &Value::Null, &Value::Null));
        answer(site, &site.sign_in("bruno").await, &id, json!({ "answer": "accepted" })).await.expect(200);
        answer(site, &site.sign_in("bruno").await, &id, json!({ "answer": "pending" })).await.expect_problem(403, "forbidden");
    }

    async fn who_declined_may_change_their_mind_until_it_is_over(site) {
        let id = invited(site, "bruno", "briefing").await;
        let (bruno, mut phone) = (site.sign_in("bruno").await, site.device("bruno").await);
        answer(site, &bruno, &id, json!({ "answer": "declined" })).await.expect(200);
        phone.sync().await;
        assert!(phone.find("sessions", site.week.id("briefing")).is_some(), "what was declined can still be read of");
        answer(site, &bruno, &id, json!({ "answer": "accepted" })).await.expect(200);
        let times = json!({ "starts_at": "2018-11-20T08:00:00-03:00", "ends_at": "2018-11-20T08:30:00-03:00" });
        site.week.patch(site.node.app(), (Collection::Sessions, "briefing"), times).await;
        let now = site.clock.now();
        site.clock.advance_ms((shared::time::Timestamp(1_542_716_100_000).0 - now.0).max(0));
        answer(site, &bruno, &id, json!({ "answer": "declined" })).await.expect_problem(409, "window_over");
        site.organiser().await.post(&of(site, &id, "/remind"), &json!({})).await.expect_problem(409, "wrong_state");
    }

    async fn a_delegate_is_named_and_an_attendee_gets_an_invitation_of_their_own(site) {
        let id = invited(site, "ana", "briefing").await;
        let (sol, olga) = (site.sign_in("sol").await, site.organiser().await);
        let named = json!({ "answer": "delegated", "delegate": { "name": "Vice-minister Paz", "email": "paz@example.org" } });
        let held = answer(site, &sol, &id, named).await.expect(200).json();
        assert_eq!(held["delegated_to"]["name"], "Vice-minister Paz");
        let to = |name: &str| json!({ "answer": "delegated", "delegate": { "attendee": site.week.attendee(name) } });
        answer(site, &sol, &id, to("carla")).await.expect_problem(422, "unknown_reference");
        answer(site, &sol, &id, to("ana")).await.expect_problem(422, "unknown_reference");
        let mut phone = site.device("bruno").await;
        phone.sync().await;
        answer(site, &sol, &id, to("bruno")).await.expect(200);
        phone.sync().await;
        let rows = phone.list("invitations");
        let row: Value = serde_json::from_str(&rows[0].value).unwrap();
        assert_eq!((rows.len(), &row["delegated_by"]), (1, &json!(site.week.attendee("ana"))));
        assert!(phone.find("sessions", site.week.id("briefing")).is_some());
        let theirs = rows[0].id.clone();
        site.post.wait_for(4).await;
        let mailed = read_mailed(site, &secret_mailed_to(site, "bruno@example.org").0).await.expect(200).json();
        assert_eq!((&mailed["can_answer"], &mailed["can_delegate"]), (&json!(true), &json!(false)));
        let on = json!({ "answer": "delegated", "delegate": { "name": "Third", "email": "third@example.org" } });
        answer(site, &site.sign_in("bruno").await, &theirs, on).await.expect_problem(409, "wrong_state");
        answer(site, &sol, &id, json!({ "answer": "accepted" })).await.expect(200);
        phone.sync().await;
        assert_eq!((phone.list("invitations").len(), phone.find("sessions", site.week.id("briefing"))), (0, None));
        assert!(olga.get(&of(site, &theirs, "")).await.expect(200).json()["withdrawn_at"].is_string());
    }

    async fn the_mailed_link_is_read_and_answered_without_signing_in(site) {
        let id = text(&invite(site, &site.organiser().await, ("bruno", "briefing"), json!({ "message": "We count on you." })).await.expect(201), "id");
        let letters = site.post.wait_for(2).await;
        let own = letters.iter().find(|letter| letter.to == "bruno@example.org").unwrap();
        assert_eq!(own.subject, "Invitación: Briefing of advisers");
        assert!(own.plain.contains("We count on you."), "{}", own.plain);
        let (secret, code) = secret_mailed_to(site, "bruno@example.org");
        for shown in [secret.clone(), code.to_lowercase()] {
            let mailed = read_mailed(site, &shown).await.expect(200).json();
            assert_eq!(mailed["object"]["title"]["en"], "Briefing of advisers");
            assert_eq!((&mailed["object"]["room"]["en"], &mailed["object"]["venue"]["en"]), (&json!("Patio"), &json!("Military Club")));
            assert_eq!((&mailed["invitee"]["name"], &mailed["answer"]), (&json!("bruno"), &json!("pending")));
            assert_eq!((&mailed["can_answer"], &mailed["can_delegate"]), (&json!(true), &json!(true)));
        }
        let say = async |reply: Value| {
            let mut body = json!({ "secret": secret });
            body.as_object_mut().unwrap().extend(reply.as_object().unwrap().clone());
            site.anonymous().post("/v1/invitations/answer", &body).await
        };
        let said = say(json!({ "answer": "declined", "word": "I shall be abroad." })).await.expect(200).json();
        assert_eq!((&said["answer"], &said["word"]), (&json!("declined"), &json!("I shall be abroad.")));
        say(json!({ "answer": "accepted", "word": "Yes" })).await.expect_problem(422, "invalid_value");
        say(json!({ "answer": "accepted", "note": "mine" })).await.expect_problem(403, "forbidden");
        say(json!({ "answer": "delegated", "delegate": { "attendee": site.week.attendee("ana") } })).await.expect_problem(422, "invalid_value");
        say(json!({ "answer": "perhaps" })).await.expect_problem(400, "invalid_request");
        say(json!({})).await.expect_problem(400, "invalid_request");
        let held = site.organiser().await.get(&of(site, &id, "")).await.expect(200).json();
        assert_eq!((&held["answered_as"], &held["answered_by"]), (&json!("link"), &Value::Null));
        for nothing in ["", "0000000000000000", "7KQ2-M9XT", &secret[..15]] {
            read_mailed(site, nothing).await.expect_problem(404, "not_found");
        }
        site.organiser().await.post(&of(site, &id, "/withdraw"), &json!({})).await.expect(200);
        read_mailed(site, &secret).await.expect_problem(404, "not_found");
        say(json!({ "answer": "accepted" })).await.expect_problem(404, "not_found");
    }

    async fn who_has_not_answered_is_reminded_with_a_new_link(site) {
        let olga = site.organiser().await;
        let (waiting, answered) = (invited(site, "bruno", "briefing").await, invited(site, "ana", "briefing").await);
        answer(site, &site.sign_in("ana").await, &answered, json!({ "answer": "accepted" })).await.expect(200);
        site.post.wait_for(4).await;
        let (old, _) = secret_mailed_to(site, "bruno@example.org");
        let all = json!({ "collection": "sessions", "object": site.week.id("briefing"), "message": "Please answer." });
        let remind = async || olga.post(&path(site, "/invitations/remind"), &all).await.expect(200).json();
        assert_eq!(remind().await, json!({ "reminded_count": 1 }));
        assert_eq!(remind().await, json!({ "reminded_count": 0 }), "nobody is reminded twice within the hour");
        site.post.wait_for(6).await;
        let reminder = site.post.last_to("bruno@example.org");
        assert!(reminder.plain.contains("Please answer."), "{}", reminder.plain);
        let (new, _) = secret_mailed_to(site, "bruno@example.org");
        assert_ne!(new, old);
        read_mailed(site, &new).await.expect(200);
        read_mailed(site, &old).await.expect_problem(404, "not_found");
        let mut phone = site.device("bruno").await;
        phone.sync().await;
        assert_eq!(inbox(&mut phone), ["invited", "invitation_reminder"]);
        assert!(phone.find("invitations", &waiting).unwrap()["reminded_at"].is_string());
        olga.post(&of(site, &waiting, "/remind"), &json!({ "message": "Once more." })).await.expect(200);
        olga.post(&of(site, &answered, "/remind"), &json!({})).await.expect_problem(409, "wrong_state");
    }

    async fn only_staff_invite_and_only_to_what_can_be_entered_by_it(site) {
        let olga = site.organiser().await;
        let with = |fields: Value| {
            let mut body = json!({ "attendee": site.week.attendee("bruno"), "collection": "sessions", "object": site.week.id("briefing") });
            body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            body
        };
        let refused = [
            (json!({ "object": site.week.id("round-table") }), 409, "wrong_state", "/object"),
            (json!({ "object": site.week.id("draft-idea") }), 409, "wrong_state", "/object"),
            (json!({ "object": Uuid::new_v4() }), 422, "unknown_reference", "/object"),
            (json!({ "collection": "parts" }), 422, "unknown_reference", "/object"),
            (json!({ "collection": "rooms" }), 400, "invalid_request", "/collection"),
            (json!({ "attendee": Uuid::new_v4() }), 422, "unknown_reference", "/attendee"),
            (json!({ "attendee": "bruno" }), 400, "invalid_request", "/attendee"),
            (json!({ "message": " " }), 422, "invalid_value", "/message"),
        ];
        for (fields, status, code, field) in refused {
            let problem = olga.post(&path(site, "/invitations"), &with(fields.clone())).await.expect_problem(status, code);
            assert_eq!(problem.json()["field"], field, "{fields}");
        }
        for name in ["bruno", "sol"] {
            invite(site, &site.sign_in(name).await, ("bruno", "briefing"), json!({})).await.expect_problem(403, "forbidden");
        }
        let pia = with_role(site, "pia", Role::Protocol).await;
        invite(site, &pia, ("bruno", "briefing"), json!({})).await.expect(201);
        invite(site, &pia, ("bruno", "briefing"), json!({})).await.expect_problem(409, "wrong_state");
        let part = json!({ "attendee": site.week.attendee("bruno"), "collection": "parts", "object": site.week.id("dialogue") });
        let key = Uuid::new_v4().to_string();
        let once = async || pia.send((Method::POST, &path(site, "/invitations")), &[("idempotency-key", &key)], &part).await.expect(201);
        assert_eq!(text(&once().await, "id"), text(&once().await, "id"), "a repeated request invites once");
        let mut phone = site.device("bruno").await;
        phone.sync().await;
        assert!(phone.find("sessions", site.week.id("round-table")).is_some(), "the part brings its sessions");
    }

    async fn lists_are_for_who_may_know_and_others_ids_are_not_there(site) {
        let world = World::of(site).await;
        let delegates = world.category("delegates").await;
        let (chile, peru) = (delegation(site, "chile", json!({})).await, delegation(site, "peru", json!({})).await);
        world.register("ana", json!({ "status": "confirmed", "category": delegates, "delegation": chile })).await;
        world.register("carla", json!({ "status": "confirmed", "category": delegates, "delegation": peru })).await;
        let (ana, carla) = (invited(site, "ana", "briefing").await, invited(site, "carla", "quiet-lunch").await);
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let lia = on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await;
        let ids = async |actor: &Actor, query: &str| -> Vec<String> {
            let page = actor.get(&path(site, &format!("/invitations{query}"))).await.expect(200).json();
            page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(ids(&world.olga, "").await, [ana.clone(), carla.clone()]);
        assert_eq!(world.olga.list_by_pages(&path(site, "/invitations"), 1).await.len(), 2);
        assert_eq!(ids(&world.olga, &format!("?object={}", site.week.id("quiet-lunch"))).await, [carla.as_str()]);
        assert_eq!(ids(&world.olga, "?answer=accepted").await, [""; 0]);
        world.olga.get(&path(site, "/invitations?answer=perhaps")).await.expect_problem(400, "invalid_request");
        for actor in [&fay, &lia] {
            assert_eq!(ids(actor, "").await, [ana.as_str()]);
            assert_eq!(ids(actor, &format!("?attendee={}", site.week.attendee("carla"))).await, [""; 0]);
        }
        let mut phone = Device::new(fay.clone(), &site.week.slug, &site.clock);
        phone.sync().await;
        assert_eq!(phone.find("invitations", &ana).unwrap()["answer"], "pending");
        assert_eq!(phone.find("invitations", &carla), None);
        answer(site, &lia, &ana, json!({ "answer": "accepted" })).await.expect_problem(403, "forbidden");
        assert_eq!(text(&answer(site, &fay, &ana, json!({ "answer": "accepted" })).await.expect(200), "answered_as"), "focal_point");
        let never = Uuid::new_v4().to_string();
        let strangers = [
            ("fay", fay, &carla),
            ("bruno", site.sign_in("bruno").await, &ana),
            ("sol", site.sign_in("sol").await, &carla),
            ("otto", site.sign_in("otto").await, &ana),
            ("stranger", newcomer(site, "stranger").await, &ana),
        ];
        for (who, actor, id) in &strangers {
            for id in [id.as_str(), &never] {
                actor.get(&of(site, id, "")).await.expect_problem(404, "not_found");
                for (verb, body) in [("/answer", json!({ "answer": "accepted" })), ("/withdraw", json!({})), ("/remind", json!({}))] {
                    let problem = actor.post(&of(site, id, verb), &body).await.expect_problem(404, "not_found");
                    assert_eq!(problem.json()["detail"], "There is no such thing, or not for you.", "{who} {verb}");
                }
            }
        }
        let of_attendee = |name: &str| path(site, &format!("/attendees/{}/invitations", site.week.attendee(name)));
        assert_eq!(site.sign_in("ana").await.get(&of_attendee("ana")).await.expect(200).json()["items"][0]["id"], json!(ana));
        site.sign_in("ana").await.get(&of_attendee("carla")).await.expect_problem(404, "not_found");
        site.sign_in("ana").await.get(&path(site, "/invitations")).await.expect_problem(403, "forbidden");
        site.anonymous().get(&path(site, "/invitations")).await.expect_problem(401, "unauthenticated");
        world.register("ana", json!({ "status": "confirmed", "category": delegates, "delegation": peru })).await;
    }

    async fn a_delegation_accepts_as_often_as_its_quota_says(site) {
        let world = World::of(site).await;
        let delegates = world.category("delegates").await;
        let quota = json!([{ "session": site.week.id("briefing"), "at_most": 1 }]);
        let chile = delegation(site, "chile", json!({ "quotas": quota })).await;
        for name in ["ana", "bruno"] {
            world.register(name, json!({ "status": "confirmed", "category": delegates, "delegation": chile })).await;
        }
        let (one, other) = (invited(site, "ana", "briefing").await, invited(site, "bruno", "briefing").await);
        let sol = site.sign_in("sol").await;
        answer(site, &sol, &one, json!({ "answer": "accepted" })).await.expect(200);
        answer(site, &sol, &other, json!({ "answer": "accepted" })).await.expect_problem(409, "quota_reached");
        sol.post(&of(site, &other, "/answer?override=true"), &json!({ "answer": "accepted" })).await.expect_problem(403, "forbidden");
        world.olga.post(&of(site, &other, "/answer?override=true"), &json!({ "answer": "accepted" })).await.expect(200);
    }

    async fn who_declines_or_is_not_invited_any_more_has_no_seat(site) {
        let world = World::of(site).await;
        let delegates = world.category("delegates").await;
        for name in ["ana", "bruno"] {
            world.register(name, json!({ "status": "confirmed", "category": delegates })).await;
        }
        site.week.patch(site.node.app(), (Collection::Sessions, "quiet-lunch"), json!({ "seats": 1 })).await;
        let seat = |attendee: AttendeeId| path(site, &format!("/attendees/{attendee}/sign-ups/{}", site.week.id("quiet-lunch")));
        let (bruno, sol) = (site.week.attendee("bruno"), site.sign_in("sol").await);
        let ask = async || sol.send((Method::PUT, &seat(bruno)), &[], &json!({})).await;
        ask().await.expect_problem(404, "not_found");
        let id = invited(site, "bruno", "quiet-lunch").await;
        assert_eq!(text(&ask().await.expect(200), "state"), "confirmed");
        answer(site, &sol, &id, json!({ "answer": "declined" })).await.expect(200);
        let mut phone = site.device("bruno").await;
        phone.sync().await;
        assert_eq!(phone.list("sign_ups").len(), 0);
        ask().await.expect_problem(409, "not_invited");
        answer(site, &sol, &id, json!({ "answer": "accepted" })).await.expect(200);
        ask().await.expect(200);
        world.olga.post(&of(site, &id, "/withdraw"), &json!({})).await.expect(200);
        phone.sync().await;
        assert_eq!(phone.list("sign_ups").len(), 0);
    }

    async fn who_leaves_takes_their_invitations_along_and_a_deleted_session_too(site) {
        let (id, other) = (invited(site, "bruno", "briefing").await, invited(site, "bruno", "quiet-lunch").await);
        let olga = site.organiser().await;
        let mut console = site.device("olga").await;
        console.sync().await;
        assert_eq!(console.list("invitations").len(), 2);
        olga.delete(&path(site, &format!("/sessions/{}", site.week.id("briefing")))).await.expect(204);
        console.sync().await;
        assert_eq!((console.find("invitations", &id), console.list("invitations").len()), (None, 1));
        olga.delete(&path(site, &format!("/attendees/{}", site.week.attendee("bruno")))).await.expect(204);
        console.sync().await;
        assert_eq!(console.list("invitations").len(), 0);
        olga.get(&of(site, &other, "")).await.expect_problem(404, "not_found");
    }
}
