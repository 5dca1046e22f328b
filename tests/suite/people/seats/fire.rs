//! Many at once: seats, numbers, quotas and swaps hold on one node and on two.

use std::collections::{BTreeMap, BTreeSet};

#[cfg(feature = "postgres")]
use cumbre::due::run_due;
use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::signup::SignUpState;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::hall::Hall;
use crate::harness::{Actor, Site};

/// What somebody was answered: `confirmed`, `waitlisted` or why not.
type Outcome = (AttendeeId, String);

/// Asks for a seat by REST, under a key.
async fn ask(who: Actor, path: String, (attendee, key): (AttendeeId, Uuid)) -> Outcome {
    let key = key.to_string();
    let answer = who.send((Method::PUT, &path), &[("idempotency-key", &key)], &json!({})).await.json();
    let word = answer["state"].as_str().or(answer["code"].as_str());
    (attendee, word.unwrap().to_owned())
}

/// Asks for a seat by a mutation with this id.
async fn send(who: Actor, path: String, (attendee, id, session): (AttendeeId, Uuid, RecordId)) -> Outcome {
    let mutation = json!({ "id": id, "op": "signup.request", "for": attendee, "args": { "session": session } });
    let body = json!({ "device": who.device(), "schema": 1, "limit": 1, "mutations": [mutation] });
    let answer = who.post(&path, &body).await.expect(200).json();
    let result = &answer["results"][0];
    let result = if result["status"] == "duplicate" { &result["original"] } else { result };
    let word = result["outcome"].as_str().or(result["reason"].as_str());
    (attendee, word.unwrap().to_owned())
}

/// Everybody asks at once for the same session, half of them twice, by requests and by mutations, each
/// at another node.
async fn storm(hall: &Hall<'_>, session: RecordId, (people, bases): (&[AttendeeId], &[String])) -> Vec<Outcome> {
    let sol = hall.site.sign_in("sol").await;
    let mut asking = JoinSet::new();
    for (n, attendee) in people.iter().enumerate() {
        let id = Uuid::new_v4();
        for time in 0..1 + n % 2 {
            let base = &bases[(n / 2 + time) % bases.len()];
            if n % 4 < 2 {
                asking.spawn(ask(sol.at(base), hall.path(*attendee, session), (*attendee, id)));
            } else {
                let olga = hall.world.olga.at(base);
                asking.spawn(send(olga, hall.world.path("/sync"), (*attendee, id, session)));
            }
        }
    }
    asking.join_all().await
}

/// 500 people want the 40 seats of the visit.
async fn five_hundred_want_forty_seats(site: &Site, bases: &[String]) {
    let hall = Hall::of(site, 40).await;
    let visit = site.week.id("visit");
    let people = hall.crowd(500, json!({})).await;
    let outcomes = storm(&hall, visit, (&people, bases)).await;
    assert_eq!(outcomes.len(), 750, "half of them asked twice");
    let mut told: BTreeMap<AttendeeId, String> = BTreeMap::new();
    for (attendee, word) in outcomes {
        let before = told.insert(attendee, word.clone());
        assert!(before.is_none_or(|before| before == word), "who asks twice is answered the same");
    }
    let list = hall.list(visit).await;
    assert_eq!(list.len(), 500);
    assert!(list.iter().all(|(attendee, one)| told[attendee] == one.state.as_str()));
    let confirmed = list.values().filter(|one| one.state == SignUpState::Confirmed).count();
    assert_eq!(confirmed, 40);
    let waiting = list.values().filter(|one| one.state == SignUpState::Waitlisted);
    let numbers: BTreeSet<u64> = waiting.map(|one| one.number.unwrap()).collect();
    assert_eq!(numbers, (1..=460).collect());
}

/// People of whom each holds a seat in a choice change their minds all at once, and some who hold none
/// wait; an organiser's device watches.
async fn minds_change(site: &Site, bases: &[String]) {
    let hall = Hall::of(site, 1).await;
    let visits = hall.choice(&[6, 6, 6, 6]).await;
    let people = hall.crowd(30, json!({})).await;
    let sol = site.sign_in("sol").await;
    for (n, attendee) in people.iter().enumerate() {
        hall.ask(&sol, *attendee, visits[n % 4]).await.expect(200);
    }
    let mut tablet = site.device("olga").await;
    tablet.sync().await;
    let seated: BTreeSet<AttendeeId> = seats_by_person(&mut tablet, &visits).into_keys().collect();
    assert_eq!(seated.len(), 24);
    let mut asking = JoinSet::new();
    for round in 1..4 {
        for (n, attendee) in people.iter().enumerate() {
            let who = sol.at(&bases[(n + round) % bases.len()]);
            asking.spawn(ask(who, hall.path(*attendee, visits[(n + round) % 4]), (*attendee, Uuid::new_v4())));
        }
    }
    // One of those who hold no seat yet gets one: the chain that this sets off goes on under fire.
    hall.world.patch("/sessions/visit-0", json!({ "seats": 7 })).await;
    while !asking.is_empty() {
        asking.join_next().await.unwrap().unwrap();
        tablet.sync().await;
        let seats = seats_by_person(&mut tablet, &visits);
        assert!(seats.values().all(|seats| *seats == 1), "nobody has two seats: {seats:?}");
        assert!(seated.iter().all(|attendee| seats.contains_key(attendee)), "nobody has lost theirs");
    }
    for (n, visit) in visits.iter().enumerate() {
        let list = hall.list(*visit).await;
        let taken = list.values().filter(|one| one.state == SignUpState::Confirmed).count();
        assert!(taken <= if n == 0 { 7 } else { 6 });
        let waiting: Vec<_> = list.values().filter(|one| one.state == SignUpState::Waitlisted).collect();
        assert!(waiting.is_empty() || taken >= 6, "nobody waits for a free seat");
    }
}

