//! What whoever holds a door's device reads in its database without a badge: what the docs list, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use cumbre::database::Connection;
use cumbre::on;
use diesel::sql_types::Text;
use diesel::{QueryResult, QueryableByName, RunQueryDsl, sql_query};
use serde_json::{Value, json};
use shared::admission::{Claim, CountedGuest, DoorGuest, SitsInFor, StoodInBy};
use shared::ids::{GuestIndex, RecordId};
use shared::invitation::{Answer, Guest, InvitedAs};
use shared::programme::Collection;
use shared::registration::RegistrationStatus;
use shared::signup::SignUpState;
use uuid::Uuid;

use super::cast::{Desk, guest};
use crate::enrolment::cast::{area, checkpoint, path};
use crate::harness::Site;
use crate::people::cast::{category, delegation, registration};

/// What is written of it.
const DOCS: &str = include_str!("../../../server/docs/check-in.md");

type Listed = BTreeMap<String, BTreeSet<String>>;

/// The tables of the section about stolen doors: what each line says of what it begins with.
fn listed() -> Vec<Listed> {
    let section = DOCS.split("\n## ").find(|section| section.starts_with("A stolen door device")).unwrap();
    let words = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let table = |block: &str| -> Listed {
        let lines = block.lines().filter(|line| line.starts_with("| `"));
        lines
            .map(|line| line.split_once(" | ").unwrap())
            .map(|(of, told)| (words(of).remove(0), words(told).into_iter().collect()))
            .collect()
    };
    section.split("\n\n").filter(|block| block.starts_with("| ")).map(table).collect()
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    value: String,
}

fn read(connection: &mut Connection, query: &str) -> Vec<(String, String)> {
    let lines: QueryResult<Vec<Line>> = on!(connection, |c| sql_query(query).load(c));
    lines.unwrap().into_iter().map(|line| (line.name, line.value)).collect()
}

/// The fields of a value by their paths; texts in several languages are one, and lists what is in them.
fn fields(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) if !object.is_empty() && !object.keys().all(|key| key.len() == 2) => {
            for (name, value) in object {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                fields(&path, value, found);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.iter().for_each(|item| fields(path, item, found));
        }
        _ => {
            found.insert(path.to_owned());
        }
    }
}

/// A guest of whom everything is said. A field that is added to what a door reads in the clear does not compile here
/// before it is filled in, nor pass before it is listed.
fn everything() -> DoorGuest {
    let (id, index) = (RecordId(Uuid::from_u128(1)), GuestIndex(Uuid::from_u128(2)));
    let day = Some(serde_json::from_value(json!("2018-11-26")).unwrap());
    let invitations = vec![InvitedAs { answer: Answer::Accepted, is_withdrawn: true }];
    let (registration, seat) = (Some(RegistrationStatus::Confirmed), Some(SignUpState::Confirmed));
    let has = Guest { registration, is_on_duty: true, is_in_audience: true, invitations: invitations.clone(), seat };
    let claim = Claim {
        object: id,
        is_on_duty: true,
        is_in_audience: true,
        invitations,
        seat,
        sits_in_for: vec![SitsInFor { guest: index, day, has }],
        stood_in_by: vec![StoodInBy { guest: index, day }],
    };
    let guest = CountedGuest { status: RegistrationStatus::Confirmed, delegation: Some(id), claims: vec![claim] };
    DoorGuest { guest, sealed: "AA".to_owned() }
}

#[test]
fn of_a_guest_the_docs_list_all_that_a_door_reads_without_the_badge() {
    let mut found = BTreeSet::new();
    fields("", &json!(everything()), &mut found);
    assert_eq!(found, listed()[1]["door_guests"]);
}

/// Somebody of whom a door is told all there is: a delegation of which few may be inside, a note, a stolen badge, a seat,
/// an invitation, a duty, and somebody who sits in for them.
async fn somebody(site: &Site) -> String {
    let olga = site.organiser().await;
    let session = site.week.id("quiet-lunch");
    let few = json!({ "quotas": [{ "session": session, "inside_at_most": 2 }] });
    let chile = delegation(site, "chile", few).await;
    let code = guest(site, "ana", &category(site, "experts", json!({})).await).await;
    guest(site, "bruno", &category(site, "guards", json!({})).await).await;
    let (ana, bruno) = (site.week.attendee("ana"), site.week.attendee("bruno"));
    olga.patch(&registration(site, &ana.to_string()), &json!({ "delegation": chile })).await.expect(200);
    let note = path(site, &format!("/attendees/{ana}/door-note"));
    olga.send((reqwest::Method::PUT, &note), &[], &json!({ "text": "Ask for the letter." })).await.expect(204);
    let invite = json!({ "attendee": ana, "collection": "sessions", "object": session });
    olga.post(&path(site, "/invitations"), &invite).await.expect(201);
    let arranged = json!({ "stand_in": bruno, "session": session });
    olga.post(&path(site, &format!("/attendees/{ana}/stand-ins")), &arranged).await.expect(201);
    site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "seats": 1 })).await;
    let seat = path(site, &format!("/attendees/{bruno}/sign-ups/visit"));
    olga.send((reqwest::Method::PUT, &seat), &[], &json!({})).await.expect(200);
    let badges = path(site, &format!("/attendees/{bruno}/badges"));
    let paper = olga.post(&badges, &json!({ "kind": "paper" })).await.expect(201).json();
    olga.post(&path(site, &format!("/badges/{}/report", paper["carrier"])), &json!({})).await.expect(200);
    code
}

on_both! {
    async fn what_a_stolen_door_tells_without_a_badge_is_what_the_docs_list(site) {
        let week = area(site, "week", json!({ "rule": "in_and_out", "capacity": 100, "room": site.week.id("library") })).await;
        let entrance = checkpoint(site, "entrance", &week).await;
        let code = somebody(site).await;
        let desk = Desk::enrol(site, "door", &entrance).await;
        desk.says(&[&code, "a menu", ":count 3"]);
        desk.sync().await;
        let mut store = Connection::open(&format!("sqlite://{}", desk.store().display()).parse().unwrap()).unwrap();
        let [tables, rows] = &listed()[..] else { panic!("two tables") };
        let columns = "SELECT m.name AS name, t.name AS value FROM sqlite_master m JOIN pragma_table_info(m.name) t \
            WHERE m.type = 'table'";
        let mut there = Listed::new();
        for (table, column) in read(&mut store, columns) {
            there.entry(table).or_default().insert(column);
        }
        there.entry("settings".to_owned()).or_default().extend(read(&mut store, "SELECT name, value FROM settings").into_iter().map(|(name, _)| name));
        assert_eq!(&there, tables, "the tables of a door's database");
        let mut held = Listed::new();
        for (collection, value) in read(&mut store, "SELECT collection AS name, value FROM held WHERE scope <> 'public'") {
            fields("", &serde_json::from_str(&value).unwrap(), held.entry(collection).or_default());
        }
        let none = BTreeSet::new();
        let mut unlisted = Vec::new();
        for (collection, fields) in &held {
            let listed = rows.get(collection).unwrap_or(&none);
            unlisted.extend(fields.difference(listed).map(|field| format!("{collection}: {field}")));
        }
        assert_eq!(unlisted, Vec::<String>::new(), "rows of a door's roster tell more than the docs list");
        assert!(held["door_guests"].len() > 8, "of guests it was asked for all there is: {:?}", held["door_guests"]);
    }
}
