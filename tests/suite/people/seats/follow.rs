//! What follows for seats from what happens elsewhere: to sessions, to registrations, to gates.

use serde_json::json;
use shared::programme::Collection;
use shared::signup::SignUpState::{self, Cancelled, Confirmed, Waitlisted};

use super::hall::Hall;
use crate::harness::Site;

/// The state of ana, bruno and carla in a session.
async fn states(hall: &Hall<'_>, session: shared::ids::RecordId) -> [Option<SignUpState>; 3] {
    let list = hall.list(session).await;
    ["ana", "bruno", "carla"].map(|name| list.get(&hall.site.week.attendee(name)).map(|one| one.state))
}

async fn hall_with_a_line(site: &Site) -> Hall<'_> {
    let hall = Hall::of(site, 1).await;
    for name in ["ana", "bruno", "carla"] {
        hall.take(name, site.week.id("visit")).await;
    }
    hall
}

const IN_LINE: [Option<SignUpState>; 3] = [Some(Confirmed), Some(Waitlisted), Some(Waitlisted)];
const OVER: [Option<SignUpState>; 3] = [Some(Cancelled), Some(Cancelled), Some(Cancelled)];

on_both! {
    async fn a_cancelled_session_ends_its_seats_and_its_line_and_everybody_is_told(site) {
        let hall = hall_with_a_line(site).await;
        let (visit, mut carla) = (site.week.id("visit"), site.device("carla").await);
        carla.sync().await;
        hall.world.olga.post(&hall.world.path("/sessions/visit/cancel"), &json!({})).await.expect(200);
        assert_eq!(states(&hall, visit).await, OVER);
        carla.sync().await;
        assert_eq!(hall.row(&mut carla, "carla", visit), None);
        assert_eq!(hall.notices(&mut carla), [("seat_lost".to_owned(), json!({ "session": visit, "cause": "session_cancelled" }))]);
        hall.ask(&carla.actor, site.week.attendee("carla"), visit).await.expect_problem(409, "closed");
        hall.world.olga.post(&hall.world.path("/sessions/visit/restore"), &json!({})).await.expect(200);
        assert_eq!(states(&hall, visit).await, OVER, "what has ended does not come back");
        assert_eq!(hall.take("carla", visit).await, "confirmed");
    }

    async fn a_cancelled_part_ends_the_seats_of_its_sessions(site) {
        let hall = hall_with_a_line(site).await;
        hall.patch("visit", json!({ "part": site.week.id("clinic") })).await;
        assert_eq!(states(&hall, site.week.id("visit")).await, IN_LINE);
        hall.world.olga.post(&hall.world.path("/parts/clinic/cancel"), &json!({})).await.expect(200);
        assert_eq!(states(&hall, site.week.id("visit")).await, OVER);
    }

    async fn a_cancelled_event_ends_the_seats_of_its_sessions(site) {
        let hall = hall_with_a_line(site).await;
        hall.world.olga.post(&hall.world.path("/cancel"), &json!({})).await.expect(200);
        assert_eq!(states(&hall, site.week.id("visit")).await, OVER);
    }

    async fn a_session_that_loses_its_seats_or_is_deleted_ends_them_and_a_draft_keeps_them(site) {
        let hall = hall_with_a_line(site).await;
        let visit = site.week.id("visit");
        hall.patch("visit", json!({ "state": "draft" })).await;
        assert_eq!(states(&hall, visit).await, IN_LINE);
        hall.patch("visit", json!({ "state": "published" })).await;
        hall.patch("visit", json!({ "seats": null })).await;
        assert_eq!(states(&hall, visit).await, OVER);
        let beside = hall.session("beside", ("17:00", "18:00"), json!({ "seats": 5 })).await;
        let mut ana = site.device("ana").await;
        hall.take("ana", beside).await;
        hall.world.olga.delete(&hall.world.path("/sessions/beside")).await.expect(204);
        ana.sync().await;
        assert_eq!(hall.row(&mut ana, "ana", beside), None);
        assert!(!ana.everything().contains("session_fills"), "nothing is said of what has no seats");
    }

    async fn who_holds_a_seat_in_a_session_that_moves_is_told_and_asked_where_it_clashes(site) {
        let hall = Hall::of(site, 5).await;
        let visit = site.week.id("visit");
        let beside = hall.session("beside", ("17:00", "18:00"), json!({ "seats": 5 })).await;
        for (name, session) in [("ana", visit), ("bruno", visit), ("bruno", beside)] {
            hall.take(name, session).await;
        }
        let mut phones = [site.device("ana").await, site.device("bruno").await, site.device("carla").await];
        let path = hall.world.path("/sessions/visit/move");
        hall.world.olga.post(&path, &json!({ "room": site.week.id("patio") })).await.expect(200);
        hall.world.olga.post(&path, &json!({ "starts_at": "2018-11-26T16:30:00-03:00" })).await.expect(200);
        for phone in &mut phones {
            phone.sync().await;
        }
        let [ana, bruno, carla] = &mut phones;
        assert_eq!(hall.notices(ana), [("seat_moved".to_owned(), json!({ "session": visit }))], "not of the room");
        assert_eq!(hall.notices(bruno), [("seat_moved".to_owned(), json!({ "session": visit, "clashes": [beside] }))]);
        assert_eq!(hall.notices(carla), []);
        assert_eq!(hall.state("bruno", visit).await, Some(Confirmed), "they are asked, not put out");
    }

    async fn a_registration_that_ends_frees_its_seat_and_its_place_in_the_line(site) {
        let hall = hall_with_a_line(site).await;
        let (visit, mut ana) = (site.week.id("visit"), site.device("ana").await);
        ana.sync().await;
        hall.register("ana", json!({ "status": "cancelled" })).await;
        assert_eq!(states(&hall, visit).await, [Some(Cancelled), Some(Confirmed), Some(Waitlisted)]);
        ana.sync().await;
        assert_eq!(hall.row(&mut ana, "ana", visit), None);
        let cause = json!({ "session": visit, "cause": "registration_ended" });
        assert_eq!(hall.notices(&mut ana), [("seat_lost".to_owned(), cause)]);
        for status in ["declined", "waitlisted"] {
            hall.register("carla", json!({ "status": status })).await;
            assert_eq!(hall.state("carla", visit).await, Some(Cancelled));
        }
    }

    async fn a_replacement_takes_the_seats_and_the_numbers_of_whom_it_replaces(site) {
        let hall = Hall::of(site, 1).await;
        let visit = site.week.id("visit");
        let beside = hall.session("beside", ("17:00", "18:00"), json!({ "seats": 5 })).await;
        hall.take("bruno", visit).await;
        hall.take("ana", visit).await;
        hall.take("ana", beside).await;
        let carla = site.week.attendee("carla");
        hall.register("ana", json!({ "status": "cancelled", "replaced_by": carla })).await;
        let line = hall.list(visit).await;
        assert_eq!((line[&carla].state, line[&carla].number), (Waitlisted, Some(1)));
        assert_eq!(line[&site.week.attendee("ana")].state, Cancelled);
        assert_eq!(hall.state("carla", beside).await, Some(Confirmed));
        hall.give_back("bruno", visit).await;
        assert_eq!(hall.state("carla", visit).await, Some(Confirmed));
    }

    async fn a_replacement_who_cannot_have_a_seat_leaves_it_to_the_line(site) {
        let hall = Hall::of(site, 1).await;
        let visit = site.week.id("visit");
        let beside = hall.session("beside", ("15:00", "17:00"), json!({ "seats": 5 })).await;
        hall.take("ana", visit).await;
        hall.take("bruno", visit).await;
        hall.take("carla", beside).await;
        let carla = site.week.attendee("carla");
        hall.register("ana", json!({ "status": "cancelled", "replaced_by": carla })).await;
        assert_eq!(states(&hall, visit).await, [Some(Cancelled), Some(Confirmed), None]);
    }

    async fn who_is_not_let_in_any_more_loses_the_seat_and_the_notice_tells_nothing_of_the_session(site) {
        let hall = Hall::of(site, 1).await;
        hall.patch("quiet-lunch", json!({ "seats": 1 })).await;
        let lunch = site.week.id("quiet-lunch");
        site.week.grant(site.node.app(), "advisers", "bruno").await;
        assert_eq!(hall.take("carla", lunch).await, "confirmed");
        assert_eq!(hall.take("bruno", lunch).await, "waitlisted");
        let mut carla = site.device("carla").await;
        carla.sync().await;
        site.week.withdraw(site.node.app(), "advisers", "carla").await;
        assert_eq!(states(&hall, lunch).await, [None, Some(Confirmed), Some(Cancelled)]);
        carla.sync().await;
        assert_eq!(hall.notices(&mut carla), [("seat_lost".to_owned(), json!({ "cause": "not_invited" }))]);
        assert!(!carla.everything().contains(&lunch.to_string()));
    }

    async fn a_session_that_becomes_by_invitation_keeps_only_those_whom_it_invites(site) {
        let hall = Hall::of(site, 2).await;
        let visit = site.week.id("visit");
        hall.take("ana", visit).await;
        hall.take("bruno", visit).await;
        let ministers = json!({ "policy": "by_invitation", "visibility": "public", "audiences": [site.week.id("ministers")] });
        hall.patch("visit", json!({ "admission": ministers })).await;
        assert_eq!((hall.state("ana", visit).await, hall.state("bruno", visit).await), (Some(Confirmed), Some(Cancelled)));
        hall.ask(&site.sign_in("carla").await, site.week.attendee("carla"), visit).await.expect_problem(409, "not_invited");
    }

    async fn sessions_of_a_closed_part_are_for_whom_the_part_lets_in(site) {
        let hall = Hall::of(site, 1).await;
        hall.patch("round-table", json!({ "seats": 5 })).await;
        let table = site.week.id("round-table");
        assert_eq!(hall.take("ana", table).await, "confirmed");
        let bruno = site.sign_in("bruno").await;
        hall.ask(&bruno, site.week.attendee("bruno"), table).await.expect_problem(404, "not_found");
        hall.ask(&hall.world.olga, site.week.attendee("bruno"), table).await.expect_problem(409, "not_invited");
        // Who interprets there reads of it, and has no seat at the table for that.
        let duty = json!({ "attendee": site.week.attendee("bruno"), "kind": "interpreter", "collection": "rooms", "object": site.week.id("cinema") });
        hall.world.olga.post(&format!("/v1/events/{}/duties", site.week.slug), &duty).await.expect(201);
        hall.ask(&bruno, site.week.attendee("bruno"), table).await.expect_problem(409, "not_invited");
        site.week.patch(site.node.app(), (Collection::Parts, "dialogue"), json!({ "admission": { "policy": "open" } })).await;
        assert_eq!(hall.take("bruno", table).await, "confirmed");
        site.week.withdraw(site.node.app(), "ministers", "ana").await;
        assert_eq!(hall.state("ana", table).await, Some(Confirmed), "it is open to everybody now");
    }

    async fn an_attendee_who_is_taken_away_leaves_the_seat_to_the_next_one(site) {
        let hall = hall_with_a_line(site).await;
        let (visit, mut tablet) = (site.week.id("visit"), site.device("olga").await);
        tablet.sync().await;
        assert_eq!(tablet.list("sign_ups").len(), 3);
        let ana = site.week.attendee("ana");
        hall.world.olga.delete(&hall.world.path(&format!("/attendees/{ana}"))).await.expect(204);
        assert_eq!(states(&hall, visit).await, [None, Some(Confirmed), Some(Waitlisted)]);
        tablet.sync().await;
        assert_eq!(tablet.list("sign_ups").len(), 2);
        assert!(!tablet.everything().contains(&ana.to_string()));
    }
}