/// How many seats of the choice each person has, as an organiser's device shows it.
fn seats_by_person(tablet: &mut crate::harness::Device, visits: &[RecordId]) -> BTreeMap<AttendeeId, usize> {
    let mut seats = BTreeMap::new();
    for row in tablet.list("sign_ups") {
        let one: Value = serde_json::from_str(&row.value).unwrap();
        let session: RecordId = one["session"].as_str().unwrap().parse().unwrap();
        if one["state"] == "confirmed" && visits.contains(&session) {
            *seats.entry(one["attendee"].as_str().unwrap().parse().unwrap()).or_default() += 1;
        }
    }
    seats
}

/// Two delegations with a quota of three want seats beside people of none.
async fn quotas_hold(site: &Site, bases: &[String]) {
    let hall = Hall::of(site, 20).await;
    let visit = site.week.id("visit");
    let mut people = Vec::new();
    for slug in ["chile", "peru"] {
        let delegation = hall.delegation(slug, (visit, 3)).await;
        people.push(hall.crowd(12, json!({ "delegation": delegation })).await);
    }
    people.push(hall.crowd(10, json!({})).await);
    let everybody: Vec<AttendeeId> =
        (0..12).flat_map(|n| people.iter().filter_map(move |some| some.get(n))).copied().collect();
    let outcomes: BTreeMap<AttendeeId, String> = storm(&hall, visit, (&everybody, bases)).await.into_iter().collect();
    let list = hall.list(visit).await;
    let seats = |some: &[AttendeeId]| some.iter().filter(|attendee| list.contains_key(attendee)).count();
    assert_eq!([seats(&people[0]), seats(&people[1]), seats(&people[2])], [3, 3, 10]);
    let refused = outcomes.values().filter(|word| *word == "quota_reached").count();
    assert_eq!(refused, 18);
}

/// Two nodes find the same offer due at once.
#[cfg(feature = "postgres")]
async fn offers_lapse_once(site: &Site, second: &crate::harness::Node) {
    let hall = Hall::of(site, 1).await;
    let visit = site.week.id("visit");
    hall.patch("visit", json!({ "sign_up": { "accept_within_minutes": 5 } })).await;
    for name in ["ana", "bruno", "carla"] {
        hall.take(name, visit).await;
    }
    hall.give_back("ana", visit).await;
    site.clock.advance_ms(5 * 60_000);
    let (here, there) = tokio::join!(run_due(site.node.app()), run_due(second.app()));
    here.and(there).unwrap();
    let told = async |name: &str| {
        let mut phone = site.device(name).await;
        phone.sync().await;
        hall.notices(&mut phone).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    assert_eq!(told("bruno").await, ["seat_offered", "seat_lost"]);
    assert_eq!(told("carla").await, ["seat_offered"]);
}

on_both! {
    async fn of_five_hundred_at_once_forty_get_a_seat_and_the_others_a_number_each(site) {
        five_hundred_want_forty_seats(site, &[site.node.base()]).await;
    }

    async fn swaps_under_fire_leave_nobody_with_two_seats_or_none(site) {
        minds_change(site, &[site.node.base()]).await;
    }

    async fn quotas_hold_under_fire(site) {
        quotas_hold(site, &[site.node.base()]).await;
    }
}

#[cfg(feature = "postgres")]
mod on_two_nodes {
    use crate::harness::{Site, run_on_postgres};

    async fn run_on_two(test: impl AsyncFnOnce(&Site, &[String])) {
        run_on_postgres(async |site| {
            let second = site.start_second_node().await;
            test(site, &[site.node.base(), second.base()]).await;
            second.stop().await;
        })
        .await;
    }

    #[tokio::test]
    async fn of_five_hundred_at_once_forty_get_a_seat_and_the_others_a_number_each() {
        run_on_two(async |site, bases| super::five_hundred_want_forty_seats(site, bases).await).await;
    }

    #[tokio::test]
    async fn swaps_under_fire_leave_nobody_with_two_seats_or_none() {
        run_on_two(async |site, bases| super::minds_change(site, bases).await).await;
    }

    #[tokio::test]
    async fn quotas_hold_under_fire() {
        run_on_two(async |site, bases| super::quotas_hold(site, bases).await).await;
    }

    #[tokio::test]
    async fn two_nodes_that_look_what_is_due_do_it_once() {
        run_on_postgres(async |site| {
            let second = site.start_second_node().await;
            super::offers_lapse_once(site, &second).await;
            second.stop().await;
        })
        .await;
    }
}
