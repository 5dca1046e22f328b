//! Whose registration lets them have what they are invited to: nobody before somebody decided, nobody who does not
//! come any more, and whoever the event asked to come.

use cumbre::database::ROWS_VERSION;
use cumbre::database::schema::event_counters;
use cumbre::on;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::json;
use shared::programme::DelegationDuty;

use super::cast::{category, delegation, move_to, on_duty, path, put, text};
use super::world::World;
use crate::harness::{Answer, Device, Site};

async fn invited(site: &Site, name: &str, session: &str) -> String {
    let body =
        json!({ "attendee": site.week.attendee(name), "collection": "sessions", "object": site.week.id(session) });
    text(&site.organiser().await.post(&path(site, "/invitations"), &body).await.expect(201), "id")
}

async fn reply(site: &Site, name: &str, invitation: &str, answer: &str) -> Answer {
    let target = path(site, &format!("/invitations/{invitation}/answer"));
    site.sign_in(name).await.post(&target, &json!({ "answer": answer })).await
}

/// Whether a phone holds a session behind a gate.
async fn sees(site: &Site, phone: &mut Device, session: &str) -> bool {
    phone.sync().await;
    phone.find("sessions", site.week.id(session)).is_some()
}

async fn move_by_olga(site: &Site, name: &str, status: &str) {
    move_to(site, &site.organiser().await, &site.week.attendee(name).to_string(), status).await.expect(200);
}

