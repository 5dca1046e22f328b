//! Badges that are void by now, of scans before the newest: whatever the order of arrival, and however the scans
//! come in, what is derived is what follows from all of them together.

use std::collections::{BTreeMap, BTreeSet};

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use shared::admission::{Admission, Incident, Recorded, Scan, Use, UseFacts, derive, list_stolen};
use shared::ids::{DeviceId, GuestIndex};
use shared::programme::EntryRule;
use shared::time::Timestamp;
use uuid::Uuid;

use super::cast::{guests, index, lunch, rows, scan, upload};
use crate::enrolment::cast::{door, enrol};
use crate::harness::{Device, Site};
use crate::people::cast::path;

/// How many orders of the same scans are tried.
const ORDERS: u64 = 12;

/// A paper of somebody, made void for a reason where there is one; its number and since when.
async fn paper(site: &Site, attendee: &str, reason: Option<&str>) -> (u32, Option<Timestamp>) {
    let olga = site.organiser().await;
    let badges = path(site, &format!("/attendees/{attendee}/badges"));
    let paper = olga.post(&badges, &json!({ "kind": "paper" })).await.expect(201).json();
    if let Some(reason) = reason {
        let void = path(site, &format!("/badges/{}/void", paper["carrier"]));
        olga.post(&void, &json!({ "reason": reason })).await.expect(200);
    }
    let number = u32::try_from(paper["carrier"].as_u64().unwrap()).unwrap();
    (number, reason.map(|_| site.clock.now()))
}

/// What follows from all of these scans together.
fn expected(
    scans: &[(Value, DeviceId)],
    of: Use,
    (voided, stolen): (&BTreeMap<(GuestIndex, u32), Timestamp>, &BTreeMap<(GuestIndex, u32), Timestamp>),
) -> (Vec<Admission>, BTreeMap<Uuid, Incident>) {
    let recorded = |(scan, device): &(Value, DeviceId)| Recorded { scan: Scan::read(scan).unwrap(), device: Some(*device) };
    let scans: Vec<Recorded> = scans.iter().map(recorded).collect();
    let derived = derive(&UseFacts { of, rule: EntryRule::Once, scans: &scans, voided, share_seat: &[] });
    let mut incidents = derived.incidents;
    incidents.extend(list_stolen(&scans, stolen).into_iter().map(|incident| (incident.id, incident)));
    (derived.admissions.into_values().collect(), incidents)
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

on_both! {
    async fn badges_that_are_void_by_now_give_the_same_in_any_order_and_splitting(site) {
        let (people, lunch) = (guests(site, usize::try_from(ORDERS).unwrap()).await, lunch(site, 2).await);
        let (mut tablet, mut desk) = (door(site).await, enrol(site, json!({ "name": "A desk", "profile": "full" })).await);
        desk.sync().await;
        let of = Use { area: lunch.area.parse().unwrap(), session: None };
        for (order, person) in people.iter().enumerate() {
            let guest: GuestIndex = index(site, &mut desk, person).parse().unwrap();
            let good = paper(site, &person.attendee, None).await.0;
            let (lost, stolen) = (paper(site, &person.attendee, Some("lost")).await, paper(site, &person.attendee, Some("stolen")).await);
            site.clock.advance_ms(3_600_000);
            let (since, of_stolen) = (lost.1.unwrap(), BTreeMap::from([((guest, stolen.0), stolen.1.unwrap())]));
            let voided: BTreeMap<(GuestIndex, u32), Timestamp> =
                of_stolen.clone().into_iter().chain([((guest, lost.0), since)]).collect();
            let mut scans = Vec::new();
            // Before it was lost, and after; the good one between; the stolen one shown and refused, and let in.
            for (minute, carrier, admits) in [(-5, lost.0, true), (3, lost.0, true), (7, good, true), (11, stolen.0, false), (17, stolen.0, true), (23, good, true)] {
                let number = (order * 10 + scans.len()) as u128;
                let at = since.plus_minutes(minute).to_string();
                let mut one = scan(number, (&lunch.doors[scans.len() % 2], &lunch.area), &guest.to_string(), &at);
                (one["carrier"], one["verdict"]["admits"]) = (json!(carrier), json!(admits));
                scans.push((one, tablet.actor.device()));
            }
            let whole = expected(&scans, of, (&voided, &of_stolen));
            let kinds: BTreeSet<&str> = whole.1.values().map(|one| one.kind.as_str()).collect();
            assert_eq!(kinds, BTreeSet::from(["second_use", "stolen_shown", "void_carrier"]));
            let mut random = StdRng::seed_from_u64(order as u64);
            let mut shuffled = scans.clone();
            shuffled.shuffle(&mut random);
            let mut sent = Vec::new();
            while !shuffled.is_empty() {
                let part: Vec<(Value, DeviceId)> = shuffled.drain(..random.random_range(1..=shuffled.len())).collect();
                if random.random_bool(0.5) {
                    part.iter().for_each(|(scan, _)| drop(tablet.edit("scan.record", None, scan.clone())));
                    tablet.sync().await;
                } else {
                    upload(site, &tablet.actor, &part.iter().map(|(scan, _)| scan).collect::<Vec<_>>()).await;
                }
                sent.extend(part);
                assert_eq!(held(&mut desk, guest).await, expected(&sent, of, (&voided, &of_stolen)), "order {order}");
            }
            assert_eq!(held(&mut desk, guest).await, whole, "order {order}");
        }
    }
}
