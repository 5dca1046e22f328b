//! `DELETE …/attendees/{attendee}`: who was entered by mistake goes, and nothing goes on naming them.

use std::collections::BTreeSet;

use serde_json::json;

use super::zoraida::{Zoraida, path};
use crate::enrolment::cast::enrol;
use crate::harness::dump;

/// What keeps the id of somebody who was deleted, and nothing else of them: what was done, which accounts were
/// theirs, and what tells devices that rows and rights are gone.
const KEPT: &[&str] = &["attendee_accounts", "audit", "grants", "scope_heads", "scope_rows"];

on_both! {
    async fn who_is_deleted_is_named_by_nothing_that_goes_on(site) {
        let zoraida = Zoraida::come(site).await;
        let olga = site.organiser().await;
        let mut desk = enrol(site, json!({ "name": "Desk", "profile": "full" })).await;
        olga.patch(&path(site, "/people/alba"), &json!({ "attendee": null })).await.expect(200);
        olga.delete(&zoraida.path(site, "")).await.expect(204);
        let coach = olga.get(&path(site, "/vehicles/coach")).await.expect(200).json();
        assert_eq!(coach["passengers"], json!([{ "attendee": site.week.attendee("bruno") }]));
        desk.sync().await;
        let id = zoraida.attendee.to_string();
        assert!(!desk.everything().contains(&id));
        let lines = site.node.app().readers.read(|connection| Ok(dump(connection))).await.unwrap();
        let naming = lines.iter().filter(|line| line.contains(&id)).map(|line| line.split(' ').next().unwrap());
        let naming: BTreeSet<&str> = naming.collect();
        assert_eq!(naming.into_iter().filter(|table| !KEPT.contains(table)).collect::<Vec<_>>(), Vec::<&str>::new());
        let rows: Vec<&String> = lines.iter().filter(|line| line.starts_with("scope_rows ") && line.contains(&id)).collect();
        assert!(rows.iter().all(|row| !row.contains('{')), "there are but tombstones: {rows:?}");
    }
}