on_both! {
    async fn an_invitation_gives_nothing_to_who_only_asked_to_come_or_does_not_come(site) {
        let press = category(site, "press", json!({ "enrolment": "on_approval" })).await;
        let (bruno, mut phone) = (site.week.attendee("bruno"), site.device("bruno").await);
        let id = invited(site, "bruno", "briefing").await;
        assert!(sees(site, &mut phone, "briefing").await, "who is not registered may read what they are invited to");
        put(site, &site.sign_in("bruno").await, bruno, json!({ "category": press })).await.expect(200);
        assert!(!sees(site, &mut phone, "briefing").await, "a request is no right");
        reply(site, "bruno", &id, "accepted").await.expect_problem(409, "not_registered");
        move_by_olga(site, "bruno", "confirmed").await;
        assert!(sees(site, &mut phone, "briefing").await);
        reply(site, "bruno", &id, "accepted").await.expect(200);
        move_by_olga(site, "bruno", "cancelled").await;
        assert!(!sees(site, &mut phone, "briefing").await);
        reply(site, "bruno", &id, "declined").await.expect(200);
        reply(site, "bruno", &id, "accepted").await.expect_problem(409, "not_registered");
        move_by_olga(site, "bruno", "invited").await;
        assert!(sees(site, &mut phone, "briefing").await, "whom the event asks to come sees to what");
        reply(site, "bruno", &id, "accepted").await.expect(200);
    }

    async fn who_is_replaced_holds_nothing_any_more(site) {
        let (press, olga) = (category(site, "press", json!({})).await, site.organiser().await);
        let (bruno, mut phone) = (site.week.attendee("bruno"), site.device("bruno").await);
        put(site, &olga, bruno, json!({ "category": press })).await.expect(200);
        let id = invited(site, "bruno", "briefing").await;
        assert!(sees(site, &mut phone, "briefing").await);
        olga.post(&path(site, &format!("/attendees/{bruno}/replace")), &json!({ "name": "Another" })).await.expect(201);
        assert!(!sees(site, &mut phone, "briefing").await);
        reply(site, "bruno", &id, "accepted").await.expect_problem(409, "not_registered");
    }

    async fn an_audience_by_hand_is_for_guests_and_its_list_too(site) {
        let (press, olga) = (category(site, "press", json!({})).await, site.organiser().await);
        let (carla, mut phone) = (site.week.attendee("carla"), site.device("carla").await);
        put(site, &olga, carla, json!({ "category": press })).await.expect(200);
        assert!(sees(site, &mut phone, "quiet-lunch").await, "she is listed as an adviser");
        let list = json!({ "collection": "sessions", "object": site.week.id("quiet-lunch"), "invitee_collection": "audiences",
            "invitee": site.week.id("advisers") });
        olga.post(&path(site, "/invitation-lists"), &list).await.expect(201);
        move_by_olga(site, "carla", "cancelled").await;
        assert!(!sees(site, &mut phone, "quiet-lunch").await);
        assert_eq!(phone.list("invitations").len(), 0);
        move_by_olga(site, "carla", "confirmed").await;
        assert!(sees(site, &mut phone, "quiet-lunch").await);
        assert_eq!(phone.list("invitations").len(), 1);
    }

    async fn a_delegation_that_is_invited_takes_nobody_along_who_only_asked_to_be_in_it(site) {
        let (press, chile) = (category(site, "press", json!({ "enrolment": "on_approval" })).await, delegation(site, "chile", json!({})).await);
        let olga = site.organiser().await;
        let list = json!({ "collection": "sessions", "object": site.week.id("briefing"), "invitee_collection": "delegations", "invitee": chile });
        olga.post(&path(site, "/invitation-lists"), &list).await.expect(201);
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let body = json!({ "name": "Expert One", "category": press, "delegation": chile });
        let made = fay.post(&path(site, "/registrations"), &body).await.expect(201);
        assert_eq!(text(&made, "status"), "requested");
        let invitations = path(site, &format!("/attendees/{}/invitations", text(&made, "attendee")));
        assert_eq!(olga.get(&invitations).await.expect(200).json()["items"], json!([]));
        move_to(site, &olga, &text(&made, "attendee"), "confirmed").await.expect(200);
        assert_eq!(olga.get(&invitations).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    }

    async fn a_duty_is_the_organisers_word_whatever_was_asked_for(site) {
        let (press, olga) = (category(site, "press", json!({ "enrolment": "on_approval" })).await, site.organiser().await);
        let (bruno, mut phone) = (site.week.attendee("bruno"), site.device("bruno").await);
        let duty = json!({ "attendee": bruno, "kind": "interpreter", "collection": "sessions", "object": site.week.id("briefing") });
        olga.post(&path(site, "/duties"), &duty).await.expect(201);
        assert!(sees(site, &mut phone, "briefing").await);
        put(site, &site.sign_in("bruno").await, bruno, json!({ "category": press })).await.expect(200);
        assert!(sees(site, &mut phone, "briefing").await);
    }

    async fn an_acceptance_of_who_does_not_come_takes_no_place_of_the_quota(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let quota = json!([{ "session": site.week.id("briefing"), "at_most": 1 }]);
        let chile = delegation(site, "chile", json!({ "quotas": quota })).await;
        let olga = site.organiser().await;
        let mut ids = Vec::new();
        for name in ["ana", "bruno", "carla"] {
            put(site, &olga, site.week.attendee(name), json!({ "category": delegates, "delegation": chile })).await.expect(200);
            ids.push(invited(site, name, "briefing").await);
        }
        reply(site, "ana", &ids[0], "accepted").await.expect(200);
        reply(site, "bruno", &ids[1], "accepted").await.expect_problem(409, "quota_reached");
        move_by_olga(site, "ana", "cancelled").await;
        reply(site, "bruno", &ids[1], "accepted").await.expect(200);
        let bruno = site.week.attendee("bruno").to_string();
        olga.post(&path(site, &format!("/attendees/{bruno}/erase")), &json!({ "confirm": bruno })).await.expect(200);
        reply(site, "carla", &ids[2], "accepted").await.expect(200);
    }

    async fn what_an_older_program_let_people_hold_goes_when_the_rows_are_made_anew(site) {
        let world = World::of(site).await;
        let press = world.category("press").await;
        let mut phone = site.device("bruno").await;
        invited(site, "bruno", "briefing").await;
        world.register("bruno", json!({ "status": "cancelled", "category": press })).await;
        assert!(sees(site, &mut phone, "briefing").await, "as that program had it");
        let event = site.week.event.to_string();
        let age = move |connection: &mut cumbre::database::Connection| {
            let counters = event_counters::table.find(event.clone());
            let older = event_counters::rows_version.eq(ROWS_VERSION - 1);
            on!(connection, |c| diesel::update(counters).set(older).execute(c)).map(drop)
        };
        site.node.app().writer.system(age).await.unwrap();
        cumbre::sync::reprojection::run_due(site.node.app()).await.unwrap();
        assert!(!sees(site, &mut phone, "briefing").await);
    }
}
