//! Who is who: registrations that may be one person's, and attendees whom the programme names.

use cumbre::sync::change_log::Role;
use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::RecordId;
use shared::programme::Collection;
use uuid::Uuid;

use super::cast::{category, delegation, move_to, path, put, text, with_role};
use crate::harness::{Actor, Answer, Site};

/// Registers somebody new by the organiser; their id.
async fn enter(site: &Site, name: &str, fields: Value) -> String {
    let mut body = json!({ "name": name });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    text(&site.organiser().await.post(&path(site, "/registrations"), &body).await.expect(201), "attendee")
}

/// The groups of likely duplicates, with why they are together.
async fn duplicates(site: &Site) -> Vec<(Vec<String>, Value)> {
    let page = site.organiser().await.get(&path(site, "/registrations/duplicates")).await.expect(200).json();
    let id = |one: &Value| one["attendee"].as_str().unwrap().to_owned();
    let group =
        |group: &Value| (group["attendees"].as_array().unwrap().iter().map(id).collect(), group["reasons"].clone());
    page["items"].as_array().unwrap().iter().map(group).collect()
}

fn link(site: &Site, person: &str) -> String {
    path(site, &format!("/people/{person}/link"))
}

async fn say(actor: &Actor, target: &str, attendee: impl ToString) -> Answer {
    actor.send((Method::PUT, target), &[], &json!({ "attendee": attendee.to_string() })).await
}

async fn links(site: &Site, query: &str) -> Vec<Value> {
    let page = site.organiser().await.get(&path(site, &format!("/people/links{query}"))).await.expect(200).json();
    page["items"].as_array().unwrap().clone()
}

