//! The protocol's eight invariants, each by its name, on a real server and real devices. The model
//! test holds them over random schedules.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::programme::Collection;
use shared::replica::RowFilter;
use shared::sync::{Digest, ExchangeResponse, MutationResult, ScopeEntry, row_check};
use uuid::Uuid;

use crate::harness::{Device, SECRETS, Site};

/// Every row of the answers by its whole key, with rev and bytes.
fn collect_rows(entries: &[ScopeEntry]) -> BTreeMap<(String, String, String), (u64, String)> {
    let rows = entries.iter().flat_map(|entry| entry.changes.iter().map(move |change| (entry, change)));
    rows.filter_map(|(entry, change)| {
        let key = (entry.scope.clone(), change.collection.clone(), change.id.clone());
        Some((key, (change.rev, change.value.as_ref()?.get().to_owned())))
    })
    .collect()
}

async fn patch_visit(site: &Site, fields: Value) {
    site.week.patch(site.node.app(), (Collection::Sessions, "visit"), fields).await;
}

/// Asks beside the replica, with these positions.
async fn ask(device: &Device, holds: Value, more: Value) -> ExchangeResponse {
    let mut body = json!({ "device": device.actor.device(), "schema": 1, "holds": holds });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    device.actor.post(&device.sync_path(), &body).await.expect(200).read()
}

