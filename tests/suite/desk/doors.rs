//! Doors with a database of their own, each on a cable that is cut: what they admit meanwhile counts once, whatever
//! the clocks on their walls show, in whatever order it arrives, and whatever becomes of the answers.

use std::sync::Arc;

use cumbre::clock::Clock;
use cumbre::device::store::SqliteStore;
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::time::Timestamp;
use tokio::runtime::Handle;

use super::cast::{Desk, admitted};
use crate::check_in::cast::{Guest, guests, index, lunch, rows};
use crate::check_in::crowds::badges;
use crate::enrolment::cast::{enrol, path};
use crate::harness::{Cable, Device, Fate, Node, Site, run_on_sqlite};

/// A door and its cable.
struct Door {
    desk: Desk,
    cable: Cable,
}

impl Door {
    async fn enrol(site: &Site, node: &Node, checkpoint: &str) -> Self {
        let cable = Cable::to(node.address()).await;
        Self { desk: Desk::enrol_over(&cable.base(), site, ("door", checkpoint)).await, cable }
    }

    /// Its device, as the server knows it.
    fn device(&self) -> Value {
        json!(SqliteStore::open(&self.desk.store()).unwrap().find_setting("device").unwrap().unwrap())
    }

    /// Hears of everything, and admits somebody after the cable was cut, while the clock on the wall is so many
    /// minutes from the server's.
    async fn admit(&mut self, site: &Site, minutes: i64, guest: &Guest) {
        self.desk.clock = Clock::fixed(site.clock.now().plus_minutes(minutes));
        self.desk.sync().await;
        self.cable.set(Fate::Unplugged);
        assert!(self.desk.try_sync().await.is_err(), "the cable is cut");
        let said = self.desk.says(&[&guest.code]);
        assert!(said[0].starts_with("YES "), "{said:?}");
    }

    /// Hands in what it has over a cable that is there again, but loses the first answer.
    async fn hand_in_twice(&self) {
        self.cable.set(Fate::AnswerLost);
        assert!(self.desk.try_sync().await.is_err(), "the answer is lost");
        self.cable.set(Fate::Whole);
        self.desk.sync().await;
    }
}

/// What a node tells of one guest: the admissions and what is odd, both as its desks hold them.
async fn told(desk: &mut Device, guest: &str) -> (Vec<Value>, Vec<Value>) {
    let (mut admissions, mut incidents) = (rows(desk, "admissions").await, rows(desk, "incidents").await);
    admissions.retain(|one| one["guest"] == guest);
    incidents.retain(|one| one["guests"] == json!([guest]));
    (admissions, incidents)
}

/// The clock of either door goes before, and either hands in first.
const WAYS: [(i64, bool); 4] = [(5, true), (5, false), (-5, true), (-5, false)];

async fn two_doors_admit_one_badge(site: &Site, nodes: [&Node; 2]) {
    let (people, lunch) = (guests(site, WAYS.len()).await, lunch(site, 2).await);
    let mut desks = Vec::new();
    for node in nodes {
        let mut desk = enrol(site, json!({ "name": "A desk", "profile": "full" })).await;
        desk.connect_to(&node.base());
        desk.sync().await;
        desks.push(desk);
    }
    for ((minutes, is_east_first), guest) in WAYS.into_iter().zip(&people) {
        // Devices are new each time: their steady clocks are the machine's, and do not jump with the test's.
        let began = site.clock.now();
        let mut east = Door::enrol(site, nodes[0], &lunch.doors[0]).await;
        east.admit(site, minutes, guest).await;
        site.clock.advance_ms(60_000);
        let mut west = Door::enrol(site, nodes[1], &lunch.doors[1]).await;
        west.admit(site, -minutes, guest).await;
        let order = if is_east_first { [&east, &west] } else { [&west, &east] };
        order[0].hand_in_twice().await;
        order[1].hand_in_twice().await;
        // The other node looks at the database at least once a second; the clock says that it has not.
        site.clock.advance_ms(1_001);
        let guest_index = index(site, &mut desks[0], guest);
        let (admissions, incidents) = told(&mut desks[0], &guest_index).await;
        assert_eq!(told(&mut desks[1], &guest_index).await, (admissions.clone(), incidents.clone()), "on every node");
        assert_eq!(admissions.len(), 1, "{admissions:?}");
        assert_eq!((&admissions[0]["first"]["device"], &admissions[0]["area"]), (&east.device(), &json!(lunch.area)));
        assert_eq!((incidents.len(), &incidents[0]["kind"]), (1, &json!("second_use")), "{incidents:?}");
        let both = incidents[0]["scans"].as_array().unwrap();
        let devices: Vec<&Value> = both.iter().map(|scan| &scan["device"]).collect();
        assert_eq!(devices, [&east.device(), &west.device()], "by the corrected times");
        let at: Vec<Timestamp> = both.iter().map(|scan| serde_json::from_value(scan["at"].clone()).unwrap()).collect();
        let west_began = began.plus_minutes(1);
        assert!(began <= at[0] && at[0] < west_began && west_began <= at[1] && at[1] < began.plus_minutes(2), "{at:?}");
        for door in [&east, &west] {
            door.desk.sync().await;
            assert!(door.desk.says(&[&guest.code])[0].starts_with("NO "), "it has heard of it");
        }
    }
    assert_eq!(admitted(site).await, 2 * WAYS.len(), "both facts are kept");
}

