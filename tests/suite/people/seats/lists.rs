//! Lists of sign-ups: who may read them, in which order, how many at once.

use serde_json::{Value, json};
use shared::programme::DelegationDuty;
use uuid::Uuid;

use super::hall::Hall;

fn attendees(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["attendee"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn a_session_is_listed_in_pages_in_the_order_in_which_people_asked(site) {
        let hall = Hall::of(site, 2).await;
        let (visit, sol) = (site.week.id("visit"), site.sign_in("sol").await);
        let mut crowd = hall.crowd(7, json!({})).await;
        // Who asks at the same moment is listed by id.
        for (n, attendee) in crowd.iter().enumerate() {
            hall.ask(&sol, *attendee, visit).await.expect(200);
            if n == 3 {
                site.clock.advance_ms(1);
            }
        }
        let path = hall.world.path("/sessions/visit/sign-ups");
        let (mut seen, mut query) = (Vec::new(), "?limit=3".to_owned());
        loop {
            let page = hall.world.olga.get(&format!("{path}{query}")).await.expect(200).json();
            assert_eq!(page["counts"], json!({ "seats": 2, "confirmed": 2, "offered": 0, "waitlisted": 5 }));
            assert_eq!(page["items"][0]["name"], "Somebody");
            seen.extend(attendees(&page));
            match page["next"].as_str() {
                Some(next) => query = format!("?limit=3&cursor={next}"),
                None => break,
            }
        }
        crowd[..4].sort();
        crowd[4..].sort();
        assert_eq!(seen, crowd.iter().map(ToString::to_string).collect::<Vec<_>>());
        let waiting = hall.world.olga.get(&format!("{path}?state=waitlisted")).await.expect(200).json();
        assert_eq!(waiting["items"].as_array().unwrap().len(), 5);
        hall.world.olga.get(&format!("{path}?state=requested")).await.expect_problem(400, "invalid_request");
        hall.world.olga.get(&format!("{path}?cursor=bm9uc2Vuc2U")).await.expect_problem(400, "invalid_request");
        hall.world.olga.get(&format!("{path}?limit=0")).await.expect_problem(400, "invalid_request");
    }

    async fn staff_list_everybody_focal_points_their_members_and_attendees_nobody(site) {
        let hall = Hall::of(site, 5).await;
        let visit = site.week.id("visit");
        let chile = hall.delegation("chile", (visit, 3)).await;
        hall.register("ana", json!({ "delegation": chile })).await;
        for name in ["ana", "bruno"] {
            hall.take(name, visit).await;
        }
        let path = hall.world.path(&format!("/sessions/{visit}/sign-ups"));
        let (ana, bruno) = (site.week.attendee("ana").to_string(), site.week.attendee("bruno").to_string());
        site.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
        for name in ["ana", "carla", "sol", "otto"] {
            site.sign_in(name).await.get(&path).await.expect_problem(403, "forbidden");
        }
        hall.give_duty("carla", chile, DelegationDuty::FocalPoint).await;
        let carla = site.sign_in("carla").await;
        let page = carla.get(&path).await.expect(200).json();
        assert_eq!((attendees(&page), &page["counts"]), (vec![ana.clone()], &Value::Null), "and never how many others");
        for role in ["protocol", "desk", "desk_lead"] {
            let target = hall.world.path(&format!("/roles/{}/{role}", site.week.account("sol")));
            hall.world.olga.send((reqwest::Method::PUT, &target), &[], &json!({})).await.expect(204);
            let page = site.sign_in("sol").await.get(&path).await.expect(200).json();
            let mut both = vec![ana.clone(), bruno.clone()];
            both.sort();
            assert_eq!(attendees(&page), both, "{role}");
            hall.world.olga.delete(&target).await.expect(204);
        }
    }

    async fn who_works_at_a_desk_learns_nothing_of_a_draft(site) {
        let hall = Hall::of(site, 5).await;
        let (ana, visit) = (site.week.attendee("ana"), site.week.id("visit"));
        hall.take("ana", visit).await;
        hall.patch("visit", json!({ "state": "draft" })).await;
        let of_visit = |what: &str| hall.world.path(&format!("/sessions/{visit}/{what}"));
        let paths = [of_visit("sign-ups"), of_visit(&format!("admission/{ana}"))];
        let whole = hall.world.path("/sign-ups/export?format=csv");
        let export = format!("{whole}&session={visit}");
        for (role, sees_drafts) in [("protocol", true), ("desk", false), ("desk_lead", false)] {
            let target = hall.world.path(&format!("/roles/{}/{role}", site.week.account("sol")));
            hall.world.olga.send((reqwest::Method::PUT, &target), &[], &json!({})).await.expect(204);
            let sol = site.sign_in("sol").await;
            for path in paths.iter().chain([&export]) {
                match sees_drafts {
                    true => drop(sol.get(path).await.expect(200)),
                    false => drop(sol.get(path).await.expect_problem(404, "not_found")),
                }
            }
            let told = sol.get(&whole).await.expect(200);
            assert_eq!(told.mentions("visit"), sees_drafts, "{role}: {}", told.text());
            hall.patch("visit", json!({ "state": "published" })).await;
            assert!(sol.get(&whole).await.expect(200).mentions("visit"), "{role}: it is a draft no more");
            hall.patch("visit", json!({ "state": "draft" })).await;
            hall.world.olga.delete(&target).await.expect(204);
        }
    }

    async fn a_focal_point_learns_nothing_of_hidden_sessions_without_members(site) {
        let hall = Hall::of(site, 5).await;
        hall.patch("quiet-lunch", json!({ "seats": 5 })).await;
        let lunch = site.week.id("quiet-lunch");
        let chile = hall.delegation("chile", (site.week.id("visit"), 3)).await;
        hall.give_duty("bruno", chile, DelegationDuty::FocalPoint).await;
        let bruno = site.sign_in("bruno").await;
        let list = |session: String| hall.world.path(&format!("/sessions/{session}/sign-ups"));
        hall.take("carla", lunch).await;
        for session in [lunch.to_string(), "quiet-lunch".to_owned(), Uuid::new_v4().to_string()] {
            bruno.get(&list(session)).await.expect_problem(404, "not_found");
        }
        assert_eq!(attendees(&bruno.get(&list("visit".to_owned())).await.expect(200).json()), Vec::<String>::new());
        hall.register("carla", json!({ "delegation": chile })).await;
        let page = bruno.get(&list(lunch.to_string())).await.expect(200).json();
        assert_eq!(attendees(&page), [site.week.attendee("carla").to_string()], "a member has a seat there");
    }

    async fn an_attendees_list_is_for_themselves_and_for_who_acts_for_them(site) {
        let hall = Hall::of(site, 5).await;
        let (ana, visit) = (site.week.attendee("ana"), site.week.id("visit"));
        hall.take("ana", visit).await;
        hall.give_back("ana", visit).await;
        let path = hall.world.path(&format!("/attendees/{ana}/sign-ups"));
        for name in ["ana", "sol", "olga"] {
            let page = site.sign_in(name).await.get(&path).await.expect(200).json();
            assert_eq!(page["items"][0]["state"], "cancelled", "{name} reads what has ended too");
        }
        for name in ["bruno", "otto"] {
            site.sign_in(name).await.get(&path).await.expect_problem(404, "not_found");
        }
        let nobody = hall.world.path(&format!("/attendees/{}/sign-ups", Uuid::new_v4()));
        hall.world.olga.get(&nobody).await.expect_problem(404, "not_found");
    }
}
