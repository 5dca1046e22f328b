//! A program that writes rows differently makes those of its predecessor anew.

use std::collections::BTreeSet;

use cumbre::app::App;
use cumbre::database::schema::{event_counters, scope_heads, scope_rows};
use cumbre::database::{Connection, ROWS_VERSION};
use cumbre::formats::native;
use cumbre::on;
use cumbre::sync::projection;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use shared::ids::RecordId;
use shared::programme::Programme;
use shared::sync::{Digest, row_check};
use uuid::Uuid;

use crate::harness::{Device, Node, Site};

const SAMPLE: &str = include_str!("../../../server/samples/santiago-2018.yaml");

/// Of the rows that version 7 of the projection makes of the sample week.
const FINGERPRINT: &str = "f0775965cd40bb94a4527b14341b25f148c54a45eb4c72296446f4acf8f66cff";

#[test]
fn rows_that_look_different_have_another_version() {
    let mut last = 0u128;
    let mut new_id = || {
        last += 1;
        Uuid::from_u128(last)
    };
    let contents = native::read(SAMPLE, &Programme::default(), &mut new_id, RecordId(Uuid::max())).unwrap();
    let programme =
        Programme::default().with_edits(&native::plan(&Programme::default(), contents, &BTreeSet::new()).edits, 1);
    let keys = programme.iter().map(|(key, _)| *key).collect();
    let mut hash = Sha256::new();
    for ((scope, (collection, id)), value) in projection::project(&programme, &keys) {
        hash.update(format!("{scope} {} {id} {value}\n", collection.as_str()));
    }
    assert_eq!(
        (ROWS_VERSION, format!("{:x}", hash.finalize()).as_str()),
        (7, FINGERPRINT),
        "raise ROWS_VERSION where rows change, or devices keep the old ones until something else changes"
    );
}

/// Leaves the database as an older program would have: one row in another form, one that is not made
/// any more, one missing, with the digest that belongs to them.
fn age(connection: &mut Connection, site_event: &str, (opening, visit): (RecordId, RecordId)) -> QueryResult<()> {
    let public =
        scope_rows::table.filter(scope_rows::event_id.eq(site_event.to_owned())).filter(scope_rows::scope.eq("public"));
    let opening = public.clone().filter(scope_rows::id.eq(opening.to_string()));
    let stray = Uuid::from_u128(77).to_string();
    on!(connection, |c| {
        let rev: i64 = opening.clone().select(scope_rows::rev).first(c)?;
        diesel::update(opening).set(scope_rows::value.eq(json!({ "heading": "Opening" }).to_string())).execute(c)?;
        diesel::delete(public.clone().filter(scope_rows::id.eq(visit.to_string()))).execute(c)?;
        let row = (
            scope_rows::event_id.eq(site_event),
            scope_rows::scope.eq("public"),
            scope_rows::collection.eq("session_stubs"),
            scope_rows::id.eq(&stray),
            scope_rows::rev.eq(rev),
            scope_rows::value.eq("{}"),
        );
        diesel::insert_into(scope_rows::table).values(row).execute(c)?;
        let left: Vec<(String, String, i64)> = public
            .filter(scope_rows::value.is_not_null())
            .select((scope_rows::collection, scope_rows::id, scope_rows::rev))
            .load(c)?;
        let mut digest = Digest::default();
        left.iter().for_each(|(collection, id, rev)| digest.add(row_check(collection, id, *rev as u64)));
        diesel::update(scope_heads::table.find((site_event, "public")))
            .set((scope_heads::row_count.eq(digest.0 as i64), scope_heads::check_sum.eq(i64::from(digest.1))))
            .execute(c)?;
        let member = scope_rows::table.filter(scope_rows::collection.eq("registrations"));
        diesel::update(member).set(scope_rows::value.eq("{}")).execute(c)?;
        let counters = event_counters::table.find(site_event);
        diesel::update(counters).set(event_counters::rows_version.eq(ROWS_VERSION - 1)).execute(c)?;
        Ok(())
    })
}

async fn age_site(site: &Site) {
    let (event, ids) = (site.week.event.to_string(), (site.week.id("opening"), site.week.id("visit")));
    let aged = site.node.app().writer.system(move |connection| age(connection, &event, ids)).await;
    aged.unwrap();
}

async fn version(app: &App) -> i64 {
    let read = app.readers.read(|connection| {
        Ok(on!(connection, |c| event_counters::table
            .filter(event_counters::slug.eq("week-2018"))
            .select(event_counters::rows_version)
            .first(c))?)
    });
    read.await.unwrap()
}

/// What two phones saw before the database aged, and one that comes to the newer program.
async fn everybody_sees_what_was_there(node: &Node, site: &Site, (mut old, before): (Device, String)) {
    assert_eq!(version(node.app()).await, ROWS_VERSION);
    let rows = |text: &str| -> Vec<String> {
        let without_rev = |line: &str| {
            let mut words: Vec<&str> = line.splitn(5, ' ').collect();
            words.remove(3);
            words.join(" ")
        };
        text.lines().map(without_rev).collect()
    };
    let mut fresh = site.device("ana").await;
    fresh.connect_to(&node.base());
    fresh.sync().await;
    assert_eq!(rows(&fresh.everything()), rows(&before));
    old.connect_to(&node.base());
    old.sync().await;
    assert_eq!(old.everything(), fresh.everything(), "also the revs");
}

async fn phone_before(site: &Site) -> (Device, String) {
    let olga = site.organiser().await;
    let category = json!({ "slug": "participant", "title": { "en": "Participant" } });
    let category = olga.post("/v1/events/week-2018/categories", &category).await.expect(201).json();
    let registration = json!({ "category": category["id"] });
    let path = format!("/v1/events/week-2018/attendees/{}/registration", site.week.attendee("ana"));
    olga.send((reqwest::Method::PUT, &path), &[], &registration).await.expect(200);
    let mut ana = site.device("ana").await;
    ana.sync().await;
    assert_eq!(ana.list("registrations").len(), 1);
    let before = ana.everything();
    (ana, before)
}

#[tokio::test]
async fn rows_of_an_older_version_are_made_anew_at_the_start() {
    let site = Site::on_sqlite().await;
    let phone = phone_before(&site).await;
    age_site(&site).await;
    let site = site.restart().await;
    everybody_sees_what_was_there(&site.node, &site, phone).await;
    let head = |site: &Site| site.node.app().events.find(site.week.event).unwrap().read().head;
    let before = head(&site);
    let site = site.restart().await;
    assert_eq!(head(&site), before, "once is enough");
    site.close().await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_newer_node_makes_the_rows_of_an_older_one_anew() {
    crate::harness::run_on_postgres(async |site| {
        let phone = phone_before(site).await;
        age_site(site).await;
        let second = site.start_second_node().await;
        everybody_sees_what_was_there(&second, site, phone).await;
        second.stop().await;
    })
    .await;
}
