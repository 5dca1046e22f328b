//! Badges that are made void meanwhile: whatever the order in which scans and voidings arrive, and however the scans
//! come in, what is derived is what follows from all of them together.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use shared::admission::{Admission, Authority, Incident, Recorded, Scan, Use, UseFacts, derive, list_stolen};
use shared::ids::{DeviceId, GuestIndex};
use shared::programme::EntryRule;
use shared::time::Timestamp;
use uuid::Uuid;

use super::cast::{Guest, guests, index, lunch, rows, scan, upload};
use crate::enrolment::cast::{door, enrol};
use crate::harness::{Device, Site};
use crate::people::cast::path;

/// How many orders of the same facts are tried, and how long the clock goes on after each: tokens last longer than all.
const ORDERS: usize = 12;
const PAUSE_MS: i64 = 40_000;

/// One thing that reaches the server.
#[derive(Clone)]
enum Fact {
    /// A scan.
    Scan(Value),
    /// A carrier is void from now on, and why.
    Void(u32, &'static str),
}

/// What has reached the server, of one guest.
#[derive(Clone)]
struct Known {
    of: Use,
    guest: GuestIndex,
    device: DeviceId,
    at: Timestamp,
    facts: Vec<Fact>,
}

impl Known {
    /// What follows from all of it together.
    fn follows(&self) -> (Vec<Admission>, BTreeMap<Uuid, Incident>) {
        let (mut scans, mut voided, mut stolen) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        for fact in &self.facts {
            match fact {
                Fact::Scan(scan) => {
                    let scan = Scan::read(scan).unwrap();
                    scans.push(Recorded { scan, device: Some(self.device), authority: Authority::Door });
                }
                Fact::Void(carrier, reason) => {
                    voided.insert((self.guest, *carrier), self.at);
                    if *reason == "stolen" {
                        stolen.insert((self.guest, *carrier), self.at);
                    }
                }
            }
        }
        let facts = UseFacts {
            of: self.of,
            rule: EntryRule::Once,
            scans: &scans,
            voided: &voided,
            share_seat: &[],
            known: &BTreeMap::new(),
        };
        let derived = derive(&facts);
        let mut incidents = derived.incidents;
        incidents.extend(list_stolen(&scans, &stolen).into_iter().map(|incident| (incident.id, incident)));
        (derived.admissions.into_values().collect(), incidents)
    }
}

/// A paper of somebody; its number.
async fn paper(site: &Site, attendee: &str) -> u32 {
    let badges = path(site, &format!("/attendees/{attendee}/badges"));
    let paper = site.organiser().await.post(&badges, &json!({ "kind": "paper" })).await.expect(201).json();
    u32::try_from(paper["carrier"].as_u64().unwrap()).unwrap()
}

/// What a desk holds of one guest.
async fn held(desk: &mut Device, guest: GuestIndex) -> (Vec<Admission>, BTreeMap<Uuid, Incident>) {
    let admissions = rows(desk, "admissions").await.into_iter().map(|row| serde_json::from_value(row).unwrap());
    let admissions: Vec<Admission> = admissions.filter(|one: &Admission| one.guest == guest).collect();
    let incidents = rows(desk, "incidents").await.into_iter().map(|mut row| {
        row.as_object_mut().unwrap().retain(|field, _| field != "found_at");
        serde_json::from_value::<Incident>(row).unwrap()
    });
    let incidents = incidents.filter(|one| one.guests.contains(&guest)).map(|one| (one.id, one));
    (admissions, incidents.collect())
}

/// Hands scans in, as the outbox does or in bulk.
async fn hand_in(site: &Site, (tablet, scans): (&mut Device, &[Value]), is_by_outbox: bool) {
    if is_by_outbox {
        for scan in scans {
            tablet.edit("scan.record", None, scan.clone());
        }
        tablet.sync().await;
    } else {
        upload(site, &tablet.actor, &scans.iter().collect::<Vec<_>>()).await;
    }
}

/// Makes a carrier void, at a desk's device or by REST.
async fn void(site: &Site, (desk, guest): (&mut Device, &Guest), (carrier, reason): (u32, &str), is_at_desk: bool) {
    if is_at_desk {
        let args = json!({ "carrier": carrier, "reason": reason });
        desk.edit("badge.void", Some(guest.attendee.parse().unwrap()), args);
        desk.sync().await;
    } else {
        let address = path(site, &format!("/badges/{carrier}/void"));
        site.organiser().await.post(&address, &json!({ "reason": reason })).await.expect(200);
    }
}

on_both! {
    async fn a_carrier_voided_meanwhile_gives_the_same_in_any_order_and_splitting(site) {
        let (people, lunch) = (guests(site, ORDERS).await, lunch(site, 2).await);
        let (mut tablet, mut desk) = (door(site).await, enrol(site, json!({ "name": "A desk", "profile": "full" })).await);
        desk.sync().await;
        let of = Use { area: lunch.area.parse().unwrap(), session: None };
        for (order, person) in people.iter().enumerate() {
            let guest: GuestIndex = index(site, &mut desk, person).parse().unwrap();
            let (good, lost) = (paper(site, &person.attendee).await, paper(site, &person.attendee).await);
            let stolen = paper(site, &person.attendee).await;
            let at = site.clock.now();
            let mut facts = vec![Fact::Void(lost, "lost"), Fact::Void(stolen, "stolen")];
            // Before it was lost, and after; the good one between; the stolen one shown and refused, and let in. The tablet's
            // clock is ahead, so that what was scanned after the voiding may arrive before it.
            for (minute, carrier, admits) in [(-5, lost, true), (3, lost, true), (7, good, true), (11, stolen, false), (17, stolen, true), (23, good, true)] {
                let place = facts.len();
                let time = at.plus_minutes(minute).to_string();
                let mut one = scan((order * 10 + place) as u128, (&lunch.doors[place % 2], &lunch.area), &guest.to_string(), &time);
                (one["carrier"], one["verdict"]["admits"]) = (json!(carrier), json!(admits));
                facts.push(Fact::Scan(one));
            }
            let device = tablet.actor.device();
            let whole = Known { of, guest, device, at, facts: facts.clone() }.follows();
            let kinds: BTreeMap<&str, usize> = whole.1.values().fold(BTreeMap::new(), |mut kinds, one| {
                *kinds.entry(one.kind.as_str()).or_default() += 1;
                kinds
            });
            assert_eq!(kinds, BTreeMap::from([("second_use", 1), ("stolen_shown", 2), ("void_carrier", 2)]));
            let mut random = StdRng::seed_from_u64(order as u64);
            facts.shuffle(&mut random);
            let mut known = Known { of, guest, device, at, facts: Vec::new() };
            while !facts.is_empty() {
                let part: Vec<Fact> = facts.drain(..random.random_range(1..=facts.len())).collect();
                let scans: Vec<Value> = part.iter().filter_map(|fact| if let Fact::Scan(scan) = fact { Some(scan.clone()) } else { None }).collect();
                let voids_first = random.random_bool(0.5);
                if !voids_first {
                    hand_in(site, (&mut tablet, &scans), random.random_bool(0.5)).await;
                }
                for fact in &part {
                    if let Fact::Void(carrier, reason) = fact {
                        void(site, (&mut desk, person), (*carrier, *reason), random.random_bool(0.5)).await;
                    }
                }
                if voids_first {
                    hand_in(site, (&mut tablet, &scans), random.random_bool(0.5)).await;
                }
                known.facts.extend(part);
                assert_eq!(held(&mut desk, guest).await, known.follows(), "order {order}");
            }
            assert_eq!(held(&mut desk, guest).await, whole, "order {order}");
            site.clock.advance_ms(PAUSE_MS);
        }
        let scans = site.organiser().await.get(&path(site, "/scans/export?format=csv")).await.expect(200);
        assert_eq!(scans.text().trim_end().lines().count(), 1 + ORDERS * 6, "every fact is kept");
    }
}
