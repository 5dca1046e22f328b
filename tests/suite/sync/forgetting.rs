//! What the server forgets of the past, and what that is to devices.

use cumbre::database::schema::{commits, mutation_results, scope_heads};
use cumbre::on;
use cumbre::sync::upkeep;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::{Value, json};
use shared::programme::Collection;
use shared::sync::{ExchangeResponse, MutationResult, Position, ResetReason, ScopeEntry};

use crate::harness::Site;

const DAY_MS: i64 = 86_400_000;

async fn run_upkeep(site: &Site, days: i64) {
    site.clock.advance_ms(days * DAY_MS);
    upkeep::run_due(site.node.app(), site.clock.now()).await.unwrap();
}

async fn patch(site: &Site, name: &'static str, fields: Value) {
    site.week.patch(site.node.app(), (Collection::Sessions, name), fields).await;
}

async fn hide(site: &Site, name: &'static str) {
    let hidden = json!({ "policy": "by_invitation", "visibility": "hidden", "audiences": [site.week.id("advisers")] });
    patch(site, name, json!({ "admission": hidden })).await;
}

/// The position in `public` of a phone that is up to date.
async fn public_position(site: &Site) -> Position {
    let mut bruno = site.device("bruno").await;
    bruno.sync().await;
    bruno.replica.find_position("public").unwrap().unwrap()
}

/// What a phone that stood at `position` in `public` is answered there; none where it is up to date.
async fn answer_at(site: &Site, position: &Position) -> Option<ScopeEntry> {
    let actor = site.sign_in("bruno").await;
    let body = json!({ "device": actor.device(), "schema": 1, "holds": { "public": position } });
    let path = format!("/v1/events/{}/sync", site.week.slug);
    let answer: ExchangeResponse = actor.post(&path, &body).await.expect(200).read();
    answer.scopes.into_iter().find(|entry| entry.scope == "public")
}

async fn stored_commits(site: &Site) -> (Vec<i64>, Vec<i64>) {
    let event = site.week.event.to_string();
    let read = site.node.app().readers.read(move |connection| {
        Ok(on!(connection, |c| {
            let kept = commits::table.filter(commits::event_id.eq(&event)).order(commits::seq);
            let heads = scope_heads::table.filter(scope_heads::event_id.eq(&event)).order(scope_heads::seq);
            let heads = heads.select(scope_heads::seq).distinct();
            diesel::QueryResult::Ok((kept.select(commits::seq).load(c)?, heads.load(c)?))
        })?)
    });
    read.await.unwrap()
}

on_both! {
    async fn old_commits_are_forgotten_but_for_the_heads_of_scopes(site) {
        patch(site, "visit", json!({ "expected_people": 40 })).await;
        run_upkeep(site, 399).await;
        let (kept, heads) = stored_commits(site).await;
        assert!(kept.len() > heads.len(), "{kept:?} {heads:?}");
        assert_eq!(kept, (1..=*kept.last().unwrap()).collect::<Vec<_>>());
        run_upkeep(site, 2).await;
        assert_eq!(stored_commits(site).await, (heads.clone(), heads), "the event's own head is a scope's too");
    }

    async fn answers_to_edits_are_kept_for_their_days_and_then_forgotten(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        ana.star(site.week.attendee("ana"), site.week.id("visit"), true);
        let (_, outgoing) = ana.prepare();
        ana.transmit(&outgoing).await.unwrap().expect(200);
        let again: ExchangeResponse = ana.transmit(&outgoing).await.unwrap().expect(200).read();
        assert!(matches!(again.results[0].result, MutationResult::Duplicate { .. }));
        let count = async || {
            let read = site.node.app().readers.read(|connection| {
                Ok(on!(connection, |c| mutation_results::table.count().get_result::<i64>(c))?)
            });
            read.await.unwrap()
        };
        run_upkeep(site, 399).await;
        assert_eq!(count().await, 1);
        run_upkeep(site, 2).await;
        assert_eq!(count().await, 0);
    }

    async fn a_tombstone_stays_until_the_event_is_long_over_and_then_costs_a_reset(site) {
        let before = public_position(site).await;
        hide(site, "visit").await;
        let after = public_position(site).await;
        run_upkeep(site, 80).await;
        let entry = answer_at(site, &before).await.unwrap();
        assert_eq!((entry.reset, entry.changes.iter().filter(|change| change.value.is_none()).count()), (None, 1));
        run_upkeep(site, 20).await;
        assert_eq!(answer_at(site, &before).await.unwrap().reset, Some(ResetReason::Compacted));
        assert_eq!(answer_at(site, &after).await.map(|entry| entry.reset), None, "who has seen it go is up to date");
    }

    async fn a_tombstone_made_after_the_event_is_kept_as_long_as_any(site) {
        run_upkeep(site, 200).await;
        let before = public_position(site).await;
        hide(site, "visit").await;
        run_upkeep(site, 89).await;
        assert_eq!(answer_at(site, &before).await.unwrap().reset, None);
        run_upkeep(site, 2).await;
        assert_eq!(answer_at(site, &before).await.unwrap().reset, Some(ResetReason::Compacted));
    }
}

#[tokio::test]
async fn a_phone_whose_position_is_forgotten_is_reset_and_one_at_the_head_is_not() {
    let site = Site::on_sqlite().await;
    patch(&site, "visit", json!({ "expected_people": 40 })).await;
    let old = public_position(&site).await;
    patch(&site, "visit", json!({ "expected_people": 41 })).await;
    let head = public_position(&site).await;
    run_upkeep(&site, 401).await;
    let site = site.restart().await;
    assert_eq!(answer_at(&site, &old).await.unwrap().reset, Some(ResetReason::Unknown));
    assert_eq!(answer_at(&site, &head).await.map(|entry| entry.reset), None);
    site.close().await;
}
