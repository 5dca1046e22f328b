//! What a seat costs the database: the statements of one more request in a commit group.

use cumbre::signups::{Command, Exceptional, run};
use cumbre::sync::change_log::{Actor, Unit};
use serde_json::json;
use shared::ids::{AttendeeId, RecordId};

use super::hall::Hall;
use crate::harness::{self, Site};

/// The most that one request more adds to its group, whatever becomes of it: six by the rules where a
/// quota is among them, and one for each scope of the person's rows that is not in memory.
const MOST: u64 = 9;

/// The statements of a group in which these people ask for a seat, with everything that follows.
async fn statements(site: &Site, session: RecordId, people: &[AttendeeId]) -> u64 {
    let (app, event, account) = (site.node.app(), site.week.event, site.week.account("sol"));
    let (people, cell) = (people.to_vec(), app.events.find(event).unwrap());
    let work = move |unit: &mut Unit<'_>| {
        let memory = cell.read();
        let (actor, rights) = (Actor { account: Some(account), ..Actor::default() }, memory.rights(account));
        for attendee in &people {
            let request = Command::Request(Exceptional { session, is_override: false });
            run(unit, &memory, (actor, &rights), (*attendee, &request))?;
        }
        Ok(())
    };
    harness::statements(site, work).await
}

/// What each of the larger group's requests adds beyond the smaller group's.
async fn each(site: &Site, session: RecordId, people: &[AttendeeId]) -> f64 {
    let (few, many) = people.split_at(5);
    let few = statements(site, session, few).await;
    let many_count = many.len() as u64;
    let many = statements(site, session, many).await;
    assert!(many > few, "the statements of the group are counted");
    (many - few) as f64 / (many_count - 5) as f64
}

on_both! {
    async fn a_request_for_a_seat_adds_few_statements_to_its_group_and_always_as_many(site) {
        let hall = Hall::of(site, 40).await;
        let visit = site.week.id("visit");
        let chile = hall.delegation("chile", (visit, 100)).await;
        let crowds = [hall.crowd(30, json!({})).await, hall.crowd(60, json!({})).await, hall.crowd(30, json!({ "delegation": chile })).await];
        let mut costs = Vec::new();
        for people in &crowds {
            costs.push(each(site, visit, people).await);
        }
        assert!(costs.iter().all(|cost| *cost <= MOST as f64), "seats, places in the line, with a quota: {costs:?}");
    }
}
