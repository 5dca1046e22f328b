//! Invitations of delegations and audiences: who joins is invited, who leaves is not any more, and
//! what was done by hand stays.

use std::collections::BTreeMap;

use cumbre::database::schema::{attendees, audience_members};
use cumbre::due::run_due;
use cumbre::on;
use cumbre::sync::change_log::Unit;
use diesel::{ExpressionMethods, RunQueryDsl};
use serde_json::{Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::programme::Collection;
use uuid::Uuid;

use super::cast::{delegation, path, text};
use super::world::World;
use crate::harness::{Actor, Answer, Site};

/// Invites a delegation or audience to a session of the week; the answer.
async fn invite(site: &Site, by: &Actor, (session, invitees): (&str, &str), invitee: &str) -> Answer {
    let body = json!({ "collection": "sessions", "object": site.week.id(session), "invitee_collection": invitees,
        "invitee": invitee });
    by.post(&path(site, "/invitation-lists"), &body).await
}

/// Who is invited to a session, by name, with the answer or `withdrawn`.
async fn guests(site: &Site, session: &str) -> BTreeMap<String, String> {
    let list = path(site, &format!("/invitations?object={}", site.week.id(session)));
    let page = site.organiser().await.get(&list).await.expect(200).json();
    let read = |item: &Value| {
        let word = if item["withdrawn_at"].is_string() { "withdrawn" } else { item["answer"].as_str().unwrap() };
        (item["name"].as_str().unwrap().to_owned(), word.to_owned())
    };
    page["items"].as_array().unwrap().iter().map(read).collect()
}

fn told(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned())).collect()
}

/// The week with a delegation whose members are ana and bruno.
struct Delegation<'a> {
    world: World<'a>,
    category: RecordId,
    chile: String,
}

impl<'a> Delegation<'a> {
    async fn of(site: &'a Site) -> Self {
        let world = World::of(site).await;
        let category = world.category("delegates").await;
        let chile = delegation(site, "chile", json!({})).await;
        let this = Self { world, category, chile };
        this.join("ana").await;
        this.join("bruno").await;
        this
    }

    async fn join(&self, name: &str) {
        let registration = json!({ "status": "confirmed", "category": self.category, "delegation": self.chile });
        self.world.register(name, registration).await;
    }

    async fn leave(&self, name: &str) {
        self.world.register(name, json!({ "status": "confirmed", "category": self.category })).await;
    }
}