on_both! {
    async fn registrations_that_may_be_one_persons_are_shown_and_left_alone(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let chile = delegation(site, "chile", json!({})).await;
        let member = |email: &str| json!({ "category": delegates, "delegation": chile, "details": { "email": email } });
        let first = enter(site, "José Núñez", member("Jose@example.org")).await;
        let _other = enter(site, "Bruno Díaz", member("desk@example.org")).await;
        let second = enter(site, "NUNEZ PEREZ, JOSE", json!({ "category": delegates, "delegation": chile })).await;
        let third = enter(site, "J. Núñez", json!({ "category": delegates, "details": { "email": "jose@example.org" } })).await;
        let _same_mailbox = enter(site, "Carla Soto", json!({ "category": delegates, "details": { "email": "desk@example.org" } })).await;
        let fourth = enter(site, "Dora Lima", json!({ "category": delegates, "external_id": "P-7" })).await;
        let fifth = enter(site, "D. L.", json!({ "category": delegates, "external_id": "P-7" })).await;
        let expected = [
            (vec![first.clone(), second.clone(), third], json!(["email", "name"])),
            (vec![fourth, fifth], json!(["external_id"])),
        ];
        assert_eq!(duplicates(site).await, expected);
        let olga = site.organiser().await;
        let listed = olga.list_by_pages(&path(site, "/registrations/duplicates"), 1).await;
        assert_eq!(listed.len(), 2);
        move_to(site, &olga, &second, "cancelled").await.expect(200);
        assert_eq!(duplicates(site).await[0].1, json!(["email"]), "who is gone is nobody's duplicate");
        let pia = with_role(site, "pia", Role::Protocol).await;
        pia.get(&path(site, "/registrations/duplicates")).await.expect(200);
        for name in ["ana", "otto"] {
            site.sign_in(name).await.get(&path(site, "/registrations/duplicates")).await.expect_problem(403, "forbidden");
        }
    }

    async fn attendees_are_suggested_for_people_of_the_programme_and_linked_by_the_organiser(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let olga = site.organiser().await;
        let affiliations = json!([{ "position": { "en": "Director" }, "organisation_name": "Fundación Paz", "country": "CL" }]);
        olga.patch(&path(site, "/people/max"), &json!({ "affiliations": affiliations })).await.expect(200);
        let namesake = enter(site, "Max Rodante", json!({ "category": delegates })).await;
        let details = json!({ "organisation": "FUNDACION PAZ", "country": "CL" });
        let max = enter(site, "RODANTE, Máx Luis", json!({ "category": delegates, "details": details })).await;
        let _placeholder = enter(site, "Max Rodante", json!({ "category": delegates, "is_placeholder": true })).await;
        let suggestions = json!([
            { "attendee": max, "name": "RODANTE, Máx Luis", "reasons": ["name", "organisation", "country"] },
            { "attendee": namesake, "name": "Max Rodante", "reasons": ["name"] },
        ]);
        let unlinked = links(site, "?linked=false&speakers=true").await;
        assert_eq!(unlinked.iter().map(|one| &one["slug"]).collect::<Vec<_>>(), ["alba", "dora-stillwater", "max"]);
        assert_eq!((&unlinked[2]["suggestions"], &unlinked[2]["session_count"]), (&suggestions, &json!(1)));
        assert_eq!(unlinked[0]["suggestions"], json!([]));
        say(&olga, &link(site, "max"), &max).await.expect(200);
        let linked = links(site, "?linked=true").await;
        assert_eq!(linked.len(), 1);
        assert_eq!((&linked[0]["attendee"], &linked[0]["attendee_name"], &linked[0]["suggestions"]),
            (&json!(max), &json!("RODANTE, Máx Luis"), &json!([])));
        say(&olga, &link(site, "alba"), &max).await.expect_problem(409, "wrong_state");
        say(&olga, &link(site, "max"), Uuid::new_v4()).await.expect_problem(422, "unknown_reference");
        say(&olga, &link(site, "nobody"), &max).await.expect_problem(404, "not_found");
        olga.delete(&link(site, "max")).await.expect(204);
        olga.delete(&link(site, "max")).await.expect_problem(404, "not_found");
        assert_eq!(links(site, "?linked=true").await, [] as [Value; 0]);
        assert_eq!(olga.list_by_pages(&path(site, "/people/links"), 2).await.len(), 3);
    }

    async fn a_linked_speaker_is_let_in_to_their_own_session_concerned_by_it_and_found_in_two_places(site) {
        let (olga, quiet) = (site.organiser().await, site.week.id("quiet-lunch"));
        let mut bruno = site.device("bruno").await;
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", quiet), None);
        say(&olga, &link(site, "dora-stillwater"), site.week.attendee("bruno")).await.expect(200);
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", quiet).unwrap()["slug"], "quiet-lunch");
        let move_it = json!({ "starts_at": "2018-11-26T13:00:00-03:00", "ends_at": "2018-11-26T14:00:00-03:00" });
        let preview = olga.post(&path(site, "/sessions/quiet-lunch/move?preview=true"), &move_it).await.expect(200).json();
        assert_eq!((&preview["concerns"]["speakers"], &preview["concerns"]["gate_holders"]), (&json!(1), &json!(2)), "bruno, and carla who is an adviser: {preview}");
        olga.post(&path(site, "/sessions/quiet-lunch/move"), &move_it).await.expect(200);
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", quiet).unwrap()["starts_at"], "2018-11-26T16:00:00.000Z");
        let people = json!([{ "person": site.week.id("dora"), "role": "host" }]);
        let beside = json!({ "people": people, "starts_at": "2018-11-26T13:30:00-03:00", "ends_at": "2018-11-26T14:30:00-03:00" });
        olga.patch(&path(site, "/sessions/visit"), &beside).await.expect(200);
        let findings = olga.get(&path(site, "/findings?limit=500")).await.expect(200).json();
        let twice: Vec<&Value> = findings["items"].as_array().unwrap().iter().filter(|one| one["code"] == "person_in_two_places").collect();
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0]["records"][0]["slug"], "dora-stillwater");
        olga.delete(&link(site, "dora-stillwater")).await.expect(204);
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", quiet), None);
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "people": null })).await;
    }

    async fn a_linked_speaker_of_a_part_by_invitation_sees_where_they_speak(site) {
        let (olga, table) = (site.organiser().await, site.week.id("round-table"));
        let mut bruno = site.device("bruno").await;
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", table), None);
        say(&olga, &link(site, "max"), site.week.attendee("bruno")).await.expect(200);
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", table).unwrap()["slug"], "round-table");
        assert!(bruno.scopes().contains(&site.week.gate("dialogue")));
        let declined = json!([{ "person": site.week.id("max"), "role": "moderator", "state": "declined" }]);
        olga.patch(&path(site, "/sessions/round-table"), &json!({ "people": declined })).await.expect(200);
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", table), None);
        olga.patch(&path(site, "/sessions/round-table"), &json!({ "people": [{ "person": site.week.id("max"), "role": "moderator" }] })).await.expect(200);
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", table).unwrap()["slug"], "round-table");
        olga.delete(&link(site, "max")).await.expect(204);
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", table), None);
        let mut ana = site.device("ana").await;
        ana.sync().await;
        assert!(ana.scopes().contains(&site.week.gate("dialogue")), "ana is a minister all along");
    }

    async fn a_linked_speaker_who_does_not_come_any_more_reads_of_no_gate_for_that(site) {
        let (olga, bruno) = (site.organiser().await, site.week.attendee("bruno"));
        let mut phone = site.device("bruno").await;
        let mut sees = async |session: RecordId| {
            phone.sync().await;
            phone.find("sessions", session).is_some()
        };
        put(site, &olga, bruno, json!({ "category": category(site, "delegates", json!({})).await })).await;
        // One is the only speaker of a session with a gate of its own, the other speaks in a part with one.
        for (person, session) in [("dora-stillwater", "quiet-lunch"), ("max", "round-table")] {
            let id = site.week.id(session);
            say(&olga, &link(site, person), bruno).await.expect(200);
            assert!(sees(id).await, "{session}");
            for (ended, back) in [("cancelled", "invited"), ("declined", "confirmed")] {
                move_to(site, &olga, &bruno.to_string(), ended).await.expect(200);
                assert!(!sees(id).await, "{session}: {ended}");
                let (title, at) = (json!({ "title": { "en": ended } }), path(site, &format!("/sessions/{session}")));
                olga.patch(&at, &title).await.expect(200);
                assert!(!sees(id).await, "{session}: {ended}, and changed since");
                move_to(site, &olga, &bruno.to_string(), back).await.expect(200);
                assert!(sees(id).await, "{session}: {back}");
            }
            olga.delete(&link(site, person)).await.expect(204);
        }
    }

    async fn only_the_organiser_links_people(site) {
        let ana = site.week.attendee("ana");
        put(site, &site.organiser().await, ana, json!({ "category": category(site, "delegates", json!({})).await })).await.expect(200);
        let never = Uuid::new_v4().to_string();
        for stranger in [site.sign_in("ana").await, site.sign_in("otto").await, with_role(site, "pia", Role::Protocol).await] {
            stranger.get(&path(site, "/people/links")).await.expect_problem(403, "forbidden");
            for person in ["dora-stillwater", &never] {
                say(&stranger, &link(site, person), ana).await.expect_problem(403, "forbidden");
                stranger.delete(&link(site, person)).await.expect_problem(403, "forbidden");
            }
        }
    }
}
