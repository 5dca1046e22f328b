//! The invitation check over HTTP, and who sits in for whom: what they hold for it, and what the
//! check says of both.

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::programme::{Collection, DelegationDuty};
use shared::sync::MutationResult;
use uuid::Uuid;

use super::cast::{delegation, newcomer, on_duty, path, text, with_role};
use super::world::World;
use crate::harness::{Actor, Answer, Site};

/// The week in which ana, bruno and carla are registered, and sol acts for the first two.
async fn registered(site: &Site) -> World<'_> {
    let world = World::of(site).await;
    let delegates = world.category("delegates").await;
    for name in ["ana", "bruno", "carla"] {
        world.register(name, json!({ "status": "confirmed", "category": delegates })).await;
    }
    world
}

fn door(site: &Site, (collection, record): (&str, &str), attendee: AttendeeId) -> String {
    path(site, &format!("/{collection}/{}/admission/{attendee}", site.week.id(record)))
}

/// What the check says to somebody of an attendee of the week at a session: whether, and why.
async fn asked(site: &Site, by: &Actor, session: &str, name: &str) -> (bool, String) {
    let verdict = by.get(&door(site, ("sessions", session), site.week.attendee(name))).await.expect(200).json();
    (verdict["may_enter"].as_bool().unwrap(), verdict["reason"].as_str().unwrap().to_owned())
}

fn no(reason: &str) -> (bool, String) {
    (false, reason.to_owned())
}

fn yes(reason: &str) -> (bool, String) {
    (true, reason.to_owned())
}

async fn invite(site: &Site, name: &str, session: &str) -> String {
    let body =
        json!({ "attendee": site.week.attendee(name), "collection": "sessions", "object": site.week.id(session) });
    text(&site.organiser().await.post(&path(site, "/invitations"), &body).await.expect(201), "id")
}

/// Somebody asks that one attendee of the week sits in for another.
async fn sit_in(site: &Site, by: &Actor, (name, stand_in): (&str, &str), when: Value) -> Answer {
    let mut body = json!({ "stand_in": site.week.attendee(stand_in) });
    body.as_object_mut().unwrap().extend(when.as_object().unwrap().clone());
    by.post(&path(site, &format!("/attendees/{}/stand-ins", site.week.attendee(name))), &body).await
}

