//! What a check costs the database: the statements of one more in a commit group, and of a group of one.

use cumbre::check_in::{self, Asked, Shown, check};
use cumbre::sync::change_log::{Actor, Unit};
use serde_json::{Value, json};
use shared::admission::Presented;
use shared::ids::RecordId;

use super::cast::{Guest, guests, index, keys, lunch, scan};
use crate::enrolment::cast::{area, checkpoint, door};
use crate::harness::{self, Device, Site};
use crate::people::cast::path;

/// The most of a check by itself, its savepoint included.
const MOST: f64 = 5.0;
/// The most of a guest who was scanned before: what follows from their scans is asked for apart.
const MOST_AGAIN: f64 = MOST + 1.0;
/// The most where a room has a capacity, and sessions may have left it.
const MOST_IN_A_ROOM: f64 = MOST_AGAIN + 1.0;
/// The most of a scan that a device hands in as a mutation, with the answer that is looked up and kept.
const MOST_OF_A_SCAN: f64 = 6.0;
/// How many statements a group has by itself: begin, lock, what is stored of its rows, rows, heads, commit,
/// counter. The end is not counted.
const MOST_OF_A_GROUP: u64 = 7;
/// How many of them are the savepoint of a step.
const SAVEPOINT: f64 = 2.0;

/// The statements of a group in which these people come to a door, one step each in truth: what is counted is
/// one step, and the savepoint of the others is added.
async fn coming(site: &Site, device: &mut Device, at: &str, people: &[Guest]) -> f64 {
    let keys = keys(site, device);
    let asked = people.iter().map(|guest| {
        let (presented, claims) = Presented::read(&keys, &guest.code);
        let asked: Asked = serde_json::from_value(json!({ "code": guest.code })).unwrap();
        (asked, Shown { presented, claims })
    });
    let (asked, checkpoint): (Vec<(Asked, Shown)>, RecordId) = (asked.collect(), at.parse().unwrap());
    let (account, cell) = (site.week.account("olga"), site.node.app().events.find(site.week.event).unwrap());
    let work = move |unit: &mut Unit<'_>| {
        let (actor, rights) = (Actor { account: Some(account), ..Actor::default() }, cell.read().rights(account));
        for (asked, shown) in &asked {
            check(unit, &cell, (actor, &rights, checkpoint), (asked, shown))?;
        }
        Ok(())
    };
    harness::statements(site, work).await as f64 + SAVEPOINT * (people.len() as f64 - 1.0)
}

/// What each of ten more adds, and what a group of one has.
async fn costs(site: &Site, device: &mut Device, at: &str, people: &[Guest]) -> (f64, f64) {
    // The first check of all brings what doors know into memory.
    let olga = site.organiser().await;
    olga.post(&super::cast::at(site, at, "verify"), &json!({ "code": people[0].code })).await.expect(200);
    let one = coming(site, device, at, &people[..1]).await;
    let few = coming(site, device, at, &people[1..3]).await;
    let many = coming(site, device, at, &people[3..15]).await;
    assert!(many > few, "the statements of the group are counted");
    ((many - few) / 10.0, one)
}

on_both! {
    async fn a_check_adds_few_statements_to_its_group_and_always_as_many(site) {
        let (people, lunch) = (guests(site, 15).await, lunch(site, 1).await);
        let mut tablet = door(site).await;
        let first = costs(site, &mut tablet, &lunch.doors[0], &people).await;
        let again = costs(site, &mut tablet, &lunch.doors[0], &people).await;
        for ((each, one), most) in [(first, MOST), (again, MOST_AGAIN)] {
            assert!(each <= most && one <= most + MOST_OF_A_GROUP as f64, "{first:?}, and again {again:?}");
        }
        let room = json!({ "room": site.week.id("library"), "capacity": 40 });
        let hall = area(site, "hall", room).await;
        let hall = checkpoint(site, "hall", &hall).await;
        let in_a_room = costs(site, &mut tablet, &hall, &people).await;
        assert!(in_a_room.0 <= MOST_IN_A_ROOM, "{in_a_room:?}");
    }

    async fn a_scan_that_a_device_hands_in_adds_few_statements_to_its_group(site) {
        let (people, lunch) = (guests(site, 15).await, lunch(site, 1).await);
        let mut tablet = door(site).await;
        let scans: Vec<Value> = people.iter().enumerate().map(|(number, guest)| {
            let guest = index(site, &mut tablet, guest);
            scan(number as u128, (&lunch.doors[0], &lunch.area), &guest, "2018-11-26T15:00:00.000Z")
        }).collect();
        let (account, cell) = (tablet.actor.account(), site.node.app().events.find(site.week.event).unwrap());
        let mut costs = Vec::new();
        for scans in [scans[..2].to_vec(), scans[2..12].to_vec()] {
            let commands: Vec<check_in::Command> =
                scans.iter().map(|scan| check_in::parse_mutation("scan.record", scan).unwrap().unwrap()).collect();
            let cell = cell.clone();
            let work = move |unit: &mut Unit<'_>| {
                let (actor, rights) = (Actor { account: Some(account), ..Actor::default() }, cell.read().rights(account));
                for command in &commands {
                    check_in::run(unit, &cell, (actor, &rights), command)?;
                }
                Ok(())
            };
            costs.push(harness::statements(site, work).await as f64);
        }
        // A savepoint, and the answer that the device may have had before.
        let each = (costs[1] - costs[0]) / 8.0 + SAVEPOINT + 1.0;
        assert!(each <= MOST_OF_A_SCAN, "{each}");
        let uses = site.organiser().await.get(&path(site, "/check-in/occupancy")).await.expect(200).json();
        assert_eq!(uses["uses"][0]["admitted"], 12);
    }
}