on_both! {
    async fn a_delegation_is_invited_as_one_and_whoever_joins_it(site) {
        let it = Delegation::of(site).await;
        let made = invite(site, &it.world.olga, ("briefing", "delegations"), &it.chile).await.expect(201).json();
        assert_eq!((&made["counts"], &made["is_pending"]), (&json!({ "pending": 2 }), &json!(false)));
        assert_eq!(guests(site, "briefing").await, told(&[("ana", "pending"), ("bruno", "pending")]));
        let mut phone = site.device("carla").await;
        phone.sync().await;
        let row = |phone: &mut crate::harness::Device| phone.list("invitations").len();
        assert_eq!(row(&mut phone), 0);
        it.join("carla").await;
        phone.sync().await;
        assert_eq!(row(&mut phone), 1, "who joins is invited in the same commit");
        let id = phone.list("invitations")[0].id.clone();
        site.sign_in("carla").await.post(&path(site, &format!("/invitations/{id}/answer")), &json!({ "answer": "accepted" })).await.expect(200);
        it.leave("carla").await;
        phone.sync().await;
        assert_eq!(row(&mut phone), 0, "who leaves is invited no more");
        it.join("carla").await;
        phone.sync().await;
        assert_eq!(phone.find("invitations", &id).unwrap()["answer"], "accepted", "and again, with the answer, who comes back");
        it.world.olga.post(&path(site, &format!("/attendees/{}/registration/status", site.week.attendee("carla"))), &json!({ "status": "cancelled" })).await.expect(200);
        assert_eq!(guests(site, "briefing").await["carla"], "withdrawn", "who does not come is invited no more");
        invite(site, &it.world.olga, ("briefing", "delegations"), &it.chile).await.expect_problem(409, "wrong_state");
    }

    async fn a_list_that_is_withdrawn_takes_back_what_came_by_it_and_nothing_else(site) {
        let it = Delegation::of(site).await;
        let olga = &it.world.olga;
        let by_hand = json!({ "attendee": site.week.attendee("ana"), "collection": "sessions", "object": site.week.id("briefing") });
        olga.post(&path(site, "/invitations"), &by_hand).await.expect(201);
        let list = text(&invite(site, olga, ("briefing", "delegations"), &it.chile).await.expect(201), "id");
        let mut phone = site.device("bruno").await;
        phone.sync().await;
        assert!(phone.find("sessions", site.week.id("briefing")).is_some());
        let withdraw = path(site, &format!("/invitation-lists/{list}/withdraw"));
        let body = json!({ "tell": true, "message": "It is for heads of delegation." });
        let done = olga.post(&withdraw, &body).await.expect(200).json();
        assert_eq!(done["counts"], json!({ "withdrawn": 1 }));
        assert_eq!(guests(site, "briefing").await, told(&[("ana", "pending"), ("bruno", "withdrawn")]));
        phone.sync().await;
        assert_eq!(phone.find("sessions", site.week.id("briefing")), None);
        assert!(phone.everything().contains("It is for heads of delegation."));
        it.leave("bruno").await;
        it.join("bruno").await;
        assert_eq!(guests(site, "briefing").await["bruno"], "withdrawn");
        assert_eq!(text(&invite(site, olga, ("briefing", "delegations"), &it.chile).await.expect(201), "id"), list);
        assert_eq!(guests(site, "briefing").await["bruno"], "pending", "invited anew, those come back who went with the list");
    }

    async fn who_is_uninvited_by_hand_stays_so(site) {
        let it = Delegation::of(site).await;
        let olga = &it.world.olga;
        let list = text(&invite(site, olga, ("briefing", "delegations"), &it.chile).await.expect(201), "id");
        let of_bruno = olga.get(&path(site, &format!("/invitations?attendee={}", site.week.attendee("bruno")))).await.expect(200).json();
        let id = of_bruno["items"][0]["id"].as_str().unwrap().to_owned();
        olga.post(&path(site, &format!("/invitations/{id}/withdraw")), &json!({})).await.expect(200);
        it.leave("bruno").await;
        it.join("bruno").await;
        run_due(site.node.app()).await.unwrap();
        olga.post(&path(site, &format!("/invitation-lists/{list}/withdraw")), &json!({})).await.expect(200);
        invite(site, olga, ("briefing", "delegations"), &it.chile).await.expect(201);
        assert_eq!(guests(site, "briefing").await, told(&[("ana", "pending"), ("bruno", "withdrawn")]));
    }

    async fn an_audience_is_invited_and_who_is_in_two_that_are_stays_with_one(site) {
        let it = Delegation::of(site).await;
        let olga = &it.world.olga;
        let ministers = site.week.id("ministers").to_string();
        invite(site, olga, ("briefing", "audiences"), &ministers).await.expect(201);
        assert_eq!(guests(site, "briefing").await, told(&[("ana", "pending")]));
        site.week.grant(site.node.app(), "ministers", "bruno").await;
        assert_eq!(guests(site, "briefing").await, told(&[("ana", "pending"), ("bruno", "pending")]));
        invite(site, olga, ("briefing", "delegations"), &it.chile).await.expect(201);
        site.week.withdraw(site.node.app(), "ministers", "bruno").await;
        assert_eq!(guests(site, "briefing").await["bruno"], "pending", "their delegation is invited too");
        it.leave("bruno").await;
        assert_eq!(guests(site, "briefing").await["bruno"], "withdrawn");
    }

    async fn lists_wait_while_their_session_is_cancelled_and_follow_when_it_is_back(site) {
        let it = Delegation::of(site).await;
        let olga = &it.world.olga;
        invite(site, olga, ("briefing", "delegations"), &it.chile).await.expect(201);
        let state = async |state: &str| site.week.patch(site.node.app(), (Collection::Sessions, "briefing"), json!({ "state": state })).await;
        state("cancelled").await;
        it.join("carla").await;
        run_due(site.node.app()).await.unwrap();
        assert_eq!(guests(site, "briefing").await, told(&[("ana", "pending"), ("bruno", "pending")]));
        state("published").await;
        run_due(site.node.app()).await.unwrap();
        assert_eq!(guests(site, "briefing").await["carla"], "pending");
        let page = olga.get(&path(site, "/invitation-lists")).await.expect(200).json();
        assert_eq!(page["items"][0]["is_pending"], false);
        olga.delete(&path(site, &format!("/sessions/{}", site.week.id("briefing")))).await.expect(204);
        assert_eq!(olga.get(&path(site, "/invitation-lists")).await.expect(200).json()["items"], json!([]));
    }

    async fn many_are_invited_and_uninvited_in_stretches(site) {
        let (event, advisers) = (site.week.event, site.week.id("advisers"));
        let crowd: Vec<AttendeeId> = (0..450).map(|_| AttendeeId(Uuid::now_v7())).collect();
        let work = move |unit: &mut Unit<'_>| {
            let people: Vec<_> = crowd.iter().map(|id| (
                attendees::event_id.eq(event.to_string()), attendees::id.eq(id.to_string()), attendees::name.eq("Somebody"), attendees::created_at.eq(0),
            )).collect();
            let members: Vec<_> = crowd.iter().map(|id| (
                audience_members::event_id.eq(event.to_string()),
                audience_members::audience_id.eq(advisers.to_string()),
                audience_members::attendee_id.eq(id.to_string()),
            )).collect();
            on!(&mut *unit.connection, |c| {
                diesel::insert_into(attendees::table).values(people).execute(c)?;
                diesel::insert_into(audience_members::table).values(members).execute(c)
            })?;
            unit.group.audience_changed(advisers, crowd.clone());
            Ok(())
        };
        let olga = site.organiser().await;
        let made = invite(site, &olga, ("quiet-lunch", "audiences"), &advisers.to_string()).await.expect(201);
        assert_eq!(made.json()["counts"], json!({ "pending": 1 }));
        site.node.app().writer.unit(event, work).await.unwrap();
        let list = path(site, &format!("/invitation-lists/{}", text(&made, "id")));
        assert_eq!(olga.get(&list).await.expect(200).json()["is_pending"], true, "too many for one commit");
        run_due(site.node.app()).await.unwrap();
        let done = olga.get(&list).await.expect(200).json();
        assert_eq!((&done["counts"], &done["is_pending"]), (&json!({ "pending": 451 }), &json!(false)));
        let gone = olga.post(&format!("{list}/withdraw"), &json!({})).await.expect(200).json();
        assert_eq!(gone["counts"], json!({ "withdrawn": 451 }));
    }

    async fn lists_are_for_staff_and_for_what_is_there(site) {
        let it = Delegation::of(site).await;
        let ana = site.sign_in("ana").await;
        invite(site, &ana, ("briefing", "delegations"), &it.chile).await.expect_problem(403, "forbidden");
        ana.get(&path(site, "/invitation-lists")).await.expect_problem(403, "forbidden");
        let never = Uuid::new_v4().to_string();
        ana.get(&path(site, &format!("/invitation-lists/{never}"))).await.expect_problem(403, "forbidden");
        let olga = &it.world.olga;
        invite(site, olga, ("briefing", "delegations"), &never).await.expect_problem(422, "unknown_reference");
        invite(site, olga, ("briefing", "audiences"), &it.chile).await.expect_problem(422, "unknown_reference");
        invite(site, olga, ("round-table", "delegations"), &it.chile).await.expect_problem(409, "wrong_state");
        invite(site, olga, ("briefing", "people"), &it.chile).await.expect_problem(400, "invalid_request");
        olga.get(&path(site, &format!("/invitation-lists/{never}"))).await.expect_problem(404, "not_found");
        olga.post(&path(site, &format!("/invitation-lists/{never}/withdraw")), &json!({})).await.expect_problem(404, "not_found");
    }
}
