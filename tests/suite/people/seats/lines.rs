//! Those who wait: who is next, what moves with them, and what they are told.

use reqwest::Method;
use serde_json::json;
use shared::signup::SignUpState::{Cancelled, Confirmed, Lapsed, Offered, Waitlisted};

use super::hall::Hall;

on_both! {
    async fn a_seat_given_back_goes_to_the_first_in_the_line_who_is_told(site) {
        let hall = Hall::of(site, 1).await;
        let visit = site.week.id("visit");
        for name in ["ana", "bruno", "carla"] {
            hall.take(name, visit).await;
        }
        let mut bruno = site.device("bruno").await;
        bruno.sync().await;
        hall.give_back("ana", visit).await;
        bruno.sync().await;
        let row = hall.row(&mut bruno, "bruno", visit).unwrap();
        assert_eq!((&row["state"], &row["number"]), (&json!("confirmed"), &json!(1)));
        assert_eq!(hall.notices(&mut bruno), [("seat_given".to_owned(), json!({ "session": visit }))]);
        assert_eq!(hall.list(visit).await[&site.week.attendee("carla")].number, Some(2), "numbers stay");
        assert_eq!(hall.take("ana", visit).await, "waitlisted");
        assert_eq!(hall.list(visit).await[&site.week.attendee("ana")].number, Some(3), "who comes back is last");
    }

    async fn nobody_who_asks_later_overtakes_who_waits(site) {
        let hall = Hall::of(site, 1).await;
        let (ana, bruno, visit) = (site.week.attendee("ana"), site.week.attendee("bruno"), site.week.id("visit"));
        hall.take("ana", visit).await;
        hall.take("carla", visit).await;
        let mut sol = site.device("sol").await;
        sol.edit("signup.cancel", Some(ana), json!({ "session": visit }));
        sol.edit("signup.request", Some(bruno), json!({ "session": visit }));
        sol.sync().await;
        assert_eq!(hall.state("carla", visit).await, Some(Confirmed), "in one and the same commit");
        assert_eq!(hall.state("bruno", visit).await, Some(Waitlisted));
    }

    async fn in_a_choice_the_old_seat_stays_until_the_new_one_is_there_and_a_chain_moves_at_once(site) {
        let hall = Hall::of(site, 1).await;
        let visits = hall.choice(&[1, 1, 1]).await;
        for (name, visit) in ["ana", "bruno", "carla"].into_iter().zip(&visits) {
            assert_eq!(hall.take(name, *visit).await, "confirmed");
        }
        assert_eq!(hall.take("bruno", visits[0]).await, "waitlisted");
        assert_eq!(hall.take("carla", visits[1]).await, "waitlisted");
        assert_eq!(hall.state("bruno", visits[1]).await, Some(Confirmed));
        let mut carla = site.device("carla").await;
        carla.sync().await;
        let before = carla.last_answer().covers.head.seq;
        hall.give_back("ana", visits[0]).await;
        carla.sync().await;
        assert_eq!(carla.last_answer().covers.head.seq, before + 1, "one commit");
        assert_eq!(hall.state("bruno", visits[0]).await, Some(Confirmed));
        assert_eq!(hall.state("bruno", visits[1]).await, Some(Cancelled));
        assert_eq!(hall.row(&mut carla, "carla", visits[1]).unwrap()["state"], "confirmed");
        assert_eq!(hall.row(&mut carla, "carla", visits[2]), None, "she has left the third");
        let told = json!({ "session": visits[1], "replaces": [visits[2]] });
        assert_eq!(hall.notices(&mut carla), [("seat_given".to_owned(), told)]);
        assert_eq!(hall.take("ana", visits[2]).await, "confirmed");
        assert_eq!(hall.take("ana", visits[2]).await, "confirmed");
    }

    async fn a_choice_that_can_be_had_at_once_replaces_the_old_one(site) {
        let hall = Hall::of(site, 1).await;
        let visits = hall.choice(&[1, 1]).await;
        hall.take("ana", visits[0]).await;
        hall.take("bruno", visits[0]).await;
        assert_eq!(hall.take("ana", visits[1]).await, "confirmed");
        assert_eq!(hall.state("ana", visits[0]).await, Some(Cancelled));
        assert_eq!(hall.state("bruno", visits[0]).await, Some(Confirmed), "who waited for the old one has it");
    }

    async fn an_offer_is_accepted_in_its_time_or_lapses_to_the_next_one(site) {
        let hall = Hall::of(site, 1).await;
        let visit = site.week.id("visit");
        hall.patch("visit", json!({ "sign_up": { "accept_within_minutes": 5 } })).await;
        for name in ["ana", "bruno", "carla"] {
            hall.take(name, visit).await;
        }
        hall.give_back("ana", visit).await;
        let (mut bruno, mut carla) = (site.device("bruno").await, site.device("carla").await);
        bruno.sync().await;
        let row = hall.row(&mut bruno, "bruno", visit).unwrap();
        let until = "2018-11-26T11:05:00.000Z";
        assert_eq!((&row["state"], &row["offered_until"]), (&json!("offered"), &json!(until)));
        assert_eq!(hall.notices(&mut bruno), [("seat_offered".to_owned(), json!({ "session": visit, "until": until }))]);
        assert_eq!(hall.take("ana", visit).await, "waitlisted", "an offered seat is not free");
        hall.wait_ms(5 * 60_000 - 1).await;
        assert_eq!(hall.state("bruno", visit).await, Some(Offered));
        hall.wait_ms(1).await;
        assert_eq!(hall.state("bruno", visit).await, Some(Lapsed));
        bruno.sync().await;
        assert_eq!(hall.row(&mut bruno, "bruno", visit), None);
        assert_eq!(hall.notices(&mut bruno)[1], ("seat_lost".to_owned(), json!({ "session": visit, "cause": "offer_lapsed" })));
        carla.edit("signup.accept", Some(site.week.attendee("carla")), json!({ "session": visit }));
        carla.sync().await;
        assert_eq!(hall.row(&mut carla, "carla", visit).unwrap()["state"], "confirmed");
        hall.wait_ms(4 * 60_000).await;
        assert_eq!(hall.state("carla", visit).await, Some(Confirmed), "what is accepted does not lapse");
        let late = format!("{}/accept", hall.path(site.week.attendee("bruno"), visit));
        bruno.actor.post(&late, &json!({})).await.expect_problem(409, "wrong_state");
    }

    async fn an_offer_that_is_late_is_not_accepted_though_nobody_has_ended_it_yet(site) {
        let hall = Hall::of(site, 1).await;
        let (visit, bruno) = (site.week.id("visit"), site.week.attendee("bruno"));
        hall.patch("visit", json!({ "sign_up": { "accept_within_minutes": 5 } })).await;
        hall.take("ana", visit).await;
        hall.take("bruno", visit).await;
        hall.give_back("ana", visit).await;
        let accept = format!("{}/accept", hall.path(bruno, visit));
        let phone = site.sign_in("bruno").await;
        site.clock.advance_ms(5 * 60_000);
        let answer = phone.post(&accept, &json!({})).await;
        assert_eq!(answer.status, 409, "{}", answer.text());
    }

    async fn an_offer_declined_goes_to_the_next_one_and_the_old_seat_of_the_choice_stays(site) {
        let hall = Hall::of(site, 1).await;
        let visits = hall.choice(&[1, 1]).await;
        hall.world.patch("/sessions/visit-0", json!({ "sign_up": { "accept_within_minutes": 5 } })).await;
        hall.take("ana", visits[0]).await;
        hall.take("bruno", visits[1]).await;
        hall.take("bruno", visits[0]).await;
        hall.take("carla", visits[0]).await;
        hall.give_back("ana", visits[0]).await;
        assert_eq!((hall.state("bruno", visits[0]).await, hall.state("bruno", visits[1]).await), (Some(Offered), Some(Confirmed)));
        hall.give_back("bruno", visits[0]).await;
        assert_eq!(hall.state("bruno", visits[1]).await, Some(Confirmed));
        let accept = format!("{}/accept", hall.path(site.week.attendee("carla"), visits[0]));
        let accepted = site.sign_in("carla").await.post(&accept, &json!({})).await.expect(200).json();
        assert_eq!(accepted["state"], "confirmed");
    }

    async fn more_seats_are_given_in_order_and_fewer_take_nobodys(site) {
        let hall = Hall::of(site, 1).await;
        let visit = site.week.id("visit");
        for name in ["ana", "bruno", "carla"] {
            hall.take(name, visit).await;
        }
        hall.patch("visit", json!({ "seats": 2 })).await;
        assert_eq!((hall.state("bruno", visit).await, hall.state("carla", visit).await), (Some(Confirmed), Some(Waitlisted)));
        hall.patch("visit", json!({ "seats": 1 })).await;
        assert_eq!(hall.state("bruno", visit).await, Some(Confirmed));
        hall.give_back("ana", visit).await;
        assert_eq!(hall.state("carla", visit).await, Some(Waitlisted), "there is no room yet");
        hall.give_back("bruno", visit).await;
        assert_eq!(hall.state("carla", visit).await, Some(Confirmed));
    }

    async fn whose_quota_is_reached_is_passed_over_until_it_has_room(site) {
        let hall = Hall::of(site, 1).await;
        let visit = site.week.id("visit");
        let chile = hall.delegation("chile", (visit, 1)).await;
        hall.take("carla", visit).await;
        hall.register("ana", json!({ "delegation": chile })).await;
        hall.register("bruno", json!({ "delegation": chile })).await;
        hall.take("ana", visit).await;
        hall.take("bruno", visit).await;
        hall.patch("visit", json!({ "seats": 3 })).await;
        assert_eq!((hall.state("ana", visit).await, hall.state("bruno", visit).await), (Some(Confirmed), Some(Waitlisted)));
        hall.world.patch("/delegations/chile", json!({ "quotas": [{ "session": visit, "at_most": 2 }] })).await;
        assert_eq!(hall.state("bruno", visit).await, Some(Confirmed));
    }

    async fn companions_and_categories_outside_quotas_take_seats_beside_the_quota(site) {
        let hall = Hall::of(site, 9).await;
        let visit = site.week.id("visit");
        let chile = hall.delegation("chile", (visit, 1)).await;
        let drivers = json!({ "slug": "drivers", "title": { "en": "Drivers" }, "is_outside_quotas": true });
        let drivers = hall.world.create("categories", drivers).await;
        hall.register("ana", json!({ "delegation": chile, "is_placeholder": true })).await;
        hall.register("bruno", json!({ "delegation": chile, "companion_of": site.week.attendee("ana") })).await;
        hall.register("carla", json!({ "delegation": chile, "category": drivers })).await;
        for name in ["bruno", "carla", "ana"] {
            assert_eq!(hall.take(name, visit).await, "confirmed", "{name}");
        }
        let fourth = hall.crowd(1, json!({ "delegation": chile })).await[0];
        hall.ask(&site.sign_in("sol").await, fourth, visit).await.expect_problem(409, "quota_reached");
    }

    async fn who_clashes_is_passed_over_until_the_other_seat_is_free(site) {
        let hall = Hall::of(site, 1).await;
        let visit = site.week.id("visit");
        let beside = hall.session("beside", ("15:00", "17:00"), json!({ "seats": 5 })).await;
        hall.take("ana", visit).await;
        hall.take("bruno", visit).await;
        hall.take("bruno", beside).await;
        hall.give_back("ana", visit).await;
        assert_eq!(hall.state("bruno", visit).await, Some(Waitlisted));
        hall.give_back("bruno", beside).await;
        assert_eq!(hall.state("bruno", visit).await, Some(Confirmed));
    }

    async fn who_has_a_seat_on_a_list_that_stands_does_not_swap_it(site) {
        let hall = Hall::of(site, 1).await;
        let visits = hall.choice(&[1, 1]).await;
        hall.take("ana", visits[0]).await;
        hall.world.patch("/sessions/visit-0", json!({ "sign_up": { "closes_at": "2018-11-26T10:00:00Z" } })).await;
        let (ana, phone) = (site.week.attendee("ana"), site.sign_in("ana").await);
        hall.ask(&phone, ana, visits[1]).await.expect_problem(409, "window_over");
        let by_override = format!("{}?override=true", hall.path(ana, visits[1]));
        hall.world.olga.send((Method::PUT, &by_override), &[], &json!({})).await.expect(200);
        assert_eq!((hall.state("ana", visits[0]).await, hall.state("ana", visits[1]).await), (Some(Cancelled), Some(Confirmed)));
    }
}