on_both! {
    async fn i1_a_row_is_complete_and_named_by_scope_collection_and_id(site) {
        let mut carla = site.device("carla").await;
        carla.sync().await;
        let before = carla.find("sessions", site.week.id("visit")).unwrap();
        patch_visit(site, json!({ "expected_people": 40 })).await;
        carla.exchange().await;
        let change = &carla.last_answer().scopes[0].changes[0];
        let mut expected = before;
        expected["expected_people"] = json!(40);
        assert_eq!(serde_json::from_str::<Value>(change.value.as_ref().unwrap().get()).unwrap(), expected, "never a patch");
        let held = carla.replica.list_held(&RowFilter::default()).unwrap();
        let mut outside: Vec<_> = held.iter().filter(|row| !row.scope.starts_with("own:")).map(|row| (&row.collection, &row.id)).collect();
        let count = outside.len();
        outside.sort();
        outside.dedup();
        assert_eq!(outside.len(), count, "no two scopes hold the same record");
    }

    async fn i2_a_rev_is_the_commit_that_last_changed_the_bytes_and_applying_twice_changes_nothing(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        let before = collect_rows(&ana.last_answer().scopes);
        patch_visit(site, json!({ "expected_people": 40 })).await;
        patch_visit(site, json!({ "expected_people": 40 })).await;
        // What only organisers read of a session leaves the readers' bytes as they are.
        let advisers = json!({ "policy": "by_invitation", "visibility": "listed", "audiences": [site.week.id("advisers"), site.week.id("ministers")] });
        site.week.patch(site.node.app(), (Collection::Parts, "dialogue"), json!({ "admission": advisers })).await;
        let all = ask(&ana, json!({}), json!({})).await;
        let after = collect_rows(&all.scopes);
        let changed: Vec<_> = after.iter().filter(|(key, row)| before.get(*key) != Some(*row)).map(|(key, _)| key.2.clone()).collect();
        assert_eq!(changed, [site.week.id("visit").to_string()]);
        let (token, outgoing) = ana.prepare();
        let answer: ExchangeResponse = ana.transmit(&outgoing).await.unwrap().expect(200).read();
        ana.replica.apply_answer(token, &answer, site.clock.now()).unwrap();
        let once = ana.everything();
        let (token, _) = ana.prepare();
        ana.replica.apply_answer(token, &answer, site.clock.now()).unwrap();
        assert_eq!(ana.everything(), once);
    }

    async fn i3_a_position_is_stored_with_its_rows_or_not_at_all(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        patch_visit(site, json!({ "expected_people": 40 })).await;
        let (position, held) = (ana.replica.find_position("public").unwrap(), ana.everything());
        for writes in 0..40 {
            let (token, outgoing) = ana.prepare();
            let answer: ExchangeResponse = ana.transmit(&outgoing).await.unwrap().expect(200).read();
            ana.replica.store_mut().die_after(writes);
            match ana.replica.apply_answer(token, &answer, site.clock.now()) {
                Err(_) => assert_eq!((ana.replica.find_position("public").unwrap(), ana.everything()), (position.clone(), held.clone())),
                Ok(_) => {
                    assert_ne!(ana.replica.find_position("public").unwrap(), position);
                    assert_eq!(ana.find("sessions", site.week.id("visit")).unwrap()["expected_people"], 40);
                    return;
                }
            }
        }
        panic!("the device never got through");
    }

    async fn i4_an_old_entry_is_never_wrong_only_older(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        patch_visit(site, json!({ "expected_people": 40 })).await;
        let (_, outgoing) = ana.prepare();
        let old: ExchangeResponse = ana.transmit(&outgoing).await.unwrap().expect(200).read();
        patch_visit(site, json!({ "expected_people": 41 })).await;
        let (token, _) = ana.prepare();
        ana.replica.apply_answer(token, &old, site.clock.now()).unwrap();
        assert_eq!(ana.find("sessions", site.week.id("visit")).unwrap()["expected_people"], 40);
        ana.sync().await;
        assert_eq!(ana.find("sessions", site.week.id("visit")).unwrap()["expected_people"], 41);
        // An entry that starts elsewhere than the device stands is not applied.
        let (token, _) = ana.prepare();
        ana.replica.apply_answer(token, &old, site.clock.now()).unwrap();
        assert_eq!(ana.find("sessions", site.week.id("visit")).unwrap()["expected_people"], 41);
    }

    async fn i5_changes_ascend_and_what_changes_between_pages_comes_again(site) {
        let mut ana = site.device("ana").await;
        ana.limits.page_rows = Some(2);
        let applied = ana.exchange().await;
        assert!(applied.more);
        patch_visit(site, json!({ "expected_people": 40 })).await;
        site.week.patch(site.node.app(), (Collection::Rooms, "library"), json!({ "capacity": 7 })).await;
        ana.sync().await;
        for answer in ana.answers() {
            for entry in &answer.scopes {
                let keys: Vec<_> = entry.changes.iter().map(|change| (change.rev, &change.collection, &change.id)).collect();
                assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
                assert!(entry.changes.len() <= 2);
            }
        }
        let mut whole = site.device("ana").await;
        whole.sync().await;
        assert_eq!(ana.everything(), whole.everything());
    }

    async fn i6_a_reset_replaces_one_scope_and_keeps_what_was_not_acknowledged(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        let before = ana.everything();
        let edit = ana.star(site.week.attendee("ana"), site.week.id("visit"), true);
        let reset = ask(&ana, json!({ "public": null }), json!({})).await;
        let (token, _) = ana.prepare();
        ana.replica.apply_answer(token, &reset, site.clock.now()).unwrap();
        assert_eq!(ana.everything(), before, "the other scopes stay, the reset one is whole");
        let waiting = ana.replica.list_outbox().unwrap();
        assert_eq!(waiting.iter().map(|edit| edit.mutation.id).collect::<Vec<_>>(), [edit]);
        assert!(matches!(ana.sync().await[0], MutationResult::Applied { .. }));
        assert_eq!(ana.replica.list_journal().unwrap().iter().map(|edit| edit.id).collect::<Vec<_>>(), [edit]);
    }

    async fn i7_one_mutations_failure_never_affects_another(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        let attendee = site.week.attendee("ana");
        ana.edit("no.such", Some(attendee), json!({}));
        ana.star(attendee, site.week.id("quiet-lunch"), true);
        ana.write_note(attendee, Uuid::new_v4(), "bell \u{7}");
        ana.star(attendee, site.week.id("visit"), true);
        ana.edit("favourite.set", Some(site.week.attendee("carla")), json!({ "session": site.week.id("visit"), "on": true }));
        ana.write_note(attendee, Uuid::new_v4(), "kept");
        let applied: Vec<_> = ana.sync().await.iter().map(|result| matches!(result, MutationResult::Applied { .. })).collect();
        assert_eq!(applied, [false, false, false, true, false, true]);
        assert_eq!((ana.list("favourites").len(), ana.list("notes").len()), (1, 1));
    }

    async fn i8_nothing_of_a_scope_reaches_a_device_that_may_not_hold_it(site) {
        let (mut bruno, mut carla) = (site.device("bruno").await, site.device("carla").await);
        bruno.sync().await;
        carla.sync().await;
        let before = bruno.replica.at_least().unwrap();
        let app = site.node.app();
        site.week.patch(app, (Collection::Sessions, "quiet-lunch"), json!({ "seats": 6 })).await;
        site.week.patch(app, (Collection::Documents, "paper"), json!({ "state": "cancelled" })).await;
        site.week.patch(app, (Collection::Sessions, "quiet-lunch"), json!({ "state": "draft" })).await;
        let attendee = Some(site.week.attendee("bruno"));
        let lunch = site.week.id("quiet-lunch");
        let mutations = [
            bruno.mutation("favourite.set", attendee, json!({ "session": lunch, "on": true })),
            bruno.mutation("note.put", attendee, json!({ "id": Uuid::new_v4(), "session": lunch, "text": "?" })),
            bruno.mutation("session.move", None, json!({ "session": lunch, "room": site.week.id("library") })),
            bruno.mutation("record.patch", None, json!({ "collection": "sessions", "id": lunch, "patch": { "seats": 1 } })),
        ];
        let holds = json!({ "public": bruno.replica.find_position("public").unwrap(), site.week.gate("quiet-lunch"): null,
            site.week.own("carla"): null, "organiser": null });
        let body = json!({ "device": bruno.actor.device(), "schema": 1, "at_least": before, "holds": holds, "mutations": mutations });
        let answer = bruno.actor.post(&bruno.sync_path(), &body).await.expect(200);
        for secret in SECRETS {
            assert!(!answer.mentions(secret), "{secret}: {}", answer.text());
        }
        let parsed: ExchangeResponse = answer.read();
        let scopes: Vec<_> = parsed.scopes.iter().filter(|entry| !entry.gone).map(|entry| entry.scope.clone()).collect();
        assert_eq!(scopes, [site.week.own("bruno")], "only his own, which he did not name");
        let mut plain = parsed.results.iter().map(|given| serde_json::to_string(&given.result).unwrap());
        assert!(plain.all(|result| result.contains("\"rejected\"") && !result.contains("server\"")));
    }

    async fn digests_are_the_sum_of_the_checks_of_the_rows_held(site) {
        let mut carla = site.device("carla").await;
        carla.sync().await;
        for entry in &carla.last_answer().scopes.clone() {
            let rows = carla.replica.list_held(&RowFilter { scope: Some(entry.scope.clone()), ..RowFilter::default() }).unwrap();
            let mut digest = Digest::default();
            rows.iter().for_each(|row| digest.add(row_check(&row.collection, &row.id, row.rev)));
            assert_eq!(entry.digest, Some(digest), "{}", entry.scope);
        }
    }
}