#[tokio::test]
async fn two_offline_doors_admit_one_badge_whose_second_use_comes_out() {
    run_on_sqlite(async |site| two_doors_admit_one_badge(site, [&site.node, &site.node]).await).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn two_offline_doors_of_two_nodes_admit_one_badge_whose_second_use_comes_out() {
    crate::harness::run_on_postgres(async |site| {
        let second = site.start_second_node().await;
        two_doors_admit_one_badge(site, [&site.node, &second]).await;
        second.stop().await;
    })
    .await;
}

/// In how many parts a door hands in what it scanned.
const PARTS: usize = 4;

/// Admits these with the cable out, and hands in who came. A device is a machine of its own: what it does with its
/// database keeps no other one waiting.
fn open_for_lunch(door: Arc<Door>, comes: Vec<Guest>, is_lost: bool) -> impl FnOnce() {
    let runtime = Handle::current();
    move || {
        door.cable.set(Fate::Unplugged);
        let codes: Vec<&str> = comes.iter().map(|guest| guest.code.as_str()).collect();
        let said = door.desk.says(&codes);
        assert!(said.iter().all(|line| line.starts_with("YES ")), "{said:?}");
        door.cable.set(Fate::Whole);
        runtime.block_on(async {
            if is_lost {
                door.cable.set(Fate::AnswerLost);
                assert!(door.desk.try_sync().await.is_err(), "the answer is lost");
                door.cable.set(Fate::Whole);
            }
            // Whoever is not answered in time, where thousands of badges come by on a slow machine, asks again.
            for _ in 0..10 {
                if door.desk.try_sync().await.is_ok() {
                    return;
                }
            }
            panic!("nothing is handed in");
        });
    }
}

on_both! {
    async fn sixteen_doors_on_cables_that_lose_a_tenth_of_the_answers_admit_everybody_once(site) {
        let (people, lunch) = (guests(site, badges()).await, lunch(site, 16).await);
        let mut doors = Vec::new();
        for checkpoint in &lunch.doors {
            doors.push(Arc::new(Door::enrol(site, &site.node, checkpoint).await));
        }
        let mut lost = 0;
        for part in 0..PARTS {
            let work = doors.iter().enumerate().map(|(number, door)| {
                let comes = people.iter().skip(number + 16 * part).step_by(16 * PARTS);
                let is_lost = (part * 16 + number) % 10 == 3;
                lost += usize::from(is_lost);
                tokio::task::spawn_blocking(open_for_lunch(Arc::clone(door), comes.cloned().collect(), is_lost))
            });
            for done in join_all(work).await {
                done.unwrap();
            }
        }
        assert_eq!(lost, 7, "of 64");
        let olga = site.organiser().await;
        let uses = olga.get(&path(site, "/check-in/occupancy")).await.expect(200).json();
        assert_eq!((admitted(site).await, &uses["uses"][0]["admitted"]), (people.len(), &json!(people.len())));
        assert_eq!(olga.get(&path(site, "/incidents")).await.expect(200).json()["items"], json!([]));
    }

    async fn a_door_that_was_revoked_while_its_cable_was_out_hands_in_what_it_scanned_a_day_later(site) {
        let (people, lunch) = (guests(site, 2).await, lunch(site, 1).await);
        let mut door = Door::enrol(site, &site.node, &lunch.doors[0]).await;
        for guest in &people {
            door.admit(site, 0, guest).await;
            door.cable.set(Fate::Whole);
        }
        let (device, olga) = (door.device(), site.organiser().await);
        site.clock.advance_ms(60_000);
        let revoke = path(site, &format!("/enrolments/{}/revoke", device.as_str().unwrap()));
        olga.post(&revoke, &json!({})).await.expect(200);
        assert_eq!(admitted(site).await, 1, "the second was scanned with the cable out");
        site.clock.advance_ms(24 * 3_600_000);
        door.hand_in_twice().await;
        assert_eq!(admitted(site).await, 2);
        let olga = site.organiser().await;
        let uses = olga.get(&path(site, "/check-in/occupancy")).await.expect(200).json();
        assert_eq!(uses["uses"][0]["admitted"], 2);
        assert_eq!(olga.get(&path(site, "/incidents")).await.expect(200).json()["items"], json!([]));
        let mut store = SqliteStore::open(&door.desk.store()).unwrap();
        let mut replica = cumbre::device::Enrolment::load(&mut store).unwrap().open(store).unwrap();
        let scopes: Vec<String> = replica.list_scopes().unwrap().into_iter().map(|(scope, _)| scope).collect();
        assert_eq!((scopes, replica.list_outbox().unwrap().len()), (vec!["public".to_owned()], 0), "its roster is gone");
    }
}