on_both! {
    async fn the_check_tells_whether_and_why_to_staff_and_to_the_person(site) {
        let world = registered(site).await;
        let olga = &world.olga;
        assert_eq!(asked(site, olga, "opening", "bruno").await, yes("open"));
        assert_eq!(asked(site, olga, "round-table", "ana").await, yes("audience"));
        assert_eq!(asked(site, olga, "round-table", "bruno").await, no("not_invited"));
        assert_eq!(asked(site, olga, "draft-idea", "bruno").await, no("not_published"));
        let id = invite(site, "bruno", "briefing").await;
        assert_eq!(asked(site, olga, "briefing", "bruno").await, yes("invited"));
        let bruno = site.sign_in("bruno").await;
        bruno.post(&path(site, &format!("/invitations/{id}/answer")), &json!({ "answer": "declined" })).await.expect(200);
        assert_eq!(asked(site, &bruno, "briefing", "bruno").await, no("invitation_declined"));
        olga.post(&path(site, &format!("/invitations/{id}/withdraw")), &json!({})).await.expect(200);
        assert_eq!(asked(site, olga, "briefing", "bruno").await, no("invitation_withdrawn"));
        assert_eq!(asked(site, &bruno, "briefing", "bruno").await, no("not_invited"), "a quiet withdrawal is told to nobody");
        world.register("ana", json!({ "status": "cancelled", "category": world.category("guests").await })).await;
        assert_eq!(asked(site, olga, "round-table", "ana").await, no("registration_cancelled"));
        let spanish = format!("{}?language=es-CL", door(site, ("parts", "dialogue"), site.week.attendee("bruno")));
        assert_eq!(text(&olga.get(&spanish).await.expect(200), "sentence"), "Solo con invitación; no hay ninguna.");
        let dee = with_role(site, "dee", Role::Desk).await;
        assert_eq!(asked(site, &dee, "quiet-lunch", "bruno").await, no("not_invited"));
    }

    async fn the_check_is_for_who_reaches_the_attendee_and_knows_of_the_session(site) {
        let _world = registered(site).await;
        let (ana, bruno) = (site.week.attendee("ana"), site.week.attendee("bruno"));
        let hidden = door(site, ("sessions", "quiet-lunch"), bruno);
        for (actor, address) in [
            (site.sign_in("bruno").await, hidden),
            (site.sign_in("bruno").await, door(site, ("sessions", "opening"), ana)),
            (site.sign_in("bruno").await, door(site, ("sessions", "opening"), AttendeeId(Uuid::new_v4()))),
            (site.organiser().await, door(site, ("sessions", "opening"), AttendeeId(Uuid::new_v4()))),
            (site.organiser().await, path(site, &format!("/sessions/{}/admission/{ana}", Uuid::new_v4()))),
            (site.organiser().await, path(site, &format!("/parts/{}/admission/{ana}", site.week.id("opening")))),
            (site.sign_in("otto").await, door(site, ("sessions", "opening"), ana)),
            (newcomer(site, "stranger").await, door(site, ("sessions", "opening"), ana)),
        ] {
            actor.get(&address).await.expect_problem(404, "not_found");
        }
        site.anonymous().get(&door(site, ("sessions", "opening"), ana)).await.expect_problem(401, "unauthenticated");
        assert_eq!(asked(site, &site.sign_in("sol").await, "opening", "ana").await, yes("open"));
    }

    async fn who_sits_in_for_a_session_holds_that_session_and_the_delegate_keeps_the_rest(site) {
        let world = registered(site).await;
        let sol = site.sign_in("sol").await;
        let mut phone = site.device("bruno").await;
        phone.sync().await;
        let session = json!({ "session": site.week.id("round-table") });
        let made = sit_in(site, &sol, ("ana", "bruno"), session.clone()).await.expect(201).json();
        let id = made["id"].as_str().unwrap().to_owned();
        phone.sync().await;
        assert_eq!(phone.find("sessions", site.week.id("round-table")).unwrap()["title"]["en"], "Ministers' round table");
        assert!(!phone.scopes().contains(&site.week.gate("dialogue")), "the part stays closed");
        assert_eq!(phone.find("stand_ins", &id).unwrap()["attendee"], json!(site.week.attendee("ana")));
        assert_eq!(asked(site, &world.olga, "round-table", "bruno").await, yes("stand_in"));
        assert_eq!(asked(site, &site.sign_in("bruno").await, "round-table", "bruno").await, yes("stand_in"));
        assert_eq!(asked(site, &world.olga, "round-table", "ana").await, no("stood_in_for"));
        let read = site.sign_in("bruno").await.get(&path(site, "/sessions/round-table")).await.expect(200).json();
        assert_eq!(read["title"]["en"], "Ministers' round table");
        let letters = site.post.wait_for(2).await;
        assert!(letters.iter().any(|letter| letter.to == "bruno@example.org" && letter.subject.contains("Ministers' round table")), "{letters:?}");
        site.week.patch(site.node.app(), (Collection::Sessions, "round-table"), json!({ "title": { "en": "Round table" } })).await;
        phone.sync().await;
        assert_eq!(phone.find("sessions", site.week.id("round-table")).unwrap()["title"]["en"], "Round table");
        sit_in(site, &sol, ("ana", "bruno"), session).await.expect_problem(409, "wrong_state");
        let end = path(site, &format!("/attendees/{}/stand-ins/{id}/end", site.week.attendee("ana")));
        assert!(sol.post(&end, &json!({})).await.expect(200).json()["ended_at"].is_string());
        phone.sync().await;
        assert_eq!((phone.find("sessions", site.week.id("round-table")), phone.find("stand_ins", &id)), (None, None));
        assert_eq!(phone.list("notices").len(), 0, "what they were asked for is over");
        assert_eq!(asked(site, &world.olga, "round-table", "ana").await, yes("audience"));
        assert_eq!(asked(site, &world.olga, "round-table", "bruno").await, no("not_invited"));
    }

    async fn a_stand_in_holds_a_gate_as_long_as_the_delegate_is_let_in(site) {
        let world = registered(site).await;
        let id = invite(site, "ana", "briefing").await;
        let mut phone = site.device("bruno").await;
        sit_in(site, &world.olga, ("ana", "bruno"), json!({ "session": site.week.id("briefing"), "note": "by telephone" })).await.expect(201);
        phone.sync().await;
        assert!(phone.scopes().contains(&site.week.gate("briefing")));
        assert!(!phone.everything().contains("by telephone"));
        world.olga.post(&path(site, &format!("/invitations/{id}/withdraw")), &json!({})).await.expect(200);
        phone.sync().await;
        assert!(!phone.scopes().contains(&site.week.gate("briefing")));
        assert_eq!(asked(site, &world.olga, "briefing", "bruno").await, no("not_invited"));
    }

    async fn a_day_is_everything_of_that_day_and_a_phone_arranges_it(site) {
        let world = registered(site).await;
        let (ana, bruno) = (site.week.attendee("ana"), site.week.attendee("bruno"));
        let mut chief = site.device("sol").await;
        chief.sync().await;
        let id = Uuid::now_v7();
        chief.edit("stand_in.create", Some(ana), json!({ "id": id, "stand_in": bruno, "day": "2018-11-26" }));
        chief.edit("stand_in.create", Some(ana), json!({ "id": Uuid::now_v7(), "stand_in": site.week.attendee("carla"), "day": "2018-11-27" }));
        let results = chief.sync().await;
        assert!(matches!(&results[0], MutationResult::Applied { .. }), "{results:?}");
        assert!(matches!(&results[1], MutationResult::Rejected { reason, .. } if reason == "unknown_reference"), "{results:?}");
        let mut phone = site.device("bruno").await;
        phone.sync().await;
        assert!(phone.find("sessions", site.week.id("round-table")).is_some());
        assert_eq!(asked(site, &world.olga, "round-table", "bruno").await, yes("stand_in"));
        let later = json!({ "starts_at": "2018-11-27T10:30:00-03:00", "ends_at": "2018-11-27T12:00:00-03:00" });
        site.week.patch(site.node.app(), (Collection::Sessions, "round-table"), later).await;
        phone.sync().await;
        assert_eq!(phone.find("sessions", site.week.id("round-table")), None, "it is on another day now");
        chief.edit("stand_in.end", Some(ana), json!({ "id": id }));
        assert!(matches!(&chief.sync().await[0], MutationResult::Applied { .. }));
        phone.sync().await;
        assert_eq!(phone.list("stand_ins").len(), 0);
    }

    async fn who_may_arrange_it_and_for_what(site) {
        let world = registered(site).await;
        let delegates = world.category("members").await;
        let (chile, peru) = (delegation(site, "chile", json!({})).await, delegation(site, "peru", json!({})).await);
        for (name, of) in [("ana", &chile), ("bruno", &chile), ("carla", &peru)] {
            world.register(name, json!({ "status": "confirmed", "category": delegates, "delegation": of })).await;
        }
        let session = json!({ "session": site.week.id("round-table") });
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let lia = on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await;
        sit_in(site, &fay, ("ana", "carla"), session.clone()).await.expect_problem(422, "unknown_reference");
        sit_in(site, &lia, ("ana", "bruno"), session.clone()).await.expect_problem(403, "forbidden");
        sit_in(site, &fay, ("carla", "ana"), session.clone()).await.expect_problem(404, "not_found");
        sit_in(site, &site.sign_in("ana").await, ("ana", "bruno"), session.clone()).await.expect_problem(422, "unknown_reference");
        sit_in(site, &site.sign_in("carla").await, ("ana", "carla"), session.clone()).await.expect_problem(404, "not_found");
        let refused = [
            (json!({}), 422, "invalid_value"),
            (json!({ "session": site.week.id("round-table"), "day": "2018-11-26" }), 422, "invalid_value"),
            (json!({ "day": "2019-11-26" }), 422, "invalid_value"),
            (json!({ "session": site.week.id("quiet-lunch") }), 422, "unknown_reference"),
            (json!({ "session": Uuid::new_v4() }), 422, "unknown_reference"),
            (json!({ "session": "round-table" }), 400, "invalid_request"),
            (json!({ "day": "2018-11-26", "note": "mine" }), 403, "forbidden"),
        ];
        for (when, status, code) in refused {
            sit_in(site, &fay, ("ana", "bruno"), when).await.expect_problem(status, code);
        }
        let made = text(&sit_in(site, &fay, ("ana", "bruno"), session.clone()).await.expect(201), "id");
        sit_in(site, &world.olga, ("bruno", "carla"), session).await.expect_problem(409, "wrong_state");
        let of = |name: &str, rest: &str| path(site, &format!("/attendees/{}/stand-ins{rest}", site.week.attendee(name)));
        assert_eq!(lia.get(&of("ana", "")).await.expect(200).json()["items"][0]["id"], json!(made));
        assert_eq!(world.olga.get(&path(site, "/stand-ins")).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
        fay.get(&path(site, "/stand-ins")).await.expect_problem(403, "forbidden");
        site.sign_in("carla").await.get(&of("ana", "")).await.expect_problem(404, "not_found");
        fay.post(&of("bruno", &format!("/{made}/end")), &json!({})).await.expect_problem(404, "not_found");
        fay.post(&of("ana", &format!("/{}/end", Uuid::new_v4())), &json!({})).await.expect_problem(404, "not_found");
        site.sign_in("bruno").await.post(&of("ana", &format!("/{made}/end")), &json!({})).await.expect_problem(404, "not_found");
        world.olga.delete(&path(site, &format!("/attendees/{}", site.week.attendee("bruno")))).await.expect(204);
        assert_eq!(world.olga.get(&path(site, "/stand-ins")).await.expect(200).json()["items"], json!([]));
    }
}
